"""The assets that link the DAGs, shown in Airflow's asset graph. An event's partition is a business day or a month."""

from __future__ import annotations

from typing import Final

from airflow.sdk import Asset

CORE: Final = Asset("mend_core", uri="mend://core")
DAMAGE: Final = Asset("mend_damage", uri="mend://damage")
MONTH_DUE: Final = Asset("mend_month_due", uri="mend://month_due")
DAMAGE_MONTH: Final = Asset("mend_damage_month", uri="mend://damage_month")
DAMAGE_LIST: Final = Asset("mend_damage_list", uri="mend://damage_list")
WARNING: Final = Asset("mend_warning", uri="mend://warning")
CUSTOMER_CLUSTER: Final = Asset("mend_customer_cluster", uri="mend://customer_cluster")
ASSOCIATION: Final = Asset("mend_association", uri="mend://association")
CAMPAIGN_LIST: Final = Asset("mend_campaign_list", uri="mend://campaign_list")
PUBLISHED_LIST: Final = Asset("mend_published_list", uri="mend://published_list")
CAMPAIGN_OUTCOME: Final = Asset("mend_campaign_outcome", uri="mend://campaign_outcome")
EFFECT: Final = Asset("mend_effect", uri="mend://effect")
