"""The overview: what it says of a code, and where its pictures stand."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from infogan_lite import LatentCode, Settings, load, pretrained
from tools_of_ours import ROOT, tool

make_overview = tool("make_overview")


class Stroke:
    """Stands for a model of one stroke whose ink, slant and width are these codes."""

    def __init__(self, ink: int, slant: int, width: int):
        self.code = LatentCode((10,), 3)
        self.settings = Settings(code=self.code)
        self.columns = [9 + i for i in (ink, slant, width)]

    def generate(self, z, c):
        ink, slant, width = (c[:, i, None, None] for i in self.columns)
        y, x = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
        middle, wide = 13.5 - 0.3 * slant * (y - 13.5), 2 + width + 0.1 * z[:, :1, None]
        tone = 0.6 + 0.3 * ink
        return (tone * torch.exp(-(((x - middle) / wide) ** 4)))[:, None] * (abs(y - 13.5) < 8)


@pytest.mark.parametrize(("ink", "slant", "width"), [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_each_code_is_named_by_what_it_changes(ink, slant, width):
    found = dict(make_overview.meanings(Stroke(ink, slant, width)))
    assert found[f"c{slant + 1}"] == "slant"
    assert set(found) == {"c2", "c3", "c4"} and set(found.values()) == {"slant", "width", "ink"}


def test_pictures_stand_in_a_grid_from_its_upper_left_corner():
    _, ax = plt.subplots()
    images = torch.arange(6.0).view(2, 3, 1, 1, 1).expand(2, 3, 1, 4, 4)
    make_overview.pictures(ax, images, x=1.0, y=5.0, side=0.5, gap=0.1)
    extents = [image.get_extent() for image in ax.images]
    np.testing.assert_allclose(extents[0], [1.0, 1.5, 4.5, 5.0])
    np.testing.assert_allclose(extents[5], [2.2, 2.7, 3.9, 4.4])
    assert [float(image.get_array().max()) for image in ax.images] == [0, 1, 2, 3, 4, 5]
    plt.close()


def test_every_word_of_the_korean_picture_is_korean():
    fig = make_overview.draw(pretrained(), load("digits"))
    texts = fig.axes[0].texts
    assert set(make_overview.KOREAN) <= {text.get_text() for text in texts}
    make_overview.speak_korean(fig)
    assert [t for t in texts if re.search("[A-Za-z]{2}", t.get_text())] == []
    assert (ROOT / "ko" / make_overview.NAME).exists()
    plt.close()
