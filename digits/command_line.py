"""Numbers on a command line: a wrong one is a usage error in a sentence."""

import argparse


def positive(text: str) -> int:
    """Return a whole number above 0; raises ArgumentTypeError."""
    return _at_least(1, text)


def seed(text: str) -> int:
    """Return a whole number from 0 to what fits TensorFlow's seeds; raises ArgumentTypeError."""
    if (number := _at_least(0, text)) >= 2**31:
        raise argparse.ArgumentTypeError(f"{number} is too large; it must be below 2147483648")
    return number


def _at_least(lowest, text):
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if number < lowest:
        raise argparse.ArgumentTypeError(f"{number} is too small; it must be at least {lowest}")
    return number
