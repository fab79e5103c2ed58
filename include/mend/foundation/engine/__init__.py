"""Engines that run SQL models: view these files, run this SQL, write there."""

from mend.foundation.engine.duckdb_engine import DuckEngine

__all__ = ["DuckEngine"]
