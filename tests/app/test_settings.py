"""What is remembered, and that nothing of it can keep the window from opening."""

import os
from pathlib import Path

import platformdirs
import pytest

from digits.app import settings
from digits.app.settings import Settings


def test_settings_are_remembered(tmp_path):
    path = tmp_path / "a folder" / "that is new" / "window.json"
    settings.save(Settings((700, 500), "dark"), path)
    assert settings.load(path) == Settings((700, 500), "dark")


@pytest.mark.parametrize(
    "content",
    ["", "nonsense", "[]", "null", '{"size": 3, "theme": 7}', '{"size": [1, "x"]}', '{"size": [0, -5]}', "[" * 100_000],
)
def test_what_cannot_be_used_is_forgotten(tmp_path, content):
    path = tmp_path / "window.json"
    path.write_text(content)
    assert settings.load(path) == Settings()


def test_a_place_that_cannot_be_written_or_read_is_no_obstacle(tmp_path):
    path = tmp_path / "file" / "window.json"
    (tmp_path / "file").write_text("in the way")
    settings.save(Settings((700, 500)), path)
    assert settings.load(path) == Settings()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name")
def test_a_pipe_in_its_place_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "window.json")
    assert settings.load(tmp_path / "window.json") == Settings()
    settings.save(Settings(), tmp_path / "window.json")


def test_a_file_without_an_end_is_not_read_to_it(tmp_path):
    (tmp_path / "window.json").write_text('{"theme": "dark"}' + " " * 20_000)
    assert settings.load(tmp_path / "window.json") == Settings()


@pytest.mark.parametrize("home", ["~/.config/digits", RuntimeError("no home")])
def test_a_user_without_a_home_has_the_usual_settings(monkeypatch, home):
    def folder(*_, **__):
        if isinstance(home, Exception):
            raise home
        return Path(home)

    monkeypatch.setattr(platformdirs, "user_config_path", folder)
    assert settings.place() is None and settings.load(None) == Settings()
    settings.save(Settings(), None)


def test_the_system_is_light_or_dark():
    assert settings.theme_of_system() in ("light", "dark")
