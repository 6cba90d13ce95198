"""What is no regular file is seen before it is opened."""

import os
import sys
from pathlib import Path

import pytest

from digits.files import guards


def test_a_file_may_be_opened(tmp_path):
    (tmp_path / "file").write_text("")
    assert not guards.is_special(tmp_path / "file")


def test_what_is_not_there_is_left_to_opening(tmp_path):
    (tmp_path / "file").write_text("")
    assert not guards.is_special(tmp_path / "nothing")
    assert not guards.is_special(tmp_path / "file" / "inside")


def test_a_folder_is_special(tmp_path):
    assert guards.is_special(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_is_special_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    assert guards.is_special(tmp_path / "pipe") and guards.is_special(tmp_path / "link")


@pytest.mark.skipif(sys.platform == "win32", reason="devices have other names here")
def test_a_device_is_special():
    assert guards.is_special(Path("/dev/zero"))
