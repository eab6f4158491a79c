"""The latent code c: what it is made of, how it is drawn, how much there is to know.

InfoGAN splits the input of the generator in two: noise z, and a code c made of
independent factors, P(c) = P(c1) P(c2) ... P(cL).  Here a factor is categorical
(one of K values, all equally likely) or uniform on [-1, 1].  Explained in chapter 2.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from infogan_lite.inputs import device_of, integer, one_hot, rows_of, whole


@dataclass(frozen=True)
class LatentCode:
    """The prior P(c) and the one layout of c that everything else uses.

    A code is a row of numbers: first the categorical factors, each one-hot, then the
    uniform factors.  With the default, ``c1`` is one of 10 and ``c2, c3`` are uniform::

        c = [ one-hot of c1: 10 numbers | c2 | c3 ]        dim = 12

    Args:
        categorical: the number of values K of each categorical factor; one alone may be a number.
        uniform: how many factors are uniform on [-1, 1].

    A ValueError is for no factor, one with fewer than 2 values, or what is no whole number.
    """

    categorical: tuple[int, ...] = (10,)
    uniform: int = 2

    def __post_init__(self) -> None:
        try:
            k = self.categorical
            several = isinstance(k, (tuple, list)) or getattr(k, "ndim", 0)  # or an array of them
            object.__setattr__(self, "categorical", tuple(map(integer, k if several else (k,))))
            object.__setattr__(self, "uniform", integer(self.uniform))
        except TypeError:
            text = "a code counts values and factors in whole numbers, as in LatentCode((10,), 2)"
            found = f"{self.categorical!r:.200} and {self.uniform!r:.200}"
            raise ValueError(f"{text}: got {found}") from None
        if any(k < 2 for k in self.categorical):
            text = f"a categorical factor needs at least 2 values, got {self.categorical}"
            raise ValueError(f"{text}: with one its entropy is 0 and there is nothing to learn")
        if self.uniform < 0 or not self.categorical and self.uniform == 0:
            text = "a latent code needs at least one factor, and no number of factors is negative: "
            raise ValueError(f"{text}got {len(self.categorical)} and {self.uniform}")

    @property
    def dim(self) -> int:
        """The width of a row."""
        return sum(self.categorical) + self.uniform

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the factors, ``("c1", "c2", ...)``, categorical ones first."""
        return tuple(f"c{i + 1}" for i in range(len(self.categorical) + self.uniform))

    @property
    def categorical_names(self) -> tuple[str, ...]:
        return self.names[: len(self.categorical)]

    @property
    def uniform_names(self) -> tuple[str, ...]:
        return self.names[len(self.categorical) :]

    @property
    def slices(self) -> dict[str, slice]:
        """Where each factor lies in a row: ``c[:, code.slices["c1"]]`` is its one-hot part."""
        widths = [*self.categorical, *[1] * self.uniform]
        starts = [sum(widths[:i]) for i in range(len(widths))]
        return {n: slice(s, s + w) for n, s, w in zip(self.names, starts, widths, strict=True)}

    def entropy(self) -> dict[str, float]:
        """H(c_i) of each factor in nats: ln K if categorical, ln 2 if uniform on [-1, 1].

        The first is a ceiling of I(c_i; x); the second, *differential*, bounds nothing (chapter 4).
        """
        values = [*self.categorical, *[2.0] * self.uniform]
        return {name: math.log(k) for name, k in zip(self.names, values, strict=True)}

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n codes from P(c), shape (n, dim), on the device of the generator."""
        n = whole("n", n)
        how = {"generator": generator, "device": device_of(generator)}
        parts = [F.one_hot(torch.randint(k, (n,), **how), k) for k in self.categorical]
        values = 2 * torch.rand(n, self.uniform, **how) - 1
        return torch.cat([*parts, values], dim=1).to(torch.get_default_dtype())

    def encode(self, categories: Sequence[Tensor], values: Tensor) -> Tensor:
        """Indices (n,) of each categorical factor, and values (n, uniform), to rows (n, dim)."""
        factors = zip(self.categorical_names, categories, self.categorical, strict=True)
        parts = [*(one_hot(*each) for each in factors), rows_of(values, self.uniform, "values")]
        if len({*map(len, parts)}) > 1:
            raise ValueError(f"categories and values must be of as many rows, got {parts!r:.200}")
        return torch.cat(parts, dim=1).to(torch.get_default_dtype())

    def category(self, c: Tensor, name: str = "c1") -> Tensor:
        """The index of a categorical factor, shape (n,), read from codes of shape (n, dim)."""
        if name not in self.categorical_names:
            there = ", ".join(self.categorical_names) or "none"
            raise ValueError(f"{name} is not a categorical factor of this code; those are: {there}")
        return rows_of(c, self.dim, "c")[:, self.slices[name]].argmax(dim=1)


def sample_noise(n: int, z_dim: int, generator: torch.Generator | None = None) -> Tensor:
    """Draw the noise z from a standard normal, shape (n, z_dim): all that c does not say."""
    size = whole("n", n), whole("z_dim", z_dim)
    return torch.randn(size, generator=generator, device=device_of(generator))
