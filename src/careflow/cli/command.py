"""The command and its verbs; each verb's module is loaded when it runs."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import ClassVar

import click
from typing_extensions import override

import careflow as package


class LazyGroup(click.Group):
    """A group whose verbs are imported when asked for, so that one verb starts quickly."""

    verbs: ClassVar[dict[str, tuple[str, str]]] = {
        "demo": ("careflow.cli.running", "Start the synthetic clinic."),
        "serve": ("careflow.cli.running", "Serve the platform that the settings describe."),
        "worker": (
            "careflow.cli.running",
            "Run a worker of background jobs, told by a broker.",
        ),
        "jobs": ("careflow.cli.jobs", "List background jobs; try failed ones again."),
        "check-settings": ("careflow.cli.settings", "Show every setting and where it comes from."),
        "import": ("careflow.cli.importing", "Import FHIR bundles, NDJSON and exports."),
        "export": ("careflow.cli.exporting", "Export every current resource, to be put back."),
        "users": ("careflow.cli.people", "Add, list and disable people's accounts."),
        "clients": ("careflow.cli.people", "Add and list machine clients."),
        "ai": ("careflow.cli.ai", "Run AI tasks in batch; list tasks and engines."),
        "privacy": ("careflow.cli.privacy", "Take out of texts what identifies a person."),
        "audit": ("careflow.cli.audit", "Verify and report the audit trail."),
        "plan": ("careflow.cli.plan", "Plan what to run, what it costs, and when to grow."),
        "deploy": ("careflow.cli.deploy", "Put the platform on hosts, and roll releases."),
    }

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order people need them."""
        return list(self.verbs)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a verb."""
        if cmd_name not in self.verbs:
            return None
        # Importing makes many objects that stay and hardly any garbage: do not look for it.
        gc.disable()
        try:
            module = import_module(self.verbs[cmd_name][0])
        finally:
            gc.enable()
        command: click.Command = getattr(module, cmd_name.replace("-", "_") + "_command")
        return command

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List verbs without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.verbs.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package.__version__, prog_name="careflow")
def careflow() -> None:
    """CareFlowAI runs a small clinic, with AI that drafts while people decide."""
