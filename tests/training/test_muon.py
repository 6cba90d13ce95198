"""The optimiser: what a step does to a convolution kernel, and to all else."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits.training import muon

RATE = 0.01
SHAPES = [(5, 5, 1, 32), (3, 3, 8, 16), (3, 3, 2, 40)]


def steps(gradients, optimiser=muon.Muon, **changes):
    """Return what each of some gradients in a row changes in a variable, at first 0."""
    variable = keras.Variable(np.zeros_like(gradients[0]))
    made, values = optimiser(RATE, weight_decay=0, **changes), [np.zeros_like(gradients[0])]
    for gradient in gradients:
        made.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        values.append(np.array(variable))
    return np.diff(values, axis=0)


def noise(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_kernel_steps_against_its_gradient_equally_in_all_directions(shape):
    gradient = noise(shape)
    [step] = steps([gradient])
    assert (step * gradient).sum() < 0
    sizes = np.linalg.svd(step.reshape(-1, shape[-1]), compute_uv=False)
    assert sizes.max() < 2 * sizes.min()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_kernels_step_is_as_large_as_the_learning_rate_says_whatever_its_shape(shape):
    [step] = steps([noise(shape)])
    assert np.sqrt(np.mean(step**2)) == pytest.approx(0.8 * RATE, rel=0.2)


@settings(deadline=None, max_examples=20)
@given(st.floats(-3, 3))
def test_how_steep_it_is_changes_no_step(power):
    gradient = noise(SHAPES[1])
    np.testing.assert_allclose(steps([gradient * np.float32(10**power)]), steps([gradient]), atol=RATE / 100)


def test_a_kernel_without_gradient_stays():
    assert not steps([np.zeros(SHAPES[1], np.float32)]).any()


def test_a_kernel_keeps_its_momentum():
    gradient = noise(SHAPES[1])
    first, second = steps([gradient, np.zeros_like(gradient)])
    np.testing.assert_allclose(second, first, atol=RATE / 50)


def test_a_rare_direction_is_learnt_as_fast_as_a_common_one():
    gradient = np.zeros((1, 1, 4, 4), np.float32)
    gradient[0, 0, range(4), range(4)] = 1, 0.3, 0.1, 0.03
    [step] = -steps([gradient])
    sizes = np.diag(step[0, 0])
    assert sizes.min() > 0.5 * sizes.max() > 0


@pytest.mark.parametrize("shape", [(96, 10), (32,)])
def test_all_other_weights_step_as_with_adamw(shape):
    gradients = [noise(shape, seed) for seed in range(3)]
    np.testing.assert_array_equal(steps(gradients), steps(gradients, keras.optimizers.AdamW))


def test_bfloat16_steps_nearly_as_float32():
    matrix = noise((72, 16))
    precise = np.array(muon.orthogonal(matrix))
    rough = np.array(keras.ops.cast(muon.orthogonal(matrix, "bfloat16"), "float32"))
    assert np.abs(rough - precise).max() < 0.1 * np.abs(precise).max()
