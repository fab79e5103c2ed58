"""
### What it does

Turns a day's deliveries into damage scores, and open grumbles into warnings. Every night at 01:30 (business time) for
the day before; by hand for any range of days.

| task | what it does |
|---|---|
| answers | hands the days' answers to our own SMS surveys to the extract step |
| sources | says which sources are read: a task `extract` for each |
| extract | reads what a source delivers; rows that cannot be read go to quarantine, with the reason |
| quality | checks the rows that came: required columns, unique keys, ranges, known codes; bad rows go to quarantine |
| core | finds the one valid version of every row, on the day it happened, and accounts for every line |
| score | applies the 36 indicators and the repair credits: the ledger, and how often each customer was in contact |
| grumbles | records grumbles and complaints, each classified once: by the source's code, else from the agent's text |
| warnings | grades open grumbles, estimates the probability of a complaint, publishes the warning list |
| incoming | publishes what answers about a grumble that comes in need: features, models, cut points |
| surveys | refreshes addresses and consents, takes in archived tickets and repairs to ask about |
| pages | publishes what the pages show to the operations database: rows that changed, in one transaction |
| due_months | says which months are complete and changed; each starts `mend_monthly`. Skipped on most nights |
| deliveries | says what the days lack; red when a source could not be read or a batch was stopped |

### Inputs and outputs

In: the sources' deliveries (configuration: `include/mend/intake/extract/sources/`). Out: the lake's tables `raw_...`,
`core_...`, `core_quarantine`, `mart_damage_ledger`, `mart_exposure_day`, `mart_grumble`, `mart_complaint`,
`mart_grumble_level`, `mart_warning` (and `customer_warning`, `incoming_...`, `page_...` in the operations database);
the assets `mend_core`, `mend_damage`, `mend_month_due`, `mend_warning`. Days on which a batch was withdrawn, taken back
or accepted since the last run (`mend withdraw`, `mend accept`) are made again beside the run's own.

### Parameters

`from_day`, `to_day`: a range of business days, which one run takes in one go. `sources`, `paths`: what to read; the
files of `paths` are in the inbox or in a folder of `MEND_INBOX_FOLDERS`, and are of one source.
A run with a partition key (`2026-03-05`, or a month, `2026-03`) is for that day.

### When it fails

**What one source did wrong holds up no other.** Its `extract` is red, or `quality` is and has stopped its batch; the
other rows went through all steps, and `deliveries`, red too, names what is missing. Mend it and clear the red `extract`
or `quality` with downstream: the tables become those of a night on which nothing had failed.

Read the last line of the failed task's log. *Bad data or configuration* (the task failed without a retry): the line
names the file, table, rule and value; mend the delivery or the configuration. *Outages* were retried three times
already: bring the service back. Then **clear the failed task** (Clear, with downstream). Nothing needs cleaning up:
every task replaces what it wrote, and a file that was loaded is not loaded twice. A late or corrected delivery:
trigger a run for the day it came for.
"""

from __future__ import annotations

from airflow.sdk import DAG, chain

from mend_airflow import assets, wiring
from mend_airflow.operators import (
    ComplaintWarningOperator,
    CoreLoadOperator,
    DamageScoringOperator,
    DeliveriesOperator,
    DueMonthsOperator,
    ExtractOperator,
    GrumbleOperator,
    IncomingOperator,
    PagesOperator,
    QualityGateOperator,
    SourcesOperator,
    SurveyAnswerOperator,
    SurveyNightOperator,
)

with DAG(
    dag_id="mend_nightly",
    dag_display_name="Mend: nightly damage scores",
    doc_md=__doc__,
    schedule=wiring.nightly(),
    start_date=wiring.START,
    catchup=False,
    max_active_runs=1,
    default_args=wiring.DEFAULT_ARGS,
    params=wiring.day_params(),
    render_template_as_native_obj=True,
    tags=["mend", "nightly", "damage"],
) as dag:
    answers = SurveyAnswerOperator(task_id="answers", pool="mend_sms")
    sources = SourcesOperator(
        task_id="sources", sources="{{ params.sources }}", paths="{{ params.paths }}", pool="mend_sources"
    )
    extract = ExtractOperator.partial(
        task_id="extract", paths="{{ params.paths }}", pool="mend_sources", map_index_template="{{ task.source }}"
    ).expand(source=sources.output)
    # After a source that failed, and after batches that were stopped, the others go on.
    quality = QualityGateOperator(task_id="quality", pool="mend_engine", trigger_rule="all_done")
    core = CoreLoadOperator(task_id="core", outlets=[assets.CORE], pool="mend_engine", trigger_rule="all_done")
    score = DamageScoringOperator(task_id="score", outlets=[assets.DAMAGE], pool="mend_engine")
    grumbles = GrumbleOperator(task_id="grumbles", pool="mend_engine")
    warnings = ComplaintWarningOperator(task_id="warnings", outlets=[assets.WARNING], pool="mend_engine")
    incoming = IncomingOperator(task_id="incoming", pool="mend_engine")
    surveys = SurveyNightOperator(task_id="surveys", pool="mend_sms")
    pages = PagesOperator(task_id="pages", pool="mend_engine")
    due_months = DueMonthsOperator(task_id="due_months", outlets=[assets.MONTH_DUE], pool="mend_engine")
    deliveries = DeliveriesOperator(
        task_id="deliveries", sources="{{ params.sources }}", pool="mend_sources", trigger_rule="none_failed"
    )
    chain(answers, sources, extract, quality, core, score, [grumbles, surveys, due_months])
    chain(grumbles, warnings, incoming)
    chain([incoming, surveys, due_months], deliveries)
    chain([warnings, surveys], pages)
