"""Migrations are never edited: a database that ran one has what it said then."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from mend.foundation.operations import migrations

VERSIONS = Path(migrations.__path__[0]) / "versions"
DIGESTS = Path(__file__).with_name(
    "migrations.sha256"
)  # of each migration as it was published; add a line for a new one


def test_every_migration_is_as_it_was_published() -> None:
    published = dict(line.split()[::-1] for line in DIGESTS.read_text("utf-8").splitlines())
    assert {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(VERSIONS.glob("0*.py"))} == published
