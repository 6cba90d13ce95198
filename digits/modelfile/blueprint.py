"""What a model file says its network is, checked layer by layer and described anew.

Nothing that a file says is passed on to Keras as it is: what is built is made of names and settings that were found in
the lists of `digits.modelfile.layers`, and of nothing else. What it would cost is known before it is built.
"""

import itertools
import json
import math
import re
from collections import Counter
from typing import NamedTuple

from digits import UserError
from digits.modelfile import dialects, parts, rules
from digits.modelfile.dialects import Link
from digits.modelfile.shapes import Shape

_LAYERS, _NUMBERS, _WORK = "layers", "numbers between its layers", "multiplications for one grid"
# Ten times our own network and more, and what still loads in 10 s and reads a grid in a fraction of one.
_MOST = {
    _LAYERS: 250,  # each as often as it is used
    _NUMBERS: 2**23,
    _WORK: 1_000_000_000,
}
_MOST_IN_CHAIN = 100  # layers of a Sequential: Keras builds all of them anew for each, 4 s for a hundred networks
_MOST_WEIGHTS = 16_000_000  # seventy times our own network; with TensorFlow itself these take a gigabyte
_IN_A_BATCH = 2**25  # numbers between layers: 128 MiB
_DEEPEST = 4  # networks within networks


class Layer(NamedTuple):
    """A layer of a network, or of one in it, with its place in the weights."""

    path: tuple[str, ...]  # the names of the networks that it is in, and its own, as they are built
    stored: str  # the outermost of these as the file has it
    kind: str
    settings: dict
    place: str  # in the file's weights
    weights: list[Shape]
    fixed: int  # how many of these, at the end, are not trained


class Blueprint(NamedTuple):
    """A network that may be built: its description for Keras, and what follows from that without building it."""

    described: dict
    input_shape: Shape
    output_shape: Shape
    layers: list[Layer]  # in the order of the file
    takes_whole_numbers: bool
    numbers: int  # that all its layers give for one grid

    @property
    def batch(self) -> int:
        """How many grids it may be given at once so that it takes little memory."""
        return max(1, _IN_A_BATCH // self.numbers)


def read(content: bytes) -> Blueprint:
    """Return the network that a config.json describes; raises UserError, which does not name the file."""
    try:
        described = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else ascii(str(error))[1:-1][:80]
        raise UserError(f"its config.json is no JSON ({reason})") from error
    if parts.kind(described) not in parts.NETWORKS:
        raise UserError(f"it is a {parts.kind(described)}, expected a network, {' or '.join(parts.NETWORKS)}")
    plan = _Network(described, _Place(), Counter()).blueprint()
    if sum(math.prod(shape) for layer in plan.layers for shape in layer.weights) > _MOST_WEIGHTS:
        raise UserError(f"it has more than {_MOST_WEIGHTS:,} weights, which is more than reading digits can need")
    return plan


def _refuse_constant(name):
    raise ValueError(name)


class _Place(NamedTuple):
    """Where a network is: in which others, by the names as built, and where its weights are in the file."""

    path: tuple[str, ...] = ()
    stored: str = ""
    weights: str = ""


class _Network:
    """One network, gone through from its input on; each use of a layer takes what was given before it."""

    def __init__(self, described, place, spent):
        """Begin a network; `spent` counts what it costs, together with those around it."""
        if len(place.path) > _DEEPEST:
            raise UserError("it has networks within networks, nested too deeply")
        self._described, self._place, self._spent = described, place, spent
        self._parts = {}  # by their names in the file
        for part in dialects.parts(described):
            self._add(part)
        if len(self._parts) > _MOST_IN_CHAIN and parts.kind(described) == "Sequential":
            raise UserError(
                f"it is a Sequential of more than {_MOST_IN_CHAIN} layers; write it as a functional network"
            )
        self._first = next(iter(self._parts))
        self._names = _plain_names(self._parts)
        self._weights = _stored_places(self._parts, place.weights)
        self._counted_from_one = _counted_from_one(self._parts)
        self._given = {name: [] for name in self._parts}  # the shapes of what each gives, at each of its uses
        self._made = {}  # what each is: (description, layers)

    def _add(self, part):
        kind, name = parts.kind(part.described), parts.name(part.described["config"])
        is_first = not self._parts
        if is_first and kind != "InputLayer":
            raise UserError("it does not begin with an InputLayer, nor says otherwise what it takes")
        if name in self._parts or is_first != (kind == "InputLayer") or is_first != (part.uses == [[]]):
            raise _out_of_place(name)
        self._parts[name] = part

    def blueprint(self) -> Blueprint:
        """Return the whole of it."""
        shape, takes_whole_numbers = parts.entry(self._parts[self._first].described)
        self._go_through(shape)
        chained = parts.kind(self._described) == "Sequential"
        end = Link([*self._parts][-1], 0) if chained else self._end()
        made = self._sequential() if chained else self._functional(end)
        layers = [layer for name in self._parts for layer in self._made[name][1]]
        return Blueprint(
            made, shape, self._given[end.source][end.use], layers, takes_whole_numbers, self._spent[_NUMBERS]
        )

    def _go_through(self, shape):
        """Find out what every layer gives at each of its uses, as soon as what it takes is known."""
        waiting = sum(len(part.uses) for part in self._parts.values())
        if waiting > _MOST[_LAYERS]:
            raise _too_much(_LAYERS)
        while waiting:
            came = sum(self._use_where_possible(name, part, shape) for name, part in self._parts.items())
            if not came:
                raise _out_of_place(next(name for name, part in self._parts.items() if self._is_waiting(name, part)))
            waiting -= came

    def _is_waiting(self, name, part):
        return len(self._given[name]) < len(part.uses)

    def _use_where_possible(self, name, part, shape):
        """Use a layer as often as what it takes is known; returns how often that was."""
        before = len(self._given[name])
        while self._is_waiting(name, part) and (taken := self._taken(part.uses[len(self._given[name])], shape)):
            self._given[name].append(self._use(name, part.described, taken))
        return len(self._given[name]) - before

    def _taken(self, links, shape):
        """Return the shapes of what a layer takes, that of the network's input where it is that; None if not known."""
        given = [self._given.get(link.source, [])[self._index(link) :][:1] for link in links]
        return [shapes[0] for shapes in given] if all(given) and links else None if links else [shape]

    def _index(self, link):
        """Return which use of a layer is meant: some versions of Keras count those of a network from 1 on."""
        return max(0, link.use - (link.source in self._counted_from_one))

    def _use(self, name, described, taken):
        """Put a layer to use, and return the shape of what it gives."""
        kind = parts.kind(described)
        make = self._network if kind in parts.NETWORKS else self._layer
        made, layers, shape = make(kind, name, described, taken)
        _, before = self._made.setdefault(name, (made, layers))
        if before != layers:
            raise UserError(f"its layer {parts.shown(name)} is used for things of different shapes")
        return shape

    def _network(self, kind, name, described, taken):
        path, ours = self._place.path, self._names[name]
        place = _Place((*path, ours), self._place.stored or name, self._weights[name])
        inner = _Network(described, place, self._spent).blueprint()
        if taken != [inner.input_shape]:
            raise UserError(f"its part {parts.shown(name)} takes {inner.input_shape} and is given {taken[0]}")
        inner.described["config"]["name"] = ours
        return inner.described, inner.layers, inner.output_shape

    def _layer(self, kind, name, described, taken):
        made, ours = parts.layer(kind, described["config"], taken), self._names[name]
        if min(made.shape, default=0) < 1:
            raise UserError(f"its layer {parts.shown(name)} gives {made.shape}, no shape to work with")
        self._spend({_LAYERS: 1, _NUMBERS: math.prod(made.shape), _WORK: made.work})
        if kind == "InputLayer":
            made.settings["batch_shape"] = [None, *made.shape]
        description = parts.described("keras.layers", kind, {"name": ours, **made.settings})
        stored = self._place.stored or name
        layer = Layer(
            (*self._place.path, ours), stored, kind, made.settings, self._weights[name], made.weights, made.fixed
        )
        return description, [layer], made.shape

    def _spend(self, costs):
        self._spent.update(costs)
        for what, most in _MOST.items():
            if self._spent[what] > most:
                raise _too_much(what)

    def _sequential(self):
        made = [self._made[name][0] for name in self._parts]
        return parts.described("keras", "Sequential", {"name": self._name(), "layers": made})

    def _functional(self, end):
        made = [self._made[name][0] | self._linked(name, part) for name, part in self._parts.items()]
        shift = parts.kind(self._parts[end.source].described) == "Functional"  # whose output Keras counts from 1 on
        settings = {
            "layers": made,
            "input_layers": [self._names[self._first], 0, 0],
            "output_layers": [self._names[end.source], end.use + shift, 0],
        }
        return parts.described("keras", "Model", {"name": self._name(), **settings})

    def _linked(self, name, part):
        nodes = [self._node(links) for links in part.uses if links]
        return {"name": self._names[name], "inbound_nodes": nodes}

    def _node(self, links):
        tensors = [self._tensor(link.source, self._index(link)) for link in links]
        return {"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": {}}

    def _tensor(self, source, use):
        history = [self._names[source], use, 0]
        config = {"shape": [None, *self._given[source][use]], "dtype": "float32", "keras_history": history}
        return {"class_name": "__keras_tensor__", "config": config}

    def _end(self):
        """Return the link to what a functional network gives."""
        config = self._described["config"]
        begin, end = dialects.end(config.get("input_layers")), dialects.end(config.get("output_layers"))
        uses = len(self._given.get(end.source, []))
        if begin.source != self._first or not uses:
            raise UserError("its input and output are not among its layers")
        self._check_ends(end.source)
        is_counted_from_one = parts.kind(self._parts[end.source].described) == "Functional" or end.use >= uses
        return Link(end.source, min(max(0, end.use - is_counted_from_one), uses - 1))

    def _check_ends(self, end):
        """Raise UserError where a layer leads nowhere: Keras writes none, and builds none."""
        sources = {link.source for part in self._parts.values() for links in part.uses for link in links} | {end}
        if lost := [name for name in self._parts if name not in sources]:
            raise UserError(f"its layer {parts.shown(lost[0])} leads nowhere")

    def _name(self):
        name = parts.name(self._described["config"])
        return name if rules.is_plain(name) else "network"


def _counted_from_one(found):
    """Return the names of networks whose uses are counted from 1 on, as some versions of Keras do."""
    links = [link for part in found.values() for links in part.uses for link in links]
    beyond = {link.source for link in links if link.source in found and link.use >= len(found[link.source].uses)}
    return {name for name in beyond if parts.kind(found[name].described) in parts.NETWORKS}


def _plain_names(found):
    """Return a name for each part that TensorFlow takes too: its own, or where that is not plain, a new one."""
    names = {name: name for name in found if rules.is_plain(name)}
    for number, name in enumerate(found):
        if name not in names:
            names[name] = next(new for new in _numbered(number) if new not in names.values())
    return names


def _numbered(number):
    return (f"layer_{number}" + "_" * more for more in itertools.count())


def _stored_places(found, place):
    """Return where the weights of each part are in the file: the second of a kind gets a _1."""
    count, places = Counter(), {}
    for name, part in found.items():
        kind = parts.kind(part.described)
        places[name] = f"{place}layers/{_snake_case(kind)}{f'_{count[kind]}' * bool(count[kind])}/"
        count[kind] += 1
    return places


def _snake_case(kind):
    """Return the name of a class as Keras writes it in the weights: "PReLU" is "p_re_lu"."""
    return re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)).lower()


def _out_of_place(name):
    return UserError(f"its layer {parts.shown(name)} has no place of its own after those that it takes from")


def _too_much(what):
    return UserError(f"it has more than {_MOST[what]:,} {what}, which is more than reading digits can need")
