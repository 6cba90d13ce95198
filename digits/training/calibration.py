"""What is chosen on validation digits when the weights are: what the percentages mean, and what is refused."""

import keras
import numpy as np

from digits.evaluation import metrics


def calibrate(network: keras.Model, labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Make a network's percentages mean what they say on validation digits; returns the temperature.

    labels: (n,).  probabilities: (n, 10), the network's answers.  The temperature divides the logits and so changes no
    answer; here it divides the weights of the layer of logits, so that the file needs nothing new.
    """
    temperature = metrics.honest_temperature(labels, probabilities)
    logits = network.layers[-3]
    logits.set_weights([weights / temperature for weights in logits.get_weights()])
    return temperature


def refusal_threshold(probabilities: np.ndarray, refused: float) -> float:
    """Return the confidence below which a share of the answers (n, 10) to validation digits is."""
    return float(np.quantile(probabilities.max(axis=1), refused))
