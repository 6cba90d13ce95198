"""What is installed is the whole program: built as a package, it runs in another folder, without the checkout."""

import os
import subprocess
import sys
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import digits
from digits.files import pictures
from tests.support.drawings import draw_seven
from tests.support.project import ROOT

pytest.importorskip("hatchling", reason="hatchling builds the package; it comes with requirements.txt")


def build(kind, source, folder):
    """Build a package from a folder of sources into another folder, and return its path."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return next(folder.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder of installed packages with the program in it, by way of all packages: sources, then wheel."""
    folder = tmp_path_factory.mktemp("built")
    with tarfile.open(build("sdist", ROOT, folder)) as sources:
        sources.extractall(folder, filter="data")
    [unpacked] = (path for path in folder.iterdir() if path.is_dir())
    with zipfile.ZipFile(build("wheel", unpacked, folder)) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def about(site):
    """Return what the installed package says about itself."""
    return next(metadata.distributions(path=[str(site)]))


def run(site, folder, command, *arguments):
    """Run a command of the installed program in a folder, as pip's own script for it does."""
    [story] = (entry for entry in about(site).entry_points if entry.name == command)
    script = f"import sys\nfrom {story.module} import {story.attr} as main\nif __name__ == '__main__': sys.exit(main())"
    (folder / command).write_text(script)
    return subprocess.run(
        [sys.executable, command, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize("command", ["digits", "digits-train"])
def test_the_installed_commands_say_their_version_and_how_to_use_them(site, tmp_path, command):
    assert run(site, tmp_path, command, "--version").stdout == f"Digits {digits.__version__}\n"
    assert run(site, tmp_path, command, "--help").stdout.startswith(f"usage: {command} ")


def test_the_installed_program_reads_with_the_model_that_came_with_it(site, tmp_path):
    picture = pictures.save(draw_seven(), tmp_path)
    assert run(site, tmp_path, "digits", "--read", picture.name).stdout.startswith(f"{picture.name}: 7 - ")


def test_the_installed_program_names_the_command_that_it_was_installed_as(site, tmp_path):
    done = run(site, tmp_path, "digits", "none.keras")
    assert done.returncode == 1 and done.stderr.endswith("train a model with: digits-train none.keras\n")


def files(folder):
    """Return all files in a folder, but what Python keeps there."""
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_all_modules_and_assets_are_installed_and_nothing_else(site):
    modules = {"digits" / path for path in files(ROOT / "digits")}
    of_the_readme = {path for path in files(ROOT / "assets") if path.suffix == ".png"} | {Path("digits.html")}
    assets = {"digits" / Path("shipped") / path for path in files(ROOT / "assets") - of_the_readme}
    found = {path for path in files(site) if not path.parts[0].endswith(".dist-info")}
    assert found == modules | assets | {Path("handwriting.py"), Path("recognition.py")}


def test_it_is_installed_as_the_version_that_it_says(site):
    assert (about(site).name, about(site).version) == ("digits", digits.__version__)


def test_the_requirements_of_a_checkout_are_those_of_the_package_and_its_tests(site):
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    needed = [Requirement(line) for line in about(site).requires]
    assert {str(need.marker) for need in needed if need.marker} == {
        'extra == "search"',
        'extra == "test"',
        'extra == "train"',
    }
    assert named(map(Requirement, lines)) == named(needed)


def named(requirements):
    """Return the versions wanted of each library."""
    return {requirement.name.lower(): requirement.specifier for requirement in requirements}
