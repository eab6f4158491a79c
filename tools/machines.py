"""The sensitive part of the tests under other arithmetic: make test-machines.

A training amplifies rounding, and rounding depends on the instructions that the processor has,
on the number of threads and on the version of torch.  Environment variables let one machine
stand for others.  The table of what was run is printed and written to _build/machines.md.
"""

import argparse
import os
import re
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "_build/machines.md"
THREADS = "INFOGAN_TEST_THREADS"

# By name: the variables to set.  Without any, libraries choose what the machine has.
SETTINGS = {
    "as it is": {},
    "plain": {  # the least of everything
        "ATEN_CPU_CAPABILITY": "default",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "MKL_CBWR": "COMPATIBLE",
        "OPENBLAS_CORETYPE": "Nehalem",
    },
    "torch without AVX": {"ATEN_CPU_CAPABILITY": "default"},
    "torch with AVX2": {"ATEN_CPU_CAPABILITY": "avx2"},
    "oneDNN with SSE4.1": {"ONEDNN_MAX_CPU_ISA": "SSE41"},
    "oneDNN with AVX2": {"ONEDNN_MAX_CPU_ISA": "AVX2"},
    "2 threads": {THREADS: "2"},
    "4 threads": {THREADS: "4"},
}
# The libraries read these before a test runs; one thread stays one, unless a setting asks.
BASE = {"OMP_WAIT_POLICY": "PASSIVE"}


def environment(version: str) -> Path:
    """The Python of an environment with this torch; all else comes from the present one."""
    folder = ROOT / f"_build/torch-{version}"
    python = folder / "bin/python"
    if not (folder / ".ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        (packages,) = folder.glob("lib/python*/site-packages")
        here = [p for p in sys.path if p.endswith("site-packages")]
        (packages / "present.pth").write_text("\n".join(here), encoding="utf8")  # searched last
        wanted = [f"torch=={version}", "torchvision"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
        (folder / ".ready").touch()
    return python


def run(python: Path, variables: dict[str, str], tests: list[str]) -> tuple[str, str, float]:
    """Torch's version, the last line of pytest, and seconds."""
    env = os.environ | BASE | variables
    ask = [python, "-c", "import torch; print(torch.__version__)"]
    torch = subprocess.run(ask, env=env, capture_output=True, text=True).stdout.strip()
    began = time.perf_counter()
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout + done.stderr)
    last = done.stdout.strip().splitlines()[-1:] or ["did not start"]
    outcome = re.sub(r" in [\d.]+s.*", "", last[0]).strip("= ")
    return torch, outcome if not done.returncode else f"**{outcome}**", time.perf_counter() - began


def main() -> None:
    """Run the settings chosen; the exit status is 1 if any of them failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("settings", nargs="*", help=f"of: {', '.join(SETTINGS)}; all if none")
    parser.add_argument("--torch", nargs="*", default=[], help="versions to try as well")
    parser.add_argument("--tests", nargs="*", default=[], help="files, if not all of them")
    parser.add_argument("--all", action="store_true", help="every test, not the sensitive part")
    chosen = parser.parse_args()
    for name in chosen.settings:
        if name not in SETTINGS:
            parser.error(f"no setting {name!r}; there are: {', '.join(SETTINGS)}")
    tests = chosen.tests + ([] if chosen.all else ["-m", "sensitive"])
    names = chosen.settings or list(SETTINGS)
    plan = [(name, Path(sys.executable)) for name in names]
    plan += [("as it is", environment(version)) for version in chosen.torch]

    lines = ["| setting | variables | torch | outcome | seconds |", "|---|---|---|---|---|"]
    for name, python in plan:
        variables = SETTINGS[name]
        torch, outcome, seconds = run(python, variables, tests)
        shown = " ".join(f"{k}={v}" for k, v in variables.items()) or "none"
        lines.append(f"| {name} | {shown} | {torch} | {outcome} | {seconds:.0f} |")
        print(lines[-1], flush=True)
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text("\n".join(lines) + "\n", encoding="utf8")
    print(f"== the table: {TABLE}")
    sys.exit(any("**" in line for line in lines))


if __name__ == "__main__":
    main()
