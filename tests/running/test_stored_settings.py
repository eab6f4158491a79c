"""Settings in files: what does not count is left out, and what counts must be there."""

import json
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from infogan_lite import InfoGAN, LatentCode
from infogan_lite.running import checkpoints

pytestmark = pytest.mark.sensitive


def texts_of(path) -> dict[str, str]:
    with safe_open(path, "pt") as file:
        return file.metadata()


OLD = ("kappa", "lam_circular")


@pytest.mark.parametrize("angles", [0, 1])
def test_files_older_than_circular_factors_are_read(tmp_path, tiny, angles):
    """They have none, and so are files without them written to this day."""
    model = InfoGAN(replace(tiny, code=LatentCode((3,), 2, angles)), (1, 8, 8)).eval()
    checkpoints.save(model, tmp_path / "m")
    table = json.loads(texts_of(tmp_path / "m")["settings"])
    assert [name in table for name in OLD] == [bool(angles)] * 2
    assert ("circular" in table["code"]) == bool(angles)
    loaded = checkpoints.load(tmp_path / "m")
    assert loaded.settings == model.settings
    assert torch.equal(loaded.sample(3), model.sample(3))


@pytest.mark.parametrize("lost", ["kappa", "lam_circular", "circular"])
def test_a_file_with_half_of_what_angles_need_is_refused(tmp_path, tiny, lost):
    path = tmp_path / "m"
    checkpoints.save(InfoGAN(replace(tiny, code=LatentCode((3,), 2, 1)), (1, 8, 8)), path)
    weights, texts = load_file(path), texts_of(path)
    table = json.loads(texts["settings"])
    (table["code"] if lost == "circular" else table).pop(lost)
    save_file(weights, path, texts | {"settings": json.dumps(table)})
    with pytest.raises(ValueError, match=f"m: settings.*({lost} is missing|fields.*circular)"):
        checkpoints.load(path)
