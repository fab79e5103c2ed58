"""Files that take the place of older ones in one step."""

from __future__ import annotations

import uuid
from pathlib import Path


def replace_file(path: Path, text: str) -> Path:
    """Write beside, then rename: whoever reads sees the old page or the new one, whole."""
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    draft.write_text(text, "utf-8")
    return draft.replace(path)
