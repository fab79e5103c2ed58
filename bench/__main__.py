"""The default set: scoring at 1 million contacts beside its contenders, one more night at 10 million, the lake,
association at 100 000 customers beside pandas, and messages through outbox, relay and SMPP. Some twenty-five minutes.

`--quick` takes 100 000 contacts for both and less of the rest: some three minutes, to see that everything runs. For 10
and 100 million
contacts: python -m bench.scoring --contacts 10000000 100000000
"""

from __future__ import annotations

import argparse

from bench import association, lake, nightly, scoring, sms


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="100 000 contacts")
    quick = parser.parse_args().quick
    scoring.main(["--contacts", "100000" if quick else "1000000"])
    nightly.main(["--contacts", "100000" if quick else "10000000"])
    lake.main([])
    association.main(["--customers", "20000" if quick else "100000"])
    sms.main(["--messages", "2000", "--enqueue", "50000"] if quick else ["--messages", "5000", "--enqueue", "100000"])


if __name__ == "__main__":
    main()
