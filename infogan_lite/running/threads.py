"""How many processors there are for this process, and how its threads wait for each other."""

import os

from joblib import cpu_count

MOST_THREADS = 1024  # more than any machine here has; of 100,000 the process dies


def be_a_good_neighbor() -> None:
    """Before torch is loaded: threads that wait hardly spin, so others can have the processor.

    A machine that is shared, or a container with a part of a processor, is many times slower if
    they do.  A thousand turns, some microseconds, spare an idle machine most of its waking up;
    only GNU's OpenMP knows of them.  The environment wins.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")


def fit_threads() -> None:
    """No more threads of torch than processors that this process may use.

    Torch counts the machine's; a container's quota or an affinity may leave fewer.  It acts once,
    when the package is imported, so ``torch.set_num_threads`` and ``OMP_NUM_THREADS`` win.
    (joblib, which counts them, sets ``KMP_INIT_AT_FORK`` to FALSE when it is loaded.)
    """
    import torch

    if "OMP_NUM_THREADS" not in os.environ and torch.get_num_threads() > cpu_count():
        torch.set_num_threads(cpu_count())
