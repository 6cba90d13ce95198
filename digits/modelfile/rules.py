"""Rules: what a setting of a layer may be. Each returns it as it goes on to Keras, or raises UnfitError."""

import re


class UnfitError(Exception):
    """A setting that its rule does not allow."""


LEFT_OUT = object()  # allowed, and of no use to a network whose weights are given


def only(*values):
    def rule(value):
        if not any(type(value) is type(one) and value == one for one in values):
            raise UnfitError
        return value

    return rule


def default(*values):
    def rule(value):
        only(*values)(value)
        return LEFT_OUT  # older versions of Keras know no such setting

    return rule


def unused(value):
    return LEFT_OUT


def between(least, most):
    def rule(value):
        if type(value) not in (int, float) or not least <= value <= most:
            raise UnfitError
        return value

    return rule


number = between(-1e9, 1e9)


def whole(least, most):
    def rule(value):
        if type(value) is not int or not least <= value <= most:
            raise UnfitError
        return value

    return rule


def several(rule, least=1, most=4):
    def each(value):
        if type(value) is not list or not least <= len(value) <= most:
            raise UnfitError
        return [rule(one) for one in value]

    return each


def any_of(first, second):
    def rule(value):
        try:
            return first(value)
        except UnfitError:
            return second(value)

    return rule


def name(value):
    if type(value) is not str or not 0 < len(value) <= 200:
        raise UnfitError
    return value


def is_plain(name):
    """Say whether a name is one that TensorFlow takes too."""
    return bool(re.fullmatch(r"[A-Za-z][\w.-]{0,99}", name, re.ASCII))


def plain_name(value):
    if not is_plain(name(value)):
        raise UnfitError
    return value


def axis(value):
    if type(value) is list and len(value) == 1:  # as older versions of Keras write it
        value = value[0]
    return whole(-4, 4)(value)


def nested_numbers(value, depth=4):
    if type(value) is not list or not depth:
        return number(value)
    return [nested_numbers(one, depth - 1) for one in value]


def _object(modules, names):
    """Allow an object of Keras by its name, in the form in which Keras writes it; return its config."""

    def rule(value):
        if (
            type(value) is not dict
            or not value.keys() <= {"module", "class_name", "config", "registered_name", "shared_object_id"}
            or value.get("module", modules[0]) not in modules
            or value.get("class_name") not in names
            or value.get("registered_name") not in (None, value["class_name"])
        ):
            raise UnfitError
        return value.get("config")

    return rule


def _helper(module, *names):
    """Allow an object that only starts or guides a training, and leave it out."""
    plain = any_of(number, any_of(only(None, True, False), plain_name))

    def rule(value):
        if value is not None and not (type(value) is str and value in names):
            config = _object((module,), names)(value)
            if type(config) is not dict or len(config) > 10:
                raise UnfitError
            for setting in config.values():
                any_of(plain, several(plain))(setting)
        return LEFT_OUT

    return rule


def activation(value):
    if type(value) is dict:  # as Keras writes a function
        value = _object(("builtins", "keras.activations"), ("function",))(value)
    return only(*_ACTIVATIONS)(value)


def precision(value):
    if type(value) is dict:
        value = _object(("keras", "keras.mixed_precision"), ("DTypePolicy", "FloatDTypePolicy", "Policy"))(value)
        value = value.get("name") if type(value) is dict else None
    only("float32", "float64", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16")(value)
    return "float32"  # whatever it was trained in: it is what reads best, and everywhere


def input_precision(value):
    if type(value) is str and value in WHOLE_NUMBERS:
        return "float32"
    return precision(value)


WHOLE_NUMBERS = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64")
_ACTIVATIONS = (  # all of Keras but glu and threshold, which no layer of it can use
    *("linear", "relu", "relu6", "leaky_relu", "elu", "celu", "selu", "gelu", "silu", "swish", "mish", "softplus"),
    *("softsign", "squareplus", "sparse_plus", "soft_shrink", "hard_shrink", "tanh_shrink", "sigmoid"),
    *("log_sigmoid", "sparse_sigmoid", "hard_sigmoid", "hard_silu", "hard_swish", "tanh", "hard_tanh", "exponential"),
    *("softmax", "log_softmax", "sparsemax"),
)
GIVEN = _helper(  # weights are in the file
    "keras.initializers",
    *("Zeros", "Ones", "Constant", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Orthogonal"),
    *("GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform"),
)
REGULARISER = _helper("keras.regularizers", "L1", "L2", "L1L2", "l1", "l2")
CONSTRAINT = _helper("keras.constraints", "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm")
POSITIVE = between(0, 1e9)
SHARE = between(0, 1)
SWITCH = only(True, False)
SIDE = whole(1, 784)
SIDES = any_of(SIDE, several(SIDE, 1, 2))
EDGE = whole(0, 784)
EDGES = any_of(EDGE, several(any_of(EDGE, several(EDGE, 2, 2)), 2, 2))
FACTORS = any_of(between(-0.9999, 1), several(between(-0.9999, 1), 1, 2))  # as Keras has them: above -1
SEED = any_of(only(None), whole(0, 2**32 - 1))
LAST = only("channels_last")
