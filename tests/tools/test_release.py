"""A release says one version and one address everywhere."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tools_of_ours import ROOT, tool

release = tool("release")
VERSION = release.tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"][
    "version"
]
TAG, ADDRESS = f"v{VERSION}", "https://github.com/example/book"


def test_another_version_is_refused():
    assert release.objections("v0.0.1") == [
        f"the tag is v0.0.1 and pyproject.toml's version {VERSION}"
    ]


@pytest.mark.parametrize("branch", ["main", TAG])
def test_address_tag_and_cells_must_agree(monkeypatch, branch):
    monkeypatch.setenv("INFOGAN_REPOSITORY", ADDRESS)
    monkeypatch.setenv("INFOGAN_BRANCH", branch)
    found = release.objections(TAG)
    assert any("repository.branch" in sentence for sentence in found) == (branch == "main")
    assert any("make stamp" in sentence for sentence in found)  # these chapters have no address


def git(folder, *words):
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def copy(tmp_path):
    """The files that a release reads and writes, in a repository with a place to push to."""
    copy = tmp_path / "copy"
    for folder in ("book", "ko", "tools"):
        unwanted = shutil.ignore_patterns("__pycache__", "_build", ".ipynb_checkpoints")
        shutil.copytree(ROOT / folder, copy / folder, ignore=unwanted)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, copy)
    config = (copy / "_config.yml").read_text(encoding="utf8")  # of a fork it has an address
    config = re.sub(r"(?m)^  url: .*$", '  url: ""', config)
    (copy / "_config.yml").write_text(config, encoding="utf8")
    git(tmp_path, "init", "--quiet", "--bare", "remote")
    git(copy, "init", "--quiet", "--initial-branch=main")
    git(copy, "remote", "add", "origin", str(tmp_path / "remote"))
    git(copy, "add", "--all")
    git(copy, *release.AUTHOR, "commit", "--quiet", "--message", "all")
    git(copy, "push", "--quiet", "origin", "main")
    return copy


def run(copy, *words, **more):
    known = {k: v for k, v in os.environ.items() if not k.startswith(("INFOGAN_", "GITHUB_"))}
    command = [sys.executable, "tools/release.py", *words]
    return subprocess.run(command, cwd=copy, env=known | more, capture_output=True, text=True)


def test_a_release_is_stamped_and_tagged_beside_the_branch(copy, tmp_path):
    on_github = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "example/book"}
    done = run(copy, TAG, **on_github)
    assert done.returncode == 0, done.stdout + done.stderr
    done = run(copy, TAG, "--push")
    assert done.returncode == 0, done.stdout + done.stderr
    remote = tmp_path / "remote"
    for chapter in ("book/1-entangled-noise.ipynb", "ko/1-entangled-noise.ipynb"):
        assert f"{ADDRESS}@{TAG}" in git(remote, "show", f"{TAG}:{chapter}")
        assert ADDRESS not in git(remote, "show", f"main:{chapter}")
    config = git(remote, "show", f"{TAG}:_config.yml")
    assert f'url: "{ADDRESS}"' in config and f"branch: {TAG}" in config


def test_without_an_address_nothing_is_pushed(copy, tmp_path):
    for words in ((TAG,), (TAG, "--push")):
        done = run(copy, *words)
        assert done.returncode == 1 and "repository.url" in done.stderr
    assert git(tmp_path / "remote", "tag") == ""
    done = run(copy, "v0.0.1")
    assert done.returncode == 1 and "pyproject.toml's version" in done.stderr
