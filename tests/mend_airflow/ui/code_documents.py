"""Documents of the month pages with every code of every code list that they show."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any, Final

from tests.mend_airflow.ui import list_rows, month_rows

from mend.foundation.schema import CODES, RECORDS
from mend.foundation.source_words import shipped_words
from mend.intake.quality import suite
from mend_airflow.ui.words import all_words

KINDS: Final = shipped_words().kinds
CITIES: Final = (*KINDS["city"], "021")
SOURCES: Final = ("simulator", "campaign_channel", "sms_survey")
STRATEGIES: Final = ("phone_callback", "rebate", "manager_visit", "sms_consolidation", "priority_access")


def documents() -> dict[str, dict[str, Any]]:
    """Page → content."""
    return {
        "touchpoints": _touchpoints(), "association": {"rows": _influences()}, "clusters": {"clusters": _clusters()},
        "surveys": _surveys(), "stages": _stages(), "quarantine": _quarantine(), "effect": _effect(),
        "lists": {"versions": [_version()]},
    }  # fmt: skip


def zipped(*lists: Any) -> list[tuple[str, ...]]:
    """Every code of each list at least once."""
    codes = [list(each) for each in lists]
    filled = zip_longest(*codes)
    return [tuple(own[0] if code is None else code for code, own in zip(row, codes, strict=True)) for row in filled]


def _touchpoints() -> dict[str, Any]:
    touchpoints = [
        month_rows.touchpoint(place, stage, 3.0, 4.0, quadrant_code=quadrant, operating_level_code=level)
        | ({"experience_score": None, "experience_basis_code": basis})
        for place, (stage, quadrant, level, basis) in enumerate(
            zipped(CODES["touchpoint_stage"], CODES["touchpoint_quadrant"], CODES["touchpoint_level"],
                    CODES["touchpoint_basis"])
        )
    ]  # fmt: skip
    actions = [
        month_rows.action(f"{aspect}-{state}-{moved}", state, "门店", aspect_code=aspect, moved_code=moved)
        | {"name_en": "shop"}
        for aspect, state, moved in zipped(
            CODES["touchpoint_aspect"], CODES["touchpoint_action_state"], CODES["touchpoint_moved"]
        )
    ]
    source = {"contact_count": 9, "points": 4.0, "excess_points": 1.0, "excess_low": None, "excess_high": None,
              "complaint_count": 0, "is_top": False, "words_en": "", "words_zh": ""}  # fmt: skip
    named = [(kind, code) for kind in CODES["trouble_dimension"] for code in (*KINDS[kind], "7")]
    sources = [
        source | {"rank": place, "dimension_code": kind, "source_code": code, "verdict_code": verdict}
        for place, ((kind, code), verdict) in enumerate(zip(named, over(CODES["trouble_verdict"]), strict=False))
    ]
    return {"touchpoints": touchpoints, "actions": actions, "sources": sources, "outages": []}


def over(codes: Any) -> list[str]:
    return [*codes] * 20


def _influences() -> list[dict[str, Any]]:
    clusters = ("all", *CODES["behaviour_cluster"], *CODES["value_cluster"], *CODES["consumption_cluster"])
    return [month_rows.influence(code, "bill_not_clear", "any", 1.2) for code in clusters]


def _clusters() -> list[dict[str, Any]]:
    of = {"value": CODES["value_cluster"], "consumption": CODES["consumption_cluster"],
          "behaviour": CODES["behaviour_cluster"]}  # fmt: skip
    of |= {"value_group": [f"{brand}:1" for brand in (*KINDS["brand"], "7")] + list(KINDS["brand"])}
    usual = {"claim_en": "hangs up sooner", "claim_zh": "更早挂机", "words_en": "pays more", "words_zh": "消费高"}
    return [
        month_rows.cluster(kind, code, 0.1, claim_state_code=state, **usual)
        for kind, codes in of.items()
        for code, state in zip(codes, over(CODES["claim_state"]), strict=False)
    ]


def _surveys() -> dict[str, Any]:
    base = month_rows.SURVEYS
    refusal = {"refused_count": 1, "promised_count": 0}
    return base | {
        "measures": [base["measures"][0] | {"measure_code": code} for code in CODES["survey_measure"]],
        "funnels": [base["funnels"][0]],
        "refusals": [
            refusal | {"trigger_code": trigger, "stage_code": stage, "reason_code": reason}
            for trigger, stage, reason in zipped(
                CODES["survey_trigger"], ("enqueue", "claim"), CODES["contact_refusal"]
            )
        ],
    }


def _stages() -> dict[str, Any]:
    base = month_rows.STAGES
    return {
        "leaving": [
            base["leaving"][0] | {"lifecycle_stage_code": stage, "level": int(level), "verdict_code": verdict}
            for stage, level, verdict in zipped(CODES["lifecycle_group"], CODES["level"], CODES["leaving_verdict"])
        ],
        "points": [
            base["points"][0]
            | {"lifecycle_stage_code": stage, "verdict_code": verdict, "grumble_type_code": "bill_not_clear"}
            for stage, verdict in zipped(CODES["lifecycle_group"], CODES["point_verdict"])
        ],
        "forms": [
            {"form_code": form, "trend_code": trend, "customer_count": 1}
            for form, trend in zipped(CODES["grumble_form"], CODES["form_trend"])
        ],
    }


def _quarantine() -> dict[str, Any]:
    from mend.query.pages.quarantine import rule_words

    row = {"row_count": 1, "day_count": 1, "last_on": "2026-03-29"}
    reasons = [key.partition(".")[2] for key in all_words() if key.startswith("reasons.")]
    columns = [(record.name, column.name) for record in RECORDS.values() for column in record.columns]
    parsed = [
        row
        | {"source_code": source, "record_code": record, "gate_code": "parse", "column_name": column,
           "reason_code": reason}
        for (record, column), source, reason in zip(columns, over(SOURCES) * 5, over(reasons), strict=False)
    ]  # fmt: skip
    judged = [
        row
        | {"source_code": "simulator", "record_code": record, "gate_code": "quality", "reason_code": rule.id,
           "column_name": rule.columns[0] if rule.columns else None}
        for record in RECORDS
        for rule in suite(record).rules
    ]  # fmt: skip
    return {"rows": parsed + judged, "rules": rule_words()}


GROUPS: Final = {
    "level": "level", "segment": "segment", "value": "value_cluster", "age": "age_band", "gender": "gender",
}  # fmt: skip


def _effect() -> dict[str, Any]:
    base = list_rows.EFFECT
    groups = [(grouping, code) for grouping, words in GROUPS.items() for code in CODES[words]]
    groups += [("city", code) for code in CITIES]
    said = {"words_en": "too few", "words_zh": "人数太少", "strategy_code": "rebate", "estimand_code": "itt"}
    usual = {"strategy_code": "rebate", "unit_en": "yuan", "unit_zh": "元"}
    return base | {
        "names": {},
        "results": [
            list_rows.result(outcome, 0.1, estimand_code=estimand, verdict_code=verdict, **usual)
            for outcome, estimand, verdict in zipped(
                CODES["effect_outcome"], CODES["effect_estimand"], CODES["effect_verdict"]
            )
        ],
        "refusals": [
            said | {"outcome_code": outcome, "reason_code": reason}
            for outcome, reason in zipped(CODES["effect_outcome"], CODES["effect_refusal"])
        ],
        "groups": [
            base["groups"][0]
            | {"strategy_code": "rebate", "grouping_code": grouping, "group_code": code, "verdict_code": verdict,
               "half_number": place % 2}
            for place, ((grouping, code), verdict) in enumerate(
                zip(groups, over(CODES["effect_group_verdict"]), strict=False)
            )
        ],
    }  # fmt: skip


def _version() -> dict[str, Any]:
    price = list_rows.version(9)["prices"][0]
    return list_rows.version(
        9,
        names={},
        out_of_season={},
        prices=[
            price | {"resource_code": resource, "city_code": city, "strategy_code": strategy}
            for resource, city, strategy in zipped(CODES["campaign_resource"], CITIES, STRATEGIES)
        ],
    )
