"""The command line: arguments, printing, exit codes. What a command needs is imported by it alone."""

from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path
from typing import Any

import click

from builder import __version__

EXIT_ERRORS = 1
EXIT_INTERRUPTED = 130
#: The numbers of the standard streams are 0 to 2.
_LAST_STREAM = 2


def _value(_context: click.Context, _option: click.Parameter, given: Any) -> Any:
    """The value of an option; refuses the option behind it, where its own value was forgotten."""
    if str(given or "").startswith("-"):
        raise click.BadParameter(f'"{given}" stands where its value is missing')
    return given


def _shared(command: Any) -> Any:
    """The options that every command takes; they may also stand before the command."""
    options = (
        click.option(
            "-C",
            "--root",
            type=click.Path(path_type=Path),
            metavar="DIR",
            callback=_value,
            help="The folder with site.yaml. [default: here, then its parents]",
        ),
        click.option("-q", "--quiet", is_flag=True, help="Print errors only."),
        click.option("-v", "--verbose", is_flag=True, help="Print more about the run."),
        click.version_option(
            __version__, "--version", prog_name="digest", message="%(prog)s %(version)s"
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@_shared
@click.pass_context
def digest(context: click.Context, /, **shared: Any) -> None:
    """Build a news digest from annotated Markdown."""
    context.obj = shared


def _settings(context: click.Context, given: dict[str, Any]) -> dict[str, Any]:
    """The shared options from before and behind the command; those behind it win."""
    before = context.obj or {}
    return {name: given.pop(name) or before.get(name) for name in ("root", "quiet", "verbose")}


@digest.command()
@_shared
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    callback=_value,
    help="Publish into DIR instead of public/.",
)
@click.option(
    "--base-url",
    metavar="URL",
    callback=_value,
    help="The site's address, in place of the one in site.yaml.",
)
@click.option("--drafts", is_flag=True, help="Publish drafts too.")
@click.option("--strict", is_flag=True, help="Warnings fail the build.")
@click.option("--clean", is_flag=True, help="Ignore the cache and build everything.")
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Processes to use. [default: one a core]"
)
@click.option("--explain", is_flag=True, help="Print why each page was rendered.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON on standard output.")
@click.pass_context
def build(context: click.Context, /, **given: Any) -> None:
    """Publish the site into public/."""
    from builder.cli.building import run_build

    context.exit(run_build(_settings(context, given), given))


@digest.command()
@_shared
@click.option(
    "--host", metavar="HOST", default="127.0.0.1", show_default=True, help="The address to serve at."
)
@click.option(
    "--port",
    metavar="PORT",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port to serve at.",
)
@click.option("--open", is_flag=True, help="Open the site in a browser.")
@click.option(
    "--allow-host",
    metavar="NAME",
    multiple=True,
    help="Answer to this name of the computer too; may be given several times.",
)
@click.option("--drafts", is_flag=True, help="Show drafts too.")
@click.option("--follow", is_flag=True, help="Go to the article that was saved, in every open page.")
@click.pass_context
def preview(context: click.Context, /, **given: Any) -> None:
    """Serve the site and build it again after each change."""
    from builder.cli.previewing import run_preview

    context.exit(run_preview(_settings(context, given), given))


def _open_streams() -> None:
    """Put something in place of those of the standard streams that are closed, as by `>&-`."""
    # A file of the site would get their number otherwise, and what is printed would end up in it.
    while (free := os.open(os.devnull, os.O_RDONLY)) <= _LAST_STREAM:
        pass
    os.close(free)
    sys.stdout = sys.stdout or io.TextIOWrapper(io.BytesIO())
    sys.stderr = sys.stderr or io.TextIOWrapper(io.BytesIO())


def main() -> None:
    """Run the program; the exit status is that of the contract."""
    _open_streams()
    # Whoever starts it in the background may have had interrupts ignored; one that is sent all the
    # same is meant.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What its encoding does not have is written as an escape there, as on standard error.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = digest.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
        if "--json" in sys.argv:
            from builder.cli.building import print_usage_error

            print_usage_error(error.format_message())
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        status = EXIT_INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        status = EXIT_ERRORS
    except OSError as error:
        # What stands in the way of a build is told by it. The rest is what is printed: a full disk.
        place = f' "{error.filename}"' if error.filename else ""
        click.echo(
            f"the program can't go on: {(error.strerror or str(error)).lower()}{place}", err=True
        )
        status = EXIT_ERRORS
    # All is written and closed by now; what is still in memory need not be taken apart.
    os._exit(status if isinstance(status, int) else 0)
