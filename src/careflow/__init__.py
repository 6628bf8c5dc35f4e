"""CareFlowAI: runs a small clinic, with AI that drafts while people decide."""

__version__ = "0.1.0"
