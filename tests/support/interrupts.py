"""Ctrl+C at a moment that does not depend on how fast a machine is."""

from pathlib import Path


def where_it_loads(library: str, folder: Path) -> Path:
    """Return the folder, which now, first on Python's path, has a program interrupt itself where it loads a library."""
    (folder / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "def interrupt(event, arguments):\n"
        f"    if event == 'import' and arguments[0] == '{library}': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.addaudithook(interrupt)\n"
    )
    return folder
