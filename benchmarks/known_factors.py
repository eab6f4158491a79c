"""What is held against known factors, and shown: the measuring half of benchmarks.worlds."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from scipy.stats import spearmanr

from infogan_lite import InfoGAN, traverse
from infogan_lite.classifier import reader
from infogan_lite.measures.dci import dci
from infogan_lite.measures.matching import match_codes
from infogan_lite.measures.mig import mig
from infogan_lite.measures.sap import sap
from infogan_lite.worlds.scene import Factored

COLUMNS, ROWS = 10, 2  # of a sheet: values of a code; draws of z and the other codes


def wanted(data: Factored, names: Sequence[str]) -> tuple[np.ndarray, list[bool]]:
    """The columns of these factors, (n, factors), and which of them are labels."""
    columns = [data.names.index(name) for name in names]
    return data.factors[:, columns].numpy(), [data.discrete[j] for j in columns]


def cut(factors: np.ndarray, circles: Sequence[bool], codes: np.ndarray) -> np.ndarray:
    """Factors, with each full circle cut open at the one of 36 angles that suits a code best.

    The rank of an angle depends on where one starts to count, and no picture says where.
    """
    result = factors.copy()
    for j in np.flatnonzero(circles):
        turned = [(factors[:, j] + k * math.pi / 18 + math.pi) % (2 * math.pi) for k in range(36)]
        moving = [code for code in codes.T if np.ptp(code) > 0]
        rho = [max((abs(spearmanr(a, c).statistic) for c in moving), default=0.0) for a in turned]
        result[:, j] = turned[int(np.argmax(rho))]
    return result


def read(net: InfoGAN, seen: Factored, new: Factored) -> tuple[np.ndarray, list[bool]]:
    """What Q reads from new pictures, (n, codes): categories, then means; and which are labels."""
    reads, rows = reader(net, seen.images), []
    for x in new.images.split(1000):
        q = reads.recognise(x)
        rows.append(torch.stack([*(logits.argmax(1) for logits in q.logits), *q.mean.T], dim=1))
    return torch.cat(rows).numpy(), [n in net.code.categorical_names for n in net.code.names]


def judge(codes, factors, categorical, discrete, names) -> tuple[dict, list[dict]]:
    """The scores of chapter 7, and for each factor the code that stands for it.

    ``match`` is the mean strength over factors, 0 for one that is left without a code.
    ``next`` is the strength of the best other code: near ``strength`` where codes share it.
    """
    tables = codes, factors, categorical, discrete
    found = match_codes(*tables)
    each = []
    for j, name in enumerate(names):
        i, strength = found.code[j], found.strength[j]
        others = np.delete(found.table[:, j], i) if i >= 0 else found.table[:, j]
        code = f"c{i + 1}" if i >= 0 else ""
        row = {"factor": name, "code": code, "strength": strength, "sign": found.sign[j]}
        each.append(row | {"next": max(others, default=0.0)})
    d, c, i, _ = dci(*tables, trees=20)
    scores = {"match": found.strength.mean(), "MIG": mig(*tables), "SAP": sap(*tables)}
    return scores | {"D": d, "C": c, "I": i}, each


def sheet(model: InfoGAN) -> np.ndarray:
    """For each code ROWS rows of COLUMNS pictures, as one picture (h, w, channels).

    The code takes its categories (empty where there are no more), or values from -1 to 1.
    """
    parts = []
    for name in model.code.names:
        values = torch.linspace(-1, 1, COLUMNS).tolist()
        if name in model.code.categorical_names:
            part = model.code.slices[name]
            values = range(min(part.stop - part.start, COLUMNS))
        tiles = traverse(model, name, values, rows=ROWS)
        blank = tiles.new_zeros(ROWS, COLUMNS - tiles.shape[1], *tiles.shape[2:])
        parts.append(torch.cat([tiles, blank], dim=1))
    tiles = torch.cat(parts)  # (codes * ROWS, COLUMNS, channels, h, w)
    rows, columns, channels, h, w = tiles.shape
    return tiles.permute(0, 3, 1, 4, 2).reshape(rows * h, columns * w, channels).numpy()
