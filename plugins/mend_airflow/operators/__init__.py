"""One operator per step of the chain. Each calls one function of the domain, imported only when it runs."""

from mend_airflow.operators.association import AssociationOperator, CustomerClusterOperator
from mend_airflow.operators.core import CoreLoadOperator
from mend_airflow.operators.damage_list import DamageListOperator
from mend_airflow.operators.damage_scoring import DamageScoringOperator
from mend_airflow.operators.extract import ExtractOperator
from mend_airflow.operators.grumbles import GrumbleClassifierOperator, GrumbleOperator
from mend_airflow.operators.lake_maintenance import LakeMaintenanceOperator
from mend_airflow.operators.months import CloseMonthOperator, DueMonthsOperator
from mend_airflow.operators.quality import QualityGateOperator
from mend_airflow.operators.sources import DeliveriesOperator, SourcesOperator
from mend_airflow.operators.step import MonthStepOperator, StepOperator
from mend_airflow.operators.survey import (
    FollowUpOperator,
    ReplyOperator,
    SurveyAnswerOperator,
    SurveyDispatchOperator,
    SurveyNightOperator,
    SurveyReportOperator,
)
from mend_airflow.operators.warning import ComplaintModelOperator, ComplaintWarningOperator, GrumbleIndexOperator

__all__ = [
    "AssociationOperator",
    "CloseMonthOperator",
    "ComplaintModelOperator",
    "ComplaintWarningOperator",
    "CoreLoadOperator",
    "CustomerClusterOperator",
    "DamageListOperator",
    "DamageScoringOperator",
    "DeliveriesOperator",
    "DueMonthsOperator",
    "ExtractOperator",
    "FollowUpOperator",
    "GrumbleClassifierOperator",
    "GrumbleIndexOperator",
    "GrumbleOperator",
    "LakeMaintenanceOperator",
    "MonthStepOperator",
    "QualityGateOperator",
    "ReplyOperator",
    "SourcesOperator",
    "StepOperator",
    "SurveyAnswerOperator",
    "SurveyDispatchOperator",
    "SurveyNightOperator",
    "SurveyReportOperator",
]
