"""The latent code c: what it is made of, how it is drawn, how much there is to know.

InfoGAN splits the input of the generator in two: noise z, and a code c made of
independent factors, P(c) = P(c1) P(c2) ... P(cL).  Here a factor is categorical
(one of K values, all equally likely) or uniform on [-1, 1].

Explained in chapter 2, *Latent codes*.
"""

import math
from dataclasses import dataclass
from operator import index

import torch
from torch import Tensor


@dataclass(frozen=True)
class LatentCode:
    """The prior P(c) and the one layout of c that everything else uses.

    A code is a row of numbers: first the categorical factors, each one-hot, then the
    uniform factors.  With the default, ``c1`` is one of 10 and ``c2, c3`` are uniform::

        c = [ one-hot of c1: 10 numbers | c2 | c3 ]        dim = 12

    Args:
        categorical: the number of values K of each categorical factor; a single one may be
            given as a number, ``LatentCode(10, 2)``.
        uniform: how many factors are uniform on [-1, 1].

    Raises:
        ValueError: if there is no factor at all, a factor with fewer than 2 values, or
            something that does not count.
    """

    categorical: tuple[int, ...] = (10,)
    uniform: int = 2

    def __post_init__(self) -> None:
        try:
            k = self.categorical if hasattr(self.categorical, "__len__") else (self.categorical,)
            object.__setattr__(self, "categorical", tuple(index(n) for n in k))
            object.__setattr__(self, "uniform", index(self.uniform))
        except TypeError:
            raise ValueError(
                "a code counts values and factors in whole numbers, as in LatentCode((10,), 2): "
                f"got categorical {self.categorical!r:.200} and uniform {self.uniform!r:.200}"
            ) from None
        if any(k < 2 for k in self.categorical):
            raise ValueError(
                f"a categorical factor needs at least 2 values, got {self.categorical}: "
                "with one value its entropy is 0 and there is nothing to learn"
            )
        if self.uniform < 0 or not self.categorical and self.uniform == 0:
            raise ValueError(
                "a latent code needs at least one factor, and no number of factors is negative: "
                f"got {len(self.categorical)} categorical and {self.uniform} uniform ones"
            )

    @property
    def dim(self) -> int:
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

        The first is an entropy and a ceiling of I(c_i; x).  The second is a *differential*
        entropy: it bounds nothing (chapter 4).
        """
        categorical = {
            n: math.log(k) for n, k in zip(self.categorical_names, self.categorical, strict=True)
        }
        return categorical | {n: math.log(2.0) for n in self.uniform_names}

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n codes from P(c), shape (n, dim), on the device of the generator."""
        device = generator.device if generator is not None else None
        categories = [
            torch.randint(k, (n,), generator=generator, device=device) for k in self.categorical
        ]
        values = 2 * torch.rand(n, self.uniform, generator=generator, device=device) - 1
        return self.encode(categories, values)

    def encode(self, categories: list[Tensor], values: Tensor) -> Tensor:
        """Write factors as rows of numbers, shape (n, dim).

        Args:
            categories: for each categorical factor the indices, shape (n,).
            values: the uniform factors, shape (n, uniform).
        """
        one_hot = [
            torch.nn.functional.one_hot(category, k)
            for category, k in zip(categories, self.categorical, strict=True)
        ]
        return torch.cat([*one_hot, values], dim=1).to(torch.get_default_dtype())

    def category(self, c: Tensor, name: str = "c1") -> Tensor:
        """The index of a categorical factor, shape (n,), read from codes of shape (n, dim)."""
        if name not in self.categorical_names:
            raise ValueError(
                f"{name} is not a categorical factor of this code; "
                f"those are: {', '.join(self.categorical_names) or 'none'}"
            )
        return c[:, self.slices[name]].argmax(dim=1)


def sample_noise(n: int, z_dim: int, generator: torch.Generator | None = None) -> Tensor:
    """Draw the noise z from a standard normal, shape (n, z_dim): all that c does not say."""
    device = generator.device if generator is not None else None
    return torch.randn(n, z_dim, generator=generator, device=device)
