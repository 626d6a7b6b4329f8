"""The public surface: what ``__all__`` promises is there, nothing else is, and importing it costs next to nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import assistant

HEAVY = ("numpy", "chromadb", "langchain_core", "onnxruntime", "rich", "tokenizers", "trafilatura", "lxml", "sqlite3")


def test_every_promised_name_is_there():
    for name in assistant.__all__:
        assert getattr(assistant, name).__module__.startswith("assistant."), name
    assert assistant.__all__ == sorted(assistant.__all__)


def test_nothing_but_modules_is_public_beyond_them():
    public = {name for name in dir(assistant) if not name.startswith("_")} - set(assistant.__all__)
    modules = {name for name in public if f"assistant.{name}" in sys.modules}
    assert public - modules <= {"annotations", "TYPE_CHECKING"}


def test_type_checkers_see_the_same_names():
    tree = ast.parse(Path(assistant.__file__).read_text("utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in guarded.body if isinstance(node, ast.ImportFrom)]
    assert {(node.module, alias.name) for node in imports for alias in node.names} == {
        (getattr(assistant, name).__module__, name) for name in assistant.__all__
    }


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(assistant, "answer_everything")


def test_importing_loads_nothing_heavy():
    code = f"import assistant, assistant.cli, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
