"""Each claim judged from rows whose verdict is known."""

import math

import pytest

from benchmarks.trial import COLUMNS, KINDS
from infogan_lite.results import trial

GOOD = {
    "L_I c1": 0.1,
    "end": 2.25,
    "peak": 2.3,
    "step of nine tenths": 300,
    "settled": 900,
    "error": 0.03,
    "not its digit": 0.8,
    "crossed": 0.2,
    "no mere stretch": 0.3,
    "L_I mixture": 2.0,
    "L_I factored": 1.95,
    "probe by 100": 0.05,
    "named by 100": 0.04,
    "z slant": 4,
    "z width": 3,
    "z both": 3,
} | {f"{s} {what}": 1.0 for s in ("slant", "width") for what in ("moved", "order", "same")}
GOOD |= {f"{s} {what} far": 0.9 for s in ("slant", "width") for what in ("order", "same")}
PLAIN = {"slant moved": 0.4, "width order": 0.5, "no mere stretch": 0.01, "L_I c1": 0.02}
OTHER = {
    "plain GAN": PLAIN,
    "supervised": {"named by 100": 0.2},
    "equal prior": {"error": 0.2},
    "paper, plain GAN": {"end": 2.0},
}


def row(kind: str, seed: int, **changes) -> dict[str, str]:
    """A row as the table has it: text, and empty where nothing was measured."""
    known = GOOD | OTHER.get(kind, {}) | changes
    rest = {"kind": kind, "seed": seed, "instructions": "AVX2", "diverged": 0}
    return {c: str((known | rest).get(c, "")) for c in COLUMNS}


def verdict(name: str, rows) -> trial.Judged:
    (found,) = [j for j in trial.judged(rows, "AVX2") if j.claim.name.startswith(name)]
    return found


def all_kinds(n: int = 10) -> list[dict[str, str]]:
    return [row(kind, seed) for kind in KINDS for seed in range(n)]


def test_all_claims_hold_of_good_rows():
    found = trial.judged(all_kinds(), "AVX2")
    assert [j.claim for j in found] == list(trial.CLAIMS)
    assert {j.verdict.word for j in found} == {"holds"}
    assert all(len(j.values) == 10 for j in found)


@pytest.mark.parametrize(
    ("claim", "kind", "changes"),
    [
        ("C1 ", "plain GAN", {"L_I c1": 0.51}),
        ("C2 ", "plain GAN, no bend", {"z both": 1}),
        ("C2 ", "plain GAN, no bend", {"z slant": 1, "z both": 1}),
        ("C3 L_I", "lite", {"end": 2.07}),
        ("C3 the", "paper, plain GAN", {"end": 2.25}),
        ("C5 ", "lite", {"settled": 300}),
        ("C5 ", "lite", {"step of nine tenths": 0}),
        ("C6, C8", "lite", {"error": 0.051}),
        ("C7 ", "plain GAN", {"not its digit": 0.5}),
        ("C9 a", "lite", {"slant same": 0.89}),
        ("C9 a", "plain GAN", {"slant moved": 1.1}),
        ("C10 a", "lite", {"width order": 0.7}),
        ("C10 a", "plain GAN", {"width order": 0.9}),
        ("C9, C10", "lite", {"crossed": 0.34}),
        ("C10 width", "lite", {"no mere stretch": 0.09}),
        ("C10 width", "plain GAN", {"no mere stretch": 0.2}),
        ("C11 ", "lite", {"width same far": 0.79}),
        ("C12 uniform lambda x 3", "uniform lambda x 3", {"error": 0.11}),
        ("C13 ", "lite", {"L_I mixture": 2.06}),
        ("C14 no tricks are needed, 5,000", "paper, 5000 steps", {"error": 0.06}),
        ("C19 ", "learned prior", {"error": 0.2}),
        ("S1 ", "lite", {"probe by 100": 0.21}),
        ("S2 ", "supervised", {"named by 100": 0.03}),
        ("C6, C8", "lite", {"error": "", "diverged": 1}),
    ],
)
def test_each_claim_fails_where_its_bar_is_missed(claim, kind, changes):
    rows = [row(k, s, **(changes if k == kind else {})) for k in KINDS for s in range(10)]
    assert verdict(claim, rows).verdict.word == "fails"


@pytest.mark.parametrize("kind", ["lite", "plain GAN"])
def test_a_run_that_diverged_counts_for_nobody(kind):
    """Its row is empty, which a control must not win by."""
    rows = all_kinds()
    for some in rows:
        if some["kind"] == kind:
            some |= dict.fromkeys(GOOD, "") | {"diverged": "1"}
    of_both = ("C9 a", "C10 a", "C10 width")
    assert {verdict(claim, rows).verdict.word for claim in of_both} == {"fails"}


def test_ties_count_for_s1_and_not_for_c19():
    rows = [row(k, s, **{"error": 0.2, "probe by 100": 0.2}) for k in KINDS for s in range(10)]
    assert verdict("S1", rows).verdict.word == "holds"
    assert verdict("C19", rows).verdict.word == "fails"


def test_only_seeds_that_all_kinds_have_and_one_set_of_instructions_count():
    rows = [row("lite", s) for s in range(5)] + [row("plain GAN", s) for s in range(1, 7)]
    rows += [row("lite", 9) | {"instructions": "DEFAULT", "error": "0.9"}]
    assert list(verdict("C9 a", rows).values) == [1, 2, 3, 4]
    assert list(verdict("C6, C8", rows).values) == [0, 1, 2, 3, 4]
    assert "C14" not in {j.claim.name[:3] for j in trial.judged(rows, "AVX2")}


def test_a_value_that_is_missing_is_no_number():
    found = verdict("C6, C8", [row("lite", s, error="") for s in range(10)])
    assert all(math.isnan(v) for v in found.values.values())
