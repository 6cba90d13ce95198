"""Our network's training: its state kept meanwhile, the network saved in the end."""

import contextlib
import dataclasses
import sys
import time

import keras

from digits import UserError, modelfile
from digits.data import dataset, recordings
from digits.evaluation import predictions
from digits.training import ancestors, calibration, checkpoint, devices, logs, stopping, teachers, trainer
from digits.training.job import Job, Material


def train(job: Job, material: Material, begun: checkpoint.Checkpoint, sign: stopping.StopSign):
    """Train our network from where it was and save it; returns it, or None where another machine saves it.

    Raises stopping.Stopped when the sign is up, UserError if it cannot go on; its state is kept then.
    """
    begin = time.monotonic()
    can_halve = devices.can_halve(job.recipe)
    strategy = devices.find_strategy(job.recipe.batch_size)
    digits, held_out = recordings.split(material.digits)
    others, _ = recordings.split_others(material.others, material.digits)
    source = dataset.Source(material.images, digits, recordings.teachable(others), job.recipe)
    validation = dataset.validation(material.images, held_out)

    if not job.resume:
        begun = _with_choices(begun, can_halve, source, strategy)
    network = trainer.prepare(begun.recipe, strategy)
    batches = _taught(source, network, job, begun.recipe) if job.teachers else lambda first: source.stream(first=first)
    history = _fit(network, batches, validation, job, begun, sign, strategy)
    if not devices.is_chief(strategy):
        devices.wait_for_all(strategy)  # at its end the chief would hear that a machine is gone
        return None
    finished = trainer.in_float32(network, begun.recipe)
    if not job.teachers:  # who expect that already
        calibration.expect(finished, begun.recipe.negatives, begun.recipe.expected_negatives)
    chosen = _choose(finished, validation, begun.recipe)

    seconds = begun.state.seconds + time.monotonic() - begin
    job.save(finished, _notes(job, material, begun.recipe) | chosen | {"history": history}, seconds)
    _remove_what_was_kept(job)
    devices.wait_for_all(strategy)
    return finished


def _with_choices(begun, can_halve, source, strategy):
    """Return a training that has not begun with its recipe complete: how this machine computes a step."""
    recipe = dataclasses.replace(begun.recipe, in_halves=can_halve)
    return begun._replace(recipe=trainer.with_precision(recipe, lambda: next(iter(source.stream())), strategy))


def _taught(source, network, job, recipe):
    """Give a network the weights of the first teacher; return what gives batches with what all of them answer."""
    found = teachers.read(job.teachers, recipe)
    network.set_weights(found[0].weights)
    return lambda first: teachers.taught(source.stream(first=first), found, recipe)


def _fit(network, batches, validation, job, begun, sign, strategy):
    """Train a network, keeping its state beside the model file; returns the history of its epochs."""
    is_chief, boards = devices.is_chief(strategy), []
    if is_chief:
        _say_what_begins(network, begun)
    if is_chief and job.tensorboard:
        boards = [keras.callbacks.TensorBoard(str(job.tensorboard), write_graph=False)]
    try:
        with sign:
            return trainer.fit(
                network,
                batches,
                begun.recipe,
                validation.batches(),
                begun.state,
                _keeper(job, begun) if is_chief else lambda state: None,
                lambda: sign.is_up,
                boards,
                strategy,
            )
    except stopping.Stopped:
        if is_chief:
            _save_stopped(trainer.in_float32(network, begun.recipe), job)
        raise
    except trainer.BrokenOffError as error:
        raise UserError(f"{error}; {job.how_to_go_on()}.") from error


def _say_what_begins(network, begun):
    recipe, step = begun.recipe, begun.state.step
    length = f"{recipe.epochs} epoch{'s' * (recipe.epochs > 1)}"
    print(f"Training {network.count_params():,} parameters in {recipe.precision}, {length}.", end="")
    print(f" Going on after {step:,} steps." if step else "", flush=True)


def _keeper(job, begun):
    """Return what keeps the states of a training, and writes its table; a full disk stops neither."""
    path = checkpoint.path_beside(job.target)

    def keep(state):
        try:
            checkpoint.write(path, begun._replace(state=state))
            if job.log and state.history:
                logs.write_table(job.log, state.history)
        except UserError as error:
            print(f"\n{error}", file=sys.stderr)

    return keep


def _remove_what_was_kept(job):
    """Remove the state of a training that has ended well, and what was saved of it when it was stopped."""
    checkpoint.path_beside(job.target).unlink(missing_ok=True)
    with contextlib.suppress(OSError, UserError):
        if job.resume and modelfile.read_notes(stopped := _path_of_stopped(job)).get("stopped"):
            stopped.unlink()


def _path_of_stopped(job):
    return job.target.with_stem(job.target.stem + "-stopped")


def _save_stopped(network, job):
    """Save an unfinished network beside the file that was asked for, which stays as it was, and say how to go on."""
    path = _path_of_stopped(job)
    modelfile.save(network, path, {"stopped": True})
    print(f"\nStopped; {job.how_to_go_on()}", file=sys.stderr)  # after the progress bar
    print(f"The network as it stands is in {path}, and {job.target} was not touched.", file=sys.stderr)


def _choose(network, validation, recipe):
    """Calibrate a network; return what was chosen on drawn validation digits, those of people where there are any."""
    grids, labels = validation.grids[validation.drawn], validation.labels[validation.drawn]
    temperature = calibration.calibrate(network, grids, labels)
    threshold = calibration.refusal_threshold(predictions.read(network, grids), recipe.refused)
    return {"temperature": round(temperature, 3), "threshold": round(threshold, 3)}


def _notes(job, material, recipe):
    """Return what the model file says about how it was trained."""
    drawn = {drawing.source for drawing in material.digits + material.others}
    sources = ["MNIST"] * (material.images is not None) + sorted(drawn)
    theirs = [source for path in job.teachers for source in modelfile.read_notes(path).get("trained on", [])]
    notes = {"network": ancestors.OURS, "trained on": [*dict.fromkeys(sources + theirs)]}
    taught = {"teachers": [path.name for path in job.teachers]} if job.teachers else {}
    return notes | taught | {"recipe": dataclasses.asdict(recipe)}
