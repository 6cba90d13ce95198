"""TensorFlow is loaded without a word, and leaves the rest of the program as it was."""

import gc

from digits import quiet


def test_garbage_is_looked_for_again_once_tensorflow_is_loaded():
    quiet.load_tensorflow()
    assert gc.isenabled()
    gc.disable()
    try:
        quiet.load_tensorflow()
        assert not gc.isenabled()
    finally:
        gc.enable()
