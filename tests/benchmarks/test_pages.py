"""What a page weighs with all that it loads."""

from pathlib import Path

import pytest

from benchmarks import pages, report
from benchmarks.options import Options


@pytest.mark.browser
def test_a_page_and_its_files_are_counted_once_each(browser, tmp_path):
    (tmp_path / "a b.css").write_text("p { color: teal; }" + " " * 5000, encoding="utf8")
    (tmp_path / "unused.css").write_text(" " * 7000, encoding="utf8")
    head = '<link rel="stylesheet" href="a%20b.css"><link rel="stylesheet" href="a%20b.css">'
    page = tmp_path / "page.html"
    page.write_text(
        f'<!doctype html><html lang="en"><head>{head}</head><body><p>x</p></body>', encoding="utf8"
    )
    own, loaded, paint = pages.weigh(page, browser)
    assert own == page.stat().st_size
    assert loaded == own + (tmp_path / "a b.css").stat().st_size
    assert 0 < paint < 60_000


def test_a_book_that_is_not_built_is_said(monkeypatch, tmp_path):
    pytest.importorskip("playwright")
    monkeypatch.setattr(report, "ROOT", Path(tmp_path))
    with pytest.raises(SystemExit, match="the book is not built: make book"):
        pages.run(Options(quick=True))
