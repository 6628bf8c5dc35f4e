"""How a command ends: quietly, or with one sentence on standard error and exit code 2."""

from __future__ import annotations

import click

from careflow.errors import CareFlowError

FAILED = 2


def run_command(command: click.Command, arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code; never shows a traceback for bad input."""
    try:
        result = command.main(args=arguments, prog_name="careflow", standalone_mode=False)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return 130
    except click.ClickException as error:
        click.echo(f"careflow: {error.format_message()}", err=True)
        return FAILED
    except CareFlowError as error:
        click.echo(f"careflow: {error.message}", err=True)
        return FAILED
    except OSError as error:
        place = f"{error.filename} cannot be used: " if error.filename else ""
        click.echo(f"careflow: {place}{error.strerror or error}.", err=True)
        return FAILED
    return result if isinstance(result, int) else 0
