"""Every bad model file through every program, with the seconds that it takes: python -m tests.support.refused"""

import tempfile
from pathlib import Path

from tests.modelfile.test_hostile_models import PROGRAMS, assert_refused_by
from tests.support import model_files


def main():
    for program in PROGRAMS:
        seconds = {}
        for kind in model_files.BAD:
            with tempfile.TemporaryDirectory() as folder:
                seconds[kind] = assert_refused_by(program, kind, Path(folder))
        slowest = max(seconds, key=seconds.get)
        print(f"{program}: {len(seconds)} kinds refused, {slowest!r} the slowest, {seconds[slowest]:.2f} s", flush=True)


if __name__ == "__main__":
    main()
