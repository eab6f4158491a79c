"""What the paper states, beside what the package does (Chen et al., 2016)."""

import math

import pytest
from torch import nn

from infogan_lite import InfoGAN, LatentCode, preset

# Table 1: kind of layer, then its numbers.  A convolution: from, to, kernel, stride.
# (Batch norm stands between a layer and its ReLU, as in DCGAN and in the authors' code.)
GENERATOR = [
    ("linear", 62 + 12, 1024),
    ("norm", 1024),
    ("relu",),
    ("linear", 1024, 7 * 7 * 128),
    ("norm", 128),
    ("relu",),
    ("upconv", 128, 64, 4, 2),
    ("norm", 64),
    ("relu",),
    ("upconv", 64, 1, 4, 2),
    ("sigmoid",),
]
TRUNK = [
    ("conv", 1, 64, 4, 2),
    ("leaky", 0.1),
    ("conv", 64, 128, 4, 2),
    ("norm", 128),
    ("leaky", 0.1),
    ("linear", 7 * 7 * 128, 1024),
    ("norm", 1024),
    ("leaky", 0.1),
]
HEAD = [("linear", 1024, 1)]
Q = [
    ("linear", 1024, 128),
    ("norm", 128),
    ("leaky", 0.1),
    ("linear", 128, 10 + 2 + 2),
]


def describe(net: nn.Module) -> list[tuple]:
    """The layers in order, as in the tables above."""
    layers = []
    for layer in net.modules():
        match layer:
            case nn.Linear():
                layers.append(("linear", layer.in_features, layer.out_features))
            case nn.Conv2d() | nn.ConvTranspose2d():
                kind = "conv" if isinstance(layer, nn.Conv2d) else "upconv"
                (kernel, k2), (stride, s2) = layer.kernel_size, layer.stride
                assert kernel == k2 and stride == s2
                layers.append((kind, layer.in_channels, layer.out_channels, kernel, stride))
            case nn.BatchNorm1d() | nn.BatchNorm2d():
                layers.append(("norm", layer.num_features))
            case nn.LeakyReLU():
                layers.append(("leaky", layer.negative_slope))
            case nn.ReLU():
                layers.append(("relu",))
            case nn.Sigmoid():
                layers.append(("sigmoid",))
            case nn.Sequential() | nn.Flatten() | nn.Unflatten():
                pass
            case _ if layer is not net:
                raise AssertionError(f"a layer that Table 1 does not have: {layer}")
    return layers


@pytest.fixture(scope="module")
def paper() -> InfoGAN:
    return InfoGAN(preset("paper"), (1, 28, 28))


@pytest.mark.parametrize(
    ("part", "table"), [("G", GENERATOR), ("D.trunk", TRUNK), ("D.head", HEAD), ("Q", Q)]
)
def test_table_1_layer_for_layer(paper, part, table):
    assert describe(paper.get_submodule(part)) == table


@pytest.mark.parametrize(
    ("part", "count"),
    [
        # weights, plus two numbers for each normalized channel, plus biases elsewhere
        ("G", 74 * 1024 + 2 * 1024 + 1024 * 6272 + 2 * 128 + 128 * 64 * 16 + 2 * 64 + 64 * 16 + 1),
        ("D", 64 * 16 + 64 + 64 * 128 * 16 + 2 * 128 + 6272 * 1024 + 2 * 1024 + 1024 + 1),
        ("Q", 1024 * 128 + 2 * 128 + 128 * 14 + 14),
    ],
)
def test_the_numbers_of_parameters(paper, part, count):
    assert sum(p.numel() for p in paper.get_submodule(part).parameters()) == count
    assert count == pytest.approx({"G": 6.65e6, "D": 6.56e6, "Q": 0.13e6}[part], rel=0.03)


def test_the_settings_of_appendix_c(monkeypatch):
    monkeypatch.delenv("INFOGAN_MAX_STEPS", raising=False)
    settings = preset("paper")
    assert settings.code == LatentCode((10,), 2) and settings.z_dim == 62
    assert (settings.lr_d, settings.lr_g) == (2e-4, 1e-3)
    assert settings.lam == 1 and 0 < settings.lam_uniform < 1
    assert settings.info_to_trunk and settings.sigma is None
    assert settings.batch_size * settings.steps == 640_000


def test_the_ceiling_of_figure_1():
    assert LatentCode((10,), 2).entropy()["c1"] == pytest.approx(2.3026, abs=5e-5)


def test_an_untrained_q_knows_nothing(paper):
    """Figure 1 starts at L_I of about 0: all categories are about equally likely under Q."""
    q = paper.recognise(paper.sample(64))
    assert (q.logits[0].softmax(1) - 0.1).abs().max() < 0.05
    assert math.exp(q.log_sigma.abs().max()) < 1.5
