"""Where one installation keeps its things, and the settings it runs with.

A home is a folder. Everything Mend writes lies under it, unless a MEND_* variable names another place, so two homes on
one machine never meet.
"""

from mend.foundation.home.errors import HomeError
from mend.foundation.home.file_lock import locked
from mend.foundation.home.home import AsOf, Home

__all__ = ["AsOf", "Home", "HomeError", "locked"]
