"""Results of long experiments, stored for the book."""
