"""Memory as sizes grow."""

import pytest
import torch

from benchmarks.growth import peak_mb


@pytest.mark.unix  # which says how much memory a process took
def test_the_peak_of_memory_counts_what_was_held_for_a_while():
    before = peak_mb()
    held = torch.ones(int(2**20 * (before + 200) / 4))
    del held
    assert peak_mb() > before + 100
