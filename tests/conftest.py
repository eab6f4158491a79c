"""What the tests share: a GAN so small that it trains in a blink, and one browser."""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import hypothesis
import matplotlib
import pytest
import torch

from infogan_lite import InfoGAN, LatentCode, Settings, recipe
from infogan_lite.datasets import loading
from infogan_lite.datasets.digits import digits
from infogan_lite.inputs import Dataset

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

import browser as chromium  # noqa: E402

# Ignored in what is started in the background or by nohup; the tests send both.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):  # not on Windows
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
matplotlib.use("agg")  # no windows
# For nets this small a second thread costs more than it gives; tools/machines.py tries more.
torch.set_num_threads(int(os.environ.get("INFOGAN_TEST_THREADS", "1")))

# The same examples in each run, none stored, and no clock: the machine may be busy.
hypothesis.settings.register_profile(
    "tests", derandomize=True, database=None, deadline=None, max_examples=50
)
hypothesis.settings.load_profile("tests")

WINDOWS = os.name == "nt"
collect_ignore = ["running/test_signals.py"] if WINDOWS else []  # it forks, and sends signals


def pytest_collection_modifyitems(items):
    for item in items:
        if WINDOWS and item.get_closest_marker("unix"):
            item.add_marker(pytest.mark.skip(reason="pipes, modes and links of Unix"))


@pytest.fixture(autouse=True)
def threads():
    """Experiments choose one thread for themselves: the next test has its own number again."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def on_the_cpu(request, monkeypatch):
    """No test sees a GPU, nor do the programs it starts, but those marked ``gpu``."""
    if not request.node.get_closest_marker("gpu"):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


@pytest.fixture(scope="session")
def all_digits() -> Dataset:
    """What ``digits`` reads in a second or two, from a file of text."""
    return digits()


@pytest.fixture(autouse=True)
def read_once(request, monkeypatch):
    """``load("digits")`` gives each caller a copy of its own, but reads the file once for all."""

    def copied() -> Dataset:
        return Dataset(*(t.clone() for t in request.getfixturevalue("all_digits")))

    monkeypatch.setattr(loading, "digits", copied)


@pytest.fixture
def tiny_budget(monkeypatch, all_digits):
    """For experiments that need only run: a tenth of the digits, and of what training ends with."""
    few = Dataset(*(t[: len(t) // 10] for t in all_digits))
    monkeypatch.setattr(loading, "digits", lambda: Dataset(*(t.clone() for t in few)))
    monkeypatch.setattr(recipe, "FRESH", recipe.FRESH // 10)


@pytest.fixture
def tiny() -> Settings:
    """Every setting spelled out, so that no test depends on a preset."""
    return Settings(
        code=LatentCode(categorical=(3,), uniform=2),
        z_dim=4,
        channels=(4, 8),
        hidden=12,
        q_hidden=8,
        sigma=None,
        bend=True,
        tell=False,
        lam=1.0,
        lam_uniform=0.1,
        info_to_trunk=True,
        lam_real=0.5,
        lam_alike=0.7,
        batch_size=8,
        steps=5,
        lr_d=1e-3,
        lr_g=2e-3,
        decay_from=0.5,
        augment=0.2,
        r1=0.1,
        turn_every=0,
        average=0.0,
        settle=False,
        seed=0,
        log_every=1,
    )


@pytest.fixture
def images() -> torch.Tensor:
    return torch.rand(32, 1, 8, 8, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def model(tiny: Settings) -> InfoGAN:
    """Untrained, in train mode, with batch statistics that are not the initial ones."""
    return lively(tiny)


@pytest.fixture
def straight(tiny: Settings) -> InfoGAN:
    """As ``model``, but its G bends nothing: the uniform factors come in with the others."""
    return lively(replace(tiny, bend=False))


def lively(settings: Settings) -> InfoGAN:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = InfoGAN(settings, (1, 8, 8))
        for parameter in model.parameters():  # larger weights: the pictures differ visibly
            parameter.data.mul_(10)
        z, c = torch.randn(64, 4), settings.code.sample(64)
        for _ in range(20):
            model.Q(model.D.trunk(model.G(z, c)))
    return model


@pytest.fixture
def float64():
    """Double precision throughout: new parameters and random numbers too."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, one for all tests: two of playwright's loops do not fit one process."""
    path = chromium.find()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(chromium.HINT)
        pytest.skip(chromium.HINT)
    from playwright.sync_api import sync_playwright

    options = ["--disable-gpu", "--disable-extensions", "--disable-background-networking"]
    options += ["--no-sandbox", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        driver = playwright.chromium.launch(executable_path=path, args=options)
        yield driver
        driver.close()
