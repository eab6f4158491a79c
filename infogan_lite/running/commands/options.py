"""What several commands share: what is trained on, and how wrong options are refused."""

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from infogan_lite.datasets import loading
from infogan_lite.datasets.suggest import suggest
from infogan_lite.inputs import Dataset
from infogan_lite.settings import PRESETS, Settings, preset

Flat = Annotated[Settings, tyro.conf.arg(name="")]  # --lam, not --settings.lam


@dataclass
class Start:
    """What is trained on, and which settings the other options are changes of."""

    data: str = "digits"  # digits, mnist, fashion-mnist, svhn, celeba, or a folder of pictures
    size: int | None = None  # side in pixels of the pictures of a folder; by itself at most 32
    fit: str | None = None  # of a folder: crop to the middle square (the usual way), or pad
    color: bool | None = None  # of a folder: all in color or all in gray; by itself as they are
    background: str | None = None  # of a folder: white (the usual one) or black behind glass
    preset: str = ""  # lite, paper or suggest; by itself suggest for a folder, lite otherwise

    def load(self, say: bool = True) -> Dataset:
        how = {name: getattr(self, name) for name in loading.OF_FOLDERS}
        return pictures(self.data, say, **how)

    def origin(self) -> dict:
        """Where the data come from and how they are read, as a file is told to find them again."""
        how = {name: getattr(self, name) for name in loading.OF_FOLDERS}
        folder = loading.is_folder(self.data)
        data = str(Path(self.data).expanduser().resolve()) if folder else self.data
        return {"data": data} | {name: value for name, value in how.items() if value is not None}

    def suggested(self) -> bool:
        return self.preset == "suggest" or (not self.preset and loading.is_folder(self.data))

    def defaults(self) -> dict:
        """What the options are changes of."""
        return {"settings": self.begin_with()}

    def begin_with(self) -> Settings:
        """The settings before all other options; ``suggest`` has a look at the data."""
        if not self.suggested():
            if self.preset not in ("", *PRESETS):
                known = ", ".join([*PRESETS, "suggest"])
                raise ValueError(f"unknown preset {self.preset!r:.200}; choose one of: {known}")
            return preset(self.preset or "lite")
        return suggest(self.load(say=False)).settings  # the command loads again


def pictures(data: str, say: bool = True, **how) -> Dataset:
    """Data by name, or the pictures of a folder with what is given of ``how``.

    ``say``: what is left out goes to the standard error, a line each.
    """
    given = {key: value for key, value in how.items() if value is not None}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = loading.load(data, **given)
    for warning in said if say else ():
        print(f"note: {warning.message}", file=sys.stderr)
    return found


def need_at_least(least: int, **options: int) -> None:
    for name, value in options.items():
        if value < least:
            raise ValueError(f"--{name.replace('_', '-')} must be at least {least}, got {value}")
