"""The optimiser: for convolution kernels Muon, for all other weights AdamW."""

import keras
from keras import ops

# Five rounds of x -> a x + b x (x' x) + c x (x' x)^2 bring singular values in (0, 1] to about 1: the coefficients of
# K. Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".
_A, _B, _C = 3.4445, -4.7750, 2.0315
_ROUNDS = 5
_PACE = 0.8  # a kernel's step, root mean square of its entries, in learning rates


class Muon(keras.optimizers.AdamW):
    """AdamW, but a convolution kernel steps along its momentum made orthogonal: as far in rare directions as in others.

    The step's size follows the learning rate alone and not the kernel's shape (Liu et al. 2025, arXiv 2502.16982).
    Keras's own Muon does so for matrices and leaves kernels to AdamW.
    """

    def __init__(self, learning_rate, **settings):
        """Take what AdamW takes; made orthogonal is in the precision of Keras's policy at this moment."""
        super().__init__(learning_rate, **settings)
        self._precision = keras.config.dtype_policy().compute_dtype

    def update_step(self, gradient, variable, learning_rate):
        """Change one variable by its gradient; Keras calls this for each."""
        if len(variable.shape) != 4:
            super().update_step(gradient, variable, learning_rate)
            return
        momentum = self._momentums[self._get_variable_index(variable)]
        self.assign(momentum, momentum * self.beta_1 + gradient)
        ahead = gradient + self.beta_1 * momentum  # as Nesterov
        matrix = ops.reshape(ahead, (-1, variable.shape[-1]))
        size = _PACE * max(matrix.shape) ** 0.5  # of an orthogonal matrix the root mean square is 1 / sqrt(longer side)
        step = size * ops.cast(orthogonal(matrix, self._precision), variable.dtype)
        self.assign_sub(variable, learning_rate * ops.reshape(step, variable.shape))


def orthogonal(matrix, precision: str = "float32"):
    """Return a matrix (n, m) with its singular values brought to 0.7 to 1.2, but for the least (Newton-Schulz)."""
    x = ops.cast(matrix / (ops.norm(matrix) + 1e-7), precision)
    for _ in range(_ROUNDS):
        square = ops.matmul(ops.transpose(x), x)  # the smaller one: kernels are tall
        x = _A * x + ops.matmul(x, _B * square + _C * ops.matmul(square, square))
    return x
