"""Read the figures of `digits.evaluate --json` and fail where one has fallen through its floor."""

import json
import sys

FLOORS = {  # shares; below them something has broken, for the shipped model's own figures lie above
    "mnist": 0.994,
    "centred": 0.975,
    "small": 0.975,
    "large": 0.975,
    "anywhere": 0.98,
}

report = json.load(sys.stdin)
(drawn,) = report["drawn"].values()
accuracies = {"mnist": report["mnist"]} | drawn
measured = {name: figures["accuracy"]["value"] for name, figures in accuracies.items()}
failed = [name for name, floor in FLOORS.items() if measured[name] < floor]
for name, floor in FLOORS.items():
    print(f"{name:9} {100 * measured[name]:.2f} %  floor {100 * floor:.1f} %{'  FAILED' * (name in failed)}")
sys.exit(bool(failed))
