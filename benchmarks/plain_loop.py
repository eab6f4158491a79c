"""The yardstick: the same nets, trained in the loop that public ports of InfoGAN have.

Three passes through D and a DataLoader in each step; gradients for frozen parts are
computed and thrown away; L_I moves Q's head and G but not the trunk.  It is written here
from that description, to be timed beside ``infogan_lite.train`` in one run on one machine.
"""

import time

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from infogan_lite import InfoGAN, Settings, lower_bound, sample_noise


def plain_loop(
    images: Tensor, settings: Settings, steps: int, warmup: int = 2, informed: bool = True
) -> float:
    """Seconds for so many steps, after a warm-up.

    Args:
        images: shape (n, channels, h, w).
        settings: nets, batch size and learning rates.
        steps: how many to time.
        warmup: steps before the clock starts.
        informed: with False a GAN alone: Q and L_I are left out, all else is the same.
    """
    torch.manual_seed(settings.seed)
    model = InfoGAN(settings, tuple(images.shape[1:])).train()
    model.to(memory_format=torch.contiguous_format)  # as PyTorch makes nets by itself
    G, D, Q, code = model.G, model.D, model.Q, model.code
    betas = (0.5, 0.999)
    adam_d = torch.optim.Adam(D.parameters(), settings.lr_d, betas)
    adam_g = torch.optim.Adam([*G.parameters(), *Q.parameters()], settings.lr_g, betas)
    bce = nn.BCEWithLogitsLoss()
    loader = DataLoader(TensorDataset(images), settings.batch_size, shuffle=True, drop_last=True)
    done, start = 0, 0.0
    while True:
        for (real,) in loader:
            if done == warmup:
                start = time.perf_counter()
            if done == warmup + steps:
                return time.perf_counter() - start
            n = len(real)
            adam_d.zero_grad()
            bce(D(real), torch.ones(n)).backward()
            z, c = sample_noise(n, settings.z_dim), code.sample(n)
            fake = G(z, c)
            bce(D(fake.detach()), torch.zeros(n)).backward()
            adam_d.step()

            adam_g.zero_grad()
            h = D.trunk(fake)
            loss = bce(D.head(h).squeeze(1), torch.ones(n))
            if informed:
                loss = loss - sum(lower_bound(code, c, Q(h)).values())
            loss.backward()
            adam_g.step()
            done += 1
