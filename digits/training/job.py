"""A training as plain values: what is asked of it, and what our network is trained on."""

import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from digits import UserError, modelfile
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
    teachers: tuple[Path, ...] = ()  # models whose answers are learnt, from the first one's weights on
    resume: bool = False
    log: Path | None = None  # a table
    tensorboard: Path | None = None  # a folder, as that for the report
    report: Path | None = None

    def how_to_go_on(self) -> str:
        """Return what to say of a training that was cut off."""
        kept = checkpoint.path_beside(self.target).exists()
        return f"go on with: {self.command}" if kept else "nothing was saved"

    def save(self, network, notes: dict, seconds: float) -> None:
        """Save a network that was trained for so many seconds, and say so.

        Raises UserError, which says where the network is, where it cannot be saved as it was to be.
        """
        notes = notes | {"seconds": round(seconds, 1)}
        try:
            modelfile.save(network, self.target, notes)
        except UserError as error:
            raise UserError(f"{error} {self._rescued(network, notes)}") from error
        print(f"Trained in {seconds:.0f} seconds; the network is in {self.target}", flush=True)

    def _rescued(self, network, notes):
        """Save a network in the temporary folder, and return a sentence about where to find it."""
        try:
            path = Path(tempfile.gettempdir(), f"{self.target.stem}-{secrets.token_hex(4)}{self.target.suffix}")
            modelfile.save(network, path, notes)
        except (UserError, OSError):
            return f"It could not be saved elsewhere either; {self.how_to_go_on()}."
        return f"Until then the network is in {path}."


class Material(NamedTuple):
    """What our network is trained on."""

    images: Mnist | None
    digits: list[Drawing]  # laid by hand and, added, recorded
    others: list[Drawing]  # letters and symbols
