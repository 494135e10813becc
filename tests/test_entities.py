"""The picture of the tables is true: keys are keys, and every join finds its one row in the sample study."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from defusedxml import ElementTree

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))

from entities import ENTITIES, JOINS, Entity, Join, entities_svg

if TYPE_CHECKING:
    from timewaste.study import Study

ENTITY_OF = {entity.table: entity for entity in ENTITIES}


def name(join: Join) -> str:
    return f"{join.table}-{join.to}"


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.table)
def test_every_column_of_a_box_is_there_and_its_key_is_one(entity: Entity, sample: Study) -> None:
    told = {*entity.key, *entity.joins, *(word.strip() for line in entity.holds for word in line.split(","))}
    with sample.store() as store:
        assert told <= {column.name for column in store.columns() if column.table == entity.table}
        if entity.key:
            key = ", ".join(entity.key)
            again = f"select {key} from {entity.table} group by all having count(*) > 1"
            assert store.execute(again) == []


@pytest.mark.parametrize("join", JOINS, ids=name)
def test_every_key_has_its_one_row(join: Join, sample: Study) -> None:
    on = " and ".join(f"a.{ours} = b.{theirs}" for ours, theirs in zip(join.on, join.to_on, strict=True))
    ours = f"(select * from {join.table} where {join.where or 'true'})"
    theirs = f"(select * from {join.to} where {join.to_where or 'true'})"
    is_null = " or ".join(f"a.{column} is null" for column in join.on)
    with sample.store() as store:
        found = store.execute(
            f"select (select count(*) from {theirs} as b where {on}) as found, {is_null} as is_null "
            f"from {ours} as a group by all"
        )
        times = store.execute(f"select max(n) from (select count(*) as n from {ours} group by {', '.join(join.on)})")
    assert found
    assert {rows for rows, missing in found if not missing} == {1}
    assert not any(missing for _, missing in found) or join.may_be_null
    assert (times[0][0] == 1) is join.one


def test_what_may_be_null_is_told_in_the_columns_of_the_boxes() -> None:
    for join in JOINS:
        assert {*join.on} <= {*ENTITY_OF[join.table].key, *ENTITY_OF[join.table].joins}, join
        assert {*join.to_on} <= {*ENTITY_OF[join.to].key}, join


def test_the_picture_is_whole_and_no_text_leaves_its_box() -> None:
    picture = ElementTree.fromstring(entities_svg())
    words = [text.text or "" for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert all(entity.table in words for entity in ENTITIES)
    lines = [line for entity in ENTITIES for line in entity.holds]
    assert max(map(len, lines)) <= 32  # at 13.4 px a letter is 6.3 px wide on average, and a box takes 205 px
