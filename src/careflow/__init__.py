"""CareFlowAI: runs a small clinic, with AI that drafts while people decide."""
