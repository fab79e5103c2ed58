"""The same month scored five ways. Each module is a command that does it once and reports what it cost."""
