"""`python -m mend.docs` writes the pages; `--check` exits with 1 when one differs."""

from __future__ import annotations

import sys

from mend.docs.coverage import coverage
from mend.docs.data_dictionary import data_dictionary
from mend.docs.decisions import decisions
from mend.docs.follow_up import follow_up
from mend.docs.indicators import indicators
from mend.docs.operations_database import operations_database
from mend.docs.pages import Page, run
from mend.docs.playbooks import playbooks
from mend.docs.strategies import strategies


def pages() -> list[Page]:
    """Every page that needs nothing but the domain."""
    return [
        data_dictionary(),
        indicators(),
        operations_database(),
        follow_up(),
        strategies(),
        playbooks(),
        decisions(),
        coverage(),
    ]


if __name__ == "__main__":
    sys.exit(run(pages(), sys.argv[1:]))
