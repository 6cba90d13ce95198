"""What a layer makes of the shapes that it is given, the shapes of its weights, and how much it computes.

Shapes are those of one example: (28, 28, 1), (10,). Each function gets a layer's settings, and raises
`rules.UnfitError` where a layer so set cannot take what it is given, or nobody sensible would.
"""

import math

import numpy as np

from digits.modelfile.rules import UnfitError

Shape = tuple[int, ...]


def _fit(condition):
    if not condition:
        raise UnfitError


def _sides(value, count):
    """Return a setting such as 3, [3] or [3, 5] as one number for each of so many axes."""
    sides = value if type(value) is list else [value] * count
    _fit(len(sides) == count)
    return sides


def _axes(value, shape):
    """Return axes, counted with the examples' own as 0, as indices into the shape of one example."""
    chosen = [axis - 1 if axis > 0 else axis + len(shape) for axis in (value if type(value) is list else [value])]
    _fit(all(0 <= axis < len(shape) for axis in chosen) and 0 not in np.atleast_1d(value))
    _fit(len(set(chosen)) == len(chosen))
    return chosen


# What a layer gives


def same(settings, shape):
    return shape


def last_axis(settings, shape):
    _fit(_axes(settings.get("axis", -1), shape) == [len(shape) - 1])
    return shape


def any_axes(settings, shape):
    _axes(settings["axis"], shape)
    return shape


def grouped(settings, shape):
    groups = shape[-1] if settings["groups"] == -1 else settings["groups"]
    _fit(shape[-1] % groups == 0)
    return last_axis(settings, shape)


def shared(settings, shape):
    if settings["shared_axes"]:
        _axes(settings["shared_axes"], shape)
    return shape


def dense(settings, shape):
    return (*shape[:-1], settings["units"])


def flat(settings, shape):
    return (math.prod(shape),)


def reshaped(settings, shape):
    target = settings["target_shape"]
    _fit(target.count(-1) < 2)
    free = math.prod(shape) // max(1, math.prod(side for side in target if side > 0))
    given = tuple(free if side == -1 else side for side in target)
    _fit(math.prod(given) == math.prod(shape))
    return given


def permuted(settings, shape):
    _fit(sorted(settings["dims"]) == [*range(1, len(shape) + 1)])
    return tuple(shape[axis - 1] for axis in settings["dims"])


def _slid(settings, shape, window):
    """Return the sides of what a window gives that slides over all axes but the channels."""
    space = shape[:-1]
    strides = _sides(settings["strides"] or settings[window], len(space))
    apart = _sides(settings.get("dilation_rate", 1), len(space))
    _fit(max(strides) == 1 or max(apart) == 1)  # Keras knows no window that does both
    sides = []
    for side, reach, step, dilation in zip(space, _sides(settings[window], len(space)), strides, apart, strict=True):
        covered = (reach - 1) * dilation + 1
        _fit(covered <= max(reach, 2 * side))  # beyond that it would only look at what is not there
        sides.append((side - (covered if settings["padding"] == "valid" else 1)) // step + 1)
    return tuple(sides)


def convolution(settings, shape):
    _fit(shape[-1] % settings["groups"] == 0 and settings["filters"] % settings["groups"] == 0)
    return (*_slid(settings, shape, "kernel_size"), settings["filters"])


def depthwise(settings, shape):
    _fit(len(set(_sides(settings["strides"], 2))) == 1)  # TensorFlow knows no other
    return (*_slid(settings, shape, "kernel_size"), shape[-1] * settings["depth_multiplier"])


def separable(settings, shape):
    return (*depthwise(settings, shape)[:-1], settings["filters"])


def pooled(settings, shape):
    return (*_slid(settings, shape, "pool_size"), shape[-1])


def pooled_whole(settings, shape):
    return (*(1 for _ in shape[:-1]), shape[-1]) if settings["keepdims"] else shape[-1:]


def _edges(value):
    """Return the sums of what lies at both ends of each of two axes."""
    return [sum(edge) if type(edge) is list else 2 * edge for edge in _sides(value, 2)]


def padded(settings, shape):
    return (*(side + more for side, more in zip(shape, _edges(settings["padding"]), strict=False)), shape[-1])


def cropped(settings, shape):
    return (*(side - less for side, less in zip(shape, _edges(settings["cropping"]), strict=False)), shape[-1])


def enlarged(settings, shape):
    return (*(side * times for side, times in zip(shape, _sides(settings["size"], 2), strict=False)), shape[-1])


def resized(settings, shape):
    return settings["height"], settings["width"], shape[-1]


def normalised(settings, shape):
    kept = _kept(settings, shape)
    for given in (settings["mean"], settings["variance"]):
        _fit((given is None) == (settings["mean"] is None))
        _fit(given is None or _size(given) in ((), (1,), kept))
    return shape


def _size(numbers):
    try:
        return np.shape(numbers)
    except ValueError:  # rows of different length
        raise UnfitError from None


def _kept(settings, shape):
    axes = [] if settings["axis"] in (None, []) else _axes(settings["axis"], shape)
    return tuple(shape[axis] for axis in sorted(axes))


def merged(settings, *shapes):
    """Return what numbers one by one give, where a side of 1 goes with every other."""
    _fit(len(shapes) > 1 and len({len(shape) for shape in shapes}) == 1)
    sides = [{side for side in sides if side != 1} for sides in zip(*shapes, strict=True)]
    _fit(all(len(side) < 2 for side in sides))
    return tuple(side.pop() if side else 1 for side in sides)


def merged_two(settings, *shapes):
    _fit(len(shapes) == 2)
    return merged(settings, *shapes)


def joined(settings, *shapes):
    _fit(len(shapes) > 1 and len({len(shape) for shape in shapes}) == 1)
    (along,) = _axes(settings["axis"], shapes[0])
    _fit(len({shape[:along] + shape[along + 1 :] for shape in shapes}) == 1)
    return (*shapes[0][:along], sum(shape[along] for shape in shapes), *shapes[0][along + 1 :])


def product(settings, *shapes):
    _fit(len(shapes) == 2 and shapes[0] == shapes[1] and len(shapes[0]) == 1)
    _fit(all(axis in (1, -1) for axis in _sides(settings["axes"], 2)))
    return (1,)


# What weights it has


def none(settings, shape):
    return []


def _bias(settings, size):
    return [(size,)] * settings["use_bias"]


def dense_weights(settings, shape):
    return [(shape[-1], settings["units"]), *_bias(settings, settings["units"])]


def convolution_weights(settings, shape):
    window = _sides(settings["kernel_size"], len(shape) - 1)
    kernel = (*window, shape[-1] // settings["groups"], settings["filters"])
    return [kernel, *_bias(settings, settings["filters"])]


def depthwise_weights(settings, shape):
    times = settings["depth_multiplier"]
    return [(*_sides(settings["kernel_size"], 2), shape[-1], times), *_bias(settings, shape[-1] * times)]


def separable_weights(settings, shape):
    times, filters = settings["depth_multiplier"], settings["filters"]
    kernels = (*_sides(settings["kernel_size"], 2), shape[-1], times), (1, 1, shape[-1] * times, filters)
    return [*kernels, *_bias(settings, filters)]


def batch_weights(settings, shape):
    return [shape[-1:]] * (settings["scale"] + settings["center"] + 2)


def norm_weights(settings, shape):
    size = tuple(shape[axis] for axis in _axes(settings["axis"], shape))
    return [size] * (settings["scale"] + settings["center"])


def normalised_weights(settings, shape):
    return [] if settings["mean"] is not None else [_kept(settings, shape), _kept(settings, shape), ()]


def slopes(settings, shape):
    alike = _axes(settings["shared_axes"], shape) if settings["shared_axes"] else []
    return [tuple(1 if axis in alike else side for axis, side in enumerate(shape))]


# How much it computes: multiplications and additions, or what takes as long


def each(settings, shape, given):
    return 8 * math.prod(given)


def dense_work(settings, shape, given):
    return math.prod(given) * shape[-1]


def convolution_work(settings, shape, given):
    return math.prod(given) * math.prod(convolution_weights(settings, shape)[0][:-1])


def depthwise_work(settings, shape, given):
    return 8 * math.prod(given) * math.prod(_sides(settings["kernel_size"], 2))


def separable_work(settings, shape, given):
    between = (*given[:-1], shape[-1] * settings["depth_multiplier"])
    return depthwise_work(settings, shape, between) + math.prod(between) * settings["filters"]


def pooled_work(settings, shape, given):
    return math.prod(given) * math.prod(_sides(settings["pool_size"], len(shape) - 1))


def image_work(settings, shape, given):
    return 8 * (math.prod(given) + math.prod(shape))
