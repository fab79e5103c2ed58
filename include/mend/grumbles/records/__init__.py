"""Grumbles and complaints: the taxonomy, their records, and the reading of agents' texts."""

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
