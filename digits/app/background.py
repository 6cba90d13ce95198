"""One slow thing done beside the window, such as decoding a large picture; its error is a result too."""

import threading

from digits import UserError, errors


class BackgroundTask:
    """Runs a function on a thread that ends with the program at the latest."""

    def __init__(self, function, *arguments):
        self.result = None
        self.error = ""  # why there is no result, as a sentence
        self._thread = threading.Thread(target=self._run, args=(function, arguments), daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether there is a result or an error."""
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Return when it is done."""
        self._thread.join()

    def _run(self, function, arguments):
        try:
            self.result = function(*arguments)
        except UserError as error:
            self.error = str(error)
        except Exception as error:  # nobody is above it on this thread
            self.error = f"That did not work ({errors.first_line(error)})."
