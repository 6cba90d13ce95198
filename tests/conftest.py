"""A window that nobody sees, for every test that asks for one."""

import os

os.environ["SDL_VIDEODRIVER"] = "dummy"  # before pygame is imported anywhere
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

import pygame
import pytest

from digits.window.display import Window
from digits.window.loop import App
from tests.support.hands import FakeRecogniser, Hands


@pytest.fixture
def recogniser():
    return FakeRecogniser()


@pytest.fixture
def app(recogniser, tmp_path):
    app = App(recogniser, Window("Digits", (960, 640)), now=0.0, theme="light", folder=tmp_path)
    pygame.event.clear()
    yield app
    app.window.close()


@pytest.fixture
def hands(app):
    return Hands(app)
