"""Model files made without Keras, in milliseconds: good ones, and the parts that bad ones are made of."""

import io
import json
import zipfile

import h5py
import numpy as np

KERNEL, BIAS = "layers/dense/vars/0", "layers/dense/vars/1"


def write(path, config=None, weights=None, metadata=None, packed=zipfile.ZIP_DEFLATED):
    """Write a model file with the smallest network there is, but for what is given; return its path."""
    with zipfile.ZipFile(path, "w", packed) as archive:
        for name, content in members(config, weights, metadata).items():
            archive.writestr(name, content)
    return path


def members(config=None, weights=None, metadata=None):
    return {
        "metadata.json": json.dumps({"keras_version": "3.12.4"} if metadata is None else metadata),
        "config.json": config if isinstance(config, str | bytes) else json.dumps(config or sequential()),
        "model.weights.h5": hdf5() if weights is None else weights,
    }


def part(kind, module="keras.layers", registered_name=None, /, **config):
    return {"module": module, "class_name": kind, "config": config, "registered_name": registered_name}


def dense(**changes):
    return part("Dense", **({"name": "dense", "units": 10, "activation": "softmax", "use_bias": True} | changes))


def entry(shape=(28, 28, 1)):
    return part("InputLayer", name="input", batch_shape=[None, *shape], dtype="float32", sparse=False)


def sequential(*middle, end=None, start=None, name="network"):
    layers = [start or entry(), *middle, part("Flatten", name="flatten"), end or dense()]
    return part("Sequential", "keras", name=name, layers=layers)


def tensor(source, use=0):
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [source, use, 0]}}


def placed(layer, *sources, **kwargs):
    given = [tensor(source) for source in sources]
    node = {"args": [given if len(given) > 1 else given[0]], "kwargs": kwargs} if given else None
    return layer | {"name": layer["config"]["name"], "inbound_nodes": [node] if node else []}


def functional(*middle, end="input", **changes):
    """Describe a network whose last layers take from `end`."""
    layers = [placed(entry()), *middle, placed(part("Flatten", name="flatten"), end), placed(dense(), "flatten")]
    ends = {"input_layers": ["input", 0, 0], "output_layers": ["dense", 0, 0]}
    return part(
        "Functional", "keras.src.models.functional", "Functional", name="net", layers=layers, **(ends | changes)
    )


def hdf5(change=None, kernel=None, bias=None):
    """Return weights as Keras writes them; `change` gets the open file."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file[KERNEL] = np.zeros((784, 10), np.float32) if kernel is None else kernel
        file[BIAS] = np.zeros(10, np.float32) if bias is None else bias
        if change:
            change(file)
    return content.getvalue()


def older(config=None, change=None, **attributes):
    """Return a model of the older format, HDF5 as a whole; `change` gets the group of its weights."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file.attrs["model_config"] = config if isinstance(config, str | bytes) else json.dumps(config or sequential())
        file.attrs["keras_version"] = "2.15.0"
        for name, value in attributes.items():
            file.attrs[name] = value
        weights = file.create_group("model_weights")
        for layer in ("input", "flatten"):
            weights.create_group(layer).attrs["weight_names"] = []
        weights["dense/dense/kernel:0"] = np.zeros((784, 10), np.float32)
        weights["dense/dense/bias:0"] = np.zeros(10, np.float32)
        weights["dense"].attrs["weight_names"] = ["dense/kernel:0", "dense/bias:0"]
        if change:
            change(weights)
    return content.getvalue()
