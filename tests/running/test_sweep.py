"""Many runs: which ones, what is measured of each, and how the numbers are summed up."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from infogan_lite import LatentCode, train
from infogan_lite.inputs import Dataset
from infogan_lite.running.sweep import grid, score, score_names, summary, sweep, tuning_split

pytestmark = pytest.mark.sensitive


@pytest.fixture
def data(images) -> Dataset:
    labels = torch.arange(32) % 3
    return Dataset(images[:20], labels[:20], images[20:], labels[20:])


def test_a_grid_is_every_combination():
    runs = grid(["lam=0,0.5", "info_to_trunk=true,false,true"])
    assert len(runs) == 6 and runs[0] == {"lam": 0, "info_to_trunk": True}
    pairs = [(run["lam"], run["info_to_trunk"]) for run in runs]
    assert pairs == [(a, b) for a in (0, 0.5) for b in (True, False, True)]
    assert grid([]) == [{}]


@pytest.mark.parametrize("text", ["lam", "lam=", "lam=one", "=", "lam 1"])
def test_what_is_no_list_of_values_is_refused(text):
    with pytest.raises(ValueError, match="is not of the form name=value,value"):
        grid([text])


def test_a_summary_has_the_numbers_of_numpy():
    values = [0.25, 0.5, 0.125, 1.0]
    text = summary([*values, math.nan])
    spread = np.std(values, ddof=1)
    assert text.startswith(f"{np.mean(values):.3f} +- {spread:.3f}, median {np.median(values):.3f}")
    assert "from 0.125 to 1.000 (n = 4), 1 diverged" in text
    assert summary([2.0]) == "2.000, median 2.000, from 2.000 to 2.000 (n = 1)"


def test_choices_between_recipes_never_see_what_is_held_out(data):
    split = tuning_split(data)
    assert torch.equal(torch.cat([split.x_train, split.x_test]), data.x_train)
    assert torch.equal(torch.cat([split.y_train, split.y_test]), data.y_train)


def test_each_run_is_measured_as_if_it_were_alone(tiny, data):
    runs = [replace(tiny, seed=seed) for seed in (3, 4)]
    found = sweep(data, runs, threads=torch.get_num_threads())
    for settings, numbers in zip(runs, found, strict=True):
        model, _ = train(data.x_train, settings, device="cpu")
        assert numbers.pop("seconds") > 0
        assert numbers == score(model, data)
    assert found[0] != found[1]


@pytest.mark.parametrize("code", [LatentCode((3,), 2), LatentCode((), 2)])
@pytest.mark.parametrize("attributes", [0, 2])
def test_what_is_measured_is_known_before(tiny, data, code, attributes):
    if attributes:
        data = data._replace(y_train=data.y_train[:, None].repeat(1, attributes) % 2,
                             y_test=data.y_test[:, None].repeat(1, attributes) % 2)  # fmt: skip
    settings = replace(tiny, code=code, steps=1)
    model, _ = train(data.x_train, settings, device="cpu")
    assert list(score(model, data)) == score_names(settings, data)


BYTES = {
    "x": lambda x: (255 * x[:, 0]).round().to(torch.uint8).numpy(),
    "y": lambda y: y.tolist(),
}


@pytest.mark.parametrize("kinds", ["digits", "attributes", "no labels", "no categories"])
def test_whatever_evaluate_takes_is_scored(tiny, data, kinds):
    data = data._replace(
        x_train=(255 * data.x_train).round() / 255, x_test=(255 * data.x_test).round() / 255
    )
    if kinds == "attributes":
        data = data._replace(y_train=data.y_train[:, None] % 2, y_test=data.y_test[:, None] % 2)
    if kinds == "no labels":
        data = data._replace(y_train=torch.empty(20, 0), y_test=torch.empty(12, 0))
    code = LatentCode((), 2) if kinds == "no categories" else tiny.code
    model, _ = train(data.x_train, replace(tiny, code=code, steps=1), device="cpu")
    other = Dataset(*(BYTES[name[0]](part) for name, part in data._asdict().items()))
    if kinds == "no labels":
        other = other._replace(y_train=np.empty((20, 0)), y_test=np.empty((12, 0)))
    assert score(model, other) == score(model, data)


def test_pictures_of_another_shape_are_refused(model, data):
    other = data._replace(x_test=torch.zeros(12, 3, 8, 8))
    with pytest.raises(ValueError, match=r"shape \(1, 8, 8\), the data are of shape \(3, 8, 8\)"):
        score(model, other)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y_test": torch.rand(12)}, "y_test must be integers"),
        ({"y_train": torch.full((20,), -1)}, "y_train has a -1"),
        ({"x_test": torch.zeros(12, 3, 8, 8)}, r"x_test must be n pictures of shape \(1, 8, 8\)"),
        (
            {"y_test": torch.zeros(12, 2).long(), "x_test": torch.full((12, 1, 8, 8), 255.0)},
            r"x_test must lie in \[0, 1\]",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused_before_the_first_run(
    tiny, data, monkeypatch, change, message
):
    def trap(*args, **kwargs):
        raise AssertionError("a training has begun")

    monkeypatch.setattr("infogan_lite.running.sweep.train", trap)
    with pytest.raises(ValueError, match=message):
        sweep(data, [tiny], measured=data._replace(**change))
    if "x_test" in change:  # also where no labels are asked for
        with pytest.raises(ValueError, match=message):
            sweep(data._replace(**change), [replace(tiny, code=LatentCode((), 2))])


@pytest.mark.parametrize("code", [LatentCode((3,), 2), LatentCode((), 2)])
def test_data_in_other_forms_are_measured_alike(tiny, data, code):
    tiny = replace(tiny, code=code)
    other = [data.x_train[:, 0].numpy(), data.y_train.tolist(), data.x_test[:, 0], data.y_test]
    expected, found = sweep(data, [tiny]), sweep(Dataset(*other), [tiny])
    for numbers in (*expected, *found):
        numbers.pop("seconds")
    assert expected == found
