"""A session for every test that asks for one, and a window that nobody sees."""

import gc
import os
from pathlib import Path

os.environ["SDL_VIDEODRIVER"] = "dummy"  # before pygame is imported anywhere
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each process that tests start would compile the program anew

import pytest

from tests.support.sessions import FakeRecogniser, fake_desktop, new_session

TESTS = Path(__file__).parent
LONG = (  # files, those first that wait for other processes
    "web/test_browser.py",
    "training/test_devices.py",
    "test_handwriting.py",
    "reading/test_recogniser.py",
    "test_recognition.py",
    "data/test_dataset.py",
    "training/test_trainer.py",
    "modelfile/test_users_models.py",
    "modelfile/test_hostile_models.py",
    "experiments/test_plots.py",
    "window/test_view.py",
)


def pytest_configure():
    """Collect no garbage while everything is imported, which would be looked through again and again."""
    gc.disable()


def pytest_collection_modifyitems(items):
    """Begin with the files that take long, so that no process is alone with one of them at the end."""
    first = [TESTS / name for name in LONG]
    items.sort(key=lambda item: first.index(item.path) if item.path in first else len(first))


def pytest_collection_finish():
    """Collect it from now on, of what tests make: all that is imported stays."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def places(tmp_path_factory):
    """Keep converted models and drawings out of the user's own places, also in the processes that tests start."""
    for kind in ("CACHE", "DATA", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(tmp_path_factory.mktemp(kind))


@pytest.fixture
def recogniser():
    return FakeRecogniser()


@pytest.fixture
def copied():
    """What was put in the clipboard."""
    return []


@pytest.fixture
def session(recogniser, copied, tmp_path):
    desktop = fake_desktop(tmp_path, put_text=lambda text: copied.append(text) or True)
    return new_session(recogniser, tmp_path, desktop=desktop)


@pytest.fixture
def loop(session):
    import pygame

    from digits.window.display import Window
    from digits.window.loop import Loop

    loop = Loop(session, Window((960, 640)))
    pygame.event.clear()
    yield loop
    loop.window.close()


@pytest.fixture
def hands(loop):
    from tests.support.hands import Hands

    return Hands(loop)
