"""Read the figures of `digits.evaluation --json` and fail where one has fallen through its floor or its ceiling.

Past them something has broken, for the shipped model's own figures lie inside.
"""

import json
import operator
import sys

ACCURACY = {"mnist": 0.994, "centred": 0.975, "small": 0.975, "large": 0.975, "anywhere": 0.98}
CALIBRATION_ERROR = {"mnist": 0.01, "anywhere": 0.02}
REFUSED = 0.04  # of the digits drawn anywhere
AUROC, FPR95, SURE = 0.985, 0.06, 0.03  # of what is no digit; the last: answered above 90 %

report = json.load(sys.stdin)
(drawn,) = report["drawn"].values()
(others,) = report["not digits"].values()
digits = {"mnist": report["mnist"]} | drawn
lines = [
    *((f"{name}: right", digits[name]["accuracy"]["value"], ">=", floor) for name, floor in ACCURACY.items()),
    *((f"{name}: ECE", digits[name]["calibration error"], "<=", most) for name, most in CALIBRATION_ERROR.items()),
    ("anywhere: refused", drawn["anywhere"]["refused"]["value"], "<=", REFUSED),
    ("no digits: AUROC", others["auroc"], ">=", AUROC),
    ("no digits: FPR95", others["fpr95"], "<=", FPR95),
    ("no digits: above 90 %", others["above 90 %"], "<=", SURE),
    *((f"{name}: refused", check["refused"]["value"], ">=", 1) for name, check in report["checks"].items()),
]
holds = {">=": operator.ge, "<=": operator.le}
failed = [name for name, value, relation, bound in lines if not holds[relation](value, bound)]
for name, value, relation, bound in lines:
    print(f"{name:23} {value:.4f}  {relation} {bound:.3f}{'  FAILED' * (name in failed)}")
sys.exit(bool(failed))
