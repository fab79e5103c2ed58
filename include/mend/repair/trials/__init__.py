"""What if: a month's list under one strategy with other limits, asked on a page, answered by a task."""
