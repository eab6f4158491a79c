"""infogan_lite: InfoGAN in a few readable modules.

The core is the modules of this folder, to be read in this order:

    codes        the code c and its prior P(c)
    information  the bound L_I
    settings     all that can be chosen, and the presets "lite" and "paper"
    networks     G, D and Q; bend is the last layer of lite's G
    history      what a run is made of, and what it writes down
    training     the training step; recipe is what lite adds to it
    traversals   pictures in which one code moves
    classifier   c1 as a classifier of pictures with labels; batch_norm is for this and for recipe
    inputs       checks of what is given

What draws, shows, measures and runs it stands in folders of its own.  The book next to this
package explains each; nothing here needs the book.

To import it loads torch and, to count processors, joblib.  In the process that changes how
threads wait, how many torch has, and joblib's ``KMP_INIT_AT_FORK``: see ``running.threads``.
"""

import os
import signal
import sys
from importlib import import_module

# python -m infogan_lite, no other module: Ctrl-C while torch loads, without a traceback
if sys.argv[:1] == ["-m"] and sys.orig_argv[-len(sys.argv)] in ("infogan_lite", "-minfogan_lite"):
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

from infogan_lite.running.threads import be_a_good_neighbor, fit_threads  # noqa: E402

be_a_good_neighbor()  # before torch is loaded

from infogan_lite.classifier import evaluate  # noqa: E402
from infogan_lite.codes import LatentCode, sample_noise  # noqa: E402
from infogan_lite.history import History, TrainingDiverged  # noqa: E402
from infogan_lite.information import Posterior, log_q, lower_bound  # noqa: E402
from infogan_lite.networks import InfoGAN  # noqa: E402
from infogan_lite.settings import Settings, preset  # noqa: E402
from infogan_lite.training import pick_device, train  # noqa: E402
from infogan_lite.traversals import traverse, traverse_noise, vary  # noqa: E402

fit_threads()

__version__ = "0.3.0"

# Names that need more than torch: each is loaded when it is first asked for.
LATER = {
    "LivePlot": "figures.live",
    "ProgressBar": "running.progress",
    "Snapshots": "widgets.replay",
    "bound_explorer": "widgets.bound",
    "channel_explorer": "widgets.channel",
    "digits_laboratory": "widgets.digits_laboratory",
    "explore": "widgets.explorer",
    "laboratory": "widgets.laboratory",
    "load": "datasets.loading",
    "measure": "measures.strokes",
    "plot_bound": "figures.curves",
    "plot_losses": "figures.curves",
    "pretrained": "running.checkpoints",
    "replay": "widgets.replay",
    "show_grid": "figures.grids",
    "show_sheet": "figures.grids",
    "show_table": "figures.grids",
    "suggest": "datasets.suggest",
    "uninformed_gaussian_bound": "measures.bounds",
}

__all__ = [
    "History",
    "InfoGAN",
    "LatentCode",
    "LivePlot",
    "Posterior",
    "ProgressBar",
    "Settings",
    "Snapshots",
    "TrainingDiverged",
    "bound_explorer",
    "channel_explorer",
    "digits_laboratory",
    "evaluate",
    "explore",
    "laboratory",
    "load",
    "log_q",
    "lower_bound",
    "measure",
    "pick_device",
    "plot_bound",
    "plot_losses",
    "preset",
    "pretrained",
    "replay",
    "sample_noise",
    "show_grid",
    "show_sheet",
    "show_table",
    "suggest",
    "train",
    "traverse",
    "traverse_noise",
    "uninformed_gaussian_bound",
    "vary",
]


def __getattr__(name: str):
    if name not in LATER:
        raise AttributeError(f"module 'infogan_lite' has no attribute {name!r}")
    return getattr(import_module(f"infogan_lite.{LATER[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
