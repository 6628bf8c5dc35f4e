"""The guide's recommended progression, phase by phase, with what does not follow from it."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.planner.spans import Span, span


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase, in the guide's words.

    Attributes:
        months: First and last month; None where it is open.
        steps: The guide's steps or actions.
        correction: What else is true of it.
    """

    number: int
    name: str
    architecture: str
    months: tuple[int, int | None]
    cost: Span
    users: Span
    downtime: str
    goal: str
    steps: tuple[str, ...]
    line: int
    correction: str


PHASES = (
    Phase(
        1, "Launch", "basic", (1, 3), span(0, 1), span(10, 50), "", "Validate product-market fit",
        (
            "Deploy on EC2 t2.micro (free tier)", "Use S3 + CloudFront for frontend",
            "MongoDB Atlas M0 (free)", "No AI features yet",
        ),
        1344,
        "The twelve free months no longer exist for new accounts: it is $13.64 a month. M0 has no"
        " backups, so no patient's record may be in it.",
    ),
    Phase(
        2, "Growth", "production", (4, 12), span(19, 24), span(50, 200), "2-5 minutes",
        "Onboard real users",
        (
            "Stop EC2 instance", "Change instance type to t3.small", "Start instance",
            "Test application", "Update DNS if needed",
        ),
        1359,
        "The address is an Elastic IP behind CloudFront, so DNS does not change.",
    ),
    Phase(
        3, "AI Integration", "gemini", (7, None), span(20, 35), span(100, 1000),
        "None (rolling update)", "Differentiate with AI features",
        (
            "Get Gemini API key", "Install google-generativeai library",
            "Add environment variables", "Deploy AI routes", "Test AI features",
            "No infrastructure changes needed!",
        ),
        1377,
        "A key of AI Studio has no BAA: patient data needs Google Cloud's. The library is now"
        " google-genai. One box cannot roll; it restarts on a kept socket. The phase begins inside"
        " phase 2.",
    ),
    Phase(
        4, "Scale", "high-availability", (18, 24), span(138, 167), span(500, 10_000),
        "None (blue-green deployment)", "Enterprise-grade reliability",
        (
            "Create Application Load Balancer", "Create Auto Scaling Group",
            "Create AMI from existing EC2", "Launch instances in ASG", "Configure health checks",
            "Update DNS to ALB", "Monitor and adjust",
        ),
        1396,
        "CloudFront stands in front, so its origin changes, not DNS. An image of a running box"
        " carries its secrets: boxes are built from a release instead.",
    ),
)  # fmt: skip
