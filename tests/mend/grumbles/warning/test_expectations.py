"""From expectation to strategy: what customers of a cluster expect at a point."""

from __future__ import annotations

from pathlib import Path

import pytest

from mend.foundation.schema import CODES
from mend.grumbles.records.taxonomy import load_taxonomies
from mend.grumbles.warning.expectations import FOLDER, load_expectations
from mend.grumbles.warning.rules import RuleError

SHIPPED = load_expectations()[0]


def test_the_domains_four_examples_are_among_them() -> None:
    said = " ".join(each.does.zh for each in SHIPPED.expectations)
    assert all(
        words in said for words in ("一个必选包＋多个可选包", "先免费体验再订购", "订购时短信告知资费", "账单附说明")
    )


@pytest.mark.parametrize("taxonomy", load_taxonomies(), ids=lambda each: str(each.valid_from))
def test_every_point_is_one_of_the_taxonomy_and_every_row_can_be_met(taxonomy) -> None:  # type: ignore[no-untyped-def]
    assert SHIPPED.unknown_points(taxonomy.types) == []
    met = {
        id(SHIPPED.of(cluster, code, each.parent or code))
        for cluster in (*CODES["behaviour_cluster"], None)
        for code, each in taxonomy.types.items()
    }
    assert {id(each) for each in SHIPPED.expectations} <= met  # no row stands behind another that always fits first


def test_the_first_that_fits_is_taken_and_nothing_is_said_where_none_does() -> None:
    def does(cluster: str | None, point: str, area: str) -> str | None:
        found = SHIPPED.of(cluster, point, area)
        return found.does.en.split(",")[0] if found else None

    assert does("tariff_sensitive", "tariff_billing.plan_price", "tariff_billing") == (
        "offer a package of one required and several optional parts"
    )
    assert does("tariff_sensitive", "tariff_billing.payment", "tariff_billing") == (
        "send the tariff by SMS when they order"
    )
    assert does(None, "tariff_billing.bill_unclear", "tariff_billing") == (
        "bills with explanations: each item in plain words"
    )
    assert does("not_shown_yet", "call_quality.one_way", "call_quality") is None


def test_a_cluster_that_is_none_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / "1990-01-01.yaml").read_text("utf-8").replace("1990-01-01", "2026-05-01")
    (tmp_path / "2026-05-01.yaml").write_text(text.replace("[limited_tolerance]", "[tolerant]"), "utf-8")
    with pytest.raises(RuleError, match=r"2026-05-01.yaml: expectations: 8: .*no behaviour clusters: tolerant; those"):
        load_expectations(tmp_path)
