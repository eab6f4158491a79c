"""The repository's own house rules: clean notebooks, one address, requirements that agree."""

import ast
import inspect
import json
import re
import shutil
import statistics
import subprocess
import sys
import tomllib
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from nbformat.v4 import new_output

import infogan_lite

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "book/_ext")]

import infogan_book  # noqa: E402
import korean_texts  # noqa: E402
import stamp  # noqa: E402

NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
notebooks = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[dict]:
    notebook = json.loads(path.read_text(encoding="utf8"))
    return [c for c in notebook["cells"] if c["cell_type"] == kind]


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def prose(path: Path) -> str:
    if path.suffix == ".md":
        return path.read_text(encoding="utf8")
    return "\n".join("".join(c["source"]) for c in cells(path, "markdown"))


def pages() -> list[str]:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
    return [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]


@notebooks
def test_notebook_is_clean(path):
    notebook = json.loads(path.read_text(encoding="utf8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) >= (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in cells(path, "code"):
        assert cell["outputs"] == [] and cell["execution_count"] is None
        text = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt")
        assert text is None or re.search(r"\w+ \w+ .*\.$", text), f"{cell['id']}: {text!r}"
    assert "widgets" not in notebook["metadata"]


@notebooks
def test_cells_are_short(path):
    shown = [c for c in cells(path, "code") if "colab-setup" not in tags(c)]
    lengths = [len(c["source"]) for c in shown]
    assert statistics.median(lengths) <= 7
    assert max(lengths) <= 30
    lines = [line.rstrip("\n") for c in shown for line in c["source"]]
    assert not [line for line in lines if len(line) > 80]  # what a page shows without scrolling


@notebooks
def test_notebook_reads_well_without_myst(path):
    """Colab and GitHub show plain Markdown: no directives, roles, labels."""
    text = prose(path)
    assert not re.search(r"^\s*(```\{|:::|\([\w-]+\)=)", text, re.MULTILINE)
    assert not re.search(r"\{[a-z:]+\}`", text)


@pytest.mark.parametrize("page", pages())
def test_pages_hold_no_markup_that_github_takes_away(page):
    """It would leave the words of a drawing behind; other languages are marked for the ear."""
    path = next(p for p in (ROOT / "book").glob(f"{page}.*"))
    text = re.sub(r"```.*?```|`[^`\n]*`", "", prose(path), flags=re.DOTALL)
    text = re.sub(infogan_book.ANCHOR, "", text)
    assert set(re.findall(r"<([a-zA-Z]+)[\s>/]", text)) <= {"span"}


chapters = [p for p in NOTEBOOKS if p.stem[0].isdigit()]  # the others have no exercises


@pytest.mark.parametrize("path", chapters, ids=lambda path: path.stem)
def test_exercises_have_a_starter_and_an_executed_solution(path):
    exercises = len(re.findall(r"^> \*\*Exercise", prose(path), re.MULTILINE))
    code = cells(path, "code")
    starters = [c for c in code if "skip-execution" in tags(c)]
    solutions = [c for c in code if c["source"][:1] == [stamp.SOLUTION]]
    assert exercises == len(solutions) > 0
    assert len(starters) >= exercises  # beside starters: cells for a GPU and a network
    for cell in solutions:
        assert "hide-cell" in tags(cell) and "skip-execution" not in tags(cell)
        assert "assert" in "".join(cell["source"])
        assert cell["metadata"]["jupyter"] == {"source_hidden": True}  # folded in JupyterLab
        assert cell["metadata"]["cellView"] == "form"  # and in Colab


@notebooks
def test_setup_cell_is_first_and_in_step(path):
    first = cells(path, "code")[0]
    assert "colab-setup" in tags(first)
    assert "".join(first["source"]) == stamp.setup_cell(), "run: make stamp"
    assert not stamp.stamp(path, check=True), "run: make stamp"


def test_a_build_with_an_address_checks_the_cells(tmp_path, monkeypatch):
    for folder in ("book", "ko"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "_config.yml", tmp_path)
    monkeypatch.setenv("INFOGAN_REPOSITORY", "https://github.com/example/infogan-book")
    monkeypatch.setattr(infogan_book, "ROOT", tmp_path)
    said = "do not install .*example/infogan-book@.*make stamp"
    with pytest.raises(SystemExit, match=rf"{said}.*book/1-.* ko/1-"):
        infogan_book.refuse_stale_cells()
    for page in (tmp_path / "book").glob("*.ipynb"):
        stamp.stamp(page)
    with pytest.raises(SystemExit, match=rf"{said}\): ko/1-"):
        infogan_book.refuse_stale_cells()
    for page in (tmp_path / "ko").glob("*.ipynb"):
        stamp.stamp(page)
    infogan_book.refuse_stale_cells()
    monkeypatch.setenv("INFOGAN_BRANCH", "v9")
    with pytest.raises(SystemExit, match="do not install .*@v9 .*make stamp"):
        infogan_book.refuse_stale_cells()


@pytest.fixture
def clone(tmp_path, monkeypatch) -> Path:
    """A clone that stands on main, of a repository that has also a branch and a tag."""
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (
        ["init", "-q", "-b", "main", "first"],
        ["-C", "first", *who, "commit", "-q", "--allow-empty", "-m", "One"],
        ["-C", "first", "tag", "v1"],
        ["-C", "first", "branch", "draft/two"],
        ["clone", "-q", "first", "second"],
        ["clone", "-q", "--depth", "1", f"file://{tmp_path.as_posix()}/first", "shallow"],
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    for name in ("second", "shallow"):
        shutil.copy(ROOT / "_config.yml", tmp_path / name)
    monkeypatch.setenv("INFOGAN_REPOSITORY", "https://github.com/example/infogan-book")
    monkeypatch.setattr(infogan_book, "ROOT", tmp_path / "second")
    return tmp_path / "second"


@pytest.mark.skipif(not shutil.which("git"), reason="no git")
@pytest.mark.parametrize("branch", ["main", "draft/two", "v1", "HEAD", "mian", "two", "v2"])
def test_a_branch_that_git_does_not_know_is_named(clone, monkeypatch, branch):
    monkeypatch.setenv("INFOGAN_BRANCH", branch)
    note = infogan_book.unknown_branch()
    assert (f"git knows no branch or tag {branch} " in note) == (branch in ("mian", "two", "v2"))
    assert bool(note) == (branch in ("mian", "two", "v2"))
    monkeypatch.setattr(infogan_book, "ROOT", clone.parent / "shallow")
    assert infogan_book.unknown_branch() == ""  # the others are not there


@pytest.mark.skipif(not shutil.which("git"), reason="no git")
def test_without_git_or_an_address_nothing_is_said_of_the_branch(clone, monkeypatch):
    monkeypatch.setenv("INFOGAN_BRANCH", "mian")
    assert infogan_book.unknown_branch()
    monkeypatch.setenv("INFOGAN_REPOSITORY", "")
    assert infogan_book.unknown_branch() == ""
    monkeypatch.setenv("INFOGAN_REPOSITORY", "https://github.com/example/infogan-book")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert infogan_book.unknown_branch() == ""
    monkeypatch.undo()
    monkeypatch.setenv("INFOGAN_REPOSITORY", "https://github.com/example/infogan-book")
    shutil.copy(ROOT / "_config.yml", clone.parent)
    monkeypatch.setattr(infogan_book, "ROOT", clone.parent)
    assert infogan_book.unknown_branch() == ""


def test_a_line_that_the_kernel_sends_in_pieces_is_one_line_on_the_page():
    pieces = [("stdout", "step 1  "), ("stderr", "w"), ("stdout", "loss 2\nstep"), ("stdout", " 2")]
    outputs = [new_output("stream", name=name, text=text) for name, text in pieces]
    outputs.insert(2, new_output("display_data", {"text/plain": "a figure"}))
    before = deepcopy(outputs)
    found = infogan_book.joined(outputs)
    texts = {o["name"]: o["text"] for o in found if o["output_type"] == "stream"}
    assert texts == {"stdout": "step 1  loss 2\nstep 2\n", "stderr": "w\n"} and len(found) == 3
    assert outputs == before  # they are in the cache
    assert " coalesce_streams(" in inspect.getsource(infogan_book.render)  # what it replaces


def test_every_page_is_in_the_table_of_contents():
    files = {p.stem for p in (ROOT / "book").iterdir() if p.suffix in (".md", ".ipynb")}
    assert files == set(pages())


def test_every_module_has_its_api_section():
    paths = [p.relative_to(ROOT / "infogan_lite") for p in (ROOT / "infogan_lite").rglob("*.py")]
    modules = {".".join(p.with_suffix("").parts) for p in paths if not p.stem.startswith("__")}
    names = ("command_line", "checks", "signals", "sizes", "stored_settings")
    running = {f"running.{name}" for name in names}
    commands = {name for name in modules if name.startswith("running.commands.")}
    widgets = {f"widgets.{name}" for name in ("base", "export", "packing")}
    inner = {*widgets, *running, *commands}  # for no one else
    documented = re.findall(r"automodule:: infogan_lite\.([\w.]+)", prose(ROOT / "book/api.md"))
    assert sorted(documented) == sorted(modules - inner)


def imported(path: Path) -> set[tuple[str, str]]:
    """Module, less the package's name and its dot, and name of all that a notebook imports."""
    found = set()
    for cell in cells(path, "code"):
        if "colab-setup" in tags(cell):
            continue
        lines = [line for line in cell["source"] if not line.lstrip().startswith(("%", "!"))]
        for node in ast.walk(ast.parse("".join(lines))):
            if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "infogan_lite":
                module = node.module.removeprefix("infogan_lite").removeprefix(".")
                found |= {(module, name.name) for name in node.names}
    return found


def test_the_api_page_begins_with_all_that_chapters_import():
    top = prose(ROOT / "book/api.md").split("\n## ")[0]
    first, second = (part.splitlines() for part in top.split("| Module | Names |\n|---|---|\n"))
    of_package = {("", name) for line in first if line[:1] == "|" for name in in_code(line)}
    rows = [in_code(line) for line in second if line[:1] == "|"]
    of_modules = {(module, name) for module, *names in rows for name in names}
    everywhere = set().union(*map(imported, NOTEBOOKS))
    assert {pair for pair in everywhere if pair[0]} == of_modules
    assert {pair for pair in everywhere if not pair[0]} <= of_package
    assert {name for _, name in of_package} == set(infogan_lite.__all__)


def in_code(line: str) -> list[str]:
    return re.findall(r"`([\w.]+)`", line)


@pytest.mark.parametrize("page", pages())
def test_cited_addresses_are_in_the_bibliography(page):
    path = next(p for p in (ROOT / "book").glob(f"{page}.*"))
    known = re.findall(
        r"url\s*=\s*\{([^}]+)\}", (ROOT / "book/references.bib").read_text(encoding="utf8")
    )
    scholarly = r"https?://(?:arxiv\.org|(?:dx\.)?doi\.org|proceedings\.|openreview\.net)[^\s)>\]]*"
    assert set(re.findall(scholarly, prose(path))) <= set(known)


def test_links_between_pages_have_their_target():
    for page in pages():
        path = next((ROOT / "book").glob(f"{page}.*"))
        for target in re.findall(r"\]\(([\w./-]+\.(?:ipynb|md))[)#]", prose(path)):
            assert (ROOT / "book" / target).exists(), f"{path.name} links to {target}"


def test_links_to_places_in_chapters_lead_there_from_jupyter_too():
    """It names headings otherwise than the page does, and boxes not at all."""
    wanted = {
        (target or path.name, place)
        for path in NOTEBOOKS
        for target, place in re.findall(r"\]\(([\w-]+\.ipynb)?#([^)]+)\)", prose(path))
    }
    found = {
        (path.name, place): following
        for path in NOTEBOOKS
        for place, following in re.findall(
            rf"^{infogan_book.ANCHOR.pattern}\n\n(.+)", prose(path), re.M
        )
    }
    assert found.keys() == wanted
    for (_, place), following in found.items():
        names = [korean_texts.slug(following), *infogan_book.box_slugs(following)]
        assert place in names  # those of the page


@pytest.mark.parametrize("page", sorted((ROOT / "book").glob("*.md")), ids=lambda p: p.stem)
def test_links_within_a_plain_page_lead_there_from_jupyter_too(page):
    text = page.read_text(encoding="utf8")
    wanted = {place for place in re.findall(r"\]\(#([^)]+)\)", text)}
    assert {*infogan_book.ANCHOR.findall(text)} == wanted


def names(requirements: list[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in requirements)
    return {m.group().lower().replace("_", "-") for m in found if m}


def lines(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf8").splitlines()
    return [line for line in text if line and line[0] not in "#-"]


def test_requirements_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    package = names(project["dependencies"])
    assert package <= names(lines("requirements.txt"))
    assert package <= names(lines("binder/requirements.in"))
    assert (ROOT / "requirements.txt").read_text(encoding="utf8").rstrip().endswith("\n-e .")
    extras = project["optional-dependencies"]
    wanted = names(lines("requirements.txt")) | names(extras["test"])
    assert wanted <= names(lines("constraints.txt"))


def locked(name: str) -> dict[str, str]:
    """Versions by name; each must come with its checksums."""
    text = (ROOT / name).read_text(encoding="utf8")
    packages = re.split(r"\n(?=[A-Za-z])", text)[1:]
    assert all(re.search(r" --hash=sha256:[0-9a-f]{64}\s", f"{p}\n") for p in packages)
    found = (re.match(r"([\w.-]+)==(\S+)", p) for p in packages)
    return {m[1].lower().replace("_", "-"): m[2] for m in found}


def test_the_locks_hold_all_that_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    torch, others = locked("torch.lock"), locked("requirements.lock")
    wanted = names(lines("requirements.txt")) | names(project["optional-dependencies"]["test"])
    assert wanted <= torch.keys() | others.keys()
    for line in lines("constraints.txt"):
        name, version = line.lower().replace("_", "-").split("==")
        assert (torch | others).get(name, version) == version
    binder = locked("binder/requirements.txt")
    assert names(lines("binder/requirements.in")) - {"torch", "torchvision"} <= binder.keys()
    assert all(binder[name] == others[name] for name in binder.keys() & others.keys())
    after = (ROOT / "binder/postBuild").read_text(encoding="utf8")
    for name in ("torch", "torchvision"):
        assert f"{name}=={torch[name]}+cpu" in after


def test_versions_agree():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"][
        "version"
    ]
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf8"))["version"] == version
    assert f'__version__ = "{version}"' in (ROOT / "infogan_lite/__init__.py").read_text(
        encoding="utf8"
    )


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff(command):
    result = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no checkout")
def test_what_is_built_is_no_change():
    """pip wheel leaves build/ and an egg-info."""
    built = ["_build/html/x", "build/lib/x", "dist/x.whl", "infogan_lite.egg-info/PKG-INFO"]
    found = subprocess.run(
        ["git", "check-ignore", *built], cwd=ROOT, capture_output=True, text=True
    )
    assert found.stdout.split() == built
