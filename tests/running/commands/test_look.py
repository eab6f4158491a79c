"""evaluate, traverse, explore and report, on a model of one's own pictures."""

import base64
import re
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from infogan_lite import evaluate
from infogan_lite.datasets import loading
from infogan_lite.history import History
from infogan_lite.running import checkpoints
from infogan_lite.running.command_line import main
from infogan_lite.running.commands.look import curves
from infogan_lite.widgets.explorer import explore

pytestmark = pytest.mark.usefixtures("trained")


def test_a_model_is_measured_on_its_own_pictures(capsys):
    main(["evaluate", "m.st"])
    printed = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert set(printed) == {"L_I(c1)", "L_I(c2)", "L_I(c3)", "L_I(c4)"}


def test_sliders_in_a_file_of_their_own(capsys):
    main(["explore", "m.st"])
    assert "saved explore.html" in capsys.readouterr().out
    text = Path("explore.html").read_text(encoding="utf-8")
    wanted = base64.b64encode(explore(checkpoints.load("m.st")).weights).decode()
    assert wanted in text  # the generator itself
    assert '"ink": false' in text and not re.search(r'(?:src|href)="http', text)


def test_a_report_has_sliders_sheets_curves_and_settings():
    main(["report", "m.st"])
    text = Path("report.html").read_text(encoding="utf-8")
    headings = re.findall("<h2>(.*?)</h2>", text)
    assert headings == ["Sliders", "What each code does", "Generated pictures", "Training"] + [
        "The data", "Results", "Settings"]  # fmt: skip
    assert text.count("<img ") == 4 + 1 + 5 + 1  # codes; sample; curves and losses; the data
    assert '<th scope="row">lam_uniform</th><td>0.1</td>' in text
    assert '<th scope="row">data</th><td>mine</td>' in text


def test_a_model_finds_its_pictures_from_another_folder(capsys, monkeypatch, tmp_path):
    main(["evaluate", "m.st"])
    here = capsys.readouterr().out
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    main(["evaluate", "../m.st"])
    assert capsys.readouterr().out == here
    for command in ("report", "explore"):
        main([command, "../m.st"])
        text = Path(f"{command}.html").read_text(encoding="utf8")
        assert "could not be read again" not in text
        assert str(tmp_path) not in text and tmp_path.name not in text  # it goes to others


def test_pictures_are_read_again_as_they_were(tmp_path, monkeypatch):
    seen = []
    load = loading.load
    monkeypatch.setattr(loading, "load", lambda data, **how: seen.append(how) or load(data, **how))
    how = ["--background", "black", "--fit", "pad", "--color", "False", "--size", "8"]
    main(["train", "--data", "mine", *how, "--steps", "1", "--device", "cpu", "--out", "b.st"])
    assert checkpoints.load("b.st").image_shape == (1, 8, 8)
    monkeypatch.chdir("mine")
    main(["evaluate", "../b.st"])
    wanted = {"background": "black", "fit": "pad", "color": False, "size": 8}
    assert len(seen) == 3 and all(how == wanted for how in seen)


@pytest.mark.parametrize("sigma", [0.3, None])
def test_a_curve_is_read_against_the_lines_of_its_own_sigma(model, sigma):
    """c2 of a Q that knows nothing: the squared error is 1/3, the variance of U(-1, 1)."""
    model.settings = replace(model.settings, sigma=sigma)
    history = History()
    history.append(1, 0.1, 1.0, 1.0, dict.fromkeys(model.code.names, 0.0))
    _, c2, *_ = curves(model, {"history": asdict(history)})
    blind = np.log(2) - np.log(0.3 * np.sqrt(2 * np.pi)) - 1 / 3 / (2 * 0.3**2)
    wanted = blind if sigma else np.log(2) - 0.5 * np.log(2 * np.pi * np.e / 3)
    heights = {line.get_label(): line.get_ydata()[0] for line in c2.figure.axes[0].lines}
    (found,) = (height for label, height in heights.items() if "knows nothing" in label)
    assert found == pytest.approx(wanted)
    assert any("ceiling" in label for label in heights) == (sigma is not None)


def test_a_report_without_the_pictures_and_the_record(model):
    shutil.rmtree("mine")
    main(["report", "m.st"])
    text = Path("report.html").read_text(encoding="utf8")
    assert "not be read again: there is no folder mine, which the model was trained on" in text
    assert str(Path.cwd()) not in text
    checkpoints.save(model, "alien.st", data="digits")
    main(["report", "alien.st"])
    text = Path("report.html").read_text(encoding="utf8")
    assert "read again: the model makes images of shape (1, 8, 8), the data are of shape" in text
    assert "Some of the training pictures" not in text
    checkpoints.save(model, "bare.st", data="./mine")
    main(["report", "bare.st"])
    text = Path("report.html").read_text(encoding="utf8")
    assert "The file holds no record of its training." in text


def test_photographs_are_not_shown_as_negatives(monkeypatch):
    seen = []
    grid = "infogan_lite.running.commands.look.show_grid"
    monkeypatch.setattr(grid, lambda images, **how: seen.append(how) or figure())
    main(["traverse", "m.st", "--output", "x.png"])
    assert seen[0]["ink"] is False


def test_the_models_that_ship_are_ink_and_measured_on_their_digits(monkeypatch, capsys, all_digits):
    """Their note of the data is a sentence, not a name."""
    shown = []
    grid = "infogan_lite.running.commands.look.show_grid"
    monkeypatch.setattr(grid, lambda images, **how: shown.append(how["ink"]) or figure())
    for path in sorted(checkpoints.WEIGHTS.glob("*.safetensors")):
        main(["traverse", str(path), "--output", "x.png"])
        main(["explore", str(path)])
        assert '"ink": true' in Path("explore.html").read_text(encoding="utf8")
        few = all_digits._replace(x_test=all_digits.x_test[:200], y_test=all_digits.y_test[:200])
        monkeypatch.setattr(loading, "digits", lambda few=few: few)
        main(["evaluate", str(path)])
        printed = dict(line.split() for line in capsys.readouterr().out.splitlines()[-7:])
        wanted = evaluate(checkpoints.load(path), few).error
        assert float(printed["error"]) == pytest.approx(wanted, abs=1e-4)
    assert shown == [True, True]


def test_a_model_that_does_not_say_what_it_was_trained_on_is_measured_on_nothing_unasked(
    model, monkeypatch, capsys
):
    def trap(*_, **__):
        raise AssertionError("data are loaded")

    checkpoints.save(model, "bare.st")
    monkeypatch.setattr(loading, "load", trap)
    with pytest.raises(SystemExit) as stopped:
        main(["evaluate", "bare.st"])
    assert stopped.value.code == 2
    said = "the file does not say what the model was trained on: name it by --data"
    assert said in capsys.readouterr().err
    main(["report", "bare.st"])
    text = Path("report.html").read_text(encoding="utf8")
    assert f"The pictures could not be read again: {said}." in text


def figure():
    from infogan_lite.figures.grids import show_grid

    return show_grid(np.zeros((1, 1, 4, 4), np.float32))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("evaluate moved.st", "no folder gone, which the model was trained on: give it by --data"),
        ("evaluate old.st", "no data set 'gone', which the model was trained on: give it by"),
        ("explore nothing.st", "there is no checkpoint at nothing.st"),
        ("explore m.st --output missing/x.html", "could not write missing/x.html"),
        ("report m.st --data ./gone", "there is no folder gone"),
        ("report m.st --data digits", "of shape (3, 20, 20), the data are of shape (1, 28, 28)"),
        ("report m.st --output .", "could not write ."),
    ],
)
def test_a_mistake_is_one_line(capsys, arguments, message):
    checkpoints.save(checkpoints.load("m.st"), "moved.st", data="./gone")
    checkpoints.save(checkpoints.load("m.st"), "old.st", data="gone")
    with pytest.raises(SystemExit):
        main(arguments.split())
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and message in lines[0].replace("\\", "/")


@pytest.mark.parametrize("command", ["traverse", "explore", "report"])
@pytest.mark.parametrize(
    "output", ["m.st", "./mine/../m.st", pytest.param("link", marks=pytest.mark.unix)]
)
def test_a_model_is_not_overwritten_by_its_own_page(capsys, command, output):
    before = Path("m.st").read_bytes()
    if output == "link":
        Path("link").symlink_to("m.st")
    with pytest.raises(SystemExit) as stopped:
        main([command, "m.st", "--output", output])
    assert stopped.value.code == 2
    assert f"--output {Path(output)} is the model itself" in capsys.readouterr().err
    assert Path("m.st").read_bytes() == before
