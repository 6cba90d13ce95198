"""One slow thing done beside the window, such as decoding a large picture; its error is a result too."""

import threading

from digits import UserError


class Errand:
    """Runs a function on a thread that ends with the program at the latest."""

    def __init__(self, function, *arguments):
        self.result = None
        self.trouble = ""
        self._thread = threading.Thread(target=self._run, args=(function, arguments), daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether there is a result or trouble."""
        return not self._thread.is_alive()

    def _run(self, function, arguments):
        try:
            self.result = function(*arguments)
        except UserError as error:
            self.trouble = str(error)
        except Exception as error:  # nobody is above it on this thread
            self.trouble = f"That did not work: {error}"
