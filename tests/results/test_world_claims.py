"""Each claim about a world judged from rows whose verdict is known."""

import pytest

from benchmarks.world_runs import EACH
from benchmarks.world_settings import WORLDS
from infogan_lite.results import world_claims

GOOD = {"code": "c1", "strength": 0.95, "made": 0.9, "kept": 0.95, "same_digit": 0.95, "net": 0.99}


def run(world: str, seed: int, kind: str = "InfoGAN", **changes) -> list[dict[str, str]]:
    """The rows of a run as the table has them; changes by factor."""
    rows = []
    for factor in WORLDS[world].factors:
        known = {"set": world, "codes": kind, "seed": seed, "factor": factor}
        known |= dict.fromkeys(EACH, "") | GOOD | {"factor": factor} | changes.get(factor, {})
        rows.append({column: str(value) for column, value in known.items()})
    return rows


def all_runs(n: int = 5, kind: str = "InfoGAN") -> list[dict[str, str]]:
    rows = [row for world in WORLDS for seed in range(n) for row in run(world, seed, kind)]
    labels = dict.fromkeys(WORLDS["heads"].factors, {"strength": 0.9})
    return rows + [row for s in range(n) for row in run("heads", s, "100 labels", **labels)]


def verdict(name: str, rows, kind: str = "InfoGAN") -> world_claims.Judged:
    (one,) = [j for j in world_claims.judged(rows, kind) if j.claim.name.startswith(name)]
    return one


def test_all_claims_hold_of_good_rows():
    found = world_claims.judged(all_runs())
    assert [j.claim for j in found] == list(world_claims.CLAIMS)
    assert {j.verdict.word for j in found} == {"holds"}
    assert all(list(j.values) == [0, 1, 2, 3, 4] for j in found)


@pytest.mark.parametrize(
    ("name", "world", "changes"),
    [
        ("C15 heads: azimuth", "heads", {"light": {"strength": 0.84}}),
        ("C15 heads: azimuth", "heads", {"elevation": {"made": 0.84}}),
        ("C15 heads: width", "heads", {"width": {"strength": 0.5}}),
        ("C15 each", "heads", {"width": {"kept": 0.8}}),
        ("C16 chairs: rotation", "chairs", {"azimuth": {"made": 0.8}}),
        ("C16 chairs: width", "chairs", {"width": {"strength": 0.6}}),
        ("C16 each", "chairs", {"azimuth": {"code": ""}}),
        ("C17 street numbers: lighting", "streets", {"lighting": {"made": 0.8}}),
        ("C17 street numbers: context", "streets", {"bright_ink": {"same_digit": 0.8}}),
        ("C17 street numbers: context", "streets", {"bright_ink": {"strength": 0.7}}),
        ("C17 lighting", "streets", {"lighting": {"kept": 0.5}}),
        ("C18 portraits: hair", "portraits", {"hair": {"made": 0.7}}),
        ("C18 portraits: emotion", "portraits", {"emotion": {"strength": 0.1}}),
        ("C18 each", "portraits", {"glasses": {"kept": 0.0}}),
        ("S3", "heads", {"width": {"strength": 0.1}}),
    ],
)
def test_a_claim_fails_where_its_bar_is_missed(name, world, changes):
    rows = [row for row in all_runs() if (row["set"], row["codes"]) != (world, "InfoGAN")]
    rows += [row for seed in range(5) for row in run(world, seed, **changes)]
    assert verdict(name, rows).verdict.word == "fails"


def test_what_the_taught_net_cannot_read_is_judged_by_q_alone():
    blurry = {"emotion": {"made": 0.1, "net": 0.9}}
    rows = [row for seed in range(5) for row in run("portraits", seed, **blurry)]
    assert verdict("C18 portraits: emotion", rows).values == dict.fromkeys(range(5), 0.95)


def test_controls_are_judged_alike_and_apart():
    rows = all_runs() + all_runs(2, "plain GAN")[: 2 * len(WORLDS["heads"].factors)]
    found = verdict("C15 heads: width", rows, "plain GAN")
    assert (found.verdict.passed, found.verdict.seeds, found.verdict.word) == (2, 2, "undecided")
    assert verdict("C15 heads: width", rows).verdict.seeds == 5
    assert world_claims.judged(run("heads", 1), "plain GAN") == []


def test_labels_are_waited_for():
    rows = run("heads", 0) + run("heads", 1) + run("heads", 1, "100 labels")
    assert list(verdict("S3", rows).values) == [1]
    assert "S3" not in " ".join(j.claim.name for j in world_claims.judged(run("heads", 0)))
