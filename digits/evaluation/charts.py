"""Charts and sheets of grids as matplotlib figures, light or dark, each as wide as half a page or a whole phone.

Colours are Okabe and Ito's (2008), darker or lighter where they are text; none says anything that words, marks or
shapes do not say too. C0 and C1 are two series, C2 is right and C3 is wrong.
"""

import io
import logging
import struct
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from digits import safe_text
from digits.evaluation import metrics
from digits.evaluation.predictions import Answers
from digits.ink import grid

DPI = 200
_FILE = 60  # characters of a file's name, which fit a line of the legend
_WIDTH = 4.8  # inches
_LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "faint": "#d5d9de",
    "series": ("#0072b2", "#b34700", "#00734f", "#b3341a"),
}
_DARK = {
    "paper": "#1d2126",
    "ink": "#e8eaed",
    "faint": "#454b53",
    "series": ("#56b4e9", "#e69f00", "#3fcf9f", "#ff8a66"),
}


def png(draw: Callable, dark: bool = False) -> bytes:
    """Return the figure that `draw` returns as a PNG file, on light paper or dark."""
    logging.getLogger("matplotlib").setLevel("ERROR")  # where it keeps its fonts is not the user's concern
    import matplotlib

    with matplotlib.rc_context(_style(_DARK if dark else _LIGHT)), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a label of strangers may have letters that its font lacks
        file = io.BytesIO()
        draw().savefig(file, format="png", dpi=DPI, metadata={"Software": None})
    return file.getvalue()


def size(picture: bytes) -> tuple[int, int]:
    """Return the width and height of a PNG file in pixels."""
    return struct.unpack(">II", picture[16:24])


def _style(colours):
    from cycler import cycler  # comes with matplotlib

    paper = dict.fromkeys(("figure.facecolor", "axes.facecolor"), colours["paper"])
    ink = dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), colours["ink"])
    faint = dict.fromkeys(("grid.color", "axes.edgecolor"), colours["faint"])
    shape = {"axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True, "axes.grid": True}
    sizes = {"font.size": 9, "axes.titlesize": 10, "xtick.labelsize": 8.5, "ytick.labelsize": 8.5}
    legend = {"legend.frameon": False, "legend.fontsize": 8.5, "axes.titlelocation": "left", "grid.linewidth": 0.6}
    plain = {"text.parse_math": False, "axes.prop_cycle": cycler(color=colours["series"])}  # "$" is a label like others
    return paper | ink | faint | shape | sizes | legend | plain


def _figure(height, **layout):
    from matplotlib.figure import Figure  # without pyplot: no window system is asked for

    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    return figure, figure.subplots(**layout)


_MARKS = "os^D"


def learning_curves(history: list[dict]):
    """Plot loss and accuracy of every epoch, in training and on validation digits.

    history: for each epoch its number and any of loss, accuracy, val_loss and val_accuracy.
    """
    figure, axes = _figure(4.6, nrows=2, sharex=True)
    epochs = [epoch["epoch"] for epoch in history]
    for axis, key, factor, label in zip(axes, ("loss", "accuracy"), (1, 100), ("loss, nats", "right, %"), strict=True):
        for name, words, style in ((key, "training", "s--"), (f"val_{key}", "validation", "o-")):
            if all(name in epoch for epoch in history):
                values = [factor * epoch[name] for epoch in history]
                axis.plot(epochs, values, style, color=f"C{name == key:d}", markersize=4, label=words)
        axis.set(ylabel=label)
    axes[0].set_title("How it learned, epoch by epoch")
    axes[0].legend()
    axes[1].set(xlabel="epoch")
    axes[1].xaxis.get_major_locator().set_params(integer=True)
    return figure


def confusion(counts: np.ndarray, title: str):
    """Draw a confusion matrix (10, 10), row = label: a mistake the darker, the larger a share of its row it is."""
    from matplotlib.colors import LinearSegmentedColormap

    figure, axis = _figure(4.9)
    mistakes = np.where(np.eye(len(counts), dtype=bool), 0, counts / np.maximum(1, counts.sum(1, keepdims=True)))
    worst = max(mistakes.max(), 0.01)  # few mistakes stay pale
    shades = LinearSegmentedColormap.from_list("", [_colour("axes.facecolor"), _colour("C3")])
    axis.imshow(mistakes, cmap=shades, vmin=0, vmax=worst)
    for (row, column), count in np.ndenumerate(counts):
        ink = "axes.facecolor" if mistakes[row, column] > worst / 2 else "C2" if row == column else "text.color"
        look = {"color": _colour(ink), "fontsize": 8, "weight": "bold" if row == column else "normal"}
        axis.text(column, row, str(count or "\N{MIDDLE DOT}"), ha="center", va="center", **look)
    axis.set(xticks=range(grid.CLASSES), yticks=range(grid.CLASSES), xlabel="read as", ylabel="digit", title=title)
    axis.grid(visible=False)
    axis.tick_params(length=0)
    return figure


def _colour(name):
    """Return the red, green and blue of a series or of one of matplotlib's settings, as the style has them."""
    import matplotlib
    from matplotlib.colors import to_rgb

    return to_rgb(matplotlib.rcParams.get(name, name))


def placements(files: dict[str, dict[str, metrics.Share]]):
    """Plot accuracies with their 95 % intervals: files of digits, in each the placements."""
    names = list(next(iter(files.values())))
    figure, axis = _figure(1.4 + 0.4 * len(names) * len(files))
    for number, (file, shares) in enumerate(files.items()):
        rows = np.arange(len(names)) + (number + 1) / (len(files) + 1) - 0.5
        value, low, high = 100 * np.array([shares[name] for name in names]).T
        reach = np.maximum(0, [value - low, high - value])
        style = {"fmt": _MARKS[number % len(_MARKS)], "color": f"C{number % 2}", "capsize": 3, "markersize": 5}
        axis.errorbar(value, rows, xerr=reach, label=safe_text.shown(file, _FILE), **style)
        for at, row in zip(value, rows, strict=True):
            axis.annotate(f"{at:.2f} %", (at, row), (0, 6), textcoords="offset points", ha="center", fontsize=8)
    axis.set(yticks=range(len(names)), yticklabels=names, xlabel="right, %", ylim=(len(names) - 0.4, -0.7))
    axis.set_title("Drawn digits, by their place on the sheet")
    figure.legend(loc="outside lower left")
    return figure


def reliability(shown: dict[str, Answers]):
    """Plot how often answers are right over how sure they claim to be, and how many there are in each bin.

    shown: by name at most two sets of digits.
    """
    figure, (above, below) = _figure(5.2, nrows=2, sharex=True, height_ratios=(3, 1))
    above.plot([0, 1], [0, 1], ":", color=_colour("text.color"), linewidth=1, label="as sure as right")
    for number, (name, answers) in enumerate(shown.items()):
        bins = metrics.reliability(answers.labels, answers.probabilities)
        used = np.flatnonzero(bins.counts)
        error = metrics.calibration_error(answers.labels, answers.probabilities)
        style = {"color": f"C{number}", "marker": _MARKS[number], "markersize": 5}
        reach = np.transpose([_reach(bins.accuracy[i], bins.counts[i]) for i in used])
        label = f"{name}: calibration error {error:.4f}"
        bars = {"elinewidth": 0.8, "linewidth": 0.6, "capsize": 2, "label": label}
        above.errorbar(bins.confidence[used], bins.accuracy[used], yerr=reach, **bars, **style)
        below.plot((used + 0.5) / metrics.BINS, bins.counts[used], linewidth=1, **style)
    above.set(ylabel="share right", title="How often it is right, by how sure it is", ylim=(-0.03, 1.03))
    above.legend(loc="lower right")
    below.set(xlabel="confidence", ylabel="answers", yscale="log", xlim=(0, 1.02))
    below.yaxis.set_major_formatter("{x:,.0f}")
    below.yaxis.set_minor_formatter("")
    return figure


def _reach(value, count):
    """Return how far below and above a share of `count` its 95 % interval reaches."""
    _, low, high = metrics.share(round(value * count), count)
    return max(0, value - low), max(0, high - value)


def risk_coverage(shown: dict[str, Answers], threshold: float):
    """Plot the share of wrong answers among the accepted, the most confident first, over the share that is accepted.

    shown: as for `reliability`; threshold: the model's own, marked where it cuts.
    """
    figure, axis = _figure(5.2)
    for number, (name, answers) in enumerate(shown.items()):
        labels, given = answers.labels, answers.probabilities
        coverage, risk = (100 * share for share in metrics.risk_coverage(labels, given))
        style = {"color": f"C{number}", "linestyle": ("-", "--")[number]}
        axis.plot(coverage, risk, label=f"{name}: AURC {metrics.aurc(labels, given):.5f}", **style)
        if accepted := int((answers.confidence >= threshold).sum()):
            cut = coverage[accepted - 1], risk[accepted - 1]
            label = f"at the model's threshold: {cut[0]:.1f} % accepted, {cut[1]:.2f} % wrong"
            axis.plot(*cut, _MARKS[number], color=f"C{number}", markersize=7, label=label)
    axis.set(xlabel="accepted, the most confident first, %", ylabel="wrong among the accepted, %", xlim=(0, 101))
    axis.set_ylim(bottom=0, top=1.45 * max(axis.get_ylim()[1], 0.1))  # room for the legend
    axis.set_title("What is wrong among what it accepts")
    axis.legend(loc="upper left")
    return figure


class Chances(NamedTuple):
    """A digit and the ten probabilities it was given."""

    title: str
    ink: np.ndarray  # (28, 28)
    probabilities: np.ndarray  # (10,)
    label: int


def chances(panels: list[Chances], title: str):
    """Draw digits with their ten probabilities as bars, two in a row; a star stands below the label."""
    rows = -(-len(panels) // 2)
    figure, axes = _figure(0.3 + 1.4 * rows, nrows=rows, ncols=4, squeeze=False, width_ratios=(2, 3, 2, 3))
    figure.suptitle(title, x=0.01, ha="left", fontsize=10)
    for axis in axes.flat:
        axis.grid(visible=False)
        axis.set_axis_off()
    for (image, bars), panel in zip(axes.reshape(-1, 2), panels, strict=False):
        image.imshow(_shaded(panel.ink))
        image.set_anchor("N")
        image.set_axis_on()
        image.spines[:].set_visible(True)
        image.set(xticks=[], yticks=[])
        image.set_title(panel.title, fontsize=8.5)
        _bars(bars, panel)
    return figure


def _bars(axis, panel):
    answer, digits = int(panel.probabilities.argmax()), range(grid.CLASSES)
    colours = ["C2" if digit == panel.label else "C3" if digit == answer else "C0" for digit in digits]
    axis.set_axis_on()
    axis.bar(digits, 100 * panel.probabilities, color=colours)
    axis.set(ylim=(0, 115), yticks=(0, 50, 100), xticks=digits)
    axis.set_yticklabels(["0", "50", "100 %"])
    axis.annotate("★", (panel.label, 0), (0, -19), textcoords="offset points", ha="center", fontsize=7)
    axis.tick_params(labelsize=7, length=2)


def sheet(grids: np.ndarray, captions: list[str], columns: int, title: str = "", right=None, scale: int = 6):
    """Draw grids (n, rows, columns) with captions below: ink on paper, every cell a square of `scale` pixels.

    columns: of grids on the sheet.  right (n,), bool: whether each was read right; frame and caption are green, or else
    red and the frame broken.
    """
    high, wide = scale * np.array(grids.shape[1:])
    lines = 1 + max([caption.count("\n") for caption in captions], default=0)
    head, pitch, step = 76 * bool(title), wide + 24, high + 22 + 30 * lines
    axis = _pixels(columns * pitch, head + max(1, -(-len(grids) // columns)) * step)
    axis.text(12, 40, title, fontsize=10, va="center")
    size = min((_fitting(caption, pitch) for caption in captions), default=0)
    looks = ["plain"] * len(grids) if right is None else [("wrong", "right")[int(is_right)] for is_right in right]
    for number, (ink, caption, look) in enumerate(zip(grids, captions, looks, strict=True)):
        left, top = number % columns * pitch + 12, head + number // columns * step + 4
        axis.imshow(_shaded(ink), extent=(left, left + wide, top + high, top), interpolation="nearest")
        colour = _frame(axis, (left, top), (wide, high), look)
        style = {"color": colour, "fontsize": size, "linespacing": 1.1}
        axis.text(left + wide / 2, top + high + 6, caption, ha="center", va="top", **style)
    return axis.figure


def _frame(axis, corner, size, look):
    """Draw the frame around a grid; returns the colour for its caption."""
    from matplotlib.patches import Rectangle

    edge, ink, line, width = {
        "plain": ("axes.edgecolor", "text.color", "-", 0.8),
        "right": ("C2", "C2", "-", 1.6),
        "wrong": ("C3", "C3", (0, (2, 1)), 2.4),
    }[look]
    style = {"edgecolor": _colour(edge), "linestyle": line, "linewidth": width}
    axis.add_patch(Rectangle(corner, *size, fill=False, **style))
    return _colour(ink)


def _pixels(width, height):
    """Return an empty drawing ground of a figure, in pixels, y down."""
    from matplotlib.figure import Figure

    axis = Figure(figsize=(width / DPI, height / DPI)).add_axes((0, 0, 1, 1))
    axis.set_axis_off()
    axis.set(xlim=(0, width), ylim=(height, 0), autoscale_on=False)
    return axis


def _fitting(caption, width):
    """Return the font size, in points, in which a caption's longest line is no wider than so many pixels."""
    longest = max(len(line) for line in caption.split("\n"))
    return min(9, 72 * width / DPI / max(1, 0.58 * longest))  # a character is 0.58 as wide as high, as a mean


def _shaded(ink):
    """Return a grid (rows, columns) as colours (rows, columns, 3), ink on paper."""
    paper, pen = (np.array(_colour(name)) for name in ("axes.facecolor", "text.color"))
    return np.clip(paper + np.asarray(ink)[..., None] * (pen - paper), 0, 1)
