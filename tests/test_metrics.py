"""c1 as a classifier: the naming of categories, and the error on held-out images."""

from itertools import permutations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from infogan_lite import LatentCode, Posterior, evaluate
from infogan_lite.classifier import categories, fit_mapping, reader
from infogan_lite.digits import Dataset


class Reader(torch.nn.Module):
    """A stub of a model: each image has one gray value, which names its category."""

    device = torch.device("cpu")

    def __init__(self, k: int, *more: int) -> None:
        super().__init__()
        self.code = LatentCode((k, *more), 0)
        self.D, self.Q = torch.nn.Module(), torch.nn.Identity()
        self.D.trunk = torch.nn.Identity()

    def recognise(self, x: torch.Tensor) -> Posterior:
        index = x.flatten(1).mean(1).round().long()
        first = 5.0 * torch.nn.functional.one_hot(index, self.code.categorical[0])
        others = [torch.zeros(len(x), k) for k in self.code.categorical[1:]]
        return Posterior((first, *others), torch.zeros(len(x), 0), torch.zeros(len(x), 0))


def pictures(category) -> torch.Tensor:
    """Images of shape (n, 1, 2, 2) that the stub reads as these categories."""
    return torch.as_tensor(category).float()[:, None, None, None].expand(-1, 1, 2, 2)


def dataset(train: list[tuple[int, int]], test: list[tuple[int, int]]) -> Dataset:
    """From pairs of category and label."""
    (c_train, y_train), (c_test, y_test) = torch.tensor(train).T, torch.tensor(test).T
    return Dataset(pictures(c_train), y_train, pictures(c_test), y_test)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_no_other_one_to_one_mapping_is_better(pairs):
    guess, label = np.array([*pairs, (0, 3)]).T  # label 3 occurs: four labels
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


def test_without_a_categorical_factor_there_is_nothing_to_measure():
    reader = Reader(2)
    reader.code = LatentCode((), 2)
    with pytest.raises(ValueError, match="no categorical factor"):
        evaluate(reader, dataset([(0, 0), (1, 1)], [(0, 0), (1, 1)]))
