"""JSON files: where records stand, what of a record is refused, and what of a file."""

from __future__ import annotations

import itertools
import json
import random
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import json_records, json_stream, open_file
from timewaste.readers.json_stream import JsonStream
from timewaste.readers.json_values import Frame


def entry(**said):
    return {"rep": "ana", "start": "2026-01-05 09:00", "end": "2026-01-05 09:30", "activity": "call"} | said


CLEAN = json.dumps(entry())


def rows_of(path, **said):
    """Read a file to its end, hold its accounts against each other, and return how many rows it has."""
    rows = 0
    for sheet in open_file(path, "log.json", SourceConfig(**said)):
        count = sum(batch.height for batch in sheet.batches())
        assert count + sheet.tally.blank + sheet.tally.skipped == sheet.tally.rows_read
        rows += count
    return rows


def refused(write, content, **said):
    path = write(content, "log.json")
    with pytest.raises(ReadError) as caught:
        rows_of(path, **said)
    assert caught.value.where.startswith("log.json")
    assert caught.value.mend
    return caught.value


# ------------------------------------------------------ where records stand


@pytest.mark.parametrize(
    "content",
    [
        f"[{CLEAN}, {CLEAN}]",
        f"\ufeff [\n{CLEAN}\n,{CLEAN}]\n",
        f'{{"value": [{CLEAN}, {CLEAN}]}}',
        f'{{"data": [{CLEAN}, {CLEAN}], "count": 2}}',
        f'{{"count": 2, "results": [{CLEAN}, {CLEAN}]}}',
        f'{{"records": [{CLEAN}, {CLEAN}], "errors": []}}',
        f'{{"data": {{"log": [{CLEAN}, {CLEAN}]}}}}',
        f"{CLEAN}\n{CLEAN}\n",
        f"{CLEAN}\r\n{CLEAN}",
        json.dumps([entry(), entry()], indent=4),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_lists_wherever_they_stand(read, content, encoding):
    if encoding == "utf-16":
        content = content.removeprefix("\ufeff")
    found = read(content.encode(encoding), "log.json")
    assert found.sheet.format == "json"
    assert found.column("rep") == ["ana", "ana"]
    assert found.column("start_text") == ["2026-01-05 09:00"] * 2
    assert found.column("label") == ["call", "call"]
    assert found.column("line") == [1, 2]
    assert found.rules == []


def test_nested_objects_are_columns_and_unknown_ones_are_kept(read):
    found = read(
        json.dumps([entry(deal={"id": "00123", "big": True}, tags=["a", "b"], none=None, n=1.50), entry()]), "log.json"
    )
    assert json.loads(found.column("extra")[0]) == {"deal.big": "true", "tags": "a, b", "n": "1.5"}
    assert found.column("opportunity") == ["00123", None]
    assert "header/unknown_column" in found.noted


def test_columns_named_in_the_settings(read):
    content = json.dumps([{"who": {"mail": "ana"}, "when": {"from": "2026-01-05 09:00"}, "len": 30, "txt": "call"}])
    found = read(
        content, "log.json",
        columns={"rep": "who.mail", "start_text": "when.from", "duration_text": "len", "label": "txt"},
    )  # fmt: skip
    assert found.column("rep") == ["ana"]
    assert found.column("duration_text") == ["30"]


def test_a_list_named_in_the_settings(read, write):
    content = f'{{"a": [{CLEAN}], "b": [{CLEAN}, {CLEAN}]}}'
    error = refused(write, content)
    assert error.code == "json/no-records"
    assert "a (1 elements) | b (2 elements)" in error.what
    assert 'sheet = "a"' in error.mend
    assert len(read(content, "log.json", sheet="b").frame) == 2
    assert "there is no list 'c'" in refused(write, content, sheet="c").what


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[]", "file/empty"),
        ('{"value": []}', "file/empty"),
        ("{}", "json/no-records"),
        ("[1, 2, 3]", "json/no-records"),
        ("[null]", "json/no-records"),
        ('{"buckets": 3}', "json/no-records"),
        ('{"error": "no access", "status": 403}', "json/no-records"),
        ('[{"a": 1}]', "json/no-header"),
        ('[{"activity": "x", "start": "2026-01-05 09:00"}]', "json/missing-column"),
        ('[{"activity": "x", "start": "2026-01-05 09:00", "end": "10:00"}]', "json/no-rep"),
        (f"[{CLEAN}, {CLEAN[:20]}", "json/truncated"),
        (f"[{CLEAN}", "json/truncated"),
        (f"[{CLEAN},", "json/truncated"),
        (f"[{CLEAN} {CLEAN}]", "json/syntax"),
        (f"[{CLEAN}] x", "json/syntax"),
        (f'{{"value": [{CLEAN}], "value": []}}', "json/duplicate_key"),
        (f'{{"value": [{CLEAN}], 7}}', "json/syntax"),
        (f'{{"value": [{CLEAN}]', "json/truncated"),
        (json.dumps([entry(emp=1), entry(Emp=2)]), "json/duplicate-header"),
        (json.dumps([entry(**{f"k{n}": n}) for n in range(2500)]), "json/too-many-keys"),
    ],
)
def test_files_that_are_refused_say_why(write, content, code):
    assert refused(write, content).code == code


def test_what_an_error_answer_holds_is_named(write):
    assert "error | status" in refused(write, '{"error": "no access", "status": 403}').what


@pytest.mark.parametrize("content", ["null", "42", '"text"', "[Date];[Start]\n2026-01-05;09:00\n"])
def test_what_only_looks_like_json_is_a_table_without_header(write, content):
    assert refused(write, content).code.startswith("csv/")


# ------------------------------------------------------ records that do not


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ('{"rep": "b", "minutes": NaN}', "json/number"),
        ('{"rep": "b", "minutes": -Infinity}', "json/number"),
        ('{"rep": "b", "minutes": 1e999}', "json/number"),
        ('{"rep": "b", "min": 1, "min": 2}', "json/duplicate_key"),
        ('{"rep": "b", "deal": {"x": 1, "x": 1}}', "json/duplicate_key"),
        (r'{"rep": "\ud800"}', "json/encoding"),
        (r'{"rep": "a\u0000b"}', "json/control"),
        ('{"rep": "a\0b"}', "json/syntax"),
        ('{"rep": "a\nb"}', "json/syntax"),
        ('{"rep": tru}', "json/syntax"),
        ("{'rep': 'b'}", "json/syntax"),
        ('{"rep": ' + "[" * 200 + "]" * 200 + "}", "json/too_deep"),
        ('{"rep": ' + "[" * 200_000 + "]" * 200_000 + "}", "json/too_deep"),
        ("7", "json/no_object"),
        ("null", "json/no_object"),
        ('["1", "b"]', "json/no_object"),
    ],
)
@pytest.mark.parametrize("lines", [False, True], ids=["list", "lines"])
def test_a_record_that_cannot_be_understood_spoils_only_itself(read, bad, rule, lines):
    if lines and "\n" in bad:
        bad = bad.replace("\n", "\t")
    content = f"{CLEAN}\n{CLEAN}\n{bad}\n{CLEAN}" if lines else f"[{CLEAN}, {CLEAN}, {bad}, {CLEAN}]"
    found = read(content, "log.json")
    assert found.rules == [(3, rule)]
    assert found.column("rep") == ["ana", "ana", None, "ana"]
    kept = json.loads(found.row(3)["extra"])["raw"]
    assert "".join(kept.split()) == "".join(bad.split())


def test_bytes_that_are_not_utf8_spoil_only_their_record(read):
    found = read(f'[{CLEAN}, {{"rep": "J'.encode() + b"\xf6" + f'rg"}}, {CLEAN}]'.encode(), "log.json")
    assert found.rules == [(2, "json/encoding")]
    assert json.loads(found.row(2)["extra"])["raw"] == '{"rep": "J\\udcf6rg"}'


def test_an_encoding_named_in_the_settings(read):
    found = read(
        f'[{{"rep": "Jörg", {CLEAN[1:]}]'.replace('"rep": "ana", ', "").encode("cp1252"), "l", encoding="cp1252"
    )
    assert found.column("rep") == ["Jörg"]


def test_surrogates_that_make_a_character_are_one(read):
    found = read(r'[{"rep": "\ud83d\ude00 \\u0000", "start": "2026-01-05 09:00", "end": "9:30", "activity": "x"}]', "l")
    assert found.column("rep") == ["😀 \\u0000"]


@pytest.mark.parametrize("number", ["9007199254740993", "1" * 30, "1.5", "1E5", "-0", "0.10", "00.5"])
def test_numbers_stay_the_text_of_the_file(read, number):
    content = (
        f'[{{"deal id": {number}, "rep": "a", "start": "2026-01-05 09:00", "end": "09:30", "activity": "x"}}, {CLEAN}]'
    )
    found = read(content, "log.json")
    if number == "00.5":
        assert found.rules == [(1, "json/syntax")]
    else:
        assert found.column("opportunity") == [number, None]


def test_lines_have_the_numbers_of_their_file(read):
    found = read(f"{CLEAN}\n\n{CLEAN}\n{{bad}}\n{CLEAN}\n{CLEAN[:30]}", "log.ndjson")
    assert found.column("line") == [1, 3, 4, 5, 6]
    assert found.rules == [(4, "json/syntax"), (6, "json/truncated")]


def test_a_key_that_comes_late_is_known_all_the_same(read):
    found = read("\n".join([CLEAN] * 3000 + [json.dumps(entry(mood="good"))]), "log.ndjson")
    assert "header/unknown_column" in found.noted
    assert json.loads(found.row(3001)["extra"]) == {"mood": "good"}


def test_keys_that_flatten_to_one_name_are_both_kept(read):
    found = read(json.dumps([entry(**{"a.b": "1", "a": {"b": "2"}})]), "log.json")
    assert json.loads(found.row(1)["extra"]) == {"a.b": "1", "a.b (2)": "2"}


# ------------------------------------------------------------------- bounds


def test_a_record_longer_than_the_limit(read, write, monkeypatch):
    monkeypatch.setattr(json_stream, "RECORD_LIMIT", 1 << 20)
    monkeypatch.setattr(json_records, "RECORD_LIMIT", 1 << 20)
    long = json.dumps(entry(notes="x" * (3 << 20)))
    assert refused(write, f"[{CLEAN}, {long}]").code == "json/record_too_long"
    found = read(f"{CLEAN}\n{CLEAN}\n{long}\n{CLEAN}", "log.json")
    assert found.rules == [(3, "json/record_too_long")]


def test_a_long_text_beside_the_list_takes_no_memory(write):
    path = write(b'{"blob": {"x": "' + b"y" * (24 << 20) + b'"}, "value": [' + CLEAN.encode() + b"]}", "log.json")
    tracemalloc.start()
    with JsonStream(path, "log.json") as stream:
        names = [(key, stream.skip()) for key in stream.members()]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [name for name, _ in names] == ["blob", "value"]
    assert peak < 4 << 20


def test_memory_does_not_grow_with_the_list(write):
    peaks = []
    for count in (2_000, 20_000):
        path = write("[" + ",".join([json.dumps(entry(notes="n" * 200))] * count) + "]", "log.json")
        tracemalloc.start()
        with JsonStream(path, "log.json") as stream:
            assert sum(not stream.record().rule for _ in stream.elements()) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


# --------------------------------------------------------------- properties

TEXTS = st.text(st.sampled_from('ab"\\{}[],: \t\n\né😀\u2028/u00'), max_size=10)
VALUES = st.recursive(
    TEXTS | st.integers(-(10**30), 10**30).map(str) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(TEXTS, TEXTS, VALUES), min_size=1, max_size=8),
    shape=st.sampled_from(["list", "value", "lines", "indented"]),
    ascii_only=st.booleans(),
    chunk=st.sampled_from([1, 3, 17, 1 << 18]),
)
def test_what_is_written_is_read(tmp_path, rows, shape, ascii_only, chunk):
    records = [entry(activity=label, rep=rep, mood=mood) for label, rep, mood in rows]
    shown = [json.dumps(record, ensure_ascii=ascii_only) for record in records]
    if len(shown) == 1 and shape == "lines":
        shape = "list"
    content = {
        "list": f"[{','.join(shown)}]",
        "value": f'{{"value": [{", ".join(shown)}], "next": null}}',
        "lines": "\n".join(shown),
        "indented": json.dumps(records, ensure_ascii=ascii_only, indent=2),
    }[shape]
    path = tmp_path / "log.json"
    path.write_text(content, encoding="utf-8", newline="")
    json_stream.CHUNK, before = chunk, json_stream.CHUNK
    try:
        (sheet,) = open_file(path, "log.json", SourceConfig())
        frames = list(sheet.batches())
    finally:
        json_stream.CHUNK = before
    tally = sheet.tally
    assert sum(frame.height for frame in frames) + tally.blank + tally.skipped == tally.rows_read == len(rows)
    assert tally.issues == []
    labels = list(itertools.chain.from_iterable(frame["label"].to_list() for frame in frames))
    assert labels == [label if label.strip(" \t\r\n\u00a0") else None for label, _, _ in rows]


@settings(max_examples=200, deadline=None)
@given(VALUES, st.integers(0, 60))
def test_a_frame_ends_where_the_value_does_however_it_is_cut(value, cut):
    text = json.dumps([value])
    rest = ', "x": [1]}'
    frame = Frame()
    first, second = (text + rest)[:cut], (text + rest)[cut:]
    end = frame.feed(first, 0)
    if end < 0:
        end = len(first) + frame.feed(second, 0)
    assert end == len(text)


FUZZED = [
    f"[{CLEAN}, {CLEAN}]",
    "\n".join([CLEAN] * 4),
    json.dumps({"value": [entry(), entry()], "@odata.nextLink": "x"}, indent=1),
    json.dumps({"row_headers": ["Date", "Time Spent (seconds)", "Activity", "Productivity"],
                "rows": [["2026-09-01T10:55:00", 72, "x", 1], ["2026-09-01T10:55:00", 270, "x", 1]]}),
    json.dumps([{"id": 1, "start": "20260630T102128Z", "end": "20260630T102131Z", "tags": ["a", "b"]}]),
    json.dumps({"value": [{"subject": "x", "start": {"dateTime": "2026-01-20T09:00:00.0000000", "timeZone": "UTC"},
                           "end": {"dateTime": "2026-01-20T10:00:00.0000000", "timeZone": "Europe/Berlin"},
                           "showAs": "busy", "isOrganizer": True,
                           "organizer": {"emailAddress": {"address": "a@x.example"}}}]}),
    json.dumps({"buckets": {
        "w": {"type": "currentwindow", "hostname": "L", "events": [
            {"timestamp": "2026-11-19T13:25:37.839+00:00", "duration": 20.5, "data": {"app": "firefox", "title": "x"}},
        ]},
        "a": {"type": "afkstatus", "hostname": "L", "events": [
            {"timestamp": "2026-11-19T13:25:30+00:00", "duration": 99, "data": {"status": "not-afk"}}]}}}),
    'inc 20260427T080000Z - 20260427T120000Z # foo "two words" # "note"\ninc 20260428T080000Z # foo\n',
]  # fmt: skip
PIECES = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\",
    b"\n",
    b"\0",
    b"\xff",
    b"1e999",
    b"NaN",
    b"null",
    b"-",
    b"\\ud800",
]


@pytest.mark.parametrize("number", range(len(FUZZED)))
def test_damaged_files_are_refused_or_give_rows_whose_account_holds(tmp_path, number):
    chance = random.Random(number)
    path = tmp_path / "log.json"
    outcomes = set()
    for _ in range(400):
        content = bytearray(FUZZED[number].encode())
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(content) + 1)
            if chance.random() < 0.3:
                del content[place : place + chance.randint(1, 30)]
            elif chance.random() < 0.3:
                content[place:place] = content[: chance.randrange(len(content) + 1)]
            else:
                content[place : place + chance.randint(0, 2)] = chance.choice(PIECES)
        path.write_bytes(content)
        try:
            rows_of(path, rep="file")
            outcomes.add("read")
        except ReadError as error:
            outcomes.add("refused" if error.code and error.where.startswith("log.json") else str(error))
    assert outcomes == {"refused", "read"}
