"""The health record: FHIR R4 over the documents port, the chart, the inbox and import."""
