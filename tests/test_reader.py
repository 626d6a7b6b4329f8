import numpy as np
import pytest

from assistant.answering.reader import MAX_TOKENS, Reader, encode, pool, reader_tokenizer

TEXT = "The bridge is old. Anna Berg opened it on Monday. It rained all day."
SPANS = ((0, 18), (19, 49), (50, 68))


@pytest.fixture(scope="module")
def reader():
    return Reader()


def test_the_answering_sentence_scores_highest(reader):
    (scores,) = reader.scores("Who opened the bridge?", [("Bridge opens", TEXT, SPANS)])
    assert scores.shape == (3,)
    assert np.argmax(scores) == 1


def test_a_passage_that_answers_scores_above_one_that_does_not(reader):
    other = "The market was busy. Bread prices rose again."
    good, bad = reader.scores("Who opened the bridge?", [("", TEXT, SPANS), ("", other, ((0, 20), (21, len(other))))])
    assert good.max() > bad.max()


def test_scores_are_the_same_whatever_else_is_judged_with_a_passage(reader):
    alone = Reader().scores("Who opened the bridge?", [("T", TEXT, SPANS)])[0]
    passages = [("T", TEXT, SPANS), ("", "Short.", ((0, 6),)), ("", TEXT * 4, ((0, 18),))]
    together = Reader().scores("Who opened the bridge?", passages)[0]
    assert np.abs(alone - together).max() < 1.0  # int8 activations are scaled by the batch


def test_every_token_of_a_sentence_is_found_by_its_characters():
    pair, places = encode(reader_tokenizer(), "Who?", "Título", TEXT, SPANS)
    assert [pair.tokens[place] for place in places[0]] == ["the", "bridge", "is", "old", "."]
    assert not set(places[0]) & set(places[1])


def test_long_passages_are_cut_and_what_is_cut_off_does_not_answer():
    text = "word " * 1000
    pair, places = encode(reader_tokenizer(), "Who? " * 500, "", text, ((0, 20), (4000, 4995)))
    assert len(pair.ids) <= MAX_TOKENS
    assert places[0]
    assert pool(np.zeros((0, 2), np.float32)) < -5
    assert not places[1]


@pytest.mark.parametrize("question", ["[1]" * 200, "水" * 400, "한 " * 200])
def test_a_question_of_nothing_but_tokens_is_read(question):
    pair, places = encode(reader_tokenizer(), question, "A title", "The bridge is old. " * 40, ((0, 18),))
    assert len(pair.ids) <= MAX_TOKENS
    assert places[0]
