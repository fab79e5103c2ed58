"""
### What it does

Makes the month's repair campaign list, asks a person, and publishes it. Starts by itself when `mend_monthly` has closed
and clustered a month; by hand for any closed month.

| task | what it does |
|---|---|
| campaign_list | who gets what, why, in which order: candidates, gates, hold-out, allocation. A draft |
| page_campaign | publishes the list's versions and candidates for the pages |
| approve | asks the approvers of the strategies' settings (Required Actions): counts, cost, change, bias, checks |
| publish | files per city and channel, the routing table, actions and care messages; all or nothing |

### Inputs and outputs

In: `mart_damage_month`, `mart_customer_cluster`, `mart_warning`, tickets, replies, snapshots, contact rules, the home's
`strategies/`. Out: `mart_campaign_gate`, `mart_campaign_list`, `mart_campaign_price` and the tables beside them; after
the approval the files under `lists/<month>/campaign-v<version>`, `routing_entry`, `campaign_action`, messages in the
outbox; the assets `mend_campaign_list` and `mend_published_list`.

### Parameters

`month` (`2026-03`): the damage month; a run with a partition key is for that month. Without either: the last that is
over.

### When it fails

Read the last line of the failed task's log. *The month is not closed*: run `mend_monthly` first. *A strategy file*: the
line names file, strategy and reason. *A bound of the bias check*: who approves writes why. **A refused list** skips
`publish` and keeps its reason: change what is to change, then clear `campaign_list` with downstream; a new content is a
new version and is asked about again. Any task may be cleared and run again: the same content is the same version,
nothing is published twice. A published list never changes; `mend campaign-recall` takes it back.
"""

from __future__ import annotations

from airflow.sdk import DAG, chain

from mend_airflow import assets, wiring
from mend_airflow.operators import ApproveListOperator, CampaignListOperator, CampaignPagesOperator, PublishOperator

with DAG(
    dag_id="mend_campaign",
    dag_display_name="Mend: repair campaign",
    doc_md=__doc__,
    schedule=wiring.when_a_month_is_closed(),
    start_date=wiring.START,
    catchup=False,
    max_active_runs=1,
    default_args=wiring.DEFAULT_ARGS,
    params=wiring.month_params(),
    tags=["mend", "monthly", "repair"],
) as dag:
    campaign_list = CampaignListOperator(task_id="campaign_list", outlets=[assets.CAMPAIGN_LIST], pool="mend_engine")
    page_campaign = CampaignPagesOperator(task_id="page_campaign", pool="mend_engine")
    approve = ApproveListOperator(task_id="approve", response_timeout=wiring.TIME_TO_DECIDE, pool="mend_people")
    publish = PublishOperator(task_id="publish", outlets=[assets.PUBLISHED_LIST], pool="mend_engine")
    chain(campaign_list, page_campaign, approve, publish)
