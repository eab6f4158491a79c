"""c1 as a classifier: the naming of categories, and the error on held-out images."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from infogan_lite import InfoGAN, LatentCode, Posterior, Settings, evaluate
from infogan_lite.classifier import categories, check, fit_mapping, reader
from infogan_lite.inputs import Dataset

NETS = Settings(z_dim=2, channels=(4, 8), hidden=12, q_hidden=8)


class Reader(torch.nn.Module):
    """A stub of a model: each image has one gray value, which names its category."""

    device = torch.device("cpu")
    image_shape = (1, 2, 2)

    def __init__(self, k: int, *more: int) -> None:
        super().__init__()
        self.code = LatentCode((k, *more), 0)
        self.D, self.Q = torch.nn.Module(), torch.nn.Identity()
        self.D.trunk = torch.nn.Identity()

    def recognise(self, x: torch.Tensor) -> Posterior:
        index = (10 * x.flatten(1).mean(1)).round().long()
        first = 5.0 * torch.nn.functional.one_hot(index, self.code.categorical[0])
        others = [torch.zeros(len(x), k) for k in self.code.categorical[1:]]
        return Posterior((first, *others), torch.zeros(len(x), 0), torch.zeros(len(x), 0))


def pictures(category) -> torch.Tensor:
    """Images of shape (n, 1, 2, 2) that the stub reads as these categories."""
    return torch.as_tensor(category).float()[:, None, None, None].expand(-1, 1, 2, 2) / 10


def dataset(train: list[tuple[int, int]], test: list[tuple[int, int]]) -> Dataset:
    """From pairs of category and label."""
    (c_train, y_train), (c_test, y_test) = torch.tensor(train).T, torch.tensor(test).T
    return Dataset(pictures(c_train), y_train, pictures(c_test), y_test)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_no_other_one_to_one_mapping_is_better(pairs):
    guess, label = np.array([*pairs, (0, 0), (0, 1), (0, 2), (0, 3)]).T  # all labels occur
    mapping = fit_mapping(guess, label, 4)
    assert sorted(mapping) == [0, 1, 2, 3]
    best = max(np.sum(np.array(p)[guess] == label) for p in permutations(range(4)))
    assert np.sum(mapping[guess] == label) == best


@given(st.permutations(range(10)))
def test_a_perfect_clustering_is_found_under_any_names(names):
    guess = np.repeat(np.arange(10), 3)
    assert fit_mapping(guess, np.array(names)[guess], 10).tolist() == names


@pytest.mark.parametrize(
    ("guess", "label", "k", "mapping"),
    [
        # more categories than labels: two categories may share a label
        ([0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 0, 1, 1, 1, 0, 0, 0, 1], 3, [0, 1, 0]),
        # fewer categories than labels: some label stays without a category
        ([0, 0, 0, 1, 1, 1], [0, 2, 2, 1, 1, 2], 2, [2, 1]),
    ],
)
def test_otherwise_each_category_has_its_commonest_label(guess, label, k, mapping):
    assert fit_mapping(np.array(guess), np.array(label), k).tolist() == mapping


def test_an_empty_category_has_the_label_left_over_or_the_smallest():
    assert fit_mapping([0, 0, 2, 2], [5, 7, 9, 9], 3).tolist() in ([5, 7, 9], [7, 5, 9])
    assert fit_mapping([0, 0, 2, 2], [7, 7, 9, 9], 4).tolist() == [7, 7, 9, 7]
    assert fit_mapping([1, 1, 2, 2], [9, 9, 7, 7], 4).tolist() == [7, 9, 7, 7]


def test_the_mapping_is_fitted_on_training_images_and_the_error_taken_on_the_others():
    train = [(0, 1)] * 5 + [(1, 0)] * 5 + [(0, 0), (1, 1)]
    # Of ten held-out images three are misread; fitted on these, the mapping would turn round.
    test = [(0, 1)] * 3 + [(0, 0)] * 7
    report = evaluate(Reader(2), dataset(train, test))
    assert report.mapping.tolist() == [1, 0]
    assert report.error == pytest.approx(0.7)


def test_a_perfect_reader():
    pairs = [(0, 2), (1, 0), (2, 1)] * 4
    report = evaluate(Reader(3), dataset(pairs, pairs))
    assert (report.error, report.nmi, report.ari) == pytest.approx((0, 1, 1))


def test_a_reader_that_sees_no_difference():
    report = evaluate(Reader(2), dataset([(0, i % 2) for i in range(8)], [(0, 0), (0, 1)] * 10))
    assert (report.error, report.nmi, report.ari) == pytest.approx((0.5, 0, 0))


def test_nmi_and_ari_are_those_of_scikit_learn_on_held_out_images():
    rng = np.random.default_rng(0)
    train, test = rng.integers(0, 4, (2, 50, 2)).tolist()
    test = [(c, c if i % 2 else y) for i, (c, y) in enumerate(test)]
    report = evaluate(Reader(4), dataset(train, test))
    guess, truth = np.array(test).T
    assert report.nmi == pytest.approx(normalized_mutual_info_score(truth, guess))
    assert report.ari == pytest.approx(adjusted_rand_score(truth, guess))
    assert 0.1 < report.nmi < 0.9 and 0.1 < report.ari < 0.9  # neither is trivial


def test_only_the_first_factor_counts_and_batches_do_not():
    category = [2, 0, 1, 1, 2, 0, 0]
    for batch in (1, 3, 1000):
        assert categories(Reader(3, 5), pictures(category), batch).tolist() == category


def test_a_real_model_is_measured(model, images):
    labels = torch.arange(32) % 3
    report = evaluate(model, Dataset(images, labels, images, labels))
    guess = reader(model, images).recognise(images).logits[0].argmax(1).numpy()
    assert report.error == pytest.approx(np.mean(report.mapping[guess] != labels.numpy()))
    assert sorted(report.mapping) == [0, 1, 2]


def test_the_reader_has_the_averages_of_the_images_and_the_same_weights(model, images):
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    reads = reader(model, images)
    layers = model.D.trunk
    first = next(i for i, m in enumerate(layers) if isinstance(m, torch.nn.BatchNorm2d))
    x = layers[:first](images).detach()
    norm = reads.D.trunk[first]
    assert torch.allclose(norm.running_mean, x.mean((0, 2, 3)), atol=1e-5)
    assert torch.allclose(norm.running_var, x.transpose(0, 1).flatten(1).var(1), atol=1e-5)
    for a, b in zip(reads.parameters(), model.parameters(), strict=True):
        assert torch.equal(a, b)
    for name, tensor in model.state_dict().items():  # the model itself is untouched
        assert torch.equal(tensor, before[name])
    assert not reads.training and not norm.training
    alone, among = reads.recognise(images[:1]), reads.recognise(images)
    assert torch.allclose(alone.logits[0][0], among.logits[0][0], atol=1e-5)


@given(
    st.lists(st.integers(0, 2**40), min_size=3, max_size=3, unique=True),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=30),
)
def test_labels_are_known_by_their_distinct_values(names, pairs):
    """Years, ids from 30000 on or from 1 to K: the mapping is that of 0, 1, 2, renamed."""
    guess, label = np.array([*pairs, (0, 0), (1, 1), (2, 2)]).T
    names = np.sort(names)
    assert (
        fit_mapping(guess, names[label], 3).tolist() == names[fit_mapping(guess, label, 3)].tolist()
    )


@pytest.mark.parametrize(
    "names", [np.arange(1, 11), np.arange(30000, 30010), 10**12 + np.arange(10)]
)
def test_ids_are_measured_as_digits_are(names):
    """A one-to-one mapping, found at once: no table has a row for each possible id."""
    rng = np.random.default_rng(0)
    pairs = np.column_stack([np.arange(200) % 10, np.arange(200) % 10])
    pairs[::5, 0] = rng.integers(10, size=40)
    plain = evaluate(Reader(10), dataset(pairs.tolist(), pairs.tolist()))
    pairs[:, 1] = names[pairs[:, 1]]
    report = evaluate(Reader(10), dataset(pairs.tolist(), pairs.tolist()))
    assert report[:3] == pytest.approx(plain[:3])
    assert report.mapping.tolist() == names[plain.mapping].tolist()


def test_a_held_out_label_that_training_never_saw_is_an_error_of_c1():
    report = evaluate(Reader(2), dataset([(0, 0), (1, 1)] * 3, [(0, 0), (1, 1), (1, 7), (0, 9)]))
    assert report.error == pytest.approx(0.5)


@pytest.mark.parametrize("n", [31, 32])
@pytest.mark.parametrize("batch", [2, 7, 16, 31])
def test_averages_do_not_depend_on_how_the_images_are_cut(model, images, n, batch):
    """A last batch of one picture, or of two, weighs no more than its pictures do."""
    whole, parts = reader(model, images[:n], batch=1000), reader(model, images[:n], batch=batch)
    for (name, a), b in zip(whole.state_dict().items(), parts.state_dict().values(), strict=True):
        assert torch.allclose(a, b, rtol=1e-4, atol=1e-5), name
    one, other = whole.recognise(images), parts.recognise(images)
    assert torch.allclose(one.logits[0], other.logits[0], atol=1e-4)


def test_every_norm_of_the_reader_makes_its_features_standard(model, images):
    """Over all images each channel has mean 0 and variance 1 before scale and shift."""
    reads, seen = reader(model, images, batch=5), []

    def look(norm, given, result):
        x = given[0]
        dims = [d for d in range(x.ndim) if d != 1]
        seen.append((x.mean(dims) - norm.running_mean, x.var(dims) / norm.running_var))

    for module in [*reads.D.trunk.modules(), *reads.Q.modules()]:
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            module.register_forward_hook(look)
    reads.recognise(images)
    assert len(seen) == 3
    for mean, variance in seen:
        assert mean.abs().max() < 1e-4
        assert (variance - 1).abs().max() < 1e-3


@settings(max_examples=15)
@given(
    n=st.integers(2, 80),
    held=st.integers(1, 40),
    names=st.lists(st.integers(0, 2**62), min_size=1, max_size=6, unique=True),
    dtype=st.sampled_from([np.int64, np.uint64, np.int32]),
    batch=st.integers(1, 90),
    seed=st.integers(0, 99),
)
def test_any_number_of_pictures_with_any_integers_has_one_error(n, held, names, dtype, batch, seed):
    """Counted by hand from what the reader says, one picture at a time."""
    rng, code = np.random.default_rng(seed), LatentCode((3,), 1)
    model = InfoGAN(replace(NETS, code=code), (1, 8, 8), torch.Generator().manual_seed(seed))
    x = torch.from_numpy(rng.random((n + held, 1, 8, 8), dtype=np.float32))
    names = [name % np.iinfo(dtype).max for name in names]
    y = np.array(names, dtype)[rng.integers(len(names), size=n + held)]
    report = evaluate(model, Dataset(x[:n], y[:n], x[n:], y[n:]))
    reads = reader(model, x[:n], batch)
    near = np.concatenate([categories(reads, one[None]) for one in x])
    logits = reads.recognise(x).logits[0].topk(2).values
    assume((logits[:, 0] - logits[:, 1]).min() > 1e-5)  # no tie that rounding decides
    assert np.array_equal(categories(reads, x, batch), near)
    mapping = fit_mapping(near[:n], y[:n], 3)
    assert report.mapping.tolist() == mapping.tolist() and set(mapping) <= set(y[:n].tolist())
    assert report.error == pytest.approx(
        np.mean([mapping[a] != b for a, b in zip(near[n:], y[n:], strict=True)])
    )


# --- Bad input ------------------------------------------------------------------------

GOOD = dataset([(0, 0), (1, 1)] * 4, [(0, 0), (1, 1)] * 2)
WRONG = {
    "forty attributes": (dict(y_train=torch.zeros(8, 40).long()), "y_train .* several attributes"),
    "a column": (dict(y_test=torch.zeros(4, 1).long()), r"y_test .* shape \(n,\), got \(4, 1\)"),
    "one label": (dict(y_test=torch.tensor(3)), r"y_test .* shape \(n,\), got \(\)"),
    "fractions": (dict(y_train=torch.full((8,), 0.5)), "y_train .* integers, got .*float32"),
    "strings": (dict(y_test=np.array(["a", "b", "a", "b"])), "y_test must be an array of real"),
    "a negative mark": (dict(y_train=torch.tensor([0, 1] * 3 + [0, -1])), "y_train has a -1"),
    "labels missing": (
        dict(y_train=torch.tensor([0, 1])),
        "x_train .* at least 2.*got 8 and 2",
    ),
    "too many labels": (dict(y_test=torch.arange(5)), "x_test and y_test .* got 4 and 5"),
    "other images": (
        dict(x_test=torch.zeros(4, 1, 3, 3)),
        r"x_test .*\(1, 2, 2\), got \(4, 1, 3, 3\)",
    ),
    "color": (dict(x_train=torch.zeros(8, 3, 2, 2)), r"x_train .*\(1, 2, 2\), got"),
    "a single picture": (dict(x_train=torch.zeros(1, 2, 2)), "x_train .* at least 2.*got 1 and 8"),
    "nothing to learn names on": (dict(x_train=torch.zeros(0, 1, 2, 2)), "x_train .* at least 2"),
    "one to learn names on": (
        dict(x_train=torch.zeros(1, 1, 2, 2), y_train=torch.tensor([0])),
        "x_train .* at least 2 pictures .* got 1 and 1",
    ),
    "nothing held out": (
        dict(x_test=torch.zeros(0, 1, 2, 2), y_test=torch.zeros(0).long()),
        "x_test .* at least 1 pictures .* got 0 and 0",
    ),
    "255": (
        dict(x_train=torch.full((8, 1, 2, 2), 255.0)),
        "x_train .* 255 to 255: divide",
    ),
    "NaN": (dict(x_train=torch.full((8, 1, 2, 2), torch.nan)), "x_train .* NaN"),
    "a list": (dict(x_train=[0, 1]), "x_train must be floats .* or bytes, got torch.int64"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_measured_is_refused_in_words(what):
    change, message = WRONG[what]
    data = GOOD._replace(**change)
    with pytest.raises(ValueError, match=message):
        evaluate(Reader(2), data)
    with pytest.raises(ValueError, match=message):
        check(data, (1, 2, 2))  # the same before training


def test_labels_of_other_kinds_are_integers_too():
    wanted = evaluate(Reader(2), GOOD)
    for kind in (torch.uint8, torch.int32, torch.bool):
        other = GOOD._replace(y_train=GOOD.y_train.to(kind), y_test=GOOD.y_test.to(kind))
        assert evaluate(Reader(2), other)[:3] == wanted[:3]
    assert evaluate(Reader(2), GOOD._replace(y_test=GOOD.y_test.numpy()))[:3] == wanted[:3]


@given(
    st.sampled_from(["x_train", "y_train", "x_test", "y_test"]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=9),
    st.sampled_from([torch.float32, torch.int64, torch.uint8, torch.complex64, torch.float64]),
)
def test_any_wrong_shape_or_kind_names_its_field(field, shape, kind):
    part = torch.zeros(shape, dtype=kind)
    right = {"x_train": (8, 1, 2, 2), "y_train": (8,), "x_test": (4, 1, 2, 2), "y_test": (4,)}
    fits = part.is_floating_point() if field[0] == "x" else kind in (torch.int64, torch.uint8)
    assume(not (shape == right[field] and fits))
    with pytest.raises(ValueError, match=field):
        evaluate(Reader(2), GOOD._replace(**{field: part}))


@pytest.mark.parametrize(
    ("guess", "label", "k", "message"),
    [
        ([0, 1], [0, 1, 1], 2, "2 categories but 3 labels"),
        (np.array([], int), np.array([], int), 2, "at least 1"),
        ([0, 2], [0, 1], 2, "categories must run from 0 to 1, got 2"),
        ([0, -1], [0, 1], 2, "categories has a -1"),
        ([0, 1], [0, -1], 2, "labels has a -1"),
        ([0, 1], [0.0, 1.5], 2, "integers"),
        ([0.5, 1], [0, 1], 2, "integers"),
        ([[0, 1]], [0, 1], 2, r"shape \(n,\)"),
        ([0, 1], [0, 1], 0, "k must be a whole number from 1 on, got 0"),
    ],
)
def test_no_mapping_is_fitted_to_nonsense(guess, label, k, message):
    with pytest.raises(ValueError, match=message):
        fit_mapping(np.array(guess), np.array(label), k)


def test_labels_beyond_63_bits_are_no_negative_names():
    with pytest.raises(ValueError, match="labels has a 18446744073709551615, not 0 to"):
        fit_mapping(np.array([0, 1]), np.array([0, 2**64 - 1], np.uint64), 2)


@pytest.mark.parametrize("part", ["y_train", "y_test"])
def test_a_set_without_labels_is_told_so(part):
    none = torch.empty(len(getattr(GOOD, part)), 0, dtype=torch.long)
    with pytest.raises(ValueError, match=f"{part} .*there are no labels to measure c1 with"):
        evaluate(Reader(2), GOOD._replace(**{part: none}))


def test_gray_pictures_need_no_axis_for_the_channel_whatever_the_batch(model, images):
    whole = categories(model, images)
    for batch in (1, 3, 7):  # three pictures of (h, w) are no color picture
        assert np.array_equal(categories(model, images[:, 0].numpy(), batch), whole)


@pytest.mark.parametrize("batch", [0, -3, 2.5, "8"])
def test_a_batch_has_pictures(model, images, batch):
    for call in (categories, reader):
        with pytest.raises(ValueError, match="batch must be a whole number from 1 on"):
            call(model, images, batch)


@pytest.mark.parametrize("n", [0, 1])
def test_averages_need_two_pictures(model, images, n):
    with pytest.raises(ValueError, match=f"at least 2 pictures, got {n}"):
        reader(model, images[:n])


def test_no_pictures_have_no_categories(model, images):
    assert categories(model, images[:0]).shape == (0,)


def test_without_a_categorical_factor_there_is_nothing_to_measure():
    reader = Reader(2)
    reader.code = LatentCode((), 2)
    with pytest.raises(ValueError, match="no categorical factor"):
        evaluate(reader, dataset([(0, 0), (1, 1)], [(0, 0), (1, 1)]))
