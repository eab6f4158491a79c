"""The command line, at a tiny budget: each command, and one clear line for each mistake."""

import csv
import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import torch
from PIL import Image

import infogan_lite
from infogan_lite import Settings, preset
from infogan_lite.datasets import loading
from infogan_lite.inputs import Dataset
from infogan_lite.running import checkpoints, runs, sweep
from infogan_lite.running import command_line as cli
from infogan_lite.running.commands import train as training

ROOT = Path(__file__).resolve().parents[2]
TINY = ["--steps", "4", "--batch-size", "8", "--channels", "4", "8", "--hidden", "8"]
TINY += ["--q-hidden", "8", "--log-every", "1"]


@pytest.fixture(autouse=True)
def small(monkeypatch, tmp_path):
    """Few pictures of the digits' size, and an empty folder."""
    monkeypatch.chdir(tmp_path)
    x = torch.rand(60, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    y, load = torch.arange(60) % 10, loading.load
    some = Dataset(x[:40], y[:40], x[40:], y[40:])
    monkeypatch.setattr(loading, "load", lambda name: some if name == "digits" else load(name))


def test_train_then_evaluate_then_traverse(capsys):
    cli.main(["train", *TINY, "--lam", "0.5", "--seed", "3", "--device", "cpu", "--out", "m.st"])
    model = checkpoints.load("m.st")
    assert (model.settings.lam, model.settings.seed, model.settings.channels) == (0.5, 3, (4, 8))
    assert model.settings.z_dim == preset("lite").z_dim
    notes = checkpoints.read_notes("m.st")
    assert notes["data"] == "digits" and 0 <= notes["error"] <= 1
    capsys.readouterr()
    cli.main(["evaluate", "m.st"])
    printed = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert set(printed) == {"error", "nmi", "ari", "L_I(c1)", "L_I(c2)", "L_I(c3)", "L_I(c4)"}
    assert float(printed["error"]) == pytest.approx(notes["error"], abs=1e-4)
    cli.main(["traverse", "m.st", "--factor", "c2", "--rows", "2", "--output", "x.png"])
    assert Path("x.png").read_bytes().startswith(b"\x89PNG")


def test_a_code_with_an_angle_goes_all_the_way(capsys):
    code = ["--code.categorical", "3", "--code.uniform", "1", "--code.circular", "1"]
    more = ["--kappa", "4", "--lam-circular", "0.5", "--device", "cpu", "--out", "m.st"]
    cli.main(["train", *TINY, *code, *more])
    settings = checkpoints.load("m.st").settings
    assert settings.code == infogan_lite.LatentCode((3,), 1, 1)
    assert (settings.kappa, settings.lam_circular) == (4.0, 0.5)
    capsys.readouterr()
    cli.main(["evaluate", "m.st"])
    printed = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert -5 < float(printed["L_I(c3)"]) < 4
    cli.main(["traverse", "m.st", "--factor", "c3", "--rows", "2", "--output", "x.png"])
    cli.main(["explore", "m.st", "--output", "e.html"])
    cli.main(["report", "m.st", "--output", "r.html"])
    assert "only c3 changes" in Path("r.html").read_text(encoding="utf8") and Path("x.png").exists()
    cli.main(["sweep", *TINY, *code, "--seeds", "5", "--jobs", "1"])
    assert "L_I(c3)" in capsys.readouterr().out


def test_the_preset_is_what_other_options_change():
    cli.main(["train", "--preset", "paper", *TINY, "--device", "cpu"])
    settings = checkpoints.load("model.safetensors").settings
    assert settings == preset(
        "paper", steps=4, batch_size=8, channels=(4, 8), hidden=8, q_hidden=8, log_every=1
    )


def test_an_interrupted_training_goes_on_with_resume(monkeypatch, capsys):
    arguments = ["train", *TINY, "--device", "cpu", "--save-every", "2"]
    cli.main([*arguments, "--out", "whole.st"])
    bar = training.ProgressBar

    def impatient(settings):
        inner = bar(settings)

        def press(model, history):
            inner(model, history)
            if history.step[-1] == 3:
                raise KeyboardInterrupt

        press.bar = inner.bar
        return press

    monkeypatch.setattr(training, "ProgressBar", impatient)
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        cli.main([*arguments, "--out", "broken.st"])
    assert stopped.value.code == 130
    said = "interrupted after step 3; broken.st.run holds step 3: go on by\n"
    assert f"{said}    python -m infogan_lite train --out broken.st" in capsys.readouterr().out
    assert runs.load_run("broken.st.run").step == 3
    assert not Path("broken.st").exists()
    monkeypatch.setattr(training, "ProgressBar", bar)
    cli.main([*arguments, "--out", "broken.st", "--resume"])
    whole, resumed = (checkpoints.load(n).state_dict() for n in ("whole.st", "broken.st"))
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_sweep_prints_and_stores_each_run(capsys, suffix):
    cli.main(
        ["sweep", *TINY, "--seeds", "5", "6", "--vary", "lam=0,1", "--jobs", "1"]
        + ["--out", f"s.{suffix}"]
    )
    out = capsys.readouterr().out
    assert out.count("seed 5:") == out.count("seed 6:") == 2
    assert "lam=0\n" in out and "lam=1\n" in out and "median" in out and "+-" in out
    text = Path(f"s.{suffix}").read_text(encoding="utf8")
    rows = json.loads(text) if suffix == "json" else list(csv.DictReader(text.splitlines()))
    plan = [(float(row["lam"]), int(row["seed"])) for row in rows]
    assert plan == [(0, 5), (0, 6), (1, 5), (1, 6)]
    assert len({row["L_I(c1)"] for row in rows}) == 4  # different runs


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("train --preset large", "unknown preset 'large'; choose one of: lite, paper, suggest"),
        ("train --data letters", "unknown data set 'letters', and no folder in"),
        ("train --data letters", "has that name; choose one of: digits, mnist"),
        ("train --device tpu", "device 'tpu' is not here"),
        ("train --lam -1", "lam must be 0 or more, finite, got -1.0"),
        ("train --resume", "there is no run model.safetensors.run to go on with: begin it without"),
        ("train --resume --out m.st", "m.st is finished: there is nothing to go on with"),
        ("evaluate nothing.st", "there is no checkpoint at nothing.st"),
        ("traverse m.st --factor c9", "no factor 'c9'; it has: c1, c2, c3"),
        ("sweep --vary lam", "'lam' is not of the form name=value,value"),
        ("sweep --vary lamb=1", "lamb"),
        ("sweep --out s.txt", "s.txt must end with .csv or .json"),
        ("sweep --out missing/s.csv", "could not write missing/s.csv: No such file"),
        ("sweep --jobs 0", "--jobs must be at least 1, got 0"),
        ("sweep --jobs 1000000000", "--jobs must be at most 1000, got 1000000000"),
        ("sweep --seeds", "--seeds must name at least one seed"),
        ("sweep --seeds 1 2 1", "--seeds must name each once, got 2 times 1"),
        ("sweep --vary lam=0,0.5,0.0", '--vary must name each once, got 2 times {"lam": 0}'),
        ("sweep --vary lam=0 lam=1", "--vary must name each once, got 2 times lam"),
        ("sweep --vary lam=1,2 --vary steps=1,2", "--vary is given 2 times: give it once, with"),
        ("sweep --seeds 0 1 --lam 1 --seeds=2", "--seeds is given 2 times: give it once, with"),
        ("sweep --vary seed=1,2", "--vary seed is not one of"),
        ("sweep --vary code=1", "--vary code is not one of"),
        ("sweep --vary channels=4", "channels must be whole numbers, as (16, 32), got 4"),
        ('sweep --vary lam="a"', "lam must be a number, got 'a'"),
        ("train --save-every 0", "--save-every must be at least 1, got 0"),
        ("train --threads 0", "--threads must be at least 1, got 0"),
        ("train --threads 100000", "--threads must be at most 1024, got 100000"),
        ("train --threads 1000000000000", "--threads must be at most 1024, got 1000000000000"),
        ("train --z-dim 1000000000000", "too large with z_dim = 1000000000000"),
        ("train --hidden 1000000000", "too large with hidden = 1000000000"),
        ("train --resume --overwrite", "choose one"),
        ("train --out missing/m", "could not write missing/m: No such file"),
        ("train --out .", "could not write .: there is something that is no regular file"),
        pytest.param("train --out pipe", "no regular file", marks=pytest.mark.unix),
        pytest.param(f"train --out {'n' * 300}", "name too long", marks=pytest.mark.unix),
        pytest.param(f"train --out {'n' * 253}", "name too long", marks=pytest.mark.unix),  # .run
        ("train --batch-size 64", "batch (64) is larger than the data (40)"),
        ("traverse m.st --rows 0", "--rows must be at least 1, got 0"),
        ("traverse m.st --rows -1", "--rows must be at least 1, got -1"),
        ("traverse m.st --rows 1000000000000", "--rows must be at most 1000"),
        ("traverse m.st --output missing/x.png", "could not write missing/x.png"),
        ("traverse m.st --output x.pgf", "pgf keeps pictures in files of their own: choose .png"),
        ("traverse m.st --output x.xyz", "Format 'xyz' is not supported"),
        ("traverse m.st --seed 99999999999999999999", "--seed must be from 0 to 2^63 - 1"),
        ("evaluate m.st --data digits", "of shape (1, 8, 8), the data are of shape (1, 28, 28)"),
        ("evaluate m.st", "does not say what the model was trained on: name it by --data"),
        ("evaluate /dev/zero", "there is no checkpoint at /dev/zero"),
    ],
)
def test_a_mistake_is_one_clear_line_and_status_2(capsys, model, arguments, message):
    checkpoints.save(model, "m.st")
    if "pipe" in arguments:
        os.mkfifo("pipe")
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments.split())
    assert stopped.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].startswith("error: ")
    assert message in lines[0].replace("\\", "/")  # as Windows writes paths


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"RANK": "1"}, True),  # a job of one process on a cluster
        ({"RANK": "1", "WORLD_SIZE": "1"}, True),
        ({"RANK": "1", "WORLD_SIZE": "two"}, True),
        ({"RANK": "one", "WORLD_SIZE": "2"}, True),
        ({"RANK": "0", "WORLD_SIZE": "2"}, True),
        ({"RANK": "1", "WORLD_SIZE": "2"}, False),  # the first one says it
    ],
)
def test_a_mistake_is_said_unless_another_process_says_it(capsys, monkeypatch, variables, said):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["evaluate", "nothing.st"])
    assert stopped.value.code == 2
    assert ("there is no checkpoint" in capsys.readouterr().err) == said


@pytest.mark.parametrize("arguments", ["train --lamb 1", "fly", ""])
def test_an_unknown_option_or_command_is_named_without_a_traceback(capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments.split())
    assert stopped.value.code == 2
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert not arguments or arguments.split()[-2 if " " in arguments else -1] in err


def options_of(help_text: str) -> dict[str, str]:
    """The words about each option, without its type and its default."""
    found, option = {}, ""
    for line in help_text.splitlines():
        text = line.strip("\u2502").rstrip()  # inside of the frame, if there is one
        if begin := re.match(r" {1,2}(-h|--[a-z][\w.-]*|PATH)(?= |,|$)", text):
            option = begin[1]
        elif not text.startswith("    "):
            option = ""
        if option:
            found[option] = f"{found.get(option, '')} {text}"
    kind = re.compile(r"\(default.*|\(required.*|-[\w.-]+,?|\S*[A-Z]{3,}\S*|\.\.\.\S*")
    return {option: " ".join(kind.sub(" ", text).split()) for option, text in found.items()}


@pytest.mark.parametrize("command", ["train", "evaluate", "traverse", "explore", "report", "sweep"])
def test_each_option_says_what_it_is_for(capsys, monkeypatch, command):
    """In words of its own, not those of a whole group of options."""
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    options = options_of(capsys.readouterr().out)
    assert not [option for option, words in options.items() if len(words.split()) < 2]
    assert len(set(options.values())) == len(options)
    settings = {f"--{f.name.replace('_', '-')}" for f in fields(Settings)} - {"--code"}
    wanted = settings if command in ("train", "sweep") else {"PATH"}
    assert options.keys() >= wanted | {"-h"}


def test_help_says_how_to_begin(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    out = capsys.readouterr().out
    assert "usage: python -m infogan_lite" in out and "``" not in out
    assert "python -m infogan_lite train --data my-pictures --out mine.safetensors\n" in out


def test_the_version(capsys):
    cli.main(["--version"])
    assert capsys.readouterr().out == f"infogan_lite {infogan_lite.__version__}\n"


def test_a_cap_that_is_no_number_is_named(capsys, monkeypatch):
    monkeypatch.setenv("INFOGAN_MAX_STEPS", "abc")
    with pytest.raises(SystemExit):
        cli.main(["train"])
    assert (
        "INFOGAN_MAX_STEPS must be a whole number from 1 on, got 'abc'" in capsys.readouterr().err
    )


def test_each_output_has_a_run_of_its_own():
    names = ["lam0.1", "lam0.5", "lam0", "m", "m.st", "m.safetensors"]
    assert len({training.run_beside(Path(name)) for name in names}) == len(names)


def test_a_new_run_does_not_overwrite_one_that_was_interrupted(capsys, monkeypatch):
    arguments = ["train", *TINY, "--device", "cpu", "--out", "m"]
    with monkeypatch.context() as patch:
        patch.setattr(training, "ProgressBar", lambda settings: Impatient())
        with pytest.raises(SystemExit):
            cli.main(arguments)
    before = Path("m.run").read_bytes()
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2 and Path("m.run").read_bytes() == before
    assert "m.run holds a run that was interrupted: go on with it by --resume" in (
        capsys.readouterr().err
    )
    with pytest.raises(SystemExit):
        cli.main([*arguments, "--resume", "--lam", "0.3"])
    assert "started with other settings: lam was 1.0, is 0.3" in capsys.readouterr().err
    cli.main([*arguments, "--overwrite", "--lam", "0.3"])
    assert checkpoints.load("m").settings.lam == 0.3 and not Path("m.run").exists()


def test_a_model_that_is_there_is_replaced_only_when_asked(capsys):
    arguments = ["train", *TINY, "--device", "cpu", "--out", "m"]
    Path("m").write_text("an evening's work", encoding="utf8")
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    said = "error: m is there already: give another name by --out, or let go of it with --overwrite"
    assert stopped.value.code == 2 and capsys.readouterr().err.splitlines() == [said]
    assert Path("m").read_text(encoding="utf8") == "an evening's work"
    cli.main([*arguments, "--overwrite"])
    assert checkpoints.load("m").settings.channels == (4, 8)


class Impatient:
    """Presses Ctrl-C after the first step, and again while that is answered."""

    def __init__(self):
        self.bar = self

    def close(self):
        pass

    def __call__(self, model, history):
        raise KeyboardInterrupt


@pytest.mark.unix
def test_the_command_to_go_on_can_be_pasted_into_a_shell(capsys, monkeypatch):
    out = "a b/run $me's.safetensors"
    Path("a b").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(training, "ProgressBar", lambda settings: Impatient())
        with pytest.raises(SystemExit):
            cli.main(["train", *TINY, "--device", "cpu", "--out", out])
    _, said, pasted = capsys.readouterr().out.splitlines()
    assert said.endswith("holds step 1: go on by") and len(said) <= 80 and len(pasted) <= 80
    shell = ["sh", "-c", f"python() {{ printf '%s\\n' \"$@\"; }}; {pasted}"]
    words = subprocess.run(shell, capture_output=True, text=True, check=True).stdout.splitlines()
    assert words == ["-m", "infogan_lite", "train", "--out", out, "--resume"]
    cli.main(words[2:])
    assert checkpoints.load(out).settings.steps == 4


def test_other_data_of_the_same_shape_are_refused(capsys, monkeypatch):
    arguments = ["train", *TINY, "--device", "cpu", "--out", "m"]
    with monkeypatch.context() as patch:
        patch.setattr(training, "ProgressBar", lambda settings: Impatient())
        with pytest.raises(SystemExit):
            cli.main(arguments)
    data = loading.load("digits")
    monkeypatch.setattr(loading, "load", lambda name: data._replace(x_train=1 - data.x_train))
    with pytest.raises(SystemExit) as stopped:
        cli.main([*arguments, "--resume", "--data", "mnist"])
    assert stopped.value.code == 2
    assert "this run was started with other images: 40 images" in capsys.readouterr().err


def test_several_labels_a_picture_are_measured_one_by_one(monkeypatch, capsys):
    data = loading.load("digits")
    several = torch.stack([data.y_train % 2, data.y_train // 5], 1)
    held_out = torch.stack([data.y_test % 2, data.y_test // 5], 1)
    faces = data._replace(y_train=several, y_test=held_out)
    monkeypatch.setattr(loading, "load", lambda name: faces)
    cli.main(["train", *TINY, "--device", "cpu", "--out", "m"])
    notes = checkpoints.read_notes("m")
    assert 0 <= notes["nmi(0)"] <= 1 and 0 <= notes["nmi(1)"] <= 1 and "error" not in notes


@pytest.mark.filterwarnings("default:a run with seed")
def test_a_run_of_a_sweep_that_diverges_does_not_end_the_others(capsys):
    arguments = ["sweep", *TINY, "--seeds", "0", "1", "--vary", "lr_g=1e30,0.001", "--jobs", "1"]
    cli.main([*arguments, "--out", "s.csv"])
    out, err = capsys.readouterr()
    assert "no number from 2 runs" in out and "(n = 2)" in out
    assert "warning: a run with seed 0 diverged" in err
    rows = list(csv.DictReader(Path("s.csv").read_text(encoding="utf8").splitlines()))
    assert [row["error"] == "nan" for row in rows] == [True, True, False, False]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("no such label")])
def test_a_model_is_saved_before_it_is_measured(capsys, monkeypatch, error):
    def fail(*args):
        raise error

    monkeypatch.setattr(sweep, "score", fail)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["train", *TINY, "--device", "cpu", "--out", "m"])
    assert stopped.value.code == (130 if isinstance(error, KeyboardInterrupt) else 2)
    assert checkpoints.load("m").settings.steps == 4 and not Path("m.run").exists()
    assert "Traceback" not in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        cli.main(["evaluate", "m"])
    assert stopped.value.code in (130, 2) and "Traceback" not in capsys.readouterr().err


@pytest.mark.filterwarnings("default:step")
def test_steps_that_could_not_be_saved_are_said_at_the_end(capsys, monkeypatch):
    """What cannot be written of the run does not end training."""

    def full(run, path, **notes):
        if run.step == 2:
            raise OSError("no room")

    monkeypatch.setattr("infogan_lite.running.save_every.save_run", full)
    cli.main(["train", *TINY, "--device", "cpu", "--save-every", "2", "--out", "m"])
    err = capsys.readouterr().err
    assert "warning: step 2 is not saved: no room" in err
    assert "the run could not be saved after the steps [2]" in err
    assert checkpoints.load("m").settings.steps == 4


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted after 1 of 3 runs"),
        (ValueError("no good"), 2, "error: no good"),
        (RuntimeError("out of memory"), 2, "error: out of memory"),  # or a worker is killed
    ],
)
def test_a_sweep_that_ends_early_keeps_the_runs_that_are_done(
    capsys, monkeypatch, error, status, said
):
    real, done = sweep.train, []

    def train(*args, **kwargs):
        if done:
            raise error
        done.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(sweep, "train", train)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["sweep", *TINY, "--seeds", "0", "1", "2", "--jobs", "1", "--out", "s.json"])
    out, err = capsys.readouterr()
    assert stopped.value.code == status and "seed 0:" in out and said in out + err
    assert [row["seed"] for row in json.loads(Path("s.json").read_text(encoding="utf8"))] == [0]


def test_runs_are_kept_though_nobody_reads_what_is_printed(monkeypatch):
    """As with ``sweep | head``."""

    def closed(*args, **kwargs):
        raise BrokenPipeError

    monkeypatch.setattr("builtins.print", closed)
    with pytest.raises((SystemExit, BrokenPipeError)):
        cli.main(["sweep", *TINY, "--seeds", "0", "--jobs", "1", "--out", "s.json"])
    assert len(json.loads(Path("s.json").read_text(encoding="utf8"))) == 1


def test_runs_are_printed_though_they_cannot_be_written(capsys, monkeypatch):
    def full(*args):
        raise OSError("could not write s.json: no room")

    monkeypatch.setattr("infogan_lite.running.commands.sweep.write_rows", full)
    with pytest.raises(SystemExit):
        cli.main(["sweep", *TINY, "--seeds", "7", "--jobs", "1", "--out", "s.json"])
    assert "seed 7:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "most"),
    [("png", 2**16 - 1), ("jpg", 65_500), ("webp", 16_383)],  # few programs open more; none can be
)
def test_as_many_rows_as_are_allowed_can_be_drawn(model, kind, most):
    checkpoints.save(model, "m.st")
    cli.main(["traverse", "m.st", "--factor", "c1", "--rows", "1000", "--output", f"x.{kind}"])
    with Image.open(f"x.{kind}") as image:
        assert most - 2 <= image.height <= most


def test_torchrun_trains_in_two_processes_and_one_writes(tmp_path):
    env = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    command += ["-m", "infogan_lite", "train", *TINY, "--device", "cpu"]
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("saved model.safetensors") == 1
    assert checkpoints.load(tmp_path / "model.safetensors").settings.batch_size == 8
