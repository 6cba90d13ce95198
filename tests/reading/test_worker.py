"""The real worker with a real, small model: one process for most tests, for TensorFlow takes its time."""

import time

import numpy as np
import pytest

from digits import UserError
from digits.ink import grid
from digits.reading import engine, worker
from digits.reading.recogniser import Recogniser
from tests.support.fake_model import write_model

SECONDS = 60  # in which TensorFlow is loaded even on a slow machine


def hear(recogniser):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if said := recogniser.poll(time.monotonic()):
            return said
        recogniser.wait(0.05)
    raise AssertionError("it said nothing")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "model.keras"
    write_model(path)
    return path


@pytest.fixture(scope="module")
def recogniser(path):
    with Recogniser(path) as recogniser:
        yield recogniser


def half(left):
    ink = grid.empty()
    ink[:, :14] = left
    return ink


def test_it_answers_with_the_probabilities_of_the_model(recogniser):
    recogniser.ask(half(1))
    answer = hear(recogniser)
    assert answer.digit == 3 and answer.probabilities.sum() == pytest.approx(1, abs=1e-5)
    recogniser.ask(half(0))
    assert hear(recogniser).digit == 5


def test_why_is_what_the_ink_does_for_the_winner(recogniser):
    recogniser.ask(half(0.5), why=True)
    answer = hear(recogniser)
    assert answer.digit == 3
    assert answer.why.effects[:, :13].min() > 0 and not answer.why.effects[:, 15:].any()
    assert answer.why.sentence.endswith(".")


def test_why_stays_finite_where_the_answer_is_certain(recogniser):
    recogniser.ask(half(50), why=True)
    assert np.isfinite(hear(recogniser).why.effects).all()


def test_a_model_whose_layers_see_no_pictures_shows_none(recogniser):
    recogniser.ask(half(1), inside=True)
    answer = hear(recogniser)
    assert answer.inside == () and answer.why is None


def test_what_it_cannot_read_is_an_answer_and_not_its_end(recogniser):
    recogniser.ask(np.zeros((3, 3), np.float32))
    assert "could not read this drawing" in hear(recogniser).sentence
    recogniser.ask(half(1))
    assert hear(recogniser).digit == 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense"])
def test_a_file_that_is_no_model_is_said_to_be_none(tmp_path, capfd, content):
    path = tmp_path / "broken.keras"
    path.write_bytes(content)
    with Recogniser(path) as recogniser, pytest.raises(UserError, match=r"broken\.keras"):
        hear(recogniser)
    assert capfd.readouterr().err == ""


def test_a_model_of_another_shape_is_refused_in_silence(tmp_path, capfd):
    write_model(tmp_path / "eleven.keras", width=11)
    capfd.readouterr()
    with Recogniser(tmp_path / "eleven.keras") as recogniser, pytest.raises(UserError, match=r"eleven\.keras .*11"):
        hear(recogniser)
    assert capfd.readouterr().err == ""


def test_the_worker_that_loads_with_tensorflow_makes_the_form_that_the_next_one_loads(recogniser, path):
    recogniser.ask(half(1))
    before = hear(recogniser).probabilities
    end = time.monotonic() + SECONDS
    while not isinstance(engine.load(path), engine.LiteRT):
        assert time.monotonic() < end, "the model was never converted"
        time.sleep(0.2)
    with Recogniser(path) as another:
        another.ask(half(1))
        np.testing.assert_allclose(hear(another).probabilities, before, atol=1e-6)


class Connection:
    """Asks what it was given, and keeps what it is told."""

    def __init__(self, *questions):
        self.questions, self.told = [*questions], []

    def recv(self):
        if not self.questions:
            raise EOFError
        return self.questions.pop(0)

    def send(self, message):
        self.told.append(message)


class Unsound:
    """An engine whose numbers are no probabilities where there is ink."""

    def probabilities(self, grids):
        return engine.checked(np.where(grids.any(), np.nan, 0.1) * np.ones((len(grids), 10), np.float32))


def test_numbers_that_are_no_probabilities_are_a_sentence_and_not_the_end():
    sheets = (1, half(1), None, False, False), (2, half(0), None, True, True), (3, half(1), None, True, False)
    asked = Connection(*sheets)
    with pytest.raises(EOFError):
        worker.answer(asked, Unsound(), threshold=0.5)
    (kind, _, sentence), (other, *_), (last, *_) = asked.told
    assert (kind, other, last) == ("trouble", "answer", "trouble") and "no probabilities" in sentence
