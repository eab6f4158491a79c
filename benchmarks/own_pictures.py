"""Five lines on three folders of pictures that are no digits, and what seeds agree on.

Each folder is written out as files and read back like a stranger's: read, ``suggest``,
``train``, no setting chosen by hand but the steps.  Chapter 12 reads the table.  The third set,
photographs, was named before it was ever trained on, and nothing was changed for it afterwards.
"""

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import torch
from joblib import Parallel, delayed
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_sample_image
from sklearn.metrics import normalized_mutual_info_score

from benchmarks import report
from benchmarks.known_factors import sheet
from benchmarks.options import Options
from infogan_lite import InfoGAN, suggest, train
from infogan_lite.classifier import categories, reader
from infogan_lite.datasets.folders import read_folder
from infogan_lite.measures.agreement import agreement, most_central
from infogan_lite.running.stored_settings import as_table
from infogan_lite.running.sweep import fresh_bound
from infogan_lite.widgets.packing import encode_within
from infogan_lite.worlds.catalogue import factored

SEEDS = (400, 401, 402)
STEPS = 800
LIMIT = 40_000  # bytes of a sheet
LETTERS, SIZES = "ABCDEGHKMR", (16, 19, 22, 25)
FONTS = ("DejaVuSans", "DejaVuSerif", "STIXGeneral", "cmr10", "cmss10", "cmb10", "cmti10", "cmtt10")
TILE, STRIDE = 64, 24  # pixels of the photographs


def letters(folder: Path) -> None:
    """Ten letters in the fonts of matplotlib, as in chapter 12; a file's name begins with it."""
    for font in Path(matplotlib.get_data_path(), "fonts/ttf").glob("*.ttf"):
        if not font.stem.startswith(FONTS) or "Display" in font.stem:
            continue
        for letter in LETTERS:
            for size in SIZES:
                image = Image.new("L", (28, 28), 255)
                face = ImageFont.truetype(str(font), size)
                ImageDraw.Draw(image).text((14, 14), letter, 0, face, anchor="mm")
                image.save(folder / f"{letter}-{font.stem}-{size}.png")


def chairs(folder: Path) -> None:
    """A thousand rendered chairs; a file's name begins with the style."""
    made = factored("chairs", 1000)
    styles = made.factors[:, made.names.index("style")].long().tolist()
    for i, (picture, style) in enumerate(zip(made.images, styles, strict=True)):
        Image.fromarray((255 * picture[0]).round().byte().numpy()).save(folder / f"{style}-{i}.png")


def photographs(folder: Path) -> None:
    """Tiles of scikit-learn's two photographs, a temple and a flower; names begin with which."""
    for name in ("china", "flower"):
        pixels = load_sample_image(f"{name}.jpg")
        for top in range(0, pixels.shape[0] - TILE + 1, STRIDE):
            for left in range(0, pixels.shape[1] - TILE + 1, STRIDE):
                tile = pixels[top : top + TILE, left : left + TILE]
                Image.fromarray(tile).save(folder / f"{name}-{top}-{left}.png")


SETS: dict[str, Callable[[Path], None]] = {
    "letters": letters,
    "chairs": chairs,
    "photographs": photographs,
}


def run(options: Options) -> None:
    """Train on the sets named as parts; write the table, and a sheet for each set."""
    about = report.header("own_pictures", seeds=list(options.seeds), threads_each=1)
    rows, folder = [], options.folder_of("own_pictures")
    for name in options.parts:
        with tempfile.TemporaryDirectory() as place:
            SETS[name](Path(place))
            new, settings, model = experiment(name, Path(place), options)
        rows += new
        about[name] = json.dumps(as_table(settings))
        report.merge("own_pictures", rows, "set", about, folder)
        (folder / f"own_pictures-{name}.webp").write_bytes(encode_within(sheet(model), LIMIT))


def experiment(name: str, folder: Path, options: Options):
    """A row for each run and each untrained net, the settings, and the most central model."""
    found = read_folder(folder)
    data = found.dataset()  # what ``load`` makes of a folder
    settings = options.shortened(suggest(data, steps=STEPS).settings)
    work = (delayed(one_seed)(data.x_train, replace(settings, seed=s)) for s in options.seeds)
    runs = list(Parallel(n_jobs=options.jobs)(work))
    known = [Path(file).name.split("-")[0] for file in found.files]
    rows = []
    for kind, nets in zip(("InfoGAN", "untrained"), zip(*runs, strict=True), strict=True):
        tables = agreements([net for net, _ in nets], data.x_train, found.images)
        central = most_central(tables["c1"][0] + tables["others"][0])
        for i, (net, seconds) in enumerate(nets):
            row = {"set": name, "codes": kind, "seed": net.settings.seed}
            row |= {"pictures": len(found.files), "central": int(i == central)}
            row |= {f"agree({n})": mean_with_others(t, i) for n, (t, _) in tables.items()}
            row["NMI"] = normalized_mutual_info_score(known, tables["c1"][1][i])
            rows.append(row | fresh_bound(net) | {"CPU seconds": round(seconds, 1)})
            print(rows[-1], flush=True)
        if kind == "InfoGAN":
            best = nets[central][0]
    return rows, settings, best


def one_seed(images: torch.Tensor, settings) -> tuple[tuple[InfoGAN, float], tuple[InfoGAN, float]]:
    """The net trained with a seed, and one that was not trained, each with its CPU seconds."""
    torch.set_num_threads(1)
    began = time.process_time()
    model, _ = train(images, settings, device="cpu")
    seconds = time.process_time() - began
    torch.manual_seed(settings.seed)
    return (model, seconds), (InfoGAN(settings, tuple(images.shape[1:])).eval(), 0.0)


def agreements(nets, seen: torch.Tensor, pictures: torch.Tensor) -> dict[str, tuple]:
    """For c1 and for the uniform codes the agreement of each two nets, and their readings."""
    readers = [reader(net, seen) for net in nets]
    readers *= 1 + (len(readers) == 1)  # a quick try has one run, which agrees with itself
    kinds = [categories(r, pictures) for r in readers]
    values = [np.concatenate([r.recognise(x).mean for x in pictures.split(1000)]) for r in readers]
    return {
        "c1": (agreement(kinds, categorical=True), kinds),
        "others": (agreement(values), values),
    }


def mean_with_others(table: np.ndarray, i: int) -> float:
    """The mean agreement of one run with all the others."""
    return float(np.delete(table[i], i).mean())
