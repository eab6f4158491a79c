"""Data sets that are fetched by name, and pictures of your own."""
