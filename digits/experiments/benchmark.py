"""How fast the window is, on the display at hand: python -m digits.experiments.benchmark [model.keras].

Every run starts the program anew, draws while the model loads, draws on with live answers, then rests. Pointer moves
are posted as events, so the whole way from an event to the picture is in the figures, without mouse and display.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

from digits import command_line
from digits.assets import MODEL

MOVES = 400  # of the pointer while answers are live
MOVE = 0.008  # s between them, as a mouse of 125 Hz
QUESTIONS = 100
REST = 3.0  # s

MEASURES = {  # what a run measures: what it is called, its unit and digits, at most
    "first_frame": ("first frame after start", "s", 2, 0.3),
    "ready": ("model answers after start", "s", 2, 3.5),
    "worst_frame": ("worst frame while the model loads", "ms", 1, 25),
    "behind": ("answer behind the pen, 95th percentile", "ms", 1, 20),
    "work": ("work in one frame, 99th percentile", "ms", 1, 8),
    "question": ("one classification, there and back, median", "ms", 2, None),
    "idle": ("CPU when idle, both processes", "%", 2, 1),
    "memory": ("memory of both processes, model loaded", "MB", 0, None),
}


@command_line.exit_code
def main() -> None:
    """Run the program some times, and print the table."""
    parser = argparse.ArgumentParser(description="Measure how fast the window is, on the display at hand.")
    parser.add_argument("model", type=Path, nargs="?", default=MODEL, help="a Keras model (default: the shipped one)")
    parser.add_argument("--runs", type=command_line.positive, default=5, help="(default: %(default)s)")
    parser.add_argument("--once", type=float, metavar="START", help=argparse.SUPPRESS)  # one run, begun at this time
    options = parser.parse_args()
    if options.once:
        print(json.dumps(run_once(options.model, options.once)))
        return
    runs = [_run_anew(options.model) for _ in range(options.runs)]
    print(f"{runs[0]['driver']}, {runs[0]['size'][0]} x {runs[0]['size'][1]}, n = {len(runs)} runs\n")
    print("| measure | median | lowest to highest | at most |\n|---|---|---|---|")
    for name, (words, unit, places, limit) in MEASURES.items():
        values = [run[name] for run in runs if run[name] is not None]
        if values:
            low, middle, high = (f"{of(values):.{places}f}" for of in (min, _median, max))
            print(f"| {words} | {middle} {unit} | {low} to {high} | {'-' if limit is None else f'{limit} {unit}'} |")


def _median(values):
    return sorted(values)[len(values) // 2]


def _run_anew(model):
    command = [sys.executable, "-m", "digits.experiments.benchmark", str(model), "--once", str(time.time())]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return json.loads(done.stdout)


def run_once(model: Path, start: float) -> dict:
    """Live through one run of the program, begun at a time of the clock, and return what was measured."""
    from digits.reading.recogniser import Recogniser

    with Recogniser(model) as recogniser:  # from here on as in recognition.py
        from digits.app.session import Session
        from digits.window.display import Window, put_in_clipboard
        from digits.window.loop import Loop

        session = Session(recogniser, put_in_clipboard, time.monotonic())
        loop = Loop(session, Window())
        loop.interact(time.monotonic())
        loop.draw()
        measured = {"first_frame": time.time() - start, **_driver(loop.window)}
        pen = _Pen(loop)
        _, frames = _draw_until(pen, lambda: recogniser.is_ready)
        measured |= {"ready": time.time() - start, "worst_frame": 1000 * max(frames)}
        pen.forget()
        work, _ = _draw_until(pen, lambda moves=pen.moves: pen.moves >= moves + MOVES)
        measured |= {"work": _percentile(work, 99), "behind": _percentile(pen.behind, 95)}
        measured["question"] = _percentile([_ask(recogniser, session.sheet.ink) for _ in range(QUESTIONS)], 50)
        pen.lift()
        measured |= {"idle": _idle(loop, recogniser), "memory": _memory(recogniser)}
        loop.window.close()
    return measured


def _driver(window):
    import pygame

    return {"driver": pygame.display.get_driver(), "size": window.size}


class _Pen:
    """Draws loops without end by posting events, and sees when the answer to each move is on the display."""

    def __init__(self, loop):
        self.loop = loop
        self.moves = 0
        self.behind = []  # s, for every move that was answered
        self._unseen = deque()  # the time of each move, and the ink that it left
        self._posted = None

    def move(self, now):
        """Move on, if it is time."""
        if self._posted is None and now >= self.moves * MOVE:
            self._post()
            self._posted = time.perf_counter()

    def forget(self):
        """Begin to watch for answers anew."""
        self.behind.clear()
        self._unseen.clear()

    def lift(self):
        """Lift the pen."""
        import pygame

        self._tell(pygame.MOUSEBUTTONUP)

    def _post(self):
        import pygame

        if self.moves % 100 == 0:  # a new sheet now and then, or all of it would be ink
            self.lift()
            self.loop.session.do("reset")
        self._tell(pygame.MOUSEMOTION if self.moves % 100 else pygame.MOUSEBUTTONDOWN)
        self.moves += 1

    def _tell(self, kind):
        import pygame

        angle, scale = self.moves * 0.12, self.loop.layout.scale
        x, y = self.loop.layout.pixel_of((14 + 8 * math.sin(angle), 14 + 9 * math.cos(0.37 * angle)))
        facts = {"pos": (x / scale, y / scale), "button": 1, "buttons": (1, 0, 0), "rel": (0, 0)}
        pygame.event.post(pygame.event.Event(kind, facts))

    def look(self):
        """See what the picture just drawn answers."""
        now, answer = time.perf_counter(), self.loop.session.scene.answer
        if self._posted is not None:
            self._unseen.append((self._posted, self.loop.session.sheet.ink))
            self._posted = None
        if answer and any(ink is answer.ink for _, ink in self._unseen):
            while self._unseen:
                posted, ink = self._unseen.popleft()
                self.behind.append(now - posted)
                if ink is answer.ink:
                    break


def _draw_until(pen, is_over):
    """Draw on until something is so; return the work in each frame and the time from frame to frame, in s."""
    work, frames, began = [], [], time.perf_counter()
    before, offset = began, pen.moves * MOVE
    while not is_over():
        pen.loop.wait()
        started = time.perf_counter()
        pen.move(started - began + offset)
        pen.loop.interact(time.monotonic())
        if pen.loop.draw():
            work.append(time.perf_counter() - started)
        pen.look()
        now = time.perf_counter()
        frames.append(now - before)
        before = now
    return work, frames


def _percentile(values, percent):
    """Return a percentile of times, in ms."""
    return 1000 * sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def _ask(recogniser, ink):
    began = time.perf_counter()
    recogniser.ask(ink)
    while not recogniser.poll(time.monotonic()):
        recogniser.wait(1)
    return time.perf_counter() - began


def _idle(loop, recogniser):
    """Let the window rest, and return how much of a core both processes take, in per cent."""
    _rest(loop, 1)
    before, began = _cpu(recogniser), time.perf_counter()
    _rest(loop, REST)
    return 100 * (_cpu(recogniser) - before) / (time.perf_counter() - began)


def _rest(loop, seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        loop.wait()
        loop.interact(time.monotonic())
        loop.draw()


def _cpu(recogniser):
    """Return the CPU time so far of this process, and of the worker where the system tells, in s."""
    stat = Path(f"/proc/{recogniser.process_id}/stat")
    if not stat.exists():
        return time.process_time()
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _memory(recogniser):
    """Return the memory of both processes, in MB, where the system tells."""
    status = [Path(f"/proc/{process}/status") for process in (os.getpid(), recogniser.process_id)]
    if not all(path.exists() for path in status):
        return None
    lines = [line for path in status for line in path.read_text().splitlines() if line.startswith("VmRSS:")]
    return sum(int(line.split()[1]) for line in lines) / 1000


if __name__ == "__main__":
    sys.exit(main())
