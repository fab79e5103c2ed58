"""python -m mend.cli: the command `mend` where its script is not on the path."""

import sys

from mend.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
