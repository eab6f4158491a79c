"""Codes whose meanings are built in: each moves the one number that it may, and no other."""

import pytest
import torch

from benchmarks import separation, wired
from infogan_lite import InfoGAN, preset


def test_wired_codes_lean_stretch_and_ink_and_do_nothing_else():
    settings = preset("lite", **separation.VARIANTS["wired"])
    model = InfoGAN(settings, (1, 28, 28), torch.Generator().manual_seed(0)).eval()
    model.G.bend.directions.data.normal_(0, 2)
    z, c = torch.zeros(5, settings.z_dim), torch.zeros(5, settings.code.dim)
    c[:, 0], steps = 1, torch.linspace(-1, 1, 5)
    table = []
    for place in range(3):
        moved = c.clone()
        moved[:, 10 + place] = steps
        seen = []
        keep = wired.bend

        def numbers_of(drawing, numbers, points, seen=seen, keep=keep):
            seen.append(numbers[:, :6])
            return keep(drawing, numbers, points)

        with pytest.MonkeyPatch.context() as patched, wired.wired():
            patched.setattr(wired, "bend", numbers_of)
            model.generate(z, moved)
        table.append(seen[0].std(dim=0) > 1e-6)
    places = torch.stack(table)
    assert places.nonzero().tolist() == [[0, 1], [1, 0]]  # x by y; x by x; c4 none of the map
