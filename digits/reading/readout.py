"""What image files show, without a window: a line of text for each line of digits, or JSON."""

import json
import sys
import time
from math import prod
from pathlib import Path

from digits import UserError, safe_text
from digits.files import pictures
from digits.reading import pages
from digits.reading.answer import Answer, Number, Trouble
from digits.reading.recogniser import Recogniser


def print_answers(recogniser: Recogniser, paths: list[Path], as_json: bool) -> bool:
    """Print what is on each picture, and say whether all of them could be read."""
    results = []
    for path in paths:
        results.append(_look_at(recogniser, path))
        if not as_json:
            _print(results[-1])
    if as_json:
        print("[" + ",\n ".join(json.dumps(result) for result in results) + "]")
    return not any("error" in result for result in results)


def _look_at(recogniser, path):
    try:
        sheet, page = pictures.read(path), pictures.read_page(path)
    except UserError as error:
        return {"file": str(path), "error": str(error)}
    lines = pages.lines(page.ink)
    said = [_hear(recogniser, ink) for ink in (sheet, *(line.ink for line in lines))]
    if trouble := next((answer for answer in said if isinstance(answer, Trouble)), None):
        return {"file": str(path), "error": f"{path}: {trouble.sentence}"}
    whole, *answers = said
    if not pages.is_number(whole, answers):
        lines, answers = [pages.whole(page.ink)], [whole]
    return {"file": str(path)} | _result(lines, answers, page.scale)


def _result(lines, answers, scale):
    """Return what stands in lines, with boxes in pixels: left, top, right, bottom."""
    digits = [
        {
            "box": [round(scale * edge) for edge in box],
            "digit": part.digit,
            "probability": round(part.probability, 4),
            "doubtful": part.is_doubtful,
        }
        for line, answer in zip(lines, answers, strict=True)
        for box, part in zip(line.boxes(answer), answer.parts, strict=True)
    ]
    alone = None if len(answers) > 1 or isinstance(answers[0], Number) else answers[0]
    return {
        "number": "\n".join(answer.number for answer in answers),
        "digit": alone and alone.digit,
        "answer": "\n".join(map(str, answers)),
        "doubtful": any(answer.is_doubtful for answer in answers),
        "probability": round(prod(answer.probability for answer in answers), 4),
        "probabilities": alone and [round(float(chance), 4) for chance in alone.probabilities],
        "digits": digits,
    }


def _hear(recogniser, ink) -> Answer | Trouble:
    recogniser.ask(ink)
    while not (answer := recogniser.poll(time.monotonic())):
        if recogniser.has_stopped:
            raise UserError(f"{recogniser.trouble} The pictures that are left were not read.")
        recogniser.wait(0.5)
    return answer


def _print(result):
    if "error" in result:
        print(result["error"], file=sys.stderr)
    else:
        for answer in result["answer"].split("\n"):
            print(f"{safe_text.shown(result['file'], 1000)}: {answer}", flush=True)
