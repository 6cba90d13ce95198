"""What image files show, without a window: one line each, or JSON."""

import json
import sys
import time
from pathlib import Path

from digits import UserError, safe_text
from digits.files import pictures
from digits.reading.answer import Answer, Trouble
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
        recogniser.ask(pictures.read(path))
    except UserError as error:
        return {"file": str(path), "error": str(error)}
    answer = _hear(recogniser)
    if isinstance(answer, Trouble):
        return {"file": str(path), "error": f"{path}: {answer.sentence}"}
    return {
        "file": str(path),
        "digit": answer.digit,
        "answer": str(answer),
        "doubtful": answer.is_doubtful,
        "probability": round(float(answer.probabilities[answer.digit]), 4),
        "probabilities": [round(float(chance), 4) for chance in answer.probabilities],
    }


def _hear(recogniser) -> Answer | Trouble:
    while not (answer := recogniser.poll(time.monotonic())):
        if recogniser.has_stopped:
            raise UserError(f"{recogniser.trouble} The pictures that are left were not read.")
        recogniser.wait(0.5)
    return answer


def _print(result):
    if "error" in result:
        print(result["error"], file=sys.stderr)
    else:
        print(f"{safe_text.shown(result['file'], 1000)}: {result['answer']}", flush=True)
