"""Every layer that a file may have, with a setting that it may not: made at random from a seed."""

import numpy as np

from tests.support.hostile_networks import code, function
from tests.support.layer_examples import EXAMPLES
from tests.support.model_files import part, sequential, write

SEED = 0
_ANYTHING_GOES = {"value_range", "fill_mode", "fill_value", "shared_axes", "mean", "variance"}


def _texts(canary, rng):
    command = f"echo > {canary}"
    return str(
        rng.choice([f"__import__('os').system({command!r})", "os.system", "../" * 20, "\x1b[2J\n" * 30, "a" * 10**4])
    )


def _numbers(canary, rng):
    return [-(10**300), 10**4000, -1.5e308, 2**63][rng.integers(4)]


def _objects(canary, rng):
    return [code(canary), function("os", "system"), part("Lambda", name="x"), {}, {"class_name": "__tensor__"}][
        rng.integers(5)
    ]


def _lists(canary, rng):
    deep = 7
    for _ in range(60):
        deep = [deep]
    return [deep, [[]] * 9, [None] * 4000, [{}], ["0"]][rng.integers(5)]


_VALUES = {"a text": _texts, "a number": _numbers, "an object": _objects, "a list": _lists}


def _hostile(kind, value, rng):
    """One kind of file: a layer with a setting, at random one of its own, to which no layer may be set."""
    settings, *_ = EXAMPLES[kind]
    own = sorted(settings.keys() - _ANYTHING_GOES)
    key = str(rng.choice(own)) if own else "trainable"
    seed = int(rng.integers(2**32))

    def make(path, canary):
        bad = _VALUES[value](canary, np.random.default_rng(seed))
        write(path, sequential(part(kind, name="hostile", **(settings | {key: bad}))))

    return make, f"has {key} = "


def _kinds():
    rng = np.random.default_rng(SEED)
    return {
        f"{kind} with {value} for a setting": _hostile(kind, value, rng)
        for kind in EXAMPLES
        if kind != "InputLayer"
        for value in rng.choice([*_VALUES], 2, replace=False).tolist()
    }


LAYERS = _kinds()
