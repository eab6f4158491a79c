"""The latent code: its layout, its distribution, its entropy."""

import cmath
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from infogan_lite import LatentCode, sample_noise

counts = st.integers(0, 3)
codes = st.builds(
    LatentCode, st.lists(st.integers(2, 12), min_size=1, max_size=4), st.integers(0, 4), counts
) | st.builds(LatentCode, st.just(()), st.integers(1, 4), counts)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_default_code_is_that_of_the_paper():
    code = LatentCode()
    assert code.names == ("c1", "c2", "c3")
    assert code.categorical_names == ("c1",) and code.uniform_names == ("c2", "c3")
    assert code.dim == 12
    assert code.slices == {"c1": slice(0, 10), "c2": slice(10, 11), "c3": slice(11, 12)}


def test_circular_factors_come_last_two_numbers_each():
    code = LatentCode((3,), 1, 2)
    assert (code.categorical_names, code.uniform_names) == (("c1",), ("c2",))
    assert code.circular_names == ("c3", "c4") and code.dim == 3 + 1 + 2 * 2
    assert code.slices["c2"] == code.uniform_columns == slice(3, 4)
    assert code.slices["c3"] == slice(4, 6) and code.slices["c4"] == slice(6, 8)
    assert LatentCode((), 0, 1).names == LatentCode((), 0, 1).circular_names == ("c1",)


def test_a_list_will_do_and_a_code_can_be_a_key():
    assert LatentCode([3, 4], 1) == LatentCode((3, 4), 1)
    assert {LatentCode([3, 4], 1): "found"}[LatentCode((3, 4), 1)] == "found"


@given(codes)
def test_the_slices_cover_a_row_once_and_in_order(code):
    columns = [i for name in code.names for i in range(code.dim)[code.slices[name]]]
    assert columns == list(range(code.dim))
    assert code.categorical_names + code.uniform_names + code.circular_names == code.names
    columns = [range(code.dim)[code.slices[name]] for name in code.uniform_names]
    assert [i for i in range(code.dim)[code.uniform_columns]] == [i for (i,) in columns]


@given(codes, st.integers(1, 20), st.integers(0, 2**32))
def test_a_sample_is_one_hot_blocks_and_numbers_from_minus_1_to_1(code, n, seed):
    c = code.sample(n, seeded(seed))
    assert c.shape == (n, code.dim) and c.dtype == torch.float32
    for name, k in zip(code.categorical_names, code.categorical, strict=True):
        block = c[:, code.slices[name]]
        assert block.shape == (n, k)
        assert set(block.unique().tolist()) <= {0.0, 1.0}
        assert (block.sum(1) == 1).all()
    assert (c[:, code.uniform_columns].abs() <= 1).all()
    for name in code.circular_names:
        assert torch.allclose(c[:, code.slices[name]].norm(dim=1), torch.ones(n))


@given(codes, st.data())
def test_category_reads_what_encode_wrote(code, data):
    index = [torch.tensor([data.draw(st.integers(0, k - 1))]) for k in code.categorical]
    numbers = st.lists(st.floats(-1, 1, width=32), min_size=code.uniform, max_size=code.uniform)
    values = torch.tensor(data.draw(numbers)).reshape(1, code.uniform)
    angle = st.floats(-10, 10, width=32)
    angles = data.draw(st.lists(angle, min_size=code.circular, max_size=code.circular))
    c = code.encode(index, values, torch.tensor(angles).reshape(1, code.circular))
    for name, i in zip(code.categorical_names, index, strict=True):
        assert code.category(c, name) == i
    assert torch.equal(c[:, code.uniform_columns], values)
    for name, angle in zip(code.circular_names, angles, strict=True):
        found = complex(*c[0, code.slices[name]].tolist())
        assert found == pytest.approx(cmath.exp(1j * angle), abs=1e-6)


def test_the_factors_have_the_right_distribution():
    code = LatentCode((4, 3), 2)
    c = code.sample(6000, seeded())
    for name, k in (("c1", 4), ("c2", 3)):
        counts = torch.bincount(code.category(c, name), minlength=k).numpy()
        assert stats.chisquare(counts).pvalue > 0.01
    for name in ("c3", "c4"):
        value = c[:, code.slices[name]].squeeze(1).numpy()
        assert stats.kstest(value, stats.uniform(-1, 2).cdf).pvalue > 0.01


def test_the_factors_are_independent():
    code = LatentCode((4, 3), 2)
    c = code.sample(6000, seeded())
    table = torch.zeros(4, 3)
    table.index_put_((code.category(c, "c1"), code.category(c, "c2")), torch.tensor(1.0), True)
    assert stats.chi2_contingency(table.numpy()).pvalue > 0.01
    assert stats.pearsonr(c[:, -1].numpy(), c[:, -2].numpy()).pvalue > 0.01
    by_category = [c[code.category(c, "c1") == i, -1].numpy() for i in range(4)]
    assert stats.f_oneway(*by_category).pvalue > 0.01


def test_noise_is_standard_normal():
    z = sample_noise(2000, 3, seeded())
    assert z.shape == (2000, 3)
    assert stats.kstest(z.flatten().numpy(), "norm").pvalue > 0.01


@pytest.mark.parametrize(
    "draw", [lambda g: LatentCode().sample(5, g), lambda g: sample_noise(5, 3, g)]
)
def test_a_draw_depends_on_its_generator_alone(draw):
    before = torch.get_rng_state()
    assert torch.equal(draw(seeded(1)), draw(seeded(1)))
    assert not torch.equal(draw(seeded(1)), draw(seeded(2)))
    assert torch.equal(torch.get_rng_state(), before)


@given(codes)
def test_entropy_is_that_of_scipy(code):
    categorical = [stats.entropy([1 / k] * k) for k in code.categorical]
    uniform = [stats.uniform(-1, 2).entropy()] * code.uniform
    circular = [stats.uniform(-np.pi, 2 * np.pi).entropy()] * code.circular
    assert list(code.entropy()) == list(code.names)
    expected = categorical + uniform + circular
    assert list(code.entropy().values()) == pytest.approx(expected, abs=1e-12)


def test_the_entropy_of_ten_categories():
    assert LatentCode().entropy() == pytest.approx({"c1": 2.302585, "c2": 0.693147, "c3": 0.693147})
    assert LatentCode().entropy()["c1"] == math.log(10)


@pytest.mark.parametrize(
    ("categorical", "uniform", "message"),
    [
        ((), 0, r"1 to 9999 factors, .*got \(0, 0, 0\)"),
        ((1,), 2, "at least 2 values"),
        ((10, 0), 0, "at least 2 values"),
        ((10,), -1, r"no form less than 0: got \(1, -1, 0\)"),
        ((10,), 10**9, r"1 to 9999 factors"),  # before any name is made up
    ],
)
def test_a_code_that_says_nothing_is_refused(categorical, uniform, message):
    with pytest.raises(ValueError, match=message):
        LatentCode(categorical, uniform)


@pytest.mark.parametrize(
    ("circular", "message"), [(-1, r"less than 0: got \(1, 2, -1\)"), (1.0, "whole")]
)
def test_circular_factors_are_counted_in_whole_numbers_from_0_on(circular, message):
    with pytest.raises(ValueError, match=message):
        LatentCode((3,), 2, circular)


def test_angles_are_uniform_on_the_circle_and_independent():
    code = LatentCode((3,), 1, 2)
    c = code.sample(6000, seeded()).numpy()
    first, second = (np.arctan2(c[:, i + 1], c[:, i]) for i in (4, 6))
    for angle in (first, second):
        assert stats.kstest(angle, stats.uniform(-np.pi, 2 * np.pi).cdf).pvalue > 0.01
    for one, other in ((first, second), (first, c[:, 3]), (second, c[:, 3])):
        table = np.histogram2d(one, other, bins=6)[0]
        assert stats.chi2_contingency(table).pvalue > 0.01


def test_without_circular_factors_no_random_number_goes_to_them():
    generator, code = seeded(5), LatentCode((3,), 2)
    c = code.sample(7, generator)
    again = seeded(5)
    index, values = torch.randint(3, (7,), generator=again), torch.rand(7, 2, generator=again)
    assert torch.equal(c, code.encode([index], 2 * values - 1))
    assert torch.equal(generator.get_state(), again.get_state())


@pytest.mark.parametrize("angles", [None, torch.zeros(3, 2), torch.zeros(3)])
def test_angles_of_another_shape_are_refused(angles):
    with pytest.raises(ValueError, match=r"angles must have the shape \(n, 1\), got \(3"):
        LatentCode((2,), 1, 1).encode([torch.zeros(3).long()], torch.zeros(3, 1), angles)


def test_parts_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match="parts of a code must be of as many rows"):
        LatentCode((), 1, 1).encode([], torch.zeros(3, 1), torch.zeros(2, 1))


@pytest.mark.parametrize("pair", [(0.0, 0.0), (0.5, 0.5), (1.0, 0.5), (0.0, float("nan"))])
def test_a_pair_that_is_no_angle_is_refused(pair):
    code = LatentCode((2,), 1, 1)
    c = code.sample(4, seeded())
    assert torch.equal(code.rows(c), c) and code.category(c).shape == (4,)
    c[2, 3:] = torch.tensor(pair)
    for read in (code.rows, code.category):
        with pytest.raises(ValueError, match="the cosine and sine of each angle, as encode makes"):
            read(c)


@pytest.mark.parametrize("name", ["c2", "c9", "digit"])
def test_only_a_categorical_factor_has_a_category(name):
    code = LatentCode((10,), 1)
    with pytest.raises(ValueError, match=f"{name} is not a categorical factor.*c1"):
        code.category(code.sample(2), name)


@pytest.mark.parametrize("categorical", ["", "10", {}, {5: 1, 3: 2}, {10}, b"", True, [5, True]])
def test_what_has_no_order_or_is_no_number_is_no_code(categorical):
    with pytest.raises(ValueError, match="counts values and factors in whole numbers"):
        LatentCode(categorical)


@pytest.mark.parametrize("seed", [0, 3, "0", np.random.default_rng(0)])
def test_a_seed_is_no_generator(seed):
    for draw in (lambda: LatentCode().sample(2, seed), lambda: sample_noise(2, 3, seed)):
        with pytest.raises(ValueError, match=r"^generator must be a torch.Generator, got "):
            draw()


@pytest.mark.parametrize("part", [[0.4, 0.6], [0.0, 2.0], [1.0, 1.0], [0.0, 0.0], [math.nan, 1.0]])
def test_a_category_is_read_from_one_hot_rows_alone(part):
    code = LatentCode((2,), 1)
    rows = torch.tensor([[0.0, 1.0, 0.3]] * 99 + [[*part, 0.3]])
    with pytest.raises(ValueError, match="c1 must be one-hot in each row, got ") as caught:
        code.category(rows)
    assert str(caught.value).endswith(str(rows[-1, :2].tolist()))  # the row that is not
