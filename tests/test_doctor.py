import pytest

from assistant.doctor import examine
from assistant.retrieval.store import Store
from tests import model_server as server
from tests.store_samples import add, sample


def model_checks(monkeypatch, tmp_path, **variables):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(f"ASSISTANT_{name.upper()}", value)
    return [check for check in examine(tmp_path / "index") if check.name == "model"]


def test_no_model_is_no_problem(monkeypatch, tmp_path):
    (check,) = model_checks(monkeypatch, tmp_path)
    assert check.ok
    assert "quoted" in check.detail


def test_a_variable_that_sets_nothing_is_named(monkeypatch, tmp_path):
    model_checks(monkeypatch, tmp_path, modle="openai/m", password="x", threshold="0.5")
    (check,) = [check for check in examine(tmp_path / "index") if check.name == "variables"]
    assert check.ok
    assert check.detail.startswith("ASSISTANT_MODLE sets nothing here")


@pytest.mark.model_requests
@pytest.mark.parametrize("script", [server.says("ready"), server.says("ready, and more", finish="length")])
def test_a_model_that_answers_is_well(litellm, monkeypatch, tmp_path, script):
    with server.model_server(script) as here:
        (check,) = model_checks(monkeypatch, tmp_path, model="openai/m", api_base=here.url)
    assert check.ok
    assert check.detail.startswith("openai/m answered in")


@pytest.mark.model_requests
def test_every_model_is_tried_and_what_is_wrong_is_said_in_one_line(litellm, monkeypatch, tmp_path):
    with server.model_server(server.fails(401)) as here:
        checks = model_checks(
            monkeypatch, tmp_path, model="openai/m", api_base=here.url, api_key="sk-1", fallbacks="gguf:/no.gguf"
        )
    assert [check.ok for check in checks] == [False, False]
    assert "did not accept the key" in checks[0].detail
    assert "cannot read the model file '/no.gguf'" in checks[1].detail
    assert "sk-" not in str(checks)


def test_articles_dated_in_the_future_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "none")
    with Store.open(tmp_path, create=True) as store:
        add(store, sample("The pier opened.", source="then.txt", published="2017-08-03"))
        add(store, sample("The pier opened.", source="undated.txt", published=None))
    assert _dates(tmp_path) == (True, "no article is dated in the future")
    with Store.open(tmp_path) as store:
        add(store, sample("The pier will open.", source="early.txt", published="2950-01-02"))
    ok, said = _dates(tmp_path)
    assert ok
    assert said.startswith("1 dated in the future, such as 'early.txt' on 2950-01-02; check this machine's clock")


def _dates(index):
    return next((check.ok, check.detail) for check in examine(index) if check.name == "dates")
