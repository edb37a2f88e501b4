#!/usr/bin/env python3
"""The reference meter as an independent client sees it: TCP wrapper, HDLC over TCP at small and at
large frames, and the optical head from 300 baud on.  Usage: test-refmeter.py MW-REFMETER"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dlms_peer as peer

PROGRAM = sys.argv.pop(1)
CLOCK = "2026-03-31T10:07:30+02:00"  # two days after the change to summer time


class Meter:
    def __init__(self, *arguments):
        self.pipes = []
        self.folder = tempfile.TemporaryDirectory()
        self.head = os.path.join(self.folder.name, "head")
        self.process = subprocess.Popen([PROGRAM, "--model", "mt381", "--serial", "REF00042", "--clock", CLOCK, "--history", "5d",
                                         "--optical", self.head, "--tcp", "0", *arguments],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.ready = json.loads(self.process.stdout.readline())
        self.port = next(p["port"] for p in self.ready["ports"] if p["kind"] == "tcp")

    def tcp(self):
        self.pipes.append(peer.tcp(self.port))
        return self.pipes[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pipe in self.pipes:
            pipe.close()
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()
        self.folder.cleanup()


def associated(transport, password=b"12345678"):
    client = peer.Client(transport)
    assert client.associate(password) == 0, (client.result, client.diagnostic)
    return client


class RefMeter(unittest.TestCase):
    def identity(self, client):
        name = client.read(1, "0-0:42.0.0.255", 2)
        self.assertEqual(len(name), 16)
        self.assertTrue(name.startswith(b"ISK") and name.endswith(b"REF00042"), name)

    def test_wrapper(self):
        with Meter() as meter:
            client = associated(peer.Wrapper(meter.tcp(), 1, 1))
            self.identity(client)
            # Central European Summer Time: COSEM's deviation is -120, bit 7 of the status says DST
            clock = client.read(8, "0-0:1.0.0.255", 2)
            self.assertEqual(clock[:4], bytes([0x07, 0xEA, 3, 31]))
            self.assertEqual(clock[4], 2)  # a Tuesday
            self.assertEqual(clock[9:12], bytes([0xFF, 0x88, 0x80]))
            self.assertEqual(client.read(8, "0-0:1.0.0.255", 3), -60)
            scaler, unit = client.read(3, "1-0:1.8.0.255", 3)
            self.assertEqual((scaler, unit), (0, 30))
            total = client.read(3, "1-0:1.8.0.255", 2)
            tariffs = sum(client.read(3, f"1-0:1.8.{t}.255", 2) for t in range(1, 9))
            self.assertGreater(total, 0)
            self.assertLess(abs(total - tariffs), 9)  # each tariff keeps its fraction of a Wh to itself
            self.objects(client)
            self.profile(client)
            client.release()

    def objects(self, client):
        objects = client.read(15, "0-0:40.0.0.255", 2)
        seen = {(c, ".".join(map(str, name))) for c, _, name, _ in objects}
        self.assertGreater(len(seen), 500)
        for wanted in ((8, "0.0.1.0.0.255"), (7, "1.0.99.1.0.255"), (20, "0.0.13.0.0.255"), (5, "1.0.1.4.0.255")):
            self.assertIn(wanted, seen)

    def profile(self, client):
        columns = client.read(7, "1-0:99.1.0.255", 3)
        self.assertEqual((columns[0][0], columns[0][1], columns[0][2]), (8, bytes([0, 0, 1, 0, 0, 255]), 2))
        self.assertEqual(client.read(7, "1-0:99.1.0.255", 4), 900)
        rows = client.read(7, "1-0:99.1.0.255", 2)
        in_use = client.read(7, "1-0:99.1.0.255", 7)
        self.assertEqual(len(rows), in_use)
        self.assertTrue(all(len(r) == len(columns) for r in rows))
        self.assertIsNotNone(rows[0][0])
        self.assertTrue(all(r[0] is None for r in rows[1:50]))  # "compressed": one time stamp, then null
        a_plus = [i for i, c in enumerate(columns) if c[1] == bytes([1, 0, 1, 8, 0, 255])][0]
        energy = [r[a_plus] for r in rows]
        self.assertEqual(energy, sorted(energy))
        # one hour by range, its four quarters by entry, and one column alone
        day = dict(deviation=-120, status=0x80)
        hour = client.read(7, "1-0:99.1.0.255", 2, peer.by_range(peer.date_time(2026, 3, 31, 8, 15, **day),
                                                                 peer.date_time(2026, 3, 31, 9, 0, **day)))
        self.assertEqual(len(hour), 4)
        self.assertEqual(hour[0][0][4:9], bytes([2, 8, 15, 0, 0]) if hour[0][0][4] != 0xFF else bytes([0xFF, 8, 15, 0, 0]))
        at = energy.index(hour[0][a_plus])
        self.assertEqual([r[a_plus] for r in client.read(7, "1-0:99.1.0.255", 2, peer.by_entry(at + 1, at + 4))],
                         energy[at:at + 4])
        narrow = client.read(7, "1-0:99.1.0.255", 2, peer.by_entry(1, 2, a_plus + 1, a_plus + 1))
        self.assertEqual(narrow, [[energy[0]], [energy[1]]])

    def test_access(self):
        with Meter() as meter:
            client = peer.Client(peer.Wrapper(meter.tcp(), 1, 1))
            self.assertNotEqual(client.associate(b"87654321"), 0)
            self.assertEqual(client.diagnostic, 13)  # authentication failure
            public = associated(peer.Wrapper(meter.tcp(), 16, 1), None)
            self.identity(public)
            self.assertIsInstance(public.get(3, "1-0:1.8.0.255", 2), int)
            self.assertNotEqual(public.set(8, "0-0:1.0.0.255", 3, b"\x10\x00\x00"), 0)
            public.release()

    def test_set(self):
        with Meter() as meter:
            client = associated(peer.Wrapper(meter.tcp(), 1, 1))
            self.assertEqual(client.set(1, "0-0:96.1.1.255", 2, peer.octets(b"MAIN ST 5")), 0)
            self.assertEqual(client.read(1, "0-0:96.1.1.255", 2), b"MAIN ST 5")
            self.assertNotEqual(client.set(3, "1-0:1.8.0.255", 2, b"\x06\x00\x00\x00\x00"), 0)
            self.assertNotEqual(client.set(7, "1-0:99.1.0.255", 4, b"\x06\x00\x00\x00\x07"), 0)  # no period of 7 s
            self.assertEqual(client.read(7, "1-0:99.1.0.255", 4), 900)
            client.release()

    def test_hdlc(self):
        for frame_size, window in ((128, 1), (2030, 7)):
            with self.subTest(frame_size=frame_size), Meter("--tcp-framing", "hdlc") as meter:
                client = associated(peer.Hdlc(meter.tcp(), 1, peer.address(1), frame_size, window))
                self.assertLessEqual(client.transport.agreed[5], frame_size)
                self.identity(client)
                self.assertGreater(len(client.read(7, "1-0:99.1.0.255", 2)), 400)
                client.release()

    def test_optical_head(self):
        with Meter() as meter:
            pipe = peer.pty(meter.head)
            line, baud = peer.open_mode_e(pipe)
            self.assertTrue(line.startswith("/ISk5\\2MT381"), line)
            self.assertEqual(baud, 9600)
            client = associated(peer.Hdlc(pipe, 1, peer.address(1), 512, 1))
            self.identity(client)
            self.assertGreater(client.read(3, "1-0:1.8.0.255", 2), 0)
            client.release()


if __name__ == "__main__":
    unittest.main()
