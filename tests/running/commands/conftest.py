"""What the commands' tests share: a folder of pictures, and one training of it."""

import pytest
import torch
from PIL import Image

from infogan_lite.running.command_line import main

TINY = ["--steps", "4", "--batch-size", "8", "--channels", "4", "8", "--hidden", "8"]
TINY += ["--q-hidden", "8", "--log-every", "1", "--device", "cpu"]


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    generator = torch.Generator().manual_seed(0)
    for i in range(60):
        x = (255 * torch.rand(20, 20, 3, generator=generator)).to(torch.uint8)
        Image.fromarray(x.numpy()).save(tmp_path / f"mine/{i}.png")


@pytest.fixture
def trained(capsys):
    main(["train", "--data", "./mine", *TINY, "--out", "m.st"])
    return capsys.readouterr().out
