"""Turns HL7's R4 definitions into the compact lines that ``careflow.fhir`` reads."""
