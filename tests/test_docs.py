"""The documents say what is there: the tree, the arrows, the walks through the code, the links and the commands."""

import ast
import importlib.util
import re
from functools import cache

import pytest

from tests.support.project import ROOT
from tests.test_architecture import MODULES, arrows_text

DOCUMENTS = ("README.md", "digits/README.md", "digits/experiments/README.md", ".github/SECURITY.md")
BUILT = (ROOT / "digits" / "README.md").read_text("utf-8")


def section(title):
    """Return what stands below a heading of digits/README.md."""
    return BUILT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def code_in(text):
    """Return the first block of code in a text."""
    return text.split("```\n")[1]


def paths_in_tree():
    """Return the files that the tree names, as paths: two more spaces are one folder deeper."""
    folders, paths = [], []
    for line in code_in(section("The tree")).splitlines():
        depth, name = (len(line) - len(line.lstrip())) // 2, line.split()[0]
        folders = folders[:depth]
        if name.endswith("/"):
            folders.append(name)
        else:
            paths.append("".join(folders) + name)
    return paths


def test_the_tree_names_every_module_once_and_nothing_else():
    there = [path.relative_to(ROOT).as_posix() for path in MODULES.values() if path.read_text("utf-8").strip()]
    assert sorted(paths_in_tree()) == sorted(there)


def test_every_file_and_folder_of_the_tree_has_its_line():
    assert all(len(line.split()) > 1 or line == "digits/" for line in code_in(section("The tree")).splitlines())


def test_the_arrows_are_those_that_the_code_has():
    assert code_in(section("The arrows")).strip() == arrows_text()


@cache
def defined(path):
    """Return what a file defines: its functions and classes, and Class.method."""
    nodes = ast.parse(path.read_text("utf-8")).body
    methods = {
        f"{node.name}.{inner.name}"
        for node in nodes
        if isinstance(node, ast.ClassDef)
        for inner in node.body
        if isinstance(inner, ast.FunctionDef)
    }
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)} | methods


def assert_defined(name, path):
    assert name in defined(path) or any(name == full.partition(".")[2] for full in defined(path)), f"{path}: {name}"


@pytest.mark.parametrize("title", ["From the pointer to the answer", "From an MNIST image to the loss"])
def test_a_walk_names_files_that_are_there_and_what_they_define(title):
    path, named = None, 0
    for word in re.findall(r"`([\w./]+)`", section(title)):
        if word.endswith(".py") and "/" not in word and not (ROOT / word).exists():
            assert any(there.name == word for there in MODULES.values()), word  # mentioned on the way
        elif word.endswith(".py"):
            path = next(place for place in (ROOT / word, ROOT / "digits" / word) if place in MODULES.values())
        else:
            assert_defined(word, path)
            named += 1
    assert named > 10


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_inside_the_project_leads_somewhere(document):
    path = ROOT / document
    for link in re.findall(r"\]\(([^)]+)\)", path.read_text("utf-8")):
        if not link.startswith("https://"):
            target, _, heading = link.partition("#")
            assert (path.parent / target).exists(), link
            assert not heading or heading in headings((path.parent / target).read_text("utf-8")), link


def headings(text):
    """Return the anchors of a document's headings, as they are made on most sites."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_and_every_file_named_in_code_is_there(document):
    text = (ROOT / document).read_text("utf-8")
    for module in re.findall(r"python -m ((?:digits|tests)[\w.]*)", text):
        assert importlib.util.find_spec(module), module
    for file in re.findall(r"`((?:assets|digits|tests|\.ci|\.github)/[\w./-]*)`", text):
        assert (ROOT / file).exists(), file
