"""Ink, slant and width of pictures of which they are known."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from infogan_lite import measure
from without_float64 import OnMPS


def bar(shear: float, left: float = 10.0, width: float = 4.0, top: int = 6) -> torch.Tensor:
    """A bar of 16 rows that leans by `shear` pixels to the right for each pixel upwards.

    Pixels at its two edges are gray in proportion to how much of them it covers.
    """
    pixels = np.zeros((28, 28))
    edges = np.arange(28)
    for row in range(top, top + 16):
        start = left + shear * (top + 15 - row)
        covered = np.minimum(edges + 1, start + width) - np.maximum(edges, start)
        pixels[row] = np.clip(covered, 0, 1)
    return torch.tensor(pixels, dtype=torch.float32)[None, None]


def numbers(shape) -> tuple[float, float, float]:
    return tuple(value.item() for value in shape)


@pytest.mark.parametrize("shear", [-0.5, -0.25, 0, 0.1, 0.25, 0.5])
def test_the_slant_of_a_sheared_bar_is_its_shear(shear):
    ink, slant, _ = numbers(measure(bar(shear, left=12 - 7 * shear)))
    assert slant == pytest.approx(shear, abs=1e-5)
    assert ink == pytest.approx(16 * 4 / 28**2, abs=1e-6)


@pytest.mark.parametrize("shear", [-1, 0, 1])
def test_shearing_by_whole_pixels_leaves_the_width(shear):
    *_, width = numbers(measure(bar(shear, left=12 - 7 * shear)))
    assert width == pytest.approx(np.sqrt((4**2 - 1) / 12), abs=1e-5)


@pytest.mark.parametrize(("w", "h"), [(1, 9), (2, 2), (7, 3), (20, 20)])
def test_the_width_of_a_rectangle_has_a_closed_form(w, h):
    pixels = torch.zeros(1, 1, 28, 28)
    pixels[..., 3 : 3 + h, 5 : 5 + w] = 0.7
    ink, slant, width = numbers(measure(pixels))
    assert width == pytest.approx(np.sqrt((w**2 - 1) / 12), abs=1e-6)
    assert slant == pytest.approx(0, abs=1e-6)
    assert ink == pytest.approx(0.7 * w * h / 28**2, abs=1e-6)


@given(hnp.arrays(float, (6, 7), elements=st.just(0.0) | st.floats(0.05, 1)))
def test_numpy_computes_the_same_from_its_weighted_covariance(pixels):
    pixels[0, 0] = pixels[5, 6] = 1  # so that there is ink in more than one row
    y, x = np.mgrid[:6, :7]
    covariance = np.cov(x.ravel(), y.ravel(), aweights=pixels.ravel(), ddof=0)
    ink, slant, width = numbers(measure(torch.tensor(pixels)[None, None]))
    assert ink == pytest.approx(pixels.mean())
    assert slant == pytest.approx(-covariance[0, 1] / covariance[1, 1], abs=1e-6)
    # The variance of x that y does not explain: one over an entry of the precision matrix.
    explained = covariance[0, 1] ** 2 / covariance[1, 1]
    assert width**2 == pytest.approx(covariance[0, 0] - explained, abs=1e-5)


@given(st.integers(0, 8), st.integers(0, 8))
def test_moving_a_picture_changes_nothing(down, right):
    pixels = torch.zeros(2, 1, 16, 16)
    pixels[0, 0, :8, :8] = torch.rand(8, 8, generator=torch.Generator().manual_seed(3))
    pixels[1] = pixels[0].roll((down, right), (1, 2))
    for value in measure(pixels):
        assert value[0].item() == pytest.approx(value[1].item(), abs=1e-6)


def test_fainter_ink_has_the_same_slant_and_width():
    full, faint = measure(bar(0.25)), measure(0.1 * bar(0.25))
    assert faint.ink.item() == pytest.approx(0.1 * full.ink.item())
    assert numbers(faint)[1:] == pytest.approx(numbers(full)[1:], abs=1e-6)


def test_each_picture_is_measured_alone():
    pictures = torch.cat([bar(0.25), torch.zeros(1, 1, 28, 28), bar(-0.25)])
    together = torch.stack(measure(pictures))
    alone = torch.cat([torch.stack(measure(picture[None])) for picture in pictures], dim=1)
    torch.testing.assert_close(together, alone)
    assert together.shape == (3, 3) and together.dtype == torch.float32


@pytest.mark.parametrize("row", [slice(0, 0), slice(4, 5)], ids=["no ink", "one row"])
def test_a_picture_without_height_has_slant_0(row):
    pixels = torch.zeros(1, 1, 8, 8)
    pixels[..., row, 2:5] = 1
    _, slant, width = numbers(measure(pixels))
    assert slant == 0
    assert width == pytest.approx(0 if row.start == row.stop else np.sqrt(8 / 12))


@given(st.floats(1e-30, 1.0))
def test_the_faintest_ink_has_the_same_slant_and_width(strength):
    full, faint = measure(bar(0.25).double()), measure(strength * bar(0.25).double())
    assert numbers(faint)[1:] == pytest.approx(numbers(full)[1:], abs=1e-4)


@pytest.mark.parametrize(
    ("pictures", "message"),
    [
        (torch.full((2, 1, 8, 8), 200, dtype=torch.uint8), r"floats in \[0, 1\], got torch.uint8"),
        (200 * torch.ones(2, 1, 8, 8), r"must lie in \[0, 1\], got numbers from 200 to 200"),
        (-torch.ones(2, 1, 8, 8), r"must lie in \[0, 1\], got numbers from -1 to -1"),
        (torch.full((2, 1, 8, 8), torch.nan), r"must lie in \[0, 1\], got numbers from nan"),
        (torch.ones(2, 1, 0, 8), r"gray pictures \(n, 1, h, w\)"),
        ([[0.5]], "moments take a tensor .*, got list"),
    ],
)
def test_what_is_no_ink_is_refused(pictures, message):
    with pytest.raises(ValueError, match=message):
        measure(pictures)


@given(hnp.arrays(float, (1, 1, 4, 4), elements=st.just(0.0) | st.floats(0, 1.01)))
def test_only_numbers_from_0_to_1_are_ink(pixels):
    pixels = torch.from_numpy(pixels)
    if pixels.min() < 0 or pixels.max() > 1:
        with pytest.raises(ValueError, match="must lie in"):
            measure(pixels)
    else:
        assert all(torch.isfinite(value).all() for value in measure(pixels))


def test_other_floats_are_measured_too():
    assert numbers(measure(bar(0.25).half()))[1] == pytest.approx(0.25, abs=1e-3)
    assert numbers(measure(torch.from_numpy(bar(0.25).numpy())))[1] == pytest.approx(0.25, abs=1e-5)
    assert measure(torch.zeros(0, 1, 8, 8)).ink.shape == (0,)


@pytest.mark.parametrize("shape", [(28, 28), (5, 28, 28), (5, 3, 28, 28), (5, 784)])
def test_other_forms_are_refused(shape):
    with pytest.raises(ValueError, match=r"gray pictures \(n, 1, h, w\)"):
        measure(torch.rand(shape))


def test_pictures_on_a_gpu_without_numbers_of_64_bits_are_measured():
    with pytest.raises(TypeError, match="no numbers of 64 bits"):
        bar(0.25).as_subclass(OnMPS).double()
    for found, wanted in zip(
        measure(bar(0.25).as_subclass(OnMPS)), measure(bar(0.25)), strict=True
    ):
        assert torch.equal(found, wanted)


def test_measurements_are_where_the_pictures_are():
    """Nothing is computed on "meta", but a test without a GPU has no other device."""
    seen = []

    class Elsewhere(OnMPS):
        @property
        def device(self):
            seen.append("asked")
            return torch.device("meta")

    assert measure(bar(0.25).as_subclass(Elsewhere)).slant.device.type == "meta" and seen
