"""Settings and presets: what is refused by name, and what is taken."""

import copy
import json
import re
from dataclasses import asdict, fields, replace

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from infogan_lite import LatentCode, Settings, preset


def test_an_unknown_preset_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="unknown preset 'large'.*lite, paper"):
        preset("large")


def test_a_change_that_is_no_setting_is_refused():
    with pytest.raises(TypeError, match="lambda_"):
        preset("lite", lambda_=1.0)


@pytest.mark.parametrize("change", [{"steps": -(10**4200)}, {"outside": "x" * 9999}])
def test_a_long_value_is_said_in_short(change):
    with pytest.raises(ValueError, match=next(iter(change))) as caught:
        preset("lite", **change)
    assert len(str(caught.value)) < 300


def test_changes_are_made_to_a_copy(monkeypatch):
    monkeypatch.delenv("INFOGAN_MAX_STEPS", raising=False)
    before = copy.deepcopy(preset("lite"))
    changed = preset("lite", lam=0.0, seed=3)
    assert changed == replace(before, lam=0.0, seed=3)
    assert preset() == preset("lite") == before


@pytest.mark.parametrize(("cap", "steps"), [("7", 7), ("100", 50), ("", 50)])
def test_the_environment_caps_the_steps(monkeypatch, cap, steps):
    monkeypatch.setenv("INFOGAN_MAX_STEPS", cap)
    assert preset("lite", steps=50).steps == steps


def test_the_paper_preset_is_without_the_recipe_of_the_lite_one():
    lite, paper = preset("lite"), preset("paper")
    assert (paper.bend, paper.augment, paper.r1, paper.decay_from) == (False, 0.0, 0.0, 1.0)
    assert lite.bend and lite.augment > 0 and lite.r1 > 0 and lite.average > 0
    assert (lite.z_dim, paper.z_dim) == (16, 62)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("z_dim", 0),
        ("channels", ()),
        ("channels", (16, 0)),
        ("hidden", 0),
        ("q_hidden", 0),
        ("sigma", 0.0),
        ("sigma", -1.0),
        ("lam", -0.1),
        ("lam", float("nan")),
        ("lam_uniform", float("inf")),
        ("lam_circular", -0.1),
        ("kappa", 0.0),
        ("kappa", float("inf")),
        ("batch_size", 1),
        ("steps", 0),
        ("lr_d", 0.0),
        ("lr_g", -1e-3),
        ("decay_from", 1.1),
        ("decay_from", -0.1),
        ("augment", -0.2),
        ("augment", 1e38),
        ("outside", "grey"),
        ("r1", -1.0),
        ("log_every", 0),
    ],
)
def test_settings_that_cannot_be_trained_with_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be .*got"):
        preset("lite", **{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("z_dim", 16.0),
        ("z_dim", True),
        ("steps", 10.5),
        ("steps", "10"),
        ("seed", -1),
        ("seed", 2**63),
        ("seed", None),
        ("bend", "no"),
        ("bend", 1),
        ("info_to_trunk", None),
        ("lam", "1"),
        ("lam", None),
        ("lam_uniform", 10**400),
        ("lr_d", 1j),
        ("sigma", "learned"),
        ("channels", 16),
        ("channels", (16.0, 32)),
        ("channels", "16"),
        ("channels", (True, 32)),
        ("channels", [16, np.True_]),
        ("channels", (torch.tensor(True),)),
        ("code", True),
        ("code", (10, True)),
        ("outside", 0),
        ("code", "10"),
        ("code", (10, 2, 3, 4)),
        ("kappa", None),
        ("code", (10.5, 2)),
    ],
)
def test_settings_of_another_kind_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"^({name} must be .*got|a code counts)"):
        preset("lite", **{name: value})


def test_settings_take_numbers_of_numpy_and_lists(images):
    plain = Settings(code=LatentCode((10,), 2), channels=(16, 32), steps=7, lam=1.0, seed=3)
    given = Settings(
        code=(10, 2), channels=[16, np.int64(32)], steps=np.int32(7), lam=1, seed=np.uint8(3)
    )
    assert given == plain and hash(given) == hash(plain)
    assert json.dumps(asdict(given)) == json.dumps(asdict(plain))
    assert Settings(code=5).code == LatentCode((5,), 2)
    assert Settings(code=(5, 0, 1)).code == LatentCode((5,), 0, 1)


@pytest.mark.parametrize("cap", ["abc", "0", "-1", "1.5", " 3"])
def test_a_cap_that_is_no_number_of_steps_is_named(monkeypatch, cap):
    monkeypatch.setenv("INFOGAN_MAX_STEPS", cap)
    with pytest.raises(ValueError, match=f"INFOGAN_MAX_STEPS must be a whole number.*'{cap}'"):
        preset("lite")


def test_a_cap_of_any_length_is_a_number(monkeypatch):
    monkeypatch.setenv("INFOGAN_MAX_STEPS", "9" * 5000)
    assert preset("lite", steps=50).steps == 50


# Any kind of value for any setting.
kinds = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers()),
    *(st.text(max_size=4), st.binary(max_size=2), st.sampled_from(["edge", "empty"]).map(np.str_)),
    *(st.sets(st.integers(1, 40)), st.dictionaries(st.integers(2, 9), st.integers(1, 3))),
    *(st.lists(st.integers(-1, 40), max_size=3), st.lists(st.floats(), max_size=2)),
    *(st.floats(0, 1).map(np.float32), st.integers(0, 99).map(np.int64)),
    *(st.booleans().map(np.bool_), st.lists(st.integers(1, 40), max_size=3).map(np.array)),
    *(st.integers(2, 9).map(torch.tensor), st.integers(0, 2).map(torch.ones)),
    st.builds(LatentCode),
)


@given(st.sampled_from([f.name for f in fields(Settings)]), kinds)
@example("code", ())
@example("lam", torch.ones(2))
@example("channels", {16, 32})
@example("sigma", 1e300)
@example("sigma", b"0.5")
def test_any_value_is_a_setting_of_its_kind_or_refused_by_name(name, value):
    usual = getattr(Settings(), name)
    try:
        settings = Settings(**{name: value})
    except ValueError as error:
        text = str(error)
        code = name == "code" and re.match("a code counts|a categorical factor|a latent code", text)
        assert text.startswith(f"{name} must be ") or code, text
        assert len(text) < 600
        return
    found = getattr(settings, name)
    assert type(found) is type(usual) or (name == "sigma" and found is None)
    again = json.loads(json.dumps(asdict(settings)))
    assert Settings(**again | {"code": LatentCode(**again["code"])}) == settings
    if isinstance(value, (int, float)) and name != "code":
        assert found == pytest.approx(value, rel=1e-15)  # a large integer may become a float
