"""Commands that measure what Mend claims about speed. See README.md."""
