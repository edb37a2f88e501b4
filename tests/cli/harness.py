"""harness.py: what the tests of mw share: the programs, a reference meter, a bad line.

Nothing here knows the protocols; the standard library alone.
"""
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

MW = os.environ["MW"]
REFMETER = os.environ["MW_REFMETER"]
CLOCK = "2026-03-30T06:07:00+02:00"  # the day after summer time began: a month with a change in it


class Meter:
    """mw-refmeter as a process, until the with block ends."""

    def __init__(self, folder, *options, optical=False, tcp=True, framing="wrapper"):
        self.path = os.path.join(folder, "optical")
        self.args = [REFMETER, "--model", "mt381", "--seed", "7", "--clock", CLOCK, *options]
        if optical:
            self.args += ["--optical", self.path]
        if tcp:
            with socket.create_server(("127.0.0.1", 0)) as s:
                self.port = s.getsockname()[1]
            self.args += ["--tcp", str(self.port), "--tcp-framing", framing]
            self.tcp = f"tcp:127.0.0.1:{self.port}"
        self.optical = f"serial:{self.path}?mode=optical"

    def __enter__(self):
        self.process = subprocess.Popen(self.args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("mw-refmeter did not start: " + " ".join(self.args))
        self.about = json.loads(line)
        return self

    def __exit__(self, *exc):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Proxy:
    """A TCP proxy that spoils connections: after LIMIT bytes from the meter it hangs up ("close") or
    falls silent ("mute"), for the first TIMES connections (None: all)."""

    def __init__(self, port, limit, how="close", times=None):
        self.target, self.limit, self.how, self.times = port, limit, how, times
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.uri = f"tcp:127.0.0.1:{self.port}"
        self.connections = 0
        self.done = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.done:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            bad = self.times is None or self.connections <= self.times
            threading.Thread(target=self.serve, args=(client, bad), daemon=True).start()

    def serve(self, client, bad):
        meter = socket.create_connection(("127.0.0.1", self.target))
        left = self.limit
        muted = False
        try:
            while not self.done:
                for s in select.select([client, meter], [], [], 1)[0]:
                    data = s.recv(4096)
                    if not data:
                        return
                    if s is meter and bad:
                        data, left = data[:left], max(0, left - len(data))
                    if not muted:
                        (client if s is meter else meter).sendall(data)
                    if bad and left == 0:
                        if self.how == "close":
                            return
                        muted = True
        except OSError:
            pass
        finally:
            client.close()
            meter.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.done = True
        self.listener.close()


class Case(unittest.TestCase):
    """A folder of its own, and mw in it."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="mw-test-")
        self.addCleanup(self.temporary.cleanup)
        self.folder = self.temporary.name
        self.db = self.file("test.db")

    def file(self, name):
        return os.path.join(self.folder, name)

    def command(self, *args, db=True):
        return [MW, *args] + (["--db", self.db] if db else [])

    def mw(self, *args, status=0, timeout=120, db=True):
        """Runs mw; the finished process, whose exit status must be STATUS."""
        done = subprocess.run(self.command(*args, db=db), capture_output=True, text=True, timeout=timeout,
                              env={**os.environ, "HOME": self.folder, "TZ": "UTC", "LC_ALL": "C.UTF-8"})
        self.assertEqual(done.returncode, status, f"mw {' '.join(args)}\n{done.stderr}")
        if status not in (0, 130):
            self.assert_sentence(done.stderr)
        return done

    def json(self, *args, **kw):
        """The one document on standard output."""
        return json.loads(self.mw("--json", *args, **kw).stdout)

    def assert_sentence(self, text):
        """A complaint: one line that begins with mw: and ends as a sentence does."""
        last = text.strip().splitlines()[-1]
        self.assertRegex(last, r"^mw: \S.*[.?)]$")
        self.assertGreater(len(last), 20)

    def entries(self, document):
        return [(e["time"], e["status"], tuple(e["values"])) for e in document["entries"]]


def main():
    if len(sys.argv) > 3:  # meson: TEST MW REFMETER [unittest arguments]
        pass
    unittest.main(verbosity=2)
