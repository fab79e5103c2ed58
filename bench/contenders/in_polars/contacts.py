"""Contacts: incidents, windows, the 26 indicators on contacts, families and the incident cap."""

from __future__ import annotations

import datetime as dt

import polars as pl
from polars import col

from bench.contenders.in_polars.ledger import contact_rows
from bench.contenders.rulebook import CAP, GAP, POINTS, REACH_DAYS
from bench.contenders.scan import NEEDED

HOUR, DAY, WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=7)


def read_contacts(files: list[str], medians: list[str]) -> pl.DataFrame:
    """Known customers' contacts in the order of customer and time, with the topic's median of the month before."""
    median = pl.scan_parquet(medians).select("topic_code", median_seconds=col("median_handling_seconds"))
    contacts = pl.scan_parquet(files).select(NEEDED["core_contact"]).filter(col("customer_id").is_not_null())
    seconds = pl.sum_horizontal("ivr_seconds", "queue_seconds", "talk_seconds", "hold_seconds")
    wide = contacts.join(median, on="topic_code", how="left").select(
        "contact_id", "customer_id", "started_at", "started_on", "topic_code",
        is_outbound=col("direction_code") == "outbound",
        ended_at=col("started_at") + pl.duration(seconds=seconds.clip(0, 86_400)),
        is_answered=col("is_answered").fill_null(False),
        is_failed=_is_failed().fill_null(False),
        **{name: condition.fill_null(False) for name, condition in _row_conditions().items()},
    )  # fmt: skip
    return wide.sort("customer_id", "started_at", "contact_id").collect(engine="streaming")


def _is_failed() -> pl.Expr:
    return col("is_refused") | (col("is_abandoned") & (col("queue_seconds") >= 10)) | _no_way()


def _no_way() -> pl.Expr:
    stuck = ~col("is_answered").fill_null(False) & ~col("is_refused").fill_null(False)
    return col("is_agent_requested") & col("queue_seconds").is_null() & stuck


def _row_conditions() -> dict[str, pl.Expr]:
    """What a contact's own row decides, by indicator; the first half of those that look further."""
    none, kind, failed = col("ivr_result_code") == "none", col("ivr_kind_code"), col("ivr_result_code") == "failed"
    handling = col("talk_seconds").fill_null(0) + col("hold_seconds").fill_null(0)
    return {
        "IVR-01": (kind == "query") & failed,
        "IVR-02": (kind == "transaction") & failed,
        "IVR-03": col("failed_verification_count") >= 2,
        "IVR-04": col("invalid_key_count") >= 3,
        "IVR-05": col("timeout_count") >= 2,
        "IVR-06": (col("ivr_depth") >= 5) & none,
        "IVR-07": col("node_visit_max_count") >= 3,
        "IVR-08": (col("ivr_seconds") > 180) & none,
        "IVR-09": col("is_hung_up_in_menu") & none & ~col("is_agent_requested").fill_null(False),
        "IVR-10": _no_way(),
        "IVR-11": col("is_system_fault"),
        "IVR-12": (col("ivr_result_code") == "completed") & ~col("is_answered").fill_null(False),
        "CON-01": col("is_refused"),
        "CON-02": col("is_abandoned") & (col("queue_seconds") >= 10),
        "CON-03": col("is_answered") & col("queue_seconds").is_between(60, 180),
        "CON-04": col("is_answered") & (col("queue_seconds") > 180),
        "AGT-01": col("is_dropped"),
        "AGT-02": col("is_silent_line"),
        "AGT-03": col("is_dropped") | col("is_silent_line"),
        "AGT-04": col("hold_seconds") > 120,
        "AGT-05": col("transfer_count") >= 2,
        "AGT-06": col("is_answered") & (handling > 2 * col("median_seconds")),
        "AGT-07": col("is_poor_attitude"),
        "AGT-08": col("is_wrong_answer"),
        "AGT-09": col("is_answered") & ~col("is_resolved"),
    }


def with_incidents(inbound: pl.DataFrame) -> pl.DataFrame:
    """Incidents: contacts less than the gap apart; of a chain over more than the days of an incident, each further day
    is one. Input sorted."""
    same = col("customer_id") == col("customer_id").shift()
    chain_start = ~(same & (col("started_at") - col("started_at").shift() < GAP)).fill_null(False)
    return (
        inbound.lazy()
        .with_columns(previous_on=pl.when(same).then(col("started_on").shift()), is_chain_start=chain_start)
        .with_columns(chain_on=pl.when("is_chain_start").then("started_on").forward_fill())
        .with_columns(
            is_start=col("is_chain_start")
            | ((col("started_on") - col("chain_on") >= REACH_DAYS * DAY) & (col("previous_on") < col("started_on")))
        )
        .with_columns(
            incident_id=pl.when("is_start").then("contact_id").forward_fill(),
        )
        .drop("previous_on", "is_chain_start", "chain_on")
        .with_row_index("place")
        .collect()
    )


def decide(
    inbound: pl.DataFrame, outbound: pl.DataFrame, bookings: pl.DataFrame, tickets: pl.DataFrame
) -> pl.DataFrame:
    """The indicators that look at other rows; `agent_call_at` beside IVR-12. Families of one moment are settled."""
    served = _needed_agent(inbound)
    decided = inbound.with_columns(
        _at_places("RES-01", _again(inbound)),
        _at_places("CON-05", _third_failure(inbound)),
        _at_places("CON-06", _nobody_called(inbound, outbound, bookings)),
        _at_places("AGT-03", _not_called_back(inbound, outbound)),
        _at_places("IVR-12", served["place"]),
        _at_places("AGT-09", _without_ticket(inbound, tickets)),
    ).join(served, on="place", how="left", maintain_order="left")
    return decided.with_columns(
        (col("CON-03") & ~col("CON-04")).alias("CON-03"),
        (col("CON-01") & ~col("CON-05")).alias("CON-01"),
        (col("AGT-02") & ~col("AGT-01")).alias("AGT-02"),
    )


def _at_places(indicator: str, hits: pl.Series) -> pl.Expr:
    return col("place").is_in(hits.implode()).alias(indicator)


def _again(inbound: pl.DataFrame) -> pl.Series:
    """Same customer and topic within a week before, not in the same second."""
    by_topic = (
        inbound.lazy()
        .filter(col("topic_code").is_not_null())
        .sort("customer_id", "topic_code", "started_at", "contact_id")
    )
    same = (col("customer_id") == col("customer_id").shift()) & (col("topic_code") == col("topic_code").shift())
    since = col("started_at") - col("started_at").shift()
    return by_topic.filter(same & (since <= WEEK)).select("place").collect()["place"]


def _third_failure(inbound: pl.DataFrame) -> pl.Series:
    failed = inbound.filter("is_failed")
    same = col("customer_id") == col("customer_id").shift(2)
    return failed.filter(same & (col("started_at") - col("started_at").shift(2) <= DAY))["place"]


def _nobody_called(inbound: pl.DataFrame, outbound: pl.DataFrame, bookings: pl.DataFrame) -> pl.Series:
    failed = inbound.filter("is_failed").select("place", "customer_id", "started_at").sort("started_at")
    through = inbound.filter(col("is_answered") & ~col("is_failed")).select("customer_id", at="started_at")
    booked = _next(failed, bookings.rename({"requested_at": "at"}), "started_at", DAY)
    called = _next(failed, outbound.rename({"started_at": "at"}), "started_at", DAY)
    return failed.filter(~booked & ~called & ~_next(failed, through, "started_at", DAY))["place"]


def _not_called_back(inbound: pl.DataFrame, outbound: pl.DataFrame) -> pl.Series:
    half_hour = dt.timedelta(minutes=30)
    dropped = inbound.filter("AGT-03").select("place", "customer_id", "ended_at").sort("ended_at")
    return dropped.filter(~_next(dropped, outbound.rename({"started_at": "at"}), "ended_at", half_hour))["place"]


def _needed_agent(inbound: pl.DataFrame) -> pl.DataFrame:
    """Places of self-services that an agent call on the topic followed, and when that began."""
    keys = ["customer_id", "topic_code"]
    served = inbound.filter(col("IVR-12") & col("topic_code").is_not_null()).select("place", *keys, "started_at")
    answered = inbound.filter("is_answered").select(*keys, at="started_at").join(served, on=keys, how="semi")
    found = served.sort("started_at").join_asof(
        answered.sort("at"), left_on="started_at", right_on="at", by=keys, strategy="forward",
        allow_exact_matches=False, tolerance=HOUR, coalesce=False, check_sortedness=False,
    )  # fmt: skip
    return found.filter(col("at").is_not_null()).select("place", agent_call_at="at")


def _without_ticket(inbound: pl.DataFrame, tickets: pl.DataFrame) -> pl.Series:
    unresolved = inbound.filter("AGT-09").select("place", "contact_id", "started_at")
    answering = unresolved.join(tickets, on="contact_id").filter(
        (col("opened_at") - col("started_at")).is_between(-DAY, DAY)
    )
    return unresolved.join(answering, on="place", how="anti")["place"]


def _next(
    left: pl.DataFrame,
    right: pl.DataFrame,
    at: str,
    within: dt.timedelta,
) -> pl.Series:
    """For each row of `left` whether `right` has a row of the same customer then or within so long after it. `left` is
    sorted by `at`.
    """
    found = left.join_asof(
        right.select("customer_id", "at").sort("at"), left_on=at, right_on="at", by="customer_id", strategy="forward",
        allow_exact_matches=True, tolerance=within, coalesce=False, check_sortedness=False,
    )  # fmt: skip
    return found["at"].is_not_null()


INDICATORS = [*_row_conditions(), "CON-05", "CON-06", "RES-01"]


# When an indicator is decided that waits for something; the others as the contact begins.
DECIDED = {
    "CON-06": col("started_at") + DAY,
    "AGT-09": col("started_at") + DAY,
    "AGT-03": col("ended_at") + dt.timedelta(minutes=30),
    "IVR-12": col("agent_call_at"),
}


def debits(decided: pl.DataFrame) -> pl.DataFrame:
    """A ledger row per indicator hit, and the caps."""
    hits = pl.concat(
        decided.lazy()
        .filter(name)
        .select(
            "customer_id", "contact_id", "incident_id",
            posted_at=DECIDED.get(name, col("started_at")),
            indicator_id=pl.lit(name),
            points=_points(name),
        )
        for name in INDICATORS
    ).filter(col("points") > 0).collect()  # fmt: skip
    rows = pl.concat([
        hits.lazy().with_columns(entry_kind_code=pl.lit("debit"), entry_points="points"),
        _caps(hits).lazy(),
    ])  # fmt: skip
    return contact_rows(rows).collect()


def _points(indicator: str) -> pl.Expr:
    """The indicator's points; of AGT-03 the difference to what the drop itself cost."""
    if indicator != "AGT-03":
        return pl.lit(POINTS[indicator])
    posted = pl.when("AGT-01").then(POINTS["AGT-01"]).when("AGT-02").then(POINTS["AGT-02"]).otherwise(0)
    return (pl.lit(POINTS[indicator]) - posted).cast(pl.Int32)


def _caps(hits: pl.DataFrame) -> pl.DataFrame:
    over = hits.lazy().group_by("incident_id").agg(col("points").sum()).filter(col("points") > CAP)
    running = col("points").cum_sum().over("incident_id")
    excess = (running - CAP).clip(0) - (running - col("points") - CAP).clip(0)
    return (
        hits.lazy()
        .join(over.select("incident_id"), on="incident_id", how="semi")
        .sort("incident_id", "posted_at", "contact_id", "indicator_id")
        .with_columns(entry_kind_code=pl.lit("cap"), entry_points=-excess)
        .filter(col("entry_points") < 0)
        .collect()
    )


def exposure(inbound: pl.DataFrame) -> pl.DataFrame:
    """Contacts and incidents of a customer that began on a day. Input sorted by customer and time."""
    return (
        inbound.lazy()
        .group_by("customer_id", subject_on="started_on")
        .agg(
            contact_count=pl.len().cast(pl.Int32),
            incident_count=col("is_start").sum().cast(pl.Int32),
            last_contact_at=col("started_at").last(),
            last_contact_id=col("contact_id").last(),
        )
        .collect()
    )
