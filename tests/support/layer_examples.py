"""Every layer that a file may have, once each, as Keras writes it: (settings, shapes of what it is given)."""

SHEET = (28, 28, 1)
MAPS = (6, 6, 4)
ROWS = (28, 4)
LINE = (8,)

_LAST = {"data_format": "channels_last"}
_BIASED = {"activation": "relu", "use_bias": True}
_MOVED = {"fill_mode": "reflect", "fill_value": 0.0, "interpolation": "bilinear", "seed": None, **_LAST}
_NORM = {"epsilon": 0.001, "center": True, "scale": True}


def _window(axes, **changes):
    sides = {"kernel_size": [3] * axes, "strides": [1] * axes, "dilation_rate": [1] * axes, "padding": "same"}
    return sides | _LAST | _BIASED | changes


def _pool(axes):
    return {"pool_size": [2] * axes, "strides": [2] * axes, "padding": "valid", **_LAST}


EXAMPLES = {
    "InputLayer": ({"batch_shape": [None, *SHEET], "dtype": "float32", "sparse": False}, SHEET),
    "Activation": ({"activation": "tanh"}, LINE),
    "ActivityRegularization": ({"l1": 0.1, "l2": 0.0}, LINE),
    "Add": ({}, MAPS, MAPS),
    "AlphaDropout": ({"rate": 0.1, "seed": None, "noise_shape": None}, LINE),
    "Average": ({}, MAPS, (1, 1, 4)),
    "AveragePooling1D": (_pool(1), ROWS),
    "AveragePooling2D": (_pool(2), MAPS),
    "BatchNormalization": ({"axis": -1, "momentum": 0.99, "synchronized": False, **_NORM}, MAPS),
    "Concatenate": ({"axis": -1}, MAPS, (6, 6, 2)),
    "Conv1D": (_window(1, filters=3, groups=1, padding="causal"), ROWS),
    "Conv2D": (_window(2, filters=4, groups=2), MAPS),
    "Cropping2D": ({"cropping": [[1, 0], [0, 2]], **_LAST}, MAPS),
    "Dense": ({"units": 3, **_BIASED}, LINE),
    "DepthwiseConv2D": (_window(2, depth_multiplier=2), MAPS),
    "Dot": ({"axes": 1, "normalize": True}, LINE, LINE),
    "Dropout": ({"rate": 0.5, "seed": 1, "noise_shape": None}, LINE),
    "ELU": ({"alpha": 0.5}, LINE),
    "Flatten": ({**_LAST}, MAPS),
    "GaussianDropout": ({"rate": 0.5, "seed": None}, LINE),
    "GaussianNoise": ({"stddev": 0.5, "seed": None}, LINE),
    "GlobalAveragePooling1D": ({"keepdims": False, **_LAST}, ROWS),
    "GlobalAveragePooling2D": ({"keepdims": True, **_LAST}, MAPS),
    "GlobalMaxPooling1D": ({"keepdims": True, **_LAST}, ROWS),
    "GlobalMaxPooling2D": ({"keepdims": False, **_LAST}, MAPS),
    "GroupNormalization": ({"groups": 2, "axis": -1, **_NORM}, MAPS),
    "Identity": ({}, MAPS),
    "LayerNormalization": ({"axis": [1, 3], **_NORM}, MAPS),
    "LeakyReLU": ({"negative_slope": 0.3}, LINE),
    "MaxPooling1D": (_pool(1), ROWS),
    "MaxPooling2D": (_pool(2), MAPS),
    "Maximum": ({}, LINE, LINE, LINE),
    "Minimum": ({}, LINE, LINE),
    "Multiply": ({}, (1, 6, 4), (6, 1, 1)),
    "Normalization": ({"axis": [3], "mean": None, "variance": None, "invert": False}, MAPS),
    "PReLU": ({"shared_axes": [1, 2]}, MAPS),
    "Permute": ({"dims": [3, 1, 2]}, MAPS),
    "RandomBrightness": ({"factor": [-0.1, 0.1], "value_range": [0, 1], "seed": None, **_LAST}, MAPS),
    "RandomContrast": ({"factor": [0, 0.1], "value_range": [0, 255], "seed": None, **_LAST}, MAPS),
    "RandomFlip": ({"mode": "horizontal", "seed": None, **_LAST}, MAPS),
    "RandomRotation": ({"factor": [-0.1, 0.1], **_MOVED}, MAPS),
    "RandomTranslation": ({"height_factor": 0.1, "width_factor": [-0.1, 0.2], **_MOVED}, MAPS),
    "RandomZoom": ({"height_factor": 0.1, "width_factor": None, **_MOVED}, MAPS),
    "ReLU": ({"max_value": 6.0, "negative_slope": 0.1, "threshold": 0.2}, LINE),
    "Rescaling": ({"scale": 2.0, "offset": -1}, MAPS),
    "Reshape": ({"target_shape": [-1, 2]}, LINE),
    "Resizing": ({"height": 9, "width": 5, "interpolation": "bicubic", "antialias": True, **_LAST}, MAPS),
    "SeparableConv2D": (_window(2, filters=3, depth_multiplier=2), MAPS),
    "Softmax": ({"axis": -1}, LINE),
    "SpatialDropout2D": ({"rate": 0.1, "seed": None, **_LAST}, MAPS),
    "Subtract": ({}, LINE, LINE),
    "UnitNormalization": ({"axis": [1, 2]}, MAPS),
    "UpSampling2D": ({"size": [2, 3], "interpolation": "bilinear", **_LAST}, MAPS),
    "ZeroPadding2D": ({"padding": [[1, 0], [2, 2]], **_LAST}, MAPS),
}
