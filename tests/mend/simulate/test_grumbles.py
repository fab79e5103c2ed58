"""What agents note, and the truth beside it: a point for every grumble, some without code or mood, notes of many
wordings.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from mend.simulate.notes import NOTES


def _grumbles(world: Path, delivered: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    delivered.execute(f"create or replace view grumble as from '{world}/truth/grumble.parquet'")
    return delivered


def test_every_grumble_has_a_true_point_and_its_code_is_that_or_its_area(
    world: Path, delivered: duckdb.DuckDBPyConnection
) -> None:
    query = """
        select count(*), count(case when coded_type_code not in (grumble_type_code, split_part(grumble_type_code,
        '.', 1)) then 1 end),
            count(case when is_grumble <> (grumble_type_code is not null) then 1 end), count(distinct grumble_type_code)
        from grumble"""
    ((rows, wrong, without, points),) = _grumbles(world, delivered).execute(query).fetchall()
    assert rows > 800
    assert (wrong, without) == (0, 0)
    assert points > 0.9 * len(NOTES["points"])


def test_the_delivered_contacts_carry_the_codes_that_the_truth_says(
    world: Path, delivered: duckdb.DuckDBPyConnection
) -> None:
    query = """
        select count(*), count(case when contact.grumble_type_code is distinct from coded_type_code then 1 end),
            count(case when (contact.note_text is not null) <> is_noted then 1 end)
        from grumble join contact using (contact_id)"""
    ((rows, other_code, other_note),) = _grumbles(world, delivered).execute(query).fetchall()
    assert rows > 800
    assert (other_code, other_note) == (0, 0)
    outside = (
        "select count(*) from contact anti join grumble using (contact_id) where grumble_type_code is not null "
        "or note_text is not null"
    )
    assert delivered.execute(outside).fetchall() == [(0,)]


def test_shares_are_those_of_the_settings(world: Path, delivered: duckdb.DuckDBPyConnection) -> None:
    query = """
        select
            avg((coded_type_code is not null)::integer), avg(is_noted::integer),
            avg(case when coded_type_code is not null then (not contains(coded_type_code, '.'))::integer end)
        from grumble where is_grumble"""
    ((coded, noted, area_alone),) = _grumbles(world, delivered).execute(query).fetchall()
    shares = NOTES["shares"]
    assert abs(coded - shares["coded"]) < 0.05
    assert abs(noted - shares["noted"]) < 0.05
    assert abs(area_alone - shares["area_alone"]) < 0.05


def test_notes_are_of_many_wordings_in_both_languages_with_every_slot_filled(
    delivered: duckdb.DuckDBPyConnection,
) -> None:
    query = """
        select
            count(distinct note_text) / count(*), count(case when not regexp_matches(note_text, '[^ -~]')
            then 1 end) / count(*),
            count(case when contains(note_text, '<') then 1 end)
        from contact where note_text is not null and mood_code in ('annoyed', 'angry')"""
    ((distinct, english, unfilled),) = delivered.execute(query).fetchall()
    assert distinct > 0.6
    assert 0.05 < english < 0.16
    assert unfilled == 0


def test_some_grumbles_have_neither_code_nor_mood_and_some_calm_contacts_a_note(
    world: Path, delivered: duckdb.DuckDBPyConnection
) -> None:
    query = """
        select
            count(case when is_grumble and coded_type_code is null and contact.mood_code is null then 1 end),
            count(case when not is_grumble and contact.mood_code = 'calm' then 1 end),
            count(case when not is_grumble and contact.mood_code is null then 1 end)
        from grumble join contact using (contact_id)"""
    assert min(_grumbles(world, delivered).execute(query).fetchall()[0]) >= 3


def test_every_complaint_is_described(delivered: duckdb.DuckDBPyConnection) -> None:
    query = "select count(*), count(description_text) from ticket where kind_code = 'complaint'"
    ((complaints, described),) = delivered.execute(query).fetchall()
    assert complaints == described > 20
