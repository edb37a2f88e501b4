#!/usr/bin/env python3
"""protocols/kmp against an implementation that shares nothing with it (kmp_peer.py): the peer itself
against the vectors; its client with our server, our client with its meter; every value and every
log record the same on both sides.

Usage: test-kmp.py KMP-PIPE VECTORS
"""
import datetime
import os
import socket
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kmp_peer as kmp  # noqa: E402

PIPE, VECTORS = sys.argv[1:3]
START = datetime.datetime(2012, 1, 1)


def rows(name):
    with open(os.path.join(VECTORS, name), encoding="utf-8") as f:
        for line in f:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


class Vectors(unittest.TestCase):
    def test_frames(self):
        n = 0
        for row in rows("captures.tsv"):
            raw = bytes.fromhex(row[0])
            start, address, apdu = kmp.unframe(raw)
            self.assertEqual(kmp.frame(start, address, apdu), raw)
            if len(row) > 3 and row[1]:
                register, value = kmp.Reader(apdu[1:]).value()
                self.assertEqual((register, value.unit), (int(row[1], 16), int(row[2])))
                self.assertEqual(value.number(), kmp.decimal.Decimal(row[3]))
            n += 1
        self.assertEqual(n, 20)

    def test_documented(self):
        right = [row[3].startswith("True") for row in rows("spec_examples.tsv")
                 if row[0] != "name" and row[1] != "06"]
        got = []
        for row in rows("spec_examples.tsv"):
            if row[0] == "name" or row[1] == "06":
                continue
            try:
                kmp.unframe(bytes.fromhex(row[1]))
                got.append(True)
            except kmp.KmpError:
                got.append(False)
        self.assertEqual(got, right)

    def test_logs(self):
        answers = [row for row in rows("document_5512-447.tsv") if row[1] == "answer"]
        self.assertEqual(len(answers), 2)
        for row, step in zip(answers, (1, -1)):
            log, records, newest, info = kmp.parse_log(bytes.fromhex(row[2])[1:], step)
            self.assertEqual((log, newest, info), (1, 0x1102, set()))
            self.assertEqual([r for r, _ in records], [0x10F3, 0x10F4, 0x10F5][::step])
            self.assertEqual(dict(records)[0x10F4][0x44].integer(), 0x93E05047)


class Line:
    """Our server as a process; the peer's client speaks to it."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([PIPE, "server", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.stream = kmp.Stream(self.process.stdout.fileno(), self.process.stdin.fileno())

    def __enter__(self):
        return self.stream

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


class TheirClient(unittest.TestCase):
    def test_commands(self):
        with Line() as stream:
            c = kmp.Client(stream)
            self.assertEqual(c.get_type(), (0x5301, "L2"))
            self.assertEqual(c.get_serial(), 14410000)
            values = c.get_registers([1, 0x3FF, 0x41E, 0x417, 0x422, 0x999, 0x7F7F, 0x32, 2])
            self.assertEqual(sorted(values), [1, 0x32, 0x3FF, 0x417, 0x41E, 0x422, 0x7F7F])
            self.assertEqual(values[1].base(), (36886000, "Wh"))
            self.assertEqual(str(values[0x3FF].number()), "-1.078")
            self.assertEqual(values[0x417].time(), START)
            self.assertEqual(values[0x422].text(), "685382OK10")
            self.assertEqual(values[0x7F7F].integer(), 0x80400D061B80400D)
            c.put_register(12345, 0x4E2, kmp.Value(200, 0, b"\x0d\x06\x40\x80"))
            self.assertEqual(c.get_registers([0x4E2])[0x4E2].data, b"\x0d\x06\x40\x80")
            c.set_clock(datetime.datetime(2013, 12, 31, 23, 59, 58))
            self.assertEqual(c.get_registers([0x417])[0x417].time(), datetime.datetime(2013, 12, 31, 23, 59, 58))
            self.assertTrue(c.login(12345))
            self.assertFalse(c.login(1))
            self.assertEqual(c.cut_off(1), (1, 0x1F))
            self.assertEqual(c.event_status(), b"\x01\x02\x41\x00")
            self.assertEqual(c.clear_event_status(b"\x00\x00\x01\x00"), b"\x01\x02\x40\x00")
            c.timeout = 0.2
            with self.assertRaises(kmp.Silence):
                c.put_register(1, 0x4E2, kmp.number(1, 51))

    def check(self, records, first, n):
        self.assertEqual([r for r, _ in records], [first + i & 0xFFFF for i in range(n)])
        for i, (_, values) in enumerate(records):
            self.assertEqual(values[1].integer(), 7 * (first + i))
            self.assertEqual(values[0x417].time(), START + datetime.timedelta(minutes=15 * (first + i)))

    def test_logs(self):
        with Line() as stream:
            c = kmp.Client(stream)
            self.check(c.read_log(6, [0x417, 1]), 65500, 100)
            self.check(c.read_log(6, [0x417, 1], records=3), 65500, 100)
            self.check(c.read_log(6, [0x417, 1], start=65590), 65590, 10)
            when = START + datetime.timedelta(minutes=15 * 65570)
            self.check(c.read_log(6, [0x417, 1], start=when), 65570, 30)
            down = c.read_log(6, [0x417, 1], start=when, past=True, records=5)
            self.assertEqual([r for r, _ in down], [65570 - i & 0xFFFF for i in range(5)])
            self.assertEqual(down[4][1][1].integer(), 7 * 65566)

    def test_wide_logs(self):
        with Line("wide") as stream:
            c = kmp.Client(stream, wide=True)
            records = c.read_log(6, [0x417, 1], records=1000)
            self.assertEqual([r for r, _ in records], list(range(65500, 65600)))
            for r, values in records:
                self.assertEqual(values[1].integer(), 7 * r)
                self.assertEqual(values[0x417].time(), START + datetime.timedelta(minutes=15 * r))
            when = START + datetime.timedelta(minutes=15 * 65570)
            down = c.read_log(6, [0x417, 1], start=when, past=True, records=20)
            self.assertEqual([r for r, _ in down], list(range(65570, 65550, -1)))
            self.assertEqual([v[1].integer() for _, v in down], [7 * r for r in range(65570, 65550, -1)])


def ours(meter, *arguments, echo=False):
    """What our client prints when it speaks to METER."""
    here, there = socket.socketpair()
    server = threading.Thread(target=kmp.serve, args=(meter, kmp.Stream(here.fileno(), keep=here), echo), daemon=True)
    server.start()

    def move():
        os.dup2(there.fileno(), 3)
        os.set_inheritable(3, True)
    run = subprocess.run([PIPE, "client", *map(str, arguments)], stdout=subprocess.PIPE, preexec_fn=move,
                         close_fds=False, timeout=60, check=False)
    there.close()
    server.join(10)
    here.close()
    return run.stdout.decode().splitlines()


class OurClient(unittest.TestCase):
    def test_commands(self):
        for echo in (False, True):
            meter = kmp.example_meter()
            self.assertEqual(ours(meter, "type", echo=echo), ["5301 0C02 14410000", "ok"])
            got = ours(meter, "get", "1", "3FF", "999", "41E", "417", "466", echo=echo)
            self.assertEqual(got, ["0 0001 36900.4 kWh", "0 03FF 1.078 kW", "0 041E 230 V",
                                   "0 0417 2012-03-03 00:00:00", '0 0466 "685382OK10"', "absent 0999", "ok"])
        self.assertEqual(ours(meter, "put", 12345, "4F7", 17), ["ok"])
        self.assertEqual(meter.registers[0x4F7], kmp.number(17, 51))

    def expected(self, meter, form):
        log = meter.logs[6]
        lines = []
        for i, record in enumerate(log.records):
            r = log.first + i if form == "wide" else log.first + i & 0xFFFF
            lines.append(f"{r} 0417 {record[0x417].time()}")
            lines.append(f"{r} 0001 {record[1].number()} kWh")
        return lines + ["ok"]

    def test_logs(self):
        for limit in (40, 77, 255):
            meter = kmp.example_meter()
            meter.max_apdu = limit
            self.assertEqual(ours(meter, "log", 6, 65520, "417", "1"), self.expected(meter, "log"))
            self.assertEqual(ours(meter, "wide", 6, 65520, "417", "1"), self.expected(meter, "wide"))

    def test_past(self):
        meter = kmp.example_meter()
        lines = ours(meter, "past", 6, "2012-03-01T20:30:00", "1")
        self.assertEqual(len(lines), 22)
        self.assertEqual(lines[0], f"{65540 & 0xFFFF} 0001 36892.0 kWh")
        self.assertEqual(lines[-2], "65520 0001 36886.0 kWh")

    def test_late_gap(self):
        meter = kmp.example_meter()
        lines = ours(meter, "log", 6, 65500, "1")
        self.assertEqual(lines[0], "gap 20")
        self.assertEqual(len(lines), 50)

    def test_absent_log_register(self):
        lines = ours(kmp.example_meter(), "log", 6, 65560 & 0xFFFF, "999", "1")
        self.assertEqual(lines[0], "absent 0999")
        self.assertEqual(len(lines), 10)


class Themselves(unittest.TestCase):
    def test_peer(self):
        here, there = socket.socketpair()
        meter = kmp.example_meter()
        threading.Thread(target=kmp.serve, args=(meter, kmp.Stream(here.fileno())), daemon=True).start()
        for wide in (False, True):
            c = kmp.Client(kmp.Stream(there.fileno()), wide=wide)
            records = c.read_log(6, [0x417, 1, 2])
            self.assertEqual([v for _, v in records], meter.logs[6].records)
        there.close()
        here.close()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
