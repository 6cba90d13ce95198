"""The program as one HTML file: python -m digits.web [model.keras] page.html"""

import argparse
import sys
from pathlib import Path

from digits import UserError
from digits.assets import MODEL
from digits.command_line import add_version, exit_code, say
from digits.files import writing
from digits.web import network, page


@exit_code
def main() -> None:
    """Write the page with a model, the shipped one by default."""
    options = _parse()
    if options.page.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{options.page}: a page's name ends in .html; try {options.page.with_suffix('.html')}.")
    text = page.written(network.read(options.model, say))
    writing.write_whole(options.page, lambda unfinished: unfinished.write_text(text, "utf-8", newline="\n"))
    print(f"{options.page} is written, {len(text.encode()):,} bytes; open it in any browser.")


def _parse():
    parser = argparse.ArgumentParser(
        prog="python -m digits.web",
        description="Write one HTML file that draws and reads digits in any browser, without a network.",
    )
    parser.add_argument("model", type=Path, nargs="?", default=MODEL, help="a Keras model (default: the shipped one)")
    parser.add_argument("page", type=Path, help="the HTML file to write")
    add_version(parser)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
