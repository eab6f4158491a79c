"""Data sets that are fetched by name."""
