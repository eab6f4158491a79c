"""Torch has no more threads than there are processors for the process."""

import os
import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infogan_lite.running.threads import fit_threads

CODE = "import infogan_lite, torch, os; "
CODE += "print(torch.get_num_threads(), os.environ['OMP_WAIT_POLICY'], "
CODE += "os.environ.get('GOMP_SPINCOUNT'))"


def start(**variables: str) -> list[str]:
    env = {
        k: v for k, v in os.environ.items() if not k.startswith(("OMP_", "GOMP_", "MKL_", "LOKY"))
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env=env | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_threads_follow_the_quota():
    """LOKY_MAX_CPU_COUNT stands for the quota of a container: joblib reads both."""
    assert start(LOKY_MAX_CPU_COUNT="1") == ["1", "PASSIVE", "1000"]


def test_what_is_set_outside_wins():
    quota = {"LOKY_MAX_CPU_COUNT": "1"}
    quota |= {"OMP_NUM_THREADS": "2", "OMP_WAIT_POLICY": "ACTIVE"}
    assert start(**quota) == ["2", "ACTIVE", "None"]
    assert start(GOMP_SPINCOUNT="7")[1:] == ["PASSIVE", "7"]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity here")
def test_threads_follow_the_affinity():
    one = min(os.sched_getaffinity(0))
    code = f"import os; os.sched_setaffinity(0, {{{one}}}); {CODE}"
    env = {k: v for k, v in os.environ.items() if not k.startswith("OMP_")}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.stdout.split()[0] == "1", done.stderr


@given(
    threads=st.integers(1, 64), processors=st.integers(1, 64), asked=st.none() | st.integers(1, 64)
)
def test_threads_are_no_more_than_processors_unless_asked_for(threads, processors, asked):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("OMP_NUM_THREADS", raising=False)
        if asked:
            threads = asked  # so does torch
            patch.setenv("OMP_NUM_THREADS", str(asked))
        chosen = [threads]
        patch.setattr("infogan_lite.running.threads.cpu_count", lambda: processors)
        patch.setattr(torch, "get_num_threads", lambda: threads)
        patch.setattr(torch, "set_num_threads", chosen.append)
        fit_threads()
    assert chosen[-1] == (asked or min(threads, processors))
