"""The FactorVAE score: hold one factor fixed, and let the code that varies least vote for it.

The votes make a table with a row for each code and a column for each factor; ``vote_score``
is the formula on that table.

Explained in the chapter *Measuring what a code means*.
"""

from collections.abc import Callable

import numpy as np

from infogan_lite.inputs import whole
from infogan_lite.measures.codes_and_factors import checked_columns, columns_of, is_constant

Draw = Callable[[int | None, int, np.random.Generator], np.ndarray]


def gini_variance(codes: np.ndarray, categorical: np.ndarray) -> np.ndarray:
    """The variance of each column, shape (m,), that also labels have (Kim and Mnih, 2018)::

        Var(S) = 1 / (2 n (n - 1)) sum over a, b of d(s_a, s_b)

    With d = (s_a - s_b)^2 it is the usual unbiased variance.  For labels d = 1 if they differ,
    which is half the summed variance of the one-hot columns.
    """
    half = np.where(categorical, 0.5, 1.0)
    pairs = zip(codes.T, categorical, strict=True)
    return half * [columns_of(c, is_label).var(axis=0, ddof=1).sum() for c, is_label in pairs]


def vote_score(votes: np.ndarray, held_out: np.ndarray | None = None) -> float:
    """The part of the held-out votes that the majority rule gets right::

        rule(i) = argmax_j votes_ij
        score = sum_i held_out_{i, rule(i)} / sum_ij held_out_ij

    Args:
        votes: (m, k) how often code i varied least while factor j was fixed.
        held_out: the same from other draws; None means that the rule is judged by its own votes.

    Raises:
        ValueError: if the tables differ in shape, have negative numbers, or hold no votes.
    """
    votes = np.asarray(votes)
    held_out = votes if held_out is None else np.asarray(held_out)
    for name, table in (("votes", votes), ("held_out", held_out)):
        if table.ndim != 2 or table.shape != votes.shape or not (table >= 0).all():
            raise ValueError(
                f"{name} must be counts of shape (codes, factors), got shape {table.shape}"
            )
    if not held_out.sum() > 0:
        raise ValueError("there are no votes to judge")
    return float(held_out[np.arange(len(votes)), votes.argmax(axis=1)].sum() / held_out.sum())


def factor_vae_score(
    draw: Draw,
    k: int,
    categorical: np.ndarray | None = None,
    votes: int = 800,
    batch: int = 64,
    reference: int = 2000,
    seed: int = 0,
) -> float:
    """Kim and Mnih, 2018 (https://arxiv.org/abs/1802.05983): a vote on the factor held fixed.

    One vote: fix factor j at one value, vary all others, and see which code varies least::

        i* = argmin_i Var(c_i given v_j) / Var(c_i).

    ``votes`` of them make the rule, as many new ones its score (``vote_score``).  No units.
    Codes that are constant in the reference draw do not vote.  If all are, the score is 0.
    Otherwise chance is about 1/k, so look at the score beside 1/k.  Of equals the first wins.

    What it misses: one factor spread over many codes, or duplicated, scores 1; so does a code
    that knows its factor poorly, as long as it knows nothing else.  A code that is constant but
    for noise may win votes by luck.  It needs new images of chosen factors, not a fixed table.

    Args:
        draw: ``draw(fixed, n, rng)`` returns the codes of n new images, shape (n, m).  Every
            factor is drawn anew for each image, except that factor number ``fixed`` has the
            same random value in all of them; with ``fixed=None`` none is.  For a renderer::

                def draw(fixed, n, rng):
                    factors = sample_factors(n, rng)
                    if fixed is not None:
                        factors[:, fixed] = factors[0, fixed]
                    return read_codes(render(factors))

        k: the number of factors.
        categorical: (m,) booleans, which codes are columns of labels; None means none.
        votes, batch: how many votes, and images for each; 2 * votes * batch are drawn in all.
        reference: images drawn for Var(c_i).
        seed: of the rng that is given to draw.

    Raises:
        ValueError: if k, votes < 1, or batch, reference < 2; or if draw returns a wrong
            shape, NaN or infinity, or labels with fractions.
    """
    k, votes, seed = whole("k", k, 1), whole("votes", votes, 1), whole("seed", seed)
    # A variance needs two.
    batch, reference = whole("batch", batch, 2), whole("reference", reference, 2)
    rng = np.random.default_rng(seed)

    def codes_of(fixed: int | None, n: int) -> np.ndarray:
        codes, _ = checked_columns(draw(fixed, n, rng), categorical, "codes", "categorical")
        if len(codes) != n:
            raise ValueError(f"draw(fixed, {n}, rng) gave {len(codes)} rows of codes, not {n}")
        return codes

    codes = codes_of(None, reference)
    m = codes.shape[1]
    labels = np.zeros(m, bool) if categorical is None else np.asarray(categorical)
    live = np.flatnonzero([not is_constant(column) for column in codes.T])
    if not len(live):
        return 0.0
    usual = gini_variance(codes, labels)[live]
    tables = np.zeros((2, m, k), int)
    for table in tables:
        for fixed in rng.integers(k, size=votes):
            codes = codes_of(int(fixed), batch)
            if codes.shape[1] != m:
                raise ValueError(f"draw gave {m} codes at first and {codes.shape[1]} later")
            ratio = gini_variance(codes, labels)[live] / usual
            table[live[ratio.argmin()], fixed] += 1
    return vote_score(*tables)
