"""The page as a file: one, whole, of the shipped model, and made by a command."""

import json
import re

import pytest

from digits.app.commands import COMMANDS
from digits.assets import ASSETS, MODEL
from digits.web import __main__ as command
from digits.web import bundle, network, page
from digits.window.paint import PALETTES
from tests.support import model_files
from tests.support.project import ROOT

SHIPPED = ASSETS / "digits.html"
WEB = ROOT / "digits" / "web"
STYLE = (WEB / "style.css").read_text("utf-8")


def test_the_shipped_page_is_what_the_command_makes_of_the_shipped_model():
    made = page.written(network.read(MODEL))
    assert SHIPPED.read_text("utf-8") == made, "make it anew with: python -m digits.web assets/digits.html"
    assert len(made.encode()) <= 1_500_000


def test_it_loads_nothing_from_anywhere():
    text = SHIPPED.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")  # a name, not a place
    assert not re.search(r"https?:|//cdn|@import|\bfetch\(|url\(|<link[^>]+stylesheet|<script[^>]+src", text)


def test_every_module_is_in_it_once_and_closes_no_script():
    script = bundle.bundled(WEB / "main.js", WEB)
    heads = re.findall(r"^// ([\w/]+\.js)$", script, re.MULTILINE)
    assert sorted(heads) == sorted(path.relative_to(WEB).as_posix() for path in WEB.rglob("*.js"))
    assert "</script" not in script and not re.search(r"^(import|export)\b", script, re.MULTILINE)


def test_no_line_of_its_sources_is_longer_than_one_of_python():
    sources = [path for path in WEB.rglob("*") if path.suffix in (".js", ".css")]
    lines = [line for path in sources for line in path.read_text("utf-8").splitlines()]
    assert max(map(len, lines)) <= 120 and len(sources) > 20


@pytest.mark.parametrize("theme", PALETTES)
def test_its_colours_are_those_of_the_window(theme):
    dark = STYLE.index("@media (prefers-color-scheme: dark)")
    part = STYLE[dark:] if theme == "dark" else STYLE[:dark]
    for name, colour in vars(PALETTES[theme]).items():
        assert f"--{name.replace('_', '-')}: {colour};" in part


def test_what_page_and_window_both_do_has_the_same_keys():
    table = (WEB / "app" / "commands.js").read_text("utf-8")
    found = dict(re.findall(r"^  (\w+): \{ keys: (\[.*?\]), help", table, re.MULTILINE))
    keys = {
        re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name): json.loads(text) for name, text in found.items()
    }
    shared = {one.name: one.keys for one in COMMANDS if keys.get(one.name)}
    assert len(shared) > 10
    for name, ours in shared.items():
        assert set(keys[name]) <= set(ours), name


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["python -m digits.web", *map(str, arguments)])
    return command.main()


def test_the_command_writes_the_page_of_any_model(monkeypatch, tmp_path, capsys):
    model = model_files.write(tmp_path / "own.keras", metadata={"digits": {"threshold": 0.9}})
    assert run(monkeypatch, model, tmp_path / "own.html") == 0
    assert '"threshold": 0.9' in (tmp_path / "own.html").read_text("utf-8")
    assert "own.html is written" in capsys.readouterr().out


def test_a_page_with_another_name_is_refused_in_one_sentence(monkeypatch, tmp_path, capsys):
    assert run(monkeypatch, tmp_path / "model.keras") == 1
    assert (
        capsys.readouterr().err
        == f"{tmp_path / 'model.keras'}: a page's name ends in .html; try {tmp_path / 'model.html'}.\n"
    )


def test_modules_are_joined_in_the_order_of_their_need(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "main.js").write_text('import { two } from "./sub/two.js";\nuse(two);\n')
    (tmp_path / "sub" / "two.js").write_text('import * as one from "../one.js";\nexport const two = one.one + 1;\n')
    (tmp_path / "one.js").write_text("export const one = 1;\n")
    script = bundle.bundled(tmp_path / "main.js", tmp_path)
    assert re.findall(r"^// (.*)$", script, re.MULTILINE) == ["one.js", "sub/two.js", "main.js"]
    assert "const $sub_two = (() => {\nconst one = $one;\nconst two = one.one + 1;\nreturn { two };\n})();\n" in script
    assert "const { two } = $sub_two;\nuse(two);" in script
