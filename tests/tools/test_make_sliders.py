"""The moving picture of README: one code at a time, every step of it, small enough."""

import pytest
from PIL import Image

from infogan_lite import pretrained
from tools_of_ours import ROOT, tool

make_sliders = tool("make_sliders")
UNIFORM = pretrained().code.uniform


def test_each_digit_is_shown_and_then_one_code_moves_at_a_time():
    steps = make_sliders.story(UNIFORM)
    of_digits, of_codes = ([s for s in steps if (s[2] == 0) == first] for first in (True, False))
    assert sorted(digit for digit, *_ in of_digits) == list(range(10))
    assert all(not any(uniform) for _, uniform, _ in of_digits)
    for digit, uniform, moving in of_codes:
        others = [value for i, value in enumerate(uniform) if i != moving - 1]
        assert digit == of_digits[-1][0] and not any(others)
    for i in range(UNIFORM):
        reached = [uniform[i] for _, uniform, moving in of_codes if moving == i + 1]
        assert (min(reached), max(reached)) == (-1, 1)


@pytest.mark.parametrize(("folder", "readme"), [("book", "README.md"), ("ko", "README.ko.md")])
def test_the_stored_picture_has_every_step_and_readme_shows_it(folder, readme):
    path = ROOT / folder / make_sliders.NAME
    assert path.stat().st_size <= make_sliders.LIMIT
    with Image.open(path) as image:
        assert image.n_frames == len(make_sliders.story(UNIFORM))
    text = (ROOT / readme).read_text(encoding="utf8")
    assert f"]({path.relative_to(ROOT).as_posix()})" in text
