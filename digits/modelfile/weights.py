"""The weights in a model file: HDF5 from anywhere, taken only where it is plain groups of plain arrays of numbers."""

import io

import numpy as np

from digits import UserError, errors

_DEEPEST = 16  # groups within groups; a network within a network within a network has 7
_MOST = 5_000  # groups and arrays
_LONGEST = 65_536  # bytes of an attribute; HDF5 itself keeps no longer ones in the plain way
_GROUP = "model_weights"  # of the older format, beside that of the optimiser


def read(content: bytes) -> dict[str, np.ndarray]:
    """Return all arrays in an HDF5 file by their path, such as "layers/dense/vars/0", copied.

    Raises UserError, which does not name the file, where anything in it is other than Keras writes it (a link, an
    array in pieces, filtered, computed or kept elsewhere), or where a number is not finite.
    """
    return _guarded(content, lambda file: _arrays(file, len(content)))


def read_older(content: bytes) -> dict[str, list[np.ndarray]]:
    """Return the arrays of each layer in a model of the older format, an .h5 file; raises UserError like `read`."""
    return _guarded(content, lambda file: _by_layer(file, len(content)))


def description(content: bytes) -> tuple[bytes, str]:
    """Return what a model of the older format says its network is, and which Keras wrote it; raises UserError."""
    return _guarded(content, _description)


def _guarded(content, what):
    import h5py

    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            return what(file)
    except UserError:
        raise
    except Exception as error:  # a file from anywhere: h5py raises what HDF5 happens to stumble over
        raise UserError(f"its weights cannot be read ({errors.first_line(error)})") from error


def _description(file):
    if "model_config" not in file.attrs:
        raise UserError("it holds no description of a network, only weights perhaps; save the whole model with save()")
    version = _texts(file, "keras_version") if "keras_version" in file.attrs else []
    config = _texts(file, "model_config")
    if len(config) != 1:
        raise UserError("it holds several descriptions of a network, or none")
    return config[0], b"".join(version).decode("ascii", "replace")


def _arrays(group, left):
    arrays = {}
    for path, item in _items(group, {_address(group)}):
        if not _is_group(item):
            arrays[path] = _array(path, item, left)
            left -= arrays[path].nbytes
    return arrays


def _by_layer(file, size):
    group = _child(file, _GROUP, "")
    named = {
        path: [name.decode() for name in _texts(item, "weight_names")]
        for path, item in _items(group, {_address(file), _address(group)})
        if _is_group(item) and "weight_names" in item.attrs
    }
    arrays = _arrays(group, size)
    try:
        return {
            layer.removeprefix(f"{_GROUP}/"): [arrays[f"{layer}/{name}"] for name in names]
            for layer, names in named.items()
        }
    except KeyError as lacking:
        raise UserError(f"its weights lack {ascii(lacking.args[0])[1:-1][:80]}") from None


def _items(group, seen, depth=0):
    """Yield the path of everything in a group, and in the groups in it, and the thing itself."""
    for name in group:
        path = f"{group.name}/{name}".lstrip("/")
        item = _child(group, name, path)
        if _address(item) in seen or len(seen) > _MOST or depth > _DEEPEST:
            raise _refusal(path, "is in a place where nothing is expected")
        seen.add(_address(item))
        yield path, item
        if _is_group(item):
            yield from _items(item, seen, depth + 1)


def _child(group, name, path):
    """Return what is in a group under a name, a group or an array."""
    import h5py

    if type(group.get(name, getlink=True)) is not h5py.HardLink:  # opened, it would lead out of the file
        raise _refusal(path or name, "is a link")
    item = group[name]
    if type(item) not in (h5py.Group, h5py.Dataset):
        raise _refusal(path or name, "is neither a group nor an array")
    return item


def _is_group(item):
    import h5py

    return type(item) is h5py.Group


def _texts(item, name):
    """Return an attribute that is a text or a list of texts, as bytes."""
    import h5py

    attribute = h5py.h5a.open(item.id, name.encode())
    if attribute.shape == (0,):  # an empty list has no type of its own
        return []
    if h5py.check_string_dtype(attribute.dtype) is None or attribute.get_storage_size() > _LONGEST:
        raise _refusal(name, "is not as Keras writes it")
    return [text if isinstance(text, bytes) else text.encode() for text in np.atleast_1d(item.attrs[name]).tolist()]


def _array(path, dataset, most):
    """Return a dataset as an array; refused before anything of it is read, unless it lies in the file as it is."""
    import h5py

    if dataset.dtype.kind not in "fiu" or dataset.dtype.subdtype or dataset.dtype.itemsize > 8:
        raise _refusal(path, f"holds {dataset.dtype}, expected numbers")
    if dataset.is_virtual or dataset.external or dataset.id.get_create_plist().get_nfilters():
        raise _refusal(path, "does not lie in the file itself")
    layout = dataset.id.get_create_plist().get_layout()
    if layout not in (h5py.h5d.CONTIGUOUS, h5py.h5d.COMPACT) or dataset.shape is None or dataset.ndim > 4:
        raise _refusal(path, "does not lie in the file in one piece")
    size = dataset.dtype.itemsize
    for side in dataset.shape:  # Python's numbers do not overflow
        size *= side
    if size > most or dataset.id.get_storage_size() != size:
        raise _refusal(path, f"has the shape {dataset.shape}, more than is in the file")
    array = dataset[()] if dataset.shape else np.array(dataset[()])
    if not np.isfinite(array).all():
        raise _refusal(path, "holds numbers that are not finite")
    return array


def _address(item):
    import h5py

    return h5py.h5o.get_info(item.id).addr


def _refusal(path, what):
    return UserError(f"its weights {ascii(path)[1:-1][:80]}: {what}")
