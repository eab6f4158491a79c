"""Many runs at once, over processes: seeds times settings.

One seed shows what can happen, several show what does.  The runs go through joblib, so
``with joblib.parallel_config(backend="dask")`` (or another of its backends) around ``sweep``
spreads them over a cluster.

Used in chapter 6, *Fast*.
"""

import itertools
import json
from collections.abc import Iterable, Sequence
from statistics import mean, median, stdev

import torch
from joblib import Parallel, delayed

from infogan_lite.classifier import evaluate
from infogan_lite.codes import sample_noise
from infogan_lite.digits import Dataset
from infogan_lite.information import lower_bound
from infogan_lite.networks import InfoGAN
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
        For each run, in order, what ``score`` returns and its seconds.
    """
    work = (delayed(_one)(data, measured or data, settings, threads) for settings in runs)
    return list(Parallel(n_jobs=jobs)(work))


def score(model: InfoGAN, data: Dataset) -> dict[str, float]:
    """Error, NMI and ARI of c1 on held-out images, and L_I of each factor in nats."""
    numbers = {name: value for name, value in fresh_bound(model).items()}
    if model.code.categorical:
        report = evaluate(model, data)
        numbers = {"error": report.error, "nmi": report.nmi, "ari": report.ari} | numbers
    return numbers


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
            raise ValueError(f"{text!r} is not of the form name=value,value") from error
        if not equals or not lists[-1]:
            raise ValueError(f"{text!r} is not of the form name=value,value")
    return [dict(choice) for choice in itertools.product(*lists)]


def summary(values: Sequence[float]) -> str:
    """Mean, spread (standard deviation), median and range of the runs, in one line."""
    spread = f" +- {stdev(values):.3f}" if len(values) > 1 else ""
    return (
        f"{mean(values):.3f}{spread}, median {median(values):.3f}, "
        f"from {min(values):.3f} to {max(values):.3f} (n = {len(values)})"
    )


def _one(data: Dataset, measured: Dataset, settings: Settings, threads: int) -> dict[str, float]:
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        model, history = train(data.x_train, settings, device="cpu")
        return score(model, measured) | {"seconds": history.seconds[-1]}
    finally:
        torch.set_num_threads(before)
