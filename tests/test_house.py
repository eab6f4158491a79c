"""The house: a small core of torch alone, rooms beside it, and nothing loaded before its time."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "infogan_lite"
CORE = sorted(p for p in PACKAGE.glob("*.py") if not p.stem.startswith("__"))
HEAVY = ["IPython", "PIL", "anywidget", "matplotlib", "mlxtend", "safetensors"]
HEAVY += ["scipy", "sklearn", "torchvision", "traitlets", "tyro"]


def test_the_core_can_be_read_in_an_evening():
    lines = [line for path in CORE for line in path.read_text(encoding="utf8").splitlines()]
    assert len(CORE) <= 12
    assert sum(bool(line.strip()) for line in lines) <= 1200


def test_the_contract_names_the_whole_core():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["tool"]
    core, *_ = tools["importlinter"]["contracts"]
    assert core["source_modules"] == [f"infogan_lite.{path.stem}" for path in CORE]


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_a_core_module_imports_torch_alone_at_its_top(path):
    imported = set()
    for node in ast.parse(path.read_text(encoding="utf8")).body:
        match node:
            case ast.Import(names=names):
                imported |= {name.name.split(".")[0] for name in names}
            case ast.ImportFrom(module=module):
                imported.add(module.split(".")[0])
    assert imported - set(sys.stdlib_module_names) <= {"torch", "infogan_lite"}


MODULES = [p for p in sorted(PACKAGE.rglob("*.py")) if not p.stem.startswith("__")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_each_module_has_a_file_of_tests(path):
    tests = ROOT / "tests" / path.relative_to(PACKAGE).with_name(f"test_{path.name}")
    assert tests.is_file(), f"{tests.relative_to(ROOT)} is missing"
    assert "\ndef test_" in tests.read_text(encoding="utf8")


def loaded_by(statement: str) -> set[str]:
    code = f"import sys, torch; before = set(sys.modules); {statement}; "
    code += "print(*set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_the_package_loads_torch_and_its_core():
    found = loaded_by("import infogan_lite; infogan_lite.train")
    assert "infogan_lite" in found
    assert not found & set(HEAVY)


def test_a_name_is_loaded_when_it_is_asked_for():
    found = loaded_by("from infogan_lite import load, show_grid")
    assert "matplotlib" in found and "torchvision" not in found


def test_a_name_that_is_not_there_is_an_attribute_error():
    import infogan_lite

    with pytest.raises(AttributeError, match="no attribute 'explor'"):
        infogan_lite.explor  # noqa: B018
    assert set(infogan_lite.__all__) <= set(dir(infogan_lite))


def test_only_the_package_itself_imports_by_name():
    users = [p for p in PACKAGE.rglob("*.py") if "importlib" in p.read_text(encoding="utf8")]
    assert users == [PACKAGE / "__init__.py"]


@pytest.mark.parametrize("tool", ["lint-imports", "deptry"])
def test_rooms_and_dependencies_are_as_declared(tool):
    command = [str(Path(sys.executable).with_name(tool))]
    command += ["infogan_lite"] if tool == "deptry" else ["--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
