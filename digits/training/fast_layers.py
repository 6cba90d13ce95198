"""What a network is trained with in place of Keras's own parts, for speed alone; what is saved has Keras's own.

Weights fit either, and answers are the same but for rounding.
"""

import keras
import tensorflow as tf
from keras import layers


class Halved(keras.Model):
    """A network that takes a batch in two halves, which TensorFlow works on side by side, a thread or more for each.

    Two cores that each have a half come further than two that share every kernel and wait for each other. Each half is
    normalised by itself, as on two devices (ghost batch normalisation, Hoffer et al. 2017, arXiv 1705.08741).
    """

    def call(self, inputs, training=None, mask=None):
        """Return answers for grids (n, 28, 28, 1), n at least 2."""
        middle = (inputs.shape[0] or tf.shape(inputs)[0]) // 2
        return tf.concat([super(Halved, self).call(half, training) for half in (inputs[:middle], inputs[middle:])], 0)


class Normalization(layers.BatchNormalization):
    """Keras's batch normalisation, in training by TensorFlow's one fused kernel: half the time of a whole step.

    (n, h, w, c) in, the same out.
    """

    def call(self, inputs, training=None, mask=None):
        """Normalise, in training by the batch's own moments, which the moving ones follow."""
        if not training:
            return super().call(inputs, training=False)
        scale, offset = (tf.cast(weights, tf.float32) for weights in (self.gamma, self.beta))
        normalised, mean, variance = tf.compat.v1.nn.fused_batch_norm(inputs, scale, offset, epsilon=self.epsilon)
        for moving, moment in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + moment * (1 - self.momentum))
        return normalised


_SMALL = 7  # cells: a grid of this side takes two thirds of the time (bfloat16), one of twice the side more time


class Convolution(layers.Conv2D):
    """Keras's convolution; on small grids the gradient of its kernel is one matrix product for each of the cells.

    Without bias, with padding that keeps the size, strides of one where the grid is small.
    """

    def call(self, inputs):
        """Return (n, h, w, filters) for (n, h, w, c)."""
        if inputs.shape[1] > _SMALL:
            return super().call(inputs)
        return _convolve(inputs, tf.convert_to_tensor(self.kernel))


@tf.custom_gradient
def _convolve(images, kernel):
    def gradients(upstream):
        of_images = tf.raw_ops.Conv2DBackpropInput(
            input_sizes=tf.shape(images),
            filter=kernel,
            out_backprop=upstream,
            strides=[1, 1, 1, 1],
            padding="SAME",
        )
        return of_images, _kernel_gradient(images, upstream, kernel.shape)

    return tf.nn.conv2d(images, kernel, 1, "SAME"), gradients


def _kernel_gradient(images, upstream, shape):
    """Return the gradient (rows, columns, c, filters) of a kernel whose rows and columns are odd in number."""
    rows, columns, channels, filters = shape
    _, height, width, _ = images.shape
    padded = tf.pad(images, [[0, 0], [rows // 2] * 2, [columns // 2] * 2, [0, 0]])
    upstream = tf.reshape(upstream, (-1, filters))

    def of_cell(row, column):
        seen = padded[:, row : row + height, column : column + width]
        return tf.matmul(tf.reshape(seen, (-1, channels)), upstream, transpose_a=True)

    cells = [of_cell(row, column) for row in range(rows) for column in range(columns)]
    return tf.reshape(tf.stack(cells), shape)
