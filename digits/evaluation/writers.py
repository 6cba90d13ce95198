"""How well each writer's digits are read, so that what works for most people is told from what works for all."""

import numpy as np

from digits.evaluation import metrics
from digits.evaluation.predictions import Answers


def figures(shown: Answers, writers: np.ndarray, threshold: float) -> dict | None:
    """Return figures over writers as plain data, shares in [0, 1], None where no digit names its writer.

    writers: (n,) names, "" where unknown; those digits are left out.  Every writer counts alike, whoever wrote more.
    The worst tenth is the mean over the tenth of all writers for whom a figure is worst.
    """
    names, number, counts = np.unique(writers, return_inverse=True, return_counts=True)
    flags = shown.answers == shown.labels, shown.confidence < threshold
    columns = (column.astype(int).tolist() for column in (counts, *(np.bincount(number, flag) for flag in flags)))
    each = {
        str(name): {"count": count, "right": right, "refused": refused}
        for name, count, right, refused in zip(names, *columns, strict=True)
        if name
    }
    if not each:
        return None
    counts, right, refused = np.array([[*counted.values()] for counted in each.values()]).T
    return {
        "count": len(each),
        "digits": {"fewest": int(counts.min()), "most": int(counts.max())},
        "accuracy": _over_writers(right / counts, metrics.lowest_tenth),
        "refused": _over_writers(refused / counts, metrics.highest_tenth),
        "each": dict(sorted(each.items(), key=lambda item: item[1]["right"] / item[1]["count"])),
    }


def _over_writers(shares, worst_tenth):
    return {"median": float(np.median(shares)), "worst tenth": worst_tenth(shares)}
