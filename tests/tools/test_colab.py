"""Colab's versions of what we require."""

import subprocess
import sys

import pytest

from tools_of_ours import ROOT, tool

colab = tool("colab")
FREEZE = """\
absl-py==1.4.0
ipython==7.34.0
Pillow==11.3.0
scikit-learn==1.6.1
torch @ https://example.org/torch.whl
torch==2.11.0+cu128
torchvision==0.26.0+cu128
"""


def test_only_what_is_required_is_pinned_and_any_build_of_it():
    requirements = (
        "# The book\ntorch>=2.4\ntorchvision\npillow>=10   # pictures\nscikit_learn\n-e .\n"
    )
    pins = colab.constraints(FREEZE, requirements)
    assert pins == ["Pillow==11.3.0", "scikit-learn==1.6.1", "torch==2.11.0", "torchvision==0.26.0"]


def test_a_package_can_be_named_by_the_address_of_its_wheel_alone():
    """As in pip-freeze.txt of August 2026, where torch stands in no other form."""
    cpu, tags = "https://download.pytorch.org/whl/cpu", "cp313-cp313-manylinux_2_28_x86_64.whl"
    freeze = f"""\
# generated
en_core_web_sm @ https://example.org/en_core_web_sm-3.8.0-py3-none-any.whl#sha256=19
google-colab @ file:///colabtools/dist/google_colab-1.0.0.tar.gz
kernel_gateway @ git+https://github.com/googlecolab/kernel_gateway@b134e99
numpy==2.1.3
torch @ {cpu}/torch-2.11.0%2Bcpu-{tags}
torchao==0.10.0
torchvision @ {cpu}/torchvision-0.26.0+cpu-{tags}#sha256=19
"""
    pins = colab.constraints(freeze, "torch>=2.4\ntorchvision\nnumpy\ngoogle-colab\n")
    assert pins == ["numpy==2.1.3", "torch==2.11.0", "torchvision==0.26.0"]
    assert colab.constraints(freeze, "torch\nen-core-web-sm\n")[0] == "en_core_web_sm==3.8.0"


def run(tmp_path, freeze) -> subprocess.CompletedProcess:
    command = [sys.executable, ROOT / "tools/colab.py", "--freeze", freeze]
    command += ["--output", tmp_path / "colab.txt"]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_constraints_are_written_one_a_line(tmp_path):
    (tmp_path / "freeze.txt").write_text(FREEZE, encoding="utf8")
    done = run(tmp_path, tmp_path / "freeze.txt")
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "colab.txt").read_text(encoding="utf8").splitlines()
    assert "torch==2.11.0" in lines and "absl-py==1.4.0" not in lines


@pytest.mark.parametrize("there", [True, False])
def test_another_page_is_refused_in_one_sentence(tmp_path, there):
    page = tmp_path / "page.html"
    if there:
        page.write_text("<html>Not found</html>", encoding="utf8")
    done = run(tmp_path, page)
    assert done.returncode == 1 and not (tmp_path / "colab.txt").exists()
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ") and ("not Colab's" if there else "page.html") in line
