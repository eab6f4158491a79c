"""All experiments: a line about each, about how long it takes, and what can be asked of it.

The table stands alone, so that the list of what there is needs no experiment to be loaded.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Experiment:
    """What is to be known of ``benchmarks/NAME.py`` before it is loaded."""

    about: str
    takes: str  # with one job at a time
    parts: tuple[str, ...] = ()  # NAME:PART
    timed: bool = False  # a clock runs, so nothing else may
    single: bool = False  # it is one piece of work


EXPERIMENTS = {
    "quality": Experiment("how well c1 sorts digits, and what c2 and c3 do", "8 min", timed=True),
    "throughput": Experiment(
        "images a second with the paper's nets, beside a plain loop", "2 min", timed=True
    ),
    "cost": Experiment("what Q and L_I add to a GAN's time", "6 min", timed=True),
    "growth": Experiment("speed and memory as batch, width and pictures grow", "3 min", timed=True),
    "busy": Experiment(
        "a training on the idle machine, and beside busy processes", "4 min", timed=True
    ),
    "gpu": Experiment("on a GPU: time to 5%, and what a step waits for", "2 min", timed=True),
    "speed": Experiment(
        "train here and in another checkout, in turns: --against DIR",
        "8 min",
        ("lite", "plain GAN", "head only", "paper"),
        timed=True,
    ),
    "ablation": Experiment("the recipe without each of its parts", "2.5 h"),
    "claims": Experiment(
        "the paper's claims about digits",
        "2 h",
        ("recipe", "lambda", "lambda of uniform codes", "categories", "sigma", "tricks")
        + ("pictures", "budget"),
    ),
    "trial": Experiment(
        "the claims about digits, as protocol.md asks",
        "12 h",
        ("lite", "plain GAN", "untrained", "practice alone", "no practice", "supervised")
        + ("no bend", "plain GAN, no bend", "lambda / 3", "lambda x 3")
        + ("uniform lambda / 3", "uniform lambda x 3", "equal prior", "learned prior")
        + ("paper", "paper, plain GAN", "paper, 5000 steps"),
    ),
    "separation": Experiment(
        "does each uniform code mean one thing, and how do the pictures look?",
        "2 h",
        ("lite", "plain GAN", "two codes", "no turned axes", "no bend", "wired"),
    ),
    "gradient_paths": Experiment("which weights follow L_I: three conventions", "10 min"),
    "lambdas": Experiment("pictures and numbers at six values of lambda", "9 min"),
    "contrast": Experiment("InfoGAN-CR: does a contrastive regularizer untangle codes?", "15 min"),
    "infogan_cr": Experiment(
        "InfoGAN-CR as its authors train it, and a choice among seeds without labels", "1.1 h"
    ),
    "supervised": Experiment(
        "the trunk beside nets that labels taught", "1 h", ("digits", "heads")
    ),
    "worlds": Experiment(
        "heads, chairs, street numbers, portraits with known factors",
        "5 h",
        ("heads", "chairs", "streets", "portraits"),
    ),
    "own_pictures": Experiment(
        "five lines on three folders that are no digits: do seeds agree?",
        "15 min",
        ("letters", "chairs", "photographs"),
    ),
    "digits_page": Experiment(
        "the laboratory of digits, in node: how well does it learn?", "5 min"
    ),
    "features": Experiment(
        "train the net that says which digits can be read", "1 min", single=True
    ),
    "weights": Experiment("train the models that come with the package", "20 min"),
    "pages": Experiment("weight and first paint of the built book's pages", "1 min", timed=True),
    "memory": Experiment("the memory of two chapters at full length: do they fit Binder?", "6 min"),
    "widgets": Experiment("weight of the widgets, and how soon they answer", "1 min", timed=True),
}


def listing() -> str:
    """A line for each experiment."""
    lines = [
        "python -m benchmarks NAME[:PART] ... [--quick] [--seeds ...] [--jobs N] [--folder DIR]",
        "",
    ]
    for name, e in EXPERIMENTS.items():
        lines.append(f"{name:<15} {e.takes:>6}  {e.about}")
        if e.parts:
            lines.append(f"{'':<23} parts: {', '.join(e.parts)}")
    return "\n".join([*lines, "", "Times are of 2 cores of an AMD EPYC, one job at a time."])
