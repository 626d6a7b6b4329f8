"""Settings: what is stronger than what, and one sentence for each value that cannot be used."""

import dataclasses
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import SettingsError
from assistant.settings import Settings, load_settings


@pytest.fixture
def load(tmp_path):
    """Load settings from TOML text, an environment and overrides, whatever the machine has."""

    def load(toml="", environ=None, **overrides):
        file = tmp_path / "config.toml"
        file.write_text(toml, "utf-8")
        return load_settings(file=file, environ=environ or {}, **overrides)

    return load


def test_arguments_beat_environment_beats_file_beats_defaults(load):
    toml = "passages = 5\nmax_statements = 5\nmax_question = 5"
    environ = {"ASSISTANT_PASSAGES": "6", "ASSISTANT_MAX_STATEMENTS": "6"}
    chosen = load(toml, environ, passages=7)
    assert (chosen.passages, chosen.max_statements, chosen.max_question) == (7, 6, 5)
    assert chosen.vector_weight == Settings().vector_weight


def test_the_index_may_lie_in_the_home(load, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert Settings(index="~/news").index == load('index = "~/news"').index == tmp_path / "news"
    with Assistant.open("~/news", Settings(embedder="none")) as assistant:
        assert assistant.settings.index == tmp_path / "news"
    assert (tmp_path / "news" / "articles.sqlite3").is_file()
    for unusable in ("", "a\0b", None):
        with pytest.raises(SettingsError, match=r"index is .*; use the path of a folder"):
            Settings(index=unusable)


def test_none_and_empty_variables_count_as_not_given(load):
    chosen = load("passages = 5", {"ASSISTANT_PASSAGES": "", "ASSISTANT_INDEX": ""}, passages=None)
    assert chosen.passages == 5
    assert chosen.index == Settings().index


def test_every_field_can_be_set_by_environment(load):
    given = {"index": "/x", "embedder": "none", "vector_index": "exact", "vector_weight": "0.5", "threshold": "0.25"}
    given |= {"model": "openai/m", "api_base": "http://h/v1", "api_key": "k", "fallbacks": "a/b,c/d"}
    numbers = {f.name: "9" for f in dataclasses.fields(Settings) if f.name not in given}
    chosen = load(environ={f"ASSISTANT_{name.upper()}": value for name, value in (given | numbers).items()})
    models = ("openai/m", "http://h/v1", "k", "a/b,c/d")
    assert chosen == Settings(Path("/x"), "none", "exact", 9, 9, 9, 0.5, 0.25, 9, 9, *models, 9, 9, 9)


def test_other_variables_are_let_be(load):
    assert load(environ={"ASSISTANT_HOME": "x", "PASSAGES": "1"}) == Settings()


def test_home_is_expanded_and_a_byte_order_mark_ignored(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('index = "~/news"', "utf-8-sig")
    assert load_settings(file=file, environ={}).index == Path.home() / "news"


def test_a_wrong_value_names_where_it_was_set(load, tmp_path):
    with pytest.raises(SettingsError, match=r"^ASSISTANT_PASSAGES: passages is 'many'; use a number$"):
        load(environ={"ASSISTANT_PASSAGES": "many"})
    with pytest.raises(SettingsError, match=rf"^{tmp_path}/config.toml: passages is 'many'"):
        load('passages = "many"')
    with pytest.raises(SettingsError, match=r"^passages is 0; use a whole number of at least 1$"):
        load(passages=0)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("pasages = 5", "unknown setting 'pasages'; known are index, embedder"),
        ("[index]\npath = 1", "use the path of a folder"),
        ("embedder = ['minilm']", r"embedder is \['minilm'\]; use text"),
        ("passages = true", "use a number"),
        ("passages = 2.5", "use a number"),
        ("threshold = nan", "use a number from 0 to 1"),
        ("vector_weight = 1.5", "vector_weight is 1.5; use a number from 0 to 1"),
        ("vector_index = 'magic'", "use auto, exact or chroma"),
        ("index = ''", "use the path of a folder"),
        ("index = '~nobody-of-this-name/x'", "use the path of a folder"),
        ("passages = = 1", "cannot read the settings file"),
    ],
)
def test_a_file_with_a_fault_is_refused_in_one_sentence(load, toml, says):
    with pytest.raises(SettingsError, match=says) as refused:
        load(toml)
    assert "\n" not in str(refused.value)


def test_a_file_that_was_asked_for_must_be_there(tmp_path):
    with pytest.raises(SettingsError, match="cannot read the settings file"):
        load_settings(file=str(tmp_path / "none.toml"), environ={})


def test_a_configuration_folder_that_cannot_be_looked_into_is_said(monkeypatch):
    def is_file(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_file", is_file)
    with pytest.raises(SettingsError, match=r"cannot read the settings file .*config\.toml.*Permission denied"):
        load_settings(environ={})


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().passages = 3


def test_a_key_is_never_shown(load):
    assert "sk-1" not in repr(load(environ={"ASSISTANT_API_KEY": "sk-1"}))
    with pytest.raises(SettingsError) as raised:
        load("api_key = 12345")
    assert "12345" not in str(raised.value)


@pytest.mark.parametrize("seconds", ["0", "-1", "3601", "nan", "inf"])
def test_a_deadline_is_a_number_of_seconds(load, seconds):
    with pytest.raises(SettingsError, match="deadline is"):
        load(environ={"ASSISTANT_DEADLINE": seconds})


@pytest.mark.parametrize("variable", ["ASSISTANT_PASSAGES", "ASSISTANT_DEADLINE"])
def test_a_value_of_any_length_is_refused_in_a_short_sentence(load, variable):
    with pytest.raises(SettingsError, match="use a number") as refused:
        load(environ={variable: "x" * 10_000})
    assert len(str(refused.value)) < 200
