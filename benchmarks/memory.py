"""The most memory that a chapter's kernel takes with all cells at full length: does it fit Binder?

Binder gives a notebook 2 GB and one core, so the kernel gets no more here.  PyPI's torch loads
CUDA's libraries even where no GPU is; Binder's build has none, so their part is told apart.
"""

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from benchmarks import report
from benchmarks.options import QUICK_STEPS, Options

CHAPTERS = ("5-infogan", "8-beyond-digits")  # those that train most, and on the largest pictures
LAST_CELL = """
import pathlib as _pathlib
print(_pathlib.Path("/proc/self/status").read_text(), _pathlib.Path("/proc/self/smaps").read_text())
"""
LIMIT = 2 * 10**9  # bytes of data; Linux does not count what is read from libraries
CUDA = ("/nvidia/", "cuda", "cudnn", "nccl", "cublas")  # in the names of their files


def run(options: Options) -> None:
    """Run both chapters, the first one alone if it is to be quick, and write memory.csv."""
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ.pop("INFOGAN_MAX_STEPS", None)
    if options.quick:
        os.environ["INFOGAN_MAX_STEPS"] = str(QUICK_STEPS)
    rows = []
    for name in CHAPTERS[: 1 if options.quick else None]:
        most, cuda = peak(report.ROOT / f"book/{name}.ipynb")
        rows.append({"chapter": name, "peak, MB": most, "of it CUDA's libraries, MB": cuda})
    about = report.header("memory", cores=1, limit=f"{LIMIT} bytes of data")
    print(report.write("memory", rows, about, options.folder_of("memory")))


def peak(path: Path) -> tuple[int, int]:
    """The most memory of a notebook's kernel, and CUDA's part of it at the end, in MB.

    All cells run, whatever their tags say, as Binder's reader runs them, on one core.  A cell that
    needs more than Binder has ends with MemoryError.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(LAST_CELL))
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=None, skip_cells_with_tag="", resources=resources)
    client.execute(preexec_fn=as_on_binder)
    said = "".join(output.text for output in notebook.cells[-1].outputs)
    return told(said)


def as_on_binder() -> None:
    """Leave this process one core and the memory that Binder gives (Linux)."""
    import resource  # Windows has none

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT))


def told(text: str) -> tuple[int, int]:
    """The peak and CUDA's part, in MB of 10^6 bytes, of what Linux says of a process."""
    most, cuda, of_cuda = 0, 0, False
    for line in text.splitlines():
        first, *rest = line.split() or [""]
        if first == "VmHWM:":
            most = int(rest[0])
        elif first == "Rss:":
            cuda += of_cuda * int(rest[0])
        elif "-" in first:  # addresses, rights, offset, device, inode, file
            of_cuda = any(part in " ".join(rest[4:]).lower() for part in CUDA)
    return round(1.024e-3 * most), round(1.024e-3 * cuda)
