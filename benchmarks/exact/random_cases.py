"""The randomised exactness test, optimised and with more cases than the sanitizers leave time for."""

import os
import re
import subprocess
import time
from pathlib import Path

from tables import seconds, table

FILTER = "*ExactMethod.EqualsFullEnumeration*"
RESULT = re.compile(r"^\[ +(OK|FAILED) +\] \S+/(\w+).*\((\d+) ms\)$", re.MULTILINE)


def random_cases(test_program: Path, cases: int) -> str:
    """Each family is a test; `cases` are those of all families together."""
    environment = dict(os.environ, SPLITLANE_EXACT_CASES=str(cases))
    begin = time.monotonic()
    command = [test_program, f"--gtest_filter={FILTER}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    results = RESULT.findall(done.stdout)
    lines = [[name, "all equal, all proofs hold" if status == "OK" else "MISMATCH"] for status, name, _ in results]
    verdict = "no mismatch" if done.returncode == 0 and results else "MISMATCHES:\n\n" + done.stdout[-3000:]
    return f"{cases} instances in {seconds(time.monotonic() - begin)}: {verdict}.\n\n" + table(
        ("family", "against full enumeration"), dict.fromkeys(map(tuple, lines)), 2
    )
