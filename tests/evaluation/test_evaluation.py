"""The measures: what is drawn for them, and that every figure stands where it belongs."""

import json
from pathlib import Path

import numpy as np
import pytest

from digits import UserError
from digits.data import mnist
from digits.evaluation import __main__ as command
from digits.evaluation import charts, metrics, summary, testsets
from digits.files import unipen
from digits.ink import brush, grid, strokes
from tests.support import fake_mnist
from tests.support.fake_model import THRESHOLD, FakeModel, install
from tests.support.sketches import sketches

ONE, SEVEN = np.array([(0, -100), (0, 0)]), np.array([(0, -100), (60, -100), (20, 0)])


@pytest.fixture
def model(monkeypatch):
    return install(monkeypatch, FakeModel())


@pytest.fixture
def recordings(tmp_path):
    path = tmp_path / "three.dat"
    digits = [strokes.Drawing("7", [SEVEN]), strokes.Drawing("1", [ONE]), strokes.Drawing("7", [SEVEN * 2])]
    unipen.write(path, digits)
    return path


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "letters.dat"
    unipen.write(path, [strokes.Drawing("K", [ONE, SEVEN])] * 4)
    return path


@pytest.fixture
def pictures(tmp_path):
    path = tmp_path / "boots.npz"
    np.savez(path, images=np.full((6, 28, 28), 51, np.uint8))
    return path


def measure(*arguments):
    return summary.as_data(command.measure(command.parse_arguments(["model.keras", *map(str, arguments)])))


# The drawings


@pytest.mark.parametrize(("name", "height"), [("centred", 20), ("small", 12), ("large", 25.5)])
def test_a_digit_is_drawn_in_the_middle_as_high_as_the_measures_say(name, height):
    [ink] = strokes.draw([strokes.Drawing("1", [ONE])], testsets.PLACEMENTS[name])
    expected = grid.empty(1)
    brush.draw(expected, np.array([(14, 14 - height / 2, 14, 14 + height / 2)]))
    np.testing.assert_allclose(ink, expected[0], atol=1e-5)


def test_anywhere_is_everywhere_and_the_same_every_time():
    hundred = [strokes.Drawing("7", [SEVEN])] * 100
    first, second = (strokes.draw(hundred, testsets.PLACEMENTS["anywhere"]) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert len(np.unique(first.reshape(100, -1), axis=0)) == 100
    assert (first.max(axis=0) > 0.5).mean() > 0.7  # of all cells had ink once


def test_strokes_are_not_joined():
    apart = [np.array([(0, 0), (0, 100)]), np.array([(60, 0), (60, 100)])]
    [ink] = strokes.draw([strokes.Drawing("11", apart)], testsets.PLACEMENTS["centred"])
    assert ink[:, 13:15].max() == 0 and ink.max() == 1


# The figures


def test_every_file_is_measured_in_all_four_placements(model, recordings):
    drawn = measure("--strokes", recordings)["drawn"][str(recordings)]
    assert list(drawn) == ["centred", "small", "large", "anywhere"]
    for measured in drawn.values():
        assert measured["count"] == 3
        assert measured["accuracy"]["value"] == pytest.approx(2 / 3)
        assert measured["by digit"] == {"1": 0, "7": 1}
        assert measured["calibration error"] == pytest.approx(0.9 - 2 / 3, abs=1e-6)
        assert np.sum(measured["confusion matrix"]) == 3 and measured["confusion matrix"][1][7] == 1


def test_more_than_fits_into_memory_is_refused_before_it_is_drawn(model, recordings, letters, monkeypatch):
    monkeypatch.setattr(testsets, "_MOST_SHEETS", 4 * 3 + 4)
    assert measure("--strokes", recordings, "--not-digits", letters)
    monkeypatch.setattr(testsets, "_MOST_SHEETS", 4 * 3 + 3)
    with pytest.raises(UserError, match="make 16 sheets, at most 15"):
        measure("--strokes", recordings, "--not-digits", letters)


def test_the_model_sees_the_very_grids_of_its_placements(model, recordings):
    measure("--strokes", recordings)
    for shown, placement in zip(model.shown, testsets.PLACEMENTS.values(), strict=False):
        np.testing.assert_array_equal(shown[..., 0], strokes.draw(unipen.read(recordings), placement))


def test_mnist_is_measured_on_its_test_images_as_they_are(model, tmp_path):
    path = fake_mnist.write(tmp_path / "mnist.npz")
    figures = measure("--mnist", path)["mnist"]
    arrays = fake_mnist.arrays()
    assert figures["count"] == 60
    assert figures["accuracy"]["value"] == pytest.approx((arrays["y_test"] == 7).mean())
    np.testing.assert_allclose(model.shown[0][..., 0], arrays["x_test"] / 255, atol=1e-6)


def test_digits_below_the_models_own_threshold_are_refused_whatever_they_are_read_as(model, recordings, tmp_path):
    images = fake_mnist.write(tmp_path / "mnist.npz")
    for sure, refused in ((0.76, 0), (0.74, 1)):
        model.sure = sure
        data = measure("--strokes", recordings, "--mnist", images)
        [drawn] = data["drawn"].values()
        for measured in (data["mnist"], *drawn.values()):
            assert measured["refused"]["value"] == refused
        assert data["threshold"] == THRESHOLD


def test_a_model_as_sure_of_letters_as_of_digits_cannot_tell_them_apart(model, recordings, letters):
    model.sure = 0.95
    measured = measure("--strokes", recordings, "--not-digits", letters)["not digits"][str(letters)]
    assert measured["refused"]["value"] == 0
    assert measured["by label"] == {"K": {"count": 4, "accepted": 4}}
    assert {name: measured[name] for name in ("count", "auroc", "fpr95", "above 90 %")} == {
        "count": 4,
        "auroc": 0.5,
        "fpr95": 1,
        "above 90 %": 1,
    }


def doubting(model, count):
    """Return a way to predict that doubts whatever comes in so many grids."""

    def predict(grids, **how):
        model.sure = 0.3 if len(grids) == count else 0.9
        return FakeModel.predict(model, grids, **how)

    return predict


def test_a_model_that_doubts_letters_tells_them_apart(model, recordings, letters, monkeypatch):
    monkeypatch.setattr(model, "predict", doubting(model, 4))  # there are four letters
    measured = measure("--strokes", recordings, "--not-digits", letters)["not digits"][str(letters)]
    assert (measured["auroc"], measured["fpr95"], measured["above 90 %"]) == (1, 0, 0)
    assert measured["refused"]["value"] == 1
    assert measured["by label"] == {"K": {"count": 4, "accepted": 0}}


def test_letters_symbols_and_what_is_shaped_like_digits_are_measured_apart(model, recordings, tmp_path):
    path = tmp_path / "others.dat"
    unipen.write(path, [strokes.Drawing(label, [SEVEN]) for label in "KwéOl+&?|7"])
    data = measure("--strokes", recordings, "--not-digits", path)
    kinds = data["not digits by kind"]
    assert {kind: set(figures["by label"]) for kind, figures in kinds.items()} == {
        "letters": set("Kwé"),
        "symbols": set("+&?"),
        "shaped like digits": set("Ol|7"),
    }
    for figures in kinds.values():
        assert figures.keys() == data["not digits"][str(path)].keys()


def test_a_kind_sums_up_all_files_and_is_missing_where_there_is_none_of_it(model, recordings, letters, tmp_path):
    more = tmp_path / "more.dat"
    unipen.write(more, [strokes.Drawing("M", [SEVEN])] * 3)
    [(kind, figures)] = measure("--strokes", recordings, "--not-digits", letters, more)["not digits by kind"].items()
    assert (kind, figures["count"]) == ("letters", 7)


def test_images_of_other_things_are_shown_as_they_are_and_told_from_digits(
    model, recordings, pictures, tmp_path, monkeypatch
):
    monkeypatch.setattr(model, "predict", doubting(model, 6))  # there are six boots
    images = fake_mnist.write(tmp_path / "mnist.npz")
    for digits in (["--strokes", recordings], ["--mnist", images]):
        measured = measure(*digits, "--not-digit-images", pictures)["not digit images"][str(pictures)]
        assert (measured["count"], measured["auroc"], measured["fpr95"]) == (6, 1, 0)
        assert measured["by label"] == {}
    [boots] = [shown for shown in model.shown[-6:] if len(shown) == 6]
    np.testing.assert_allclose(boots, 0.2)


def test_images_are_compared_with_images_where_there_are_some(model, recordings, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(model, "predict", doubting(model, 3))  # the three recordings
    images = fake_mnist.write(tmp_path / "mnist.npz")
    alone = measure("--strokes", recordings, "--not-digit-images", pictures)
    both = measure("--strokes", recordings, "--mnist", images, "--not-digit-images", pictures)
    assert alone["not digit images"][str(pictures)]["auroc"] == 0
    assert both["not digit images"][str(pictures)]["auroc"] == 0.5


@pytest.mark.parametrize(("sure", "refused"), [(0.74, 1), (0.76, 0)])
def test_what_nobody_drew_is_checked_without_a_file(model, recordings, sure, refused):
    model.sure = sure
    checks = measure("--strokes", recordings)["checks"]
    assert list(checks) == ["uniform noise", "empty sheet", "one dot", "full sheet"]
    for check in checks.values():
        assert check["refused"]["value"] == refused
        assert check["highest confidence"] == pytest.approx(sure)


def test_noise_is_noise_a_dot_is_small_and_sheets_are_bare_or_full():
    shown, again = testsets.checks(), testsets.checks()
    assert 0.49 < shown["uniform noise"].mean() < 0.51 and len(shown["uniform noise"]) >= 100
    assert not shown["empty sheet"].any() and (shown["full sheet"] == 1).all()
    inked = (shown["one dot"] > 0).sum((1, 2))
    assert inked.min() >= 1 and inked.max() <= 16
    assert len(np.unique(shown["one dot"].reshape(len(inked), -1), axis=0)) > 100
    for name, grids in shown.items():
        np.testing.assert_array_equal(grids, again[name])
        assert grids.dtype == np.float32 and grids.min() >= 0 and grids.max() <= 1


def test_with_no_file_mnist_and_the_drawings_held_out_of_training_are_measured(model, tmp_path, monkeypatch):
    images = mnist.load(fake_mnist.write(tmp_path / "mnist.npz"))
    monkeypatch.setattr(mnist, "load", lambda path=None: images)
    data = measure()
    assert data["mnist"]["count"] == 60
    [(name, placements)] = data["drawn"].items()
    assert name == testsets.HELD_OUT and placements["anywhere"]["count"] >= 20


def test_without_a_network_connection_what_is_built_in_is_measured_alone(model, monkeypatch, capsys):
    def fail(path=None):
        raise mnist.DownloadError("MNIST could not be downloaded (no route).")

    monkeypatch.setattr(mnist, "load", fail)
    assert run(monkeypatch) == 0
    out, err = capsys.readouterr()
    assert testsets.HELD_OUT in out and "n 20" in out and "MNIST test" not in out
    assert "no route" in err and "built in is measured alone" in err


@pytest.mark.parametrize("answer", [np.nan, -3.0, 7.0])
def test_answers_that_are_no_probabilities_are_a_sentence(model, recordings, monkeypatch, capsys, answer):
    monkeypatch.setattr(model, "predict", lambda grids, **_: np.full((len(grids), 10), answer))
    assert run(monkeypatch, "--strokes", recordings) == 1
    out, err = capsys.readouterr()
    assert not out and "no probabilities" in err and err.count("\n") == 1


# Who wrote it


def write_tree(folder, writers, without_ink=0):
    """Write a folder as UNIPEN's: a file for each writer, whose digits are as labelled and all drawn as sevens."""
    (folder / "include").mkdir(parents=True)
    for writer, labels in writers.items():
        ink = "".join(".PEN_DOWN\n 0 100\n 60 100\n 20 0\n.PEN_UP\n" for _ in labels)
        (folder / "include" / f"{writer}.dat").write_text(ink)
        segments = "".join(f'.SEGMENT DIGIT {n} ? "{label}"\n' for n, label in enumerate(labels + "7" * without_ink))
        (folder / f"{writer}.dat").write_text(f".INCLUDE {writer}.dat\n{segments}")
    return folder


def test_every_writer_counts_alike_and_the_worst_tenth_is_told(model, tmp_path):
    folder = write_tree(tmp_path / "val", {"ann": "7" * 10, "bob": "77", "cy": "1777"})
    by_writer = measure("--strokes", folder)["drawn"][str(folder)]["anywhere"]["by writer"]
    assert (by_writer["count"], by_writer["digits"]) == (3, {"fewest": 2, "most": 10})
    assert by_writer["accuracy"] == {"median": 1, "worst tenth": 0.75}
    assert by_writer["refused"] == {"median": 0, "worst tenth": 0}
    (worst, counts), *_ = by_writer["each"].items()
    assert worst.endswith("/cy") and counts == {"count": 4, "right": 3, "refused": 0}


def test_refusals_are_told_by_writer_too(model, tmp_path):
    model.sure = THRESHOLD - 0.01
    folder = write_tree(tmp_path / "val", {"ann": "77", "bob": "1"})
    by_writer = measure("--strokes", folder)["drawn"][str(folder)]["small"]["by writer"]
    assert by_writer["refused"] == {"median": 1, "worst tenth": 1}
    assert [counts["refused"] for counts in by_writer["each"].values()] == [1, 2]


def test_digits_that_name_no_writer_are_in_no_writers_figures(model, recordings):
    for figures in measure("--strokes", recordings)["drawn"][str(recordings)].values():
        assert "by writer" not in figures


def test_several_files_are_measured_together_too_and_writers_of_one_name_stay_two(model, recordings, tmp_path):
    folders = [write_tree(tmp_path / name, {"ann": labels}) for name, labels in (("val", "71"), ("aga", "7777"))]
    for folder in folders:
        (folder / "include" / folder.name).mkdir()
        (folder / "include" / "ann.dat").rename(folder / "include" / folder.name / "ann.dat")
        text = (folder / "ann.dat").read_text()
        (folder / "ann.dat").write_text(text.replace("ann.dat", f"{folder.name}/ann.dat"))
    drawn = measure("--strokes", *folders, recordings)["drawn"]
    assert list(drawn) == [*map(str, folders), str(recordings), summary.TOGETHER]
    together = drawn[summary.TOGETHER]["anywhere"]
    assert (together["count"], together["accuracy"]["value"]) == (9, pytest.approx(7 / 9))
    assert list(together["by writer"]["each"]) == ["val/ann", "aga/ann"]  # the worst first


def test_drawings_without_their_ink_are_counted_once_for_each_path(model, letters, tmp_path, monkeypatch, capsys):
    folder = write_tree(tmp_path / "val", {"ann": "777", "bob": "7"}, without_ink=2)
    assert run(monkeypatch, "--strokes", folder, "--not-digits", folder, letters) == 0
    out, err = capsys.readouterr()
    assert err == f"{folder}: 4 drawings lack their ink and are left out.\n" and "ink" not in out


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/val", "b/aga"], ["val", "aga"]),
        (["1b/val", "1c/val", "1c/aga"], ["1b/val", "1c/val", "1c/aga"]),
        (["/1b/val", "1b/val"], ["/1b/val", "1b/val"]),
        ([], []),
    ],
)
def test_a_path_is_called_by_as_few_of_its_last_parts_as_tell_it_apart(paths, names):
    assert [Path(name) for name in summary.short_names(paths).values()] == [Path(name) for name in names]


# The brush


@pytest.mark.parametrize("radius", [brush.THINNEST, brush.THICKEST])
def test_recordings_are_drawn_with_the_brush_that_was_asked_for(model, recordings, letters, radius):
    data = measure("--strokes", recordings, "--not-digits", letters, "--brush", radius)
    assert data["brush radius"] == radius
    drawn = unipen.read(recordings)
    expected = [strokes.draw(drawn, placement, radius) for placement in testsets.PLACEMENTS.values()]
    expected.append(strokes.draw(unipen.read(letters), testsets.OFF_CENTRE, radius))
    for shown, grids in zip(model.shown, expected, strict=False):
        np.testing.assert_array_equal(shown[..., 0], grids)


@pytest.mark.parametrize("radius", ["0.4", "3.1", "nan", "thick", "-1"])
def test_a_brush_that_the_window_has_not_is_a_usage_error(capsys, radius):
    with pytest.raises(SystemExit) as end:
        command.parse_arguments(["model.keras", "--brush", radius])
    assert end.value.code == 2
    assert "cells" in capsys.readouterr().err.splitlines()[-1]


# The command


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["evaluate", "model.keras", *map(str, arguments)])
    return command.main()


def test_json_holds_what_was_measured(model, recordings, letters, monkeypatch, capsys):
    assert run(monkeypatch, "--strokes", recordings, "--not-digits", letters, "--json") == 0
    assert json.loads(capsys.readouterr().out) == measure("--strokes", recordings, "--not-digits", letters)


def test_the_page_says_every_measure(model, recordings, letters, pictures, tmp_path, monkeypatch, capsys):
    images = fake_mnist.write(tmp_path / "mnist.npz")
    others = ["--not-digits", letters, "--not-digit-images", pictures]
    assert run(monkeypatch, "--mnist", images, "--strokes", recordings, *others) == 0
    page = capsys.readouterr().out
    measures = ["AUROC", "FPR95", "refused 0.00 %", "K 4 of 4", "uniform noise", "one dot", "below 75.0 %"]
    for words in [
        "1,234 parameters",
        "MNIST test",
        "three.dat",
        *testsets.PLACEMENTS,
        "letters.dat",
        "boots",
        "brush of radius 1.00 cells",
        *measures,
    ]:
        assert words in page, words
    assert str(metrics.share(2, 3)) in page
    assert "1: 0.0  7: 100.0" in page


@pytest.mark.parametrize("arguments", [[], ["model.keras", "--not-digits", "x"], ["--strokes", "x"]])
def test_a_usage_error_exits_2(arguments):
    with pytest.raises(SystemExit) as end:
        command.parse_arguments(arguments)
    assert end.value.code == 2


def test_what_cannot_be_measured_is_one_sentence_and_exit_code_1(model, tmp_path, letters, monkeypatch, capsys):
    for path in (tmp_path / "missing.dat", letters):  # and letters are no digits
        assert run(monkeypatch, "--strokes", path) == 1
        out, err = capsys.readouterr()
        assert not out and str(path) in err and err.count("\n") == 1


def test_a_missing_model_is_one_sentence_and_exit_code_1(recordings, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "--strokes", recordings) == 1
    assert "model.keras: there is no such file" in capsys.readouterr().err


def test_ctrl_c_is_exit_code_130(model, recordings, monkeypatch):
    def predict(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(model, "predict", predict)
    assert run(monkeypatch, "--strokes", recordings) == 130


def test_the_page_of_text_tells_writers_and_all_files_together(model, recordings, tmp_path, monkeypatch, capsys):
    folder = write_tree(tmp_path / "val", {"ann": "7777", "bob": "77", "cy": "1777"})
    assert run(monkeypatch, "--strokes", folder, recordings) == 0
    text = " ".join(capsys.readouterr().out.split())
    for words in ("3 writers of 2 to 4 digits", "right median 100.00 % worst tenth 75.00 %", "cy.dat/cy 3 of 4"):
        assert words in text
    assert f"{summary.TOGETHER}, drawn" in text and text.count("by digit") == 1


def test_a_report_is_written_where_it_was_asked_for(model, recordings, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(charts, "png", sketches())
    folder = tmp_path / "report"
    assert run(monkeypatch, "--strokes", recordings, "--json", "--report", folder) == 0
    out, err = capsys.readouterr()
    assert json.loads((folder / "figures.json").read_text()) == json.loads(out)
    assert str(folder / "report.html") in err and err.count("\n") == 1


def test_a_report_that_could_not_be_written_is_a_sentence_before_anything_is_measured(
    model, recordings, monkeypatch, capsys
):
    for folder in (recordings, recordings.parent / "missing" / "report"):
        assert run(monkeypatch, "--strokes", recordings, "--report", folder) == 1
        out, err = capsys.readouterr()
        assert not out and str(folder) in err and err.count("\n") == 1
    assert not model.shown
