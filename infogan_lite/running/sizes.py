"""How large nets are, known before they are built."""

import os
import reprlib
from decimal import Decimal  # takes a whole number beyond every float
from itertools import pairwise

from infogan_lite.settings import Settings


def least_weights(settings: Settings, image_shape: tuple[int, int, int]) -> int:
    """How many weights the nets have at least: known before they are built."""
    code, hidden, q_hidden = settings.code.dim, settings.hidden, settings.q_hidden
    side = image_shape[1] // 2 ** len(settings.channels)
    convolutions = sum(16 * a * b for a, b in pairwise([image_shape[0], *settings.channels]))
    dense = hidden * (settings.z_dim + code + 2 * settings.channels[-1] * side**2)
    return convolutions + dense + q_hidden * (hidden + code)


def largest(settings: Settings) -> str:
    """The setting that makes the nets large."""
    widths = {"code.dim": settings.code.dim, "channels": max(settings.channels)}
    widths |= {name: getattr(settings, name) for name in ("z_dim", "hidden", "q_hidden")}
    name = max(widths, key=widths.get)
    return f"{name} = {reprlib.repr(widths[name])}"


def need_memory(settings: Settings, image_shape: tuple[int, int, int]) -> None:
    """Refuse nets that cannot fit, and name the setting that makes them large."""
    if not hasattr(os, "sysconf"):  # Windows
        return
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    wanted = 4 * 4 * least_weights(settings, image_shape)  # Adam's too
    if wanted > there:
        raise ValueError(
            f"the nets are too large with {largest(settings)}: they take "
            f"{in_short(wanted // 10**9)} GB, this machine has {there // 10**9} GB"
        )


def in_short(number: int) -> str:
    """Three digits of a whole number of any length."""
    return f"{number:,}" if number < 10**9 else f"{Decimal(number):.2e}"
