"""How fast the program is, with TensorFlow and with LiteRT: python -m digits.experiments.benchmark [model.keras].

Every run starts the program anew, draws while the model loads, draws on with live answers, then rests. Pointer moves
are posted as events, so the whole way from an event to the picture is in the figures, without mouse and display.
"""

import argparse
import functools
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np

from digits import command_line
from digits.assets import MODEL
from digits.experiments.pen import Pen, changes, draw_until, live, titles_while_drawing
from digits.reading import engine

MOVES = 400  # of the pointer while answers are live
QUESTIONS, REASONS = 100, 20
REST = 3.0  # s

MEASURES = {  # what a run measures: what it is called, its unit and digits, at most
    "first_frame": ("first frame after start", "s", 2, 0.3),
    "ready": ("model answers after start", "s", 2, 0.6),
    "worst_frame": ("worst frame while the model loads", "ms", 1, 25),
    "behind": ("answer behind the pen, 95th percentile", "ms", 1, 20),
    "work": ("work in one frame, 99th percentile", "ms", 1, 8),
    "question": ("one answer, there and back, median", "ms", 2, 0.5),
    "number": ("one number of six digits, there and back, median", "ms", 1, 10),
    "why": ("one answer with its reasons, median", "ms", 0, 100),
    "titles": ("most title changes while one digit is drawn, ten digits", "", 0, 3),
    "idle": ("CPU when idle, both processes", "%", 2, 0.5),
    "memory": ("memory of both processes, model loaded", "MB", 0, 220),
    "read": ("--read of one picture, whole process", "s", 2, 0.9),
}
LOADERS = {"Keras": engine.Keras, "LiteRT": engine.load}


@command_line.exit_code
def main() -> None:
    """Run the program some times in each way, and print the tables."""
    options = _parse()
    if options.begun:
        print(json.dumps(run_once(options.model, options.loader, options.begun)))
    elif options.read:
        read_once(options.model, options.loader, options.read)
    else:
        with tempfile.TemporaryDirectory() as folder:
            print_table(options.model, Path(folder), options.runs)
        print()
        for shown, difference in differences(options.model, options.mnist).items():
            print(f"largest difference of a probability, {shown}: {difference:.1g}")


def _parse():
    parser = argparse.ArgumentParser(
        prog="python -m digits.experiments.benchmark",
        description="Measure how fast the program is, on the display at hand.",
    )
    parser.add_argument("model", type=Path, nargs="?", default=MODEL, help="a Keras model (default: the shipped one)")
    parser.add_argument("--runs", type=command_line.positive, default=5, help="(default: %(default)s)")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="compare both on its test images too")
    parser.add_argument("--loader", choices=LOADERS, help=argparse.SUPPRESS)  # of one run, a process of its own
    parser.add_argument("--begun", type=float, help=argparse.SUPPRESS)  # when that run was started
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)  # or a picture to read in its place
    return parser.parse_args()


def print_table(model: Path, folder: Path, runs: int) -> None:
    """Measure all ways in turn, so many times; `folder` is for what that takes."""
    from digits.reading import conversion

    own, picture = _repacked(model, folder / "own.keras"), _picture(folder)
    for path in (model, own):
        conversion.keep(path)
    ways = {
        "Keras": functools.partial(_run_anew, model, "Keras", picture),
        "LiteRT": functools.partial(_run_anew, model, "LiteRT", picture),
        "LiteRT, one's own model": functools.partial(_run_anew, own, "LiteRT", picture),
    }
    measured = [{way: run() for way, run in ways.items()} for _ in range(runs)]
    first = measured[0]["LiteRT"]
    print(f"{first['driver']}, {first['size'][0]} x {first['size'][1]}, n = {runs} runs: median, lowest to highest\n")
    print("| " + " | ".join(["measure", *ways, "at most"]) + " |\n" + "|---" * (len(ways) + 2) + "|")
    for name, (words, unit, places, limit) in MEASURES.items():
        cells = [_cell([run[way][name] for run in measured], unit, places) for way in ways]
        print("| " + " | ".join([words, *cells, f"{limit} {unit}"]) + " |")


def _cell(values, unit, places):
    if None in values:
        return "-"
    low, middle, high = (f"{of(values):.{places}f}" for of in (min, _median, max))
    return f"{middle} {unit}, {low} to {high}"


def _median(values):
    return sorted(values)[len(values) // 2]


def _repacked(model, target):
    """Write a model file with the same network and other bytes, so that it is a model of one's own."""
    with zipfile.ZipFile(model) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, source.read(name))
    return target


def _picture(folder):
    from digits.files import pictures
    from digits.ink.sheet import drawn

    return pictures.save(drawn(next(_ten_digits())), folder)


def _ten_digits():
    """Yield the first of each of the built-in pen digits, in the middle of the sheet: paths (64, 2), in cells."""
    from digits.data import pens
    from digits.evaluation import testsets
    from digits.files import unipen
    from digits.ink import strokes

    firsts = {drawing.label: drawing for drawing in reversed(unipen.read(pens.PEN_DIGITS))}
    for drawing in firsts.values():
        paths = strokes.smoothed(drawing).paths
        yield strokes.place(paths, testsets.PLACEMENTS["centred"], np.random.default_rng(0))


def _run_anew(model, loader, picture):
    command = [sys.executable, "-m", "digits.experiments.benchmark", str(model), "--loader", loader]
    done = subprocess.run([*command, "--begun", str(time.time())], stdout=subprocess.PIPE, text=True, check=True)
    began = time.perf_counter()
    subprocess.run([*command, "--read", picture], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout) | {"read": time.perf_counter() - began}


def _recogniser(model, loader):
    from digits import modelfile
    from digits.reading import worker
    from digits.reading.recogniser import Recogniser

    modelfile.check_source(model)
    return Recogniser(model, functools.partial(worker.main, load=LOADERS[loader]))


def read_once(model: Path, loader: str, picture: Path) -> None:
    """Read a picture as recognition.py does."""
    from digits.reading.readout import print_answers

    with _recogniser(model, loader) as recogniser:
        print_answers(recogniser, [picture], as_json=False)
        recogniser.finish()


def run_once(model: Path, loader: str, start: float) -> dict:
    """Live through one run of the program, begun at a time of the clock, and return what was measured."""
    with _recogniser(model, loader) as recogniser, tempfile.TemporaryDirectory() as folder:
        from digits.app import keeping  # from here on as in recognition.py
        from digits.app.session import Session
        from digits.window.display import Window, desktop
        from digits.window.loop import Loop

        with keeping.opened(Path(folder)) as keeper:
            loop = Loop(Session(recogniser, desktop(), time.monotonic(), keeper=keeper), Window())
            loop.interact(time.monotonic())
            loop.draw()
            measured = {"first_frame": time.time() - start, **_driver(loop.window)}
            measured |= _measure(loop, recogniser, start)
        loop.window.close()
    return measured


def _measure(loop, recogniser, start):
    """Draw while the model loads, draw on, and rest."""
    from digits.window.loop import AWAKE

    pen = Pen(loop)
    _, frames = draw_until(pen, lambda: recogniser.is_ready)
    measured = {"ready": time.time() - start, "worst_frame": 1000 * max(frames, default=0)}
    pen.forget()
    work, _ = draw_until(pen, lambda moves=pen.moves: pen.moves >= moves + MOVES)
    measured |= {"work": _percentile(work, 99), "behind": _percentile(pen.behind, 95)}
    pen.lift()
    live(loop, AWAKE)
    measured |= {
        "idle": _idle(loop, recogniser),
        "memory": _memory(recogniser),
    }  # before the benchmark takes some itself
    digit = _sheet(next(_ten_digits()))
    measured["question"] = _percentile([_ask(recogniser, digit) for _ in range(QUESTIONS)], 50)
    measured["why"] = _percentile([_ask(recogniser, digit, why=True) for _ in range(REASONS)], 50)
    measured["number"] = _percentile([_ask(recogniser, sheet) for sheet in _numbers()], 50)
    measured["titles"] = max(changes(titles_while_drawing(loop, paths)) for paths in _ten_digits())
    return measured


def differences(model: Path, mnist_file: Path | None) -> dict[str, float]:
    """Return by how much a probability differs between both at most, by what they are shown."""
    from digits.data import mnist, pens
    from digits.evaluation import testsets
    from digits.files import unipen
    from digits.ink import grid, strokes

    drawings = unipen.read(pens.PEN_DIGITS)
    shown = {"drawn digits": np.concatenate([strokes.draw(drawings, place) for place in testsets.PLACEMENTS.values()])}
    if mnist_file:
        shown["MNIST test"] = grid.from_bytes(mnist.load(mnist_file).test_images)
    keras, litert = engine.Keras(model), engine.load(model)
    return {
        f"{name}, {len(grids):,} grids": np.abs(keras.probabilities(grids) - litert.probabilities(grids)).max()
        for name, grids in shown.items()
    }


def _driver(window):
    import pygame

    return {"driver": pygame.display.get_driver(), "size": window.size}


def _percentile(values, percent):
    """Return a percentile of times, in ms."""
    return 1000 * sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def _numbers():
    """Return sheets with numbers of six digits, by people who are left out of training."""
    from digits.evaluation import numbers, testsets

    [drawings] = testsets.held_out().values()
    composed = numbers.composed(drawings, numbers.GAPS["apart"], 5 * QUESTIONS)
    return [numbers.sheet_of(number) for number in composed if len(number.label) == 6]


def _sheet(paths):
    from digits.evaluation import numbers
    from digits.ink import strokes

    return numbers.sheet_of(strokes.Drawing("", paths))


def _ask(recogniser, sheet, why=False):
    began = time.perf_counter()
    recogniser.ask(sheet.ink, sheet.paths, why)
    while not recogniser.poll(time.monotonic()):
        recogniser.wait(1)
    return time.perf_counter() - began


def _idle(loop, recogniser):
    """Let the window rest, and return how much of a core both processes take, in per cent."""
    before, began = _cpu(recogniser), time.perf_counter()
    live(loop, REST)
    return 100 * (_cpu(recogniser) - before) / (time.perf_counter() - began)


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
