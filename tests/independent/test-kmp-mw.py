#!/usr/bin/env python3
"""mw against a meter that shares nothing with the product (the meter of kmp_peer.py): identified by
KMP, every value exact, the load profile whole, then only what is new, then across the end of the
16-bit record ids and after records were overwritten; with A0 to A3 and with B8.

Usage: test-kmp-mw.py MW"""
import datetime
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kmp_peer as kmp  # noqa: E402

MW = sys.argv.pop(1)
START = datetime.datetime(2026, 3, 1)


def record(hour, wide):
    """What the log holds of HOUR."""
    t = START + datetime.timedelta(hours=hour)
    return {0x417: kmp.date_time(t) if wide else kmp.rtc(t), 1: kmp.number(10000 + 3 * hour, 2, -1),
            2: kmp.number(7, 2)}


class Foreign:
    """The meter behind a TCP port; every request is noted."""

    def __init__(self, wide, first):
        self.wide, self.asked, self.hours = wide, [], 100
        registers = {1: kmp.number(123456789, 1), 0x3FF: kmp.number(-1078, 22, -3), 0x41E: kmp.number(2301, 33, -1, 2),
                     0x3E9: kmp.number(14410000, 51), 0x417: kmp.rtc(START), 0x466: kmp.text("685382OK10")}
        self.meter = kmp.Meter(registers, {6: kmp.Log(first, [record(h, wide) for h in range(self.hours)])},
                               type_word=0x5A00 if wide else 0x5301, revision=(2, 1) if wide else (12, 2))
        answer = self.meter.handle

        def handle(apdu):
            self.asked.append(apdu[0])
            return None if wide and 0xA0 <= apdu[0] <= 0xA3 else answer(apdu)
        self.meter.handle = handle
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            kmp.serve(self.meter, kmp.Stream(connection.fileno(), keep=connection))
            connection.close()

    def grow(self, n, gone=0):
        """N records more; GONE of the oldest are dropped."""
        log = self.meter.logs[6]
        log.records += [record(self.hours + i, self.wide) for i in range(n)]
        self.hours += n
        del log.records[:gone]
        log.first += gone

    @property
    def uri(self):
        return f"tcp:127.0.0.1:{self.listener.getsockname()[1]}?framing=kmp"


class Tool(unittest.TestCase):
    wide, first = False, 65480

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.foreign = Foreign(self.wide, self.first)

    def tearDown(self):
        self.foreign.listener.close()
        self.folder.cleanup()

    def mw(self, *arguments):
        done = subprocess.run([MW, "--db", os.path.join(self.folder.name, "db"), "--json", *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def entries(self, *arguments):
        return [(datetime.datetime.fromisoformat(e["time"]).replace(tzinfo=None), e["values"])
                for e in self.mw("log", self.foreign.uri, "load-profile", *arguments)["entries"]]

    @staticmethod
    def expected(first, last):
        return [(START + datetime.timedelta(hours=h), [str(1000000 + 300 * h), "7000"]) for h in range(first, last)]

    def test_identity_and_values(self):
        meter = self.mw("identify", self.foreign.uri)
        meter = meter.get("meter", meter)
        # the type number, with dashes where its form is known
        self.assertEqual((meter["serial"], meter["type"].replace("-", "")), ("14410000", "685382OK10"))
        self.assertFalse(meter["reference"])
        values = {r["obis"]: (r["value"], r.get("unit")) for r in self.mw("read", self.foreign.uri)["readings"]}
        exact = {("123456789", "Wh"), ("-1078", "W"), ("230.1", "V")}
        self.assertLessEqual(exact, set(values.values()))

    def test_profile(self):
        self.assertEqual(self.entries(), self.expected(0, 100))
        self.assertEqual(self.entries("--new"), [])
        self.foreign.grow(3)
        before = len(self.foreign.asked)
        self.assertEqual(self.entries("--new"), self.expected(100, 103))
        logs = [c for c in self.foreign.asked[before:] if c in (0xA0, 0xA1, 0xA2, 0xA3, 0xB8)]
        self.assertLessEqual(len(logs), 3)  # what is stored does not travel again
        self.foreign.grow(60, gone=120)  # 17 of the new ones are overwritten
        self.assertEqual(self.entries("--new"), self.expected(120, 163))


class WideTool(Tool):
    wide, first = True, 70000


if __name__ == "__main__":
    unittest.main()
