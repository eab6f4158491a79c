"""Whatever is typed after a command: status 2 and no traceback, before a training begins."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infogan_lite.datasets import loading
from infogan_lite.inputs import Dataset
from infogan_lite.running import checkpoints
from infogan_lite.running import command_line as cli

LINES = {  # a command, and what is there to be mistaken
    "train": [
        "--data",
        "--size",
        "--fit",
        "--color",
        "--background",
        "--resume",
        "--preset",
        "--device",
        "--save-every",
        "--threads",
    ]
    + ["--steps", "--batch-size", "--channels", "--lam", "--sigma", "--seed", "--bend", "--z-dim"]
    + [
        "--code.uniform",
        "--code.categorical",
        "--code.circular",
        "--kappa",
        "--lr-g",
        "--average",
        "--outside",
        "--augment",
    ],
    "sweep": ["--seeds", "--vary", "--jobs", "--out", "--lam", "--data"],
    "evaluate m.st": ["--data"],
    "traverse m.st": ["--factor", "--rows", "--seed", "--output"],
    "explore m.st": ["--output"],
    "report m.st": ["--output", "--data"],
    "evaluate": [],
    "fly": ["--lam"],
}
# Words, numbers of a wrong kind, no place; only these options may take one of them.
TAKES = ["--output", "--save-every", "--steps", "--lam", "--lr-g", "--augment", "--vary"]
VALUES = ["-1", "nan", "x/y/z", "1.5.2", "1e400", "=", "[", "\udcff", "''", "9" * 30, "0x10", "☃"]


class Trains(Exception):
    """A training has begun."""


@pytest.fixture
def place(monkeypatch, tmp_path, model):
    """A saved model, few pictures, and a trap where training begins."""
    monkeypatch.chdir(tmp_path)
    checkpoints.save(model, "m.st")
    x = torch.rand(84, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    some, load = Dataset(x[:64], torch.arange(64), x[64:], torch.arange(20)), loading.load

    def trap(*_, **__):
        raise Trains

    monkeypatch.setattr(torch.Tensor, "backward", trap)  # without it no weight moves
    monkeypatch.setattr(
        loading, "load", lambda name, **how: load(name, **how) if how or name != "digits" else some
    )


def status(arguments: list[str]) -> int | None:
    """None if a training has begun."""
    try:
        cli.main(arguments)
    except SystemExit as stopped:
        return stopped.code
    except Trains:
        return None
    return 0


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mistaken_arguments(place, capsys, data):
    command = data.draw(st.sampled_from(sorted(LINES)))
    options = LINES[command] + ["--nonsense", "-x", "---", "--"]
    option, value = data.draw(st.sampled_from(options)), data.draw(st.sampled_from(VALUES))
    arguments = [*command.split(), option, value]
    if command == "sweep" and option != "--jobs":
        arguments += ["--jobs", "1"]
    capsys.readouterr()
    found = status(arguments)
    out, err = capsys.readouterr()
    assert "Traceback" not in err + out
    if found == 2:
        assert err.strip()
    else:
        assert option in TAKES and found in (0, None), (arguments, found, err)
