"""The latent code c: what it is made of, how it is drawn, how much there is to know.

InfoGAN splits the input of the generator in two: noise z, and a code c made of
independent factors, P(c) = P(c1) P(c2) ... P(cL).  Here a factor is categorical (one of K
values, all equally likely), uniform on [-1, 1], or circular (an angle).  Explained in chapter 2.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import torch
from torch import Tensor
from torch.nn import functional as F

from infogan_lite.inputs import device_of, integer, one_hot, rows_of, whole


@dataclass(frozen=True)
class LatentCode:
    """The prior P(c) and the one layout of c that everything else uses.

    A code is a row of numbers: first the categorical factors, each one-hot, then the uniform
    factors, then the cosine and the sine of each circular one.  ``LatentCode((10,), 2, 1)`` is::

        c = [ one-hot of c1: 10 numbers | c2 | c3 | cos c4, sin c4 ]        dim = 14

    Args:
        categorical: the number of values K of each categorical factor; one alone may be a number.
        uniform, circular: how many factors are uniform on [-1, 1], and how many are angles.

    A ValueError is for no factor, one with fewer than 2 values, or what is no whole number.
    """

    categorical: tuple[int, ...] = (10,)
    uniform: int = 2  # how many factors are uniform on [-1, 1]
    circular: int = 0  # how many factors are angles

    def __post_init__(self) -> None:
        try:
            k = self.categorical
            several = isinstance(k, (tuple, list)) or getattr(k, "ndim", 0)  # or an array of them
            object.__setattr__(self, "categorical", tuple(map(integer, k if several else (k,))))
            vars(self).update(uniform=integer(self.uniform), circular=integer(self.circular))
        except TypeError:
            text = "a code counts values and factors in whole numbers, as in LatentCode((10,), 2)"
            found = ", ".join(f"{value!r:.200}" for value in vars(self).values())
            raise ValueError(f"{text}: got {found}") from None
        if any(k < 2 for k in self.categorical):
            raise ValueError(f"a categorical factor has at least 2 values, got {self.categorical}")
        counts = len(self.categorical), self.uniform, self.circular
        if min(counts) < 0 or not 1 <= sum(counts) <= 9999:
            raise ValueError(f"a code has 1 to 9999 factors, of no form less than 0: got {counts}")

    # How many numbers of a row each factor takes, and all; names, ("c1", "c2", ...); places.
    widths = property(lambda self: (*self.categorical, *[1] * self.uniform, *[2] * self.circular))
    dim = property(lambda self: sum(self.widths), doc="The width of a row.")
    names = property(lambda self: tuple(f"c{i + 1}" for i, _ in enumerate(self.widths)))
    uniform_columns = property(lambda self: slice(s := sum(self.categorical), s + self.uniform))
    categorical_names = property(lambda self: self.names[: len(self.categorical)])
    uniform_names = property(lambda self: self.names[len(self.categorical) :][: self.uniform])
    circular_names = property(lambda self: self.names[len(self.categorical) + self.uniform :])

    @property
    def slices(self) -> dict[str, slice]:
        """Where each factor lies in a row: ``c[:, code.slices["c1"]]`` is its one-hot part."""
        ends = zip(self.names, self.widths, accumulate(self.widths), strict=True)
        return {name: slice(end - width, end) for name, width, end in ends}

    def entropy(self) -> dict[str, float]:
        """H(c_i) of each factor in nats: ln K if categorical, ln 2 if uniform, ln 2 pi if circular.

        The first is a ceiling of I(c_i; x); the others, *differential*, bound nothing (chapter 4).
        """
        values = [*self.categorical, *[2.0] * self.uniform, *[2 * math.pi] * self.circular]
        return {name: math.log(k) for name, k in zip(self.names, values, strict=True)}

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n codes from P(c), shape (n, dim), on the device of the generator."""
        n, how = whole("n", n), {"generator": generator, "device": device_of(generator)}
        parts = [F.one_hot(torch.randint(k, (n,), **how), k) for k in self.categorical]
        parts.append(2 * torch.rand(n, self.uniform, **how) - 1)
        parts.append(on_circle(math.pi * (1 - 2 * torch.rand(n, self.circular, **how))))
        return torch.cat(parts, dim=1).to(torch.get_default_dtype())

    def encode(self, categories: Sequence[Tensor], values: Tensor, angles=None) -> Tensor:
        """To rows (n, dim): indices (n,) by factor, values (n, uniform), radians (n, circular)."""
        factors = zip(self.categorical_names, categories, self.categorical, strict=True)
        parts = [*(one_hot(*each) for each in factors), rows_of(values, self.uniform, "values")]
        angles = parts[-1][:, :0] if angles is None else angles
        parts.append(on_circle(rows_of(angles, self.circular, "angles")))
        if len({*map(len, parts)}) > 1:
            raise ValueError(f"the parts of a code must be of as many rows, got {parts!r:.200}")
        return torch.cat(parts, dim=1).to(torch.get_default_dtype())

    def rows(self, c: object) -> Tensor:
        """Codes as floats of shape (n, dim); a ValueError for other shapes, and for no angles."""
        c = rows_of(c, self.dim, "c")
        pairs = c[:, self.uniform_columns.stop :].unflatten(1, (self.circular, 2))
        if self.circular and not ((pairs.norm(dim=2) - 1).abs() < 0.01).all():
            raise ValueError("c must hold the cosine and sine of each angle, as encode makes them")
        return c

    def category(self, c: Tensor, name: str = "c1") -> Tensor:
        """A categorical factor's index, (n,), in codes (n, dim): one-hot or, on a CPU, refused."""
        if name not in self.categorical_names:
            there = ", ".join(self.categorical_names) or "none"
            raise ValueError(f"{name} is not a categorical factor of this code; those are: {there}")
        index = (part := self.rows(c)[:, self.slices[name]]).argmax(dim=1)
        if part.is_cpu and len(odd := part[F.one_hot(index, part.shape[1]).ne(part).any(dim=1)]):
            raise ValueError(f"{name} must be one-hot in each row, got {odd[0].tolist()!r:.200}")
        return index


def on_circle(angles: Tensor) -> Tensor:
    """Angles in radians, shape (n, k), as the cosine and the sine of each in turn, (n, 2k)."""
    return torch.stack([angles.cos(), angles.sin()], dim=2).flatten(1)


def sample_noise(n: int, z_dim: int, generator: torch.Generator | None = None) -> Tensor:
    """Draw the noise z from a standard normal, shape (n, z_dim): all that c does not say."""
    size = whole("n", n), whole("z_dim", z_dim)
    return torch.randn(size, generator=generator, device=device_of(generator))
