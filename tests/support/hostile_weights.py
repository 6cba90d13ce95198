"""Weights in HDF5 that Keras did not write so, in both formats."""

import json

import h5py
import numpy as np

from tests.support.hostile_networks import with_lambda
from tests.support.model_files import BIAS, KERNEL, hdf5, older, write


def _weights(change=None, **arrays):
    return lambda path, canary: write(path, weights=hdf5(change, **arrays))


def _kernel(make):
    """Another thing in the place of the kernel; `make` gets the file."""

    def change(file):
        del file[KERNEL]
        make(file)

    return _weights(change)


def _external_link(path, canary):
    with h5py.File(canary.with_suffix(".h5"), "w") as other:
        other["secret"] = np.zeros((784, 10), np.float32)
    link = h5py.ExternalLink(str(canary.with_suffix(".h5")), "/secret")
    _kernel(lambda file: file.__setitem__(KERNEL, link))(path, canary)


def _external_storage(path, canary):
    canary.with_suffix(".raw").write_bytes(bytes(4 * 7840))
    place = [(str(canary.with_suffix(".raw")), 0, 4 * 7840)]
    _kernel(lambda file: file.create_dataset(KERNEL, (784, 10), "f4", external=place))(path, canary)


def _virtual(file):
    layout = h5py.VirtualLayout((784, 10), "f4")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "secret", (784, 10))
    file.create_virtual_dataset(KERNEL, layout)


def _absurd(file):
    file.create_dataset(KERNEL, (10**6, 10**6), "f4")  # four terabytes, of which none is in the file


def _deep(file):
    file["/".join("d" * 100)] = np.zeros(1)


def _many(file):
    for number in range(6_000):
        file.create_group(f"g{number}")


WEIGHTS = {
    "weights that are none": (lambda path, canary: write(path, weights=b"Dear model,"), "cannot be read"),
    "no weights in the weights": (lambda path, canary: write(path, weights=b""), "cannot be read"),
    "half of the weights": (lambda path, canary: write(path, weights=hdf5()[:9000]), "cannot be read"),
    "a weight that is no number": (_weights(bias=np.full(10, np.nan, np.float32)), BIAS, "not finite"),
    "a weight without end": (_weights(bias=np.full(10, np.inf, np.float32)), BIAS, "not finite"),
    "weights of another shape": (_weights(kernel=np.zeros((10, 784), np.float32)), "(10, 784), expected (784, 10)"),
    "a kernel that is not there": (_kernel(lambda file: None), f"lack {KERNEL}"),
    "a way to another file": (_external_link, KERNEL, "is a link"),
    "a way to another place": (_kernel(lambda file: file.__setitem__(KERNEL, h5py.SoftLink("/x"))), "is a link"),
    "weights kept elsewhere": (_external_storage, KERNEL, "not lie in the file itself"),
    "weights put together": (_kernel(_virtual), KERNEL, "not lie in the file itself"),
    "weights that unpack": (
        _kernel(lambda file: file.create_dataset(KERNEL, (784, 10), "f4", compression="gzip")),
        "not lie in the file itself",
    ),
    "weights in pieces": (
        _kernel(lambda file: file.create_dataset(KERNEL, (784, 10), "f4", chunks=(7, 10))),
        "one piece",
    ),
    "weights that grow": (
        _kernel(lambda file: file.create_dataset(KERNEL, (784, 10), "f4", maxshape=(None, 10))),
        "piece",
    ),
    "terabytes of nothing": (_kernel(_absurd), "more than is in the file"),
    "weights for weights": (_kernel(lambda file: file.create_dataset(KERNEL, (0, 784, 10, 1, 1), "f4")), "one piece"),
    "words": (_kernel(lambda file: file.__setitem__(KERNEL, ["a", "b"])), "expected numbers"),
    "truths": (_kernel(lambda file: file.__setitem__(KERNEL, np.zeros(3, bool))), "expected numbers"),
    "records": (_kernel(lambda file: file.__setitem__(KERNEL, np.zeros(3, "i4,f4"))), "expected numbers"),
    "references": (_kernel(lambda file: file.create_dataset(KERNEL, (3,), h5py.ref_dtype)), "expected numbers"),
    "a type for an array": (_kernel(lambda file: file.__setitem__(KERNEL, np.dtype("f4"))), "neither a group nor"),
    "a circle of groups": (_weights(lambda file: file.__setitem__("layers/again", file["/"])), "nothing is expected"),
    "groups without end": (_weights(_deep), "nothing is expected"),
    "6,000 groups": (_weights(_many), "nothing is expected"),
}


def _older(change=None, config=None, **attributes):
    return lambda path, canary: path.write_bytes(older(config, change, **attributes))


def _replaced(make):
    """Another thing in the place of the kernel; `make` gets the group of the weights."""

    def change(weights):
        del weights[_OLDER_KERNEL]
        make(weights)

    return _older(change)


def _named(names):
    def change(weights):
        weights["dense"].attrs["weight_names"] = names

    return _older(change)


_OLDER_KERNEL = "dense/dense/kernel:0"
OLDER = {
    "older: no weights": (_older(lambda weights: weights.clear()), "dense has 0 arrays of weights, expected 2"),
    "older: a weight that is not there": (
        _named(["dense/kernel:0", "dense/gone:0"]),
        "lack model_weights/dense/dense/gone",
    ),
    "older: a weight too few": (_named(["dense/kernel:0"]), "dense has 1 arrays of weights, expected 2"),
    "older: a weight too many": (_named(["dense/kernel:0", "dense/bias:0"] * 2), "dense has 4 arrays"),
    "older: a way out": (_named(["../../dense", "/etc/passwd"]), "lack model_weights/dense/../../dense"),
    "older: numbers for names": (_named([1, 2]), "not as Keras writes it"),
    "older: names by the thousand": (
        _named([f"{number:030}" for number in range(3000)]),
        "lack model_weights/dense/000",
    ),
    "older: weights the wrong way round": (_named(["dense/bias:0", "dense/kernel:0"]), "have the shape (10,)"),
    "older: a way to another file": (
        _replaced(lambda weights: weights.__setitem__(_OLDER_KERNEL, h5py.ExternalLink("other.h5", "/secret"))),
        "is a link",
    ),
    "older: weights that unpack": (
        _replaced(lambda weights: weights.create_dataset(_OLDER_KERNEL, (784, 10), "f4", compression="gzip")),
        "not lie in the file itself",
    ),
    "older: not a number": (
        _replaced(lambda weights: weights.__setitem__(_OLDER_KERNEL, np.full((784, 10), np.nan, np.float32))),
        "not finite",
    ),
    "older: groups without end": (_older(_deep), "nothing is expected"),
    "older: a circle of groups": (_older(lambda weights: weights.__setitem__("x", weights)), "nothing is expected"),
}
OLDER_DESCRIPTIONS = {
    "older: no network": (_older(config="null"), "no settings"),
    "older: no JSON": (_older(config="{"), "no JSON"),
    "older: code in a layer": (lambda path, canary: path.write_bytes(older(with_lambda(canary))), "Lambda"),
    "older: a number for a network": (_older(model_config=7), "not as Keras writes it"),
    "older: a description of a megabyte": (_older(config=json.dumps("x" * 2**20)), "1,048,578 bytes"),
    "older: texts for a network": (_older(model_config=["a", "b"]), "several descriptions"),
    "older: nothing for a network": (_older(model_config=[]), "or none"),
}
