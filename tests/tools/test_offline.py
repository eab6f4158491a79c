"""The zip for readers without a network."""

import random
import re
import subprocess
import sys
import zipfile

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
    assert {p.name for p in (top / "book").iterdir()} == notebooks
    assert {p.name for p in (top / "ko").iterdir()} == notebooks | {"widget-texts.json"}
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--wheel-dir", tmp_path, tmp_path / "book.zip"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info" not in name}
    tracked = {p.relative_to(ROOT).as_posix() for p in offline.sources()}
    assert names == {name for name in tracked if name.startswith("infogan_lite/")}


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
