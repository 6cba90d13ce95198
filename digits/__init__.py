"""Draw a digit by hand, and be understood: what the two programs are made of."""

__version__ = "1.0"


class UserError(Exception):
    """Something a user gave that cannot be used; the message is one sentence: what is wrong, what to do."""
