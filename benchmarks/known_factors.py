"""What is held against known factors, and shown: the measuring half of benchmarks.worlds."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from scipy.stats import entropy

from infogan_lite import InfoGAN, traverse
from infogan_lite.classifier import reader
from infogan_lite.codes import sample_noise
from infogan_lite.measures.codes_and_factors import is_constant, rank_correlation
from infogan_lite.measures.dci import dci
from infogan_lite.measures.matching import Matching, match_codes, matched
from infogan_lite.measures.mig import mig
from infogan_lite.measures.sap import sap
from infogan_lite.worlds.scene import Factored

COLUMNS, ROWS = 10, 2  # of a sheet: values of a code; draws of z and the other codes


def wanted(data: Factored, names: Sequence[str]) -> tuple[np.ndarray, list[bool]]:
    """The columns of these factors, (n, factors), and which of them are labels."""
    columns = [data.names.index(name) for name in names]
    return data.factors[:, columns].numpy(), [data.discrete[j] for j in columns]


def drawn(net: InfoGAN, n: int, seed: int = 0) -> tuple[np.ndarray, torch.Tensor]:
    """Codes as a table (n, codes), categories as labels, and a picture that G made of each."""
    generator = torch.Generator().manual_seed(seed)
    z, c = sample_noise(n, net.settings.z_dim, generator), net.code.sample(n, generator)
    labels = [net.code.category(c, name) for name in net.code.categorical_names]
    pairs = c[:, net.code.uniform_columns.stop :].unflatten(1, (net.code.circular, 2))
    values = c[:, net.code.uniform_columns], half_turns(pairs)
    return torch.column_stack([*labels, *values]).numpy(), net.generate(z, c)


def half_turns(pairs: torch.Tensor) -> torch.Tensor:
    """Angles by their cosines and sines, (n, k, 2), as numbers from -1 to 1 that go once round."""
    return torch.atan2(pairs[..., 1], pairs[..., 0]) / math.pi


def circle_strength(code: np.ndarray, angle: np.ndarray) -> float:
    """How well a code that runs once round, from -1 to 1, tells an angle: from 0 to 1.

    The length of the mean of exp i(angle -+ pi code), the larger over both directions: 1 if the
    code is the angle, from wherever one starts to count.
    """
    both = [np.exp(1j * (angle + sign * math.pi * code)).mean() for sign in (1, -1)]
    return float(np.abs(both).max())


def ceiling(categories: int, factor: np.ndarray, is_label: bool, bins: int = 20) -> float:
    """The largest I / H that a code of so many categories can have with a factor.

    A code of K values tells ln K nats at most; a factor may hold more.
    """
    values = np.unique(factor, return_inverse=True)[1] if is_label else None
    counts = np.bincount(values) if is_label else np.histogram(factor, bins)[0]
    return min(1.0, math.log(categories) / entropy(counts))


def strengths(
    codes: np.ndarray,
    factors: np.ndarray,
    categorical: Sequence[bool],
    discrete: Sequence[bool],
    circles: Sequence[bool],
) -> Matching:
    """``match_codes``, with ``circle_strength`` where a number is held against a full circle.

    The rank of an angle depends on where one starts to count, and no picture says where.
    """
    of_codes, of_factors = np.array(categorical), np.array(discrete)  # which are labels
    table = match_codes(codes, factors, of_codes, of_factors).table
    sign = np.zeros(table.shape, int)
    for i, j in np.argwhere(~of_codes[:, None] & ~of_factors):
        if circles[j]:
            table[i, j] = circle_strength(codes[:, i], factors[:, j])
        else:
            sign[i, j] = np.sign(rank_correlation(codes[:, i], factors[:, j]))
    return matched(table, sign)


def readings(net: InfoGAN, seen: Factored, new: Factored) -> tuple[np.ndarray, list[bool]]:
    """What Q reads from new pictures, (n, codes), and which codes are labels.

    Categories, then means, then angles as ``half_turns``.
    """
    reads, rows = reader(net, seen.images), []
    for x in new.images.split(1000):
        q = reads.recognise(x)
        kinds = [logits.argmax(1) for logits in q.logits]
        rows.append(torch.column_stack([*kinds, q.mean, half_turns(q.direction)]))
    return torch.cat(rows).numpy(), [n in net.code.categorical_names for n in net.code.names]


def table_of_made(codes, factors, categorical, discrete, circles) -> np.ndarray:
    """The strength of each pair, (codes, factors), where what was read may be always the same.

    A factor that G never changes has no code: 0.
    """
    moving = [j for j, column in enumerate(factors.T) if not is_constant(column)]
    table = np.zeros((codes.shape[1], factors.shape[1]))
    if moving:
        flags = [[flag[j] for j in moving] for flag in (discrete, circles)]
        table[:, moving] = strengths(codes, factors[:, moving], categorical, *flags).table
    return table


def scored(codes, factors, categorical, discrete, circles) -> tuple[dict, Matching]:
    """The scores of chapter 7, and which code stands for which factor.

    ``match`` is the mean strength over factors, 0 for one that is left without a code.
    """
    found = strengths(codes, factors, categorical, discrete, circles)
    tables = codes, factors, np.array(categorical), np.array(discrete)
    d, c, i, _ = dci(*tables, trees=20)
    scores = {"match": found.strength.mean(), "MIG": mig(*tables), "SAP": sap(*tables)}
    return scores | {"D": d, "C": c, "I": i}, found


def each_factor(found: Matching, made: np.ndarray, ceilings: np.ndarray, names) -> list[dict]:
    """A row for each factor, about the code that stands for it.

    ``next`` is the strength of the best other code: near ``strength`` where codes share it.
    ``made`` is the strength of the same code in pictures of G, whose factors a net reads, from
    a table (codes, factors) as is that of ``ceilings``, the most that each code may reach.
    """
    rows = []
    for j, name in enumerate(names):
        i = found.code[j]
        others = np.delete(found.table[:, j], i) if i >= 0 else found.table[:, j]
        row = {"factor": name, "code": f"c{i + 1}" if i >= 0 else ""}
        row |= {"strength": found.strength[j], "sign": found.sign[j]}
        row |= {"next": max(others, default=0.0), "made": made[i, j] if i >= 0 else 0.0}
        rows.append(row | {"ceiling": ceilings[i, j] if i >= 0 else 0.0})
    return rows


def sheet(model: InfoGAN) -> np.ndarray:
    """For each code ROWS rows of COLUMNS pictures, as one picture (h, w, channels).

    The code takes its categories (empty where there are no more), values from -1 to 1, or angles
    once round.
    """
    parts = []
    for name in model.code.names:
        values = torch.linspace(-1, 1, COLUMNS).tolist()
        if name in model.code.circular_names:
            values = torch.linspace(-math.pi, math.pi, COLUMNS + 1)[1:].tolist()
        if name in model.code.categorical_names:
            part = model.code.slices[name]
            values = range(min(part.stop - part.start, COLUMNS))
        tiles = traverse(model, name, values, rows=ROWS)
        blank = tiles.new_zeros(ROWS, COLUMNS - tiles.shape[1], *tiles.shape[2:])
        parts.append(torch.cat([tiles, blank], dim=1))
    tiles = torch.cat(parts)  # (codes * ROWS, COLUMNS, channels, h, w)
    rows, columns, channels, h, w = tiles.shape
    return tiles.permute(0, 3, 1, 4, 2).reshape(rows * h, columns * w, channels).numpy()
