"""Event logs in XES: what is an interval, a point, set aside or refused; cases 60 to 64 of bad XML."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from studies import write_study
from xes_logs import GLOBALS, attribute, event, log, trace

from timewaste.config import SourceConfig
from timewaste.errors import ReadError
from timewaste.readers import events, open_file, told, xes_events

DAY = "2026-03-02T"


def at(clock):
    return f"{DAY}{clock}:00+01:00"


def extras(found, line):
    return json.loads(found.row(line)["extra"] or "{}")


@pytest.fixture
def read_xes(read):
    return lambda content, **said: read(content, "quotes.xes", **said)


def refuse(read_xes, content, **said):
    with pytest.raises(ReadError) as caught:
        read_xes(content, **said)
    assert caught.value.where.startswith("quotes.xes")
    assert caught.value.mend
    return caught.value


# ---------------------------------------------------------------- what counts


def test_a_start_and_its_completion_are_one_interval(read_xes):
    found = read_xes(
        log(
            trace(
                event("Check quote", at("09:00"), transition="START", cost="5"),
                event("Check quote", at("09:40"), transition="COMPLETE", cost="7"),
                amount="1200",
            )
        )
    )
    assert found.frame.height == 1
    row = found.row(2)
    assert (row["rep"], row["label"], row["opportunity"]) == ("Ida Holm", "Check quote", "Q-1")
    assert (row["start_text"], row["end_text"], row["duration_text"]) == (at("09:00"), at("09:40"), None)
    assert extras(found, 2) == {
        "case:amount": "1200", "cost": "7", "start cost": "5", "lifecycle:transition": "COMPLETE",
    }  # fmt: skip
    tally = found.sheet.tally
    assert (tally.rows_read, tally.skipped, tally.issues) == (2, 1, [])
    assert "event/paired" in found.noted
    assert found.sheet.instrument == "system"
    assert found.sheet.columns["rep"] == "org:resource"


@pytest.mark.parametrize("transition", ["", "complete", "COMPLETE"])
def test_a_completion_alone_is_a_point_and_gets_no_length(read_xes, transition):
    found = read_xes(log(trace(event("Send", at("10:00"), transition=transition))))
    row = found.row(1)
    assert (row["start_text"], row["end_text"], row["duration_text"]) == (at("10:00"), None, None)
    assert extras(found, 1) == ({"lifecycle:transition": transition} if transition else {})
    assert found.issues == []


def test_pairs_are_first_in_first_out_per_case_activity_and_resource(read_xes):
    starts = [event("Check", at("09:00"), transition="start"), event("Check", at("09:10"), transition="start")]
    other = event("Check", at("09:05"), "Per Lund", transition="start")
    ends = [
        event("Check", at("09:30"), "Per Lund", transition="complete"),
        event("Check", at("09:20"), transition="complete"),
        event("Check", at("09:50"), transition="complete"),
    ]
    found = read_xes(log(trace(*starts, other, *ends), trace(event("Check", at("11:00"), transition="complete"))))
    told = [(row["rep"], row["start_text"], row["end_text"]) for row in found.frame.rows(named=True)]
    assert told == [
        ("Per Lund", at("09:05"), at("09:30")),
        ("Ida Holm", at("09:00"), at("09:20")),
        ("Ida Holm", at("09:10"), at("09:50")),
        ("Ida Holm", at("11:00"), None),  # of another case, which has no start
    ]


def test_time_between_suspend_and_resume_is_not_told(read_xes):
    steps = [("09:00", "start"), ("09:15", "suspend"), ("11:00", "resume"), ("11:05", "complete")]
    found = read_xes(log(trace(*(event("Check", at(clock), transition=name) for clock, name in steps))))
    told = [(row["start_text"], row["end_text"]) for row in found.frame.rows(named=True)]
    assert told == [(at("09:00"), at("09:15")), (at("11:00"), at("11:05"))]


def test_a_start_that_is_never_completed_is_set_aside(read_xes):
    found = read_xes(
        log(
            trace(event("Check", at("09:00"), transition="start")),
            trace(event("Check", at("10:00"), transition="complete"), name="Q-2"),
        )
    )
    assert found.rules == [(1, "event/unpaired")]
    assert found.issues[0].treatment == "set_aside"
    assert found.row(1)["start_text"] == at("09:00")
    assert found.row(2)["end_text"] is None


def test_queueing_and_words_of_a_status_are_points(read_xes):
    names = ["SCHEDULE", "In Progress", "Awaiting Assignment", "Wait - User"]
    found = read_xes(log(trace(*(event("Accepted", at("09:00"), transition=name) for name in names))))
    assert found.column("end_text") == [None] * 4
    assert [extras(found, line)["lifecycle:transition"] for line in range(1, 5)] == names
    assert found.issues == []


def test_an_event_with_its_own_start_is_an_interval(read_xes):
    found = read_xes(log(trace(event("Check", at("09:30"), transition="complete", start_timestamp=at("09:00")))))
    assert (found.row(1)["start_text"], found.row(1)["end_text"]) == (at("09:00"), at("09:30"))


def test_defaults_and_what_describes_the_log_are_no_events(read_xes):
    described = attribute("concept:name", "quotes 2026", inner=attribute("inner", "x"))
    extension = '<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>'
    classifier = '<classifier name="Activity" keys="concept:name"/>'
    for namespace in ("", ' xmlns="http://www.xes-standard.org/"'):
        found = read_xes(log(extension, GLOBALS, classifier, described, trace(event()), namespace=namespace))
        assert found.column("label") == ["Check quote"]
        assert found.issues == []


def test_a_prefix_and_a_long_comment_before_the_log(read_xes):
    head = '<?xml version="1.0"?>\n<!-- ' + "made by hand " * 1000 + "-->\n<?style none?>\n<!-- <log> -->"
    text = log(trace(event()), namespace=' xmlns:x="http://www.xes-standard.org/"', head=head)
    text = text.replace("<log", "<x:log").replace("</log", "</x:log")
    assert read_xes(text).frame.height == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encoding_that_the_file_names_holds(read_xes, encoding):
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    found = read_xes(log(trace(event("Prüfen")), head=head).encode(encoding))
    assert found.column("label") == ["Prüfen"]


def test_nested_attributes_are_not_those_of_the_event(read_xes):
    inner = attribute("concept:name", "not this", inner=attribute("org:resource", "nor him"))
    text = log(trace(event(), name="Q-1")).replace("</event>", attribute("detail", "x", inner=inner) + "</event>")
    found = read_xes(text)
    assert found.row(1)["label"] == "Check quote"
    assert extras(found, 1) == {
        "detail": "x", "detail/concept:name": "not this", "detail/concept:name/org:resource": "nor him",
    }  # fmt: skip


def test_lists_and_numbers_of_any_kind_are_kept_as_text(read_xes):
    more = '<list key="items"><values><int key="item" value="x"/><int key="item" value="2"/></values></list>'
    text = log(trace(event())).replace("</event>", more + '<float key="cost" value="1,5"/></event>')
    found = read_xes(text)
    assert set(extras(found, 1).values()) == {"x", "2", "1,5"}
    assert found.issues == []


def test_a_resource_that_says_nobody_is_no_rep_and_the_system_no_person(read_xes):
    names = ["Ida Holm", "UNKNOWN", "__INVALID__", "", "System", "112"]
    found = read_xes(log(trace(*(event(rep=name) for name in names))))
    assert found.column("rep") == ["Ida Holm", None, None, None, "System", "112"]
    assert extras(found, 2) == {"org:resource": "UNKNOWN"}
    assert found.rules == [(5, "event/system")]


def test_settings_name_other_attributes(read_xes):
    text = log(trace(event(Owner="Mia Berg", team="North"), customer="Nordwind AG"))
    found = read_xes(text, columns={"rep": "Owner", "account": "case:customer"})
    assert (found.row(1)["rep"], found.row(1)["account"]) == ("Mia Berg", "Nordwind AG")
    assert extras(found, 1) == {"org:resource": "Ida Holm", "team": "North"}
    assert refuse(read_xes, text, columns={"rep": "Besitzer"}).code == "xes/unknown-column"


def test_stray_blanks_stay_inside_a_name_and_go_at_its_ends(read_xes):
    assert read_xes(log(trace(event("  Check  application  form ")))).column("label") == ["Check  application  form"]


def test_long_attributes_of_a_case_stand_with_its_first_event_alone(read_xes):
    found = read_xes(log(trace(event(), event(), event(), remark="x" * 5000)))
    assert [len(extras(found, line)) for line in (1, 2, 3)] == [1, 0, 0]
    assert found.column("opportunity") == ["Q-1"] * 3


# ------------------------------------------------------------------ bad input


DOCTYPES = {
    "internal entity": '<!DOCTYPE log [<!ENTITY who "Ida">]>',
    "billion laughs": '<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    "quadratic": '<!DOCTYPE log [<!ENTITY a "' + "a" * 50_000 + '">]>',
    "file": '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    "external": '<!DOCTYPE log SYSTEM "http://localhost:9/log.dtd">',
    "parameter": '<!DOCTYPE log [<!ENTITY % a SYSTEM "file:///etc/hostname"> %a;]>',
}


@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES)
def test_case_60_a_doctype_is_refused_whatever_it_says(read_xes, doctype):
    text = log(trace(event("&a;" if "ENTITY a" in doctype else "x")), head=f'<?xml version="1.0"?>{doctype}')
    assert refuse(read_xes, text.replace("&amp;a;", "&a;")).code == "xml/doctype"


def test_case_60_an_include_is_not_followed(read_xes, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{tmp_path}/secret.txt" parse="text"/>'
    text = log(trace(event())).replace("</event>", include + "</event>")
    found = read_xes(text)
    assert "secret" not in str(found.frame.rows())


BOMBS = {
    "attributes": (
        log(trace(event())).replace("<event>", "<event " + " ".join(f'a{n}="x"' for n in range(300_000)) + ">"),
        "xes/too-large",
    ),
    "depth": (log("<a>" * 200_000), "xes/too-deep"),
    "depth in an event": (log("<trace><event>" + '<list key="a">' * 200_000), "xes/too-deep"),
    "depth in defaults": (log("<global>" + "<a>" * 200_000), "xes/too-deep"),
    "names": (log(trace(event(), *(f"<a{n}/>" for n in range(5_000)))), "xes/too-large"),
    "one value": (log(trace(event("x" * (24 << 20)))), "xes/too-long"),
    "one comment": (log("<!--" + "x" * (24 << 20) + "-->", trace(event())), "xes/too-long"),
    "a case of 2,000 attributes": (log(trace(event(), **{f"a{n}": "x" for n in range(2_000)})), "xes/too-large"),
}


@pytest.mark.parametrize(("text", "code"), BOMBS.values(), ids=BOMBS)
def test_case_61_what_no_log_holds_is_refused_with_its_place(read_xes, text, code):
    began = time.monotonic()
    error = refuse(read_xes, text)
    assert error.code == code
    assert "byte" in error.where
    assert time.monotonic() - began < 60  # a hang, not a measurement


def test_case_61_an_event_that_is_too_long_spoils_only_itself(read_xes):
    found = read_xes(log(trace(event("x" * 1_500_000), event(**{f"a{n}": "x" for n in range(2_000)}), event())))
    assert found.rules == [(1, "event/too_long"), (2, "event/too_long")]
    assert found.row(3)["label"] == "Check quote"


def test_case_61_memory_does_not_grow_with_the_file(write):
    one = trace(*(event(f"Step {n}", at("09:00"), transition="start") for n in range(50)), remark="y" * 300)
    sizes = []
    for count in (20, 400):
        path = write(log(*[one] * count), "quotes.xes")
        tracemalloc.start()
        total = sum(1 for _ in xes_events.read_events(path, "quotes.xes"))
        sizes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert total == 50 * count
    assert sizes[1] < 2 * sizes[0]


def test_case_61_events_of_long_texts_come_in_smaller_frames(write, monkeypatch):
    monkeypatch.setattr(told, "BATCH_CHARACTERS", 10_000)
    path = write(log(trace(*(event() for _ in range(40)), remark="x" * 3_000)), "quotes.xes")
    (sheet,) = open_file(path, "quotes.xes", SourceConfig())
    heights = [batch.height for batch in sheet.batches()]
    assert sum(heights) == sheet.tally.rows_read == 40
    assert max(heights) == 4


def test_case_61_starts_that_wait_have_a_bound(read_xes, monkeypatch):
    monkeypatch.setattr(events, "MAX_OPEN", 3)
    starts = [event(f"Step {n}", at("09:00"), transition="start") for n in range(5)]
    found = read_xes(log(trace(*starts, event("Step 4", at("09:30"), transition="complete"))))
    assert found.rules == [(1, "event/unpaired"), (2, "event/unpaired"), (3, "event/unpaired"), (4, "event/unpaired")]
    assert found.row(6)["start_text"] == at("09:00")


@pytest.mark.parametrize("moment", ["05.01.2026", "05.01.2026 09:00", "yesterday", "1772442000"])
def test_case_62_a_time_in_other_words_is_set_aside_and_proves_no_order_of_dates(read_xes, moment):
    found = read_xes(log(trace(event(moment=moment), event())))
    assert found.rules == [(1, "event/bad_time")]
    assert (found.row(1)["start_text"], found.row(1)["date_text"]) == (None, None)
    assert extras(found, 1) == {"time:timestamp": moment}


def test_case_62_times_are_judged_by_the_models(tmp_path, figures):
    """Minutes are those of the instants; what is no day, lies at 1970, or has no clock time does not count."""
    moments = [
        ("2026-03-02T09:00:00.123456789+01:00", "2026-03-02T09:30:00.9Z"),  # 8:00 to 9:30 UTC
        ("2026-03-02T11:00:00", "2026-03-02T11:20:00"),  # the source's zone
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),  # an hour, over the change of clocks
        ("1970-01-01T00:00:00.000Z", "1970-01-01T01:00:00.000Z"),
        ("2026-02-30T09:00:00+01:00", "2026-02-30T10:00:00+01:00"),
        ("2026-03-03", "2026-03-04"),
        ("", ""),
    ]
    parts = [
        trace(event("Check", start, transition="start"), event("Check", end, transition="complete"), name=f"Q-{n}")
        for n, (start, end) in enumerate(moments)
    ]
    config = '[study]\ntime_zone = "Europe/Berlin"\n[[source]]\nmatch = "*.xes"\ntime_zone = "UTC"\n'
    study = write_study(tmp_path, {"quotes.xes": log(*parts)}, config)
    tables = figures(study)
    rows = tables["int_entries"].sort("line").select("line", "problem", "seconds").rows()
    assert rows == [
        (2, None, 90 * 60),
        (4, None, 20 * 60),
        (6, None, 3600),
        (8, "date/window", 3600),
        (10, "date/impossible", 3600),
        (12, "entry/no_time", None),
        (14, "entry/no_date", None),
    ]
    records, skipped = tables["source_accounts"].select("records", "skipped").row(0)
    assert (records, skipped) == (14, 7)


def test_case_63_what_an_event_says_twice_sets_it_aside(read_xes):
    twice = event().replace("</event>", attribute("concept:name", "Approve") + "</event>")
    found = read_xes(log(trace(twice, event())))
    assert found.rules == [(1, "event/duplicate_key")]
    assert found.issues[0].column == "concept:name"
    assert set(found.row(1).values()) >= {"Check quote"}
    assert "Approve" in found.row(1)["extra"]


def test_case_63_a_case_with_two_names_sets_its_events_aside(read_xes):
    two = trace(event(), event()).replace("<event>", attribute("concept:name", "Q-9") + "<event>", 1)
    found = read_xes(log(two, trace(event())))
    assert found.rules == [(1, "event/duplicate_key"), (2, "event/duplicate_key")]


def test_case_63_events_outside_a_case_and_cases_without_a_name_count_and_say_so(read_xes):
    found = read_xes(log(event(), trace(event(), name=""), trace(event())))
    assert found.rules == [(1, "event/outside_trace"), (2, "event/no_case")]
    assert {issue.treatment for issue in found.issues} == {"noted"}
    assert found.column("opportunity") == [None, None, "Q-1"]


def test_case_63_starts_and_completions_pair_outside_of_a_case_too(read_xes):
    found = read_xes(log(event(transition="start"), event(moment=at("09:30"), transition="complete")))
    assert (found.row(2)["start_text"], found.row(2)["end_text"]) == (at("09:00"), at("09:30"))
    assert found.rules == [(2, "event/outside_trace")]


def test_case_64_a_truncated_log_is_refused_as_a_whole(write):
    text = log(*(trace(event(), event(), name=f"Q-{n}") for n in range(2_000)))
    for cut in (len(text) - 3, len(text) // 2, len(text) - 200_000):
        path = write(text[:cut], "quotes.xes")
        (sheet,) = open_file(path, "quotes.xes", SourceConfig())
        with pytest.raises(ReadError) as caught:
            list(sheet.batches())
        assert caught.value.code == "xes/truncated"
        assert "byte" in caught.value.where


def test_case_64_bytes_of_another_encoding_are_refused_with_their_place(read_xes):
    text = log(trace(event("Pr\u00fcfen"))).encode("cp1252")
    error = refuse(read_xes, text)
    assert error.code == "xes/damaged"
    assert f"byte {text.index(0xFC)}" in error.where


def test_case_64_a_control_character_is_refused(read_xes):
    error = refuse(read_xes, log(trace(event("a"))).replace('value="a"', 'value="a&#x8;"'))
    assert error.code == "xes/damaged"


def test_an_encoding_that_nobody_knows_is_refused(read_xes):
    text = log(trace(event()), head='<?xml version="1.0" encoding="klingon"?>')
    assert refuse(read_xes, text).code in {"xes/encoding", "xes/damaged"}


def test_a_log_without_events_and_a_log_of_something_else_are_refused(read_xes):
    assert refuse(read_xes, log(GLOBALS)).code == "xes/no-events"
    assert refuse(read_xes, "<?xml version='1.0'?><log><logentry revision='1'/></log>").code == "xes/no-events"


def test_other_xml_is_named_as_before(read_xes):
    assert refuse(read_xes, '<?xml version="1.0"?><logs><trace/></logs>').code == "file/xml"


def test_a_name_of_the_case_after_its_events_is_refused(read_xes):
    text = log(trace(event(), name="")).replace("</event>", "</event>" + attribute("concept:name", "Q-1"))
    assert refuse(read_xes, text).code == "xes/late-case"


def test_a_file_that_changes_meanwhile_is_refused(write):
    path = write(log(trace(event())), "quotes.xes")
    (sheet,) = open_file(path, "quotes.xes", SourceConfig())
    path.write_text(log(trace(event(), event())), encoding="utf-8")
    with pytest.raises(ReadError, match="changed while it was read"):
        list(sheet.batches())


def test_a_compressed_log_reads_as_the_log_itself(read_xes):
    text = log(
        trace(event("Check", at("09:00"), transition="start"), event("Check", at("09:40"), transition="complete"))
    )
    plain, packed = read_xes(text), read_xes(gzip.compress(text.encode()))
    assert packed.frame.equals(plain.frame)
    assert packed.sheet.format == "xes"
    assert packed.sheet.relative == "quotes.xes"


# ------------------------------------------------------------------- property

NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["C", "Z"]), min_size=1)
EVENTS = st.tuples(
    st.sampled_from(["Check", "Approve", 'Ask <"&> back']), st.sampled_from(["Ida Holm", "Per Lund", ""]),
    st.sampled_from(["", "start", "COMPLETE", "schedule", "Wait - User"]), st.dictionaries(NAMES, NAMES, max_size=3),
)  # fmt: skip
KEYS_TAKEN = {"concept:name", "org:resource", "lifecycle:transition", "time:timestamp", "start_timestamp"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=st.lists(st.lists(EVENTS, min_size=1, max_size=6), min_size=1, max_size=4))
def test_what_is_written_comes_back(read_xes, cases):
    """Every event is a row of its own or the start of one, with all that it said."""
    number, written = 0, []
    parts = []
    for case, steps in enumerate(cases):
        inner = []
        for label, rep, transition, more in steps:
            number += 1
            moment = f"2026-03-02T{number // 60:02}:{number % 60:02}:00Z"
            kept = {key: text for key, text in more.items() if key not in KEYS_TAKEN}
            inner.append(
                f"<event>{attribute('concept:name', label)}{attribute('org:resource', rep)}"
                f"{attribute('lifecycle:transition', transition)}{attribute('time:timestamp', moment, 'date')}"
                f"{''.join(attribute(key, text) for key, text in kept.items())}</event>"
            )
            written.append((number, f"Q-{case}", label, rep or None, transition, moment, kept))
        parts.append(trace(*inner, name=f"Q-{case}"))
    found = read_xes(log(*parts))
    tally = found.sheet.tally
    assert tally.rows_read == len(written) == found.frame.height + tally.skipped
    rows = {row["line"]: row for row in found.frame.rows(named=True)}
    starts = {number: moment for number, _, _, _, transition, moment, _ in written if transition == "start"}
    for number, case, label, rep, transition, moment, kept in written:
        if number not in rows:
            assert transition == "start"
            continue
        row = rows[number]
        assert (row["opportunity"], row["label"], row["rep"]) == (case, label, rep)
        extra = json.loads(row["extra"] or "{}")
        assert kept.items() <= extra.items()
        if row["end_text"]:
            assert row["end_text"] == moment
            assert row["start_text"] in starts.values()
        else:
            assert row["start_text"] == moment
    paired = [row["start_text"] for row in rows.values() if row["end_text"]]
    assert len(paired) == len(set(paired)) == tally.skipped
    unpaired = [issue.line for issue in tally.issues if issue.rule == "event/unpaired"]
    assert len(unpaired) + len(paired) == len(starts)
