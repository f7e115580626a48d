"""Both servers for a developer by hand: prints the settings, ends with Ctrl-C."""

import signal
import sys

from tests import services

if __name__ == "__main__":
    try:
        with services.kafka() as bus, services.elasticsearch() as index:
            sys.stdout.write(f"export MARKWATCH_BUS=kafka://{bus}/markwatch\n")
            sys.stdout.write(f"export MARKWATCH_INDEX={index}/markwatch\n")
            sys.stdout.flush()
            sys.stderr.write("running; Ctrl-C ends both\n")
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except services.Unavailable as error:
        sys.exit(str(error))
