import json
import math

import pytest

from assistant import Answer, Assistant, Found, Settings
from assistant.retrieval.store import Store
from evals import quiz, run
from evals.dataset import load_cases
from evals.judge import judge
from evals.metrics import auroc, hit_at, says, states_facts, wilson
from evals.report import Share, index_of, percentile, table
from evals.synthetic import PASSAGES, Writer, grow, vocabulary

ARTICLES = {
    "ferry.txt": "Ferry runs again on Lake Ossel\n\n4 May 2024\n\n"
    "The ferry between Tarn and Ossel sailed again on Saturday after 19 days in dock. "
    "Repairs to its rudder cost 480,000 crowns, harbour master Ilse Brandt said.\n",
    "cheese.txt": "Goat cheese from Varnholt wins the Golden Whey\n\n11 June 2024\n\n"
    "A goat cheese from the Varnholt dairy won the Golden Whey on Tuesday. "
    "Jurors praised its rind, and the dairyman Otto Lindqvist danced on the table.\n",
    "bridge.txt": "Bridge at Kessel closes\n\n2 July 2024\n\n"
    "The bridge at Kessel closes on Monday for 6 weeks so that its bearings can be replaced. "
    "Lorries must take the valley road, the roads office said.\n",
}


def case(number, *, facts=(), articles=(), why_not=None, **changes):
    return {
        "id": f"t{number}", "question": f"Question {number}?", "history": [], "answerable": bool(facts),
        "why_not": why_not, "facts": facts, "articles": articles, "tags": ["who"], "split": "dev",
    } | changes  # fmt: skip


CASES = [
    case(1, question="How much did repairing the ferry's rudder cost?", facts=[["480,000"]], articles=["ferry.txt"]),
    case(2, question="Who danced on the table?", facts=[["Otto Lindqvist"]], articles=["cheese.txt"]),
    case(
        3, question="Why does the bridge at Kessel close?", facts=[["bearings"]], articles=["bridge.txt"], split="test"
    ),
    case(4, question="What did the opera house in Lund perform?", why_not="not_in_corpus"),
]


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def assistant(articles):
    with index_of(articles, None, "none") as index, Assistant.open(index, Settings(embedder="none")) as opened:
        yield opened


def test_loads_cases_and_passes_over_blank_lines(tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(CASES[0]) + "\n\n" + json.dumps(CASES[3]) + "\n", "utf-8")
    first, second = load_cases(path)
    assert first.facts == (("480,000",),)
    assert first.articles == {"ferry.txt"}
    assert second.why_not == "not_in_corpus"


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        (CASES[0], "stands above already"),
        (CASES[0] | {"id": "other"}, "stands above already"),
        (CASES[0] | {"question": "Another?"}, "stands above already"),
        (case(9, facts=[["x"]]), "needs facts and articles"),
        (case(9), "needs one of"),
        (case(9, why_not="whatever"), "needs one of"),
        ({"id": "t9"}, "question"),
        ([], "list"),
    ],
)
def test_refuses_a_wrong_line_with_its_file_and_number(tmp_path, bad, complaint):
    path = write(tmp_path / "cases.jsonl", [CASES[0], bad])
    with pytest.raises(ValueError, match=rf"cases\.jsonl, line 2: .*{complaint}"):
        load_cases(path)


def test_names_the_field_that_a_case_lacks(tmp_path):
    path = write(tmp_path / "cases.jsonl", [{name: value for name, value in CASES[0].items() if name != "history"}])
    with pytest.raises(ValueError, match="line 1: the field 'history' is missing"):
        load_cases(path)


def test_refuses_what_is_no_json_with_its_line(tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(CASES[0]) + "\n{oops\n", "utf-8")
    with pytest.raises(ValueError, match="line 2"):
        load_cases(path)


@pytest.mark.parametrize(
    ("text", "wording", "held"),
    [
        ("84 towns", "84", True),
        ("in 1984", "84", False),
        ("IS fighters", "is", True),
        ("this", "IS", False),
        ("The “Golden  Whey”", '"golden whey"', True),
        ("10–12 men", "10-12", True),
        ("it cost $5.", "$5", True),
        ("a+b", "a.b", False),
    ],
)
def test_facts_match_on_word_boundaries(text, wording, held):
    assert says(text, wording) is held


def test_every_fact_must_be_said_in_one_of_its_wordings():
    facts = [["noon", "midday"], ["84"]]
    assert states_facts(["It began at midday.", "84 towns."], facts)
    assert not states_facts(["It began at midday."], facts)


def test_hit_at_counts_distinct_articles():
    assert hit_at(2, ["a", "a", "b"], {"b"})
    assert not hit_at(1, ["a", "b"], {"b"})
    assert not hit_at(5, [], {"b"})


def test_auroc():
    assert auroc([2, 3], [0, 1]) == 1
    assert auroc([0, 1], [2, 3]) == 0
    assert auroc([1, 1], [1, 1]) == 0.5
    assert auroc([1, 3], [2]) == 0.5
    assert math.isnan(auroc([], [1]))


def test_wilson():
    assert wilson(0, 0) == (0, 1)
    low, high = wilson(8, 10)  # 0.490 to 0.943: Wilson's interval for 8 of 10
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(20, 20)[1] == pytest.approx(1)


def test_shares_tables_and_percentiles():
    assert Share.of([True, False, True, True]).cells() == ["0.750", "0.301 - 0.954", "4"]
    assert Share.of([]).cells() == ["-", "-", "0"]
    assert table(("a", "n"), [("long", 5)]) == "a     n\nlong  5"
    assert percentile([1, 2, 3], 50) == 2


def test_runner_end_to_end_without_the_embedder(tmp_path, articles, capsys):
    cases, report = write(tmp_path / "cases.jsonl", CASES), tmp_path / "report.json"
    command = [str(cases), "--articles", str(articles), "--embedder", "none", "--split", "all", "--failures"]
    run.main([*command, "--json", str(report)])
    printed = capsys.readouterr().out
    assert "cases.jsonl, extractive: 4 cases" in printed
    assert "by why_not" in printed
    kept = json.loads(report.read_text("utf-8"))["configurations"]["extractive"]
    assert kept["figures"]["verbatim"]["value"] == 1
    assert kept["figures"]["reporting"]["value"] == 1
    assert kept["figures"]["right"]["n"] == 3
    assert kept["settings"]["embedder"] == "none"
    assert [row["id"] for row in kept["rows"]] == ["t1", "t2", "t3", "t4"]
    for row in kept["rows"]:
        assert (row["lost"] is None) == bool(row["scores"].get("right") or row["scores"].get("refused"))
        assert row["lost"] is None or f"{row['id']}  " in printed


def test_runner_takes_one_split_and_an_index(tmp_path, articles, capsys):
    cases = write(tmp_path / "cases.jsonl", CASES)
    with index_of(articles, None, "none") as index:
        run.main([str(cases), "--index", str(index), "--embedder", "none", "--split", "test"])
    assert "extractive: 1 cases" in capsys.readouterr().out


def test_runner_says_what_is_missing(tmp_path, capsys):
    for extra, complaint in ([], "none.jsonl"), (["--articles", "nowhere"], "none.jsonl"):
        with pytest.raises(SystemExit, match="2"):
            run.main([str(tmp_path / "none.jsonl"), *extra])
        assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("changes", [{"facts": [["zebra"]]}, {"articles": ["cheese.txt"]}])
def test_names_the_step_at_which_an_answer_was_lost(tmp_path, assistant, changes):
    outcome = judge(assistant, load_cases(write(tmp_path / "cases.jsonl", [CASES[0] | changes]))[0])
    assert outcome.lost.startswith("not retrieved")
    assert not outcome.right
    assert all(outcome.verbatim)


class Refuses:
    """Finds what the assistant finds and answers nothing."""

    def __init__(self, assistant):
        self.search = assistant.search

    def stream(self, question, history=(), filters=None):
        yield Found(question, tuple(self.search(question)))
        yield Answer(question, question, "refused", "not_in_articles", "The articles do not say.")


def test_a_refusal_is_a_loss_only_where_the_articles_answer(tmp_path, assistant):
    path = write(tmp_path / "cases.jsonl", CASES)
    wanted, *_, unwanted = (judge(Refuses(assistant), one) for one in load_cases(path))
    assert wanted.refused
    assert (wanted.lost, unwanted.lost) == ("refused", None)


def test_quiz_answers_are_compared_without_case_quotes_articles_and_number_words():
    assert quiz.plain("The Hecht Museum") == "hecht museum"
    assert quiz.plain("“Oppenheimer”") == "oppenheimer"
    assert quiz.plain("Nine months") == "9 months"
    assert quiz.plain("Per and polyfluoroalkyl substances (PFAS)") == "per and polyfluoroalkyl substances"


def test_quiz_halves_depend_on_the_id_alone():
    halves = [quiz.half_of(f"q{number}") for number in range(400)]
    assert halves == [quiz.half_of(f"q{number}") for number in range(400)]
    assert 150 < halves.count("tune") < 250


def test_quiz_ranks_articles_by_their_ids_in_the_file(tmp_path, capsys):
    rows = [{"id": name, "title": t.split("\n")[0], "date": "2024-05-06", "text": t} for name, t in ARTICLES.items()]
    articles = tmp_path / "articles.jsonl"
    articles.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    questions = [{"question": c["question"], "answer": "x", "articles": c["articles"]} for c in CASES[:3]]
    ids = {str(number): row["id"] for number, row in enumerate(rows, 1)}
    with (
        index_of(articles, None, "none") as index,
        Assistant.open(index, Settings(embedder="none"), create=False) as assistant,
    ):
        lists = [quiz.ranked(assistant.search(q["question"]), ids) for q in questions]
    assert [one[0] for one in lists] == ["ferry.txt", "cheese.txt", "bridge.txt"]
    found = {name: lists for name in quiz.WAYS}
    printed = quiz.search_report(questions, found)
    assert "hybrid against BM25 at rank 1: 0 won, 0 lost, exact McNemar p = 1.000" in printed


def test_grows_a_store_of_invented_passages(tmp_path):
    writer = Writer(vocabulary(ARTICLES.values()))
    with Store.open(tmp_path / "index", create=True) as store:
        grow(store, writer, 2 * PASSAGES)
        grow(store, writer, 5 * PASSAGES)
        counts = store.counts()
        assert (counts.articles, counts.passages["body"], counts.embedded) == (5, 5 * PASSAGES, 5 * PASSAGES)
        store.verify()
