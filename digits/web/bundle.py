"""Modules of JavaScript become one script, as readable as before: a page from a file may not load any others.

A module is put into a function that returns what it exports, those first that others import. The modules keep to
what is understood here: `import { one, other } from "./file.js";` and `export` before a declaration.
"""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
_ALL = re.compile(r'^import \* as (\w+) from "([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const|let) (\w+))", re.MULTILINE)


def bundled(first: Path, folder: Path) -> str:
    """Return a script that does what a module does, with all that it imports; they lie in a folder."""
    written = {}
    _add(first.resolve(), folder.resolve(), written)
    return "\n".join(written.values())


def _add(path, folder, written):
    """Add a module to those that are written, after those that it imports."""
    if path in written:
        return
    source = path.read_text("utf-8")
    for _, other in _IMPORT.findall(source) + _ALL.findall(source):
        _add((path.parent / other).resolve(), folder, written)
    written[path] = _in_function(source, path, folder)


def _in_function(source, path, folder):
    def name_of(other):
        return _name((path.parent / other).resolve(), folder)

    body = _ALL.sub(lambda found: f"const {found[1]} = {name_of(found[2])};\n", source)
    body = _IMPORT.sub(lambda found: f"const {{{found[1]}}} = {name_of(found[2])};\n", body)
    exported = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", body).strip()
    head = f"// {_relative(path, folder)}\nconst {_name(path, folder)} = (() => {{"
    return f"{head}\n{body}\nreturn {{ {exported} }};\n}})();\n"


def _name(path, folder):
    """Return the name that a module's exports have in the script: those of "ink/brush.js" are `$ink_brush`."""
    return "$" + re.sub(r"\W", "_", _relative(path, folder).removesuffix(".js"))


def _relative(path, folder):
    return path.relative_to(folder).as_posix()
