"""Model files made without Keras: a good one in milliseconds, and as many kinds of bad ones as one can think of.

`BAD` maps the name of each kind to (how to make it, words of the sentence that refuses it). A maker gets a path that
ends in .keras and a canary: a path at which a file would appear if anything of the model file were run or followed.
"""

import base64
import copy
import io
import json
import marshal
import os
import struct
import warnings
import zipfile
import zlib

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


def functional(*middle, end="flatten", **changes):
    layers = [placed(entry()), *middle, placed(part("Flatten", name="flatten"), "input"), placed(dense(), end)]
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


# Files


def _fifo(path, canary):
    os.mkfifo(path)


def _saved_model(path, canary):
    (path / "variables").mkdir(parents=True)
    (path / "saved_model.pb").write_bytes(b"\x08\x01")


def _sparse(path, canary):
    write(path)
    os.truncate(path, 200_000_000)


def _holding(content):
    return lambda path, canary: path.write_bytes(content)


def _cut(share):
    def kind(path, canary):
        whole = write(path).read_bytes()
        path.write_bytes(whole[: int(share * len(whole))])

    return kind


# Archives


def _with_members(change):
    """Members of the archive changed by a function; it returns (name, content) of further ones."""

    def kind(path, canary):
        content = members()
        more = change(content, canary) or []
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of two members of a name
            for name, one in [*content.items(), *more]:
                archive.writestr(name, one)

    return kind


def _without(name):
    return _with_members(lambda content, canary: content.pop(name) and None)


def _edited(change):
    """The bytes of a good file, changed."""

    def kind(path, canary):
        path.write_bytes(change(write(path, packed=zipfile.ZIP_STORED).read_bytes()))

    return kind


def _bomb(name, size):
    """A member of zeros, larger than it may be."""
    return _with_members(lambda content, canary: content.update({name: bytes(size)}))


def _lying_bomb(path, canary):
    """A config.json that unpacks to more than the archive says."""
    _bomb("config.json", 5_000_000)(path, canary)
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 5_000)))


def _many_members(path, canary):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2_000):
            archive.writestr(f"{number}.json", "")


def _wrong_checksum(content):
    at = content.rindex(struct.pack("<L", zlib.crc32(members()["config.json"].encode())))
    return content[:at] + b"\0\0\0\0" + content[at + 4 :]


# Descriptions


def _config(make):
    """A description; `make` gets the canary."""
    return lambda path, canary: write(path, make(canary))


def _described(config):
    return lambda path, canary: write(path, config)


def _layer(*layer, **config):
    return _described(sequential(part(*layer, **config)))


def _set(**changes):
    """The dense layer with other settings."""
    return _described(sequential(end=dense(**changes)))


def _code(canary):
    """A function that leaves a canary, as Keras packs it."""
    code = compile(f"lambda x: (open({str(canary)!r}, 'w').close(), x)[1]", "code", "eval").co_consts[0]
    packed = base64.b64encode(marshal.dumps(code)).decode()
    return {"class_name": "__lambda__", "config": {"code": packed, "value": packed, "defaults": None, "closure": None}}


def with_lambda(canary):
    layer = part("Lambda", name="code", function=_code(canary), arguments={}, output_shape=[28, 28, 1])
    return sequential(layer)


def _function(module, name, config=None):
    return {"module": module, "class_name": "function", "config": config or name, "registered_name": name}


def _touch(canary):
    """A layer that is the operating system's shell."""
    return sequential(part("system", "os", command=f"echo > {canary}", name="dense"))


def _nest(levels):
    inner = sequential()
    for _ in range(levels):
        inner = part("Sequential", "keras", name="outer", layers=[entry(), inner])
    return inner


def _used_twice():
    config = functional()
    nodes = config["config"]["layers"][-1]["inbound_nodes"]
    nodes.append(copy.deepcopy(nodes[0]))
    return config


# Weights


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


def _files():
    posix = {
        "a pipe": (_fifo, "is no file"),
        "a link to a device": (lambda path, canary: path.symlink_to("/dev/zero"), "is no file"),
        "a link to itself": (lambda path, canary: path.symlink_to(path), ""),
        "a link to nothing": (lambda path, canary: path.symlink_to(canary), "no such file"),
    }
    return {
        "missing": (lambda path, canary: None, "no such file", "python handwriting.py"),
        "a folder": (lambda path, canary: path.mkdir(), "is no file"),
        "a SavedModel": (_saved_model, "is no file"),
        "empty": (_holding(b""), "it is empty"),
        "text": (_holding(b"Dear model,\n"), "no zip"),
        "a picture": (_holding(b"\x89PNG\r\n\x1a\n" + bytes(100)), "no zip"),
        "pickled": (_holding(b"\x80\x04cos\nsystem\n."), "no zip"),
        "the older format": (_holding(hdf5()), "HDF5", "save the model as .keras"),
        "two letters": (_holding(b"PK"), "no zip"),
        "far too large": (_sparse, "200,000,000 bytes, expected at most"),
        **{f"cut at {share} %": (_cut(share / 100), "") for share in range(0, 100, 5)},
        **(posix if os.name == "posix" else {}),
    }


ARCHIVES = {
    "no member at all": (_holding(b"PK\5\6" + bytes(18)), "no zip"),
    "no config": (_without("config.json"), "no member config.json"),
    "no weights": (_without("model.weights.h5"), "no member model.weights.h5"),
    "no metadata": (_without("metadata.json"), "no member metadata.json"),
    "one member too many": (_with_members(lambda *_: [("assets/vocabulary.txt", "")]), "'assets/vocabulary.txt'"),
    "a way out": (_with_members(lambda _, canary: [("../" * 20 + str(canary)[1:], "")]), "'../../"),
    "a way to the root": (_with_members(lambda _, canary: [(str(canary), "")]), "expected only"),
    "a way out on Windows": (_with_members(lambda *_: [("..\\..\\canary", "")]), "expected only"),
    "a name over many lines": (_with_members(lambda *_: [("a\nb\x1b[2J", "")]), "\\n"),
    "a folder in it": (_with_members(lambda *_: [("layers/", "")]), "'layers/'"),
    "two configs": (
        _with_members(lambda _, canary: [("config.json", json.dumps(with_lambda(canary)))]),
        "more than one member config.json",
    ),
    "a config in other letters": (_with_members(lambda *_: [("CONFIG.JSON", "{}")]), "'CONFIG.JSON'"),
    "2,000 members": (_many_members, "list of members"),
    "a bomb for a config": (_bomb("config.json", 50_000_000), "unpacks to 50,000,000 bytes"),
    "a bomb for metadata": (_bomb("metadata.json", 5_000_000), "unpacks to 5,000,000 bytes"),
    "a bomb for weights": (_bomb("model.weights.h5", 101_000_000), "unpacks to 101,000,000 bytes"),
    "a bomb that lies": (_lying_bomb, "damaged"),
    "a wrong checksum": (_edited(_wrong_checksum), "CRC"),
    "a comment behind it": (_edited(lambda content: content[:-2] + b"\3\0abc"), "its end is missing"),
    "something before it": (_edited(lambda content: b"#!/bin/sh\n" + content), "no zip"),
    "a second end": (_edited(lambda content: content[:-22] + b"PK\6\7" + bytes(16) + content[-22:]), "list of members"),
    "encrypted": (
        _edited(lambda content: content.replace(b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1")),
        "encrypted",
    ),
    "packed by bzip2": (lambda path, canary: write(path, packed=zipfile.ZIP_BZIP2), "unusual way"),
    "packed by lzma": (lambda path, canary: write(path, packed=zipfile.ZIP_LZMA), "unusual way"),
}

TEXTS = {
    "no JSON": (_described("{'class_name'"), "no JSON"),
    "no text": (_described(b"\xff\xfe\xfa"), "no JSON"),
    "nothing": (_described(""), "no JSON"),
    "null": (_described("null"), "no settings"),
    "a number": (_described("7"), "no settings"),
    "a list": (_described("[]"), "no settings"),
    "brackets without end": (_described("[" * 200_000), "nested too deeply"),
    "objects without end": (_described('{"config":' * 20_000), "no JSON"),
    "a giant": (_described('{"a": "' + "x" * 300_000 + '"}'), "unpacks to 300,009 bytes"),
    "a giant number": (_set(units=10**4000), "units = 1000"),
    "not a number": (_described(json.dumps(sequential(end=dense(units=float("nan"))))), "no JSON (NaN)"),
    "a class said twice": (
        _config(lambda canary: json.dumps(sequential())[:-1] + ', "class_name": "Lambda", "module": "keras.layers"}'),
        "Lambda",
    ),
}

CLASSES = {
    "code in a layer": (_config(with_lambda), "keras.layers.Lambda"),
    "code in a network in it": (
        _config(
            lambda canary: sequential(with_lambda(canary) | {"config": with_lambda(canary)["config"] | {"name": "in"}})
        ),
        "keras.layers.Lambda",
    ),
    "code for an activation": (_config(lambda canary: sequential(end=dense(activation=_code(canary)))), "activation"),
    "code for an initialiser": (
        _config(lambda canary: sequential(end=dense(kernel_initializer=_code(canary)))),
        "kernel_initializer",
    ),
    "code among the tensors": (
        _config(lambda canary: functional(placed(part("ReLU", name="relu"), "input", mask=_code(canary)), end="relu")),
        "plain way",
    ),
    "a shell": (_config(_touch), "'os.system'"),
    "Python itself": (_layer("exec", "builtins", name="dense"), "builtins.exec"),
    "a process": (_layer("Popen", "subprocess", name="dense"), "subprocess.Popen"),
    "a layer nobody knows": (_layer("Capsule", name="capsule"), "keras.layers.Capsule"),
    "a layer of a program": (_layer("Mine", "__main__", "mine>Mine", name="mine"), "mine>Mine"),
    "a known name registered otherwise": (_layer("ReLU", "keras.layers", "evil>ReLU", name="relu"), "evil>ReLU"),
    "a known name of another module": (_layer("ReLU", "keras_hub.layers", name="relu"), "keras_hub.layers.ReLU"),
    "the inside of Keras": (_layer("func_load", "keras.src.utils.python_utils", name="load"), "python_utils.func_load"),
    "a download": (
        _layer("get_file", "keras.utils", name="fetch", origin="http://localhost/", extract=True),
        "get_file",
    ),
    "a setting of Keras": (_layer("enable_unsafe_deserialization", "keras.config", name="x"), "enable_unsafe"),
    "a SavedModel for a layer": (_layer("TFSMLayer", name="x", filepath="/tmp"), "TFSMLayer"),
    "a pickle for a layer": (_layer("TorchModuleWrapper", name="x", module="gASV"), "TorchModuleWrapper"),
    "a file of words": (_layer("StringLookup", name="x", vocabulary="/etc/passwd"), "StringLookup"),
    "texts": (_layer("TextVectorization", name="x", vocabulary="/etc/passwd"), "TextVectorization"),
    "a wrapper": (_layer("TimeDistributed", name="x", layer=part("Lambda")), "TimeDistributed"),
    "no module": (_layer("ReLU", None, name="relu"), "None.ReLU"),
    "a list for a module": (_layer("ReLU", ["keras.layers"], name="relu"), "expected only"),
    "a list for a class": (_layer(["ReLU"], name="relu"), "expected only"),
    "no network": (_described(dense()), "expected a network"),
    "an optimiser": (_described(part("Adam", "keras.optimizers", name="adam")), "keras.optimizers.Adam"),
    "Keras 2": (
        lambda path, canary: write(
            path, part("Functional", "keras.src.engine.functional"), metadata={"keras_version": "2.15.0"}
        ),
        "Keras 2.15.0 wrote it, and this is Keras 3",
    ),
}

SETTINGS = {
    "an activation with a dot": (_set(activation="os.system"), "activation = 'os.system'"),
    "an activation of a module": (_set(activation=_function("os", "system")), "activation"),
    "an activation from Keras's inside": (_set(activation=_function("keras.utils", "get_file")), "activation"),
    "an activation that is a class": (_set(activation=part("Lambda", name="x")), "activation"),
    "an initialiser of a module": (_set(kernel_initializer=part("system", "os")), "kernel_initializer"),
    "an initialiser with an inside": (
        _set(kernel_initializer=part("Constant", "keras.initializers", value=part("Lambda"))),
        "kernel_initializer",
    ),
    "a regulariser of its own": (_set(kernel_regularizer=part("Mine", "keras.regularizers", "me>Mine")), "kernel_reg"),
    "a constraint by a name": (_set(bias_constraint="eval"), "bias_constraint = 'eval'"),
    "a precision of its own": (_set(dtype=part("Mine", "__main__")), "dtype"),
    "a precision by an unknown name": (_set(dtype="int8_from_float32"), "dtype = 'int8"),
    "a setting nobody knows": (_set(lora_rank=4), "'lora_rank'"),
    "a setting of the future": (
        lambda path, canary: write(path, sequential(end=dense(mood="good")), metadata={"keras_version": "9.1.0"}),
        "'mood'",
        "Keras 9.1.0 wrote it, and this is Keras 3",
    ),
    "a setting with a long name": (_set(**{"x" * 5000 + "\n": 1}), "not known here"),
    "no units": (_set(units=None), "units"),
    "units left out": (_described(sequential(end=part("Dense", name="dense", use_bias=True))), "no units"),
    "negative units": (_set(units=-10), "units = -10"),
    "units in words": (_set(units="ten"), "units = 'ten'"),
    "half a unit": (_set(units=0.5), "units = 0.5"),
    "units by the billion": (_set(units=10**9), "units"),
    "more weights than there is memory": (
        _described(sequential(part("Dense", name="wide", units=1_000_000, use_bias=False))),
        "no shape to work with",
    ),
    "wide and wide again": (
        _described(sequential(*(part("Dense", name=f"wide{i}", units=5_300, use_bias=False) for i in range(3)))),
        "more than 25,000,000 weights",
    ),
    "a name like a path": (_set(name="../dense"), "named '../dense'"),
    "no name": (_set(name=None), "named None"),
    "a window wider than the sheet": (
        _layer("MaxPooling2D", name="x", pool_size=[29, 29], strides=None, padding="valid"),
        "no shape to work with",
    ),
    "a shape out of nothing": (_layer("Reshape", name="x", target_shape=[28, 28, 2]), "cannot make"),
    "colours": (_described(sequential(start=entry((28, 28, 3)))), "does not fit", "(None, 28, 28, 3)"),
    "a larger sheet": (_described(sequential(start=entry((32, 32, 1)))), "does not fit", "(None, 32, 32, 1)"),
    "a sheet without sides": (_described(sequential(start=entry((None, None, 1)))), "expected None, 28, 28, 1"),
    "letters": (_set(units=26), "does not fit", "(None, 26)"),
    "no answer": (_described(sequential(end=part("ReLU", name="relu"))), "does not fit", "(None, 784)"),
}

GRAPHS = {
    "no layers": (_described(part("Sequential", "keras", name="net", layers=[])), "no layers"),
    "layers that are none": (_described(part("Sequential", "keras", name="net", layers=[1, "x"])), "no settings"),
    "no input": (_described(part("Sequential", "keras", name="net", layers=[dense()])), "does not begin"),
    "two inputs": (_described(functional(placed(entry() | {"config": entry()["config"] | {"name": "b"}}))), "no place"),
    "two outputs": (_described(functional(output_layers=[["dense", 0, 0], ["flatten", 0, 0]])), "plain way"),
    "an output that is not there": (_described(functional(output_layers=["gone", 0, 0])), "not among its layers"),
    "a circle": (_described(functional(placed(part("ReLU", name="relu"), "dense"), end="relu")), "no place of its own"),
    "a layer used twice": (_config(lambda canary: _used_twice()), "plain way"),
    "two layers of one name": (_described(sequential(part("ReLU", name="r"), part("ReLU", name="r"))), "layer r"),
    "shapes that do not add up": (
        _described(functional(placed(part("Add", name="add"), "input", "flatten"), end="add")),
        "no place of its own",
    ),
    "networks in networks in networks": (_described(_nest(30)), "nested too deeply"),
    "nodes of the older form": (
        _described(functional(placed(part("ReLU", name="relu")) | {"inbound_nodes": [[["input", 0, 0, {}]]]})),
        "plain way",
    ),
}

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

BAD = {**_files(), **ARCHIVES, **TEXTS, **CLASSES, **SETTINGS, **GRAPHS, **WEIGHTS}
