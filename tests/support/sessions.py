"""A session without a network and without a window: its recogniser thinks nothing."""

import time

import numpy as np

from digits.app.desktop import Desktop
from digits.app.session import Session
from digits.app.settings import Settings
from digits.ink import grid
from digits.reading.answer import Answer, Layer, Reason

FRAME = 1 / 60  # s


def new_session(recogniser, folder, now=0.0, desktop=None, **given):
    """Return a session that saves drawings in a folder without asking, and is light whatever the desktop is."""
    desktop = desktop or fake_desktop(folder)
    return Session(recogniser, desktop, now, **{"settings": Settings(theme="light")} | given)


def fake_desktop(folder, **given):
    """Return a desktop whose clipboard is empty and takes text alone, and where people take what is suggested."""
    means = {"put_text": lambda text: True, "put_both": lambda ink, words: False}
    means["ask_where"] = lambda path: path
    return Desktop(**means | given, folder=folder)


def rest(session, seconds=FRAME):
    """Let time pass in frames, one at least."""
    for _ in range(max(1, round(seconds / FRAME))):
        session.tick(session.now + FRAME)
        session.update()


def do(session, *names):
    """Carry out commands, a frame for each."""
    for name in names:
        session.do(name)
        rest(session)


def draw(session, *path):
    """Draw along positions in cells, a frame for each."""
    session.sheet.begin(path[0])
    rest(session)
    for cells in path[1:]:
        session.sheet.extend(cells)
        rest(session)
    session.sheet.end()


def wait_for_task(session):
    """Let time pass until nothing is under way in the background."""
    end = time.monotonic() + 20
    while any(map(session._tasks.is_running, ("open", "import", "save", "copy"))) and time.monotonic() < end:
        time.sleep(0.002)
        rest(session)


class FakeRecogniser:
    """Gives the answer that it was told to give; to `hold` it back, clear `is_prompt`."""

    def __init__(self):
        self.is_ready = True
        self.is_prompt = True
        self.has_stopped = False
        self.trouble = ""
        self.digit, self.probability = 7, 0.98
        self.asked = []  # (ink, paths, why, inside) of every question
        self.say = None  # what the next poll returns, whatever was asked
        self._waiting = None

    @property
    def is_thinking(self):
        return self._waiting is not None

    def ask(self, ink, paths=None, why=False, inside=False):
        self._waiting = (ink, paths, why, inside)
        self.asked.append(self._waiting)

    def forget(self):
        self._waiting = None

    def wait(self, seconds):
        self.waited = seconds

    def use(self, path):
        self.used = path

    def restart(self):
        self.has_stopped, self.is_ready, self.trouble = False, False, ""

    def poll(self, now):
        if self.say:
            said, self.say = self.say, None
            return said
        if not (self._waiting and self.is_ready and self.is_prompt) or self.has_stopped:
            return None
        (ink, _, why, inside), self._waiting = self._waiting, None
        given = {"why": reason(ink) if why else None, "inside": (Layer(ink[None]),) if inside else None}
        return Answer(ink, probabilities(self.digit, self.probability), **given)


def probabilities(digit, probability, second=1):
    """Return ten probabilities with a winner, and a runner-up that has nearly all of the rest."""
    rest = 1 - probability
    chances = np.full(grid.CLASSES, 0.1 * rest / 8, np.float32)
    chances[[digit, second]] = probability, 0.9 * rest
    return chances


def reason(ink):
    """Return a reason: the upper ink speaks for the answer, the lower against it, and the uppermost is outlined."""
    upwards = np.linspace(2, -2, len(ink), dtype=np.float32)[:, None]
    top = np.flatnonzero(ink.any(axis=1))[:1]
    place = (ink > 0.25) & (np.arange(len(ink)) < top + 4)[:, None]
    return Reason(np.where(ink > 0, upwards, 0), "Without the upper piece it would be a 1.", place)
