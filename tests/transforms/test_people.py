"""Who logged: what is one rep's by the roster is the rep's; everything else is proposed to a human, never decided."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from timewaste.errors import ReadError
from timewaste.study import open_study
from timewaste.transforms.people import int_reps
from timewaste.transforms.unresolved import unresolved_reps

REPS = pl.DataFrame(
    [
        ("js", "John Smith", "john.smith@example.org"),
        ("ms", "Smith, Mary", "mary@example.org"),
        ("am", "Anna Müller", "am@example.org"),
        ("v1", "Anna Maria de Vries", None),
        ("b1", "Ben Berg", "ben1@example.org"),
        ("b2", "Ben Berg", "ben2@example.org"),
    ],
    schema=["rep_id", "rep_name", "email"],
    orient="row",
)
NOBODY = pl.DataFrame(schema={"rep_text": pl.String})
JOHN, JANE = "0055g00000A1bCdEFG", "0055g00000A1bcdEFG"  # two users: of an id only the case tells them apart


def aliases(*rows: tuple[str, str], own: bool = True) -> pl.DataFrame:
    schema = {"alias": pl.String, "rep_id": pl.String, "is_own_line": pl.Boolean}
    return pl.DataFrame([(alias, rep_id, own) for alias, rep_id in rows], schema=schema, orient="row")


def people(*rows: tuple[int, str, str | None, str | None, str | None]) -> pl.DataFrame:
    names = ("crm_user_id", "name", "email", "aliases")
    return pl.DataFrame(rows, schema={"source_id": pl.Int64, **dict.fromkeys(names, pl.String)}, orient="row")


def resolve(
    *texts: str, known: pl.DataFrame | None = None, users: pl.DataFrame | None = None, reps: pl.DataFrame = REPS
) -> dict[str, str | None]:
    """Return the rep of each spelling, None for those that the roster does not know."""
    found = int_reps(
        pl.DataFrame({"rep_text": texts}, schema={"rep_text": pl.String}),
        NOBODY,
        reps,
        aliases() if known is None else known,
        people() if users is None else users,
    )
    return {text: rep_id if there else None for text, rep_id, there in found.iter_rows()}


@pytest.mark.parametrize(
    ("text", "rep_id"),
    [
        ("JS", "js"), ("John Smith", "js"), ("  john   SMITH ", "js"), ("Smith, John", "js"), ("smith,john", "js"),
        ("John.Smith@Example.org", "js"), ("Mary Smith", "ms"), ("Smith, Mary", "ms"), ("Müller, Anna", "am"),
        ("Mu\u0308ller, Anna", "am"), ("de Vries, Anna Maria", "v1"),
        # not by guess
        ("J. Smith", None), ("Smith", None), ("Smith John", None), ("Anna Mueller", None),
        ("john.smith@other.org", None), ("John Smith, Dr., Jr.", None), ("Ben Berg", None), ("", None),
    ],
)  # fmt: skip
def test_what_the_roster_says_is_found_and_nothing_else(text, rep_id):
    assert resolve(text) == {text: rep_id}


def test_initials_count_only_as_an_alias():
    assert resolve("J. Smith", "Smith, J.", "M. Smith", known=aliases(("J. Smith", "js"))) == {
        "J. Smith": "js", "Smith, J.": "js", "M. Smith": None,
    }  # fmt: skip


def test_an_alias_decides_between_two_of_one_name_and_an_alias_of_two_decides_nothing():
    assert resolve("Ben Berg", known=aliases(("Ben Berg", "b2"))) == {"Ben Berg": "b2"}
    both = aliases(("J. Smith", "js"), ("J. Smith", "ms"), own=False)
    assert resolve("J. Smith", known=both) == {"J. Smith": None}
    # A line of aliases.csv is the later word; the id of a rep the last one.
    assert resolve("J. Smith", known=pl.concat([both, aliases(("J. Smith", "ms"))])) == {"J. Smith": "ms"}
    assert resolve("js", known=aliases(("js", "ms"))) == {"js": "js"}


def test_an_id_of_salesforce_is_its_first_fifteen_characters_in_their_case():
    assert resolve(JOHN, JOHN[:15], JANE, JOHN.upper(), known=aliases((JOHN[:15], "js"))) == {
        JOHN: "js", JOHN[:15]: "js", JANE: None, JOHN.upper(): None,
    }  # fmt: skip


def test_a_stranger_of_two_lengths_of_one_id_is_one_person_and_of_another_case_another():
    texts = pl.DataFrame({"rep_text": [JOHN, JOHN[:15], JANE]})
    found = int_reps(texts, NOBODY, REPS, aliases(), people())
    assert found["rep_id"].n_unique() == 2


def test_a_user_of_a_crm_stands_for_the_rep_with_the_same_email_or_name():
    users = people(
        (1, JOHN, "Johnny", "JOHN.SMITH@example.org", "jsmith;johnny.s"),
        (1, JANE, "Mary Smith", "m@crm.example", None),
        (1, "4711", "Nobody Known", "nobody@example.org", None),
    )  # fmt: skip
    found = resolve(JOHN[:15], "jsmith", "Johnny", JANE, "m@crm.example", "4711", "Nobody Known", users=users)
    assert found == {
        JOHN[:15]: "js", "jsmith": "js", "Johnny": "js", JANE: "ms", "m@crm.example": "ms",
        "4711": None, "Nobody Known": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "users",
    [
        # e-mail and name are two reps'
        [(1, JOHN, "John Smith", "mary@example.org", None)],
        # two users of one name; neither has the rep's e-mail
        [(1, JOHN, "John Smith", "a@crm.example", None), (1, JANE, "Smith, John", "b@crm.example", None)],
        # the name is that of two reps
        [(1, JOHN, "Ben Berg", None, None)],
        # one id in two CRMs
        [(1, JOHN, "John Smith", None, None), (2, JOHN, "Mary Smith", None, None)],
    ],
)
def test_a_user_who_may_be_two_reps_or_one_of_two_users_is_nobody(users):
    assert resolve(JOHN, users=people(*users)) == {JOHN: None}


def test_of_two_users_of_one_name_the_email_tells_and_what_both_are_called_decides_nothing():
    users = people(
        (1, JOHN, "John Smith", "john.smith@example.org", "jsm"), (1, JANE, "John Smith", "other@crm.example", "jsm")
    )
    found = resolve(JOHN, JANE, "jsm", "other@crm.example", users=users)
    assert found == {JOHN: "js", JANE: None, "jsm": None, "other@crm.example": None}


def test_a_user_in_two_exports_of_one_crm_is_one():
    users = people((1, JOHN, "John Smith", None, None), (2, JOHN, "J. Smith", "john.smith@example.org", None))
    assert resolve(JOHN, "J. Smith", users=users) == {JOHN: "js", "J. Smith": "js"}


# --------------------------------------------------------------- the proposals


def propose(*texts: str, users: pl.DataFrame | None = None, known: pl.DataFrame | None = None) -> pl.DataFrame:
    reps = pl.DataFrame({"rep_text": texts}).with_columns(rep_id=pl.col("rep_text"), is_in_roster=pl.lit(False))
    rows = pl.DataFrame({"rep_text": texts}).with_columns(records=pl.lit(2, pl.Int64), seconds=pl.lit(5400, pl.Int64))
    return unresolved_reps(
        reps, rows, REPS, aliases() if known is None else known, people() if users is None else users
    )


@pytest.mark.parametrize(
    ("text", "rep_id"),
    [
        ("J. Smith", "js"), ("M Smith", "ms"), ("john.smith@other.org", "js"), ("jsmith", "js"), ("Jon Smith", "js"),
        ("Anna Mueller", "am"), ("MULLER ANNA", "am"), ("a.muller@other.org", "am"), ("mary", "ms"),
        ("A. de Vries", "v1"), ("Smith", None), ("Ben Berg", None), ("B. Berg", None), ("Zoë Quist", None), ("?", None),
        (JOHN, None),
    ],
)  # fmt: skip
def test_the_nearest_rep_is_proposed_and_none_where_two_are_as_near(text, rep_id):
    row = propose(text).row(0, named=True)
    assert row["suggestion_rep_id"] == rep_id
    assert row["alias_line"] == f"{text},{rep_id or ''}"
    assert (row["rows"], row["hours"]) == (2, 1.5)


def test_both_of_two_equally_near_are_named():
    row = propose("B. Berg").row(0, named=True)
    assert (row["suggestion_name"], row["suggestion_rep_id"]) == ("Ben Berg or Ben Berg", None)
    assert propose("Zoë Quist").select("suggestion_name", "similarity").row(0) == (None, None)


def test_an_id_is_proposed_by_what_the_crm_calls_it_and_never_by_its_letters():
    known = aliases((JANE, "ms"))
    assert propose(JOHN, known=known)["suggestion_rep_id"].item() is None
    users = people((1, JOHN, "Jon Smith", "jon@crm.example", None))
    assert propose(JOHN[:15], known=known, users=users)["suggestion_rep_id"].item() == "js"


# -------------------------------------------------------------- a whole study

ROSTER = (
    "rep_id,name,email,aliases,time_zone\n"
    "js,John Smith,john@example.org,J. Smith;JSM,America/New_York\nms,Mary Smith,,,\n"
)
LOG = (
    "rep,date,start,end,activity\nJSM,2026-03-02,09:00,10:00,call\nSmyth; Mary,2026-03-02,09:00,11:00,call\n"
    '"Smith, J",2026-03-02,soon,,call\n'
)


def test_the_line_that_is_printed_resolves_the_spelling_when_it_is_pasted(study):
    before = study({"log.csv": LOG}, files={"reps.csv": ROSTER})
    found = before.frame("unresolved_reps")
    assert found.select("rep_text", "rows", "hours", "alias_line").rows() == [
        ("Smyth; Mary", 1, 2.0, '"Smyth; Mary",ms'), ("Smith, J", 1, 0.0, '"Smith, J",js'),
    ]  # fmt: skip
    issues = before.sql("select value from issues where rule = 'rep/not_in_roster'")
    assert issues["value"].to_list() == ["Smyth; Mary (nearest: Mary Smith)"]
    lines = "\n".join(["alias,rep_id", *found["alias_line"]]) + "\n"
    (before.folder / "aliases.csv").write_text(lines, encoding="utf-8")
    after = open_study(before.folder)
    assert after.frame("unresolved_reps").is_empty()
    assert after.sql("select rep_id, sum(seconds) from entries group by 1 order by 1").rows() == [
        ("js", 3600), ("ms", 7200),
    ]  # fmt: skip


def test_without_a_roster_nobody_is_unresolved_and_aliases_still_hold(study):
    made = study({"log.csv": LOG}, files={"aliases.csv": "alias,rep_id\nJSM,Smith\n"})
    assert made.frame("unresolved_reps").is_empty()
    assert "Smith" in made.frame("entries")["rep_id"].to_list()


def test_the_zone_of_a_rep_stands_beside_each_of_the_reps_spellings_and_in_the_calendar(study):
    made = study({"log.csv": LOG}, files={"reps.csv": ROSTER})
    assert set(made.sql("select distinct rep_id, time_zone from int_rep_numbers").rows()) >= {
        ("js", "America/New_York"), ("Smyth; Mary", None),
    }  # fmt: skip
    zones = made.sql("select time_zone, min(local_date) as low, max(local_date) as high from calendar group by 1")
    assert set(zones["time_zone"]) == {"UTC", "America/New_York"}
    assert zones["low"].n_unique() == zones["high"].n_unique() == 1


@pytest.mark.parametrize(
    ("files", "code", "where", "what"),
    [
        ({"reps.csv": "rep_id,time_zone\na,Europe/Berlin\nb,Berlin\n"}, "reps/time_zone", "line 3", "'Berlin'"),
        ({"aliases.csv": "alias,rep_id\nJ. Smith,\n"}, "aliases/empty", "line 2", "rep_id is empty"),
        ({"aliases.csv": "alias,rep_id\n,js\n"}, "aliases/empty", "line 2", "alias is empty"),
        ({"aliases.csv": "alias\nJ. Smith\n"}, "csv/no-header", "aliases.csv", "rep_id"),
        (
            {"reps.csv": ROSTER, "aliases.csv": "alias,rep_id\nJSmith,js\nMS,mss\n"},
            "aliases/unknown_rep", "line 3", "'mss'",
        ),
    ],
)  # fmt: skip
def test_a_side_file_that_says_what_cannot_be_is_refused_with_its_line(study, files, code, where, what):
    with pytest.raises(ReadError) as caught:
        study({"log.csv": LOG}, files=files)
    assert caught.value.code == code
    assert where in caught.value.where
    assert what in caught.value.what
    assert caught.value.mend


def test_an_alias_of_a_rep_who_left_the_roster_is_refused_when_the_roster_changes(study):
    made = study({"log.csv": LOG}, files={"reps.csv": ROSTER, "aliases.csv": "alias,rep_id\nMS,ms\n"})
    (made.folder / "reps.csv").write_text("rep_id,name\njs,John Smith\n", encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        open_study(made.folder)
    assert caught.value.code == "aliases/unknown_rep"


def test_a_changed_roster_says_the_same_as_a_new_study(study):
    made = study({"log.csv": LOG}, files={"reps.csv": ROSTER})
    roster = ROSTER.replace("J. Smith;JSM", "J. Smith").replace("Mary Smith,,,", "Mary Smith,,JSM; Smyth; Mary,")
    (made.folder / "reps.csv").write_text(roster, encoding="utf-8")
    fresh = study({"log.csv": LOG}, files={"reps.csv": roster})
    again = open_study(made.folder)
    for name in ("int_reps", "unresolved_reps", "day_accounts", "issues"):
        assert again.frame(name).equals(fresh.frame(name))


def test_check_prints_the_lines_to_paste(study, tw):
    made = study({"log.csv": LOG}, files={"reps.csv": ROSTER})
    out = tw("check", made.folder).out.decode()
    assert "Line for aliases.csv" in out
    assert '"Smyth; Mary",ms' in out
    assert "unresolved_reps" in tw("check", made.folder, "--format", "json").out.decode()


EVENTS = (
    "Id,Subject,ActivityDateTime,ActivityDate,DurationInMinutes,AccountId,OwnerId,IsAllDayEvent,CreatedDate\n"
    f"00U46000000aaaaEAA,Demo,2026-03-02 09:10:00,2026-03-02,60,0014600000QwErTAAU,{JOHN},0,2026-03-01 17:00:00\n"
    f"00U46000000bbbbEAA,Demo,2026-03-02 09:10:00,2026-03-02,60,0014600000QwErTAAU,{JANE},0,2026-03-01 17:00:00\n"
)
USERS = (
    "Id,Username,FirstName,LastName,Email,IsActive,ProfileId\n"
    f"{JOHN},js@crm.example,Johnny,S.,john@example.org,true,00e46000000aaaa\n"
    f"{JANE},jane@crm.example,Jane,Doe,jane@example.org,true,00e46000000aaaa\n"
)


def test_an_id_of_an_event_is_the_rep_once_the_users_are_there_and_the_meeting_counts_once(study):
    log = 'rep,date,start,end,activity,account\n"Smith, John",2026-03-02,09:00,10:00,customer meeting,Acme\n'
    made = study({"log.csv": log, "events.csv": EVENTS}, files={"reps.csv": ROSTER.replace(",America/New_York", ",")})
    assert made.frame("same_time").is_empty()
    assert set(made.frame("unresolved_reps")["rep_text"]) == {JOHN, JANE}
    (made.folder / "logs" / "users.csv").write_text(USERS, encoding="utf-8")
    after = open_study(made.folder)
    assert after.sql("select rep_id, file, counted_file from same_time").rows() == [("js", "events.csv", "log.csv")]
    assert after.frame("unresolved_reps")["rep_text"].to_list() == [JANE]
    assert after.sql("select rep_id, sum(seconds) from entries group by 1 order by 1").rows() == [
        (JANE, 3600), ("js", 3600),
    ]  # fmt: skip
    fresh = study(
        {"log.csv": log, "events.csv": EVENTS, "users.csv": USERS},
        files={"reps.csv": ROSTER.replace(",America/New_York", ",")},
    )
    for name in ("int_reps", "day_accounts", "same_time", "source_accounts"):
        assert_frame_equal(after.frame(name), fresh.frame(name), check_row_order=False)
