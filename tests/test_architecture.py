"""Who may import whom: one rule a wing, and every library has its owners.

The arrows as they are: python -m tests.test_architecture
"""

import ast
import subprocess
import sys
from collections import defaultdict
from functools import cache

import pytest

from tests.support.project import ROOT

# A wing, and the wings that it may rest on; what stands at the top of `digits` serves all and rests on nothing.
WINGS = {
    "ink": set(),
    "files": {"ink"},
    "modelfile": {"files", "ink"},
    "reading": {"modelfile", "files", "ink"},
    "app": {"reading", "files", "ink"},
    "window": {"app", "ink"},
    "web": {"modelfile", "files"},
    "data": {"files", "ink"},
    "personal": {"reading", "modelfile", "data", "files", "ink"},
    "evaluation": {"personal", "reading", "modelfile", "data", "files", "ink"},
    "training": {"evaluation", "reading", "modelfile", "data", "files", "ink"},
    "experiments": {"web", "window", "app", "reading", "evaluation", "training", "modelfile", "data", "files", "ink"},
}
PROGRAMS = {
    "handwriting": {"training", "personal"},
    "recognition": {"window", "app", "reading", "modelfile", "files", "ink"},
}
AT_THE_TOP = 12  # modules, at most

# Libraries that are slow to load, or that crash each other in one process: who may import each at all.
OWNERS = {
    "pygame": {"window", "experiments"},
    "matplotlib": {"evaluation", "experiments"},
    "tensorflow": {"training", "personal", "data", "modelfile", "reading", "experiments", "top"},
    "h5py": {"modelfile"},
    "ai_edge_litert": {"reading"},
    "optuna": {"experiments"},
    "playwright": {"experiments"},
}
OWNERS["keras"] = OWNERS["tensorflow"]
AT_ONCE = {  # and who as soon as it is imported itself: everybody else only when it is needed
    "pygame": {"window"},
    "matplotlib": set(),
    "tensorflow": {"training", "personal", "data"},
    "h5py": set(),
    "ai_edge_litert": set(),
    "optuna": set(),
    "playwright": set(),
}
AT_ONCE["keras"] = AT_ONCE["tensorflow"]

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "digits").rglob("*.py"))
} | {program: ROOT / f"{program}.py" for program in PROGRAMS}


def wing_of(module):
    """Return the wing that a module of ours stands in, "top" for the package itself; of a program its name."""
    package, _, rest = module.partition(".")
    return package if package != "digits" else next((wing for wing in WINGS if rest.split(".")[0] == wing), "top")


@cache
def imports(module):
    """Return what a module imports, each with whether it does so at once: (name, bool)."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
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


def libraries(module, at_once_only=False):
    """Return the packages that a module imports."""
    return {name.split(".")[0] for name, at_once in imports(module) if at_once or not at_once_only}


def arrows():
    """Return the wings that each wing and program rests on."""
    found = defaultdict(set)
    for module in MODULES:
        found[wing_of(module)] |= {wing_of(imported) for imported in ours(module)} - {"top", wing_of(module)}
    return found


def arrows_text():
    """Return the arrows as text, a line for each wing and program."""
    return "\n".join(
        f"{start:12} -> {', '.join(sorted(ends)) or 'nothing'}" for start, ends in sorted(arrows().items())
    )


def users(library, at_once_only=False):
    """Return the wings that import a library."""
    return {wing_of(module) for module in MODULES if library in libraries(module, at_once_only)}


@pytest.mark.parametrize("wing", [*WINGS, *PROGRAMS])
def test_a_wing_rests_on_no_more_than_it_may(wing):
    assert arrows()[wing] <= (WINGS | PROGRAMS)[wing]


def test_what_serves_all_rests_on_nothing():
    top = {module for module in MODULES if wing_of(module) == "top"} - {"digits"}
    assert {wing_of(imported) for module in top for imported in ours(module)} == {"top"}


def test_the_package_itself_leads_other_programs_to_reading_once_they_ask():
    assert {wing_of(imported) for imported in ours("digits")} == {"top", "reading"}
    assert ours("digits", at_once_only=True) == {"digits", "digits.safe_text"}


def test_no_arrow_leads_back():
    for wing, below in WINGS.items():
        assert not any(wing in WINGS[other] for other in below), wing


def test_only_few_modules_stand_at_the_top():
    assert len([*(ROOT / "digits").glob("*.py")]) <= AT_THE_TOP


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_is_imported_by_its_owners_only(library):
    assert users(library) <= OWNERS[library]


@pytest.mark.parametrize("library", OWNERS)
def test_nobody_waits_for_a_library_before_it_is_needed(library):
    assert users(library, at_once_only=True) <= AT_ONCE[library]


def test_ink_needs_numpy_alone():
    for module in MODULES:
        if wing_of(module) == "ink":
            assert not (libraries(module) - sys.stdlib_module_names - {"numpy", "digits"}), module


@pytest.mark.parametrize(
    ("code", "slow"),
    [
        ("import handwriting; handwriting.parse_arguments(['model.keras'])", "tensorflow keras matplotlib pygame"),
        ("import recognition; recognition.parse([])", "tensorflow keras matplotlib pygame"),
        ("import digits", "tensorflow keras matplotlib pygame numpy"),
        ("import digits.window.loop", "tensorflow keras matplotlib"),
        ("import digits.app.session", "tensorflow keras matplotlib pygame"),
        ("import digits.reading.recogniser, digits.reading.worker", "tensorflow keras pygame"),  # spawned before pygame
        (
            "from digits.assets import MODEL; from digits.reading import engine; engine.load(MODEL)",
            "tensorflow keras h5py platformdirs PIL",
        ),
        ("import digits.evaluation.__main__, digits.experiments.plots", "tensorflow keras matplotlib"),
        ("import digits.experiments.search", "tensorflow keras matplotlib optuna"),
    ],
)
def test_it_begins_without_what_is_slow(code, slow):
    code += f"; import sys; found = set({slow!r}.split()) & set(sys.modules); sys.exit(str(found) if found else 0)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


if __name__ == "__main__":
    print(arrows_text())
