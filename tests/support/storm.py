"""The window under fire: python -m tests.support.storm --events 1000000 --seed 0, or --hours 8.

The real window, on a display that nobody sees, gets random events without sense or mercy (--events), or lives through
hours of quiet use in simulated time (--hours): drawing, erasing, undoing, resting. A recogniser without a network is
slow, fails, falls and stands up again. Whatever is raised is counted, and the memory is looked at as time goes by.
"""

import argparse
import contextlib
import gc
import math
import os
import random
import re
import sys
import tempfile
import threading
import time
import traceback
import warnings
from pathlib import Path

os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"  # before pygame is imported
import pygame

from digits import command_line
from digits.reading.answer import Trouble
from digits.window.display import Window
from digits.window.keyboard import ARROWS, CODES
from digits.window.loop import ACTIVE, IDLE, Loop
from tests.support.hands import Hands
from tests.support.sessions import FakeRecogniser, new_session

SIZE = (960, 640)
WILD = (0, -1, 2**31 - 1, -(2**31))  # coordinates that a broken driver may send
KEYS = [*(code for codes in CODES.values() for code in codes), *ARROWS, pygame.K_SPACE]
KEYS += [*map(ord, "acelstwyz123"), 0x40000050, 0x3FF, 0]
MODS = (0, 0, pygame.KMOD_LSHIFT, pygame.KMOD_LCTRL, pygame.KMOD_LMETA, pygame.KMOD_ALT)
SYMBOLS = ("", "", "?", "[", "]", "x", "\x1a", "\x00", "\udcff", "\u0663", "\U0001f600")
NAMES = ("", ".", "/nowhere.png", __file__, "\x00", "\udcff.png", "a\nb", "\u202e\u200d\u0301", "x" * 5000, "/dev/zero")
FINGERS = (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP)
OF_THE_WINDOW = [getattr(pygame, name) for name in dir(pygame) if re.fullmatch("WINDOW(?!CLOSE)[A-Z]+", name)]
STATES = ("loads", "answers", "holds back", "fails", "falls", "stops")  # of the recogniser


def happening(random: random.Random) -> tuple:
    """Return one thing that may happen: the kind of an event and what it tells, or a word and what belongs to it."""
    kinds = list(KINDS)
    kind = random.choices(kinds, [KINDS[kind] for kind in kinds])[0]
    return kind(random)


def _mouse(random):
    kind = random.choice([pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION, pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP])
    facts = {"pos": _point(random), "rel": (0, 0), "touch": random.random() < 0.1}
    if kind == pygame.MOUSEMOTION:
        return kind, facts | {"buttons": (1, 0, 0)}
    return kind, facts | {"button": random.choice([1, 1, 1, 3, 2, 4, 5, 9])}


def _point(random):
    if random.random() < 0.02:
        return random.choice(WILD), random.choice(WILD)
    return random.randint(-50, 1000), random.randint(-50, 700)


def _wheel(random):
    return pygame.MOUSEWHEEL, {"x": 0, "y": random.randint(-3, 3)}


def _finger(random):
    x, y = (random.choice([-math.inf, math.inf, 1e9]) if random.random() < 0.01 else random.uniform(-0.5, 1.5)
            for _ in "xy")  # fmt: skip
    return random.choice(FINGERS), {"touch_id": 1, "finger_id": random.randint(0, 2), "x": x, "y": y}


def _key(random):
    facts = {"key": random.choice(KEYS), "mod": random.choice(MODS)}
    if random.random() < 0.4:
        return pygame.KEYUP, facts | {"unicode": ""}
    return pygame.KEYDOWN, facts | {"unicode": random.choice(SYMBOLS)}


def _text(random):
    return random.choice([pygame.TEXTINPUT, pygame.TEXTEDITING]), {"text": random.choice(SYMBOLS), "start": 0}


def _drop(random):
    kind = random.choice([pygame.DROPFILE, pygame.DROPFILE, pygame.DROPTEXT, pygame.DROPBEGIN, pygame.DROPCOMPLETE])
    name = random.choice(NAMES)
    return kind, {"file": name} if kind == pygame.DROPFILE else {"text": name}


def _of_the_window(random):
    return random.choice(OF_THE_WINDOW), {}


def _stray(random):
    return random.choice([pygame.ACTIVEEVENT, pygame.VIDEORESIZE, pygame.VIDEOEXPOSE, pygame.USEREVENT]), {
        "size": (1, 1), "w": 1, "h": 1, "gain": 0, "state": 0,
    }  # fmt: skip


def _resize(random):
    return "resize", tuple(random.choice([1, most, random.randint(1, most)]) for most in (1200, 900))


def _state(random):
    return "recogniser", random.choice(STATES)


def _quit(random):
    if random.random() < 0.5:
        return random.choice([pygame.QUIT, pygame.WINDOWCLOSE]), {}
    return pygame.KEYDOWN, {"key": pygame.K_q, "mod": pygame.KMOD_LCTRL, "unicode": "\x11"}


KINDS = {  # how often each happens
    _mouse: 5000,
    _wheel: 200,
    _finger: 2000,
    _key: 2000,
    _text: 100,
    _drop: 50,
    _of_the_window: 200,
    _stray: 100,
    _resize: 15,
    _state: 100,
    _quit: 1,
}


def happen(hands: Hands, recogniser: FakeRecogniser, kind, facts) -> None:
    """Let it happen; an event is posted, and acts when the loop looks next."""
    if kind == "resize":
        hands.loop.window.resize(facts)
    elif kind == "recogniser":
        turn(recogniser, facts)
    else:
        pygame.event.post(pygame.event.Event(kind, facts))


def turn(recogniser: FakeRecogniser, state: str) -> None:
    """Bring a recogniser into a state."""
    if state == "fails":
        recogniser.say = Trouble("No: \x00\udcff\n" + 30 * "reasons ")
        return
    recogniser.has_stopped = state == "stops"
    recogniser.is_ready = state in ("answers", "holds back")
    recogniser.is_prompt = state != "holds back"
    recogniser.trouble = f"It {state}." if state in ("falls", "stops") else ""


class Storm:
    """Windows without end: where one is closed or broken, another begins."""

    def __init__(self, seed: int, folder: Path):
        self.random = random.Random(seed)
        self.events = self.frames = self.windows = 0
        self.exceptions = []
        self.acts = 0  # that could be undone at most
        self.now = 0.0
        self._folder = folder
        self._window = Window(SIZE)
        threading.excepthook = lambda facts: self.exceptions.append(str(facts.exc_value))
        self._begin()

    def _begin(self):
        for path in self._folder.iterdir():
            path.unlink(missing_ok=True)  # a picture may be renamed while it is written
        pygame.event.clear()
        if self._window.is_fullscreen:
            self._window.toggle_fullscreen()
        self.recogniser = FakeRecogniser()
        self.recogniser.is_ready = False
        self.session = new_session(self.recogniser, self._folder, self.now)
        self.hands = Hands(Loop(self.session, self._window))
        self.windows += 1

    def happen(self, kind, facts) -> None:
        """Let something happen before the next frame."""
        happen(self.hands, self.recogniser, kind, facts)
        self.events += 1

    def frame(self, seconds: float) -> None:
        """Let time pass and the loop look; what it raises is kept, and another one takes its place."""
        self.now += seconds
        self.recogniser.asked.clear()
        try:
            self.hands.loop.interact(self.now)
            self.frames += self.hands.loop.draw()
        except Exception:
            self.exceptions.append(traceback.format_exc())
            self._begin()
        self.acts = max(self.acts, self._acts_kept())
        if not self.session.is_open:
            self._begin()

    def close(self) -> None:
        """Close the last window."""
        self._window.close()

    def _acts_kept(self):
        sheet = self.session.sheet
        return len(sheet._acts) + len(sheet._undone)

    def rage(self) -> None:
        """Let a burst of random things happen, and look."""
        for _ in range(self.random.randint(1, 30)):
            self.happen(*happening(self.random))
        self.frame(self.random.choice([0, ACTIVE, IDLE, 1.0]))

    def live(self) -> None:
        """Do something that people do, for seconds or minutes."""
        turn(self.recogniser, self.random.choices(STATES, [1, 30, 2, 1, 1, 0])[0])
        doings = {self._rest: 2, self._draw: 4, self._use_key: 3, self._resize: 0.1}
        self.random.choices(list(doings), list(doings.values()))[0]()

    def _rest(self):
        for _ in range(round(self.random.uniform(1, 60) / IDLE)):
            self.frame(IDLE)

    def _draw(self):
        """Draw a few strokes, as a mouse of 125 Hz tells them."""
        layout = self.hands.loop.layout
        for _ in range(self.random.randint(1, 3)):
            at, way = [self.random.uniform(2, 26) for _ in "xy"], self.random.uniform(0, 6)
            self._tell(pygame.MOUSEBUTTONDOWN, layout.pixel_of(at))
            for move in range(self.random.randint(10, 120)):
                way += self.random.gauss(0, 0.3)
                at = [at[0] + 0.25 * math.cos(way), at[1] + 0.25 * math.sin(way)]
                self._tell(pygame.MOUSEMOTION, layout.pixel_of(at))
                if move % 3 == 0:
                    self.frame(0.024)
            self._tell(pygame.MOUSEBUTTONUP, layout.pixel_of(at))
            self.frame(0.3)

    def _tell(self, kind, pixel):
        scale = self.hands.loop.layout.scale
        facts = {"pos": (pixel[0] / scale, pixel[1] / scale), "button": self.random.choice([1, 1, 1, 3])}
        self.happen(kind, facts | {"buttons": (1, 0, 0), "rel": (0, 0)})

    def _use_key(self):
        key, mod = self.random.choice(
            [(pygame.K_z, pygame.KMOD_LCTRL), (pygame.K_y, pygame.KMOD_LCTRL)]
            + [(code, 0) for code in (pygame.K_DELETE, pygame.K_t, pygame.K_w, pygame.K_e, pygame.K_l, pygame.K_TAB)]
        )
        self.happen(pygame.KEYDOWN, {"key": key, "mod": mod, "unicode": ""})
        self.happen(pygame.KEYUP, {"key": key, "mod": mod, "unicode": ""})
        self.frame(1.0)

    def _resize(self):
        self.happen(*_resize(self.random))
        self.frame(1.0)


def memory() -> float:
    """Return the memory of this process, in MB: what it holds, or where that is not told the most it ever held."""
    gc.collect()
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1000
    with contextlib.suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return math.nan


def run(storm: Storm, step, share_done) -> dict[int, float]:
    """Go on until all is done; return the memory at each tenth of the way, in MB."""
    held = {}
    while (share := share_done()) < 1:
        if (tenth := int(10 * share)) not in held:
            held[tenth] = memory()
        step()
    held[10] = memory()
    return held


def report(storm: Storm, held: dict[int, float], seconds: float) -> None:
    """Print what happened and what came of it."""
    happened = f"{storm.events:,} events in {storm.now / 3600:.1f} simulated hours"
    print(f"{happened}, {storm.frames:,} pictures, {storm.windows:,} windows one after the other")
    print(
        f"{len(storm.exceptions)} exceptions, at most {storm.acts:,} acts kept, {threading.active_count()} threads left"
    )
    print("MB at each tenth of the way: " + " ".join(f"{megabytes:.0f}" for megabytes in held.values()))
    print(f"{held.get(1, math.nan):.1f} MB at 10 %, {held[10]:.1f} MB at the end, after {seconds:.0f} s")
    for raised in storm.exceptions[:5]:
        print(raised, file=sys.stderr)


def main() -> int:
    """Rage or live as long as the command line says, and print what came of it; 1 where anything was raised."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.storm", description="Put the window under fire.")
    parser.add_argument("--events", type=command_line.positive, default=1_000_000, help="(default: %(default)s)")
    parser.add_argument("--hours", type=command_line.positive, help="of quiet use in simulated time, instead of events")
    parser.add_argument("--seed", type=command_line.seed, default=0, help="(default: %(default)s)")
    options = parser.parse_args()
    warnings.simplefilter("error")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        storm = Storm(options.seed, Path(folder))
        if options.hours:
            held = run(storm, storm.live, lambda: storm.now / 3600 / options.hours)
        else:
            held = run(storm, storm.rage, lambda: storm.events / options.events)
        storm.close()
    report(storm, held, time.monotonic() - began)
    return 1 if storm.exceptions else 0


if __name__ == "__main__":
    sys.exit(main())
