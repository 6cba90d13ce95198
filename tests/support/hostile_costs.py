"""Descriptions of a few kB that would take hours or all memory, were they built."""

import json

from tests.support.model_files import dense, entry, functional, part, placed, sequential, write

_LAST = {"data_format": "channels_last"}


def _chain(*layers):
    return lambda path, canary: write(path, sequential(*layers))


def _graph(*layers, end):
    return lambda path, canary: write(path, functional(*layers, end=end))


def _many(count, kind, **config):
    return _chain(*(part(kind, name=f"layer{number}", **config) for number in range(count)))


def _window(kind="Conv2D", name="window", **changes):
    settings = {"kernel_size": [3, 3], "strides": [1, 1], "dilation_rate": [1, 1], "padding": "same", "use_bias": False}
    return part(kind, name=name, **(settings | {"filters": 1, "groups": 1} | _LAST | changes))


def _doubled(times):
    """Each layer joins what the one before gives with itself."""
    layers, before = [], "input"
    for number in range(times):
        layers.append(placed(part("Concatenate", name=f"join{number}", axis=-1), before, before))
        before = f"join{number}"
    return _graph(*layers, end=before)


def _used(times):
    """One layer, used again and again."""
    relu = placed(part("ReLU", name="relu"), "input")
    for use in range(times):
        node = placed(part("ReLU", name="x"), "relu")["inbound_nodes"][0]
        node["args"][0]["config"]["keras_history"][1] = use
        relu["inbound_nodes"].append(node)
    return _graph(relu, end="relu")


def _networks_of_networks(levels, times):
    """Networks that each use one in them several times: times ** levels layers."""
    inner = part("Sequential", "keras", name="inner", layers=[entry(), part("ReLU", name="relu")])
    for _ in range(levels):
        net = placed(inner, "input")
        for use in range(times - 1):
            node = placed(part("ReLU", name="x"), "inner")["inbound_nodes"][0]
            node["args"][0]["config"]["keras_history"][1] = use
            net["inbound_nodes"].append(node)
        ends = {"input_layers": ["input", 0, 0], "output_layers": ["inner", times - 1, 0]}
        inner = part("Functional", "keras", name="inner", layers=[placed(entry()), net], **ends)
    return _chain(inner | {"config": inner["config"] | {"name": "outer"}})


def _sums(count):
    """A layer that takes all before it, and so does each."""
    names = ["input"]
    layers = []
    for number in range(count):
        layers.append(placed(part("Concatenate", name=f"all{number}", axis=-1), *names, "input"))
        names.append(f"all{number}")
    return _graph(*layers, end=names[-1])


_NUMBERS, _WORK, _LAYERS = "numbers between its layers", "multiplications for one grid", "more than 250 layers"
COSTS = {
    "700 rectifiers": (_many(700, "ReLU"), "more than 100 layers"),
    "300 rectifiers": (_many(300, "ReLU"), "more than 100 layers"),
    "1,500 dense layers": (_many(1500, "Dense", units=1, use_bias=False), "more than 100 layers"),
    "a layer used 1,500 times": (_used(1500), "plain way"),
    "a layer used 1,000 times": (_used(999), _LAYERS),
    "networks of networks, 20 times 20 times 20": (_networks_of_networks(3, 20), _LAYERS),
    "networks of networks, 200 times 200": (_networks_of_networks(2, 200), _LAYERS),
    "each layer double the one before": (_doubled(30), _NUMBERS),
    "each layer all before it": (_sums(30), _NUMBERS),
    "a wide layer": (_many(1, "Dense", units=1_000_000, use_bias=False), _NUMBERS),
    "layers wide enough together": (_many(20, "Dense", units=600, use_bias=False), _WORK),
    "wide and wide again": (
        _chain(
            part("Flatten", name="flat"), *(part("Dense", name=f"d{n}", units=3000, use_bias=False) for n in range(3))
        ),
        "more than 16,000,000 weights",
    ),
    "a wide convolution": (_chain(_window(filters=100_000)), _NUMBERS),
    "a deep convolution": (_chain(_window(filters=2000), _window(filters=2000, name="second")), _WORK),
    "a window of the whole sheet and more": (_chain(_window(kernel_size=[784, 784], filters=3)), _WORK),
    "a long window": (_chain(_window(kernel_size=[1, 785])), "kernel_size"),
    "a window far apart": (_chain(_window(dilation_rate=[784, 784])), "cannot take"),
    "a window rather far apart": (_chain(_window(dilation_rate=[28, 28])), "cannot take"),
    "strides and gaps at once": (_chain(_window(dilation_rate=[2, 2], strides=[2, 2])), "cannot take"),
    "many windows for each channel": (
        _chain(_window("DepthwiseConv2D", depth_multiplier=1000, kernel_size=[50, 50])),
        "'filters', which is not known",
    ),
    "a pool of everything": (
        _chain(
            *(
                part("MaxPooling2D", name=f"p{n}", pool_size=[784, 784], strides=[1, 1], padding="same")
                for n in range(9)
            )
        ),
        _WORK,
    ),
    "padding": (
        _chain(part("ZeroPadding2D", name="x", padding=784), part("ZeroPadding2D", name="y", padding=784)),
        _NUMBERS,
    ),
    "padding without end": (_chain(part("ZeroPadding2D", name="x", padding=10**9)), "padding = 1000000000"),
    "more cropped than there is": (_chain(part("Cropping2D", name="x", cropping=20, **_LAST)), "no shape to work with"),
    "enlarged": (_chain(part("UpSampling2D", name="x", size=[784, 784], interpolation="nearest")), _NUMBERS),
    "enlarged in turns": (
        _chain(*(part("UpSampling2D", name=f"x{n}", size=2, interpolation="bilinear") for n in range(9))),
        _NUMBERS,
    ),
    "a poster": (_chain(*(part("Resizing", name=f"x{n}", height=784, width=784) for n in range(20))), _NUMBERS),
    "a poster too large": (_chain(part("Resizing", name="x", height=785, width=1)), "height = 785"),
    "sides without end": (_chain(part("Reshape", name="x", target_shape=[1] * 50)), "target_shape"),
    "settings without end": (
        lambda path, canary: write(path, json.dumps(sequential(end=dense(**{f"s{n}": 1 for n in range(9000)})))),
        "not known here",
    ),
    "a batch without end": (
        lambda path, canary: write(
            path, sequential(start=part("InputLayer", name="i", batch_shape=[10**12, 28, 28, 1]))
        ),
        "batch_shape",
    ),
    "six axes": (
        lambda path, canary: write(
            path, sequential(start=part("InputLayer", name="i", batch_shape=[None, 28, 1, 1, 28, 1]))
        ),
        "batch_shape",
    ),
}
