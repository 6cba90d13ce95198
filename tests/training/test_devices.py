"""A training shared out among devices, and among machines that are processes here."""

import multiprocessing
import socket
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from digits import UserError
from digits.recipe import DEFAULT
from digits.training import devices
from tests.support import spread_out

ALONE = tf.distribute.get_strategy()
PROCESSES = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
PROCESSES.set_forkserver_preload([keras.__name__])  # not the rest: it starts a thread of TensorFlow


def start(file, count=1, machine=0, addresses=(), last=0):
    """Start a process of a training; its weights will be in `file`, unless it is to die after a step."""
    task = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": machine}} if addresses else None
    process = PROCESSES.Process(target=spread_out.share, args=(file, count, task, last))
    process.start()
    return process


def result(process, file):
    """Return the weights that a process came to, how many devices shared in it, and whether it was the chief."""
    process.join(timeout=600)
    assert process.exitcode == 0
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
def alone():
    """Return the weights that one device comes to."""
    return np.concatenate([weights.ravel() for weights in spread_out.train(ALONE).get_weights()])


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
    steps = spread_out.RECIPE.epoch_steps
    chief, _ = (
        start(file, machine=number, addresses=addresses, last=number * (steps + 3)) for number, file in enumerate(files)
    )
    chief.join(timeout=600)
    assert chief.exitcode == 1 and not files[1].exists()
    assert files[0].read_text() == f"Another machine of this training does not answer any more; kept: {steps} steps"


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
    assert devices.can_halve(DEFAULT)
    assert threads == {"intra_op": 4, "inter_op": 2}


def test_halves_that_are_too_small_stay_together_and_those_that_nobody_wants(threads):
    assert not devices.can_halve(replace(DEFAULT, batch_size=63))
    assert not devices.can_halve(replace(DEFAULT, in_halves=False))
    assert not threads


def test_a_gpu_and_other_machines_get_whole_batches(threads, monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind] if kind == "GPU" else [])
    assert not devices.can_halve(DEFAULT)
    monkeypatch.undo()
    monkeypatch.setenv("TF_CONFIG", "{}")
    assert not devices.can_halve(DEFAULT)
    assert not threads


def test_threads_that_are_at_work_stay_as_they_are():
    tf.constant(0)
    before = tf.config.threading.get_intra_op_parallelism_threads()
    devices.can_halve(DEFAULT)
    assert tf.config.threading.get_intra_op_parallelism_threads() == before
    assert devices._processors() >= 1


def test_one_device_is_nothing_special():
    strategy = devices.find_strategy(batch_size=1)
    assert strategy is tf.distribute.get_strategy()
    assert devices.is_chief(strategy) and not devices.are_several(strategy)
    assert devices.any_of(strategy, True, False) == [True, False]


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
        devices.find_strategy(batch_size=32)


def test_a_batch_too_small_for_the_devices_is_a_sentence(monkeypatch):
    class Strategy:
        num_replicas_in_sync = 4

    monkeypatch.setattr(devices, "_on_this_machine", Strategy)
    assert devices.find_strategy(batch_size=4)
    with pytest.raises(UserError, match="too small for 4 devices; give --batch-size 4 or more"):
        devices.find_strategy(batch_size=3)
