"""Sliders for the codes of a trained model: ``explore(model)`` in the last line of a cell.

The generator is sent to the browser and runs there, so the picture answers at once: in
Jupyter, in Colab, and on a page of the book, where there is no kernel at all.  A generator
too large for a page is replaced by pictures made beforehand, moved by the same sliders.

Used in chapter 5, *InfoGAN*.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
import traitlets
from torch import Tensor

from infogan_lite.codes import sample_noise
from infogan_lite.inputs import rows_of, whole
from infogan_lite.networks import InfoGAN
from infogan_lite.widgets.base import Widget
from infogan_lite.widgets.export import export_generator, in_float32
from infogan_lite.widgets.packing import front_end
from infogan_lite.widgets.precomputed import make_sheet, moving

MAX_WEIGHTS = 5_000_000  # bytes: what `suggest` proposes for 64 pixels, in full precision


class Explorer(Widget):
    """The widget that ``explore`` returns; make it with ``explore``.

    Set or observe its traits from Python, like those of any ipywidget:

    category: c1, from 0 to K - 1.  categories: all categorical factors.
    values: the uniform factors, each from -2 to 2 (trained on -1 to 1).
    angles: the circular factors, each in degrees, from -180 to 180.
    z_index: which z; the one after the last is ``z_drawn``, drawn anew in the browser.
    """

    _esm = front_end("explorer.js")
    _css = front_end("widgets.css")

    categories = traitlets.Tuple().tag(sync=True)
    category = traitlets.Int(0)
    values = traitlets.Tuple().tag(sync=True)
    angles = traitlets.Tuple().tag(sync=True)
    z_index = traitlets.Int(0, min=0).tag(sync=True)
    z_drawn = traitlets.Tuple().tag(sync=True)

    # What the front end needs to know; fixed once made.
    categorical = traitlets.List().tag(sync=True)
    uniform = traitlets.Int().tag(sync=True)
    image_shape = traitlets.List().tag(sync=True)
    ink = traitlets.Bool(True).tag(sync=True)
    names = traitlets.Dict().tag(sync=True)
    labels = traitlets.List().tag(sync=True)
    z = traitlets.Bytes().tag(sync=True)
    z_dim = traitlets.Int().tag(sync=True)
    layers = traitlets.List().tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    dtype = traitlets.Unicode("float16").tag(sync=True)
    sheet = traitlets.Bytes().tag(sync=True)
    grid = traitlets.List().tag(sync=True)
    moving = traitlets.List().tag(sync=True)

    def __init__(self, model: InfoGAN, **state) -> None:
        self.model = model
        super().__init__(**state)

    def picture(self) -> Tensor:
        """What the widget shows now, computed by torch: shape (channels, h, w)."""
        n = len(self.z) // (4 * self.z_dim)
        if self.z_index < n:
            z = torch.from_numpy(np.frombuffer(self.z, "<f4").reshape(n, -1).copy())[self.z_index]
        else:
            z = torch.tensor(self.z_drawn, dtype=torch.float32)
        index = [torch.tensor([k]) for k in self.categories]
        values, degrees = (torch.tensor([part]).float() for part in (self.values, self.angles))
        c = self.model.code.encode(index, values, degrees.deg2rad())
        return self.model.generate(z[None], c)[0].cpu()

    @traitlets.validate("categories")
    def _valid_categories(self, proposal) -> tuple:
        sizes, value = self.model.code.categorical, tuple(proposal["value"])
        if len(value) != len(sizes) or any(not 0 <= value[i] < k for i, k in enumerate(sizes)):
            raise traitlets.TraitError(f"a category for each factor of {sizes}, got {value}")
        return value

    @traitlets.validate("category")
    def _valid_category(self, proposal) -> int:
        k = (*self.model.code.categorical, 1)[0]  # without categories it stays 0
        if not 0 <= proposal["value"] < k:
            raise traitlets.TraitError(f"c1 goes from 0 to {k - 1}, got {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("values")
    def _valid_values(self, proposal) -> tuple:
        return _numbers("values", proposal["value"], self.model.code.uniform, 2)

    @traitlets.validate("angles")
    def _valid_angles(self, proposal) -> tuple:
        return _numbers("angles", proposal["value"], self.model.code.circular, 180)

    @traitlets.validate("z_index")
    def _valid_z_index(self, proposal) -> int:
        n = len(self.z) // (4 * self.z_dim)
        if proposal["value"] >= n + bool(self.z_drawn):
            raise traitlets.TraitError(f"there are {n} z, numbered from 0; got {proposal['value']}")
        return proposal["value"]

    @traitlets.observe("categories")
    def _first_category(self, change) -> None:
        self.category = self.categories[0] if self.categories else 0

    @traitlets.observe("category")
    def _all_categories(self, change) -> None:
        if self.categories:
            self.categories = (self.category, *self.categories[1:])

    def what(self) -> str:
        return "Sliders for the codes of a model, and the picture that they make"


def explore(
    model: InfoGAN,
    z: Tensor | None = None,
    seed: int = 0,
    names: Mapping[str, str] | None = None,
    labels: Sequence | Mapping[int, object] | None = None,
    frames: bool | None = None,
    ink: bool = True,
) -> Explorer:
    """Controls for every factor of the code, and the picture G(z, c) that they make.

    Args:
        model: a trained model.
        z: the noise to choose from, shape (n, z_dim); by default 6 draws.
        seed: of those draws.
        names: a word for each factor, such as ``{"c1": "digit", "c2": "slant"}``.
        labels: a word for each category of c1, such as ``evaluate(model, data).mapping``.
        frames: True for precomputed pictures, False to run the generator in the browser; by
            default that is done if its weights take at most 5 MB and it has no ``resize``.
        ink: whether 1 is black, as for handwriting; with False gray 1 is white, as in a
            photograph.  Pictures in color are shown as they are.

    Returns:
        An ipywidget; see ``Explorer`` for its traits and ``picture()``.

    Raises:
        ValueError: for a z of another shape, a name of a factor that does not exist, or
            labels that do not name each category of c1.
        TypeError: if G contains a module that the browser cannot run.
    """
    model = in_float32(model)
    settings, code = model.settings, model.code
    if z is None:
        z = sample_noise(6, settings.z_dim, torch.Generator().manual_seed(whole("seed", seed)))
    z = rows_of(z, settings.z_dim, "z").detach()
    if not len(z) or not z.isfinite().all():
        raise ValueError(f"z must hold at least one row of finite numbers, got {z.tolist()!r:.200}")
    if unknown := set(names or {}) - set(code.names):
        raise ValueError(f"no such factor: {', '.join(map(str, unknown))}; there is {code.names}")
    state = {
        "categories": (0,) * len(code.categorical),
        "values": (0.0,) * code.uniform,
        "categorical": list(code.categorical),
        "angles": (0.0,) * code.circular,
        "uniform": code.uniform,
        "moving": list(moving(code)),
        "image_shape": list(model.image_shape),
        "ink": ink,
        "names": dict(names or {}),
        "labels": _words(labels, code.categorical[0] if code.categorical else 0),
        "z_dim": settings.z_dim,
    }
    size = 2 * sum(p.numel() for p in model.G.parameters())  # bytes in half precision
    small = size <= MAX_WEIGHTS and not settings.resize  # which the page cannot do
    if frames is False or (frames is None and small):
        exported = export_generator(model)
        if frames is False or len(exported.weights) <= MAX_WEIGHTS:
            state |= exported._asdict()
    if "layers" not in state:
        z = z[:1]
        sheet, grid, side = make_sheet(model, z)
        state |= {"sheet": sheet, "grid": grid}
        state |= {"image_shape": [model.image_shape[0], side, side]}  # of what the page shows
    return Explorer(model, z=z.float().cpu().numpy().astype("<f4").tobytes(), **state)


def _numbers(name: str, given: Sequence[float], n: int, most: float) -> tuple[float, ...]:
    numbers = tuple(float(v) for v in given)
    if len(numbers) != n or any(not abs(v) <= most for v in numbers):
        raise traitlets.TraitError(f"{n} {name} from -{most} to {most}, got {given}")
    return numbers


def _words(labels: Sequence | Mapping[int, object] | None, k: int) -> list[str]:
    if labels is None:
        return []
    labels = labels.tolist() if hasattr(labels, "tolist") else labels  # of numpy or torch
    numbered = isinstance(labels, Mapping) and set(labels) == set(range(k))
    if not (numbered or isinstance(labels, Sequence) and len(labels) == k):
        raise ValueError(f"labels must name each of the {k} categories of c1, got {labels!r:.200}")
    return [str(labels[i]) for i in range(k)]
