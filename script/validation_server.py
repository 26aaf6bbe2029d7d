"""A PostgreSQL server for one run of script/validate."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse

SETTINGS = ["listen_addresses=", "max_connections=120", "shared_buffers=256MB", "max_wal_size=2GB", "checkpoint_timeout=15min"]


def binaries():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        sys.exit("no PostgreSQL server is installed; script/bootstrap all installs one")
    return found[-1].parent


def account():
    """Who the server runs as: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


class PrivateServer:
    """Reachable through a socket in its folder; stopped and removed when its block ends, also by Ctrl-C or SIGTERM."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="midflight-validation-"))
        self.user = account()
        self.process = None
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.folder.chmod(0o755)

    def uri(self):
        return f"postgresql://midflight@/postgres?host={urllib.parse.quote(str(self.folder), safe='')}"

    def command(self, program, *more):
        as_user = ["setpriv", f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups"] if self.user else []
        return [*as_user, str(binaries() / program), *more]

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        data = str(self.folder / "data")
        try:
            subprocess.run(self.command("initdb", "-D", data, "-U", "midflight", "-A", "trust", "-E", "UTF8", "--locale=C"),
                           check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
            options = " ".join(f"-c {setting}" for setting in SETTINGS) + f" -k {self.folder}"
            subprocess.run(self.command("pg_ctl", "-D", data, "-w", "-s", "-l", str(self.folder / "log"), "-o", options, "start"), check=True, cwd=self.folder)
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *reason):
        self.remove()

    def remove(self):
        subprocess.run(self.command("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-s", "stop"), check=False, cwd="/",
                       stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)
