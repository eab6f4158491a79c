"""The build of torch without CUDA, where it will do and can be had."""

import contextlib
import functools
import http.server
import subprocess
import sys
import threading

import pytest

from tools_of_ours import ROOT, tool

torch_index = tool("torch_index")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def index(tmp_path):
    """A local index with a page for torch."""
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch/index.html").write_text(
        "<a href='torch-2.14.1+cpu.whl'>torch</a>", encoding="utf8"
    )
    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        with contextlib.suppress(OSError):
            server.shutdown()
        thread.join()


def test_without_a_gpu_the_index_is_taken_if_it_answers(index):
    assert torch_index.choose("", "linux", gpu=False, index=index)[0] == index
    elsewhere, why = torch_index.choose("", "linux", gpu=False, index=f"{index}/nothing")
    assert elsewhere == "" and "does not answer" in why


def test_with_a_gpu_or_on_another_system_it_is_pypi(index):
    assert torch_index.choose("", "linux", gpu=True, index=index)[0] == ""
    assert torch_index.choose("", "darwin", gpu=False, index=index)[0] == ""
    assert torch_index.choose("", "win32", gpu=False, index=index)[0] == ""


@pytest.mark.parametrize("wish", ["pypi", "https://example.org/whl/cu999"])
def test_a_wish_decides(wish):
    command = [sys.executable, ROOT / "tools/torch_index.py", wish]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ("" if wish == "pypi" else wish)
    assert done.stderr.startswith("== torch from")
