"""For all tests, those of the notebooks too: a tiny training budget and no progress bars."""

import os
from pathlib import Path

ROOT = str(Path(__file__).parent)

# More than log_every: a replay needs two moments to move between.
os.environ.setdefault("INFOGAN_MAX_STEPS", "12")
os.environ["INFOGAN_QUIET"] = "1"
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [ROOT, os.environ.get("PYTHONPATH")]))
os.environ.pop("MPLBACKEND", None)  # the kernels choose: figures inside the page
