"""The checkers of the widgets' JavaScript, and what they say of it."""

import os
import re

import pytest

from tools_of_ours import tool

javascript = tool("javascript")


@pytest.fixture(scope="module", autouse=True)
def checkers():
    """node and the checkers; missing, they are fetched."""
    if not javascript.install():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(javascript.HINT)


def test_types_and_style():
    problems = javascript.check()
    assert not problems, problems


@pytest.mark.parametrize("path", javascript.files(), ids=lambda path: path.name)
def test_types_are_checked_without_holes(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("// @ts-check\n")
    assert not re.search(r"@ts-(ignore|expect-error|nocheck)|[{<|,:] *any\b", text)


def test_a_function_is_as_long_as_it_stands_there():
    text = """
export function outer(a) {
  // a comment counts

  for (const b of a) {
    if (b) {
      tell(b);
    }
  }
  const inner = (c) => {
    tell(c);
  };
  return {
    method(d) {
      inner(d);
    },
  };
}
const short = (e) => e + 1;
"""
    assert list(javascript.functions(text)) == [(2, 17), (10, 3), (14, 3)]


def test_node_reads_a_text_takes_arguments_and_tells_what_went_wrong(tmp_path):
    script = tmp_path / "script.mjs"
    script.write_text(
        'import { readFileSync } from "node:fs";\n'
        "console.log(readFileSync(0, 'utf8') + process.argv[2]);\n"
        "if (process.argv[2] === 'bad') throw new Error('so it is');\n",
        encoding="utf8",
    )
    done = javascript.node(script, "wörld", text="hello ")
    assert (done.returncode, done.stdout) == (0, "hello wörld\n")
    done = javascript.node(script, "bad")
    assert done.returncode and "so it is" in done.stderr
