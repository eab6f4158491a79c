"""A small net that reads digits, trained on real ones with their labels: a judge, no teacher.

It is no part of any recipe.  Its hidden layer gives the features of the Fréchet distance, its
output says which pictures can be read.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from benchmarks import report
from benchmarks.options import Options
from infogan_lite.datasets.digits import digits
from infogan_lite.recipe import augment

WEIGHTS = report.RESULTS / "features.safetensors"


def run(options: Options) -> None:
    """Train the net, store it as features.safetensors, and say how well it reads."""
    data, path = digits(), options.folder_of("features") / WEIGHTS.name
    net = trained(data.x_train, data.y_train, 1 if options.quick else 20)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: w.half() for name, w in net.state_dict().items()}, path)
    right = (load(path)(data.x_test).argmax(1) == data.y_test).float().mean().item()
    print(f"{path.stat().st_size / 1e3:.0f} kB, {right:.1%} of the held-out digits read rightly")


class Features(nn.Module):
    """Pictures (n, 1, 28, 28) to 64 features (``trunk``) and to logits of the ten digits."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(1, 16, 5, stride=2, padding=2),
            nn.ReLU(),
            nn.Conv2d(16, 32, 5, stride=2, padding=2),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(32 * 7 * 7, 64),
            nn.ReLU(),
        )
        self.head = nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.trunk(x))


def trained(images: Tensor, labels: Tensor, epochs: int, seed: int = 0) -> Features:
    """The net after so many passes over the pictures, lightly augmented, in eval mode."""
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.default_generator.manual_seed(seed)
        net = Features()
    adam = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=0.05)
    rate = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.0, epochs)
    for _ in range(epochs):
        for index in torch.randperm(len(images), generator=generator).split(64):
            x, _ = augment(images[index], 0.1, generator)
            adam.zero_grad()
            cross_entropy(net(x), labels[index]).backward()
            adam.step()
        rate.step()
    return net.eval().requires_grad_(False)


def load(path: Path = WEIGHTS) -> Features:
    """The net whose weights are stored."""
    net = Features()
    net.load_state_dict({name: w.float() for name, w in load_file(path).items()})
    return net.eval().requires_grad_(False)
