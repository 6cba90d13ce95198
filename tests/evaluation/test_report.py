"""The report: a page that needs nothing else, shows all pictures, and says what the figures say."""

import base64
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digits import UserError
from digits.evaluation import charts, predictions, report, summary, testsets
from digits.ink import grid, strokes
from digits.training import run
from digits.training.job import Job
from tests.support.fake_model import FakeModel, install
from tests.support.sketches import sketches

HISTORY = [{"epoch": n, "loss": 2 / n, "accuracy": 0.9, "val_loss": 1 / n, "val_accuracy": 0.95} for n in (1, 2)]
NOTES = {"trained on": ["MNIST", "<b>mine</b>"], "recipe": {"epochs": 18, "batch_size": 128}, "history": HISTORY}


def shown(labels, seed):
    """Return answers at random to as many grids of noise."""
    rng, count = np.random.default_rng(seed), len(labels)
    return predictions.Answers(
        rng.random((count, *grid.SHAPE), np.float32), np.array(labels), rng.dirichlet([0.1] * 10, count)
    )


def measured(**changes):
    """Return a little of everything, some of it changed."""
    digits = np.arange(40) % 10
    placements = ("centred", "small", "large", "anywhere")
    everything = {
        "model": "folder/<model>.keras",
        "parameters": 12345,
        "threshold": 0.625,
        "notes": NOTES,
        "mnist": shown(digits, 0),
        "drawn": {"a/pens.dat": {name: shown(digits, seed) for seed, name in enumerate(placements, 1)}},
        "writers": {"a/pens.dat": np.repeat(["val/ann", "val/bob", "val/<i>cy", ""], 10)},
        "not_digits": {"a/letters.dat": shown(["K", "&"] * 10, 5)},
        "not_digit_images": {"a/boots.gz": shown([""] * 20, 6)},
        "checks": {"empty sheet": shown([""], 7)},
    }
    return predictions.Measured(**everything | changes)


LESS = {  # all that may be missing
    "no history": {"notes": {"epochs": 18}},
    "no notes": {"notes": {}},
    "a history that is none": {"notes": {"history": [{"epoch": 1, "loss": None}, "x"]}},
    "MNIST alone": {"drawn": {}, "not_digits": {}, "not_digit_images": {}},
    "unknown writers": {"writers": {"a/pens.dat": np.full(40, "")}},
    "rings alone": {"not_digits": {"a/rings.dat": shown(["O"] * 9, 5)}},
    "drawings alone": {"mnist": None, "not_digit_images": {}},
    "no mistakes": {"mnist": predictions.Answers(np.zeros((10, 28, 28)), np.arange(10), np.eye(10))},
}


@pytest.fixture
def sketched(monkeypatch):
    """Let no picture be drawn."""
    monkeypatch.setattr(charts, "png", sketches())


class Page(HTMLParser):
    """What is on a page: tags with their attributes, and all words, styles left out."""

    def __init__(self, path):
        super().__init__()
        self.source, self.tags, self.words, self._open = path.read_text(encoding="utf-8"), [], [], []
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self._open:
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A report on a little of everything; only to be read."""
    folder = tmp_path_factory.mktemp("reports") / "report"
    with pytest.MonkeyPatch.context() as sketched:
        sketched.setattr(charts, "png", sketches())
        assert report.write(folder, measured()) == folder / report.PAGE
    return folder


@pytest.fixture(scope="module")
def page(folder):
    return Page(folder / report.PAGE)


PICTURES = {
    *(f"{kind}-{of}" for kind in ("examples", "chances", "confusion", "mistakes") for of in ("mnist", "drawn")),
    *("placements", "reliability", "risk-coverage", "accepted-drawings", "accepted-images", "learning-curves"),
}


def test_a_report_is_a_page_its_pictures_and_its_figures(folder):
    assert {path.name for path in folder.iterdir()} == {
        report.PAGE,
        report.DATA,
        *(f"{picture}.png" for picture in PICTURES),
    }


def test_the_page_needs_nothing_else(page):
    assert not re.search("https?://", page.source)
    assert not page.all("script") and not page.all("iframe")
    assert all("stylesheet" not in link.get("rel", "") for link in page.all("link"))
    assert not re.search(r"url\(|@import", page.source)
    links = [
        value for _, attributes in page.tags for name, value in attributes.items() if name in ("src", "srcset", "href")
    ]
    assert links and all(link.startswith("data:") for link in links)
    assert "default-src 'none'" in page.source  # and a browser holds it to that


def test_every_picture_is_on_the_page_for_day_and_night(folder, page):
    by_day = {path.read_bytes() for path in folder.glob("*.png")}
    embedded = [base64.b64decode(image["src"].partition(",")[2]) for image in page.all("img")]
    assert set(embedded) == by_day and len(embedded) == len(PICTURES)
    at_night = [source for source in page.all("source") if source["media"] == "(prefers-color-scheme: dark)"]
    for source, light in zip(at_night, embedded, strict=True):
        dark = base64.b64decode(source["srcset"].partition(",")[2])
        sizes = [Image.open(io.BytesIO(picture)).size for picture in (light, dark)]
        assert sizes[0] == sizes[1] and dark != light


def test_every_picture_says_what_it_shows_and_how_large_it_is(page):
    assert len({image["alt"] for image in page.all("img")}) == len(PICTURES)
    for image in page.all("img"):
        assert len(image["alt"]) > 30
        size = Image.open(io.BytesIO(base64.b64decode(image["src"].partition(",")[2]))).size
        assert (int(image["width"]), int(image["height"])) == size


def test_the_page_says_what_the_figures_say(folder, page):
    data = json.loads((folder / report.DATA).read_text())
    assert data == summary.as_data(measured())
    said = [data["mnist"], *data["drawn"]["a/pens.dat"].values()]
    expected = [f"{100 * each['accuracy'][key]:.2f}" for each in said for key in ("value", "low", "high")]
    expected += [f"{each['calibration error']:.4f}" for each in said]
    others = [data["not digits"]["a/letters.dat"], data["not digit images"]["a/boots.gz"]]
    expected += [f"{other[key]:.4f}" for other in others for key in ("auroc", "fpr95")]
    expected += [f"{100 * each['refused']['value']:.2f} %" for each in said + others]
    expected += ["12,345 parameters", "62.5 %", "pens.dat, anywhere", "letters.dat", "boots.gz", "empty sheet"]
    expected += [summary.accepted_labels(kind) for kind in data["not digits by kind"].values()]
    by_writer = data["drawn"]["a/pens.dat"]["anywhere"]["by writer"]
    expected += [f"{100 * by_writer[key][part]:.2f} %" for key in ("accuracy", "refused") for part in by_writer[key]]
    expected += ["3 10 to 10", summary.least_well_read(by_writer), "brush of radius 1.00 cells"]
    for words in expected:
        assert words in page.text, words


def headlines_of(folder, **changes):
    """Return the headlines of a report, each as HTML."""
    page = Page(report.write(folder, measured(**changes)))
    return page, [
        tile for tiles in re.findall('<ul class="tiles">(.*?)</ul>', page.source) for tile in tiles.split("</li>")[:-1]
    ]


def test_every_headline_says_how_many_it_rests_on(sketched, monkeypatch, tmp_path):
    monkeypatch.setattr("digits.evaluation.page._FEWEST", 10)
    _, headlines = headlines_of(tmp_path / "report")
    assert len(headlines) == 8  # MNIST, four of drawn digits, letters, symbols and images
    assert all(re.search(r"\b(10|20|40|3) ", headline.split("</b>")[1]) for headline in headlines)
    assert "95 % interval" in headlines[0] and "3 writers" in headlines[4]


def test_no_headline_rests_on_a_few(sketched, tmp_path):
    page, headlines = headlines_of(tmp_path / "few")
    assert not headlines and "too few for a headline" in page.text and "40" in page.text
    _, headlines = headlines_of(tmp_path / "more", mnist=shown(np.arange(100) % 10, 0))
    assert len(headlines) == 1 and "of 100 MNIST test images" in headlines[0]


def test_on_a_narrow_page_every_figure_has_the_name_of_its_column_beside_it(page):
    rows = re.findall("<tr>(.*?)</tr>", page.source)
    assert len(rows) > 10
    for row in rows:
        assert row.count("<td ") == row.count('<td data-label="')
    labels = [cell["data-label"] for cell in page.all("td")]
    assert {"n", "right", "95 % interval", "AUROC", "right, worst tenth", "refused, worst tenth"} <= set(labels)


def test_files_of_one_name_are_told_apart_and_summed_up(sketched, tmp_path):
    digits, letters = measured().drawn["a/pens.dat"], measured().not_digits["a/letters.dat"]
    files = [str(Path("1a", name, "pens.dat")) for name in ("val", "aga")]
    changes = {"drawn": dict.fromkeys(files, digits), "writers": {file: np.full(40, file) for file in files}}
    others = {str(Path("1b", "val")): letters, str(Path("1c", "val")): letters}
    page = Page(report.write(tmp_path / "report", measured(**changes, not_digits=others)))
    names = [str(Path(name, "pens.dat")) for name in ("val", "aga")]
    for words in (*names, *others, "all together, anywhere 80", "2 40 to 40"):
        assert words in page.text, words


def test_the_page_tells_the_settings_and_takes_none_for_html(page):
    assert "trained on MNIST, <b>mine</b>" in page.text and "epochs 18 batch size 128" in page.text
    assert "<model>.keras" in page.text
    assert not page.all("b") or all("mine" not in word for word in page.words if word == "mine")
    assert "<b>mine" not in page.source and "<model>" not in page.source


@pytest.mark.parametrize("less", LESS)
def test_what_is_missing_is_left_out(sketched, tmp_path, less):
    page = Page(report.write(tmp_path / "report", measured(**LESS[less])))
    shown = {path.stem for path in (tmp_path / "report").glob("*.png")}
    assert len(page.all("img")) == len(shown)
    assert shown < PICTURES or (less in ("no mistakes", "unknown writers") and shown == PICTURES)
    assert ("by writer" in page.text) == (less not in ("MNIST alone", "unknown writers"))
    assert "learning-curves" not in shown or "notes" not in LESS[less]
    assert ("placements" in shown) == (less != "MNIST alone")


HOSTILE = ["$$", "$\\frac$", "\x1b[2J\u202e<b>", "x" * 90]


def test_what_strangers_wrote_breaks_no_picture_and_is_shown_as_it_is(tmp_path, monkeypatch, png=charts.png):
    monkeypatch.setattr(charts, "DPI", 40)
    monkeypatch.setattr(charts, "png", lambda draw, dark=False: b"" if dark else png(draw))  # by night it says the same
    history = [entry | {"loss": loss} for entry, loss in zip(HISTORY, (10**300, float("nan")), strict=True)]
    notes = {"history": history, "\x1b[2J": ["$$", [[[]]], {"a": {}}], "recipe": {"\u202e": 10**300}}
    others = {f"{label}.dat": shown([label] * 2, 5) for label in HOSTILE}
    drawn, writers = (
        {f"{name}$$\x07": part for name, part in of.items()} for of in (measured().drawn, measured().writers)
    )
    everything = measured(notes=notes, not_digits=others, drawn=drawn, writers=writers)
    page = Page(report.write(tmp_path / "report", everything))
    assert not {"\x1b", "\x07", "\u202e"} & set(page.source)
    assert r"\x1b[2J" in page.text and "$$" in page.text
    assert "learning-curves.png" in {path.name for path in (tmp_path / "report").iterdir()}


def test_of_thousands_of_labels_the_most_accepted_are_shown():
    strange = shown([f"label {number}" for number in range(5000)], 5)
    figures = summary.as_data(measured(not_digits={"a.dat": strange}))["not digits"]["a.dat"]
    assert len(figures["by label"]) == 5000
    assert len(summary.accepted_labels(figures)) < 3000 and summary.accepted_labels(figures).endswith(" more")


def test_other_files_in_a_folder_stay_and_an_older_report_gives_way(sketched, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / report.DATA).write_text("old")
    report.write(tmp_path, measured(**LESS["MNIST alone"]))
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert json.loads((tmp_path / report.DATA).read_text())["parameters"] == 12345


def test_a_report_that_fails_leaves_the_folder_as_it_was(sketched, tmp_path, monkeypatch):
    (tmp_path / report.PAGE).write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(UserError, match="No space left"):
        report.write(tmp_path, measured(**LESS["MNIST alone"]))
    assert [path.name for path in tmp_path.iterdir()] == [report.PAGE]
    assert (tmp_path / report.PAGE).read_text() == "old"


def test_where_no_report_can_be_is_known_beforehand(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("")
    for folder, reason in ((file, "is a file"), (tmp_path / "gone" / "report", "no folder")):
        with pytest.raises(UserError, match=reason):
            report.check_target(folder)
    report.check_target(tmp_path / "new")
    report.check_target(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_training_ends_with_the_report_that_was_asked_for(sketched, tmp_path, monkeypatch, capsys):
    model, folder = install(monkeypatch, FakeModel()), tmp_path / "report"
    pens = [strokes.Drawing("7", [np.array([(0, 0), (9, 9)])])]
    monkeypatch.setattr(testsets, "held_out", lambda: {testsets.HELD_OUT: pens})
    run.say_how_well_it_reads(model, Job(Path("model.keras"), report=folder), None)
    assert str(folder / report.PAGE) in capsys.readouterr().out
    data = json.loads((folder / report.DATA).read_text())
    assert data["drawn"][testsets.HELD_OUT]["anywhere"]["count"] == 1


def test_a_training_that_could_not_be_reported_on_does_not_begin(tmp_path):
    with pytest.raises(UserError, match="no folder"):
        run.check(Job(tmp_path / "model.keras", report=tmp_path / "gone" / "report"))
    run.check(Job(tmp_path / "model.keras"))
