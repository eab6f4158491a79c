"""Every kind of value at every door: the answer to the plain one, or a sentence that names it."""

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infogan_lite import (
    InfoGAN,
    LatentCode,
    LivePlot,
    Settings,
    lower_bound,
    pick_device,
    sample_noise,
    show_table,
    traverse,
    traverse_noise,
    vary,
)
from infogan_lite.classifier import categories, fit_mapping, integers, reader
from infogan_lite.datasets.arrays import from_array
from infogan_lite.inputs import as_images, as_tensor, one_hot, rows_of, whole
from infogan_lite.measures.agreement import agreement
from infogan_lite.measures.channels import entropy, joint, mutual_information, posterior
from infogan_lite.measures.dci import dci
from infogan_lite.measures.matching import match_codes
from infogan_lite.measures.mig import mig
from infogan_lite.measures.modularity import modularity
from infogan_lite.measures.sap import sap
from infogan_lite.running.save_every import SaveEvery
from infogan_lite.running.sweep import sweep
from infogan_lite.widgets.explorer import explore

RNG = np.random.default_rng(0)
CODE = LatentCode((3,), 2)
MODEL = InfoGAN(
    Settings(code=CODE, z_dim=4, channels=(4, 8), hidden=12, q_hidden=8),
    (1, 8, 8),
    torch.Generator().manual_seed(0),
).eval()
X = RNG.random((60, 1, 8, 8), dtype=np.float32)
Z, C = RNG.random((5, 4), dtype=np.float32), CODE.sample(5).numpy()
TABLE, OTHER = RNG.normal(size=(40, 2)), RNG.normal(size=(40, 2))
LABELS = np.arange(60) % 3
P = np.array([[0.1, 0.2], [0.3, 0.4]])
Q = MODEL.recognise(X[:5])

# --- Arrays ---------------------------------------------------------------------------

# For each door the word that its errors say, what it does, and a plain array for it.
DOORS = {
    "generate z": ("z", lambda v: MODEL.generate(v, C), Z),
    "generate c": ("c", lambda v: MODEL.generate(Z, v), C),
    "recognise": ("images", lambda v: MODEL.recognise(v).mean, X),
    "encode": ("values", lambda v: CODE.encode([[0, 1, 2, 0, 1]], v), Z[:, :2]),
    "encode c1": ("c1", lambda v: CODE.encode([v], Z[:, :2]), LABELS[:5]),
    "category": ("c", lambda v: CODE.category(v), C),
    "vary": ("c", lambda v: vary(CODE, v, "c2", [0.5]), C),
    "traverse from": ("c", lambda v: traverse(MODEL, "c2", c=v), C),
    "traverse": ("values", lambda v: traverse(MODEL, "c2", v, rows=1), Z[0]),
    "traverse c1": ("values", lambda v: traverse(MODEL, "c1", v, rows=1), LABELS[:4]),
    "traverse_noise": ("values", lambda v: traverse_noise(MODEL, 1, v, rows=1), Z[0]),
    "lower_bound": ("c", lambda v: lower_bound(CODE, v, Q)["c2"], C),
    "categories": ("images", lambda v: categories(MODEL, v, 7), X),
    "reader": ("images", lambda v: reader(MODEL, v).Q.net[1].running_mean, X),
    "fit_mapping": ("labels", lambda v: fit_mapping(LABELS, v, 3), LABELS),
    "from_array": ("images", lambda v: from_array(v).x_train, X),
    "from_array labels": ("labels", lambda v: from_array(X, v).y_train, LABELS),
    "explore": ("z", lambda v: explore(MODEL, z=v).z, Z),
    "entropy": ("p", entropy, P[0] / P[0].sum()),
    "joint": ("prior", lambda v: joint(v, P / P.sum(1, keepdims=True)), P.sum(1)),
    "mutual_information": ("joint table", mutual_information, P),
    "posterior": ("joint table", posterior, P),
    "mig": ("codes", lambda v: mig(v, OTHER), TABLE),
    "sap": ("factors", lambda v: sap(OTHER, v), TABLE),
    "dci": ("codes", lambda v: dci(v, OTHER, trees=2)[:3], TABLE),
    "modularity": ("factors", lambda v: modularity(OTHER, v), TABLE),
    "match_codes": ("codes", lambda v: match_codes(v, OTHER).strength, TABLE),
    "agreement": ("readings", lambda v: agreement([OTHER, v]), TABLE),
}


OPTIONAL = ["traverse", "traverse c1", "traverse from", "explore", "from_array labels"]


def read_only(v: np.ndarray) -> np.ndarray:
    v = v.copy()
    v.setflags(write=False)
    return v


SAME = {  # other holders of the same numbers
    "an array": lambda v: v,
    "a list": lambda v: v.tolist(),
    "a tensor": torch.tensor,
    "double": lambda v: v.astype(np.float64) if v.dtype.kind == "f" else v.astype(np.int16),
    "big-endian": lambda v: v.astype(v.dtype.newbyteorder(">")),
    "read-only": read_only,
    "backwards": lambda v: np.flip(np.flip(v).copy()),
    "with gaps": lambda v: np.repeat(v, 2, axis=0)[::2],
    "in Fortran's order": np.asfortranarray,
    "with a gradient": lambda v: torch.tensor(v).requires_grad_(v.dtype.kind == "f"),
    "masked nowhere": np.ma.masked_array,
}
WRONG = {  # nothing that it could mean
    "None": lambda v: None,
    "a text": lambda v: "x.png",
    "a table of names": lambda v: {"a": v},
    "complex": lambda v: v + 1j,
    "texts": lambda v: v.astype(str),
    "ragged": lambda v: [[1.0], [2.0, 3.0]],
    "an object": lambda v: object(),
    "masked": lambda v: np.ma.masked_array(v, np.arange(v.size).reshape(v.shape) == 1),
    "sparse": lambda v: torch.tensor(v).to_sparse(),
    "without numbers": lambda v: torch.tensor(v).to("meta"),
    "a generator": lambda v: (row for row in v),
    "one axis more": lambda v: v[None, ..., None, None],
}


def numbers(result: object) -> np.ndarray:
    if isinstance(result, bytes):
        return np.frombuffer(result, np.uint8)
    return np.asarray(result.detach() if isinstance(result, torch.Tensor) else result)


@settings(max_examples=120)
@given(st.sampled_from(sorted(DOORS)), st.sampled_from(sorted(SAME)))
def test_the_same_numbers_in_another_form_have_the_same_answer(door, form):
    _, call, plain = DOORS[door]
    np.testing.assert_allclose(
        numbers(call(SAME[form](plain))), numbers(call(plain.copy())), rtol=1e-5, atol=1e-6
    )


@settings(max_examples=400)  # all there are
@given(st.sampled_from(sorted(DOORS)), st.sampled_from(sorted(WRONG)))
def test_what_is_no_such_array_is_refused_by_name(door, form):
    name, call, plain = DOORS[door]
    counted = form == "one axis more" and name == "values"  # one after the other
    if counted or form == "None" and door in OPTIONAL:
        return
    with pytest.raises((ValueError, TypeError)) as caught:
        call(WRONG[form](plain))
    text = str(caught.value)
    assert name in text and "\n" not in text and len(text) < 400, text


@given(st.sampled_from(["generate z", "generate c", "encode", "category", "vary", "lower_bound"]),
       st.integers(1, 12), st.integers(1, 12))  # fmt: skip
def test_rows_of_another_width_or_number_are_refused(door, rows, width):
    """A code that is cut off, or one of another model, would draw another picture."""
    name, call, plain = DOORS[door]
    given_rows = np.resize(plain, (rows, width))
    alone = door in ("category", "vary")  # nothing else has rows
    if width == plain.shape[1] and (alone or rows == len(plain)):
        call(given_rows)
        return
    with pytest.raises(ValueError, match=name):
        call(given_rows)


def test_a_q_that_is_broadcast_is_refused():
    """Without categories torch would have answered, about other pairs."""
    code = LatentCode((), 2)
    q = MODEL.recognise(X[:5])._replace(logits=())
    with pytest.raises(
        ValueError, match=r"q must have the shapes \[\(1, 2\), \(1, 2\), \(1, 0, 2\)\], got"
    ):
        lower_bound(code, torch.zeros(1, 2), q)


# --- Whole numbers --------------------------------------------------------------------

COUNTS = {
    "n": (0, lambda n: MODEL.sample(n)),
    "rows": (1, lambda n: traverse(MODEL, "c1", rows=n)),
    "seed": (0, lambda n: MODEL.sample(2, n)),
    "batch": (1, lambda n: categories(MODEL, X[:4], n)),
    "k": (1, lambda n: fit_mapping([0, 0], [1, 1], n)),
    "z_dim": (0, lambda n: sample_noise(2, n, torch.Generator().manual_seed(0))),
    "bins": (2, lambda n: mig(TABLE, OTHER, bins=n)),
    "trees": (1, lambda n: dci(TABLE[:, :1], OTHER[:, :1], trees=n)[2]),
}
small = st.integers(-3, 6)
counts = st.one_of(
    small, small.map(float), small.map(np.int64), small.map(np.float32), small.map(torch.tensor),
    st.floats(-3, 6), st.floats(), st.text(max_size=3), st.none(), st.lists(small, max_size=2),
    st.complex_numbers(), st.binary(max_size=2), small.map(str),
    st.booleans(), st.booleans().map(np.bool_), st.booleans().map(torch.tensor),
)  # fmt: skip


@settings(max_examples=100)
@given(st.sampled_from(sorted(COUNTS)), counts)
@example("seed", 1.5)
@example("rows", "2")
@example("rows", True)
@example("n", np.True_)
@example("seed", torch.tensor(True))
def test_a_count_is_a_whole_number_of_any_kind_or_named(name, value):
    least, call = COUNTS[name]
    try:
        number = int(value)
        good = number == value and number >= least and not isinstance(value, str)
        good = good and not isinstance(torch.as_tensor(value).tolist(), bool)
    except (TypeError, ValueError, OverflowError):
        good = False
    if good:
        if number < 100:
            np.testing.assert_array_equal(numbers(call(value)), numbers(call(number)))
        return
    with pytest.raises(ValueError, match=f"^{name} must be a whole number from {least} on, got"):
        call(value)


BEYOND = {  # doors that are slow to go through
    "digits": lambda n: show_table(P, "ab", "cd", digits=n),
    "every": lambda n: LivePlot(MODEL.settings, every=n),
    "jobs": lambda n: sweep(None, [], jobs=n),
    "steps": lambda n: SaveEvery(None, "run", n),
}


@pytest.mark.parametrize("name", BEYOND)
@pytest.mark.parametrize("value", [True, -1, 1.5, "2"])
def test_a_count_is_refused_by_name_before_there_is_anything_to_do(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be a whole number from [01] on, got"):
        BEYOND[name](value)


def test_limits_of_a_whole_number_are_said():
    assert whole("k", np.uint8(3), 1, 9) == 3 and type(whole("k", 3.0)) is int
    with pytest.raises(ValueError, match="^k must be a whole number from 1 to 9, got 10$"):
        whole("k", 10, 1, 9)


# --- Devices --------------------------------------------------------------------------


@given(st.text(max_size=6) | st.sampled_from(["cpu:0", "cpu:x", "cpu:", "CPU", "meta", "cpu:-1"]))
def test_a_device_is_there_or_named(choice):
    try:
        found = pick_device(choice)
    except ValueError as error:
        assert str(error).startswith(f"device {choice!r} is not here; there is: ")
    else:
        assert str(found) == choice and found.type in ("cpu", "cuda", "mps")


# --- The doors themselves -------------------------------------------------------------


def test_a_tensor_passes_as_it_is_and_an_array_without_a_copy():
    tensor = torch.rand(3, 2)
    assert as_tensor(tensor, "x") is tensor and rows_of(tensor, 2, "x") is tensor
    array = np.ones((3, 2))
    assert np.shares_memory(as_tensor(array, "x").numpy(), array)


def test_categories_become_rows_and_labels_integers():
    assert one_hot("c1", [2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert integers("y", torch.tensor([1, 2], dtype=torch.uint8)).dtype == np.int64
    with pytest.raises(ValueError, match=r"c1 takes the categories 0 to 2, got \[3\]"):
        one_hot("c1", [3], 3)
    with pytest.raises(ValueError, match=r"c1 takes integers \(n,\), 0 to 1, got \[True\]"):
        one_hot("c1", [True], 2)


@pytest.mark.parametrize("given", [[1.0, 2.0], [[0, 1], [1, 2]], 1, [False]])
def test_a_number_in_range_is_not_said_to_be_out_of_it(given):
    with pytest.raises(ValueError, match=r"c1 takes integers \(n,\), 0 to 2, got "):
        one_hot("c1", given, 3)


def test_of_many_categories_the_wrong_ones_are_shown():
    with pytest.raises(ValueError, match=r"takes the categories 0 to 2, got \[7, -1\]$"):
        one_hot("c1", [0, 1, 2] * 99 + [7] + [0] * 99 + [-1], 3)


@pytest.mark.parametrize("side", [8, 28])
def test_three_planes_are_one_picture_in_color_whoever_asks(side):
    x = torch.rand(3, side, side, generator=torch.Generator().manual_seed(0))
    with pytest.raises(ValueError, match="n pictures of shape"):  # not three gray ones
        as_images(x, (1, side, side))
    assert torch.equal(as_images(x[:, None], (1, side, side)), x[:, None])
    assert torch.equal(as_images(x[:1], (1, side, side)), x[:1, None])
    assert torch.equal(as_images(x, (3, side, side)), x[None])
    assert torch.equal(as_images(x), x[None])
    with pytest.raises(ValueError, match=r"n pictures of shape \(3, 8, 8\), got"):
        as_images(x[:2], (3, 8, 8))


def test_a_model_of_two_channels_takes_its_own_pictures():
    model = InfoGAN(MODEL.settings, (2, 8, 8), torch.Generator().manual_seed(0)).eval()
    x = model.sample(3)
    assert x.shape == (3, 2, 8, 8) and model.recognise(x).mean.shape == (3, 2)
    torch.testing.assert_close(model.recognise(x[0]).mean, model.recognise(x[:1]).mean)
