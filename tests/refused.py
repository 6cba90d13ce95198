"""Every bad model file through every program, with the seconds that it takes: python tests/refused.py"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import model_files
from test_hostile_models import PROGRAMS, assert_refused_by


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
