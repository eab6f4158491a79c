"""What is measured on codes and pictures, without nets."""
