"""Along a row one factor moves, and everything else stands still."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infogan_lite import LatentCode, traverse, traverse_noise, vary

pytestmark = pytest.mark.sensitive

CODE = LatentCode((3, 4), 2, 1)


@pytest.fixture
def asked(model, monkeypatch) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """The (z, c) that reach the generator."""
    calls, generate = [], model.generate

    def spy(z, c):
        calls.append((z, c))
        return generate(z, c)

    monkeypatch.setattr(model, "generate", spy)
    return calls


def grid(asked, rows: int, columns: int) -> tuple[torch.Tensor, torch.Tensor]:
    ((z, c),) = asked
    return z.reshape(rows, columns, -1), c.reshape(rows, columns, -1)


@given(st.sampled_from(CODE.names), st.data())
def test_vary_changes_one_factor_and_nothing_else(name, data):
    categorical = name in CODE.categorical_names
    value = st.integers(0, 2) if categorical else st.floats(-2, 2, width=32)
    values = data.draw(st.lists(value, min_size=1, max_size=5))
    c = CODE.sample(4, torch.Generator().manual_seed(data.draw(st.integers(0, 99))))
    before = c.clone()
    varied = vary(CODE, c, name, values)
    assert varied.shape == (4, len(values), CODE.dim)
    for row in range(4):
        for column, value in enumerate(values):
            for other in CODE.names:
                part = varied[row, column, CODE.slices[other]]
                if other != name:
                    assert torch.equal(part, c[row, CODE.slices[other]])
                elif categorical:
                    assert part.tolist() == [float(i == value) for i in range(len(part))]
                elif name in CODE.circular_names:
                    assert part.tolist() == pytest.approx([math.cos(value), math.sin(value)])
                else:
                    assert part.tolist() == [value]
    assert torch.equal(c, before)


@pytest.mark.parametrize("name", ["c1", "c2", "c3"])
def test_z_and_the_other_codes_are_fixed_along_a_row_and_differ_between_rows(model, asked, name):
    columns = 3 if name == "c1" else 11
    pictures = traverse(model, name, rows=6)
    z, c = grid(asked, 6, columns)
    others = [i for i in range(5) if i not in range(5)[model.code.slices[name]]]
    assert (z == z[:, :1]).all() and (c[..., others] == c[:, :1][..., others]).all()
    assert len(z[:, 0].unique(dim=0)) == len(c[:, 0][:, others].unique(dim=0)) == 6
    assert pictures.shape == (6, columns, 1, 8, 8)


def test_by_default_all_categories_or_eleven_numbers_from_minus_2_to_2(model, asked):
    traverse(model, "c1", rows=2)
    assert torch.equal(grid(asked, 2, 3)[1][..., :3], torch.eye(3).expand(2, 3, 3))
    asked.clear()
    traverse(model, "c3", rows=2)
    expected = torch.tensor([-2, -1.6, -1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2, 1.6, 2])
    torch.testing.assert_close(grid(asked, 2, 11)[1][..., 4], expected.expand(2, 11))


def test_the_picture_at_a_place_is_that_of_its_z_and_c(model, asked):
    pictures = traverse(model, "c2", values=[-1.0, 0.0, 1.0], rows=4)
    z, c = grid(asked, 4, 3)
    for row in range(4):
        for column in range(3):
            alone = model.generate(z[row, column][None], c[row, column][None])[0]
            torch.testing.assert_close(pictures[row, column], alone)
    assert (pictures[:, 0] - pictures[:, 2]).abs().max() > 0.01  # c2 matters


@pytest.mark.parametrize("bend", [True, False])
def test_a_circular_factor_goes_all_the_way_round_and_closes(tiny, alive, bend):
    model = alive(replace(tiny, code=LatentCode((3,), 1, 1), bend=bend))
    pictures = traverse(model, "c3", rows=5)
    assert pictures.shape == (5, 11, 1, 8, 8)
    torch.testing.assert_close(pictures[:, 0], pictures[:, -1], atol=1e-5, rtol=0)
    assert (pictures[:, 0] - pictures[:, 5]).abs().max() > 0.01  # half a turn away
    half = traverse(model, "c3", [0.0, 2 * math.pi, math.pi], rows=5)
    torch.testing.assert_close(half[:, 0], half[:, 1], atol=1e-5, rtol=0)
    torch.testing.assert_close(half[:, 2], pictures[:, 0], atol=1e-5, rtol=0)


def test_the_rows_can_start_from_given_codes(model, asked):
    c = model.code.sample(3)
    pictures = traverse(model, "c2", values=[0.5], c=c, rows=7)
    assert pictures.shape[:2] == (3, 1)
    given_back = grid(asked, 3, 1)[1][:, 0]
    assert torch.equal(given_back[:, [0, 1, 2, 4]], c[:, [0, 1, 2, 4]])
    assert (given_back[:, 3] == 0.5).all()


@pytest.mark.parametrize(
    "draw",
    [
        lambda model, seed: traverse(model, "c1", rows=3, seed=seed),
        lambda model, seed: traverse_noise(model, 0, [-1, 1], rows=3, seed=seed),
    ],
    ids=["code", "noise"],
)
def test_a_traversal_depends_on_its_seed_alone_and_leaves_the_mode(model, draw):
    before = torch.get_rng_state()
    model.train()
    first = draw(model, 5)
    assert model.training
    model.eval()
    assert torch.equal(draw(model, 5), first)
    assert not model.training
    assert not torch.equal(draw(model, 6), first)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("dimension", [0, 3])
def test_one_number_of_the_noise_varies_and_c_stands_still(model, asked, dimension):
    values = [-2.0, 0.0, 2.0, 4.0]
    pictures = traverse_noise(model, dimension, values, rows=5)
    z, c = grid(asked, 5, 4)
    others = [i for i in range(4) if i != dimension]
    assert torch.equal(z[..., dimension], torch.tensor(values).expand(5, 4))
    assert (z[..., others] == z[:, :1][..., others]).all()
    assert (c == c[:, :1]).all()
    assert len(z[:, 0][:, others].unique(dim=0)) == 5
    assert pictures.shape == (5, 4, 1, 8, 8)


@pytest.mark.parametrize("values", [[3], [-1], [0, 1, 2, 3], [0.5], [0.0, 1.0]])
def test_a_category_that_does_not_exist_is_refused(model, values):
    what = "integers .n,., 0 to 2" if isinstance(values[0], float) else "the categories 0 to 2"
    with pytest.raises(ValueError, match=f"c1 takes {what}, got"):
        traverse(model, "c1", values=values)


@pytest.mark.parametrize("name", ["c4", "z", ""])
def test_an_unknown_factor_is_refused(model, name):
    with pytest.raises(ValueError, match=f"no factor '{name}'; it has: c1, c2, c3"):
        traverse(model, name)


def test_a_dimension_that_the_noise_does_not_have_is_refused(model):
    with pytest.raises(ValueError, match="dimension must be a whole number from 0 to 3, got 4"):
        traverse_noise(model, 4, [0.0])


@pytest.mark.parametrize("rows", [0, -1])
def test_less_than_one_row_is_refused(model, rows):
    with pytest.raises(ValueError, match=f"rows must be a whole number from 1 on, got {rows}"):
        traverse(model, "c1", rows=rows)


def test_no_values_are_refused(model):
    with pytest.raises(ValueError, match="at least one value for c2"):
        traverse(model, "c2", values=[])
    with pytest.raises(ValueError, match="at least one value for the noise, got none"):
        traverse_noise(model, 0, [])
