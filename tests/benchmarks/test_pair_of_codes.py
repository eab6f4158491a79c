"""What is read from rows of digits, on stand-ins whose every effect is known."""

import pytest
import torch

from benchmarks.pair_of_codes import no_mere_stretch, noise_row, pair_row, read_alike, stretched
from benchmarks.separation import within
from infogan_lite import LatentCode, Settings, load, measure


class Oval(torch.nn.Module):
    """A ring: numbers of z and codes lean it, widen it, or thicken its line."""

    def __init__(self, lean=(), widen=(), thicken=(), uniform=2, z_dim=1):
        super().__init__()
        self.settings = Settings(code=LatentCode((), uniform), z_dim=z_dim)
        self.code, self.parts = self.settings.code, (lean, widen, thicken)

    def generate(self, z, c):
        inputs = torch.cat([z, c], 1)
        lean, widen, thicken = (
            sum((inputs[:, i] for i in part), torch.zeros(len(z)))[:, None, None]
            for part in self.parts
        )
        y, x = torch.meshgrid(*[torch.linspace(-1, 1, 28)] * 2, indexing="ij")
        x = (x + 0.3 * lean * y) / (0.45 * (0.2 * widen).exp())
        ring = ((x**2 + (y / 0.6) ** 2).sqrt() - 1).abs()
        return torch.sigmoid(20 * (0.3 * (0.2 * thicken).exp() - ring))[:, None]


class Reads(torch.nn.Module):
    """Reads a picture as 1 if it is wider than a limit, in pixels, as 0 otherwise."""

    def __init__(self, limit):
        super().__init__()
        self.limit = limit

    def forward(self, images):
        wide = (measure(images).width > self.limit).long()
        return torch.eye(10)[wide]


@pytest.fixture(scope="module")
def data():
    return load("digits")


def test_numbers_of_z_are_counted_for_what_they_move(data):
    model = Oval(lean=(0, 2), widen=(1, 2), z_dim=4)
    assert noise_row(model, data, 5) == {"z slant": 2, "z width": 2, "z both": 1}


def test_the_pair_is_found_and_its_effects_are_those_of_a_ruler(data):
    model = Oval(lean=(2,), widen=(1,))  # c2 leans, c1 widens; z does nothing
    row = pair_row(model, data, Reads(0.0))
    assert (row["slant code"], row["width code"]) == ("c2", "c1")
    assert row["slant order"] == row["width order"] == pytest.approx(1.0)
    z, units = torch.zeros(2, 1), within(data.x_train, data.y_train)
    ends = measure(model.generate(z, torch.tensor([[0.0, -1.0], [0.0, 1.0]]))).slant
    moved = (ends[1] - ends[0]).abs().item() / units["slant"]
    assert row["slant moved"] == pytest.approx(moved, rel=0.05)
    assert row["separate"] == 1.0 and row["crossed"] < 0.1
    assert row["slant same"] == row["width same far"] == 1.0


def test_rows_that_are_read_as_two_digits_are_told(data):
    model = Oval(widen=(1,))
    z, c = torch.zeros(3, 1), torch.tensor([[-1.0, 0], [0, 0], [1.0, 0]])
    narrow, middle, wide = measure(model.generate(z, c)).width.tolist()
    rows = model.generate(z, c).view(1, 3, 1, 28, 28).repeat(2, 1, 1, 1, 1)
    rows[1] = rows[1, 1]  # nothing changes along the second
    assert read_alike(rows, Reads((middle + wide) / 2)) == 0.5
    assert read_alike(rows, Reads(2 * wide)) == 1.0


def test_stretched_digits_are_wider_by_the_factor(data):
    x = data.x_train[:50]
    ratio = measure(stretched(x, 1.2)).width / measure(x).width
    assert ratio.median().item() == pytest.approx(1.2, abs=0.03)


def test_a_stretch_is_told_from_a_thicker_line(data):
    assert no_mere_stretch(Oval(widen=(1,)), "c1", data.x_train, 8) < 0.1
    assert no_mere_stretch(Oval(thicken=(1,)), "c1", data.x_train, 8) > 0.2
