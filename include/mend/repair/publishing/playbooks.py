"""The playbook of each call label: from the list's frozen candidates, by the playbooks in force when the campaign
begins, which are pinned with the list."""

from __future__ import annotations

import json
from typing import Final

from sqlalchemy import Connection

from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.foundation.periods import first_day_of, next_month_begins
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.prevention.playbooks import PlaybookSet, hits_named, load_playbooks, playbooks_on, put_label_playbooks
from mend.repair.campaign.versions import find_version, open_version
from mend.repair.publishing.lists import ROOM, CampaignList
from mend.repair.publishing.rows import copy_into
from mend.repair.strategies import hit_column

CAMPAIGN: Final = "repair/campaign"


def put_playbooks(connection: Connection, home: Home, step: Step, listed: CampaignList) -> None:
    """Pin the playbooks with the list, and put the playbook of each of its customers into the temporary table
    row_playbook. Who was no candidate (a list of an older Mend) gets the one that fits every case."""
    playbooks = playbooks_on(next_month_begins(first_day_of(listed.month)), load_playbooks(home.root / "playbooks"))
    _open_cases(step, listed, playbooks)
    put_label_playbooks(step, playbooks)
    connection.execute(statement(ROOM, "row_playbook"))
    copy_into(connection, home, step, "label_playbook", "row_playbook")
    values = {"list_id": listed.list_id, "valid_from": playbooks.valid_from}
    pinned = {"playbooks_sha256": playbooks.digest, "playbooks_text": playbooks.text}
    connection.execute(statement(ROOM, "pin_playbooks"), values | pinned)


def _open_cases(step: Step, listed: CampaignList, playbooks: PlaybookSet) -> None:
    """The view campaign_feature over the list's frozen candidates."""
    kept = find_version(step.bench, listed.month, listed.version)
    open_version(step, kept, "mart_campaign_candidate")
    step.make(read_model(CAMPAIGN, "campaign_kept"), "campaign_base", is_view=True)
    fills = {"hits": _hits(list(json.loads(kept.settings).get("indicators", {})), playbooks)}
    step.make(read_model(CAMPAIGN, "campaign_feature"), "campaign_feature", fills=fills, is_view=True)


def _hits(indicators: list[str], playbooks: PlaybookSet) -> str:
    """The columns of indicators: by their bits; nobody knows of those that the list did not have."""
    bits = {hit_column(name): bit for bit, name in enumerate(indicators)}
    known = [f'hit_mask >> {bit} & 1 = 1 as "{column}"' for column, bit in bits.items()]
    return ", ".join(
        known + [f'cast(null as boolean) as "{name}"' for name in sorted(hits_named(playbooks) - bits.keys())]
    )
