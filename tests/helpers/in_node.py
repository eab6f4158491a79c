"""Our JavaScript modules run in Node, without a browser."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import javascript
import pytest


def need_node() -> None:
    """node, the checkers and the compiler; missing, they are fetched."""
    if not javascript.install():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(javascript.HINT)


def run(modules: Mapping[str, Path], body: str, **given):
    """Run the body of an async function of ``given``; what it returns comes back.

    Args:
        modules: name under which ``body`` finds what a file exports.
        body: JavaScript.
        given: numbers, texts, arrays.
    """
    script = "\n".join(
        [
            *(f"import * as {n} from {json.dumps(p.as_uri())};" for n, p in modules.items()),
            'import { readFileSync } from "node:fs";',
            'const given = JSON.parse(readFileSync(0, "utf8"));',
            "const plain = (_, v) => (ArrayBuffer.isView(v) ? Array.from(v) : v);",
            f"const work = async () => {{ {body} }};",
            "console.log(JSON.stringify(await work(), plain));",
        ]
    )
    text = json.dumps(given, default=lambda array: array.tolist())
    done = javascript.node("--input-type=module", "--eval", script, text=text)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
