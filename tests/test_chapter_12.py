"""Chapter 12 and the files of whoever reads it."""

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

CHAPTER = Path(__file__).resolve().parents[1] / "book/12-your-own-pictures.ipynb"


def test_it_only_reads_the_folder_of_a_reader(tmp_path, monkeypatch):
    """Every cell up to the one that loads it is run, with the path of the reader in its place."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mine = tmp_path / "mine"
    mine.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (60, 16, 16, 3), np.uint8)
    for i, picture in enumerate(pixels):
        Image.fromarray(picture).save(mine / f"{i}.png")
    (mine / "notes.txt").write_text("what the reader wrote", encoding="utf8")
    before = {path: path.read_bytes() for path in mine.iterdir()}

    cells = json.loads(CHAPTER.read_text(encoding="utf8"))["cells"]
    sources = {c["id"]: "".join(c["source"]) for c in cells if c["cell_type"] == "code"}
    names: dict = {}
    for name in ("own-03", "own-05", "own-06", "own-08"):
        exec(sources[name], names)
    assert "folder = drawn" in sources["own-11"]
    with pytest.warns(UserWarning, match="notes.txt"):
        exec(sources["own-11"].replace("folder = drawn", f"folder = {str(mine)!r}"), names)
    assert {path: path.read_bytes() for path in mine.iterdir()} == before
    assert names["data"].x_train.shape == (48, 3, 16, 16)
