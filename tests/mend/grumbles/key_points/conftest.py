"""One home for each file of tests."""

from tests.mend.grumbles.one_home import bench, home, opened

__all__ = ["bench", "home", "opened"]
