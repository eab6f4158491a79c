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
    monkeypatch.setattr(browser, "MAC", str(tmp_path / "Google Chrome"))
    return tmp_path


def put(path):
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_it_is_none_where_there_is_no_browser(nowhere):
    assert browser.find() is None


def test_the_variable_wins_over_the_path_and_the_path_over_the_mac(nowhere, monkeypatch):
    on_a_mac = put(nowhere / "Google Chrome")
    assert browser.find() == on_a_mac
    chrome = put(nowhere / "google-chrome")
    assert browser.find() == chrome
    chromium = put(nowhere / "chromium")
    assert browser.find() == chromium
    monkeypatch.setenv("CHROMIUM", "/opt/another")
    assert browser.find() == "/opt/another"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there is no root here")
def test_who_is_not_root_installs_nothing(nowhere, monkeypatch):
    ran = nowhere / "ran"
    (nowhere / "apt-get").write_text(f"#!/bin/sh\n: > {ran}\n")
    (nowhere / "apt-get").chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    browser.install()
    assert not ran.exists()
