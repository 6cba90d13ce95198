"""A training as plain values: what is asked of it, and what our network is trained on."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from digits import modelfile
from digits.data.mnist import Mnist
from digits.ink.strokes import Drawing
from digits.recipe import DEFAULT, Recipe
from digits.training import ancestors, checkpoint


@dataclass(frozen=True)
class Job:
    """What is asked of a training."""

    target: Path  # the model file
    command: str = ""  # what to type to go on with it
    recipe: Recipe = DEFAULT
    network: str = ancestors.OURS
    mnist: Path | None = None  # None: as it is kept on this machine, or downloaded
    strokes: tuple[Path, ...] = ()  # recorded pen digits to add, files and folders
    not_digits: tuple[Path, ...] = ()  # recorded letters and symbols, likewise
    resume: bool = False
    log: Path | None = None  # a table
    tensorboard: Path | None = None  # a folder, as that for the report
    report: Path | None = None

    def how_to_go_on(self) -> str:
        """Return what to say of a training that was cut off."""
        kept = checkpoint.path_beside(self.target).exists()
        return f"go on with: {self.command}" if kept else "nothing was saved"

    def save(self, network, notes: dict, seconds: float) -> None:
        """Save a network that was trained for so many seconds, and say so; raises UserError."""
        modelfile.save(network, self.target, notes | {"seconds": round(seconds, 1)})
        print(f"Trained in {seconds:.0f} seconds; the network is in {self.target}", flush=True)


class Material(NamedTuple):
    """What our network is trained on."""

    images: Mnist | None
    digits: list[Drawing]  # laid by hand and, added, recorded
    others: list[Drawing]  # letters and symbols
