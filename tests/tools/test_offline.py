"""The zip for readers without a network."""

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
    target = tmp_path / "out/book.zip"
    assert offline.pack(html, target) == target.stat().st_size
    with zipfile.ZipFile(target) as archive:
        pages = "infogan-book/pages/"
        assert archive.read(pages + "index.html") == b"<p>Hello</p>"
        assert pages + "_static/book.css" in archive.namelist()
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
    assert {p.name for p in (top / "book").iterdir()} == {
        p.name for p in (ROOT / "book").glob("*.ipynb")
    }
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--wheel-dir", tmp_path, tmp_path / "book.zip"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info" not in name}
    tracked = {p.relative_to(ROOT).as_posix() for p in offline.sources()}
    assert names == {name for name in tracked if name.startswith("infogan_lite/")}


def test_a_zip_that_is_too_large_is_refused_and_removed(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("<p>Hello</p>", encoding="utf8")
    monkeypatch.setattr(offline, "LIMIT", 10)
    with pytest.raises(ValueError, match="more than"):
        offline.pack(tmp_path, tmp_path / "out/book.zip")
    assert not (tmp_path / "out/book.zip").exists()


def test_without_a_book_it_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="run make book first"):
        offline.pack(tmp_path, tmp_path / "book.zip")
