"""`make test`: the whole suite on SQLite, then on PostgreSQL, then in a real browser.

Arguments go to pytest, all three times. The last line tells what passed, and what was left out because a program is
missing; a missing browser is a failure.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from xml.etree import ElementTree

from tests import chromium, postgres

NOTHING_COLLECTED = 5


class Run:
    """The suite, part by part, each with pytest in a process of its own."""

    def __init__(self, arguments: list[str], folder: Path) -> None:
        self.arguments = arguments
        self.folder = folder
        self.totals: Counter[str] = Counter()
        self.parts: list[str] = []
        self.left_out: list[str] = []
        self.exit_codes: list[int] = []

    def part(self, name: str, *options: str, **environment: str) -> None:
        """Run one part of the suite and count what came of it."""
        print(f"\n—— {name} ——", flush=True)
        report = self.folder / f"{len(self.parts)}.xml"
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *options, *self.arguments]
        code = subprocess.run(command, env=self._environment(environment), check=False).returncode
        self.exit_codes.append(code)
        self.parts.append(f"{name} {self._count(report)}")

    def _environment(self, own: dict[str, str]) -> dict[str, str]:
        """The caller's, without the settings of his own book."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONTACTBOOK_")}
        return {
            **inherited,
            "CONTACTBOOK_DATA_DIR": str(self.folder / "data"),
            "CONTACTBOOK_DATABASE_URL": f"sqlite:///{self.folder / 'data' / 'contactbook.sqlite3'}",
            "CONTACTBOOK_URL": "http://localhost:8000",
            "CONTACTBOOK_DEBUG": "false",
            **own,
        }

    def _count(self, report: Path) -> int:
        """Add pytest's counts to the totals; returns how many tests passed."""
        if not report.exists():
            self.totals["error"] += 1
            return 0
        suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314 (our own file)
        counts = {} if suite is None else suite.attrib
        failed, errors, skipped = (int(counts.get(key, 0)) for key in ("failures", "errors", "skipped"))
        passed = int(counts.get("tests", 0)) - failed - errors - skipped
        self.totals.update(passed=passed, failed=failed, error=errors, skipped=skipped)
        return passed

    @property
    def exit_code(self) -> int:
        """0 when something ran and all of it passed."""
        ran = [code for code in self.exit_codes if code != NOTHING_COLLECTED]
        return max(ran) if ran else NOTHING_COLLECTED

    def summary(self, seconds: float) -> str:
        order = ("failed", "passed", "skipped", "error")
        counts = ", ".join(f"{self.totals[word]} {word}" for word in order if self.totals[word]) or "no tests ran"
        left_out = "".join(f"; left out: {reason}" for reason in self.left_out)
        return f"===== {counts} in {seconds:.2f}s ({', '.join(self.parts)}{left_out}) ====="


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave the blocks below as on Ctrl-C
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="contactbook-tests-") as folder:
        run = Run(arguments, Path(folder))
        run.part("SQLite", "-m", "not browser", "-n", "auto")
        programs = postgres.find_programs()
        if programs is None:
            run.left_out.append("PostgreSQL, as initdb and pg_ctl are not on this machine")
        with postgres.server(programs) if programs else nullcontext("") as url:
            if url:
                run.part("PostgreSQL", "-m", "not browser", "-n", "auto", CONTACTBOOK_DATABASE_URL=url)
        try:
            run.part("browser", "-m", "browser", "-n", "auto", CHROME=chromium.find_or_install())
        except chromium.NoBrowser as error:
            run.exit_codes.append(1)
            run.left_out.append(str(error))
    print(f"\n{run.summary(time.monotonic() - started)}")
    return run.exit_code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
