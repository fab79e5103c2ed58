from tests.mend.prevention.trouble.worlds import load
def test_try(home, bench):
    load(bench, 3000, ["2026-01","2026-02","2026-03"], 2)
    bench.view("mart_damage_ledger"); bench.view("core_contact")
    print(bench.engine.run("pivot (select strftime(posted_on,'%Y-%m') m, indicator_id, points from mart_damage_ledger where subject_kind_code='contact' and entry_kind_code in ('debit','cap')) on m using sum(points) group by indicator_id order by 1").fetchdf().to_string())
    print(bench.engine.run("select strftime(started_on,'%Y-%m') m, count(*) n, count(*) filter(is_refused) r, count(*) filter(is_abandoned) a, count(*) filter (is_system_fault) f from core_contact where direction_code='inbound' group by 1 order by 1").fetchdf())
    print(bench.engine.run("select date_trunc('hour',started_at) h, count(*) n, count(distinct customer_id) c, count(*) filter(is_refused) r, count(*) filter(is_abandoned) a, count(*) filter (is_system_fault) f from core_contact group by 1 order by c desc limit 8").fetchdf())
    print(bench.engine.run("select * from core_contact where started_at>='2026-03-31 23:00' limit 4").fetchdf().T)
