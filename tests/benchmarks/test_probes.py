"""Linear probes, and which labels they are given."""

import numpy as np
import torch

from benchmarks import probes
from infogan_lite import load


def test_a_probe_reads_what_is_linear_and_nothing_else():
    rng = np.random.default_rng(0)
    y, y_test = np.arange(1000) % 10, np.arange(500) % 10
    h, h_test = (np.eye(10)[t] + 0.05 * rng.normal(size=(len(t), 10)) for t in (y, y_test))
    assert probes.probe_error(h, y, h_test, y_test) == 0
    shuffled = probes.probe_error(h, rng.permutation(y), h_test, rng.permutation(y_test))
    assert 0.8 < shuffled < 0.98  # chance: 0.9
    v, v_test = h @ np.arange(10), h_test @ np.arange(10)
    assert probes.probe_fit(h, v, h_test, v_test) > 0.999
    assert probes.probe_fit(h, rng.permutation(v), h_test, v_test) < 0.05


def test_labels_are_drawn_alike_from_each_class():
    y = load("digits").y_train
    order = probes.balanced_order(y, 300)
    for n in (10, 100, 1000, 3500):
        assert y[order[:n]].bincount().tolist() == [n // 10] * 10
    assert len(order.unique()) == 3500
    assert not torch.equal(order, probes.balanced_order(y, 301))
    uneven = torch.tensor([0] * 7 + [1] * 3)
    assert uneven[probes.balanced_order(uneven, 0)].bincount().tolist() == [3, 3]
