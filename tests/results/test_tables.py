"""Stored tables, as chapters read them."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.report import CHAPTERS_READ
from infogan_lite.results.tables import about, stored


def test_an_unknown_table_is_named():
    with pytest.raises(ValueError, match="no stored table 'speed'; there are: ablation, claims"):
        stored("speed")


@pytest.mark.parametrize("name", CHAPTERS_READ)
def test_stored_tables_say_how_they_were_made(name):
    assert {"made by", "date", "hardware", "versions"} <= about(name).keys() and stored(name)


def test_the_stored_tables_are_those_that_chapters_read():
    book = Path(__file__).parents[2] / "book"
    code = [
        "".join(cell["source"])
        for path in book.glob("*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf8"))["cells"]
    ]
    read = set(re.findall(r'stored\("([^"]+)"\)', "\n".join(code)))
    assert read == set(CHAPTERS_READ)
