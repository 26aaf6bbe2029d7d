"""The part of script/regress behind the build: one process for each file."""
import collections
import json
import pathlib
import subprocess
import sys
import time

SECONDS_MAX = 60


def checked(path):
    """What `midflight check` says of one file, and how long it takes to say it."""
    command = ["build/midflight", "check", str(path), "--format", "json", "--fail-on", "never", "--framework", "plain", "--quiet"]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, timeout=SECONDS_MAX)
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise RuntimeError(f"status {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
    return json.loads(done.stdout)["coverage"], seconds


def main():
    files = sorted(pathlib.Path(sys.argv[1]).rglob("*.sql"))
    statements = understood = 0
    reasons, times, broken = collections.Counter(), [], []
    for path in files:
        try:
            coverage, seconds = checked(path)
        except (RuntimeError, subprocess.TimeoutExpired, ValueError) as error:
            broken.append(f"{path.name}: {error}")
            continue
        statements += coverage["statements"]
        understood += coverage["understood"]
        reasons.update({why["why"]: why["statements"] for why in coverage["not_understood"]})
        times.append((seconds, path.name))
    print(f"{len(files)} files, {statements} statements, {100 * understood / max(statements, 1):.1f}% understood")
    print(f"{sum(seconds for seconds, _ in times):.1f} s; slowest:", ", ".join(f"{name} {s:.2f} s" for s, name in sorted(times)[:-4:-1]))
    for why, count in reasons.most_common(10):
        print(f"{count:6} {why}")
    for line in broken:
        print("broken:", line)
    return 1 if broken or not files else 0


sys.exit(main())
