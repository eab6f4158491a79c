"""Where torch is to come from: prints the address of an index, or nothing for PyPI.

    python tools/torch_index.py [ADDRESS | pypi]

On Linux the torch of PyPI carries CUDA, some gigabytes.  Where no GPU is, torch's own index has
a build without; it is taken if it can be reached.  An address, or "pypi", decides otherwise.
"""

import sys
import urllib.request
from pathlib import Path

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
GPUS = ("/proc/driver/nvidia", "/dev/nvidiactl", "/dev/dxg", "/dev/kfd")  # WSL's, then AMD's


def reachable(index: str) -> bool:
    """Whether the index answers for torch within five seconds."""
    try:
        with urllib.request.urlopen(f"{index}/torch/", timeout=5) as answer:
            return answer.status == 200
    except (OSError, ValueError):  # ValueError: no address at all
        return False


def choose(wish: str, system: str, gpu: bool, index: str = CPU_INDEX) -> tuple[str, str]:
    """The index ("" for PyPI), and why."""
    if wish:
        return ("" if wish == "pypi" else wish), "as TORCH_INDEX says"
    if system != "linux":
        return "", "its build for this system is small"
    if gpu:
        return "", "there is a GPU"
    if not reachable(index):
        return "", f"no GPU is here, but {index} does not answer: this build carries CUDA"
    return index, "no GPU is here; make TORCH_INDEX=pypi takes the build with CUDA"


if __name__ == "__main__":
    wish = sys.argv[1] if len(sys.argv) > 1 else ""
    index, why = choose(wish, sys.platform, any(Path(p).exists() for p in GPUS))
    print(f"== torch from {index or 'PyPI'}: {why}", file=sys.stderr)
    print(index)
