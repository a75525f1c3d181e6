from __future__ import annotations

import json
import threading

import pytest

from resolvers.answer_cache import AnswerCache


def test_gives_back_what_was_put(tmp_path):
    cache = AnswerCache(tmp_path / "deep" / "down")
    cache.put({"q": ["a", 1]}, [0, "out", ""])
    assert cache.get({"q": ["a", 1]}) == [0, "out", ""]
    assert AnswerCache(tmp_path / "deep" / "down").get({"q": ["a", 1]}) == [0, "out", ""]


def test_another_question_has_no_answer(tmp_path):
    cache = AnswerCache(tmp_path)
    cache.put({"q": 1}, "yes")
    assert cache.get({"q": 2}) is None


def test_without_a_folder_nothing_is_kept(tmp_path):
    cache = AnswerCache(None)
    cache.put("q", "yes")
    assert cache.get("q") is None and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"null", b"[1]", b'{"question": "other", "answer": "no"}', b"\xff\xfe", b"[" * 100_000],
    ids=["empty", "cut", "null", "list", "foreign", "bytes", "deep"],
)
def test_a_damaged_entry_is_no_answer(tmp_path, damage):
    cache = AnswerCache(tmp_path)
    cache.put("q", "yes")
    (entry,) = tmp_path.glob("*/*.json")
    entry.write_bytes(damage)
    assert cache.get("q") is None
    cache.put("q", "again")
    assert cache.get("q") == "again"


def test_a_folder_that_cannot_be_made_costs_nothing_else(tmp_path):
    (tmp_path / "file").write_text("")
    cache = AnswerCache(tmp_path / "file" / "cache")
    cache.put("q", "yes")
    assert cache.get("q") is None


def test_many_writers_leave_a_whole_entry(tmp_path):
    cache = AnswerCache(tmp_path)
    answers = [[n, "x" * 50_000] for n in range(8)]
    threads = [threading.Thread(target=lambda a=a: [cache.put("q", a) for _ in range(20)]) for a in answers]
    for thread in threads:
        thread.start()
    for _ in range(200):
        seen = cache.get("q")
        assert seen is None or seen in answers
    for thread in threads:
        thread.join()
    assert cache.get("q") in answers
    assert [p.suffix for p in tmp_path.glob("*/*")] == [".json"]
    (entry,) = tmp_path.glob("*/*.json")
    assert json.loads(entry.read_text())["question"] == "q"
