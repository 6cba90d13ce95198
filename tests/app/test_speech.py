"""What is said aloud, and how: one voice at a time, and nobody waits for it."""

import threading

import numpy as np
import pytest

from digits.app import speech
from digits.reading.answer import Answer, Number, Place
from tests.support.drawings import SEVEN
from tests.support.sessions import do, draw, fake_desktop, new_session, probabilities, rest
from tests.support.written import read_number


class Voice:
    """Takes the place of a process that speaks."""

    def __init__(self, command, env, **_):
        self.command, self.words, self.is_ended = command, env["DIGITS_WORDS"], False
        spoken.append(self)
        said.release()

    def terminate(self):
        self.is_ended = True

    def wait(self, seconds):
        assert self.is_ended


def fail(*_, **__):
    said.release()
    raise OSError("gone")


spoken, said = [], threading.Semaphore(0)


@pytest.fixture
def system(monkeypatch):
    """Have a system of a name, with every program."""
    spoken.clear()
    monkeypatch.setattr("subprocess.Popen", Voice)
    monkeypatch.setattr("shutil.which", lambda name: name)
    return lambda name: monkeypatch.setattr("sys.platform", name)


def say(speaker, words):
    speaker.say(words)
    assert said.acquire(timeout=10)


@pytest.mark.parametrize(("name", "program"), [("linux", "spd-say"), ("darwin", "say")])
def test_the_systems_voice_gets_the_words_as_an_argument_of_their_own(system, name, program):
    system(name)
    say(speech.Speaker(), "7, 98 percent; rm -r")
    assert spoken[0].command == [program, "7, 98 percent; rm -r"]


def test_powershell_finds_the_words_in_its_environment(system):
    system("win32")
    say(speech.Speaker(), "7'); Remove-Item")
    assert spoken[0].words == "7'); Remove-Item" and "Remove-Item" not in " ".join(spoken[0].command)


def test_a_newer_answer_silences_the_older(system):
    system("darwin")
    speaker = speech.Speaker()
    say(speaker, "1")
    say(speaker, "2")
    assert [voice.is_ended for voice in spoken] == [True, False]


def test_where_nothing_can_speak_there_is_silence(system, monkeypatch):
    system("linux")
    monkeypatch.setattr("shutil.which", lambda name: None)
    speech.Speaker().say("7")
    assert not said.acquire(timeout=0.05)


def test_a_voice_that_cannot_be_started_is_no_obstacle(system, monkeypatch):
    system("linux")
    speaker = speech.Speaker()
    monkeypatch.setattr("subprocess.Popen", fail)
    say(speaker, "7")
    monkeypatch.setattr("subprocess.Popen", Voice)
    say(speaker, "8")
    assert [voice.words for voice in spoken] == ["8"]


def test_an_answer_is_said_as_people_say_it():
    assert speech.spoken(Answer(None, probabilities(7, 0.98))) == "7, 98 percent"
    assert speech.spoken(Answer(None, probabilities(7, 0.6))) == "7, or 1"
    assert speech.spoken(Answer(None, np.full(10, 0.1))) == "perhaps not a digit"


@pytest.mark.parametrize(("chance", "words"), [(0.98, "98 percent"), (0.6, "or minus 1234.7")])
def test_a_number_is_said_whole_and_no_program_takes_its_minus_for_an_option(chance, words):
    chances = probabilities(7, chance), *(probabilities(digit, 1.0) for digit in (2, 3, 4, 7))
    signs = "-", " ", "", "", "."
    places = tuple(Place((0, 0, 9, 9), Answer(None, some), sign) for some, sign in zip(chances, signs, strict=True))
    assert speech.spoken(Number(None, chances[0], places=places)) == f"minus 7234.7, {words}"


@pytest.mark.parametrize(
    ("text", "doubts", "words"),
    [
        ("304917", (1,), "3, perhaps 0, 4917"),
        ("42", (0,), "perhaps 4, 2"),
        ("50812", (1, 2, 4), "5, perhaps 08, 1, perhaps 2"),
        ("42", (0, 1), "perhaps 42"),
    ],
)
def test_of_a_number_with_doubtful_digits_the_others_are_said_too(text, doubts, words):
    assert speech.spoken(read_number(text, 168, dict.fromkeys(doubts, 0.3))) == words


def test_a_minus_before_a_doubtful_digit_is_said():
    chances = np.full(10, 0.1), probabilities(4, 0.99)
    places = tuple(Place((0, 0, 9, 9), Answer(None, some), sign) for some, sign in zip(chances, "-.", strict=True))
    assert speech.spoken(Number(None, chances[0], places=places)) == "perhaps minus 0, .4"


def test_an_answer_is_said_once_and_only_when_it_has_settled(recogniser, tmp_path):
    heard = []
    session = new_session(recogniser, tmp_path, desktop=fake_desktop(tmp_path, say=heard.append))
    draw(session, *SEVEN)
    assert heard == []
    rest(session, 1)
    do(session, "why", "why")
    assert heard == ["7, 98 percent"]
    draw(session, (3, 3), (4, 4))
    rest(session, 1)
    assert len(heard) == 2
