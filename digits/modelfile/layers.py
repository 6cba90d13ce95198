"""The layers that a network from a model file may have: what each may be set to, what it gives, what weights it has.

Keras makes objects of whatever class a file names, with whatever settings it gives, and some of these run code, read
other files or call functions by name. So what is not listed here is refused, classes and settings alike.
"""

from collections.abc import Callable
from typing import NamedTuple

from digits.modelfile import rules, shapes


class Layer(NamedTuple):
    """A kind of layer: a rule for each setting, what it takes, gives and has, and what it costs."""

    rules: dict
    axes: tuple[int, ...] = (1, 2, 3)  # how many it takes
    gives: Callable = shapes.same
    weights: Callable = shapes.none
    work: Callable = shapes.each
    merges: bool = False  # takes several things rather than one
    fixed: int = 0  # how many of its weights, at the end, no training changes


def _weighted(*kernels):
    parts = *kernels, "bias"
    return {
        "use_bias": rules.SWITCH,
        "activation": rules.activation,
        "activity_regularizer": rules.REGULARISER,
        **{f"{part}_initializer": rules.GIVEN for part in parts},
        **{f"{part}_regularizer": rules.REGULARISER for part in parts},
        **{f"{part}_constraint": rules.CONSTRAINT for part in parts},
    }


def _scaled(*moving):
    return {
        "epsilon": rules.POSITIVE,
        "center": rules.SWITCH,
        "scale": rules.SWITCH,
        **{f"{part}_initializer": rules.GIVEN for part in ("beta", "gamma", *moving)},
        **{f"{part}_regularizer": rules.REGULARISER for part in ("beta", "gamma")},
        **{f"{part}_constraint": rules.CONSTRAINT for part in ("beta", "gamma")},
    }


COMMON = {"trainable": rules.SWITCH, "dtype": rules.precision}
_CHANNELS = {"data_format": rules.LAST}
_WINDOW = {"padding": rules.only("valid", "same"), **_CHANNELS}
_KERNEL = {"kernel_size": rules.SIDES, "strides": rules.SIDES, "dilation_rate": rules.SIDES, **_WINDOW}
_FILTERS = {"filters": rules.whole(1, 100_000)}
_GROUPS = {"groups": rules.whole(1, 100_000)}
_TIMES = {"depth_multiplier": rules.whole(1, 1000)}
_POOLED = {"pool_size": rules.SIDES, "strides": rules.any_of(rules.only(None), rules.SIDES), **_WINDOW}
_WHOLE = {"keepdims": rules.SWITCH, **_CHANNELS}
_SEED = {"seed": rules.SEED}
_DROPPED = {"rate": rules.SHARE, "noise_shape": rules.only(None), **_SEED}
_RANDOM = {
    "fill_mode": rules.only("constant", "nearest", "reflect", "wrap"),
    "fill_value": rules.number,
    "interpolation": rules.only("bilinear", "nearest"),
    "value_range": rules.unused,
    **_SEED,
    **_CHANNELS,
}
_SHIFTED = {"height_factor": rules.FACTORS, "width_factor": rules.any_of(rules.only(None), rules.FACTORS), **_RANDOM}
_COLOURED = {"factor": rules.FACTORS, "value_range": rules.several(rules.number, 2, 2), **_SEED, **_CHANNELS}
_AXES = rules.any_of(rules.axis, rules.several(rules.axis, 1, 3))

_POOLING = Layer(_POOLED, (3,), shapes.pooled, work=shapes.pooled_work)
_POOLING_1D = _POOLING._replace(axes=(2,))
_POOLING_WHOLE = Layer(_WHOLE, (3,), shapes.pooled_whole, work=shapes.image_work)
_POOLING_WHOLE_1D = _POOLING_WHOLE._replace(axes=(2,))
_CONVOLUTION = Layer(
    {**_FILTERS, **_KERNEL, **_GROUPS, **_weighted("kernel")},
    (3,),
    shapes.convolution,
    shapes.convolution_weights,
    shapes.convolution_work,
)
_MERGE = Layer({}, gives=shapes.merged, merges=True)

LAYERS = {
    "InputLayer": Layer(
        {
            "batch_shape": rules.several(rules.any_of(rules.only(None), rules.whole(1, 100_000)), 2),
            "dtype": rules.input_precision,
            **{name: rules.default(False) for name in ("sparse", "ragged", "optional")},
        }
    ),
    # With weights
    "Conv1D": _CONVOLUTION._replace(
        axes=(2,), rules=_CONVOLUTION.rules | {"padding": rules.only("valid", "same", "causal")}
    ),
    "Conv2D": _CONVOLUTION,
    "Dense": Layer(
        {"units": rules.whole(1, 1_000_000), **_weighted("kernel")},
        gives=shapes.dense,
        weights=shapes.dense_weights,
        work=shapes.dense_work,
    ),
    "DepthwiseConv2D": Layer(
        {**_TIMES, **_KERNEL, **_weighted("depthwise")},
        (3,),
        shapes.depthwise,
        shapes.depthwise_weights,
        shapes.depthwise_work,
    ),
    "PReLU": Layer(
        {
            "shared_axes": rules.any_of(rules.only(None), rules.several(rules.whole(1, 3), 0, 3)),
            "alpha_initializer": rules.GIVEN,
            "alpha_regularizer": rules.REGULARISER,
            "alpha_constraint": rules.CONSTRAINT,
        },
        gives=shapes.shared,
        weights=shapes.slopes,
    ),
    "SeparableConv2D": Layer(
        {**_FILTERS, **_TIMES, **_KERNEL, **_weighted("depthwise", "pointwise")},
        (3,),
        shapes.separable,
        shapes.separable_weights,
        shapes.separable_work,
    ),
    # Normalisation
    "BatchNormalization": Layer(
        {
            "axis": rules.axis,
            "momentum": rules.SHARE,
            "synchronized": rules.default(False),
            "renorm": rules.default(False),
            "renorm_momentum": rules.unused,
            **_scaled("moving_mean", "moving_variance"),
        },
        gives=shapes.last_axis,
        weights=shapes.batch_weights,
        fixed=2,
    ),
    "GroupNormalization": Layer(
        {"groups": rules.any_of(rules.only(-1), rules.whole(1, 100_000)), "axis": rules.axis, **_scaled()},
        gives=shapes.grouped,
        weights=shapes.norm_weights,
    ),
    "LayerNormalization": Layer(
        {"axis": _AXES, "rms_scaling": rules.default(False), **_scaled()},
        gives=shapes.any_axes,
        weights=shapes.norm_weights,
    ),
    "Normalization": Layer(
        {
            "axis": rules.any_of(rules.only(None, []), _AXES),
            "mean": rules.any_of(rules.only(None), rules.nested_numbers),
            "variance": rules.any_of(rules.only(None), rules.nested_numbers),
            "invert": rules.SWITCH,
        },
        gives=shapes.normalised,
        weights=shapes.normalised_weights,
        fixed=3,
    ),
    "Rescaling": Layer({"scale": rules.number, "offset": rules.number}),
    "UnitNormalization": Layer({"axis": _AXES}, gives=shapes.any_axes),
    # Activations
    "Activation": Layer({"activation": rules.activation}),
    "ELU": Layer({"alpha": rules.number}),
    "LeakyReLU": Layer({"negative_slope": rules.POSITIVE}),
    "ReLU": Layer(
        {
            "max_value": rules.any_of(rules.only(None), rules.POSITIVE),
            "negative_slope": rules.POSITIVE,
            "threshold": rules.number,
        },
    ),
    "Softmax": Layer({"axis": rules.axis}, gives=shapes.any_axes),
    # Pooling
    "AveragePooling1D": _POOLING_1D,
    "AveragePooling2D": _POOLING,
    "GlobalAveragePooling1D": _POOLING_WHOLE_1D,
    "GlobalAveragePooling2D": _POOLING_WHOLE,
    "GlobalMaxPooling1D": _POOLING_WHOLE_1D,
    "GlobalMaxPooling2D": _POOLING_WHOLE,
    "MaxPooling1D": _POOLING_1D,
    "MaxPooling2D": _POOLING,
    # Shapes
    "Cropping2D": Layer({"cropping": rules.EDGES, **_CHANNELS}, (3,), shapes.cropped),
    "Flatten": Layer(_CHANNELS, gives=shapes.flat),
    "Permute": Layer({"dims": rules.several(rules.whole(1, 3), 1, 3)}, gives=shapes.permuted),
    "Reshape": Layer(
        {"target_shape": rules.several(rules.any_of(rules.only(-1), rules.whole(1, 1_000_000)), 1, 3)},
        gives=shapes.reshaped,
    ),
    "Resizing": Layer(
        {
            "height": rules.SIDE,
            "width": rules.SIDE,
            "interpolation": rules.only("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5"),
            "antialias": rules.SWITCH,
            **{f"{how}_to_aspect_ratio": rules.default(False) for how in ("crop", "pad")},
            "fill_mode": rules.unused,
            "fill_value": rules.unused,
            **_CHANNELS,
        },
        (3,),
        shapes.resized,
        work=shapes.image_work,
    ),
    "UpSampling2D": Layer(
        {"size": rules.SIDES, "interpolation": rules.only("nearest", "bilinear"), **_CHANNELS}, (3,), shapes.enlarged
    ),
    "ZeroPadding2D": Layer({"padding": rules.EDGES, **_CHANNELS}, (3,), shapes.padded),
    # Of several
    "Add": _MERGE,
    "Average": _MERGE,
    "Concatenate": Layer({"axis": rules.axis}, gives=shapes.joined, merges=True),
    "Dot": Layer({"axes": _AXES, "normalize": rules.SWITCH}, (1,), shapes.product, merges=True),
    "Maximum": _MERGE,
    "Minimum": _MERGE,
    "Multiply": _MERGE,
    "Subtract": _MERGE._replace(gives=shapes.merged_two),
    # Of use in training only
    "ActivityRegularization": Layer({"l1": rules.POSITIVE, "l2": rules.POSITIVE}),
    "AlphaDropout": Layer(_DROPPED),
    "Dropout": Layer(_DROPPED),
    "GaussianDropout": Layer({"rate": rules.SHARE, **_SEED}),
    "GaussianNoise": Layer({"stddev": rules.POSITIVE, **_SEED}),
    "Identity": Layer({}),
    "RandomBrightness": Layer(_COLOURED, (3,)),
    "RandomContrast": Layer(_COLOURED, (3,)),
    "RandomFlip": Layer({"mode": rules.only("horizontal", "vertical", "horizontal_and_vertical"), **_RANDOM}, (3,)),
    "RandomRotation": Layer({"factor": rules.FACTORS, **_RANDOM}, (3,)),
    "RandomTranslation": Layer(_SHIFTED, (3,)),
    "RandomZoom": Layer(_SHIFTED, (3,)),
    "SpatialDropout2D": Layer({"rate": rules.SHARE, **_SEED, **_CHANNELS}, (3,)),
}
