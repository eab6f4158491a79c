"""The notation page and the package use the same names."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
import torch

import infogan_lite
from infogan_lite import History, InfoGAN, LatentCode, Settings, preset
from infogan_lite.inputs import Dataset
from infogan_lite.settings import PRESETS

BOOK = Path(__file__).parents[1] / "book"
PAGE = (BOOK / "notation.md").read_text(encoding="utf8")


@pytest.fixture(scope="module")
def scope() -> dict[str, object]:
    """What a code name on the page may begin with."""
    settings = preset("lite")
    model = InfoGAN(settings, (1, 28, 28))
    history = History()
    history.append(1, 0.0, 0.0, 0.0, {name: 0.0 for name in settings.code.names})
    images, labels = torch.rand(2, 1, 28, 28), torch.zeros(2, dtype=torch.long)
    modules = {
        m.name.rpartition(".")[2]: importlib.import_module(m.name)
        for m in pkgutil.walk_packages(infogan_lite.__path__, "infogan_lite.")
        if not m.ispkg and not m.name.endswith("__main__")
    }
    instances = {
        "model": model,
        "settings": settings,
        "code": settings.code,
        "history": history,
        "data": Dataset(images, labels, images, labels),
        "q": model.recognise(images),
    }
    public = {name: getattr(infogan_lite, name) for name in infogan_lite.__all__}
    return modules | public | instances


def look_up(node: ast.expr, scope: dict[str, object]) -> object:
    """The object that a name such as ``model.D.trunk`` stands for.

    In a call the arguments must be parameters of the function called.
    """
    match node:
        case ast.Name(id=name):
            return scope[name]
        case ast.Attribute(value=value, attr=attribute):
            return getattr(look_up(value, scope), attribute)
        case ast.Subscript(value=value, slice=ast.Constant(value=key)):
            return look_up(value, scope)[key]
        case ast.Call(func=function, args=arguments, keywords=[]):
            called = look_up(function, scope)
            parameters = inspect.signature(called).parameters
            for argument in arguments:
                assert argument.id in parameters, f"{argument.id} is no parameter of {called}"
            return called
    raise ValueError(f"the notation page cannot say this: {ast.unparse(node)}")


def table_rows(heading: str) -> list[list[str]]:
    """The cells of the tables below a heading of the second level, without their headers."""
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    body = [line for i, line in enumerate(lines) if not is_header(lines, i)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body]


def is_header(lines: list[str], i: int) -> bool:
    return lines[i].startswith("|---") or (i + 1 < len(lines) and lines[i + 1].startswith("|---"))


def code_names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


SYMBOLS = [name for row in table_rows("Symbols") for name in code_names(row[3])]


def test_tables_are_whole():
    rows = table_rows("Symbols")
    assert len(rows) > 35
    assert {len(row) for row in rows} == {4}, "a | inside of a formula splits its cell"


@pytest.mark.parametrize("name", SYMBOLS)
def test_each_code_name_exists(name, scope):
    look_up(ast.parse(name, mode="eval").body, scope)


@pytest.mark.parametrize(
    "wrong",
    ["model.E", "settings.lambda_", "lower_bound(code, z, q)", 'code.slices["c9"]', "nothing"],
)
def test_look_up_notices_wrong_names(wrong, scope):
    with pytest.raises((AttributeError, KeyError, AssertionError)):
        look_up(ast.parse(wrong, mode="eval").body, scope)


def test_each_setting_is_explained_with_both_presets():
    """Fields in their order, and the values that the page prints are those of the presets."""
    rows = table_rows("Settings")
    assert [code_names(row[0])[0] for row in rows] == [f.name for f in dataclasses.fields(Settings)]
    for row in rows:
        (field,) = code_names(row[0])
        for name, cell in (("lite", row[2]), ("paper", row[3])):
            (printed,) = code_names(cell)
            value = getattr(PRESETS[name], field)
            assert eval(printed, {"LatentCode": LatentCode}) == value, (field, name)


def test_each_public_name_is_listed():
    listed = [code_names(row[0])[0] for row in table_rows("Names of the package")]
    assert sorted(listed) == sorted(infogan_lite.__all__)
    assert len(set(listed)) == len(listed)


def test_pages_named_in_the_tables_exist():
    """With the built book's unresolved references these are errors; here they fail sooner."""
    targets = re.findall(r"\]\(([^)#:]+\.(?:ipynb|md))", PAGE)
    assert targets
    for target in targets:
        assert (BOOK / target).is_file(), target
