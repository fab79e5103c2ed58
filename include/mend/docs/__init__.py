"""The generated pages of docs/: what the schema, the codes and the rules say, as Markdown."""

from mend.docs.pages import Page, differing, write

__all__ = ["Page", "differing", "write"]
