"""The story of a training, from what is asked to the saved file and how well it reads."""

import contextlib
import os
import sys
import time

from digits import UserError, modelfile, quiet
from digits.command_line import STOPPED
from digits.data import mnist, negatives, pens
from digits.evaluation import metrics, predictions, report, testsets
from digits.files import locking, unipen
from digits.ink import grid, strokes
from digits.reading import conversion, converted
from digits.training import ancestors, checkpoint, logs, stopping
from digits.training.job import Job, Material

WITHOUT_MNIST = "expect about 95 % on MNIST's digits instead of 99.5 %, and nearly as much on drawn ones as with it."


def run(job: Job) -> int:
    """Train as asked, save the network, say how well it reads; returns the exit code. Raises UserError."""
    at_work = f"Another training is at work on {job.target}; wait for its end, or give another file."
    with contextlib.nullcontext() if os.environ.get("TF_CONFIG") else locking.alone(job.target, at_work):
        return _run(job)  # several machines work on one file together


def _run(job):
    sign = stopping.StopSign()
    check(job)
    try:
        network, images = _train_ours(job, sign) if job.network == ancestors.OURS else _train_ancestor(job)
    except stopping.Stopped:
        return sign.exit_code
    except KeyboardInterrupt:
        print(f"\nStopped; {job.how_to_go_on()}.", file=sys.stderr)
        return STOPPED
    if network is not None:
        say_how_well_it_reads(network, job, images)
        conversion.keep(job.target)  # so that a window with it answers at once
    return 0


def check(job: Job) -> None:
    """Raise UserError unless all that is asked for can be written; takes milliseconds and leaves nothing behind."""
    modelfile.check_target(job.target)
    check_teachers(job)
    checkpoint.check(job.target, job.resume)
    logs.check(job.log, job.tensorboard)
    if job.report:
        report.check_target(job.report)


def check_teachers(job: Job) -> None:
    """Raise UserError where a teacher is no model, or would be lost."""
    for path in job.teachers:
        modelfile.check_source(path)
        if path.resolve() == job.target.resolve():
            raise UserError(f"{job.target} would be saved over a teacher; give another name.")


def _train_ours(job, sign):
    """Return our network, None where another machine has it, and MNIST, None where it is not to be had."""
    digits = [drawing for path in (pens.PEN_DIGITS, *job.strokes) for drawing in _digits_in(path)]
    others = [drawing for path in (negatives.PEN_OTHERS, *job.not_digits) for drawing in _drawings_in(path)]
    material = Material(_find_mnist(job.mnist), digits, others)
    teachers = [converted.digest(path) for path in job.teachers]
    begun = _begun(job, checkpoint.fingerprint([*_plain(material), *teachers]))
    quiet.load_tensorflow()
    from digits.training import ours

    return ours.train(job, material, begun, sign), material.images


def _digits_in(path):
    drawings = _drawings_in(path)
    unipen.labels(drawings, path)  # raises UserError where one is no digit
    return drawings


def _drawings_in(path):
    drawings, without_ink = unipen.scan(path)
    if without_ink:
        print(unipen.left_out(path, without_ink), file=sys.stderr)
    return drawings


def _find_mnist(path):
    try:
        return mnist.load(path)
    except mnist.DownloadError as error:
        print(
            f"{error}\nTraining goes on without it, on the built-in pen digits alone: {WITHOUT_MNIST}", file=sys.stderr
        )
        return None


def _plain(material):
    images, *kinds = material
    return images, [[vars(drawing) for drawing in drawings] for drawings in kinds]


def _begun(job, data):
    """Return the training to go on with: as it was left, or, without `resume`, one that has not begun."""
    if not job.resume:
        return checkpoint.Checkpoint(job.recipe, data, job.command, checkpoint.BEGINNING)
    begun = checkpoint.read(checkpoint.path_beside(job.target))
    checkpoint.check_same(begun, job.recipe, data)
    return begun


def _train_ancestor(job):
    """Return a network that ours descends from, trained as its authors do and saved, and MNIST."""
    images = mnist.load(job.mnist)
    quiet.load_tensorflow()
    begin = time.monotonic()
    network = ancestors.train(job.network, images, job.recipe.seed)
    job.save(network, ancestors.notes(job.network, job.recipe.seed), time.monotonic() - begin)
    return network, images


def say_how_well_it_reads(network, job: Job, images: mnist.Mnist | None) -> None:
    """Print how well a network reads digits that are not trained on, and write the page that was asked for."""
    tested, held_out = testsets.tested(images) if images else None, testsets.held_out()
    if tested:
        _print_figures(network, "MNIST test, {:,} images", grid.from_bytes(tested[0]), tested[1])
    else:
        [(name, drawings)] = held_out.items()
        grids = strokes.draw(drawings, strokes.ANYWHERE)
        _print_figures(network, f"{name}, {{:,}} drawn anywhere", grids, unipen.labels(drawings, name))
    if job.report:
        measured = predictions.ask(network, job.target, testsets.Material(tested, held_out))
        print(f"\n{report.write(job.report, measured)} shows it.")


def _print_figures(network, title, grids, labels):
    """Print how well a network reads grids (n, 28, 28) with their labels (n,); the title has a place for n."""
    probabilities = predictions.read(network, grids)
    answers = probabilities.argmax(1)
    print("\n" + title.format(len(labels)))
    print(f"loss      {metrics.log_loss(labels, probabilities):.4f}")
    print(f"accuracy  {metrics.accuracy(labels, probabilities)}\n")
    print(metrics.matrix_text(metrics.confusion_matrix(labels, answers)))
