"""Find Chromium for the tests of the built book; as a program, install it where apt can.

python tools/browser.py
"""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
HINT = (
    "Chromium is missing, so the tests of the pages in a browser are skipped. "
    "Install chromium or google-chrome, or set CHROMIUM to the program's path."
)


def find() -> str | None:
    """The path of a Chromium or Chrome, or None. The variable CHROMIUM wins."""
    if named := os.environ.get("CHROMIUM"):
        return named
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    homes = [
        os.environ[name] for name in ("ProgramFiles", "ProgramFiles(x86)") if name in os.environ
    ]
    places = [Path(MAC), *(Path(home, program) for program in WINDOWS for home in homes)]
    return next((str(path) for path in places if path.exists()), None)


def install() -> None:
    """Through apt, if there is one and we are root."""
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    print("Chromium is missing: installing it with apt-get", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
        subprocess.run(["apt-get", *command], env=env, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    if not find():
        install()
    print(f"browser: {find()}" if find() else HINT)
