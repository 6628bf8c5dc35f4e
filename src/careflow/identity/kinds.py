"""FHIR R4 resource types, sorted by what they tell about whom.

Together the groups name every type of FHIR 4.0.1 (https://hl7.org/fhir/R4/resourcelist.html); a
type in none of them would be invisible to everyone, so a test compares them with the standard.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


DIRECTORY = frozenset(
    {
        "Endpoint",
        "HealthcareService",
        "Location",
        "Organization",
        "OrganizationAffiliation",
        "Practitioner",
        "PractitionerRole",
    }
)
"""Who and what the clinic is; holds no patient data."""

DEFINITIONS = _names(
    """
    ActivityDefinition CapabilityStatement CatalogEntry ChargeItemDefinition CodeSystem
    CompartmentDefinition ConceptMap DeviceDefinition EffectEvidenceSynthesis EventDefinition
    Evidence EvidenceVariable ExampleScenario GraphDefinition ImplementationGuide InsurancePlan
    Library Measure Medication MedicationKnowledge MedicinalProduct MedicinalProductAuthorization
    MedicinalProductContraindication MedicinalProductIndication MedicinalProductIngredient
    MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged
    MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition NamingSystem
    ObservationDefinition OperationDefinition PlanDefinition Questionnaire ResearchDefinition
    ResearchElementDefinition RiskEvidenceSynthesis SearchParameter SpecimenDefinition
    StructureDefinition StructureMap Substance SubstanceNucleicAcid SubstancePolymer
    SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification
    TerminologyCapabilities TestReport TestScript ValueSet
    """
)
"""Knowledge and vocabulary; holds no patient data."""

SCHEDULE = frozenset({"Appointment", "Schedule", "Slot"})
"""What the front desk plans with."""

TRAIL = frozenset({"AuditEvent"})
"""A read-only view of the trail; nobody writes it through the record."""

PATIENTS_OWN = _names(
    """
    AllergyIntolerance Appointment CarePlan CareTeam ClinicalImpression Communication Condition
    Consent Coverage DeviceUseStatement DiagnosticReport DocumentReference Encounter EpisodeOfCare
    ExplanationOfBenefit FamilyMemberHistory Goal ImagingStudy Immunization
    ImmunizationRecommendation Invoice MedicationAdministration MedicationDispense
    MedicationRequest MedicationStatement NutritionOrder Observation Patient Procedure
    QuestionnaireResponse RelatedPerson ServiceRequest Specimen VisionPrescription
    """
)
"""What a patient may read of their own compartment. Notes that staff keep for staff are left out
(flags, lists, provenance, raw content)."""

CLINICAL = (
    PATIENTS_OWN
    | SCHEDULE
    | _names(
        """
        Account AdverseEvent AppointmentResponse Basic Binary BiologicallyDerivedProduct
        BodyStructure Bundle ChargeItem Claim ClaimResponse CommunicationRequest Composition
        Contract CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device
        DeviceMetric DeviceRequest DocumentManifest EnrollmentRequest EnrollmentResponse Flag Group
        GuidanceResponse ImmunizationEvaluation Linkage List MeasureReport Media MessageHeader
        MolecularSequence OperationOutcome Parameters PaymentNotice PaymentReconciliation Person
        Provenance RequestGroup ResearchStudy ResearchSubject RiskAssessment Subscription
        SupplyDelivery SupplyRequest Task VerificationResult
        """
    )
)
"""Everything of or about patients, the schedule included."""

SHARED = DIRECTORY | DEFINITIONS
"""What needs no patient's compartment to be seen."""

EVERY_TYPE = CLINICAL | SHARED | TRAIL

FRONT_DESK = frozenset(
    {
        "Appointment",
        "Location",
        "Organization",
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "Schedule",
        "Slot",
    }
)
"""Demographics and the schedule: what a receptionist needs and no more."""

OUTBOX = frozenset({"message"})
"""What was written to patients about their visits, and what they answered."""

DESK_PAPERS = frozenset({"inbox-document", "job"})
"""Kinds of our own behind the inbox: papers on their way to a chart, and the work on them."""

CLINICAL_PAPERS = DESK_PAPERS | {"draft"}
"""The same with what a model drafted from them."""
