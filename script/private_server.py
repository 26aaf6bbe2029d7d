"""A PostgreSQL server of one program's own, gone when it ends."""

import atexit
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse


class NoServer(Exception):
    """PostgreSQL is not installed, or may not be started by this user."""


def binaries():
    """The folder of the newest PostgreSQL that is installed.

    Looks where MIDFLIGHT_POSTGRES_BIN says, where Debian puts servers, then where ``pg_config`` says.
    """
    places = [pathlib.Path(os.environ["MIDFLIGHT_POSTGRES_BIN"])] if "MIDFLIGHT_POSTGRES_BIN" in os.environ else []
    numbered = pathlib.Path("/usr/lib/postgresql").glob("*/bin")
    places += sorted(numbered, key=lambda place: float(place.parts[-2]), reverse=True)
    if shutil.which("pg_config"):
        places.append(pathlib.Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()))
    for place in places:
        if (place / "initdb").exists():
            return place
    raise NoServer("no PostgreSQL server is installed; script/bootstrap all installs one")


def account():
    """Who the server runs as, for PostgreSQL refuses to be root; None is the user of this program."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


# Waits until the program that started it is gone, unless that says that nothing is left to do.
GUARD = 'read said && exit; kill -INT "$1"; while [ -e "$2/data/postmaster.pid" ]; do sleep 0.1; done; rm -rf "$2"'


class PrivateServer:
    """Reachable through a socket in its folder and nowhere else.

    Stopped and removed by `remove`, when its block ends, or when the program does, in whatever way.
    """

    def __init__(self, *settings):
        self.place, self.user = binaries(), account()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="midflight-server-"))
        atexit.register(self.remove)
        self.folder.chmod(0o755)
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.process = self.guard = None
        try:
            self.run("initdb", "-D", self.data, "-U", "midflight", "-A", "trust", "-E", "UTF8", "--locale=C")
            self.start(settings)
        except BaseException:
            self.remove()
            raise

    def start(self, settings):
        options = [word for setting in ("listen_addresses=", *settings) for word in ("-c", setting)]
        command = self.command("postgres", "-D", self.data, "-k", str(self.folder), *options)
        with open(self.folder / "log", "w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True)
        self.guard = subprocess.Popen(["sh", "-c", GUARD, "guard", str(self.process.pid), str(self.folder)], stdin=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, cwd="/", start_new_session=True)
        while not self.answers():
            if self.process.poll() is not None:
                raise NoServer("the server did not start: " + (self.folder / "log").read_text()[-500:])
            time.sleep(0.05)

    def answers(self):
        ready = [str(self.place / "pg_isready"), "-q", "-h", str(self.folder)]
        return subprocess.run(ready, check=False).returncode == 0

    @property
    def data(self):
        return str(self.folder / "data")

    def uri(self, database="postgres"):
        return f"postgresql://midflight@/{database}?host={urllib.parse.quote(str(self.folder), safe='')}"

    def command(self, program, *arguments):
        as_user = ["setpriv", f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups"] if self.user else []
        return [*as_user, str(self.place / program), *arguments]

    def run(self, program, *arguments, **options):
        # Not into a pipe: the server would keep it open.
        return subprocess.run(self.command(program, *arguments), check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **options)

    def sql(self, text, database="postgres"):
        """Runs statements; what they answer is not shown."""
        self.run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.uri(database), input=text, text=True)

    def remove(self):
        """Stops the server and removes its folder. Does nothing the second time."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # sessions are broken off, and nothing is left to recover
            self.process.wait(60)
            self.process = None
        if self.guard is not None:
            self.guard.communicate(b"done\n")
            self.guard = None
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.remove)

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        self.remove()
