"""Processes that start others and look after them: `manage.py quickstart` and `manage.py worker`."""

import ctypes
import signal
import subprocess
import sys
import time
from queue import Empty, SimpleQueue
from types import FrameType

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LONGEST_PAUSE = 30.0


class StopSignals:
    """SIGINT, SIGTERM and SIGHUP, noted instead of obeyed: whoever made this stops when it suits him.

    A second signal changes nothing: a terminal's Ctrl-C together with a parent that passes it on makes two.
    """

    def __init__(self) -> None:
        # A queue of this kind may be written to by a signal handler, wherever that interrupts us; an Event may not.
        self._received: SimpleQueue[int] = SimpleQueue()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup has it
            signal.signal(signal.SIGHUP, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._received.put(number)

    def wait(self, seconds: float) -> bool:
        """Sleep. True, at once, when a signal came."""
        try:
            self._received.get(timeout=seconds)
        except Empty:
            return False
        return True


class Child:
    """A process in a session of its own, so that a terminal's Ctrl-C reaches its parent alone."""

    def __init__(self, name: str, *command: str) -> None:
        self.name = name
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pause = 0.0

    def start(self) -> None:
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(self._command, start_new_session=True, preexec_fn=_end_with_parent)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode if self._process else None

    def restart_when_due(self) -> bool:
        """Start a process that died, after a pause that grows while it keeps dying young. True when it did."""
        age = time.monotonic() - self._started_at
        if age < self._pause:
            return False
        self._pause = 0.0 if age > 2 * _LONGEST_PAUSE else min(2 * self._pause + 1, _LONGEST_PAUSE)
        self.start()
        return True

    def ask_to_stop(self) -> None:
        if self._process is not None and self.is_running:
            self._process.terminate()

    def wait_until_stopped(self, seconds: float) -> None:
        """Wait for the end of a process that was asked to stop; it is killed when it takes longer."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def stop_all(children: list[Child], seconds: float) -> None:
    """Stop them side by side."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + seconds
    for child in children:
        child.wait_until_stopped(max(deadline - time.monotonic(), 0.1))


def _end_with_parent() -> None:
    """Have the kernel ask this process to stop when its parent is gone, however that came: no orphans after kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
