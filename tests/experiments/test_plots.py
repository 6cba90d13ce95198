"""The pictures: that each can be looked at, and shows what it should."""

import io

import numpy as np
import pytest
from PIL import Image

from digits.evaluation import charts, gallery, metrics, numbers, predictions
from digits.experiments import plots
from digits.files import unipen
from digits.ink import grid, strokes
from digits.reading import engine
from tests.support import fake_mnist
from tests.support.fake_model import FakeModel, install

DRAWN, NUMBERS = "seven.dat", "numbers.dat"


def answers(labels, digits, sure):
    """Return answers to as many shaded grids: the digits they were taken for, and how surely."""
    shades = np.linspace(0.1, 1, len(labels), dtype=np.float32)[:, None, None]
    probabilities = np.repeat((1 - np.array(sure, float))[:, None] / 9, 10, axis=1)
    probabilities[np.arange(len(labels)), digits] = sure
    return predictions.Answers(np.broadcast_to(shades, (len(labels), *grid.SHAPE)), np.array(labels), probabilities)


def hundred(wrong=8):
    """Return answers to a hundred digits, the first ones wrong, each one surer than the one before."""
    labels = np.arange(100) % 10
    return answers(labels, np.where(np.arange(100) < wrong, (labels + 1) % 10, labels), np.linspace(0.5, 0.999, 100))


def words(figure):
    """Return all that stands in a figure."""
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def drawn(make):
    """Return what `make` returns while a picture of it is made, and the picture."""
    figures_made = []
    picture = charts.png(lambda: figures_made.append(make()) or figures_made[0])
    return figures_made[0], Image.open(io.BytesIO(picture))


# The charts


HISTORY = [{"epoch": n, "loss": 2 / n, "accuracy": 0.9, "val_loss": 1 / n, "val_accuracy": 0.95} for n in (1, 2, 3)]
CHARTS = {  # with the number of panels
    "learning curves": (lambda: charts.learning_curves(HISTORY), 2),
    "confusion": (lambda: charts.confusion(np.eye(10, dtype=int), "title"), 1),
    "placements": (
        lambda: charts.placements({"a": {"small": metrics.share(9, 10), "large": metrics.share(10, 10)}}),
        1,
    ),
    "reliability": (lambda: charts.reliability({"MNIST": hundred(), "drawn": hundred(0)}), 2),
    "risk": (lambda: charts.risk_coverage({"MNIST": hundred(), "drawn": hundred(0)}, 0.75), 1),
    "chances": (lambda: gallery.chances(hundred(), "title"), 12),  # six digits, each with its bars
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_a_picture_with_its_panels(name):
    make, panels = CHARTS[name]
    figure, picture = drawn(make)
    assert len(figure.axes) == panels
    assert picture.format == "PNG" and picture.width == 960 and 400 <= picture.height <= 1200


def test_dark_paper_is_dark_and_light_paper_light():
    for dark, colour in ((False, (255, 255, 255)), (True, (0x1D, 0x21, 0x26))):
        picture = Image.open(io.BytesIO(charts.png(CHARTS["risk"][0], dark)))
        assert picture.convert("RGB").getpixel((1, 1)) == colour


def test_a_chart_leaves_the_style_of_others_as_it_was():
    import matplotlib

    before = dict(matplotlib.rcParams)
    charts.png(CHARTS["risk"][0], dark=True)
    assert dict(matplotlib.rcParams) == before


def test_learning_curves_show_what_the_history_has():
    figure = charts.learning_curves(HISTORY)
    training, validation = figure.axes[0].lines
    np.testing.assert_allclose(training.get_xydata(), [(1, 2), (2, 1), (3, 2 / 3)])
    np.testing.assert_allclose(validation.get_xydata(), [(1, 1), (2, 1 / 2), (3, 1 / 3)])
    figure, _ = drawn(lambda: charts.learning_curves([{"epoch": 1, "loss": 2.0}]))
    assert [len(axis.lines) for axis in figure.axes] == [1, 0]


def test_a_confusion_matrix_shows_every_count():
    counts = np.arange(100).reshape(10, 10)
    figure = charts.confusion(counts, "all of them")
    assert {str(count) for count in range(1, 100)} | {"all of them"} <= set(words(figure))


def test_placements_are_named_with_their_share_and_interval():
    share = metrics.share(980, 1000)
    figure = charts.placements({"a.dat": {"small": share}, "b.dat": {"small": share}})
    assert words(figure).count("98.00 %") == 2 and {"small", "a.dat", "b.dat"} <= set(words(figure))
    [segment] = figure.axes[0].collections[0].get_segments()
    np.testing.assert_allclose(segment[:, 0], [100 * share.low, 100 * share.high])


def test_reliability_stands_where_the_scores_say():
    shown = hundred()
    figure = charts.reliability({"MNIST": shown})
    bins = metrics.reliability(shown.labels, shown.probabilities)
    used = bins.counts > 0
    _, curve = (line for line in figure.axes[0].lines if len(line.get_xdata()) > 1 and line.get_linestyle() != "None")
    np.testing.assert_allclose(curve.get_xydata(), np.stack([bins.confidence[used], bins.accuracy[used]], axis=1))
    assert f"MNIST: calibration error {metrics.calibration_error(shown.labels, shown.probabilities):.4f}" in words(
        figure
    )


def test_the_risk_is_marked_where_the_threshold_cuts():
    shown = answers([0, 0, 0, 0], [0, 0, 1, 1], [0.9, 0.8, 0.7, 0.6])
    figure = charts.risk_coverage({"MNIST": shown}, 0.7)
    curve, mark = figure.axes[0].lines
    np.testing.assert_allclose(curve.get_xdata(), [25, 50, 75, 100])
    np.testing.assert_allclose(mark.get_xydata(), [(75, 100 / 3)])
    assert f"MNIST: AURC {(1 / 3 + 1 / 2) / 4:.5f}" in words(figure)


def test_a_threshold_that_refuses_everything_marks_nothing():
    figure = charts.risk_coverage({"MNIST": hundred()}, 1.0)
    assert len(figure.axes[0].lines) == 1


# The sheets


@pytest.mark.parametrize(("count", "columns"), [(1, 5), (5, 5), (23, 5), (50, 10), (0, 5)])
def test_a_sheet_shows_every_grid_with_its_caption_in_whole_pixels(count, columns):
    captions = [f"number {n}" for n in range(count)]
    grids = np.random.default_rng(0).random((count, *grid.SHAPE), np.float32)
    figure, picture = drawn(lambda: charts.sheet(grids, captions, columns, "title"))
    assert len(figure.axes[0].images) == count
    assert set(words(figure)) == {"title", *captions}
    assert picture.width == columns * (28 * 6 + 24)
    if count:
        ink, area = np.asarray(picture.convert("L"), float) / 255, figure.axes[0].images[-1].get_extent()
        left, right, bottom, top = map(int, area)
        cells = ink[top:bottom, left:right].reshape(28, 6, 28, 6)[3:-3, :, 3:-3]  # the frame covers the rim
        assert np.ptp(cells, axis=(1, 3)).max() == 0
        assert np.corrcoef(cells[:, 0, :, 0].ravel(), grids[-1, 3:-3, 3:-3].ravel())[0, 1] < -0.99  # ink is dark


def test_mistakes_are_the_most_confident_ones_first():
    figure, _ = drawn(lambda: gallery.mistakes(hundred(wrong=3), 5, "title"))
    assert [said for said in words(figure) if "read as" in said] == [
        f"{label} read as {label + 1}\n{100 * sure:.1f} %"
        for label, sure in zip((2, 1, 0), np.linspace(0.5, 0.999, 100)[[2, 1, 0]], strict=True)
    ]


def test_no_more_than_fifty_mistakes_are_shown():
    figure = gallery.mistakes(hundred(wrong=80), 5, "title")
    assert len(figure.axes[0].images) == 50


def test_refused_are_the_least_confident_ones_first():
    shown = answers([1, 2, 3, 4], [1, 2, 7, 4], [0.9, 0.6, 0.5, 0.75])
    figure = gallery.refused(shown, 0.75, 5, "title")
    assert words(figure)[-2:] == ["3 as 7\n50.0 %", "2 as 2\n60.0 %"]


def test_what_is_accepted_says_what_it_is_where_it_has_a_name():
    shown = answers(["K", ""], [1, 0], [0.8, 1.0])
    figure = gallery.accepted(shown, 5, "title")
    assert words(figure)[-2:] == ["as 0\n99.9 %", "K as 1\n80.0 %"]  # never quite certain


def test_misread_numbers_are_shown_side_by_side_with_what_they_were_read_as():
    stroke = np.float32([(4, 4), (8, 24)])
    shown = [strokes.Drawing("11", [stroke, stroke + (20, 0)]), strokes.Drawing("111", [stroke] * 3)]
    read = numbers.Read(shown, ["17", "111"], np.ones(2)), numbers.Read(shown, ["11", ""], np.ones(2))
    figure, _ = drawn(lambda: gallery.misread_numbers({"tight": dict(zip("ab", read, strict=True))}, 4, "title"))
    assert words(figure)[1:] == ["11 read as 17\ntight, a", "111 read as nothing\ntight, b"]
    assert {image.get_array().shape for image in figure.axes[0].images} == {(28, 68, 3)}


def test_examples_mark_right_and_wrong_without_colour_too():
    figure = gallery.examples(hundred(), "title")
    assert len(figure.axes[0].images) == 25
    crosses = [n for n, said in enumerate(words(figure)[1:]) if said.startswith("✗")]
    assert sum(said.startswith("✓") for said in words(figure)) == 20 and len(crosses) == 5
    lines = [patch.get_linestyle() for patch in figure.axes[0].patches]
    assert [n for n, line in enumerate(lines) if line not in {"-", "solid"}] == crosses
    assert all("is a" in words(figure)[1:][n] for n in crosses)


@pytest.mark.parametrize("count", [1, 24])
def test_few_digits_are_shown_as_far_as_they_go(count):
    few = predictions.Answers(*(column[-count:] for column in hundred()))
    figure, _ = drawn(lambda: gallery.examples(few, "title"))
    assert len(figure.axes[0].images) == count
    drawn(lambda: gallery.chances(few, "title"))


def test_chances_mark_the_label_with_a_star():
    figure = gallery.chances(hundred(), "title")
    assert words(figure).count("★") == 6
    assert {"most confident: a 9", "confident mistake: a 7"} <= set(words(figure))


# The command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with one of every kind of file, and a model that reads all as sevens."""
    monkeypatch.setattr(engine, "load", lambda path: FakeModel())
    monkeypatch.setattr(numbers, "COUNT", 3)
    install(monkeypatch, FakeModel())
    seven = np.array([(0, -100), (60, -100), (20, 0)])
    unipen.write(tmp_path / DRAWN, [strokes.Drawing("7", [seven]), strokes.Drawing("2", [seven])])
    unipen.write(tmp_path / NUMBERS, [strokes.Drawing("7772", [seven + (90 * at, 0) for at in range(4)])])
    unipen.write(tmp_path / "letters.dat", [strokes.Drawing("K", [seven])] * 4)
    np.savez(tmp_path / "boots.npz", images=np.full((6, 28, 28), 51, np.uint8))
    fake_mnist.write(tmp_path / "mnist.npz")
    monkeypatch.chdir(tmp_path)
    return tmp_path


KINDS = {
    "training": ("training", ["--mnist", "mnist.npz"], 20),
    "pen-drawings": ("pen-drawings", ["--drawings", DRAWN], 16),
    "mistakes": ("mistakes", ["model.keras", "--strokes", DRAWN], 10),
    "refused": ("refused", ["model.keras", "--strokes", DRAWN], 10),
    "accepted drawings": ("accepted", ["model.keras", "--not-digits", "letters.dat"], 10),
    "accepted images": ("accepted", ["model.keras", "--not-digit-images", "boots.npz"], 10),
    "accepted": ("accepted", ["model.keras", "--not-digits", "letters.dat", "--not-digit-images", "boots.npz"], 10),
    "numbers": ("numbers", ["model.keras", "--strokes", DRAWN], 4),
    "recorded numbers": ("numbers", ["model.keras", "--numbers", NUMBERS], 4),
    "reliability": ("reliability", ["model.keras", "--strokes", DRAWN], 0),
    "reliability of both": ("reliability", ["model.keras", "--strokes", DRAWN, "--mnist", "mnist.npz"], 0),
    "risk": ("risk", ["model.keras", "--strokes", DRAWN, "--mnist", "mnist.npz"], 0),
}


def run(monkeypatch, kind, *arguments):
    monkeypatch.setattr("sys.argv", ["plots", kind, *arguments])
    return plots.main()


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_writes_a_picture(folder, monkeypatch, name):
    kind, arguments, columns = KINDS[name]
    assert run(monkeypatch, kind, "picture.png", *arguments) == 0
    picture = Image.open(folder / "picture.png")
    assert picture.format == "PNG"
    assert picture.width == (960 if columns == 0 else picture.width)
    assert picture.width >= 960 and picture.height >= 150
    assert np.asarray(picture.convert("L")).std() > 5  # something is on it


def test_recorded_numbers_that_are_misread_are_drawn_with_the_name_of_their_file(folder):
    args = plots.parse_arguments(["numbers", "x.png", "model.keras", "--numbers", str(folder / NUMBERS)])
    figure, _ = drawn(args.make(args))
    assert words(figure) == [
        "Recorded numbers, misread",
        *(f"7772 read as 7777\n{NUMBERS}, {way}" for way in ("strokes", "pictures")),
    ]


def test_what_is_shaped_like_a_digit_is_not_among_the_accepted(folder, monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(charts, "sheet", lambda grids, *_: shown.append(len(grids)) or charts._pixels(9, 9).figure)
    ring = np.array([(0, 0), (9, 9), (0, 18)])
    unipen.write(folder / "others.dat", [strokes.Drawing(label, [ring]) for label in "OKl+"])
    unipen.write(folder / "rings.dat", [strokes.Drawing("O", [ring])])
    assert run(monkeypatch, "accepted", "x.png", "model.keras", "--not-digits", "others.dat") == 0
    assert shown == [2]
    assert run(monkeypatch, "accepted", "x.png", "model.keras", "--not-digits", "rings.dat") == 1
    assert "shaped like digits" in capsys.readouterr().err


def test_every_kind_is_tried_here():
    assert {kind for kind, _, _ in KINDS.values()} == set(plots.KINDS)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing", "x.png"],
        ["risk", "x.pdf", "model.keras", "--strokes", "x"],
        ["accepted", "x.png", "model.keras"],
        ["risk", "x.png", "model.keras"],
        ["numbers", "x.png", "model.keras"],
        ["numbers", "x.png", "model.keras", "--strokes", "x", "--numbers", "x"],
    ],
)
def test_a_usage_error_exits_2(arguments):
    with pytest.raises(SystemExit) as end:
        plots.parse_arguments(arguments)
    assert end.value.code == 2


def test_what_cannot_be_read_or_written_is_one_sentence_and_exit_code_1(folder, monkeypatch, capsys):
    for picture, shown, blamed in (("x.png", "missing.dat", "missing.dat"), ("gone/x.png", DRAWN, "gone")):
        assert run(monkeypatch, "mistakes", picture, "model.keras", "--strokes", shown) == 1
        out, err = capsys.readouterr()
        assert not out and blamed in err and err.count("\n") == 1
    assert not (folder / "x.png").exists()
