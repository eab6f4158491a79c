"""Figures in matplotlib."""
