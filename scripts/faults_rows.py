"""The 38 rows: what is promised in a few words, and which probe and which tests hold it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One fault or bad input.

    Attributes:
        promise: what must come of it.
        probe: in ``faults_probes.PROBES``, "" for none.
        tests: pytest node ids whose cases count, or beginnings of them.
        open: what is not tried yet or not kept.
    """

    number: int
    promise: str
    probe: str = ""
    tests: tuple[str, ...] = ()
    open: str = ""


def _of(file: str, *names: str) -> tuple[str, ...]:
    return tuple(f"tests/{file}.py::{name}" for name in names)


_PAGE = _of("test_ui", "test_text_and_attributes", "test_only_web_addresses")
_BROWSER = (
    *_of("browser/test_hostile", "test_hostile_text_stays_text"),
    *_of("browser/test_page", "test_another_session_and_the_policy"),
)
_MODEL = _of("test_llm", "test_every_fault")

ROWS = (
    Row(
        1,
        "kill -9 at every step and at random: nothing acknowledged is lost",
        "kills",
        _of("test_store_crash", "test_kill_9"),
    ),
    Row(
        2,
        "kill -9 of a reader, and during a rebuild: the same",
        "readers",
        _of("test_chroma", "test_a_build_that_is_cut_short"),
    ),
    Row(3, "disk full at every step: said, nothing lost, goes on", "full", _of("test_store_crash", "test_a_full_disk")),
    Row(
        4,
        "two writers: one writes, one waits or is told; 0 wrong vectors",
        "doubled",
        _of("test_store_crash", "test_a_second_writer", "test_two_threads")
        + _of("test_chroma", "test_while_another_process"),
    ),
    Row(5, "stale lock, reused pid: taken without help", "stale"),
    Row(
        6,
        "nothing can be written: asked as ever, adding refused",
        "readonly",
        _of("test_store_crash", "test_a_folder_that_cannot", "test_read_only_beside")
        + _of("test_chroma", "test_where_nothing_can"),
    ),
    Row(
        7,
        "record emptied, cut, garbled: detected; a backup brings all back",
        "records",
        _of("test_store_damage", "test_"),
    ),
    Row(
        8,
        "Chroma missing, garbled, crashing: built again, right answers",
        "chroma",
        _of("test_chroma", "test_a_damaged_collection", "test_garbage_in_the_segments", "test_nothing_pickled"),
    ),
    Row(
        9,
        "another embedder, same dimension or not: refused by name",
        "embedders",
        _of("test_ingest_embed", "test_another_embedder", "test_another_process_that_re_embeds")
        + _of("test_chroma", "test_vectors_of_another"),
    ),
    Row(
        10,
        "older format migrated safely, newer one refused untouched",
        "versions",
        _of("test_store_damage", "test_a_newer_format", "test_an_older_format"),
    ),
    Row(
        11,
        "clock at 1970, a day back, 10 years ahead: no difference but that dates to come are flagged",
        "clocks",
        _of("test_clean_fields", "test_a_date_in_the_future") + _of("test_doctor", "test_articles_dated"),
    ),
    Row(
        12,
        "Ctrl-C and SIGTERM: over in 5 s, state as row 1",
        "signals",
        _of("test_cli_process", "test_ctrl_c", "test_sigterm"),
        "Ctrl-C while Python starts shows its traceback",
    ),
    Row(13, "empty, binary, renamed files: skipped with the reason", "files13", _of("test_load", "TestSniffing")),
    Row(14, "2 GB file, 100 MB line: refused by size", "files14", _of("test_load", "test_a_large", "test_long_text")),
    Row(15, "odd encodings: right text, or said", "files15", _of("test_load", "TestEncodings")),
    Row(
        16,
        "deep, flat, endless HTML: child ended, the next goes on",
        "files16",
        _of("test_clean_pages", "test_many_attributes")
        + _of("test_load", "test_many_comments")
        + _of("test_load_formats", "test_deep_json")
        + _of("test_parse", "test_"),
    ),
    Row(
        17,
        "PDF bombs, loops, cut files: child ended, the next goes on",
        "files17",
        _of("test_load", "test_what_is_no_article")
        + _of("test_load_formats", "test_encrypted_pdf", "test_pdf_without"),
    ),
    Row(
        18,
        "links, FIFOs, devices, odd names: not followed, no hang",
        "files18",
        _of("test_load", "TestFindSources", "test_a_fifo", "test_names_are_shown"),
    ),
    Row(19, "twice, copied, changed, gone: one copy, replaced, reported", "", _of("test_ingest", "test_")),
    Row(20, "file:, ftp:, user@host, odd ports: refused", "", _of("test_fetch_trap", "test_forms_that")),
    Row(
        21,
        "private addresses in every spelling: 0 connections",
        "",
        _of("test_fetch_trap", "test_addresses_that", "test_names_of"),
    ),
    Row(
        22,
        "redirects to private, rebinding, loops: refused at the hop",
        "",
        _of("test_fetch_trap", "test_redirects", "test_a_redirect", "test_a_robots", "test_a_loop", "test_a_name_that")
        + _of("test_fetch_trap", "test_the_address_that", "test_proxies", "test_a_meta_refresh"),
    ),
    Row(
        23,
        "slow, endless, wrong type, TLS error: ended by clock or size",
        "",
        _of("test_fetch_client", "test_slow", "test_hops", "test_what_is", "test_packing", "test_a_host")
        + _of("test_fetch_polite", "test_a_certificate", "test_checking"),
    ),
    Row(24, "markup in an article: text, in a real browser too", "", _PAGE[:1] + _BROWSER),
    Row(
        25,
        "beacons and links in an article: none rendered",
        "",
        _PAGE[1:]
        + _of("test_ui", "test_a_link_shows", "test_markdown_and_html")
        + _of("test_ui_guard", "test_every_response")
        + _BROWSER[:1],
    ),
    Row(
        26,
        "orders in an article: no effect, hidden text stripped",
        "",
        _of("test_answers", "test_articles_cannot_end")
        + _of("test_clean_pages", "test_hidden")
        + _of("test_clean_fields", "test_invisible"),
        "380 attacks, 300 of them with a model: `python -m evals.injections`",
    ),
    Row(
        27,
        "foreign or false citations: removed or replaced",
        "",
        _of("test_answers", "test_unknown_numbers", "test_an_invented", "test_a_wrong_number", "test_nothing_supported")
        + _of("test_verify", "test_"),
    ),
    Row(
        28,
        "copies and contradictions: folded, capped, both shown",
        "",
        _of(
            "test_hybrid",
            "test_copies",
            "test_all_copies",
            "test_no_article_takes",
            "test_five_hundred",
            "test_at_most",
        )
        + _of("test_present", "test_statements_that_differ_are_listed_as_sides_and_told_by_whose_and_when_they_are"),
    ),
    Row(
        29,
        "hostile questions: an answer or one sentence",
        "questions",
        _of("test_lexical", "test_operators", "test_any_text", "test_a_question_of")
        + _of("test_pipeline", "test_no_question"),
    ),
    Row(
        30,
        "hostile API use: 4xx, history is never evidence",
        "calls",
        _of("test_ui_rest", "test_rest_refuses")
        + _of("test_ui_guard", "test_large_bodies", "test_gradios_other", "test_other_hosts")
        + _of("test_ui_guard", "test_only_uploaded", "test_a_function_that")
        + _of("test_rewrite", "test_what_an_assistant"),
    ),
    Row(
        31,
        "model down, refused, no key: one sentence, quoted answer",
        "",
        _of("test_llm", "test_a_server_that", "test_a_failed_handshake", "test_credentials")
        + _of("test_answers", "test_a_server"),
    ),
    Row(32, "429, 5xx: at most two tries within the deadline", "", _of("test_llm", "test_what_passes")),
    Row(
        33, "slow, endless, stalled model: ended at the deadline", "", _MODEL + _of("test_answers", "test_a_slow_model")
    ),
    Row(34, "nonsense from a model: typed, never blank", "", (*_MODEL, *_of("test_drafts", "test_any_text"))),
    Row(
        35,
        "stream cut cleanly or not: never taken for whole",
        "",
        _of("campaigns/test_streams", "test_no_cut_stream")
        + _of("test_answers", "test_a_model_that_breaks", "test_what_was_checked"),
    ),
    Row(
        36,
        "reader leaves: the model's call ends in 2 s",
        "",
        _of("test_llm", "test_cancelling")
        + _of("test_answers", "test_closing", "test_cancelling")
        + _of("test_ui_asking", "test_closing", "test_a_new_question")
        + _of("browser/test_served", "test_stop"),
    ),
    Row(
        37,
        "many users: bounded, fair, nothing mixed",
        "readers at once",
        _of("test_ui_asking", "test_the_gate"),
        "10 minutes: measured by `scripts/load soak`",
    ),
    Row(
        38,
        "bad settings, port, open door: refused; nothing called home",
        "starts",
        _of("test_settings", "test_")
        + _of("test_ui_guard", "test_other_machines", "test_a_port", "test_the_page_names"),
    ),
)
