"""What was trained is never lost, wherever it cannot be saved."""

import errno
import tempfile

import pytest

from digits import UserError, modelfile
from digits.training import checkpoint
from digits.training.job import Job


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Return the temporary folder."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def save_unless(refused, monkeypatch):
    """Let models be saved as empty files, except where `refused` says."""

    def save(network, path, notes):
        if refused(path):
            raise UserError(f"{path} could not be saved (No space left on device); free some space.")
        path.write_bytes(b"")

    monkeypatch.setattr(modelfile, "save", save)


def test_a_network_that_cannot_be_saved_is_saved_elsewhere_and_that_is_said(tmp_path, elsewhere, monkeypatch):
    save_unless(lambda path: path.parent == tmp_path, monkeypatch)
    with pytest.raises(UserError, match=r"free some space\. Until then the network is in ") as refused:
        Job(tmp_path / "model.keras").save(None, {}, 3.0)
    [saved] = elsewhere.iterdir()
    assert f"{saved}." in str(refused.value) and saved.suffix == ".keras"


def test_where_it_can_be_saved_nowhere_it_is_said_how_to_go_on(tmp_path, elsewhere, monkeypatch):
    save_unless(lambda path: True, monkeypatch)
    job = Job(tmp_path / "model.keras", command="python handwriting.py model.keras --resume")
    with pytest.raises(UserError, match="nothing was saved"):
        job.save(None, {}, 3.0)
    checkpoint.path_beside(job.target).touch()
    with pytest.raises(UserError, match=r"go on with: python handwriting.py model.keras --resume\.$"):
        job.save(None, {}, 3.0)
    assert not list(elsewhere.iterdir())


def test_a_save_that_fails_leaves_nothing_in_the_temporary_folder(tmp_path, elsewhere):
    class Network:
        def save(self, path):
            tempfile.mkdtemp()
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(UserError, match="No space left"):
        modelfile.save(Network(), tmp_path / "model.keras", {})
    assert not list(elsewhere.iterdir()) and tempfile.tempdir == str(elsewhere)
    assert [path.name for path in tmp_path.iterdir()] == [elsewhere.name]
