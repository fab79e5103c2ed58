"""Grumbles and complaints: the taxonomy, their records, and the reading of agents' texts."""

from mend.grumbles.records import GrumbleReport, record_grumbles
from mend.grumbles.report import Report, grumble_report
from mend.grumbles.taxonomy import Taxonomy, TaxonomyError, load_taxonomies, taxonomy_on
from mend.grumbles.training import ClassifierReport, train_classifier

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
