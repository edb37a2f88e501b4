#!/usr/bin/env python3
"""mw against a meter that shares nothing with the product (foreign_meter.py): found at an address of
four bytes, read block by block in frames of 128, profile by entry because it knows no range, stamped
in its own time zone because it leaves the deviation out.  Usage: test-mw.py MW"""
import datetime
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import foreign_meter as foreign

MW = sys.argv.pop(1)
HERE = os.path.dirname(os.path.abspath(__file__))


class Foreign(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.meter = subprocess.Popen([sys.executable, os.path.join(HERE, "foreign_meter.py")], stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL)
        cls.uri = f"tcp:127.0.0.1:{int(cls.meter.stdout.readline())}?framing=hdlc&address=17"
        cls.folder = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.meter.kill()
        cls.meter.wait()
        cls.meter.stdout.close()
        cls.folder.cleanup()

    def mw(self, *arguments):
        done = subprocess.run([MW, "--db", os.path.join(self.folder.name, "db"), "--json", *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_identity(self):
        meter = self.mw("identify", self.uri)
        meter = meter.get("meter", meter)
        self.assertEqual(meter["logical_name"], "XYZ0000000012345")
        self.assertFalse(meter["reference"])

    def test_objects(self):
        objects = self.mw("objects", self.uri)["objects"]
        self.assertEqual({(o["class"], o["obis"]) for o in objects}, set(foreign.OBJECTS))

    def test_scalers(self):
        readings = {r["obis"]: r for r in self.mw("read", self.uri, "1-0:1.8.0.255", "1-0:32.7.0.255")["readings"]}
        energy, voltage = readings["1-0:1.8.0.255"], readings["1-0:32.7.0.255"]
        self.assertEqual((energy["value"], energy["unit"]), (str(foreign.energy(foreign.ROWS) * 10), "Wh"))
        self.assertEqual((voltage["value"], voltage["unit"]), ("230.4", "V"))

    def test_profile(self):
        log = self.mw("log", self.uri, "load-profile")
        self.assertEqual(log["period_s"], 900)
        self.assertEqual([c["obis"] for c in log["columns"]], ["1-0:1.8.0.255"])
        self.assertEqual([e["values"] for e in log["entries"]], [[str(foreign.energy(r) * 10)] for r in range(foreign.ROWS)])
        self.assertEqual([e["status"] for e in log["entries"]], [4 if r == 10 else 0 for r in range(foreign.ROWS)])
        # Standard time all year: the clock's time_zone attribute says CET, the rows say nothing.
        times = [datetime.datetime.fromisoformat(e["time"]) for e in log["entries"]]
        first = datetime.datetime.fromisoformat("2025-10-20T00:15:00+01:00")
        self.assertEqual(times, [first + datetime.timedelta(minutes=15 * r) for r in range(foreign.ROWS)])
        self.assertEqual(self.mw("log", self.uri, "load-profile", "--new")["entries"], [])
        last = self.mw("log", self.uri, "load-profile", "--last", "2")["entries"]
        self.assertEqual([e["values"] for e in last], [[str(foreign.energy(r) * 10)] for r in (foreign.ROWS - 2, foreign.ROWS - 1)])


if __name__ == "__main__":
    unittest.main()
