"""Patients' messages to the clinic: sorted on arrival, taken and answered by named people."""
