"""train: from pictures to a model, which can be interrupted and gone on with."""

import os
import shlex
import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

import infogan_lite
from infogan_lite.datasets import loading
from infogan_lite.datasets.suggest import suggest
from infogan_lite.figures.grids import as_png, show_sheet
from infogan_lite.history import Run, start
from infogan_lite.inputs import Dataset
from infogan_lite.running import checkpoints, runs, sweep
from infogan_lite.running.commands.options import Flat, Start, need_at_least
from infogan_lite.running.distributed import join, processes, together
from infogan_lite.running.files import only_writer, try_place, write_whole
from infogan_lite.running.progress import ProgressBar
from infogan_lite.running.save_every import SaveEvery
from infogan_lite.running.signals import no_more_signals
from infogan_lite.running.sizes import need_memory
from infogan_lite.running.threads import MOST_THREADS
from infogan_lite.settings import Settings
from infogan_lite.training import pick_device


@dataclass
class Begin(Start):
    """Where a training begins: anew, or where one was interrupted."""

    out: Path = Path("model.safetensors")  # the model goes here, and the run beside it
    resume: bool = False  # go on with the run that was saved beside `out`, all options as they were
    overwrite: bool = False  # start anew, and let go of the model and the run that are there

    def defaults(self) -> dict:
        """Of a run that is gone on with all is as it was, but what is asked for once more."""
        if not self.resume:
            return super().defaults()
        if self.overwrite:
            raise ValueError("--resume goes on and --overwrite starts anew: choose one")
        saved = run_beside(self.out)
        if not os.path.lexists(saved):
            if self.out.expanduser().exists():
                raise ValueError(f"{self.out} is finished: there is nothing to go on with")
            raise ValueError(f"there is no run {saved} to go on with: begin it without --resume")
        notes = checkpoints.read_notes(saved)
        asked = {"settings": self.begin_with() if self.preset else runs.settings_of(saved)}
        return {name: notes[name] for name in REMEMBERED if name in notes} | asked


REMEMBERED = ("data", *loading.OF_FOLDERS, "device", "save_every")  # beside the settings


@dataclass
class Train(Begin):
    """Train a model and save it.  With torchrun, in several processes."""

    device: str | None = None  # cpu, cuda or mps; by itself the fastest
    save_every: int = 500  # steps between two saves of the run
    threads: int | None = None  # of torch; by default as many as torch takes
    settings: Flat = field(default_factory=Settings)

    def __call__(self) -> None:
        need_at_least(1, save_every=self.save_every)
        if self.threads is not None:
            need_at_least(1, threads=self.threads)
            if self.threads > MOST_THREADS:  # of too many the process may die
                raise ValueError(f"--threads must be at most {MOST_THREADS}, got {self.threads}")
            torch.set_num_threads(self.threads)
        with ExitStack() as stack:
            device = stack.enter_context(processes(self.device))
            first = together().rank == 0
            if first:
                stack.enter_context(only_writer(self.out))
                try_place(run_beside(self.out))
                self.spare_what_is_there()
            data = self.load()
            if first and loading.is_folder(self.data) and not self.resume:
                self.show(data)
            run = self.begin(data, device, first)
            notes = {"device": run.model.device.type, "save_every": self.save_every}
            keep = SaveEvery(run, run_beside(self.out), self.save_every, **self.origin(), **notes)
            callbacks = [keep] if first else []
            run = join(run)
            if first:
                callbacks.append(ProgressBar(self.settings))
                stack.callback(callbacks[-1].bar.close)  # what is said then has its own line
            try:
                model, history = infogan_lite.train(data.x_train, self.settings, callbacks, run=run)
                interrupted = history.interrupted
            except KeyboardInterrupt:  # before the first step, or a second one
                interrupted = True
            if interrupted:
                if first:
                    stop(run, keep, self.out)
                raise SystemExit(130)
            if first:
                about = self.origin() | {"history": asdict(history)}
                checkpoints.save(model, self.out, **about)
                print(f"{history.seconds[-1]:.1f} s; saved {self.out}", flush=True)
                keep.path.unlink(missing_ok=True)  # nothing is left to go on with
        if first:
            if keep.failed:
                print(f"the run could not be saved after the steps {keep.failed}", file=sys.stderr)
            numbers = sweep.score(model, data)
            checkpoints.save(model, self.out, **about, **numbers)
            print("  ".join(f"{name} {value:.3f}" for name, value in numbers.items()))

    def spare_what_is_there(self) -> None:
        """Refuse a new training in the place of what took an old one its time."""
        if self.resume or self.overwrite:
            return
        saved = run_beside(self.out)
        if os.path.lexists(saved):
            raise ValueError(
                f"{saved} holds a run that was interrupted: go on with it by --resume, "
                "or start anew with --overwrite"
            )
        if self.out.expanduser().exists():
            raise ValueError(
                f"{self.out} is there already: give another name by --out, "
                "or let go of it with --overwrite"
            )

    def show(self, data: Dataset) -> None:
        """Say what will be trained on, and draw some of it, before the first step."""
        sheet = self.out.expanduser().with_name(f"{self.out.name}.data.png")
        write_whole(sheet, as_png(show_sheet(data.x_train)))
        print(f"{len(data.x_train)} pictures to train on, {len(data.x_test)} held out; see {sheet}")
        if self.suggested():
            mine, suggested = vars(self.settings), vars(suggest(data).settings)
            changes = {name: mine[name] for name in mine if mine[name] != suggested[name]}
            print(suggest(data, **changes))

    def begin(self, data: Dataset, device: str | None, first: bool) -> Run:
        """The run before its first step, or as it was saved."""
        saved = run_beside(self.out)
        if self.resume:
            run = runs.load_run(saved, device)
            if self.threads is None:  # as before: so are the results, to the last bit
                torch.set_num_threads(run.threads)
            return run
        if first and self.overwrite:
            saved.unlink(missing_ok=True)
        image_shape = tuple(data.x_train.shape[1:])
        need_memory(self.settings, image_shape)
        return start(self.settings, image_shape, pick_device(device))


def run_beside(out: Path) -> Path:
    """Where the unfinished run of a model is kept: its own name, whatever dots are in it."""
    out = out.expanduser()
    return out.with_name(f"{out.name}.run")


def stop(run: Run, keep: SaveEvery, out: Path) -> None:
    """Keep the finished steps of an interrupted training, and say what was kept."""
    no_more_signals()
    if run.step > 0:
        keep.save()
    done = f"\ninterrupted after step {run.step}"
    if run.step == 0:
        print(f"{done}: there is nothing to keep")
    elif keep.saved is None:
        print(f"{done}, which could not be saved")
    else:
        print(f"{done}; {keep.path} holds step {keep.saved}: go on by")
        print(f"    python -m infogan_lite train --out {shlex.quote(str(out))} --resume")
    sys.stdout.flush()
