"""Sliders that need no kernel."""
