"""The page: HTML, style, script, network and weights in one text that needs nothing else."""

import base64
import json
from pathlib import Path
from string import Template

from digits.web.bundle import bundled
from digits.web.network import Network

_HERE = Path(__file__).parent


def written(network: Network) -> str:
    """Return the page with a network in it, HTML.

    Weights are kept as float32: as float16 they would change a probability by up to 4e-4.
    """
    described = {"steps": network.steps, "threshold": network.threshold}
    return Template((_HERE / "page.html").read_text("utf-8")).substitute(
        style=(_HERE / "style.css").read_text("utf-8").strip(),
        script=bundled(_HERE / "main.js", _HERE).strip(),
        network=json.dumps(described),
        weights=base64.b64encode(network.weights.astype("<f4").tobytes()).decode("ascii"),
    )
