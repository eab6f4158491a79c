"""The commands of ``python -m infogan_lite``, one dataclass each: its fields are the options."""
