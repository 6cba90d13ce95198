"""All kinds of bad model files.

`BAD` maps the name of each kind to (how to make it, words of the sentence that refuses it). A maker gets a path that
ends in .keras and a canary: a path at which a file would appear if anything of the model file were run or followed.
`SEEN_LATE` are those that are only told from good ones by their weights.
"""

from tests.support.hostile_costs import COSTS
from tests.support.hostile_files import ARCHIVES, FILES
from tests.support.hostile_layers import LAYERS
from tests.support.hostile_networks import CLASSES, GRAPHS, SETTINGS, TEXTS
from tests.support.hostile_weights import OLDER, OLDER_DESCRIPTIONS, WEIGHTS

_GROUPS = FILES, ARCHIVES, TEXTS, CLASSES, SETTINGS, GRAPHS, COSTS, LAYERS, OLDER_DESCRIPTIONS, WEIGHTS, OLDER
BAD = {name: kind for group in _GROUPS for name, kind in group.items()}
SEEN_LATE = WEIGHTS.keys() | OLDER.keys()
assert len(BAD) == sum(map(len, _GROUPS)), "two kinds of one name"
