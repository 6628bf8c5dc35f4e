const kinds: Record<string, string> = {
  text: 'The text that was given',
  asked: 'What was asked',
  AllergyIntolerance: 'Allergy',
  Condition: 'Problem',
  DiagnosticReport: 'Report',
  Encounter: 'Visit',
  Immunization: 'Vaccination',
  MedicationRequest: 'Prescription',
  MedicationStatement: 'Medicine taken',
  Observation: 'Measurement or result',
  Patient: 'Patient',
  Procedure: 'Procedure',
}

/** `Problem` from `Condition/7`: what an entry of the record is to who reads it. */
export function sourceTitle(source: string): string {
  const kind = source.split('/')[0] ?? source
  return kinds[kind] ?? kind
}
