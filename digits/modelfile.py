"""Model files: saved whole or not at all, and loaded only if they are what both programs need."""

import json
import os
import tempfile
import zipfile
from pathlib import Path

from digits import UserError, grid, quiet

SUFFIX = ".keras"
_NOTES = "digits"  # the key of our own notes in the file's metadata.json, which Keras writes and never reads


def check_target(path: Path) -> None:
    """Raise UserError unless a model could be saved as `path`; takes milliseconds and leaves nothing behind."""
    try:
        if path.is_dir():
            raise UserError(f"{path} is a folder; give the name of a file to save the model in.")
        if path.suffix != SUFFIX:
            raise UserError(f"{path}: a model file's name ends in {SUFFIX}; try {path.with_suffix(SUFFIX)}.")
        if not path.parent.is_dir():
            raise UserError(f"{path}: there is no folder {path.parent}; make it first, or save somewhere else.")
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise UserError(f"{path}: cannot write in the folder {path.parent} ({error.strerror}).") from error


def save(model, path: Path, notes: dict) -> None:
    """Save a Keras model so that `path` is the old file or the whole new one, whenever the program ends.

    notes: plain data about how it was trained, kept in the file; `read_notes` gives it back.
    Raises UserError where it cannot be written.
    """
    unfinished = path.with_name(f".{path.stem}-{os.getpid()}{SUFFIX}")
    try:
        model.save(unfinished)
        _add_notes(unfinished, notes)
        unfinished.replace(path)
    except OSError as error:
        raise UserError(f"{path} could not be saved ({error.strerror or error}); free some space.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _add_notes(path, notes):
    """Write a model file again with notes in its metadata, through to the disk."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    metadata = json.loads(members["metadata.json"]) | {_NOTES: notes}
    members["metadata.json"] = json.dumps(metadata).encode()
    with path.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        file.flush()
        os.fsync(file.fileno())


def read_notes(path: Path) -> dict:
    """Return the notes that a file was saved with; {} where it has none, as files of other programs."""
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("metadata.json")).get(_NOTES, {})


def read_threshold(path: Path) -> float:
    """Return the confidence below which a drawing is perhaps no digit; what other programs saved gets one half."""
    threshold = read_notes(path).get("threshold")
    return threshold if isinstance(threshold, float) and 0 <= threshold <= 1 else 0.5


def check_source(path: Path) -> None:
    """Raise UserError unless `path` is a file that could hold a model; takes milliseconds and no TensorFlow."""
    try:
        if not path.exists():
            raise UserError(f"{path}: there is no such file; train a model with: python handwriting.py {path}")
        if not path.is_file():
            raise UserError(f"{path} is no file; give a model file made by: python handwriting.py model{SUFFIX}")
        fits = path.suffix == SUFFIX and zipfile.is_zipfile(path)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from error
    if not fits:
        raise UserError(f"{path} is no Keras model file; make one with: python handwriting.py model{SUFFIX}")


def load(path: Path):
    """Return the Keras model in a file: grids (n, 28, 28, 1) in [0, 1] to ten probabilities (n, 10).

    Raises UserError if there is no such file, it is no Keras model, or it reads something other than a grid.
    """
    path = Path(path)
    check_source(path)
    quiet.load_tensorflow()
    import keras

    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # a file from anywhere: Keras raises what it happens to stumble over
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise UserError(f"{path} cannot be loaded as a Keras model ({reason[0][:120]}).") from error
    _check_shapes(model, path)
    return model


def _check_shapes(model, path):
    expected = (None, *grid.SHAPE, 1), (None, grid.CLASSES)
    actual = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    if actual != expected:
        raise UserError(
            f"{path} does not fit: it maps {actual[0]} to {actual[1]}, and a reader of digits maps "
            f"{expected[0]} to {expected[1]}; train one with: python handwriting.py model{SUFFIX}"
        )
