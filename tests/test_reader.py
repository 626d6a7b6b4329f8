import os

import numpy as np
import pytest

from assistant.answering.reader import MAX_TOKENS, Reader, encode, open_reader, pool, reader_tokenizer

TEXT = "The bridge is old. Anna Berg opened it on Monday. It rained all day."
SPANS = ((0, 18), (19, 49), (50, 68))


@pytest.fixture(scope="module")
def reader():
    return open_reader()


def test_the_answering_sentence_scores_highest(reader):
    (scores,) = reader.scores("Who opened the bridge?", [("Bridge opens", TEXT, SPANS)])
    assert scores.shape == (3,)
    assert np.argmax(scores) == 1


def test_a_passage_that_answers_scores_above_one_that_does_not(reader):
    other = "The market was busy. Bread prices rose again."
    good, bad = reader.scores("Who opened the bridge?", [("", TEXT, SPANS), ("", other, ((0, 20), (21, len(other))))])
    assert good.max() > bad.max()


def test_scores_are_the_same_whatever_else_is_judged_with_a_passage(reader):
    alone = reader.scores("Who opened the bridge?", [("T", TEXT, SPANS)])[0]
    passages = [("T", TEXT, SPANS), ("", "Short.", ((0, 6),)), ("", TEXT * 4, ((0, 18),))]
    together = Reader().scores("Who opened the bridge?", passages)[0]
    assert (alone == together).all()


def test_words_say_a_statement_or_they_do_not(reader):
    words = "The insurer sued the shipyard over the delay."
    said = reader.entailment(words, "The shipyard was taken to court by the insurer.")
    assert said > 0 > reader.entailment(words, "The insurer was taken to court by the shipyard.")


def test_one_reader_serves_all_of_a_process():
    assert open_reader() is open_reader()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_loads_its_own():
    before = open_reader()
    if (child := os.fork()) == 0:
        os._exit(int(open_reader() is before))
    assert os.waitpid(child, 0)[1] == 0


def test_every_token_of_a_sentence_is_found_by_its_characters():
    pair, places = encode(reader_tokenizer(), "Who?", "Título", TEXT, SPANS)
    assert [pair.tokens[place] for place in places[0]] == ["▁The", "▁bridge", "▁is", "▁old", "."]
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
