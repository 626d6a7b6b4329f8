"""Names that mean the same, found in questions by their words; the user's own list beside the shipped one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.aliases import Aliases, load_aliases
from assistant.errors import SettingsError

SHIPPED = load_aliases()


def found(text, aliases=SHIPPED):
    return [text[m.start : m.end] for m in aliases.mentions(text)]


def others(text, aliases=SHIPPED):
    return {name for mention in aliases.mentions(text) for name in mention.others}


def test_every_name_of_a_group_finds_the_others():
    assert {"USA", "United States"} <= others("the US envoy")
    assert {"US", "USA"} <= others("the united states envoy")
    assert "US" in others("What did U.S. envoys say?")
    assert "US" in others("America's envoy")
    assert "US" not in others("the US envoy")


@pytest.mark.parametrize("text", ["tell us who is there", "It is us.", "who said it?"])
def test_short_forms_that_are_words_need_capitals(text):
    assert found(text) == []


def test_the_longest_name_wins_and_none_overlap():
    text = "The Democratic Republic of the Congo and DR Congo"
    assert found(text) == ["Democratic Republic of the Congo", "DR Congo"]


def test_accents_and_case_do_not_matter():
    assert "Ivory Coast" in others("COTE D'IVOIRE")
    assert "Turkey" in others("türkiye")


def test_a_name_in_two_groups_means_all_of_both():
    assert others("B", Aliases([("A", "B"), ("B", "C")])) == {"A", "C"}
    assert Aliases([]).mentions("A") == []


def test_own_aliases_are_read_besides_the_shipped_ones(tmp_path):
    (tmp_path / "aliases.txt").write_text("# mine\n\nAardvark Party = AP  =  Ants’ Friends\n", "utf-8-sig")
    aliases = load_aliases(tmp_path)
    assert others("the Aardvark Party", aliases) == {"AP", "Ants’ Friends"}
    assert "USA" in others("the US", aliases)


def test_a_folder_without_own_aliases(tmp_path):
    assert found("the UN", load_aliases(tmp_path)) == ["UN"]


@pytest.mark.parametrize("line", ["only one name", "A = ", "A=B"])
def test_a_line_that_is_no_group_is_shown_with_its_number(tmp_path, line):
    (tmp_path / "aliases.txt").write_text(f"# mine\n{line}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"aliases\.txt, line 2: .*write 'name = other name'"):
        load_aliases(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "aliases.txt").write_bytes(b"\xff\xfe\x00A")
    with pytest.raises(SettingsError, match="save it as UTF-8 text"):
        load_aliases(tmp_path)


@given(st.text())
def test_mentions_slice_any_text(text):
    for mention in SHIPPED.mentions(f"{text} US {text}"):
        assert 0 <= mention.start < mention.end
        assert mention.others
