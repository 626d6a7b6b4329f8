import pytest

from assistant import prompting
from assistant.errors import PromptError
from assistant.prompting import fill


@pytest.fixture
def prompt(tmp_path, monkeypatch):
    """Write a prompt file and return how to fill it."""
    monkeypatch.setattr(prompting, "_CHECKOUT", tmp_path)
    prompting._load.cache_clear()
    yield lambda text, **values: (tmp_path / "p.md").write_text(text) and fill("p", **values)
    prompting._load.cache_clear()


def test_variables_are_replaced_and_values_are_not_read_again(prompt):
    assert prompt("---\nvariables: name\n---\nHello $name.", name="$name ${x} $$") == "Hello $name ${x} $$."


@pytest.mark.parametrize(
    ("text", "values", "differing"),
    [
        ("---\nvariables: a\n---\n$a $b", {"a": 1}, "used variables differ in b"),
        ("---\nvariables: a b\n---\n$a", {"a": 1, "b": 2}, "used variables differ in b"),
        ("---\nvariables: a\n---\n$a", {"a": 1, "b": 2}, "given variables differ in b"),
        ("---\nvariables: a\n---\n$a", {}, "given variables differ in a"),
        ("---\nvariables: a\n---\n$a costs 5 $", {"a": 1}, r"a lone \$"),
        ("Hello", {}, "does not begin with a block"),
    ],
)
def test_a_prompt_that_does_not_agree_with_its_use_is_refused(prompt, text, values, differing):
    with pytest.raises(PromptError, match=differing):
        prompt(text, **values)


def test_a_missing_prompt_is_named():
    with pytest.raises(PromptError, match="cannot read the prompt 'nothing'"):
        fill("nothing")


def test_every_shipped_prompt_can_be_loaded():
    for file in (prompting.Path(__file__).parents[1] / "prompts").glob("*.md"):
        if file.name != "README.md":
            assert prompting._load(file.stem)
