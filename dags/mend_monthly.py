"""
### What it does

Closes a month: the damaged-customer database and the ranked list; then what the month teaches about grumbles. Starts
by itself when the nightly chain says that a month is complete (asset `mend_month_due`), and again whenever late or
corrected rows changed a complete month; by hand for any month.

| task | what it does |
|---|---|
| close_month | scores with carry-over, levels, segments, life-cycle stages; which indicators could be measured |
| damage_list | customers by level, score and segment with the main reasons in words; a masked CSV file per city |
| grumble_classifier | learns to read agents' texts from coded notes; in force from the next month on |
| customer_clusters | clusters of value, consumption and behaviour where groups are apart; profiles in words |
| association | how grumbles lead to complaints: counts, lift, influence by window and cluster, key grumble points |
| complaint_model | trains the models of the probability of a complaint; a worse one is not promoted |
| grumble_levels | fits the cut points of the grumble levels; in force from the next month's results on |
| recording_agreement | how far centres and agents agree in the grumbles that they recorded |
| grumble_index | each service item's grumble index beside the survey's satisfaction, and their correlation |
| lifecycle | grumble points by life-cycle stage, key points, tendency to leave, forms of grumbling |
| touchpoints | operating and experience effectiveness of each touchpoint, quadrant, journey, corrective actions |
| trouble | damage by menu node, topic, agent group, centre, plan and city; the top ten; outages |
| problems | what has become worse goes to its departments with deadlines; what was answered before is measured |
| guarantee | what the service guarantee would have cost: each promise by city, with the next month's interval |
| survey_report | surveys and follow-up: funnels, solved as a range, promises kept; resolution by topic, callbacks |
| repair_worth | what repairs are worth by their speed: customers kept, people told, yuan, as published ranges |
| plan_figures | complaints per 10 000 customers reached by marketing plans, reviewed and not |
| pages_month | publishes the month, and those after it, for the pages |
| page_documents | publishes what the pages show of the month whole |
| season_match | whom the seasonal themes are for: product, channel and customer cluster, and how damaged they are |

### Inputs and outputs

In: `mart_damage_ledger`, `mart_exposure_day`, `core_customer`, `core_customer_alias`. Out: `mart_damage_month`,
`mart_person_month` (whom a close took for one person), `mart_indicator_month`,
`mart_damage_list`, the files under `lists/<month>/`, `mart_customer_cluster`, `mart_association`, `mart_grumble_index`
and the tables beside them, `mart_touchpoint_month`, `mart_touchpoint_action`, `mart_trouble_source`, `mart_outage`,
`mart_lifecycle_grumble`, `mart_lifecycle_month`, `mart_tendency_to_leave`, `mart_grumble_form_month`,
`mart_routing_figure`, `mart_routing_month`,
`mart_guarantee_month`, `mart_plan_month`, `mart_repair_worth_month`, `mart_season_match`,
pictures and pages under `reports/`; the assets `mend_damage_month`, `mend_damage_list`,
`mend_customer_cluster`, `mend_association`. Scores carry over: months before this one that are still open, or that late
rows or merges have changed since, are closed first, those after it that are closed are closed again.

### Parameters

`month` (`2026-03`); a run with a partition key is for that month. Without either: the last month that is over.

### When it fails

Read the last line of the failed task's log: it names the table, the rule and the value. If days of the month are
missing, run `mend_nightly` for them first. Then **clear the failed task** (Clear, with downstream); closing a month
twice gives the same tables.
"""

from __future__ import annotations

from airflow.sdk import DAG, TaskGroup, chain

from mend_airflow import assets, wiring
from mend_airflow.operators import (
    AssociationOperator,
    CloseMonthOperator,
    ComplaintModelOperator,
    CustomerClusterOperator,
    DamageListOperator,
    GrumbleClassifierOperator,
    GrumbleIndexOperator,
    GrumbleLevelOperator,
    GuaranteeOperator,
    LifecycleOperator,
    MonthPagesOperator,
    PageDocumentsOperator,
    PlanFiguresOperator,
    ProblemOperator,
    RecordingAgreementOperator,
    RepairWorthOperator,
    SeasonMatchOperator,
    SurveyReportOperator,
    TouchpointOperator,
    TroubleOperator,
)

with DAG(
    dag_id="mend_monthly",
    dag_display_name="Mend: month's close and list",
    doc_md=__doc__,
    schedule=wiring.when_a_month_is_due(),
    start_date=wiring.START,
    catchup=False,
    max_active_runs=1,
    default_args=wiring.DEFAULT_ARGS,
    params=wiring.month_params(),
    tags=["mend", "monthly", "damage", "grumbles"],
) as dag:
    close_month = CloseMonthOperator(task_id="close_month", outlets=[assets.DAMAGE_MONTH], pool="mend_engine")
    damage_list = DamageListOperator(task_id="damage_list", outlets=[assets.DAMAGE_LIST], pool="mend_engine")
    classifier = GrumbleClassifierOperator(task_id="grumble_classifier", pool="mend_engine")
    clusters = CustomerClusterOperator(
        task_id="customer_clusters", outlets=[assets.CUSTOMER_CLUSTER], pool="mend_engine"
    )
    association = AssociationOperator(task_id="association", outlets=[assets.ASSOCIATION], pool="mend_engine")
    complaint_model = ComplaintModelOperator(task_id="complaint_model", pool="mend_engine")
    grumble_levels = GrumbleLevelOperator(task_id="grumble_levels", pool="mend_engine")
    recording_agreement = RecordingAgreementOperator(task_id="recording_agreement", pool="mend_engine")
    grumble_index = GrumbleIndexOperator(task_id="grumble_index", pool="mend_engine")
    lifecycle = LifecycleOperator(task_id="lifecycle", pool="mend_engine")
    survey_report = SurveyReportOperator(task_id="survey_report", pool="mend_engine")
    repair_worth = RepairWorthOperator(task_id="repair_worth", pool="mend_engine")
    season_match = SeasonMatchOperator(task_id="season_match", pool="mend_engine")
    pages_month = MonthPagesOperator(task_id="pages_month", pool="mend_engine")
    documents = PageDocumentsOperator(task_id="page_documents", pool="mend_engine")
    with TaskGroup("prevention", prefix_group_id=False, tooltip="Causes") as prevention:
        TouchpointOperator(task_id="touchpoints", pool="mend_engine")
        trouble = TroubleOperator(task_id="trouble", pool="mend_engine")
        chain(trouble, ProblemOperator(task_id="problems", pool="mend_engine"))
        GuaranteeOperator(task_id="guarantee", pool="mend_engine")
        PlanFiguresOperator(task_id="plan_figures", pool="mend_engine")
    chain(close_month, [damage_list, classifier, grumble_index, lifecycle, survey_report, repair_worth, prevention])
    chain(close_month, pages_month)
    chain(classifier, clusters, association, [complaint_model, grumble_levels])
    chain(classifier, recording_agreement)
    chain(clusters, season_match)
    chain([damage_list, grumble_index, lifecycle, survey_report, repair_worth, prevention, pages_month], documents)
    chain([complaint_model, grumble_levels, recording_agreement, season_match], documents)
