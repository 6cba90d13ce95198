"""Who may import whom: the arrows of the program point one way, and every library has its owners."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PROGRAMS = ["handwriting", "recognition"]
MODULES = [*PROGRAMS, *(f"digits.{path.stem}" for path in sorted((PROJECT / "digits").glob("[!_]*.py")))]
TENSORFLOW = {"tensorflow", "keras"}

# Which modules may import a library at all, and which of them at once rather than where it is needed.
OWNERS = {
    "pygame": {
        "recognition",
        *(f"digits.{name}" for name in ("app", "window", "view", "paint", "gestures", "benchmark", "screenshot")),
    },
    "matplotlib": {"digits.charts"},
    "tensorflow": {
        "handwriting",
        *(
            f"digits.{name}"
            for name in ("augment", "dataset", "networks", "muon", "training", "training_layers", "mnist")
        ),
        *(
            f"digits.{name}"
            for name in (
                "plots",
                "modelfile",
                "quiet",
                "worker",
                "ancestors",
                "ablation",
                "compare",
                "devices",
                "logs",
                "speed",
            )
        ),
    },
}
OWNERS["keras"] = OWNERS["tensorflow"]
OWNERS["h5py"] = {"digits.weights"}
AT_ONCE = {
    "pygame": OWNERS["pygame"]
    - {"recognition", "digits.benchmark", "digits.screenshot"},  # the worker process starts before pygame is imported
    "matplotlib": set(),
    "tensorflow": {
        f"digits.{name}"
        for name in ("augment", "dataset", "networks", "muon", "training", "training_layers", "devices")
    },
}
AT_ONCE["keras"] = AT_ONCE["tensorflow"]
AT_ONCE["h5py"] = set()

# The stones that everything rests on, and the most that each may rest on itself.
RESTS_ON = {
    "arguments": set(),
    "grid": set(),
    "quiet": set(),
    "brush": {"grid"},
    "strokes": {"grid", "files"},
    "scores": {"grid"},
    "figures": {"scores"},
    "charts": {"grid", "scores", "figures"},
    "gallery": {"charts", "figures"},
    "page": {"charts", "figures"},
    "report": {"charts", "figures", "files", "gallery", "page", "scores"},
    "images": {"grid", "archive"},
    "mnist": {"grid", "quiet", "archive"},
    "networks": {"grid"},
    "muon": set(),
    "ancestors": {"grid", "mnist", "networks", "strokes"},
    "augment": {"grid"},
    "stopping": set(),
    "logs": {"files"},
    "devices": set(),
    "checkpoint": {"files"},
    "training": {"checkpoint", "devices", "muon", "networks", "scores", "stopping", "training_layers"},
    "training_layers": set(),
    "files": set(),
    "archive": set(),
    "layers": set(),
    "blueprint": {"layers"},
    "weights": set(),
    "modelfile": {"grid", "quiet", "files", "archive", "blueprint", "weights"},
    "sheet": {"grid", "brush"},
    "hands": {"grid", "brush", "strokes"},
    "nondigits": {"grid", "brush", "strokes", "hands"},
    "dataset": {"grid", "strokes", "hands", "nondigits", "mnist", "augment"},
    "worker": {"grid", "modelfile", "quiet"},
    "recogniser": {"grid", "worker"},
}
# Where the two programs meet.
SHARED = {f"digits.{name}" for name in ("grid", "brush", "strokes", "sheet", "modelfile", "quiet")} | {
    f"digits.{name}" for name in ("files", "archive", "blueprint", "layers", "weights")
}

TRAINING = {
    *(
        f"digits.{name}"
        for name in ("mnist", "dataset", "augment", "networks", "muon", "training", "hands", "nondigits")
    ),
    *(f"digits.{name}" for name in ("evaluate", "plots", "ablation", "ancestors", "compare", "speed")),
    *(f"digits.{name}" for name in ("figures", "charts", "gallery", "page", "report", "images")),
    *(f"digits.{name}" for name in ("checkpoint", "devices", "logs", "stopping")),
}
WINDOW = {
    *(f"digits.{name}" for name in ("app", "window", "view", "paint", "layout", "gestures", "commands")),
    *(f"digits.{name}" for name in ("recogniser", "worker", "pictures", "settings", "errand", "readout")),
    *(f"digits.{name}" for name in ("benchmark", "screenshot")),
}


@cache
def imports(module):
    """Return what a module imports, each with whether it does so at once: (name, bool)."""
    tree = ast.parse((PROJECT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    late = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(outer)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by dots"
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        found |= {(name, id(node) not in late) for name in names}
    return frozenset(found)


def ours(module, at_once_only=False):
    """Return our own modules that a module imports."""
    return {name for name, at_once in imports(module) if name in MODULES and (at_once or not at_once_only)}


def reach(module, at_once_only=False):
    """Return all of our own modules that come with a module, itself included."""
    seen, waiting = set(), [module]
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += ours(module, at_once_only)
    return seen


def libraries(module, at_once_only=False):
    return {name.split(".")[0] for name, at_once in imports(module) if at_once or not at_once_only}


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_is_imported_by_its_owners_only(library):
    assert {module for module in MODULES if library in libraries(module)} <= OWNERS[library]


@pytest.mark.parametrize("library", OWNERS)
def test_nobody_waits_for_a_library_before_it_is_needed(library):
    assert {module for module in MODULES if library in libraries(module, at_once_only=True)} <= AT_ONCE[library]


@pytest.mark.parametrize("module", RESTS_ON)
def test_a_stone_rests_on_no_more_than_it_may(module):
    assert ours(f"digits.{module}") <= {f"digits.{name}" for name in RESTS_ON[module]}


def test_no_arrow_leads_back():
    for module in MODULES:
        assert not any(module in reach(imported) for imported in ours(module)), module


def test_nobody_imports_a_program():
    for module in MODULES:
        assert not ours(module) & set(PROGRAMS)


def test_the_two_programs_meet_only_where_they_may():
    assert reach("handwriting") & reach("recognition") <= SHARED


def test_the_window_knows_nothing_of_training():
    assert not reach("recognition") & TRAINING


def test_training_knows_nothing_of_the_window():
    assert not reach("handwriting") & WINDOW


def test_what_comes_with_the_window_at_once_is_free_of_tensorflow():
    for module in reach("recognition") | reach("digits.app"):
        assert not libraries(module, at_once_only=True) & TENSORFLOW, module


def test_neither_program_nor_the_window_needs_tensorflow_to_begin():
    code = (
        "import sys, recognition, handwriting\n"
        "handwriting.parse_arguments(['model.keras'])\n"
        "import digits.app, digits.evaluate, digits.plots\n"
        "slow = {'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(f'imported {slow}' if slow else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_the_programs_import_pygame_after_the_worker_has_started():
    code = "import sys, recognition, digits.recogniser, digits.worker; sys.exit('pygame' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
