"""Files that are no model files, and archives that are none that Keras wrote."""

import json
import os
import struct
import warnings
import zipfile
import zlib

from tests.support.hostile_networks import with_lambda
from tests.support.model_files import hdf5, members, write


def _fifo(path, canary):
    os.mkfifo(path)


def _saved_model(path, canary):
    (path / "variables").mkdir(parents=True)
    (path / "saved_model.pb").write_bytes(b"\x08\x01")


def _sparse(path, canary):
    write(path)
    os.truncate(path, 200_000_000)


def _holding(content):
    return lambda path, canary: path.write_bytes(content)


def _cut(share):
    def kind(path, canary):
        whole = write(path).read_bytes()
        path.write_bytes(whole[: int(share * len(whole))])

    return kind


def _with_members(change):
    """Members of the archive changed by a function; it returns (name, content) of further ones."""

    def kind(path, canary):
        content = members()
        more = change(content, canary) or []
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of two members of a name
            for name, one in [*content.items(), *more]:
                archive.writestr(name, one)

    return kind


def _without(name):
    return _with_members(lambda content, canary: content.pop(name) and None)


def _edited(change):
    """The bytes of a good file, changed."""

    def kind(path, canary):
        path.write_bytes(change(write(path, packed=zipfile.ZIP_STORED).read_bytes()))

    return kind


def _bomb(name, size):
    """A member of zeros, larger than it may be."""
    return _with_members(lambda content, canary: content.update({name: bytes(size)}))


def _lying_bomb(path, canary):
    """A config.json that unpacks to more than the archive says."""
    _bomb("config.json", 5_000_000)(path, canary)
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 5_000)))


def _many_members(path, canary):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2_000):
            archive.writestr(f"{number}.json", "")


def _wrong_checksum(content):
    at = content.rindex(struct.pack("<L", zlib.crc32(members()["config.json"].encode())))
    return content[:at] + b"\0\0\0\0" + content[at + 4 :]


def _files():
    posix = {
        "a pipe": (_fifo, "is no file"),
        "a link to a device": (lambda path, canary: path.symlink_to("/dev/zero"), "is no file"),
        "a link to itself": (lambda path, canary: path.symlink_to(path), ""),
        "a link to a file that is not there": (lambda path, canary: path.symlink_to(canary), "no such file"),
    }
    return {
        "missing": (lambda path, canary: None, "no such file", "python handwriting.py"),
        "a folder": (lambda path, canary: path.mkdir(), "is no file"),
        "a SavedModel": (_saved_model, "is no file"),
        "empty": (_holding(b""), "it is empty"),
        "text": (_holding(b"Dear model,\n"), "no zip"),
        "a picture": (_holding(b"\x89PNG\r\n\x1a\n" + bytes(100)), "no zip"),
        "pickled": (_holding(b"\x80\x04cos\nsystem\n."), "no zip"),
        "weights alone": (_holding(hdf5()), "no description of a network", "save the whole model"),
        "two letters": (_holding(b"PK"), "no zip"),
        "far too large": (_sparse, "200,000,000 bytes, expected at most"),
        **{f"cut at {share} %": (_cut(share / 100), "") for share in range(0, 100, 5)},
        **(posix if os.name == "posix" else {}),
    }


FILES = _files()

ARCHIVES = {
    "no member at all": (_holding(b"PK\5\6" + bytes(18)), "no zip"),
    "no config": (_without("config.json"), "no member config.json"),
    "no weights": (_without("model.weights.h5"), "no member model.weights.h5"),
    "no metadata": (_without("metadata.json"), "no member metadata.json"),
    "one member too many": (_with_members(lambda *_: [("assets/vocabulary.txt", "")]), "'assets/vocabulary.txt'"),
    "a way out": (_with_members(lambda _, canary: [("../" * 20 + str(canary)[1:], "")]), "'../../"),
    "a way to the root": (_with_members(lambda _, canary: [(str(canary), "")]), "expected only"),
    "a way out on Windows": (_with_members(lambda *_: [("..\\..\\canary", "")]), "expected only"),
    "a name over many lines": (_with_members(lambda *_: [("a\nb\x1b[2J", "")]), "\\n"),
    "a folder in it": (_with_members(lambda *_: [("layers/", "")]), "'layers/'"),
    "two configs": (
        _with_members(lambda _, canary: [("config.json", json.dumps(with_lambda(canary)))]),
        "more than one member config.json",
    ),
    "a config in other letters": (_with_members(lambda *_: [("CONFIG.JSON", "{}")]), "'CONFIG.JSON'"),
    "2,000 members": (_many_members, "list of members"),
    "a bomb for a config": (_bomb("config.json", 50_000_000), "unpacks to 50,000,000 bytes"),
    "a bomb for metadata": (_bomb("metadata.json", 5_000_000), "unpacks to 5,000,000 bytes"),
    "a bomb for weights": (_bomb("model.weights.h5", 101_000_000), "unpacks to 101,000,000 bytes"),
    "a bomb that lies": (_lying_bomb, "does not have the size that it says"),
    "a wrong checksum": (_edited(_wrong_checksum), "CRC"),
    "a comment behind it": (_edited(lambda content: content[:-2] + b"\3\0abc"), "its end is missing"),
    "something before it": (_edited(lambda content: b"#!/bin/sh\n" + content), "no zip"),
    "a second end": (_edited(lambda content: content[:-22] + b"PK\6\7" + bytes(16) + content[-22:]), "list of members"),
    "encrypted": (
        _edited(lambda content: content.replace(b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1")),
        "encrypted",
    ),
    "packed by bzip2": (lambda path, canary: write(path, packed=zipfile.ZIP_BZIP2), "unusual way"),
    "packed by lzma": (lambda path, canary: write(path, packed=zipfile.ZIP_LZMA), "unusual way"),
}
