"""Read the figures of `digits.evaluation --json` and fail where one has fallen through its floor or its ceiling.

Past them something has broken, for the shipped model's own figures lie inside.
"""

import functools
import json
import operator
import sys

BOUNDS = [  # the way to a figure in the report, and what it must be: shares in [0, 1]
    ("mnist/accuracy/value", ">=", 0.995),
    ("mnist/calibration error", "<=", 0.006),
    ("drawn/all together/centred/accuracy/value", ">=", 0.987),
    ("drawn/all together/small/accuracy/value", ">=", 0.983),
    ("drawn/all together/large/accuracy/value", ">=", 0.987),
    ("drawn/all together/anywhere/accuracy/value", ">=", 0.986),
    ("drawn/all together/anywhere/by writer/accuracy/worst tenth", ">=", 0.925),
    ("drawn/all together/anywhere/by writer/refused/worst tenth", "<=", 0.130),
    ("drawn/all together/anywhere/calibration error", "<=", 0.013),
    ("drawn/all together/anywhere/refused/value", "<=", 0.022),
    ("not digits by kind/letters/auroc", ">=", 0.990),
    ("not digits by kind/letters/fpr95", "<=", 0.027),
    ("not digits by kind/letters/above 90 %", "<=", 0.032),
    ("not digits by kind/symbols/auroc", ">=", 0.987),
    ("not digits by kind/symbols/fpr95", "<=", 0.036),
    ("not digits by kind/symbols/above 90 %", "<=", 0.046),
    ("checks/uniform noise/refused/value", ">=", 1),
    ("checks/empty sheet/refused/value", ">=", 1),
    ("checks/one dot/refused/value", ">=", 1),
    ("checks/full sheet/refused/value", ">=", 1),
]

report, failed = json.load(sys.stdin), False
for way, relation, bound in BOUNDS:
    value = functools.reduce(operator.getitem, way.split("/"), report)
    holds = value >= bound if relation == ">=" else value <= bound
    failed |= not holds
    print(f"{way:58}  {value:.4f}  {relation} {bound:.3f}{'' if holds else '  FAILED'}")
sys.exit(failed)
