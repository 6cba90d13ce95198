"""A converted model answers like the model, or is not kept; where there can be none, nothing is said."""

import platformdirs
import pytest

from digits import UserError
from digits.reading import conversion, converted, engine
from tests.support import model_files
from tests.support.fake_model import write_model


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path / "cache" / "converted"


@pytest.fixture
def path(tmp_path):
    write_model(tmp_path / "model.keras")
    return tmp_path / "model.keras"


@pytest.fixture
def conversions(monkeypatch):
    """Every conversion that is begun."""
    begun, convert = [], conversion.convert

    def count(model):
        begun.append(model)
        return convert(model)

    monkeypatch.setattr(conversion, "convert", count)
    return begun


def test_a_model_is_converted_once(folder, path, conversions):
    conversion.keep(path)
    kept = converted.find(converted.digest(path))
    assert kept and len([*folder.iterdir()]) == 1
    conversion.keep(path)
    assert len(conversions) == 1


def test_a_damaged_form_is_replaced(folder, path, conversions):
    conversion.keep(path)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:1000] + b"?" + whole[1001:])
    conversion.keep(path)
    assert len(conversions) == 2 and isinstance(engine.load(path), engine.LiteRT)


def test_a_form_that_answers_otherwise_is_not_kept(folder, path, conversions, monkeypatch):
    answers = conversion._answers
    monkeypatch.setattr(conversion, "_answers", lambda *shown: answers(*shown) + 2 * conversion.MOST)
    with pytest.raises(UserError, match="otherwise"):
        conversion.convert(engine.Keras(path).model)
    conversion.keep(path)
    assert converted.find(converted.digest(path)) is None


def test_a_model_that_cannot_be_converted_is_tried_three_times_and_in_silence(folder, path, monkeypatch, capfd):
    tried = []

    def stumble(model):
        tried.append(model)
        raise ValueError("failed to legalize operation")

    monkeypatch.setattr(conversion, "_converted", stumble)
    for _ in range(5):
        conversion.keep(path)
    assert len(tried) == 3 and capfd.readouterr() == ("", "")
    assert isinstance(engine.load(path), engine.Keras)


def test_where_nothing_can_be_kept_nothing_is_said(folder, path, conversions):
    folder.parent.mkdir()
    folder.write_text("a file in place of the folder")
    conversion.keep(path)
    assert conversions == []


def test_a_file_that_is_no_model_is_nobodys_concern(folder, tmp_path):
    conversion.keep(model_files.write(tmp_path / "model.keras", weights=b"none"))
    conversion.keep(tmp_path / "none.keras")


def test_the_command_converts_the_shipped_model(path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["conversion"])
    monkeypatch.setattr(conversion, "MODEL", path)
    monkeypatch.setattr(converted, "SHIPPED", path.with_suffix(".tflite"))
    conversion.main()
    assert converted.read(path.with_suffix(".tflite"), converted.digest(path))
    assert "model.tflite" in capsys.readouterr().out
