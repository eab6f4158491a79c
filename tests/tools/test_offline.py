"""The zip for readers without a network."""

import zipfile

import pytest

from tools_of_ours import tool

offline = tool("offline")


def test_the_zip_holds_the_pages_and_a_start(tmp_path):
    html = tmp_path / "html"
    (html / "_static").mkdir(parents=True)
    (html / "index.html").write_text("<p>Hello</p>")
    (html / "_static/book.css").write_text("p {}")
    target = tmp_path / "out/book.zip"
    assert offline.pack(html, target) == target.stat().st_size
    with zipfile.ZipFile(target) as archive:
        pages = "infogan-book/pages/"
        assert archive.read(pages + "index.html") == b"<p>Hello</p>"
        assert pages + "_static/book.css" in archive.namelist()
        assert b"pages/index.html" in archive.read("infogan-book/START-HERE.html")


def test_a_zip_that_is_too_large_is_refused_and_removed(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("<p>Hello</p>")
    monkeypatch.setattr(offline, "LIMIT", 10)
    with pytest.raises(ValueError, match="more than"):
        offline.pack(tmp_path, tmp_path / "out/book.zip")
    assert not (tmp_path / "out/book.zip").exists()


def test_without_a_book_it_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="run make book first"):
        offline.pack(tmp_path, tmp_path / "book.zip")
