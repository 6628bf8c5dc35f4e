"""Every evaluation there is, by its task."""

from __future__ import annotations

from collections.abc import Mapping

from careflow.ai.evaluation.appointment_summary import APPOINTMENT_SUMMARY_EVALUATION
from careflow.ai.evaluation.drug_interactions import DRUG_INTERACTIONS_EVALUATION
from careflow.ai.evaluation.health_tutor import HEALTH_TUTOR_EVALUATION
from careflow.ai.evaluation.medical_coding import MEDICAL_CODING_EVALUATION
from careflow.ai.evaluation.messages import FEELINGS_EVALUATION, MESSAGE_CLASSES_EVALUATION
from careflow.ai.evaluation.score import Evaluation
from careflow.ai.evaluation.symptoms import SYMPTOMS_EVALUATION

EVALUATIONS: Mapping[str, Evaluation] = {
    one.task: one
    for one in (
        DRUG_INTERACTIONS_EVALUATION,
        HEALTH_TUTOR_EVALUATION,
        APPOINTMENT_SUMMARY_EVALUATION,
        MEDICAL_CODING_EVALUATION,
        MESSAGE_CLASSES_EVALUATION,
        FEELINGS_EVALUATION,
        SYMPTOMS_EVALUATION,
    )
}
