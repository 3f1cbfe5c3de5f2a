"""The keeper of one Java server: starts it, and ends it when the program that wanted it has gone.

    python -P graph/property_graph/arcade_keeper.py LOCK COMMAND…

Standard input is a lifeline that the parent holds open and never writes to; at its end the server is asked
to stop, and killed where it does not. Where the keeper itself is killed, the kernel ends the server (Linux).
``LOCK`` is the descriptor of a locked file that the server inherits, so that the lock lasts as long as it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1
_SECONDS_TO_STOP = 10


def main() -> None:
    """Lasts as long as the server, whose exit status it takes on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lock = int(sys.argv[1])
    keeper = os.getpid()

    def end_with_the_keeper() -> None:
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != keeper:
            os._exit(1)

    server = subprocess.Popen(  # noqa: S603 - the command comes from the program that starts this one
        sys.argv[2:],
        stdin=subprocess.DEVNULL,
        pass_fds=(lock,),
        preexec_fn=end_with_the_keeper,
    )
    os.close(lock)
    threading.Thread(target=_end_at_the_end_of_input, args=(server,), daemon=True).start()
    sys.exit(server.wait())


def _end_at_the_end_of_input(server: subprocess.Popen[bytes]) -> None:
    while os.read(0, 1):
        pass
    server.terminate()
    try:
        server.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.kill()


if __name__ == "__main__":
    main()
