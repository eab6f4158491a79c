"""Write down the exact version and the checksums of all that is installed (make lock).

    python tools/lock.py

From requirements.txt, the extra `test` and the versions in constraints.txt come

- requirements.lock: all but torch, for Python 3.11 to 3.13 on any system;
- torch.lock: torch and what it brings, as PyPI has them (on Linux with CUDA);
- binder/requirements.txt: what Binder needs, from binder/requirements.in, without torch.

It needs uv, which `make lock` installs for it.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TORCH = re.compile(r"(torch|torchvision|triton|nvidia-.*|cuda-.*)==")
OLDEST = "3.11.5"  # of Python: soupsieve, which the book's theme needs, takes no older one


def compiled(*options: str) -> list[str]:
    """One text for each package: its version, its marker, its checksums."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header"]
    command += ["--generate-hashes", "--no-annotate", "--only-binary", ":all:", "-c"]
    command += ["constraints.txt", "--no-emit-package", "infogan-lite", *options]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return re.split(r"\n(?=\S)", done.stdout.strip())


def write(name: str, packages: list[str]) -> None:
    head = "# Written by `make lock`; change requirements.txt or constraints.txt instead."
    (ROOT / name).write_text("\n".join([head, *packages]) + "\n", encoding="utf8")
    print(f"{name}: {len(packages)} packages")


def main() -> None:
    every = ["requirements.txt", "pyproject.toml", "--extra", "test"]
    packages = compiled("--universal", "--python-version", OLDEST, *every)
    write("requirements.lock", [p for p in packages if not TORCH.match(p)])
    write("torch.lock", [p for p in packages if TORCH.match(p)])
    binder = ["--python-version", OLDEST, "--python-platform", "x86_64-manylinux_2_28"]
    packages = compiled(*binder, "binder/requirements.in")
    write("binder/requirements.txt", [p for p in packages if not TORCH.match(p)])


if __name__ == "__main__":
    main()
