"""The page of a report as HTML: one file with all pictures in it, no script, nothing from anywhere else."""

import base64
import html
import string
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from digits import safe_text
from digits.assets import ASSETS
from digits.evaluation import charts, summary, testsets

_TEMPLATE = ASSETS / "report.html"
_MOST_SETTINGS = 200
_FEWEST = 100  # of what a headline may rest on: of 20, all right, the 95 % interval begins at 84 %
_LONGEST = 5000  # characters of a text: a hundred labels with their numbers


class Picture(NamedTuple):
    """A picture of a report: the name of its file, the heading it stands under, and what is said about it."""

    name: str
    heading: str
    alt: str  # what it shows, for who cannot see it
    about: str  # how to read it
    draw: Callable  # returns the figure


READS, ERRS, HONEST, OTHERS, LEARNED = (
    "How well it reads",
    "Where it errs",
    "What its percentages are worth",
    "What is no digit",
    "How it was trained",
)


def page(data: dict, notes: dict, pictures: list[Picture], drawn: dict[str, tuple[bytes, bytes]]) -> str:
    """Return a page that shows figures, as `summary.as_data` gives them, and pictures.

    notes: the settings that the model's file tells; drawn: by picture's name its PNG files, on light paper and dark.
    """
    parts = [
        f"<h1>How well {_text(Path(data['model']).name)} reads</h1>",
        f'<p class="quiet">{data["parameters"]:,} parameters. An answer below {_percent(data["threshold"], 1)} is '
        "refused: perhaps it is no digit.</p>",
        _tiles(data),
    ]
    tables = {
        READS: _reading_table(data) + _writers_table(data),
        OTHERS: _others_table(data) + _checks_table(data),
        LEARNED: _settings(notes),
    }
    for heading in (READS, HONEST, OTHERS, ERRS, LEARNED):
        shown = [_figure(picture, *drawn[picture.name]) for picture in pictures if picture.heading == heading]
        body = tables.get(heading, "") + (f'<div class="pictures">{"".join(shown)}</div>' if shown else "")
        parts += [f"<h2>{heading}</h2>{body}"] if body else []
    words = string.Template(_TEMPLATE.read_text(encoding="utf-8"))
    return words.substitute(model=_text(Path(data["model"]).name), body="\n".join([*parts, _GLOSSARY]))


_GLOSSARY = """<h2>What the words mean</h2>
<dl>
<dt>95 % interval</dt><dd>where the true share lies, as far as so many digits can tell (Wilson 1927).</dd>
<dt>Calibration error</dt><dd>how far the claimed probability is from the share that is right, as a mean over 15 bins
(Naeini et al. 2015). 0: of a hundred answers given with 80 %, eighty are right.</dd>
<dt>Refused</dt><dd>answers below the model's own threshold, which was chosen on validation digits.</dd>
<dt>AURC</dt><dd>area under the risk-coverage curve: the share of wrong answers among the most confident, as a mean over
all numbers of accepted answers (Geifman and El-Yaniv 2017).</dd>
<dt>AUROC</dt><dd>how often the answer to a digit is more confident than the answer to what is no digit; 1 is always,
0.5 is chance.</dd>
<dt>Shaped like digits</dt><dd>letters and symbols that many write as digits: O, I, l, S, Z, b, B, g, q and others; a
bar or a ring says by itself only what was meant.</dd>
<dt>Worst tenth</dt><dd>the mean over the tenth of all writers who are read least well, or refused most.</dd>
<dt>FPR95</dt><dd>how much of what is no digit is accepted where 95 % of the digits are.</dd>
</dl>"""


def _text(value):
    return html.escape(safe_text.shown(value, _LONGEST))


def _percent(share, digits=2):
    return f"{100 * share:.{digits}f} %"


def _tiles(data):
    """Return the headlines, each with how many it rests on; none on a few."""
    tiles = []
    if "mnist" in data and data["mnist"]["count"] >= _FEWEST:
        tiles.append(_right(data["mnist"], "MNIST test images"))
    if "drawn" in data and summary.headline(data)["anywhere"]["count"] >= _FEWEST:
        tiles += _tiles_of_drawn(data)
    tiles += [
        (_percent(figures["refused"]["value"], 1), f"of {figures['count']:,} {things} refused")
        for things, figures in _things(data)
        if figures["count"] >= _FEWEST
    ]
    if not tiles:
        return f'<p class="quiet">Fewer than {_FEWEST} of each kind were shown, too few for a headline.</p>'
    return '<ul class="tiles">' + "".join(f"<li><b>{value}</b>{_text(of)}</li>" for value, of in tiles) + "</ul>"


def _right(reading, digits):
    low, high = (f"{100 * reading['accuracy'][bound]:.1f}" for bound in ("low", "high"))
    words = f"of {reading['count']:,} {digits} read right (95 % interval {low} to {high})"
    return _percent(reading["accuracy"]["value"]), words


def _tiles_of_drawn(data):
    anywhere = summary.headline(data)["anywhere"]
    digits = f"{anywhere['count']:,} digits drawn anywhere"
    tiles = [
        _right(anywhere, "digits drawn anywhere"),
        (_percent(anywhere["refused"]["value"]), f"of {digits} refused"),
        (f"{anywhere['calibration error']:.4f}", f"calibration error of {digits}"),
    ]
    if by_writer := anywhere.get("by writer"):
        right = _percent(by_writer["accuracy"]["worst tenth"])
        tiles.append((right, f"of their digits read right, for the worst tenth of {by_writer['count']:,} writers"))
    return tiles


def _things(data):
    """Yield what headlines say of things that are no digit, not of those that can be read as digits."""
    for kind, figures in data.get("not digits by kind", {}).items():
        if kind != testsets.LIKE_DIGITS:
            yield kind, figures
    for file, figures in data.get("not digit images", {}).items():
        yield f"images of no digit ({Path(file).name})", figures


def _figure(picture, light, dark):
    by_day, by_night = (f"data:image/png;base64,{base64.b64encode(data).decode()}" for data in (light, dark))
    width, height = charts.size(light)
    return (
        f'<figure><picture><source media="(prefers-color-scheme: dark)" srcset="{by_night}">'
        f'<img src="{by_day}" alt="{_text(picture.alt)}" width="{width}" height="{height}"></picture>'
        f"<figcaption>{_text(picture.about)}</figcaption></figure>"
    )


def _table(caption, head, rows, kind="figures"):
    top = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in head)
    body = "".join(f'<tr><th scope="row">{_text(name)}</th>{_cells(head[1:], cells)}</tr>' for name, *cells in rows)
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{_text(caption)}"><table class="{kind}">'
        f"<caption>{_text(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(names, cells):
    """Return the cells of a row, each with its column's name: a narrow page shows no head above them."""
    named = zip(names, cells, strict=True)
    return "".join(f'<td data-label="{_text(name)}">{_text(cell)}</td>' for name, cell in named)


def _reading_table(data):
    rows = [("MNIST test", data["mnist"])] if "mnist" in data else []
    drawn = data.get("drawn", {})
    for file, name in summary.short_names(drawn).items():
        rows += [(f"{name}, {placement}", reading) for placement, reading in drawn[file].items()]
    cells = [
        (
            name,
            f"{reading['count']:,}",
            _percent(reading["accuracy"]["value"]),
            f"{100 * reading['accuracy']['low']:.2f} to {_percent(reading['accuracy']['high'])}",
            f"{reading['calibration error']:.4f}",
            f"{reading['aurc']:.5f}",
            _percent(reading["refused"]["value"]),
        )
        for name, reading in rows
    ]
    caption = f"Digits; recorded ones drawn with a brush of radius {data['brush radius']:.2f} cells"
    return _table(caption, ["", "n", "right", "95 % interval", "calibration error", "AURC", "refused"], cells)


def _writers_table(data):
    drawn = data.get("drawn", {})
    rows = {
        name: drawn[file]["anywhere"]["by writer"]
        for file, name in summary.short_names(drawn).items()
        if "by writer" in drawn[file]["anywhere"]
    }
    if not rows:
        return ""
    cells = [
        (
            name,
            f"{figures['count']:,}",
            f"{figures['digits']['fewest']:,} to {figures['digits']['most']:,}",
            *(_percent(figures[key][part]) for key in ("accuracy", "refused") for part in ("median", "worst tenth")),
        )
        for name, figures in rows.items()
    ]
    head = ["", "writers", "digits each"]
    head += [f"{what}, {part}" for what in ("right", "refused") for part in ("median", "worst tenth")]
    worst = summary.least_well_read([*rows.values()][-1])
    return _table("Digits drawn anywhere, by writer", head, cells) + f"<p>Read least well: {_text(worst)}.</p>"


def _others_table(data):
    others = summary.refusals(data)
    if not others:
        return ""
    cells = [
        (
            name,
            f"{other['count']:,}",
            f"{other['auroc']:.4f}",
            f"{other['fpr95']:.4f}",
            _percent(other["above 90 %"]),
            _percent(other["refused"]["value"]),
        )
        for name, other in others
    ]
    accepted = {kind: summary.accepted_labels(other) for kind, other in data.get("not digits by kind", {}).items()}
    words = "".join(f"<p>Accepted of {kind}: {_text(labels)}.</p>" for kind, labels in accepted.items() if labels)
    return _table("Other things", ["", "n", "AUROC", "FPR95", "above 90 %", "refused"], cells) + words


def _checks_table(data):
    cells = [
        (
            name,
            f"{round(check['count'] * check['refused']['value']):,} of {check['count']:,}",
            _percent(check["highest confidence"], 1),
        )
        for name, check in data["checks"].items()
    ]
    return _table("No drawing at all", ["", "refused", "highest confidence"], cells)


def _settings(notes):
    said = {name: value for name, value in notes.items() if name not in ("history", "recipe")}
    if isinstance(recipe := notes.get("recipe"), dict):
        said |= {str(name).replace("_", " "): value for name, value in recipe.items()}
    if not said:
        return '<p class="quiet">The model\'s file does not say.</p>'
    rows = [(safe_text.shown(name), _setting(value)) for name, value in [*said.items()][:_MOST_SETTINGS]]
    return _table("As the model's file says", ["setting", "value"], rows, "settings")


def _setting(value):
    """Return a setting in words; what is nested deeper than a list is none of ours."""
    if isinstance(value, list):
        return ", ".join(safe_text.shown(part) for part in value[:_MOST_SETTINGS] if not isinstance(part, list | dict))
    return "..." if isinstance(value, dict) else safe_text.shown(value)
