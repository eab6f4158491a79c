"""The digits put aside for one last look (that nobody else has them: tests/datasets)."""

import torch

from benchmarks.digits import sealed


def test_they_are_fifty_of_each_as_a_net_takes_them():
    x, y = sealed()
    assert x.shape == (500, 1, 28, 28) and x.dtype == torch.float32
    assert x.min() == 0 and x.max() == 1
    assert y.dtype == torch.int64 and y.bincount().tolist() == [50] * 10
