"""`scrub` and `python -m scrub`: loads the command line, and can be stopped while it does."""

import os
import sys

from scrub import process


def main() -> None:
    """Run the command line and exit."""
    try:
        from scrub.cli import main as command_line

        process.is_command = True
        command_line()
    except KeyboardInterrupt:
        print("scrub: stopped; run the same command to start again", file=sys.stderr)
        sys.stderr.flush()
        os._exit(130)  # what was half imported is not asked to end in order
    finally:
        process.ignore_interrupts()  # what is done cannot be stopped any more


if __name__ == "__main__":
    main()
