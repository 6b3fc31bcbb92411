#!/usr/bin/env python3
"""Runs a command and writes what it took to a file, as JSON. Its output is thrown away, its errors are passed on.

usage: usage.py OUT.json COMMAND...

A process of its own, because Linux begins the peak of a child at the size of its parent.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    begin = time.monotonic()
    process = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL)
    # Of this child alone, which `subprocess` does not tell.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    outcome = {
        "wall_seconds": time.monotonic() - begin,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
    }
    Path(sys.argv[1]).write_text(json.dumps(outcome), encoding="utf-8")
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
