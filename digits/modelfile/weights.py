"""The weights in a model file: HDF5 from anywhere, taken only where it is plain groups of plain arrays of numbers."""

import io

import numpy as np

from digits import UserError, errors

_DEEPEST = 16  # groups within groups; a network within a network within a network has 7
_MOST = 5_000  # groups and arrays


def read(content: bytes) -> dict[str, np.ndarray]:
    """Return all arrays in an HDF5 file by their path, such as "layers/dense/vars/0", copied.

    Raises UserError, which does not name the file, where anything in it is other than Keras writes it (a link, an
    array in pieces, filtered, computed or kept elsewhere), or where a number is not finite.
    """
    import h5py

    arrays, left = {}, len(content)
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            for path, dataset in _datasets(file, {_address(file)}):
                arrays[path] = _array(path, dataset, left)
                left -= arrays[path].nbytes
    except UserError:
        raise
    except Exception as error:  # a file from anywhere: h5py raises what HDF5 happens to stumble over
        raise UserError(f"its weights cannot be read ({errors.first_line(error)})") from error
    return arrays


def _datasets(group, seen, depth=0):
    """Yield the path of every dataset in a group, and in the groups in it, and the dataset."""
    import h5py

    for name in group:
        path = f"{group.name}/{name}".lstrip("/")
        if type(group.get(name, getlink=True)) is not h5py.HardLink:  # opened, it would lead out of the file
            raise _refusal(path, "is a link")
        item = group[name]
        if _address(item) in seen or len(seen) > _MOST or depth > _DEEPEST:
            raise _refusal(path, "is in a place where nothing is expected")
        seen.add(_address(item))
        if type(item) is h5py.Group:
            yield from _datasets(item, seen, depth + 1)
        elif type(item) is h5py.Dataset:
            yield path, item
        else:
            raise _refusal(path, "is neither a group nor an array")


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
