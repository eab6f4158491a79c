"""What is taken from the recipe, piece by piece."""

from dataclasses import replace

from benchmarks import ablation, report
from benchmarks.ablation import WITHOUT
from benchmarks.options import Options
from infogan_lite import preset


def test_each_variant_of_the_ablation_is_another_setting_of_the_recipe():
    lite = preset("lite")
    variants = [replace(lite, **changes) for changes in WITHOUT.values()]
    assert variants[0] == lite and len(set(variants)) == len(variants) == 13


def test_the_ablation_runs_at_a_tiny_budget(tiny_budget, tmp_path, capsys, monkeypatch):
    """With the recipe and what chapter 6, which is run as well, does not take from it."""
    some = ["recipe", "batch norm as training left it", "without two looks alike"]
    monkeypatch.setattr(ablation, "WITHOUT", {name: WITHOUT[name] for name in some})
    ablation.run(Options(seeds=(1,), quick=True, folder=tmp_path))
    rows, about = report.read(tmp_path / "ablation.csv")
    assert [row["variant"] for row in rows] == some and about["seeds"] == "[1]"
    assert "| recipe |" in capsys.readouterr().out
