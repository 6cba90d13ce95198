"""What is chosen on validation digits when the weights are: what the percentages mean, and what is refused."""

import keras
import numpy as np

from digits.evaluation import metrics
from digits.ink import grid


def expect(network: keras.Model, shown: float, expected: float) -> None:
    """Make our network expect another share of drawings that are no digit than the training has shown it.

    The logits of no digit fall by what the logarithms of the odds of both shares differ (Saerens et al. 2002).
    """
    *_, last, _, _ = network.layers
    kernel, bias = last.get_weights()
    bias[grid.CLASSES :] -= _log_odds(shown) - _log_odds(expected)
    last.set_weights([kernel, bias])


def _log_odds(share):
    return np.log(share / (1 - share))


def calibrate(network: keras.Model, grids: np.ndarray, labels: np.ndarray) -> float:
    """Make our network's percentages mean what they say on validation digits; returns the temperature.

    grids: (n, 28, 28).  labels: (n,).  The temperature divides the logits and so changes no answer; here it divides the
    weights of the layer that they come from, so that the file needs nothing new.
    """
    *_, last, _, fold = network.layers
    logits = keras.Model(network.inputs, last.output).predict(grids[..., None], batch_size=500, verbose=0)
    [shares] = fold.get_weights()

    def probabilities(temperature):
        return metrics.softmax(logits, temperature) @ shares

    accuracy = metrics.accuracy(labels, probabilities(1.0)).value
    temperature = metrics.honest_temperature(accuracy, lambda tried: probabilities(tried).max(1).mean())
    last.set_weights([weights / temperature for weights in last.get_weights()])
    return temperature


def refusal_threshold(probabilities: np.ndarray, refused: float) -> float:
    """Return the confidence below which a share of the answers (n, 10) to validation digits is."""
    return float(np.quantile(probabilities.max(axis=1), refused))
