"""What a notebook's kernel takes: the peak, and CUDA's part of it."""

import sys

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from benchmarks import memory, report

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="/proc and limits of Linux")
STATUS = "Name:\tpython\nVmHWM:\t 1000000 kB\nVmRSS:\t   900000 kB\n"
SMAPS = """\
00400000-00500000 r-xp 00000000 08:01 131  /usr/bin/python
Size:               1024 kB
Rss:                 500 kB
7f0000000000-7f0010000000 r-xp 00000000 08:01 77  /site-packages/nvidia/cublas/lib/libcublas.so
Rss:              150000 kB
7f0020000000-7f0030000000 r--p 00000000 08:01 78  /site-packages/torch/lib/libtorch_cuda.so
Rss:               50000 kB
7f0040000000-7f0050000000 rw-p 00000000 00:00 0
Rss:                 700 kB
"""


def test_the_peak_and_cudas_part_are_read_from_what_linux_says():
    assert memory.told(STATUS + SMAPS) == (1024, 205)


def peak_of(folder, *cells):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    notebook.cells[0].metadata.tags = ["skip-execution"]  # it runs all the same
    nbformat.write(notebook, folder / "some.ipynb")
    return memory.peak(folder / "some.ipynb")[0]


@ON_LINUX
def test_what_a_cell_held_for_a_while_counts(tmp_path):
    found = [peak_of(tmp_path, f"x = {size} * 10**6 * b'x'", "del x") for size in (1, 300)]
    assert 250 < found[1] - found[0] < 350


@ON_LINUX
def test_a_kernel_gets_one_core_and_no_more_than_binder_has(tmp_path):
    peak_of(tmp_path, "import os; assert len(os.sched_getaffinity(0)) == 1")
    with pytest.raises(CellExecutionError, match="MemoryError"):
        peak_of(tmp_path, "x = 2 * 10**9 * b'x'")


def test_each_chapter_fits_binder():
    """2 GB for the kernel, the server and what else there is: some 1.2 GB for the kernel."""
    rows, about = report.read(report.RESULTS / "memory.csv")
    assert [row["chapter"] for row in rows] == list(memory.CHAPTERS)
    assert (about["cores"], about["limit"]) == ("1", "2000000000 bytes of data")
    own = [int(r["peak, MB"]) - int(r["of it CUDA's libraries, MB"]) for r in rows]
    assert max(own) <= 1200
    text = " ".join((report.ROOT / "CONTRIBUTING.md").read_text(encoding="utf8").split())
    five, eight = (f"{n / 1000:.2f} GB" for n in own)
    assert f"the kernel of chapter 5 takes at most {five} and that of chapter 8 {eight}" in text
    cuda = max(int(r["of it CUDA's libraries, MB"]) for r in rows)
    assert f"less the {cuda / 1000:.2f} GB of CUDA's libraries" in text
