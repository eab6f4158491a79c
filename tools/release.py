"""Make this checkout the release of a tag: make release TAG=v0.3.0, then make tag TAG=v0.3.0.

The first lets links and first cells of both editions follow the tag and says what is still to be
mended. The second commits that beside the branch, tags the commit and pushes the tag, so that the
branch itself goes on as it is.
"""

import argparse
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import stamp  # noqa: E402

AUTHOR = ("-c", "user.name=release", "-c", "user.email=release@localhost")


def objections(tag: str) -> list[str]:
    """One sentence for each thing to mend before this tag."""
    if found := wrong_version(tag):
        return found
    source = stamp.package_source()
    if not source.endswith(f"@{tag}"):
        found.append(
            f"chapters and links follow {source or 'no address'}: in _config.yml set "
            f"repository.url and repository.branch: {tag}"
        )
    stale = [path.name for path in stamp.chapters() if stamp.stamp(path, check=True)]
    if stale:
        found.append(f"run make stamp for {', '.join(stale)}")
    return found


def wrong_version(tag: str) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    if tag != f"v{project['version']}":
        return [f"the tag is {tag} and pyproject.toml's version {project['version']}"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf8")
    if not re.search(rf"^## .*{re.escape(tag[1:])}", changes, re.M):
        return [f"CHANGELOG.md has no section for {tag[1:]}"]
    return []


def follow(tag: str) -> None:
    """Links and first cells lead to the tag; without an address GitHub's own is taken, if known."""
    config = ROOT / "_config.yml"
    text = re.sub(r"(?m)^(  branch: ).*$", rf"\g<1>{tag}", config.read_text(encoding="utf8"))
    if name := os.environ.get("GITHUB_REPOSITORY"):
        address = f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}"
        text = text.replace('  url: ""', f'  url: "{address}"')
    config.write_text(text, encoding="utf8")
    for path in stamp.chapters():
        stamp.stamp(path)
    subprocess.run([sys.executable, ROOT / "tools/korean.py"], cwd=ROOT, check=True)


def push(tag: str) -> None:
    """Commit all changes on no branch, tag the commit, and push the tag alone."""
    for words in (
        ("checkout", "--detach"),
        (*AUTHOR, "commit", "--all", "--message", f"Release {tag}"),
        ("tag", tag),
        ("push", "origin", f"refs/tags/{tag}"),
    ):
        subprocess.run(["git", *words], cwd=ROOT, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tag", help="vVERSION, as in pyproject.toml")
    parser.add_argument("--push", action="store_true", help="commit, tag, and push the tag")
    options = parser.parse_args()
    found = wrong_version(options.tag)
    if not found and not options.push:
        follow(options.tag)
    if found := found or objections(options.tag):
        sys.exit("".join(f"error: {sentence}\n" for sentence in found))
    if options.push:
        push(options.tag)
    print(f"== {'pushed' if options.push else 'ready for'} {options.tag}")


if __name__ == "__main__":
    main()
