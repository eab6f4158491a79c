"""Files, processes, sweeps, and the command line."""
