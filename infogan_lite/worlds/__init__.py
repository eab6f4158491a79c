"""Rendered data sets whose factors are known: what made each picture."""
