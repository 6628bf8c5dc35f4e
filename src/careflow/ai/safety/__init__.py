"""What tables and rules say of a chart: interactions, allergies, red flags and vital signs."""
