"""Colab's versions of what we require."""

import pytest

from tools_of_ours import tool

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


def test_another_page_is_refused():
    with pytest.raises(ValueError, match="not Colab's"):
        colab.constraints("<html>Not found</html>", "torch>=2.4\n")
