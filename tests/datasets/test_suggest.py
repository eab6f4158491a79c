"""A first guess at settings: what it sees, and that each guess can be trained with."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from infogan_lite import LatentCode, preset, train
from infogan_lite.datasets.arrays import split
from infogan_lite.datasets.suggest import suggest
from infogan_lite.inputs import Dataset
from infogan_lite.running.sizes import least_weights
from infogan_lite.worlds.catalogue import factored


def data(n=80, channels=1, side=16, ground=None, kinds=None) -> Dataset:
    """Noise, in a border of one gray if there is a ground."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(n, channels, side, side, generator=generator)
    if ground is not None:
        inner = x[:, :, 3:-3, 3:-3].clone()
        x[:] = ground
        x[:, :, 3:-3, 3:-3] = inner
    y = torch.arange(n) % kinds if kinds else torch.empty(n, 0, dtype=torch.long)
    return split(x, y)


def test_for_digits_it_is_the_preset(all_digits):
    few = Dataset(*(part[:1200] for part in all_digits))
    assert suggest(few).settings == preset("lite")


@pytest.mark.parametrize(
    ("name", "drawing"), [("shapes", True), ("chairs", True), ("streets", False)]
)
def test_an_object_on_a_plain_ground_is_told_from_a_full_picture(name, drawing):
    images = factored(name, 100, size=32).images
    settings = suggest(split(images, torch.empty(100, 0))).settings
    assert settings.bend == drawing and (settings.augment == 0.2) == drawing


@pytest.mark.parametrize(("ground", "outside"), [(0.0, "empty"), (1.0, "edge"), (0.5, "edge")])
def test_what_is_seen_beyond_the_border(ground, outside):
    found = suggest(data(ground=ground))
    assert found.settings.outside == outside and found.settings.bend
    assert ("black" in str(found)) and ("not black" in str(found)) == (outside == "edge")


@pytest.mark.parametrize(
    ("kinds", "code"), [(None, 10), (2, 2), (7, 7), (20, 20), (21, 10), (1, 10)]
)
def test_c1_has_as_many_values_as_there_are_kinds(kinds, code):
    found = suggest(data(n=100, kinds=kinds))
    assert found.settings.code == LatentCode((code,), 3)
    assert (found.settings.lam_real == 0) == (kinds == 2)
    assert ("how many kinds" in str(found)) == (kinds is None)


def test_more_kinds_than_c1_takes_are_said():
    said = " ".join(str(suggest(data(n=100, kinds=30))).split())
    assert "c1 with 10 values for groups of kinds, as 30 kinds are more than the 20" in said
    assert all("are more than" not in str(suggest(data(n=100, kinds=k))) for k in (None, 1, 20))


def test_few_pictures_are_said_to_be_few():
    assert "learn them by heart" in str(suggest(data(n=80)))
    assert "learn them by heart" not in str(suggest(data(n=1500)))


def test_what_you_know_better_wins():
    assert suggest(data(), steps=7, augment=0.0).settings == replace(
        suggest(data()).settings, steps=7, augment=0.0
    )
    with pytest.raises(ValueError, match="lam must be 0 or more, finite, got -1"):
        suggest(data(), lam=-1)


def test_what_you_know_better_is_said_in_place_of_the_guess():
    plain = data(n=100, ground=1.0)
    whole = suggest(plain)
    assert "augmentation 0.2" in str(whole) and "as you say" not in str(whole)
    words = {"augment": "augmentation", "steps": "1,500 steps", "batch_size": "in each step"}
    words |= {"outside": "beyond the border", "code": "c1 with", "channels": "channels first"}
    for name, word in words.items():
        mine = suggest(plain, **{name: getattr(whole.settings, name)})
        assert mine.settings == whole.settings
        assert [line for line in whole.reasons if line not in mine.reasons] == [
            line for line in whole.reasons if word in line
        ]
        assert mine.reasons[-1].startswith(f"as you say, {name} = ")
    assert "how many kinds" not in str(suggest(plain, code=LatentCode((4,), 3)))


def test_each_setting_that_is_not_the_usual_one_has_a_reason():
    cases = [data(), data(ground=1.0), data(channels=3), data(n=20), data(kinds=2, n=100)]
    for case in cases:
        found, usual = suggest(case), preset("lite")
        given = {k for k, v in vars(found.settings).items() if v != vars(usual)[k]}
        for name in given | {"steps", "augment", "code", "channels"}:
            mine = suggest(case, **{name: getattr(found.settings, name)})
            assert len(set(found.reasons) - set(mine.reasons)) == 1, name


@pytest.mark.parametrize(
    ("side", "times", "inner", "better"),
    [(32, None, None, None), (36, 1.3, 9, 32), (64, 4.0, None, None), (100, 9.8, 25, 96)]
    + [(124, 15.0, 31, 112), (128, 16.0, None, None)],
)
def test_large_sides_are_said_to_cost(side, times, inner, better):
    found = suggest(data(channels=3, side=side))
    said = " ".join(str(found).split())
    assert ("times as many pixels as 32 x 32" in said) == (times is not None)
    assert times is None or f"{side} x {side} is {times} times as many" in said
    assert ("multiple of 16" in said) == (inner is not None)
    assert inner is None or f"{side} is still {inner}," in said and f"size={better}," in said
    if better:  # and it is true
        other = suggest(data(channels=3, side=better)).settings
        small, large = (
            least_weights(s, (3, n, n)) for s, n in ((other, better), (found.settings, side))
        )
        assert small < large


def test_colors_get_fewer_steps_as_each_takes_longer(monkeypatch):
    monkeypatch.delenv("INFOGAN_MAX_STEPS", raising=False)
    assert suggest(data(ground=1.0)).settings.steps == preset("lite").steps
    assert suggest(data(channels=3)).settings.steps < preset("lite").steps


@examples(max_examples=20)
@given(
    st.integers(10, 90),
    st.sampled_from([1, 3]),
    st.sampled_from(range(8, 129, 4)),
    st.sampled_from([None, 0.0, 1.0]),
)
def test_every_guess_can_be_trained_with(n, channels, side, ground):
    few = data(n, channels, side, ground)
    settings = suggest(few, steps=1, channels=suggest(few).settings.channels).settings
    side_inside = side / 2 ** len(settings.channels)
    assert side_inside == int(side_inside) and 2 <= side_inside <= 9 or side_inside % 2
    assert settings.batch_size <= len(few.x_train)
    if side <= 32:
        model, history = train(few.x_train, settings, device="cpu")
        assert history.step == [1] and model.image_shape == (channels, side, side)


@pytest.mark.parametrize("shape", [(60, 1, 30, 30), (60, 1, 28, 32), (1, 1, 8, 8), (0, 1, 8, 8)])
def test_what_no_nets_can_learn_has_no_guess(shape):
    few = Dataset(torch.rand(shape), torch.empty(shape[0], 0), torch.rand(shape), torch.empty(0, 0))
    with pytest.raises(ValueError, match=f"x_train must be 2 pictures .* {shape[2]} x {shape[3]}"):
        suggest(few)


def test_pictures_alone_are_answered_with_what_to_write():
    with pytest.raises(ValueError, match=r"suggest\(load\(pictures\)\), got Tensor"):
        suggest(torch.rand(60, 1, 8, 8))


def test_labels_may_be_an_array_or_a_list():
    plain = data(n=100, kinds=5)
    for kind in (torch.Tensor.numpy, torch.Tensor.tolist):
        found = suggest(plain._replace(y_train=kind(plain.y_train)))
        assert found.settings == suggest(plain).settings
