"""The house: a small core of torch alone, rooms beside it, and nothing loaded before its time."""

import ast
import json
import os
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "infogan_lite"
ALL = [p for p in ROOT.rglob("*.py") if not {"_build", ".venv", "node_modules"} & {*p.parts}]
CORE = sorted(p for p in PACKAGE.glob("*.py") if not p.stem.startswith("__"))


def test_the_core_can_be_read_in_an_evening():
    lines = [line for path in CORE for line in path.read_text(encoding="utf8").splitlines()]
    assert len(CORE) <= 12
    assert sum(bool(line.strip()) for line in lines) <= 1200


def test_the_package_says_what_each_module_of_the_core_is_for():
    words = set(
        ast.get_docstring(ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf8"))).split()
    )
    assert {path.stem for path in CORE} <= words


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
PROGRAMS = [*(ROOT / "benchmarks").glob("*.py"), *(ROOT / "tools").glob("*.py")]
PROGRAMS = [p for p in sorted(PROGRAMS) if not p.stem.startswith("__")]


@pytest.mark.parametrize("path", MODULES + PROGRAMS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_each_module_has_a_file_of_tests(path):
    place = path.relative_to(PACKAGE if path in MODULES else ROOT)
    tests = ROOT / "tests" / place.with_name(f"test_{path.name}")
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
    joblib = {"joblib", "cloudpickle", "psutil"}  # it counts processors; the others are its own
    assert found - set(sys.stdlib_module_names) - joblib == {"infogan_lite"}


STATE = """
import json, os, random, signal, sys, threading, warnings
import numpy, torch

def state():
    signals = [repr(signal.getsignal(number)) for number in sorted(signal.valid_signals())]
    randomness = [random.getstate(), torch.get_rng_state().tolist(), str(numpy.random.get_state())]
    ways = [torch.get_default_dtype(), torch.is_grad_enabled(), numpy.geterr()]
    process = [sys.excepthook, sys.path[:], os.getcwd(), threading.active_count()]
    found = signals + randomness + ways + process + [warnings.filters[:]]
    return {"variables": dict(os.environ), "threads": torch.get_num_threads(), "rest": repr(found)}

torch.set_num_threads(64)
before = state()
import infogan_lite
print(json.dumps([before, state()]))
"""


@pytest.mark.parametrize("chosen", [{}, {"OMP_WAIT_POLICY": "ACTIVE", "OMP_NUM_THREADS": "64"}])
def test_an_import_changes_how_threads_wait_and_how_many_there_are_and_nothing_else(chosen):
    ours = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OMP_NUM_THREADS", "KMP_INIT_AT_FORK")
    env = {k: v for k, v in os.environ.items() if k not in ours} | chosen
    command = [sys.executable, "-c", STATE]
    env["LOKY_MAX_CPU_COUNT"] = "1"  # stands for a container's quota
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    before, after = json.loads(done.stdout)
    said = chosen or {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "1000"}
    said = said | {"KMP_INIT_AT_FORK": "FALSE"}
    assert after["variables"] == before["variables"] | said
    assert (before["threads"], after["threads"]) == (64, 64 if chosen else 1)
    assert after["rest"] == before["rest"]


HANDLER = "import signal\nprint(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"


@pytest.mark.parametrize("start", [["-m", "other"], ["-mother"], ["-m", "other", "infogan_lite"]])
def test_another_program_that_imports_the_package_keeps_its_ctrl_c(tmp_path, start):
    """Its folder is imported while ``sys.argv`` still begins with -m, as ours is."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other/__init__.py").write_text("import infogan_lite", encoding="utf8")
    (tmp_path / "other/__main__.py").write_text(HANDLER, encoding="utf8")
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, *start]
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


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


def without_encoding(text: str) -> list[int]:
    """The lines that read or write a text without saying how its letters become bytes."""
    found = []
    for call in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)):
        name, words = getattr(call.func, "attr", None), {k.arg for k in call.keywords}
        few = len(call.args) == (name == "write_text")
        if name in ("read_text", "write_text") and few and "encoding" not in words:
            found.append(call.lineno)
    return found


def test_texts_are_read_alike_on_every_system():
    """Windows takes another encoding than UTF-8 where none is named."""
    assert without_encoding('p.read_text()\nq.write_text("x")\np.read_text("utf8")') == [1, 2]
    bare = {p.relative_to(ROOT): without_encoding(p.read_text(encoding="utf8")) for p in ALL}
    assert {path: lines for path, lines in bare.items() if lines} == {}


NOT_ON_WINDOWS = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios"}
SKIPPED_THERE = {"tests/running/test_signals.py"}  # by tests/conftest.py


def test_nothing_that_windows_lacks_is_imported_at_the_top():
    """Else a file of tests is an error there, not a few tests that are skipped."""
    for path in ALL:
        tops = ast.parse(path.read_text(encoding="utf8")).body
        names = {n.name for node in tops if isinstance(node, ast.Import) for n in node.names}
        names |= {node.module for node in tops if isinstance(node, ast.ImportFrom)}
        if path.relative_to(ROOT).as_posix() not in SKIPPED_THERE:
            assert not names & NOT_ON_WINDOWS, path


OURS = [
    p for folder in ("tools", "tests/helpers", "book/_ext") for p in (ROOT / folder).glob("*.py")
]
OURS = ["infogan_lite", "benchmarks", *(path.stem for path in OURS)]
REST = ["--optional-dependencies-dev-groups", "none", "--ignore", "DEP002"]  # the test extra, too
REST += [word for name in OURS for word in ("--known-first-party", name)]
REST += ["--exclude", r".*\.ipynb", "benchmarks", "tools", "tests"]


@pytest.mark.parametrize(
    "command",
    [["lint-imports", "--no-cache"], ["deptry", "infogan_lite"], ["deptry", *REST]],
    ids=["rooms", "dependencies", "dependencies of all else"],
)
def test_rooms_and_dependencies_are_as_declared(command):
    """The package imports no more and no less than it declares; all else no more."""
    command[0] = str(Path(sysconfig.get_path("scripts"), command[0]))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
