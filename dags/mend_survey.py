"""
### What it does

Asks customers by SMS and follows up, against the clock. Every two minutes.

| task | what it does |
|---|---|
| dispatch | takes in the events in `events/`, queues the messages they ask for, under the contact rules |
| replies | reads the customers' messages that arrived: answers, opt-outs, and what a person must read |
| follow_up | opens follow-up tickets, looks at every clock (wakes, escalates, tells), writes the work lists |

Nothing is sent here: messages wait in the outbox for the account's relay (`mend relay`), which alone sends.

### Inputs and outputs

In: event files under `events/`, the operations database's events, surveys and inbound messages. Out: the outbox,
answers, follow-up tickets and notices in the operations database; work lists under `work_lists/`.

### When it fails

Read the last line of the failed task's log, mend what it names, and **clear the failed task** (Clear, with downstream).
A run looks at the moment at which its data interval ended, however late it is repeated. A message is queued once for
what it is about; a message whose time has passed is not sent any more.
"""

from __future__ import annotations

from airflow.sdk import DAG, chain

from mend_airflow import wiring
from mend_airflow.operators import FollowUpOperator, ReplyOperator, SurveyDispatchOperator

with DAG(
    dag_id="mend_survey",
    dag_display_name="Mend: surveys and follow-up",
    doc_md=__doc__,
    schedule=wiring.every_few_minutes(),
    start_date=wiring.START,
    catchup=False,
    max_active_runs=1,
    default_args=wiring.DEFAULT_ARGS,
    tags=["mend", "minutes", "sms"],
) as dag:
    dispatch = SurveyDispatchOperator(task_id="dispatch", pool="mend_sms")
    replies = ReplyOperator(task_id="replies", pool="mend_sms")
    follow_up = FollowUpOperator(task_id="follow_up", pool="mend_sms")
    chain(dispatch, replies, follow_up)
