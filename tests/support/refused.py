"""Every bad model file through every program, with the time and memory it takes: python -m tests.support.refused"""

import os
import resource
import tempfile
from pathlib import Path

from tests.modelfile.test_hostile_models import PROGRAMS, assert_refused_by
from tests.support import hostile_models


def main():
    os.environ["SDL_VIDEODRIVER"] = "dummy"  # a window that nobody sees
    print(f"{len(hostile_models.BAD)} kinds of bad model files")
    for program in PROGRAMS:
        seconds = {}
        for kind in hostile_models.BAD:
            with tempfile.TemporaryDirectory() as folder:
                seconds[kind] = assert_refused_by(program, kind, Path(folder))
        slowest = max(seconds, key=seconds.get)
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000  # MB, of all programs so far
        print(f"{program}: all refused, {slowest!r} the slowest, {seconds[slowest]:.2f} s, {most:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
