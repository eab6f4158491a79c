"""A callback that keeps a training run on disk while it goes on."""

import warnings
import weakref
from pathlib import Path

from infogan_lite.history import History, Run
from infogan_lite.inputs import whole
from infogan_lite.networks import InfoGAN
from infogan_lite.running.checkpoints import as_json
from infogan_lite.running.distributed import together
from infogan_lite.running.files import let_go, take
from infogan_lite.running.runs import save_run


class SaveEvery:
    """A callback that keeps a run on disk, each time ``steps`` more steps are done.

    It is asked after entries of the history, so it acts at the first one that is due::

        run = start(settings, image_shape)
        train(images, settings, [SaveEvery(run, "run.safetensors", 500)], run=run)

    A full disk does not end training: it warns, and the older file stays.  As long as this
    callback is there, no other program can have one for the same file.  ``notes`` go with it.

    Raises:
        TypeError: for a note that is neither text nor numbers.
        ValueError: for less than one step.
        OSError: if the file cannot be written, or another training is writing it.
    """

    def __init__(self, run: Run, path: str | Path, steps: int, **notes) -> None:
        steps = whole("steps", steps, 1)
        as_json(notes)  # what no file can hold is refused now, not at the first save
        if together().rank == 0:  # of several processes only the first writes
            weakref.finalize(self, let_go, take(path, again=True))
        self.run, self.path, self.steps, self.notes = run, path, steps, notes
        self.due = run.step + steps
        self.saved: int | None = None  # the step of the last save that went well
        self.failed: list[int] = []  # steps of those that did not

    def __call__(self, model: InfoGAN, history: History) -> None:
        if model is not self.run.model:
            raise ValueError(
                "SaveEvery was given another run than the one that is trained: "
                "call train(..., run=run) with the same run"
            )
        if self.run.step >= self.due or self.run.step == model.settings.steps:
            self.due = self.run.step + self.steps
            self.save()

    def save(self) -> None:
        """Keep the run as it is now."""
        try:
            save_run(self.run, self.path, **self.notes)
            self.saved = self.run.step
        except (OSError, ValueError) as error:  # a full disk; NaN, which nobody could read again
            self.failed.append(self.run.step)
            warnings.warn(f"step {self.run.step} is not saved: {error}", stacklevel=2)
