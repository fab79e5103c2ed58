"""The grumbles step as a night runs it: counts, never a text."""

from __future__ import annotations

from tests.mend.damage.scoring.rows import put
from tests.mend.grumbles.records.test_records import DAY, contact

from mend.chain import run_step, step
from mend.foundation.home import Home
from mend.foundation.periods import ONE_DAY, Period
from mend.foundation.pipeline.workbench import Workbench


def test_the_step_records_the_days_of_its_run_and_gives_counts(home: Home) -> None:
    with Workbench.open(home) as bench:
        put(bench, "contact", [contact("C1", mood_code="annoyed", note_text="家里信号弱"), contact("C2")])
    counts = run_step(step("grumbles"), home, Period(DAY, DAY), {})
    assert (counts["grumbles"], counts["by_text"], counts["open"], counts["complaints"]) == (1, 1, 1, 0)
    assert all(isinstance(value, int) for value in counts.values())
    nothing = run_step(step("grumbles"), home, Period(DAY + ONE_DAY, DAY + ONE_DAY), {})
    assert nothing["days"] == 0
