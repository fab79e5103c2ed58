"""A month's campaign with a known truth, evaluated."""

from __future__ import annotations

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.effect.evaluation import evaluate
from tests.mend.repair.effect.campaigns import Campaign, Truth, put_campaigns


def test_try(home: Home, bench: Workbench) -> None:
    put_campaigns(bench, Campaign(truth=Truth(-0.08, 0, 0.25)))
    import cProfile, pstats
    pr=cProfile.Profile(); pr.enable(); print(evaluate(home, bench, "2026-03")); pr.disable(); pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
    for t in ():
        bench.view(t)
        print(bench.engine.run(f"select * exclude(month, version, treated_missing_count, control_missing_count) from {t}").df().to_string())
    bench.view("mart_effect_group")
    print(bench.engine.run("select * from mart_effect_group where is_chosen").df().to_string())
    import shutil
    shutil.copytree(home.root/"reports", "/tmp/effect-reports", dirs_exist_ok=True)
