"""Compile product.ts, the matrix product of the digits laboratory, to WebAssembly.

python tools/product.py

The compiler comes from npm with the other checkers of JavaScript (``javascript.py``), at the
version that ``javascript/package-lock.json`` pins, so everybody gets the same bytes.
"""

import base64
import sys
import tempfile
from pathlib import Path

import javascript

TARGET = javascript.ROOT / "infogan_lite/widgets/static/digits_laboratory/product.js"
OPTIONS = ["--runtime", "stub", "--enable", "simd", "--importMemory", "--noAssert", "-O3"]


def compiled() -> str:
    """The bytes of product.wasm in base64.

    Raises:
        RuntimeError: in the compiler's words, if it refuses the text.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "product.wasm"
        compiler = "node_modules/assemblyscript/bin/asc.js"
        done = javascript.node(compiler, "product.ts", *OPTIONS, "--outFile", out)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return base64.b64encode(out.read_bytes()).decode()


def module() -> str:
    """The text of product.js."""
    text = compiled()
    lines = [text[i : i + 90] for i in range(0, len(text), 90)]
    rows = " +\n".join(f'  "{line}"' for line in lines)
    return (
        "// @ts-check\n// tools/javascript/product.ts as WebAssembly, written by "
        f"tools/product.py.\nexport const PRODUCT =\n{rows};\n"
    )


if __name__ == "__main__":
    if not javascript.install():
        sys.exit(javascript.HINT)
    TARGET.write_text(module(), encoding="utf-8")
