"""Descriptions of networks that are none, or name what is not to be built."""

import base64
import json
import marshal

from tests.support.model_files import dense, entry, functional, part, placed, sequential, write


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


def code(canary):
    """A function that leaves a canary, as Keras packs it."""
    code = compile(f"lambda x: (open({str(canary)!r}, 'w').close(), x)[1]", "code", "eval").co_consts[0]
    packed = base64.b64encode(marshal.dumps(code)).decode()
    return {"class_name": "__lambda__", "config": {"code": packed, "value": packed, "defaults": None, "closure": None}}


def with_lambda(canary):
    layer = part("Lambda", name="code", function=code(canary), arguments={}, output_shape=[28, 28, 1])
    return sequential(layer)


def function(module, name, config=None):
    return {"module": module, "class_name": "function", "config": config or name, "registered_name": name}


def _touch(canary):
    """A layer that is the operating system's shell."""
    return sequential(part("system", "os", command=f"echo > {canary}", name="dense"))


def _nest(levels):
    inner = sequential()
    for _ in range(levels):
        inner = part("Sequential", "keras", name="outer", layers=[entry(), inner])
    return inner


def _linked(history):
    """A functional network one of whose layers takes what a link says."""
    relu = placed(part("ReLU", name="relu"), "input")
    if history is None:
        return functional(relu | {"inbound_nodes": {}}, end="relu")
    relu["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = history
    return functional(relu)


def _operation(named, operand):
    """A functional network in which something is done with a number."""
    made = placed(part(named, "keras.src.ops.numpy", named, name="operation"), "input")
    made["inbound_nodes"][0]["args"].append(operand)
    return functional(made)


def _used_for_two_shapes():
    config = functional(placed(part("ReLU", name="relu"), "input"))
    dense = config["config"]["layers"][-1]
    dense["inbound_nodes"] += placed(dense, "relu")["inbound_nodes"]
    return config


def _used_by_itself():
    config = functional()
    config["config"]["layers"][1]["inbound_nodes"] *= 2
    config["config"]["layers"][1]["inbound_nodes"][0] = placed(part("ReLU", name="x"), "flatten")["inbound_nodes"][0]
    return config


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
    "code for an activation": (_config(lambda canary: sequential(end=dense(activation=code(canary)))), "activation"),
    "code for an initialiser": (
        _config(lambda canary: sequential(end=dense(kernel_initializer=code(canary)))),
        "kernel_initializer",
    ),
    "code among the tensors": (
        _config(lambda canary: functional(placed(part("ReLU", name="relu"), "input", mask=code(canary)), end="relu")),
        "plain way",
    ),
    "a shell": (_config(_touch), "os.system, a class of some program's own"),
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
    "a list for a module": (_layer("ReLU", ["keras.layers"], name="relu"), "only Keras's own layers"),
    "a list for a class": (_layer(["ReLU"], name="relu"), "not opened"),
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
    "an activation of a module": (_set(activation=function("os", "system")), "activation"),
    "an activation from Keras's inside": (_set(activation=function("keras.utils", "get_file")), "activation"),
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
    "a dropout of nothing": (_layer("SpatialDropout2D", name="x"), "layer x has no rate"),
    "a zoom out of everything": (_layer("RandomZoom", name="x", height_factor=-1), "height_factor = -1"),
    "slopes shared from behind": (_layer("PReLU", name="x", shared_axes=[-1]), "shared_axes"),
    "negative units": (_set(units=-10), "units = -10"),
    "units in words": (_set(units="ten"), "units = 'ten'"),
    "half a unit": (_set(units=0.5), "units = 0.5"),
    "units by the billion": (_set(units=10**9), "units"),
    "a name without end": (_set(name="x" * 201), "named 'xxx", "1 to 200 letters"),
    "a number for a name": (_set(name=7), "named 7"),
    "no name": (_set(name=None), "named None"),
    "a window wider than the sheet": (
        _layer("MaxPooling2D", name="x", pool_size=[29, 29], strides=None, padding="valid"),
        "no shape to work with",
    ),
    "a shape out of nothing": (_layer("Reshape", name="x", target_shape=[28, 28, 2]), "cannot take"),
    "colours": (_described(sequential(start=entry((28, 28, 3)))), "does not fit", "(None, 28, 28, 3)"),
    "a larger sheet": (_described(sequential(start=entry((32, 32, 1)))), "does not fit", "(None, 32, 32, 1)"),
    "a sheet without sides": (_described(sequential(start=entry((None, None, 1)))), "expected None, 28, 28, 1"),
    "letters": (_set(units=26), "does not fit", "(None, 26)"),
    "no answer": (_described(sequential(end=part("ReLU", name="relu"))), "does not fit", "(None, 784)"),
}

GRAPHS = {
    "no layers": (_described(part("Sequential", "keras", name="net", layers=[])), "no layers"),
    "layers that are none": (_described(part("Sequential", "keras", name="net", layers=[1, "x"])), "no settings"),
    "no input": (
        _described(part("Sequential", "keras", name="net", layers=[dense()])),
        "does not begin with an InputLayer",
    ),
    "two inputs": (_described(functional(placed(entry() | {"config": entry()["config"] | {"name": "b"}}))), "no place"),
    "two outputs": (_described(functional(output_layers=[["dense", 0, 0], ["flatten", 0, 0]])), "plain way"),
    "an output that is not there": (_described(functional(output_layers=["gone", 0, 0])), "not among its layers"),
    "a circle": (_described(functional(placed(part("ReLU", name="relu"), "dense"), end="relu")), "no place of its own"),
    "a layer used for two shapes": (_described(_used_for_two_shapes()), "different shapes"),
    "a layer used by itself": (_described(_used_by_itself()), "no place of its own"),
    "two layers of one name": (_described(sequential(part("ReLU", name="r"), part("ReLU", name="r"))), "layer r"),
    "shapes that do not add up": (
        _described(
            functional(
                placed(part("Flatten", name="flat"), "input"),
                placed(part("Add", name="add"), "input", "flat"),
                end="add",
            )
        ),
        "cannot take (28, 28, 1) and (784,)",
    ),
    "networks in networks in networks": (_described(_nest(30)), "nested too deeply"),
    "a layer that leads nowhere": (
        _described(functional(placed(part("ReLU", name="relu"), "input"))),
        "relu leads nowhere",
    ),
    "a use that is not there": (_described(_linked(["input", 1, 0])), "no place of its own"),
    "a use before the first": (_described(_linked(["input", -1, 0])), "plain way"),
    "a second output": (_described(_linked(["input", 0, 1])), "plain way"),
    "a link to a number": (_described(_linked([0, 0, 0])), "plain way"),
    "a link to nothing": (_described(_linked(["nowhere", 0, 0])), "no place of its own"),
    "a link of two": (_described(_linked(["input", 0])), "plain way"),
    "no links": (_described(_linked(None)), "plain way"),
    "nodes of the older form to nothing": (
        _described(functional(placed(part("ReLU", name="relu")) | {"inbound_nodes": [[["gone", 0, 0, {}]]]})),
        "no place of its own",
    ),
    "code in a node of the older form": (
        _config(
            lambda canary: functional(
                placed(part("ReLU", name="relu")) | {"inbound_nodes": [[["input", 0, 0, {"mask": code(canary)}]]]}
            )
        ),
        "plain way",
    ),
    "an input in the middle": (
        _described(sequential(entry() | {"config": entry()["config"] | {"name": "b"}})),
        "no place",
    ),
    "an operation with code": (_config(lambda canary: _operation("Add", code(canary))), "plain way"),
    "an operation by nothing": (_described(_operation("TrueDivide", 0)), "TrueDivide", "only + - * and /"),
    "an operation by too much": (_described(_operation("Multiply", 10**300)), "scale = 1000"),
    "an operation of no layer": (_described(_operation("Power", 2)), "Power", "only + - * and /"),
    "an operation with a text": (_described(_operation("Add", "1")), "only + - * and /"),
}
