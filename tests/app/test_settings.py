"""What is remembered, and that nothing of it can keep the window from opening."""

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


def test_the_system_is_light_or_dark():
    assert settings.theme_of_system() in ("light", "dark")
