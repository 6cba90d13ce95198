"""A training shared out among devices, and among machines that are processes here."""

import json
import os
import socket
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from digits import UserError
from digits.training import devices
from tests.support import spread_out
from tests.support.project import ROOT


def start(file, count=1, machine=None, addresses=(), last=0):
    """Start a process of a training; its weights will be in `file`, unless it is to die after a step."""
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    if addresses:
        task = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": machine}}
        environment["TF_CONFIG"] = json.dumps(task)
    command = [sys.executable, "-m", spread_out.__name__, str(file), str(count), str(last)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def result(process, file):
    """Return the weights that a process came to, how many devices shared in it, and whether it was the chief."""
    _, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    with np.load(file) as found:
        weights = np.concatenate([found[name].ravel() for name in found if name.startswith("arr_")])
        return weights, int(found["replicas"]), bool(found["chief"])


def free_addresses(count):
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    addresses = [f"127.0.0.1:{listener.getsockname()[1]}" for listener in listeners]
    for listener in listeners:
        listener.close()
    return addresses


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    file = tmp_path_factory.mktemp("alone") / "weights.npz"
    weights, replicas, is_chief = result(start(file), file)
    assert (replicas, is_chief) == (1, True)
    return weights


def test_two_devices_come_to_the_weights_of_one(alone, tmp_path):
    weights, replicas, is_chief = result(start(tmp_path / "two.npz", count=2), tmp_path / "two.npz")
    assert (replicas, is_chief) == (2, True)
    np.testing.assert_allclose(weights, alone, atol=1e-5)


@pytest.mark.skipif(sys.platform == "win32", reason="TensorFlow joins no machines on Windows")
def test_two_machines_come_to_the_weights_of_one(alone, tmp_path):
    addresses, files = free_addresses(2), [tmp_path / "0.npz", tmp_path / "1.npz"]
    machines = [start(file, machine=number, addresses=addresses) for number, file in enumerate(files)]
    for number, (machine, file) in enumerate(zip(machines, files, strict=True)):
        weights, replicas, is_chief = result(machine, file)
        assert (replicas, is_chief) == (2, number == 0)
        np.testing.assert_allclose(weights, alone, atol=1e-5)


@pytest.mark.skipif(sys.platform == "win32", reason="TensorFlow joins no machines on Windows")
def test_a_machine_that_dies_is_noticed_by_the_other_which_has_a_state_to_go_on_from(tmp_path):
    addresses, files = free_addresses(2), [tmp_path / "0.npz", tmp_path / "1.npz"]
    steps = spread_out.STEPS
    chief, _ = (
        start(file, machine=number, addresses=addresses, last=number * (steps + 3)) for number, file in enumerate(files)
    )
    _, errors = chief.communicate(timeout=600)
    assert chief.returncode == 1 and not any(file.exists() for file in files)
    assert errors.splitlines()[-1] == f"Another machine of this training does not answer any more; kept: {steps} steps"


@pytest.fixture
def threads(monkeypatch):
    """Take down how many threads TensorFlow is asked to have, on a machine of eight processors without a GPU."""
    asked = {}
    for kind in ("intra_op", "inter_op"):
        setter = f"set_{kind}_parallelism_threads"
        monkeypatch.setattr(tf.config.threading, setter, lambda count, kind=kind: asked.update({kind: count}))
    monkeypatch.setattr(devices, "_processors", lambda: 8)
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    monkeypatch.delenv("TF_CONFIG", raising=False)
    return asked


def test_each_half_of_a_batch_has_half_of_the_processors(threads):
    assert devices.side_by_side(batch_size=128)
    assert threads == {"intra_op": 4, "inter_op": 2}


def test_halves_that_are_too_small_stay_together(threads):
    assert not devices.side_by_side(batch_size=63)
    assert not threads


def test_a_gpu_and_other_machines_get_whole_batches(threads, monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind] if kind == "GPU" else [])
    assert not devices.side_by_side(batch_size=128)
    monkeypatch.undo()
    monkeypatch.setenv("TF_CONFIG", "{}")
    assert not devices.side_by_side(batch_size=128)
    assert not threads


def test_threads_that_are_at_work_stay_as_they_are():
    tf.constant(0)
    before = tf.config.threading.get_intra_op_parallelism_threads()
    devices.side_by_side(batch_size=128)
    assert tf.config.threading.get_intra_op_parallelism_threads() == before
    assert devices._processors() >= 1


def test_one_device_is_nothing_special():
    spread = devices.strategy(batch_size=1)
    assert spread is tf.distribute.get_strategy()
    assert devices.is_chief(spread)
    assert devices.any_of(spread, True, False) == [True, False]


@pytest.mark.parametrize(
    "config",
    [
        "no json",
        "[]",
        '{"cluster": {"worker": []}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "ps", "index": 0}}',
    ],
)
def test_a_config_that_names_no_machine_is_a_sentence(monkeypatch, config):
    monkeypatch.setenv("TF_CONFIG", config)
    with pytest.raises(UserError, match=r"TF_CONFIG does not name the workers"):
        devices.strategy(batch_size=32)


def test_a_batch_too_small_for_the_devices_is_a_sentence(monkeypatch):
    class Spread:
        num_replicas_in_sync = 4

    monkeypatch.setattr(devices, "_on_this_machine", Spread)
    assert devices.strategy(batch_size=4)
    with pytest.raises(UserError, match="too small for 4 devices; give --batch-size 4 or more"):
        devices.strategy(batch_size=3)
