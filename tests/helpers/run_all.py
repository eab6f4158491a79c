"""Each chapter as "Run all" runs it: front ends such as JupyterLab and Colab skip no cell."""

import copy
import functools
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from kernels import forked_kernels

# Said in the first cell, and without a name that a cell could then use: after few steps of training
# 50 pictures, not 1,000, tell batch norm its averages and the codes their axes.
BUDGET = '__import__("infogan_lite.recipe").recipe.FRESH = 50\n'
CHAPTERS = sorted((Path(__file__).resolve().parents[2] / "book").glob("*.ipynb"))


@functools.cache
def executed(path: Path) -> tuple[NotebookNode, CellExecutionError | None]:
    """A notebook with the outputs of all its cells, and what stopped it; run once a session."""
    notebook = nbformat.read(path, as_version=4)
    rest = {"timeout": 1800, "resources": {"metadata": {"path": str(path.parent)}}}
    rest["record_timing"] = False  # written into the cells, where the cache would see a change
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.source = BUDGET + first.source
    try:
        with forked_kernels():
            NotebookClient(notebook, skip_cells_with_tag="", **rest).execute()
    except CellExecutionError as error:
        return notebook, error
    finally:
        first.source = first.source.removeprefix(BUDGET)
    return notebook, None


def fill(folder: Path, chapters: Iterable[Path] = CHAPTERS) -> None:
    """An execution cache as a build of the book would leave it, which skips some cells."""
    from jupyter_cache import get_cache  # not needed to run chapters with Colab's packages
    from jupyter_cache.base import CacheBundleIn

    cache = get_cache(folder)
    for path in chapters:
        notebook, error = executed(path)
        if error:
            continue  # the build will run it, and say the same
        notebook = copy.deepcopy(notebook)
        for cell in notebook.cells:
            if "skip-execution" in cell.metadata.get("tags", []):
                cell.update(outputs=[], execution_count=None)
        bundle = CacheBundleIn(notebook, str(path))
        cache.cache_notebook_bundle(bundle, overwrite=True, check_validity=False)
    cache.db.dispose()  # Python 3.13 warns of a connection that is left open
