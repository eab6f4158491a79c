"""G, D and Q: shapes, modes, and what they refuse."""

import math
from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from infogan_lite import InfoGAN, LatentCode, preset, sample_noise
from infogan_lite.networks import doubling

pytestmark = pytest.mark.sensitive


def inputs(model: InfoGAN, n: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return sample_noise(n, model.settings.z_dim, generator), model.code.sample(n, generator)


@pytest.mark.parametrize(
    ("image_shape", "channels"),
    [((1, 28, 28), (4, 8)), ((3, 32, 32), (4, 6, 8)), ((1, 8, 8), (4,)), ((1, 2, 2), (4,))],
)
def test_pictures_have_the_shape_of_the_data_and_values_from_0_to_1(tiny, image_shape, channels):
    model = InfoGAN(replace(tiny, channels=channels), image_shape)
    x = model.generate(*inputs(model, 5))
    assert x.shape == (5, *image_shape)
    assert (x >= 0).all() and (x <= 1).all()
    assert model.D(x).shape == (5,)
    assert model.recognise(x).logits[0].shape == (5, 3)


@pytest.mark.parametrize("sigma", [None, 0.5])
@pytest.mark.parametrize(
    "code", [LatentCode((10,), 2), LatentCode((4, 3), 0), LatentCode((), 3), LatentCode((2,), 1)]
)
def test_q_has_logits_for_each_category_and_a_gaussian_for_each_number(tiny, code, sigma):
    model = InfoGAN(replace(tiny, code=code, sigma=sigma), (1, 8, 8))
    q = model.recognise(model.sample(6))
    assert [tuple(part.shape) for part in q.logits] == [(6, k) for k in code.categorical]
    assert q.mean.shape == q.log_sigma.shape == (6, code.uniform)
    outputs = sum(code.categorical) + code.uniform * (2 if sigma is None else 1)
    assert model.Q.net[-1].out_features == outputs


@pytest.mark.parametrize("sigma", [None, 0.5])
@pytest.mark.parametrize("bend", [True, False])
def test_q_points_at_an_angle_for_each_circular_factor(tiny, alive, images, sigma, bend):
    code = LatentCode((3,), 2, 2)
    model = alive(replace(tiny, code=code, sigma=sigma, bend=bend, kappa=2.5))
    q = model.recognise(images)
    assert q.direction.shape == (32, 2, 2) and q.kappa == 2.5
    torch.testing.assert_close(q.direction.norm(dim=2), torch.ones(32, 2))
    assert q.direction.std(0).min() > 0.01  # not the same for all pictures
    assert q.logits[0].shape == (32, 3) and q.mean.shape == q.log_sigma.shape == (32, 2)
    outputs = 3 + 2 * (2 if sigma is None else 1) + 2 * 2
    assert model.Q.net[-1].out_features == outputs
    assert alive(tiny).recognise(images).direction.shape == (32, 0, 2)


def test_an_angle_that_q_knows_nothing_of_has_a_bounded_slope(tiny):
    model = InfoGAN(replace(tiny, code=LatentCode((), 0, 1)), (1, 8, 8)).eval()
    last = model.Q.net[-1]
    last.weight.data.zero_()
    direction = model.Q(torch.randn(4, 12)).direction
    assert (direction == 0).all()
    direction[:, 0, 0].sum().backward()
    assert last.bias.grad.isfinite().all() and 0 < last.bias.grad[0] <= 4 / 1e-3 + 1


@pytest.mark.parametrize("bend", [True, False])
def test_an_angle_enters_g_with_the_categories_and_bends_nothing(tiny, alive, bend):
    """Where the first layer hears no uniform factor, it still hears the angle."""
    model = alive(replace(tiny, code=LatentCode((3,), 2, 1), bend=bend))
    z, c = inputs(model, 6)
    first = model.G.dense[0]
    assert first.in_features == 4 + 3 + 2 + (0 if bend else 2)
    heard = first.weight[:, -2:]
    expected = F.linear(torch.cat([z, c[:, :3], *([] if bend else [c[:, 3:5]])], 1),
                        first.weight[:, :-2]) + c[:, 5:] @ heard.T  # fmt: skip
    seen = []
    hook = first.register_forward_hook(lambda net, x, y: seen.append(y))
    model.generate(z, c)
    hook.remove()
    torch.testing.assert_close(seen[0], expected)
    assert model.G.entrance().shape == ((5 if bend else 12), 2)
    if not bend:
        assert torch.equal(model.G.entrance(), first.weight[:, 7:9])


def test_a_pair_that_is_no_angle_makes_no_picture(tiny):
    model = InfoGAN(replace(tiny, code=LatentCode((3,), 1, 1)), (1, 8, 8))
    z, c = inputs(model, 2)
    c[0, 4:] *= 0.5
    with pytest.raises(ValueError, match="the cosine and sine of each angle"):
        model.generate(z, c)


@pytest.mark.parametrize("sigma", [1.0, 0.3])
def test_a_fixed_sigma_is_the_same_for_all_images(tiny, sigma):
    model = InfoGAN(replace(tiny, sigma=sigma), (1, 8, 8))
    log_sigma = model.recognise(model.sample(4)).log_sigma
    torch.testing.assert_close(log_sigma, torch.full((4, 2), math.log(sigma)))


def test_a_learned_sigma_depends_on_the_image(model, images):
    assert (model.recognise(images).log_sigma.std(0) > 0).all()


def test_q_reads_the_features_of_the_trunk_that_d_uses(model, images):
    model.eval()
    features = []
    hook = model.D.trunk.register_forward_hook(lambda net, x, h: features.append(h))
    q, logit = model.recognise(images), model.D(images)
    hook.remove()
    assert len(features) == 2 and torch.equal(*features)
    assert torch.equal(q.logits[0], model.Q(features[0]).logits[0])
    assert torch.equal(logit, model.D.head(features[0])[:, 0])


@pytest.mark.parametrize("training", [True, False])
def test_a_picture_depends_on_its_own_z_and_c_not_on_its_batch(model, training):
    model.train(training)
    z, c = inputs(model, 6)
    together = model.generate(z, c)
    alone = torch.cat([model.generate(z[i : i + 1], c[i : i + 1]) for i in range(6)])
    torch.testing.assert_close(together, alone)
    assert together.std(0).max() > 0.01  # the pictures differ, so the test can fail
    assert model.training is training


@pytest.mark.parametrize("training", [True, False])
def test_what_q_says_depends_on_the_image_not_on_its_batch(model, images, training):
    model.train(training)
    together = model.recognise(images[:6])
    for i in range(6):
        alone = model.recognise(images[i : i + 1])
        torch.testing.assert_close(alone.logits[0][0], together.logits[0][i])
        torch.testing.assert_close(alone.mean[0], together.mean[i])
        torch.testing.assert_close(alone.log_sigma[0], together.log_sigma[i])
    assert together.logits[0].std(0).max() > 0.01
    assert model.training is training


def test_looking_leaves_no_trace(model, images):
    before = {name: value.clone() for name, value in model.state_dict().items()}
    x, q = model.sample(8), model.recognise(images)
    assert not x.requires_grad and not q.mean.requires_grad
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_a_sample_depends_on_its_seed_alone(model):
    before = torch.get_rng_state()
    assert torch.equal(model.sample(4, seed=1), model.sample(4, seed=1))
    assert not torch.equal(model.sample(4, seed=1), model.sample(4, seed=2))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_new_net_has_weights_of_deviation_002_and_no_other_offset():
    torch.manual_seed(0)
    model = InfoGAN(preset("paper"), (1, 28, 28))
    for name, weight in model.named_parameters():
        if weight.ndim > 1:
            assert weight.std().item() == pytest.approx(0.02, rel=0.1), name
            assert abs(weight.mean().item()) < 0.002, name
        elif name.endswith("bias"):
            assert (weight == 0).all(), name


@pytest.mark.parametrize("image_shape", [(1, 28, 32), (1, 30, 30), (1, 9, 9)])
def test_images_that_cannot_be_halved_are_refused(tiny, image_shape):
    with pytest.raises(ValueError, match=rf"divisible by 4.*{image_shape[1]} x {image_shape[2]}"):
        InfoGAN(tiny, image_shape)


@pytest.mark.parametrize("shape", [(5, 1, 28, 28), (5, 3, 8, 8), (3, 8, 8), (8, 8), (64,)])
def test_recognise_refuses_images_of_another_shape(model, shape):
    with pytest.raises(ValueError, match=r"n pictures of shape \(1, 8, 8\), got"):
        model.recognise(torch.rand(shape))


def test_recognise_refuses_bytes_that_are_floats_and_nan(model):
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\], got 0 to 255: divide bytes"):
        model.recognise(torch.tensor([0.0, 255.0]).repeat(32).view(1, 1, 8, 8))
    with pytest.raises(ValueError, match="NaN among them"):
        model.recognise(torch.full((1, 1, 8, 8), float("nan")))


def test_recognise_takes_one_picture_and_other_forms_of_it(model):
    x = torch.randint(0, 256, (1, 8, 8), generator=torch.Generator().manual_seed(0))
    expected = model.recognise((x / 255)[None])
    for form in (x / 255, (x / 255).double(), (x / 255).numpy(), x.to(torch.uint8)):
        torch.testing.assert_close(model.recognise(form).mean, expected.mean)


def test_a_resizing_generator_interpolates_and_then_convolves(tiny):
    """Its last layer, against torch's own pieces: bilinear by rule of three, then 3 x 3."""
    layer = doubling(2, 1, replace(tiny, resize=True))
    x = torch.rand(1, 2, 3, 3, generator=torch.Generator().manual_seed(0))
    at = ((torch.arange(6) + 0.5) / 2 - 0.5).clamp(0, 2)  # where each new pixel lies in the old
    weights = (1 - (at[:, None] - torch.arange(3)).abs()).clamp(min=0)
    large = weights @ x @ weights.T
    conv = layer[-1]
    padded = F.pad(large, (1, 1, 1, 1))
    expected = F.unfold(padded, 3).transpose(1, 2) @ conv.weight.view(1, -1).T + conv.bias
    assert torch.allclose(layer(x).flatten(), expected.flatten(), atol=1e-6)


def test_a_resizing_generator_shows_no_checkerboard_in_a_flat_picture(tiny):
    """Inside, what is flat stays flat: with transposed convolutions pixels take turns."""
    torch.manual_seed(0)
    flat, spread = torch.ones(1, 4, 8, 8), []
    for resize in (True, False):
        spread.append(doubling(4, 1, replace(tiny, resize=resize))(flat)[0, 0, 3:-3, 3:-3].std())
    assert spread[0] < 1e-6 < 0.01 < spread[1]
    assert not [
        m for m in InfoGAN(replace(tiny, resize=True), (1, 8, 8)).G.modules() if is_transposed(m)
    ]


def is_transposed(layer):
    return isinstance(layer, torch.nn.ConvTranspose2d)
