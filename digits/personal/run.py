"""The story of learning a hand: from a model and a person's drawings to another model file beside it."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from digits import UserError, modelfile, quiet
from digits.command_line import STOPPED, say
from digits.data import mnist
from digits.files import locking, unipen
from digits.reading import conversion


@dataclass(frozen=True)
class Job:
    """What is asked for."""

    target: Path  # the model file to save
    source: Path  # the model file to begin with, which stays as it is
    strokes: tuple[Path, ...]  # a person's drawings, files and folders
    mnist: Path | None = None  # None: as it is kept on this machine, or none at all


def run(job: Job) -> int:
    """Let a model learn a person's drawings, and save it if it is better; returns the exit code. Raises UserError.

    The file is the old one or the new one, whenever the program ends.
    """
    check(job)
    with locking.alone(job.target, f"{job.target} is being trained already; wait for its end, or give another file."):
        try:
            network = _learnt(job)
        except KeyboardInterrupt:
            say("\nStopped; nothing was changed.")
            return STOPPED
        with contextlib.suppress(KeyboardInterrupt):  # the model is there; whoever opens it makes what is kept here
            conversion.keep(job.target, network)  # so that a window with it answers at once
    return 0


def _learnt(job):
    """Return the network that has learnt, when it is saved."""
    drawings = [drawing for path in job.strokes for drawing in _drawings_in(path)]
    images = mnist.load(job.mnist) if job.mnist else mnist.at_hand()
    notes, threshold = modelfile.read_notes(job.source), modelfile.read_threshold(job.source)
    network = modelfile.load(job.source, say)
    print(f"Learning from {len(drawings):,} drawing{'s' * (len(drawings) != 1)}.", flush=True)
    lesson = _learn(network, drawings, images, threshold)
    modelfile.save(network, job.target, notes | _notes(lesson, job))
    print(f"The new model is in {job.target}\n{lesson}", flush=True)
    return network


def check(job: Job) -> None:
    """Raise UserError where that cannot be, as far as can be told in milliseconds."""
    modelfile.check_target(job.target)
    modelfile.check_source(job.source)
    with contextlib.suppress(OSError):  # there is no target yet
        if job.target.samefile(job.source):
            raise UserError(f"{job.target} would be saved over the model to begin with; give another name.")


def _drawings_in(path):
    drawings, without_ink = unipen.scan(path)
    if without_ink:
        say(unipen.left_out(path, without_ink))
    return drawings


def _learn(network, drawings, images, threshold):
    quiet.load_tensorflow()
    from digits.personal import learner, lesson

    return lesson.take(learner.Learner(network, images), drawings, images, threshold, _Progress())


class _Progress:
    """Says how far it is, a line for each tenth."""

    def __init__(self):
        self._said = 0

    def __call__(self, share: float) -> None:
        if (tenths := int(10 * share)) > self._said:
            self._said = tenths
            print(f"{10 * tenths} %", flush=True)


def _notes(lesson, job):
    """Return what the model file says about what it has learnt."""
    learnt = {"from": job.source.name, **lesson._asdict(), "words": str(lesson)}
    return {"threshold": lesson.threshold, "learnt": learnt}
