"""The measures: what is drawn for them, and that every figure stands where it belongs."""

import json

import fake_mnist
import numpy as np
import pytest

from digits import brush, evaluate, grid, modelfile, scores, strokes

ONE, SEVEN = np.array([(0, -100), (0, 0)]), np.array([(0, -100), (60, -100), (20, 0)])


class FakeModel:
    """Reads a grid as the digit that it was told to, and is as sure as it was told."""

    def __init__(self, answer=7, sure=0.9):
        self.answer, self.sure = answer, sure
        self.shown = []

    def count_params(self):
        return 1234

    def predict(self, grids, **_):
        self.shown.append(grids)
        probabilities = np.full((len(grids), 10), (1 - self.sure) / 9, np.float32)
        probabilities[:, self.answer] = self.sure
        return probabilities


@pytest.fixture
def model(monkeypatch):
    model = FakeModel()
    monkeypatch.setattr(modelfile, "check_source", lambda path: None)
    monkeypatch.setattr(modelfile, "load", lambda path: model)
    return model


@pytest.fixture
def recordings(tmp_path):
    path = tmp_path / "three.dat"
    digits = [strokes.Drawing("7", [SEVEN]), strokes.Drawing("1", [ONE]), strokes.Drawing("7", [SEVEN * 2])]
    strokes.write(path, digits)
    return path


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "letters.dat"
    strokes.write(path, [strokes.Drawing("K", [ONE, SEVEN])] * 4)
    return path


def measure(*arguments):
    return evaluate.measure(evaluate.parse_arguments(["model.keras", *map(str, arguments)]))


# The drawings


@pytest.mark.parametrize(("name", "height"), [("centred", 20), ("small", 12), ("large", 25.5)])
def test_a_digit_is_drawn_in_the_middle_as_high_as_the_measures_say(name, height):
    [ink] = evaluate.draw([strokes.Drawing("1", [ONE])], evaluate.PLACEMENTS[name])
    expected = grid.empty(1)
    brush.draw(expected, np.array([(14, 14 - height / 2, 14, 14 + height / 2)]))
    np.testing.assert_allclose(ink, expected[0], atol=1e-5)


def test_anywhere_is_everywhere_and_the_same_every_time():
    hundred = [strokes.Drawing("7", [SEVEN])] * 100
    first, second = (evaluate.draw(hundred, evaluate.PLACEMENTS["anywhere"]) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert len(np.unique(first.reshape(100, -1), axis=0)) == 100
    assert (first.max(axis=0) > 0.5).mean() > 0.7  # of all cells had ink once


def test_strokes_are_not_joined():
    apart = [np.array([(0, 0), (0, 100)]), np.array([(60, 0), (60, 100)])]
    [ink] = evaluate.draw([strokes.Drawing("11", apart)], evaluate.PLACEMENTS["centred"])
    assert ink[:, 13:15].max() == 0 and ink.max() == 1


# The figures


def test_every_file_is_measured_in_all_four_placements(model, recordings):
    drawn = measure("--strokes", recordings)["drawn"][str(recordings)]
    assert list(drawn) == ["centred", "small", "large", "anywhere"]
    for figures in drawn.values():
        assert figures["count"] == 3
        assert figures["accuracy"]["value"] == pytest.approx(2 / 3)
        assert figures["by digit"] == {"1": 0, "7": 1}
        assert figures["calibration error"] == pytest.approx(0.9 - 2 / 3, abs=1e-6)
        assert np.sum(figures["confusion matrix"]) == 3 and figures["confusion matrix"][1][7] == 1


def test_the_model_sees_the_very_grids_of_its_placements(model, recordings):
    measure("--strokes", recordings)
    for shown, placement in zip(model.shown, evaluate.PLACEMENTS.values(), strict=True):
        np.testing.assert_array_equal(shown[..., 0], evaluate.draw(strokes.read(recordings), placement))


def test_mnist_is_measured_on_its_test_images_as_they_are(model, tmp_path):
    path = fake_mnist.write(tmp_path / "mnist.npz")
    figures = measure("--mnist", path)["mnist"]
    arrays = fake_mnist.arrays()
    assert figures["count"] == 60
    assert figures["accuracy"]["value"] == pytest.approx((arrays["y_test"] == 7).mean())
    np.testing.assert_allclose(model.shown[0][..., 0], arrays["x_test"] / 255, atol=1e-6)


def test_a_model_as_sure_of_letters_as_of_digits_cannot_tell_them_apart(model, recordings, letters):
    model.sure = 0.95
    figures = measure("--strokes", recordings, "--not-digits", letters)["not digits"][str(letters)]
    assert figures == {"count": 4, "auroc": 0.5, "fpr95": 1, "above 90 %": 1}


def test_a_model_that_doubts_letters_tells_them_apart(model, recordings, letters, monkeypatch):
    def predict(grids, **how):
        model.sure = 0.3 if len(grids) == 4 else 0.9  # there are four letters
        return FakeModel.predict(model, grids, **how)

    monkeypatch.setattr(model, "predict", predict)
    figures = measure("--strokes", recordings, "--not-digits", letters)["not digits"][str(letters)]
    assert figures == {"count": 4, "auroc": 1, "fpr95": 0, "above 90 %": 0}


# The command


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["evaluate", "model.keras", *map(str, arguments)])
    return evaluate.main()


def test_json_holds_what_was_measured(model, recordings, letters, monkeypatch, capsys):
    assert run(monkeypatch, "--strokes", recordings, "--not-digits", letters, "--json") == 0
    assert json.loads(capsys.readouterr().out) == measure("--strokes", recordings, "--not-digits", letters)


def test_the_page_says_every_measure(model, recordings, letters, tmp_path, monkeypatch, capsys):
    images = fake_mnist.write(tmp_path / "mnist.npz")
    assert run(monkeypatch, "--mnist", images, "--strokes", recordings, "--not-digits", letters) == 0
    page = capsys.readouterr().out
    for words in ["1,234 parameters", "MNIST test", "three.dat", *evaluate.PLACEMENTS, "letters.dat", "AUROC", "FPR95"]:
        assert words in page
    assert str(scores.share(2, 3)) in page
    assert "1: 0.0  7: 100.0" in page


@pytest.mark.parametrize("arguments", [[], ["model.keras"], ["model.keras", "--not-digits", "x"], ["--strokes", "x"]])
def test_a_usage_error_exits_2(arguments):
    with pytest.raises(SystemExit) as end:
        evaluate.parse_arguments(arguments)
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
