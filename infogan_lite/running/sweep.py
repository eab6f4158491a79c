"""Many runs at once, over processes: seeds times settings.

One seed shows what can happen, several show what does.  The runs go through joblib, so
``with joblib.parallel_config(backend="dask")`` (or another of its backends) around ``sweep``
spreads them over a cluster.

Used in chapter 6, *Fast*.
"""

import itertools
import json
import warnings
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite, nan
from statistics import mean, median, stdev

import torch
from joblib import Parallel, delayed

from infogan_lite.classifier import categories, check, evaluate, reader
from infogan_lite.codes import sample_noise
from infogan_lite.history import TrainingDiverged
from infogan_lite.information import lower_bound
from infogan_lite.inputs import Dataset, as_images, as_tensor, whole
from infogan_lite.networks import InfoGAN
from infogan_lite.running.threads import MOST_THREADS
from infogan_lite.settings import Settings
from infogan_lite.training import train


def sweep(
    data: Dataset,
    runs: Sequence[Settings],
    jobs: int = 1,
    threads: int = 1,
    measured: Dataset | None = None,
) -> list[dict[str, float]]:
    """Train and measure each of the runs, ``jobs`` at a time with ``threads`` each.

    Args:
        data: what is trained on, and measured on unless ``measured`` says otherwise.
        runs: the settings of each run.
        jobs: processes.
        threads: of torch, in each process.
        measured: ``tuning_split(data)`` where recipes are compared, so that the choice
            between them never sees the held-out images.

    Returns:
        For each run, in order, what ``score`` returns and its seconds; not-a-number throughout
        for a run that diverged.
    """
    return list(each_result(data, runs, jobs, threads, measured))


def each_result(
    data: Dataset,
    runs: Sequence[Settings],
    jobs: int = 1,
    threads: int = 1,
    measured: Dataset | None = None,
) -> Iterator[dict[str, float]]:
    """As ``sweep``, but each result as soon as it is there, in order."""
    jobs, threads = whole("jobs", jobs, 1), whole("threads", threads, 1, MOST_THREADS)
    measured = measured or data
    if runs:
        named = any(settings.code.categorical for settings in runs)
        measured = _measurable(measured, tuple(as_images(data.x_train[:1]).shape[1:]), named)
    work = (delayed(_one)(data, measured, settings, threads) for settings in runs)
    return Parallel(n_jobs=jobs, return_as="generator")(work)


def _measurable(data: Dataset, image_shape: tuple[int, int, int], named: bool) -> Dataset:
    """The data as ``score`` takes them, refused before the first run and not after it.

    ``named``: whether there are categories, to name by labels.
    """
    if named and as_tensor(data.y_test, "y_test").ndim < 2:
        return check(data, image_shape)
    x_train, x_test = (as_images(getattr(data, x), image_shape, x) for x in ("x_train", "x_test"))
    if not named:
        return data._replace(x_train=x_train, x_test=x_test)
    return Dataset(x_train, data.y_train, x_test, as_tensor(data.y_test, "y_test"))


def tuning_split(data: Dataset) -> Dataset:
    """The training images alone: one half to name the categories on, the other to err on.

    For choices between recipes, which must never see the held-out images.
    """
    half = len(data.x_train) // 2
    return Dataset(
        data.x_train[:half], data.y_train[:half], data.x_train[half:], data.y_train[half:]
    )


def score(model: InfoGAN, data: Dataset) -> dict[str, float]:
    """Error, NMI and ARI of c1 on held-out images, and L_I of each factor in nats.

    If a picture has several labels, as those of celeba have, there is the NMI of c1 with each.

    Raises:
        ValueError: for images of another shape than the model's.
    """
    need_form(model, data)
    data = _measurable(data, model.image_shape, bool(model.code.categorical))
    numbers = fresh_bound(model)
    if not model.code.categorical:
        return numbers
    if data.y_test.ndim > 1:
        return attribute_nmi(model, data) | numbers
    report = evaluate(model, data)
    return {"error": report.error, "nmi": report.nmi, "ari": report.ari} | numbers


def need_form(model: InfoGAN, data: Dataset) -> None:
    """Refuse images of another shape than the model's."""
    shape = tuple(as_tensor(data.x_test, "x_test").shape[1:])
    shape = (1, *shape) if len(shape) == 2 else shape  # gray ones need no axis for their channel
    if shape != model.image_shape:
        raise ValueError(
            f"the model makes images of shape {model.image_shape}, the data are of shape {shape}"
        )


def score_names(settings: Settings, data: Dataset) -> list[str]:
    """What ``score`` measures."""
    bound = [f"L_I({name})" for name in settings.code.names]
    if not settings.code.categorical:
        return bound
    if data.y_test.ndim > 1:
        return [f"nmi({i})" for i in range(data.y_test.shape[1])] + bound
    return ["error", "nmi", "ari", *bound]


def attribute_nmi(model: InfoGAN, data: Dataset) -> dict[str, float]:
    """NMI of c1 with each column of labels of shape (n, attributes), on held-out images."""
    from sklearn.metrics import normalized_mutual_info_score

    found = categories(reader(model, data.x_train), data.x_test)
    return {
        f"nmi({i})": float(normalized_mutual_info_score(labels, found))
        for i, labels in enumerate(data.y_test.T.numpy())
    }


@torch.no_grad()
def fresh_bound(model: InfoGAN, n: int = 2000, seed: int = 0) -> dict[str, float]:
    """L_I of each factor in nats, on n fresh samples, in eval mode (equation 5)."""
    generator = torch.Generator().manual_seed(seed)
    c = model.code.sample(n, generator)
    q = model.recognise(model.generate(sample_noise(n, model.settings.z_dim, generator), c))
    bound = lower_bound(model.code, c.to(model.device), q)
    return {f"L_I({name})": value.item() for name, value in bound.items()}


def grid(vary: Iterable[str]) -> list[dict]:
    """All combinations of lists such as ``lam=0,0.5,1`` and ``info_to_trunk=true,false``.

    Raises:
        ValueError: for a text of another form.
    """
    lists = []
    for text in vary:
        name, equals, values = text.partition("=")
        try:
            lists.append([(name, value) for value in json.loads(f"[{values}]")])
        except json.JSONDecodeError as error:
            raise ValueError(f"{text!r:.200} is not of the form name=value,value") from error
        if not equals or not lists[-1]:
            raise ValueError(f"{text!r:.200} is not of the form name=value,value")
    return [dict(choice) for choice in itertools.product(*lists)]


def summary(values: Sequence[float]) -> str:
    """Mean, spread (standard deviation), median and range of the runs, in one line."""
    n, values = len(values), [value for value in values if isfinite(value)]
    if not values:
        return f"no number from {n} runs"
    spread = f" +- {stdev(values):.3f}" if len(values) > 1 else ""
    return (
        f"{mean(values):.3f}{spread}, median {median(values):.3f}, "
        f"from {min(values):.3f} to {max(values):.3f} (n = {len(values)})"
        + (f", {n - len(values)} diverged" if n > len(values) else "")
    )


def _one(data: Dataset, measured: Dataset, settings: Settings, threads: int) -> dict[str, float]:
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        model, history = train(data.x_train, settings, device="cpu")
        if history.interrupted:  # what is not trained to the end is no result
            raise KeyboardInterrupt
        return score(model, measured) | {"seconds": history.seconds[-1]}
    except TrainingDiverged as error:
        warnings.warn(f"a run with seed {settings.seed} diverged: {error}", stacklevel=1)
        return dict.fromkeys([*score_names(settings, measured), "seconds"], nan)
    finally:
        torch.set_num_threads(before)
