"""A model that says what it was told, in place of a file's."""

import numpy as np

from digits import modelfile

THRESHOLD = 0.75  # below it the fake model refuses


class FakeModel:
    """Reads a grid as the digit that it was told to, and is as sure as it was told."""

    def __init__(self, answer=7, sure=0.9):
        self.answer, self.sure = answer, sure
        self.shown = []

    def count_params(self):
        return 1234

    def predict(self, grids, **_):
        self.shown.append(grids)
        probabilities = np.full((len(grids), 10), (1 - self.sure) / 9, np.float32)
        probabilities[:, self.answer] = self.sure
        return probabilities

    def probabilities(self, grids):
        return self.predict(grids)


def install(monkeypatch, model):
    """Let every file hold this model."""
    monkeypatch.setattr(modelfile, "check_source", lambda path: None)
    monkeypatch.setattr(modelfile, "load", lambda path, remark: model)
    monkeypatch.setattr(modelfile, "batch_size", lambda path: 500)
    monkeypatch.setattr(modelfile, "read_notes", lambda path: {"threshold": THRESHOLD})
    monkeypatch.setattr(modelfile, "read_threshold", lambda path: THRESHOLD)
    return model


def write_model(path, width=10):
    """Save a network that sees nothing but the ink of the left half; more of it makes a 3, less of it a 5."""
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(width, activation="softmax")]
    )
    weights = np.zeros((28, 28, width), np.float32)
    weights[:, :14, 3], weights[:, :14, 5] = 0.05, -0.05
    model.layers[-1].set_weights([weights.reshape(784, width), np.eye(width, dtype=np.float32)[5]])
    model.save(path)
