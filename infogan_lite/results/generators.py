"""Trained generators of rendered worlds, kept with the package.

``benchmarks/worlds.py`` made them.

Used in chapter 8.
"""

import torch

from infogan_lite import InfoGAN
from infogan_lite.results.tables import DATA
from infogan_lite.running import checks
from infogan_lite.running.checkpoints import kept_as
from infogan_lite.running.stored_settings import read_settings


def median_run(name: str) -> InfoGAN:
    """The stored run on a rendered set that came out in the middle, in eval mode: G alone.

    D and Q are new and have learned nothing.

    Raises:
        ValueError: for a set without such a run; names those that have one.
    """
    paths = {path.stem.split("-")[1]: path for path in DATA.glob("worlds-*-median.safetensors")}
    if name not in paths:
        raise ValueError(f"no stored run on {name!r:.200}; there are: {', '.join(sorted(paths))}")
    with checks.opened(paths[name]) as file:
        metadata = checks.about(paths[name], file)
        settings = read_settings(paths[name], metadata)
        model = InfoGAN(settings, checks.read_image_shape(paths[name], metadata))
        wanted = checks.layout(kept_as(torch.float16, model.G.state_dict()))
        model.G.load_state_dict(checks.read_tensors(paths[name], file, metadata, wanted))
    return model.eval()
