"""The matrix product in WebAssembly: the bytes that ship are those of the source."""

import base64
import os
import re

import pytest

from tools_of_ours import tool

product = tool("product")


@pytest.fixture(scope="module", autouse=True)
def compiler():
    """node and the compiler; missing, they are fetched."""
    if not product.javascript.install():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(product.javascript.HINT)


def test_the_bytes_are_those_of_the_source():
    text = product.TARGET.read_text(encoding="utf-8")
    assert text == product.module()
    code = base64.b64decode("".join(re.findall(r'"([^"]*)"', text)))
    assert code[:8] == b"\0asm\1\0\0\0"  # what each WebAssembly module begins with


def test_what_cannot_be_compiled_is_said_in_the_compilers_words(monkeypatch):
    monkeypatch.setattr(product, "OPTIONS", ["--no-such-option"])
    with pytest.raises(RuntimeError, match="no-such-option"):
        product.compiled()
