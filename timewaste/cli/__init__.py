"""The command line: parse, call the study, print. Nothing else, and the only place that prints.

Data goes to stdout, talk and progress to stderr. Errors raised anywhere are shown here, once.
"""

from __future__ import annotations

import importlib
import sys

import click

from timewaste import __version__
from timewaste.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_USER, TimewasteError
from timewaste.files import fault_of_machine
from timewaste.wording import plain

COMMANDS = {  # command: module that holds it, help in one line
    "init": ("folders", "Make a new study folder with a commented timewaste.toml."),
    "simulate": ("folders", "Write a synthetic study whose true answer is known."),
    "load": ("load", "Read new and changed log files and tell, file by file, how they were understood."),
    "check": ("loading", "Show log quality: accounts, issues, and what was done about them."),
    "summary": ("answers", "Print the answer: selling time, the week, the wasters, the verdicts."),
    "chart": ("answers", "Write one chart as .html, .png, .svg, .pdf or .json."),
    "report": ("answers", "Write the executive's page, one HTML file."),
    "sql": ("explore", "Ask the study's database, read-only."),
    "shell": ("shell", "Ask the study's database in an interactive shell."),
    "export": ("exporting", "Write the staged entries as Parquet, for an engine beyond this machine."),
    "completion": ("folders", "Print the script that makes a shell complete our commands."),
}


class LazyGroup(click.Group):
    """Know the commands without importing them: `--help` stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the one command that is asked for."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"timewaste.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - a wrong table above is our bug
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table, without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for a name that is none."""
        from difflib import get_close_matches

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], COMMANDS, n=1)
            if near:
                raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from None
            raise


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="timewaste")
def cli() -> None:
    """Find where a sales force's time goes, and what to eliminate, simplify or automate.

    STUDY is a folder with a timewaste.toml and logs/, or just a folder of logs. Every command brings
    the study up to date by itself.

    \b
    Example:
      timewaste simulate demo
      timewaste report demo
    """  # noqa: D301 - \b is click's mark for text that must not be re-wrapped


def run(arguments: list[str] | None = None) -> int:  # noqa: PLR0911 - one way out for each way to end
    """Run the command line and return its exit code.

    0 done, 1 a bar of the study is missed, 2 for the user to mend, 3 our bug, 130 interrupted.
    """
    stdout = sys.stdout
    try:
        code = cli.main(args=arguments, prog_name="timewaste", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return EXIT_USER
    except TimewasteError as error:
        # A file's name can hold anything: no message may steer the terminal.
        click.echo("\n".join(plain(line) for line in f"Error: {error}".split("\n")), err=True)
        return EXIT_USER
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted; the study is as it was.", err=True)
        return EXIT_INTERRUPTED
    except SystemExit as done:
        if sys.stdout is not stdout:  # click replaces it when the reader, such as `head`, has gone: not an error
            return 0
        return done.code if isinstance(done.code, int) else 0
    except BaseException as error:  # noqa: BLE001 - Polars panics are no Exception; the last resort: our bug, told in one line with a log
        if told := fault_of_machine(error):
            click.echo(plain(f"Error: {told}".replace("\n", " ")), err=True)
            return EXIT_USER
        click.echo(f"This is a fault in timewaste: {error}\nWhat happened stands in {_write_log()}", err=True)
        return EXIT_BUG
    return code if isinstance(code, int) else 0


def _write_log() -> str:
    import platform
    import tempfile
    import traceback
    from pathlib import Path

    with tempfile.NamedTemporaryFile("w", prefix="timewaste-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(f"timewaste {__version__}, Python {platform.python_version()}, {platform.platform()}\n")
        log.write(traceback.format_exc())
    return str(Path(log.name))
