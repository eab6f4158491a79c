"""infogan_lite: InfoGAN in a few readable modules.

Read them in this order: codes, information, settings, networks, training, metrics,
traversals.  The book next to this package explains each; nothing here needs the book.
"""

from infogan_lite.callbacks import LivePlot, ProgressBar
from infogan_lite.checkpoints import pretrained
from infogan_lite.codes import LatentCode, sample_noise
from infogan_lite.datasets import load
from infogan_lite.explorer import explore
from infogan_lite.figures import plot_bound, plot_losses, show_grid, show_table
from infogan_lite.ideas import bound_explorer, channel_explorer
from infogan_lite.information import Posterior, log_q, lower_bound, uninformed_gaussian_bound
from infogan_lite.metrics import evaluate
from infogan_lite.moments import measure
from infogan_lite.networks import InfoGAN
from infogan_lite.settings import Settings, preset
from infogan_lite.sliders import Snapshots, replay
from infogan_lite.training import History, TrainingDiverged, pick_device, train
from infogan_lite.traversals import traverse, traverse_noise, vary

__version__ = "0.2.0"

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
    "evaluate",
    "explore",
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
    "show_table",
    "train",
    "traverse",
    "traverse_noise",
    "uninformed_gaussian_bound",
    "vary",
]
