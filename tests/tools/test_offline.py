"""The zip for readers without a network."""

import json
import posixpath
import random
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import PurePosixPath

import pytest

from tools_of_ours import ROOT, tool

offline = tool("offline")


def test_the_zip_holds_the_pages_and_a_start(tmp_path):
    html = tmp_path / "html"
    (html / "_static").mkdir(parents=True)
    (html / "index.html").write_text("<p>Hello</p>", encoding="utf8")
    (html / "_static/book.css").write_text("p {}", encoding="utf8")
    (html / "jupyter_execute").mkdir()  # the Korean build leaves it there
    (html / "jupyter_execute/0.png").write_bytes(b"a picture that no page shows")
    target = tmp_path / "out/book.zip"
    assert offline.pack(html, target) == target.stat().st_size
    with zipfile.ZipFile(target) as archive:
        pages = "infogan-book/pages/"
        assert archive.read(pages + "index.html") == b"<p>Hello</p>"
        assert pages + "_static/book.css" in archive.namelist()
        assert not any("jupyter_execute" in name for name in archive.namelist())
        assert b"pages/index.html" in archive.read("infogan-book/START-HERE.html")


def test_the_zip_holds_what_pip_installs_and_the_notebooks(tmp_path):
    """So that it is the zip that the first cell of a notebook asks for."""
    html = tmp_path / "html"
    html.mkdir()
    (html / "index.html").write_text("<p>Hello</p>", encoding="utf8")
    offline.pack(html, tmp_path / "book.zip")
    with zipfile.ZipFile(tmp_path / "book.zip") as archive:
        archive.extractall(tmp_path)
    top = tmp_path / "infogan-book"
    notebooks = {p.name for p in (ROOT / "book").glob("*.ipynb")}
    assert notebooks < {p.name for p in (top / "book").iterdir()}
    assert notebooks | {"widget-texts.json"} < {p.name for p in (top / "ko").iterdir()}
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--wheel-dir", tmp_path, tmp_path / "book.zip"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info" not in name}
    assert names == {name for name in sources() if name.startswith("infogan_lite/")}


def sources() -> set[str]:
    return {p.relative_to(offline.ROOT).as_posix() for p in offline.sources()}


def links(name: str) -> list[str]:
    """Relative ones of a plain page or a notebook, from the top of the repository."""
    text = (ROOT / name).read_text(encoding="utf8")
    if name.endswith(".ipynb"):
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    found = re.findall(r"\]\(([\w./-]+)(?:#[^)]*)?\)", re.sub(r"```.*?```", "", text, flags=re.S))
    return [posixpath.normpath(posixpath.join(posixpath.dirname(name), link)) for link in found]


def test_what_packed_pages_link_to_is_packed():
    packed = sources()
    folders = {str(folder) for name in packed for folder in PurePosixPath(name).parents}
    # Those of ko/texts begin where the pages lie that are made of them.
    pages = [n for n in packed if n.endswith((".md", ".ipynb")) and "ko/texts/" not in n]
    wanted = {(name, link) for name in pages for link in links(name)}
    assert {("README.md", "book/_static/sliders.webp"), ("README.ko.md", "binder")} < wanted
    assert ("book/1-entangled-noise.ipynb", "book/notation.md") in wanted
    assert [pair for pair in wanted if pair[1] not in packed | folders] == []
    assert {"Makefile", "requirements.txt", "torch.lock", "tests/conftest.py"} < packed


def test_without_git_the_same_files_are_packed_and_nothing_that_was_built(tmp_path, monkeypatch):
    wanted = sources()
    for name in wanted:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("_build/html/a.html", "tools/__pycache__/a.pyc", "benchmarks/results/quick/a.csv"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(offline, "ROOT", tmp_path)
    assert sources() == wanted


def test_what_both_editions_have_alike_is_packed_once(tmp_path):
    files = {"_static/a.css": "p {}", "_images/1.png": "1", "_static/words.js": "English"}
    page = '<link href="_static/a.css?v=1"><script src="_static/words.js"></script>'
    page += '<img src="_images/1.png">_static/a.css'
    for name, text in files.items():
        for folder in ("", "ko/"):
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("English", "한국어") if folder else text, encoding="utf8")
    for folder in ("", "ko"):
        (tmp_path / folder / "index.html").write_text(page, encoding="utf8")
    offline.pack(tmp_path, tmp_path / "out/book.zip")
    with zipfile.ZipFile(tmp_path / "out/book.zip") as archive:
        found = {n.removeprefix("infogan-book/pages/") for n in archive.namelist()}
        assert {n for n in found if n.startswith("ko/")} == {"ko/index.html", "ko/_static/words.js"}
        assert archive.read("infogan-book/pages/index.html").decode() == page
        korean = archive.read("infogan-book/pages/ko/index.html").decode()
    assert re.findall(r'="([^"]*)"', korean) == [
        "../_static/a.css?v=1",
        "_static/words.js",
        "../_images/1.png",
    ]
    assert korean.endswith(">_static/a.css")


def test_a_zip_that_is_too_large_is_refused_and_removed(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("<p>Hello</p>", encoding="utf8")
    monkeypatch.setattr(offline, "LIMIT", 10)
    with pytest.raises(ValueError, match="each must be at most"):
        offline.pack(tmp_path, tmp_path / "out/book.zip")
    assert not (tmp_path / "out/book.zip").exists()


def test_each_language_has_its_own_limit(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("<p>Hello</p>", encoding="utf8")
    alone = offline.pack(tmp_path, tmp_path.parent / "one.zip")
    (tmp_path / "ko").mkdir()
    (tmp_path / "ko/index.png").write_bytes(random.Random(0).randbytes(alone // 2))
    monkeypatch.setattr(offline, "LIMIT", alone + 1000)
    assert offline.pack(tmp_path, tmp_path.parent / "two.zip") > alone + 1000
    (tmp_path / "ko/index.png").write_bytes(random.Random(0).randbytes(alone + 2000))
    with pytest.raises(ValueError, match="each must be at most"):
        offline.pack(tmp_path, tmp_path.parent / "two.zip")


def test_without_a_book_it_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="run make book first"):
        offline.pack(tmp_path, tmp_path / "book.zip")
