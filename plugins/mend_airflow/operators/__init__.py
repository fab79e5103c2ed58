"""One operator per step of the chain: parameters, and the step that mend.chain runs."""

from mend_airflow.operators.approval import ApproveListOperator
from mend_airflow.operators.campaign import PublishOperator
from mend_airflow.operators.damage import CoreLoadOperator, DamageScoringOperator, QualityGateOperator
from mend_airflow.operators.extract import DeliveriesOperator, ExtractOperator, SourcesOperator
from mend_airflow.operators.grumbles import (
    AssociationOperator,
    ComplaintModelOperator,
    ComplaintWarningOperator,
    CustomerClusterOperator,
    GrumbleClassifierOperator,
    GrumbleIndexOperator,
    GrumbleLevelOperator,
    GrumbleOperator,
    IncomingOperator,
    LifecycleOperator,
    RecordingAgreementOperator,
)
from mend_airflow.operators.lake_maintenance import LakeMaintenanceOperator
from mend_airflow.operators.moment import MomentOperator
from mend_airflow.operators.months import CloseMonthOperator, DamageListOperator, DueMonthsOperator
from mend_airflow.operators.pages import (
    CampaignPagesOperator,
    EffectPagesOperator,
    MonthPagesOperator,
    PageDocumentsOperator,
    PagesOperator,
)
from mend_airflow.operators.plans import PlanFiguresOperator, PlanReviewOperator
from mend_airflow.operators.prevention import GuaranteeOperator, ProblemOperator, TouchpointOperator, TroubleOperator
from mend_airflow.operators.repair import (
    CampaignListOperator,
    EffectEvaluationOperator,
    FollowedMonthOperator,
    RepairOutcomeOperator,
    RepairWorthOperator,
    SeasonMatchOperator,
)
from mend_airflow.operators.step import MonthStepOperator, StepOperator
from mend_airflow.operators.survey import (
    FollowUpOperator,
    ReplyOperator,
    SurveyAnswerOperator,
    SurveyDispatchOperator,
    SurveyNightOperator,
    SurveyReportOperator,
)
from mend_airflow.operators.trials import WhatIfOperator

__all__ = [
    "ApproveListOperator",
    "AssociationOperator",
    "CampaignListOperator",
    "CampaignPagesOperator",
    "CloseMonthOperator",
    "ComplaintModelOperator",
    "ComplaintWarningOperator",
    "CoreLoadOperator",
    "CustomerClusterOperator",
    "DamageListOperator",
    "DamageScoringOperator",
    "DeliveriesOperator",
    "DueMonthsOperator",
    "EffectEvaluationOperator",
    "EffectPagesOperator",
    "ExtractOperator",
    "FollowUpOperator",
    "FollowedMonthOperator",
    "GrumbleClassifierOperator",
    "GrumbleIndexOperator",
    "GrumbleLevelOperator",
    "GrumbleOperator",
    "GuaranteeOperator",
    "IncomingOperator",
    "LakeMaintenanceOperator",
    "LifecycleOperator",
    "MomentOperator",
    "MonthPagesOperator",
    "MonthStepOperator",
    "PageDocumentsOperator",
    "PagesOperator",
    "PlanFiguresOperator",
    "PlanReviewOperator",
    "ProblemOperator",
    "PublishOperator",
    "QualityGateOperator",
    "RecordingAgreementOperator",
    "RepairOutcomeOperator",
    "RepairWorthOperator",
    "ReplyOperator",
    "SeasonMatchOperator",
    "SourcesOperator",
    "StepOperator",
    "SurveyAnswerOperator",
    "SurveyDispatchOperator",
    "SurveyNightOperator",
    "SurveyReportOperator",
    "TouchpointOperator",
    "TroubleOperator",
    "WhatIfOperator",
]
