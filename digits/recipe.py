"""The recipe: every number of a training, plain data, with the reason of each beside it.

Whoever varies a training (an ablation, a search, a table of speeds, a test) varies this record with
`dataclasses.replace`, and the model file's notes hold it. Shares add up to 1 within their group; strengths are standard
deviations or bounds in the units named. What was tried and found is in `digits/experiments/README.md`.
"""

from dataclasses import dataclass

PRECISIONS = ("float32", "mixed_bfloat16")  # Keras's policies
WIDE = (64, 96, 160)  # channels of a network that is to teach: it reads strangers better, and costs three times as much


@dataclass(frozen=True)
class Recipe:
    """How a network is trained."""

    # The run
    epochs: int = 18
    epoch_size: int = 55_000  # grids of all sources: as many as MNIST has images to train on
    batch_size: int = 128
    seed: int = 0  # of start weights and data

    # What a batch is made of; without MNIST the pen digits take the place of its images
    nudged: float = 0.45  # MNIST's images, nudged
    spread: float = 0.15  # others of them, spread over the sheet and inked anew
    drawn: float = 0.22  # pen digits
    negatives: float = 0.18  # what is no digit

    # What the negatives are
    others: float = 0.77  # pen drawings of letters and symbols
    mirrored: float = 0.027
    overlaid: float = 0.034
    halves: float = 0.02
    scribbles: float = 0.041
    marks: float = 0.034
    filled: float = 0.04
    textures: float = 0.034

    # How MNIST's images are nudged, about the middle: each uniform within these bounds
    nudge_angle: float = 12.0  # degrees
    nudge_slant: float = 0.18  # cells to the side for each cell up
    nudge_scale: float = 0.145
    nudge_shift: float = 2.4  # cells

    # How those are spread: pens of these radii, and softness of their edge, in cells
    respread_thinnest: float = 0.6
    respread_thickest: float = 1.8

    # How much of another grid each one of a batch has in it, and its targets too (mixup): Beta(this, this); 0: nothing
    mixup: float = 0.0

    # How often a pen drawing is shown, each time at another place: moved by whole cells it is another exact grid
    showings: int = 2

    # How pen drawings are varied, as other hands would draw them; lengths in heights of the drawing
    overshoot: float = 0.034  # of a stroke's ends, in its length
    loosened: float = 0.021  # each stroke on its own
    swollen: float = 0.17  # surroundings of a random spot
    bent: float = 0.034  # by long waves
    trembling: float = 0.01
    slanted: float = 0.15  # cells to the side for each cell up
    stretched: float = 0.17  # logarithm of the aspect
    turned: float = 0.077  # radians

    # How devices leave strokes: the share of drawings that each happens to
    polygons: float = 0.12  # sampled coarsely
    staircases: float = 0.15  # in whole steps of a coarse device
    hooks: float = 0.1  # where the pen lands
    cut_short: float = 0.1  # the first or the last points are lost

    # The brushes that pen drawings are drawn with, in cells: all that the window offers
    thinnest: float = 0.5
    thickest: float = 3.0
    thickness_share: float = 0.14  # of a drawing's height that the radius may be at most: thick pens fill small loops
    hardest: float = 0.6  # softness of the edge
    softest: float = 1.4

    # The network and what keeps it from learning by heart
    channels: tuple[int, int, int] = (32, 48, 80)  # at the stem, at 14 x 14 and at 7 x 7
    dropout: float = 0.05
    stochastic_depth: float = 0.0  # share of grids that go past a residual convolution
    normalisation: bool = True  # of every convolution, by batch; without it each has a bias
    moment_memory: float = 0.9  # share of normalisation's moving moments that a batch leaves as it was

    # The optimiser: a warm-up, then a cosine
    optimiser: str = "muon"  # or adamw, for convolution kernels; all other weights have AdamW
    peak_rate: float = 6e-3
    taught_rate: float = 3e-3  # the same where a network that is trained already goes on with what teachers answer
    warm_up: float = 0.1  # share of the steps
    final_rate: float = 0.0  # share of the peak that is left in the end
    weight_decay: float = 0.025
    smoothing: float = 0.03  # of the targets of digits

    # How a step is computed; what comes of it differs by rounding, and by what halves are normalised by
    precision: str = ""  # one of PRECISIONS; "": whichever takes less time here
    fused: bool = True  # normalisation, in training, by one kernel
    in_halves: bool = True  # batches, side by side; where there is one device, without a GPU
    steps_at_once: int = 16  # at most, between two looks at Python, whose lock is busy: 4 to 11 % more grids a second

    # What is chosen on validation digits when the weights are
    expected_negatives: float = 0.05  # share of drawings that are no digit in use: people mostly draw digits
    refused: float = 0.01  # share of drawn digits that may be taken for no digit

    @property
    def epoch_steps(self) -> int:
        """The number of batches in an epoch."""
        return max(1, self.epoch_size // self.batch_size)

    @property
    def steps(self) -> int:
        """The number of batches in all epochs."""
        return self.epochs * self.epoch_steps


DEFAULT = Recipe()
