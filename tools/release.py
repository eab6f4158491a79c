"""Does everything say the version and the address of this release?

python tools/release.py v0.3.0
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import stamp  # noqa: E402


def objections(tag: str) -> list[str]:
    """One sentence for each thing to mend before this tag."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    if tag != f"v{project['version']}":
        return [f"the tag is {tag} and pyproject.toml's version {project['version']}"]
    found = []
    if not re.search(
        rf"^## .*{re.escape(tag[1:])}", (ROOT / "CHANGELOG.md").read_text(encoding="utf8"), re.M
    ):
        found.append(f"CHANGELOG.md has no section for {tag[1:]}")
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


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("error: the tag is missing, as in python tools/release.py v0.3.0")
    if found := objections(sys.argv[1]):
        sys.exit("".join(f"error: {sentence}\n" for sentence in found))
    print(f"== ready for {sys.argv[1]}")
