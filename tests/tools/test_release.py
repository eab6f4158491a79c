"""A release says one version and one address everywhere."""

import pytest

from tools_of_ours import ROOT, tool

release = tool("release")
VERSION = release.tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"][
    "version"
]


def test_another_version_is_refused():
    assert release.objections("v0.0.1") == [
        f"the tag is v0.0.1 and pyproject.toml's version {VERSION}"
    ]


@pytest.mark.parametrize("branch", ["main", f"v{VERSION}"])
def test_address_tag_and_cells_must_agree(monkeypatch, branch):
    monkeypatch.setenv("INFOGAN_REPOSITORY", "https://github.com/example/book")
    monkeypatch.setenv("INFOGAN_BRANCH", branch)
    found = release.objections(f"v{VERSION}")
    assert any("repository.branch" in sentence for sentence in found) == (branch == "main")
    assert any("make stamp" in sentence for sentence in found)  # these chapters have no address
