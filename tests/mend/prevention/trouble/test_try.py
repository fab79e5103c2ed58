import time
import pytest
from tests.mend.prevention.trouble.worlds import load, Fault
from mend.prevention.trouble import find_trouble, top_of
def test_try(home, bench):
    t=time.time()
    load(bench, 3000, ["2026-01","2026-02","2026-03"], 1, Fault("balance_query_menu","2026-03-01",90), 0)
    print('load', time.time()-t); t=time.time()
    r=find_trouble(home, bench, "2026-03"); print(time.time()-t, r)
    for l in ("en","zh"):
        for x in top_of(bench,"2026-03",l): 
            for y in x: print(y)
    bench.view("mart_trouble_source")
    print(bench.engine.run("select dimension_code, source_code, contact_count, points, basis_code, round(excess_points,1), round(excess_low,1), round(excess_high,1), round(adjusted_p_value,4), round(trend,2), verdict_code, complaint_count, explained_by_source_code, rank from mart_trouble_source order by rank nulls last").fetchdf().to_string())
    import shutil; shutil.copytree(r.folder,'/tmp/trouble-report',dirs_exist_ok=True)
