"""Every number in the text of README and of chapters 6 to 11 says what its source says."""

import json
import re
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
import yaml

from numbers_in_prose import faults
from stored_numbers import NAMES

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "book/_ext"))

from korean_texts import README, english_blocks, source  # noqa: E402

SOURCES = ROOT / "tests/sources"
PAGES = sorted(path.stem for path in SOURCES.glob("*.yml"))
BIBLIOGRAPHY = (ROOT / "book/references.bib").read_text(encoding="utf8")
CITED = set(re.findall(r"^@\w+\{([^,]+),", BIBLIOGRAPHY, re.MULTILINE))


def listed(page: str) -> dict[str, dict]:
    return yaml.safe_load((SOURCES / f"{page}.yml").read_text(encoding="utf8"))


def blocks(page: str) -> dict[str, str]:
    """The texts of a page: of a notebook its Markdown cells, without what its code says."""
    found = english_blocks(page)
    if page != README:
        cells = json.loads(source(page).read_text(encoding="utf8"))["cells"]
        prose = {cell["id"] for cell in cells if cell["cell_type"] == "markdown"}
        found = {name: text for name, text in found.items() if name in prose}
    return found


def executed(page: str, wanted: list[str]) -> dict:
    """The names that these cells of a notebook define: they train nothing and take seconds."""
    cells = json.loads(source(page).read_text(encoding="utf8"))["cells"] if wanted else []
    texts = {cell["id"]: "".join(cell["source"]) for cell in cells}
    names: dict = {}
    for name in wanted:
        exec(compile(texts[name], f"{page}, {name}", "exec"), names)
    plt.close("all")
    return names


@pytest.mark.sensitive
@pytest.mark.parametrize("page", PAGES)
def test_every_number_says_what_its_source_says(page):
    sources = listed(page)
    names = NAMES | executed(page, sources.pop("run", []))
    for name, expression in sources.pop("names", {}).items():
        names[name] = eval(expression, names)
    found, texts = [], blocks(page)
    for block, text in texts.items():
        found += [f"{block}: {f}" for f in faults(text, sources.get(block, {}), names, CITED)]
    found += [f"{block}: there is no such text" for block in sources.keys() - texts.keys()]
    assert not found, "\n" + "\n".join(found)


def test_the_pages_with_results_are_all_listed():
    chapters = {path.stem for path in (ROOT / "book").glob("*.ipynb")}
    with_results = {name for name in chapters if re.match(r"([6-9]|10|11)-", name)}
    assert set(PAGES) == with_results | {README}


TEXT = "In **every seed** it is below 5%, in three of 12\nruns 4.0%; $x = 0.25$, 1, `77`, [6]."
SAID = {
    "every seed": "max(errors) < 0.05",
    "below 5%, in three of 12": ["max(errors) < n", "3.2", {"given": "twelve"}],
    "runs 4.0%": "median(errors)",
    "0.25": "1 / 4",
    "6": {"cited": "chen2016infogan, somewhere"},
}


@pytest.mark.parametrize(
    "changed, wrong",
    [
        ({}, ""),
        ({"every seed": "max(errors) < 0.01"}, "every, but max"),
        ({"every seed": "0.04"}, "neither true nor false"),
        ({"below 5%, in three of 12": ["True", "3", "12"]}, "does not speak of n"),
        ({"below 5%, in three of 12": ["max(errors) < n", "3.6", "12"]}, "is 3.6"),
        ({"below 5%, in three of 12": ["max(errors) < n", "3"]}, "and 2 sources"),
        ({"runs 4.0%": "0.041"}, "is 0.041"),
        ({"runs 4.0%": "4.0"}, "is 4"),
        ({"runs 4.0%": "n"}, "speaks of n, with which"),
        ({"0.25": None}, "no source for '0.25'"),
        ({"0.26": "0.26"}, "'0.26' is no longer there"),
        ({"6": {"cited": "nobody, anywhere"}}, "a key of references.bib"),
        ({"6": {"heard": "somewhere"}}, "no such kind"),
        ({"6": {"given": ""}}, "no reason"),
    ],
)
def test_what_is_wrong_is_named(changed, wrong):
    said = {phrase: source for phrase, source in (SAID | changed).items() if source}
    found = list(faults(TEXT, said, NAMES | {"errors": [0.039, 0.0404, 0.041]}, CITED))
    assert [wrong in fault for fault in found] == [True] * bool(wrong), found
