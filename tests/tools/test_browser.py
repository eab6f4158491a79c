"""Where Chromium is looked for."""

import os

import pytest

from tools_of_ours import tool

browser = tool("browser")


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """No program can be found, but those that a test puts into this folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("ProgramFiles", raising=False)
    monkeypatch.delenv("ProgramFiles(x86)", raising=False)
    monkeypatch.setattr(browser, "MAC", str(tmp_path / "Google Chrome"))
    return tmp_path


def put(path):
    path.write_text("#!/bin/sh\n", encoding="utf8")
    path.chmod(0o755)
    return str(path)


def test_it_is_none_where_there_is_no_browser(nowhere):
    assert browser.find() is None


@pytest.mark.unix
def test_the_variable_wins_over_the_path_and_the_path_over_the_mac(nowhere, monkeypatch):
    on_a_mac = put(nowhere / "Google Chrome")
    assert browser.find() == on_a_mac
    chrome = put(nowhere / "google-chrome")
    assert browser.find() == chrome
    chromium = put(nowhere / "chromium")
    assert browser.find() == chromium
    monkeypatch.setenv("CHROMIUM", "/opt/another")
    assert browser.find() == "/opt/another"


def test_on_windows_it_is_where_programs_are(nowhere, monkeypatch):
    """Neither Chrome nor Edge is on the path there."""
    monkeypatch.setenv("ProgramFiles", str(nowhere / "Programs"))
    monkeypatch.setenv("ProgramFiles(x86)", str(nowhere / "Programs (x86)"))
    assert browser.find() is None
    edge = nowhere / "Programs (x86)/Microsoft/Edge/Application/msedge.exe"
    chrome = nowhere / "Programs/Google/Chrome/Application/chrome.exe"
    for path in (edge, chrome):
        path.parent.mkdir(parents=True)
        path.touch()
        assert browser.find() == str(path)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there is no root here")
def test_who_is_not_root_installs_nothing(nowhere, monkeypatch):
    ran = nowhere / "ran"
    (nowhere / "apt-get").write_text(f"#!/bin/sh\n: > {ran}\n", encoding="utf8")
    (nowhere / "apt-get").chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    browser.install()
    assert not ran.exists()
