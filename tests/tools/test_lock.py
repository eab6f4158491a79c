"""What goes into which lock, and how it is written."""

import re

import pytest

from tools_of_ours import ROOT, tool

lock = tool("lock")


@pytest.mark.parametrize(
    ("package", "of_torch"),
    [
        ("torch==2.14.1 \\", True),
        ("torchvision==0.29.1 \\", True),
        ("triton==3.7.0 ; sys_platform == 'linux' \\", True),
        ("nvidia-cublas==13.0.0 \\", True),
        ("cuda-toolkit==13.0.2 \\", True),
        ("torchmetrics==1.0 \\", False),
        ("tornado==6.5 \\", False),
        ("pytorch==1.0 \\", False),
    ],
)
def test_torch_and_what_it_brings_are_known_by_name(package, of_torch):
    assert bool(lock.TORCH.match(package)) == of_torch


def test_the_locks_that_are_stored_are_parted_by_these_names():
    for name, of_torch in (("torch.lock", True), ("requirements.lock", False)):
        text = (ROOT / name).read_text(encoding="utf8")
        assert text.startswith("# Written by `make lock`")
        packages = re.findall(r"^[A-Za-z].*", text, re.MULTILINE)
        assert packages and all(bool(lock.TORCH.match(p)) == of_torch for p in packages)


def test_a_lock_says_who_wrote_it_and_holds_each_package(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    lock.write("a.lock", ["one==1 \\\n    --hash=sha256:0", "two==2"])
    head, *rest = (tmp_path / "a.lock").read_text(encoding="utf8").splitlines()
    assert "make lock" in head and rest == ["one==1 \\", "    --hash=sha256:0", "two==2"]
    assert capsys.readouterr().out == "a.lock: 2 packages\n"
