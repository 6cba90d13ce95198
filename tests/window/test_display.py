"""What the system is told about the window before it is opened."""

import os
import subprocess
import sys

import pytest

from tests.support.project import ROOT


@pytest.mark.parametrize("name", ["SDL_APP_NAME", "SDL_VIDEO_X11_WMCLASS", "SDL_VIDEO_WAYLAND_WMCLASS"])
@pytest.mark.parametrize(("set_before", "told"), [(None, "Digits"), ("Mine", "Mine")])
def test_the_desktop_is_told_the_name_of_the_program_unless_the_user_tells_another(name, set_before, told):
    environment = {key: value for key, value in os.environ.items() if key != name}
    environment |= {name: set_before} if set_before else {}
    code = f"import digits.window.display, os; print(os.environ['{name}'])"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == told
