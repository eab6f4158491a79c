"""The models that come with the package: how they are trained and noted."""

from benchmarks import weights
from benchmarks.options import Options
from infogan_lite.running import checkpoints


def test_weights_are_small_and_say_how_they_were_made(tiny_budget, tmp_path):
    weights.run(Options(quick=True, folder=tmp_path))
    sizes = [path.stat().st_size for path in sorted(tmp_path.iterdir())]
    assert len(sizes) == 2 and sum(sizes) <= 2_000_000
    notes = checkpoints.read_notes(tmp_path / "infogan.safetensors")
    assert notes["seed"] == 0 and {"date", "versions", "data", "error", "chosen"} <= notes.keys()
    assert checkpoints.load(tmp_path / "gan.safetensors").settings.lam == 0
    assert checkpoints.load(tmp_path / "infogan.safetensors").settings.lam > 0
