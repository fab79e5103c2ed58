"""Grumbles and complaints: the taxonomy, their records, and the reading of agents' texts.

The names are loaded when they are first asked for: who reads a text alone (the pages) loads no engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mend.grumbles.records.report import Report, grumble_report
    from mend.grumbles.records.step import GrumbleReport, record_grumbles
    from mend.grumbles.records.taxonomy import Taxonomy, TaxonomyError, load_taxonomies, taxonomy_on
    from mend.grumbles.records.training import ClassifierReport, train_classifier

__all__ = [
    "ClassifierReport",
    "GrumbleReport",
    "Report",
    "Taxonomy",
    "TaxonomyError",
    "grumble_report",
    "load_taxonomies",
    "record_grumbles",
    "taxonomy_on",
    "train_classifier",
]
PLACES: Final = {
    "report": ("Report", "grumble_report"),
    "step": ("GrumbleReport", "record_grumbles"),
    "taxonomy": ("Taxonomy", "TaxonomyError", "load_taxonomies", "taxonomy_on"),
    "training": ("ClassifierReport", "train_classifier"),
}


def __getattr__(name: str) -> Any:
    for place, names in PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{place}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
