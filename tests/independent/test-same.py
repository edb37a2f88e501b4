#!/usr/bin/env python3
"""The exported file holds what the meter holds: the load profile that mw reads through the optical
port, stores and exports, against the buffer as the independent client reads it over TCP.
Usage: test-same.py MW MW-REFMETER"""
import csv
import datetime
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dlms_peer as peer

REFMETER = sys.argv.pop()
MW = sys.argv.pop()
PERIOD = datetime.timedelta(minutes=15)


def rows_of(port):
    """[(UTC, status, four registers)] with null-data filled in as the Blue Book says."""
    client = peer.Client(peer.Wrapper(peer.tcp(port), 1, 1))
    assert client.associate(b"12345678") == 0
    out, at, status = [], None, 0
    for row in client.read(7, "1-0:99.1.0.255", 2):
        if row[0] is None:
            at += PERIOD
        else:
            year, month, day, _, hour, minute, second, _, deviation, _ = peer.struct.unpack(">HBBBBBBBhB", row[0])
            at = datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.timezone.utc) \
                + datetime.timedelta(minutes=deviation)
        status = status if row[1] is None else row[1]
        out.append((at, status, row[2:]))
    client.release()
    return out


class Same(unittest.TestCase):
    def test_export(self):
        with tempfile.TemporaryDirectory() as folder:
            head, db, table = (os.path.join(folder, n) for n in ("head", "db", "profile.csv"))
            meter = subprocess.Popen([REFMETER, "--model", "mt381", "--serial", "REF00077", "--clock", "2026-04-02T10:07:30+02:00",
                                      "--history", "30d", "--scenario", "pv", "--optical", head, "--tcp", "0"],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
            try:
                ready = json.loads(meter.stdout.readline())
                port = next(p["port"] for p in ready["ports"] if p["kind"] == "tcp")
                subprocess.run([MW, "--db", db, "log", f"serial:{head}?mode=optical", "load-profile", "--new"], check=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                subprocess.run([MW, "--db", db, "export", "REF00077", "load-profile", "--format", "csv", "-o", table], check=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                wanted = rows_of(port)
            finally:
                meter.terminate()
                meter.wait(30)
                meter.stdout.close()
            with open(table, newline="") as file:
                got = list(csv.reader(file))[1:]
            self.assertEqual(len(wanted), 30 * 96)
            self.assertGreater(wanted[-1][2][1], wanted[0][2][1])  # the panels have delivered
            self.assertEqual([(datetime.datetime.fromisoformat(r[0]), int(r[1]), [int(v) for v in r[2:]]) for r in got], wanted)


if __name__ == "__main__":
    unittest.main()
