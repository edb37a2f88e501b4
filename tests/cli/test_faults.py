#!/usr/bin/env python3
"""What bad links, bad passwords and bad files get: a sentence, the exit status, nothing stored half;
and read-outs that complete by themselves although the line is bad."""
import functools
import operator
import os
import pty
import socket
import sqlite3
import threading
import time
import tty

import harness
from harness import Case, Meter, Proxy

HISTORY = ("--history", "30d")  # 2,880 quarter hours


class Faults(Case):
    def rows(self):
        """Load-profile rows and read-outs in the database."""
        if not os.path.exists(self.db):
            return 0, 0
        with sqlite3.connect(self.db) as db:
            profile = db.execute("select count(*) from raw_answer").fetchone()[0]
            return profile, db.execute("select count(*) from readout").fetchone()[0]

    # ---- nobody there ----

    def test_no_port(self):
        done = self.mw("identify", "serial:/dev/ttyNOTHERE", status=2)
        self.assertIn("ttyNOTHERE", done.stderr)

    def test_refused_and_unknown_host(self):
        with socket.create_server(("127.0.0.1", 0)) as s:
            port = s.getsockname()[1]
        self.mw("identify", f"tcp:127.0.0.1:{port}", status=2)
        self.mw("identify", "tcp:no-such-host.invalid:4059", status=2)

    def test_silent_port(self):
        """A head on nothing: everything is tried, then the questions are asked."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        begun = time.monotonic()
        done = self.mw("identify", f"serial:{os.ttyname(slave)}?mode=optical&timeout=200", status=2)
        self.assertLess(time.monotonic() - begun, 30)
        self.assertIn("powered", done.stderr)
        self.assertIn("cable pointing down", done.stderr)
        os.close(master)
        os.close(slave)

    def iec_meter(self, ident, readout):
        """The path of a port with a meter behind it that knows IEC 62056-21 in mode C alone."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        even = lambda data: bytes(b | 0x80 if bin(b).count("1") % 2 else b for b in data)

        def answer():
            heard = b""
            while True:
                try:
                    heard += bytes(b & 0x7F for b in os.read(master, 64))
                except OSError:
                    return
                if heard.endswith(b"/?!\r\n"):
                    heard = b""
                    os.write(master, even(ident))
                elif heard.endswith(b"\x06050\r\n") and readout:
                    heard = b""
                    time.sleep(0.4)
                    block = readout + b"!\r\n\x03"
                    os.write(master, even(b"\x02" + block + bytes([functools.reduce(operator.xor, block)])))
        threading.Thread(target=answer, daemon=True).start()
        self.addCleanup(os.close, slave)
        return os.ttyname(slave)

    def test_mode_c_only(self):
        """An older meter: it answers the opening, but has no DLMS there."""
        port = self.iec_meter(b"/ISk5MT382-1008\r\n", b"")
        done = self.mw("identify", f"serial:{port}?mode=optical&protocol=dlms", status=3)
        self.assertIn("MT382", done.stderr)
        self.assertIn("mode C", done.stderr)
        done = self.mw("identify", f"serial:{port}?mode=optical&timeout=500", status=2)
        self.assertIn("MT382", done.stderr)
        self.assertIn("silent", done.stderr)

    def test_readout_only(self):
        """Its data readout is what it has; each value as the meter wrote it."""
        port = self.iec_meter(b"/ABC5TARIFF-1\r\n", b"0.0.0(14410000)\r\n1.8.0(0036886*kWh)\r\n"
                              b"1.6.0(1.078*kW)(2603151245)\r\n96.8.0(0119899*h)\r\n0.128.1(0000000)\r\nT3(x)\r\n")
        about = self.json("identify", f"serial:{port}?mode=optical")
        self.assertEqual(about["meter"]["serial"], "14410000")
        self.assertEqual(about["meter"]["manufacturer"], "ABC")
        self.assertEqual(about["protocols"], ["iec"])
        readings = {r["obis"]: r for r in self.json("read", f"serial:{port}?mode=optical")["readings"]}
        self.assertEqual(readings["1-0:1.8.0.255"]["value"], "36886000")
        self.assertEqual(readings["1-0:1.6.0.255"]["unit"], "W")
        self.assertTrue(readings["1-0:1.6.0.255"]["captured"].startswith("2026-03-15T12:45"))
        self.assertEqual(readings["0-0:96.8.0.255"]["value"], "119899")
        self.assertEqual(readings["1-0:0.128.1.255"]["value"], "0000000")
        self.assertEqual(readings["iec:T3"]["value"], "x")
        one = self.json("read", f"serial:{port}?mode=optical", "1.8.0")["readings"]
        self.assertEqual([r["obis"] for r in one], ["1-0:1.8.0.255"])
        refused = self.mw("get", f"serial:{port}?mode=optical", "3:1-0:1.8.0.255:2", status=5)
        self.assertIn("COSEM", refused.stderr)
        self.assertIn("no loggers", self.mw("log", f"serial:{port}?mode=optical", "load-profile", status=1).stderr)

    def test_silent_server(self):
        with socket.create_server(("127.0.0.1", 0)) as s:
            done = self.mw("identify", f"tcp:127.0.0.1:{s.getsockname()[1]}?timeout=150", status=2)
        self.assertIn("powered", done.stderr)

    def test_not_a_meter(self):
        """A server that talks nonsense."""
        with socket.create_server(("127.0.0.1", 0)) as s:
            def talk():
                while True:
                    try:
                        connection, _ = s.accept()
                        connection.sendall(b"SSH-2.0-OpenSSH\r\n" * 50)
                        connection.close()
                    except OSError:
                        return
            threading.Thread(target=talk, daemon=True).start()
            done = self.mw("identify", f"tcp:127.0.0.1:{s.getsockname()[1]}?timeout=150", status=2)
            self.assertEqual(self.rows(), (0, 0))
            self.assertTrue(done.stderr)

    # ---- access ----

    def test_wrong_password(self):
        password = self.file("password")
        with open(password, "w") as f:
            f.write("87654321\n")
        with Meter(self.folder, "--password", "13572468", optical=True) as meter:
            for uri in (meter.tcp, meter.optical):
                done = self.mw("identify", uri, "--password-file", password, status=4)
                self.assertIn("password", done.stderr)
                self.assertNotIn("87654321", done.stderr)
            self.mw("identify", meter.tcp, status=4)  # the default one
            with open(password, "w") as f:
                f.write("13572468")
            trace = self.file("a.trace")
            self.mw("identify", meter.tcp, "--password-file", password, "--trace", trace)
            with open(trace) as f:
                text = f.read()
            self.assertNotIn("31 33 35 37 32 34 36 38", text)  # a secret is never in a trace
            self.assertIn("** **", text)
            self.mw("identify", meter.tcp, "--password-file", self.file("none"), status=6)
            self.mw("identify", meter.tcp + "?client=77", status=4)

    # ---- hang-ups ----

    def test_hang_up_and_go_on(self):
        """The connection breaks at many places, each time once or thrice: every row is right."""
        with Meter(self.folder, *HISTORY) as meter:
            clean = self.entries(self.json("log", meter.tcp, "load-profile", "--no-save"))
            self.assertEqual(len(clean), 2880)
            for limit in (1, 8, 40, 100, 300, 1000, 3000, 9999, 20000, 40000):
                for times in (1, 3):
                    with self.subTest(limit=limit, times=times), Proxy(meter.port, limit, times=times) as bad:
                        uri = bad.uri + "?framing=wrapper&timeout=500"
                        if limit < 1000 and not self.try_connect(uri):
                            continue  # it broke before there was a meter: test_hang_up_for_good
                        self.assertEqual(self.entries(self.json("log", uri, "load-profile")), clean)
            self.assertEqual(self.stored(), len(clean))

    def try_connect(self, uri):
        import subprocess
        return subprocess.run(self.command("identify", uri), capture_output=True).returncode == 0

    def exported(self):
        """The lines of the load profile as the database has it, a heading and the rows."""
        out = self.file("all.csv")
        self.mw("export", "REF00001", "load-profile", "-o", out)
        with open(out) as f:
            return f.read().splitlines()

    def stored(self):
        return len(self.exported()) - 1

    def test_hang_up_for_good(self):
        with Meter(self.folder, *HISTORY) as meter:
            for limit in (0, 1, 8, 40, 100, 200, 300):
                with self.subTest(limit=limit), Proxy(meter.port, limit) as bad:
                    done = self.mw("log", bad.uri + "?framing=wrapper&timeout=300", "load-profile", status=2)
                    self.assertIn("mw:", done.stderr)
                    self.assertEqual(self.rows(), (0, 0))

    def test_half_open(self):
        """The other side falls silent but keeps the connection."""
        with Meter(self.folder, *HISTORY) as meter:
            for limit in (100, 300):
                with self.subTest(limit=limit), Proxy(meter.port, limit, "mute") as bad:
                    self.mw("read", bad.uri + "?framing=wrapper&timeout=200", "--all", status=2)
                    self.assertEqual(self.rows(), (0, 0))
            with Proxy(meter.port, 9000, "mute", times=1) as bad:
                document = self.json("log", bad.uri + "?framing=wrapper&timeout=300", "load-profile")
                self.assertEqual(len(document["entries"]), 2880)
                self.assertEqual(bad.connections, 2)

    def test_meter_dies(self):
        """The process behind the optical port is gone in the middle."""
        with Meter(self.folder, *HISTORY, "--line-timing", optical=True, tcp=False) as meter:
            threading.Timer(5, meter.process.kill).start()
            self.mw("log", meter.optical + "&timeout=300", "load-profile", status=2)
            self.assertEqual(self.rows(), (0, 0))

    # ---- a bad line ----

    def test_noise(self):
        """2,880 entries over a line that spoils and loses bytes, complete by themselves and all right."""
        with Meter(self.folder, *HISTORY) as meter:
            clean = self.entries(self.json("log", meter.tcp, "load-profile"))
            stored = self.exported()
        self.assertEqual(len(clean), 2880)
        self.db = self.file("noisy.db")
        with Meter(self.folder, *HISTORY, "--noise", "1e-4", "--drop", "1e-4", optical=True, tcp=False) as meter:
            noisy = self.entries(self.json("log", meter.optical, "load-profile", timeout=250))
        self.assertEqual(noisy, clean)
        self.assertEqual(self.exported(), stored)  # every value, as the database has it

    # ---- files ----

    def test_newer_database(self):
        with sqlite3.connect(self.db) as db:
            db.execute("create table t (x)")
            db.execute("pragma user_version = 9999")
        self.mw("meters", status=6)

    def test_not_a_database(self):
        with open(self.db, "wb") as f:
            f.write(b"this is a letter, not a database\n" * 100)
        self.mw("meters", status=6)

    def test_trace_cannot_be_written(self):
        with Meter(self.folder) as meter:
            self.mw("identify", meter.tcp, "--trace", "/proc/none/a.trace", status=6)
            done = self.mw("identify", meter.tcp, "--trace", "/dev/full", status=6)
            self.assertIn("Free some space", done.stderr)


if __name__ == "__main__":
    harness.main()
