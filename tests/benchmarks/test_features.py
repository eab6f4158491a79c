"""The net that judges which digits can be read: how it is trained, and what is stored."""

import pytest
import torch

from benchmarks import features
from benchmarks.options import Options
from infogan_lite import load


@pytest.mark.sensitive
def test_a_quick_training_is_stored_and_reads_most_digits(tmp_path, capsys):
    features.run(Options(quick=True, folder=tmp_path))
    net, data = features.load(tmp_path / "features.safetensors"), load("digits")
    right = (net(data.x_test).argmax(1) == data.y_test).float().mean().item()
    assert right > 0.5  # 0.87 was seen; chance is 0.1
    assert f"{right:.1%} of the held-out digits read rightly" in capsys.readouterr().out


def test_a_training_follows_its_seed_and_leaves_the_random_state():
    x, y = torch.rand(70, 1, 28, 28), torch.arange(70) % 10
    before = torch.get_rng_state()
    first, again, other = (features.trained(x, y, 1, seed).head.weight for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_features_come_before_the_logits_and_nothing_is_to_be_trained():
    net, x = features.load(), torch.rand(3, 1, 28, 28)
    assert net.trunk(x).shape == (3, 64) and (net.trunk(x) >= 0).all()
    assert torch.equal(net.head(net.trunk(x)), net(x)) and net(x).shape == (3, 10)
    assert not net.training and not any(p.requires_grad for p in net.parameters())
