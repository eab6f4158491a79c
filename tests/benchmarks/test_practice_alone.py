"""Practice without a GAN: what moves, and that it finds what pictures differ in."""

import torch

from benchmarks.practice_alone import practice_alone
from infogan_lite import LatentCode, Settings
from infogan_lite.history import start

SMALL = dict(code=LatentCode((2,), 1), z_dim=2, channels=(4,), hidden=16, q_hidden=8)


def bars(n: int) -> torch.Tensor:
    """Upright and lying bars in turn, each at a place of its own: (n, 1, 8, 8)."""
    x = torch.zeros(n, 1, 8, 8)
    for i in range(n):
        x[i, 0, :, 2 + i // 2 % 4] = 1.0
    x[1::2] = x[1::2].transpose(2, 3)
    return x


def test_g_and_the_head_of_d_stand_still_and_the_trunk_and_q_move():
    settings = Settings(**SMALL, steps=3, batch_size=8)
    before, after = start(settings, (1, 8, 8)).model, practice_alone(bars(40), settings)
    for (name, w), v in zip(before.named_parameters(), after.parameters(), strict=True):
        moves = name.startswith(("D.trunk", "Q.net"))
        assert torch.equal(w, v) != moves, name


def test_q_becomes_sure_of_each_picture_and_uses_both_categories():
    settings = Settings(**SMALL, steps=200, batch_size=16, augment=0.02)
    before = start(settings, (1, 8, 8)).model.recognise(bars(64)).logits[0].softmax(1)
    after = practice_alone(bars(64), settings).recognise(bars(64)).logits[0].softmax(1)
    assert before.amax(1).mean() < 0.6 < 0.9 < after.amax(1).mean()
    assert 0.3 < after[:, 0].mean() < 0.7
