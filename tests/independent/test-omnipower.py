#!/usr/bin/env python3
"""The DLMS side of OMNIPOWER meters: the registers and loggers of the catalogue under their OBIS
codes, equal to what the core holds, over the TCP wrapper, HDLC and the optical head; variant 2
speaks KMP alone.  Usage: test-omnipower.py MW-REFMETER"""
import calendar
import os
import struct
import sys
import termios
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dlms_peer as peer
import kamstrup_meter as kamstrup

PROGRAM = sys.argv.pop(1)
EVERYBODY = [p for p in kamstrup.personalities() if p.model.startswith("omnipower")]
STILL = ("--clock", "2026-07-01T10:07:30+02:00", "--speed", "0.001", "--history", "3d", "--scenario", "pv", "--serial", "22000123")
CLOCK = "0.1.1.0.0.255"
CLIENT, DEVICE = 19, 16
# COSEM's numbers of the units (Blue Book, class 3).
UNITS = {"Wh": 30, "kWh": 30, "varh": 32, "kvarh": 32, "VAh": 31, "kVAh": 31, "W": 27, "kW": 27, "var": 29, "kvar": 29, "VA": 28,
         "kVA": 28, "V": 35, "A": 33, "h": 5, "min": 6, "s": 7, "d": 4, "Hz": 44, "%": 56, "number": 255, "none": 255}


def obis(text):
    return text.replace("-", ".").replace(":", ".")


def associated(transport, password=b"12345"):
    client = peer.Client(transport)
    assert client.associate(password) == 0, (client.result, client.diagnostic)
    return client


def wrapper(meter, client=CLIENT, device=DEVICE):
    return peer.Wrapper(peer.tcp(meter.port), client, device)


def by_range(begin, end, columns=()):
    def capture(class_id, name, attribute):
        return b"\x02\x04\x12" + struct.pack(">H", class_id) + peer.octets(bytes(map(int, name.split(".")))) \
            + bytes([15, attribute, 18, 0, 0])
    return b"\x01\x02\x04" + capture(8, CLOCK, 2) + peer.octets(begin) + peer.octets(end) + bytes([1, len(columns)]) \
        + b"".join(capture(*c) for c in columns)


def shown(register, core, zone, dst=False):
    """The value in attribute 2: number, octets; for clocks the 12 octets without deviation."""
    unit, siex, octets = kamstrup.expected(register, core, zone, dst)
    kind = register.get("kind", "number")
    if kind == "rtc":
        if not any(octets):
            return None
        flags, _, ss, mm, hh, day, month, year = octets
        return (2000 + year, month, day, hh, mm, ss)
    if kind in ("text", "octets"):
        return octets
    number = int.from_bytes(octets, "big")
    return -number if siex & 0x80 else number


def parts(raw):
    """Date and time of a COSEM date-time; None of null-data."""
    if raw is None:
        return None
    year, month, day, _, hh, mm, ss, _, deviation, status = struct.unpack(">HBBBBBBBhB", raw)
    return (year, month, day, hh, mm, ss)


class Omnipower(unittest.TestCase):
    def objects(self, client):
        found = {}
        for class_id, version, name, (attributes, methods) in client.read(15, "0.0.40.0.0.255", 2):
            name = ".".join(map(str, name))
            self.assertNotIn(name, found)
            found[name] = (class_id, version, {a[0]: a[1] for a in attributes})
        return found

    def test_every_meter(self):
        self.assertGreaterEqual(len(EVERYBODY), 6)
        for p in EVERYBODY:
            with self.subTest(p.name), kamstrup.Meter(PROGRAM, p, *STILL, ports=("tcp",), framing=None if p.variant == "2" else "wrapper") as meter:
                if p.variant == "2":
                    self.assertEqual(kamstrup.Kmp(meter.open("tcp")).identity()[0], p.type)
                    continue
                client = associated(wrapper(meter))
                objects = self.objects(client)
                self.identity(client, objects)
                self.registers(p, client, objects, meter.core())
                for number, logger in p.loggers.items():
                    if logger.get("obis"):
                        with self.subTest(log=number):
                            self.logger(p, client, objects, logger, meter.core_log(number))
                client.release()

    def identity(self, client, objects):
        self.assertEqual(client.read(1, "0.0.42.0.0.255", 2), b"KAM0000022000123")
        self.assertEqual(client.read(17, "0.0.41.0.0.255", 2), [[DEVICE, b"KAM0000022000123"]])
        self.assertEqual(client.read(15, "0.0.40.0.0.255", 3), [CLIENT, DEVICE])
        self.assertEqual(parts(client.read(8, CLOCK, 2)), (2026, 7, 1, 10, 7, 30))
        self.assertEqual(client.read(8, CLOCK, 3), -60)
        self.assertEqual(objects[CLOCK][0], 8)

    def registers(self, p, client, objects, core):
        by_code = {}
        for i, e in p.registers.items():
            if e.get("obis") and i in core and e.get("access") != "w":
                by_code.setdefault(obis(e.get("obis")), []).append(i)
        del by_code[CLOCK]
        self.assertEqual({n for n, o in objects.items() if o[0] in (1, 3, 4)} - {"0.0.42.0.0.255"}, set(by_code))
        for name, ids in by_code.items():
            class_id, _, rights = objects[name]
            values = [i for i in ids if p.registers[i].get("kind") not in ("rtc", "time", "date")] or ids
            times = [i for i in ids if p.registers[i].get("kind") == "rtc" and i not in values]
            value = p.registers[values[0]]
            self.assertEqual(class_id == 4, bool(times), name)
            got = client.read(class_id, name, 2)
            want = shown(value, core[values[0]], 3600)
            self.assertEqual(parts(got) if value.get("kind") == "rtc" else got, want, (p.name, name))
            if class_id in (3, 4):
                kilo = 3 if value.get("unit", "").startswith("k") else 0
                self.assertEqual(client.read(class_id, name, 3), [int(value.get("exponent", 0)) + kilo, UNITS[value.get("unit", "none")]], name)
            if times:
                self.assertEqual(parts(client.read(4, name, 5)), shown(p.registers[times[0]], core[times[0]], 3600), name)
            self.assertEqual(bool(rights[2] & 2), value.get("access") in ("rw", "module"), name)

    def logger(self, p, client, objects, logger, entries):
        name = obis(logger.get("obis"))
        self.assertEqual(objects[name][:2], (7, 1))
        captures = client.read(7, name, 3)
        self.assertEqual(captures[0], [8, bytes(map(int, CLOCK.split("."))), 2, 0])
        columns = []
        ids = [int(x, 16) for x in next(c for c in logger.findall("columns") if p.has(c)).get("registers").split()]
        for class_id, ln, attribute, _ in captures[1:]:
            code = ".".join(map(str, ln))
            match = [i for i in ids if i in p.registers and p.registers[i].get("obis") and obis(p.registers[i].get("obis")) == code
                     and (p.registers[i].get("kind") == "rtc") == (attribute == 5)]
            columns.append(p.registers[match[0]])
        coded = [i for i in ids if i in p.registers and p.registers[i].get("obis") and p.registers[i].get("bind") != "RTC"]
        self.assertEqual(len(columns), len(coded), name)
        self.assertEqual(client.read(7, name, 7), len(entries))
        want = [self.row(e, columns) for _, e in sorted(entries.items())]
        self.assertEqual([self.plain(r, columns) for r in client.read(7, name, 2)], want, name)
        if len(want) > 4:
            self.assertEqual([self.plain(r, columns) for r in client.read(7, name, 2, peer.by_entry(2, 4))], want[1:4])
            begin, end = peer.date_time(*want[2][0]), peer.date_time(*want[-2][0])
            self.assertEqual([self.plain(r, columns) for r in client.read(7, name, 2, by_range(begin, end))], want[2:-1])
            only = (captures[1][0], ".".join(map(str, captures[1][1])), captures[1][2])
            self.assertEqual(client.read(7, name, 2, by_range(begin, end, [only])), [[r[1]] for r in want[2:-1]])

    def row(self, entry, columns):
        utc, status, values = entry
        return [time.gmtime(utc + 3600)[:6]] + [shown(c, values[c.get("bind")], 3600) for c in columns]

    def plain(self, row, columns):
        return [parts(row[0])] + [parts(v) if c.get("kind") == "rtc" else v for v, c in zip(row[1:], columns, strict=True)]

    def test_ways(self):
        p = next(p for p in EVERYBODY if p.name == "omnipower-3p N1")
        device = peer.address(DEVICE, 1, 2)
        with kamstrup.Meter(PROGRAM, p, *STILL, framing="hdlc") as meter:
            energy = None
            for way in ("tcp", "mode E", "head"):
                if way == "tcp":
                    pipe = peer.tcp(meter.port)
                elif way == "mode E":
                    pipe = peer.pty(meter.path["optical"])
                    self.assertEqual(peer.open_mode_e(pipe)[0], "/KAM5\\26841131BN143101040\r\n")
                else:
                    pipe = peer.pty(meter.path["optical"], termios.B9600)
                client = associated(peer.Hdlc(pipe, CLIENT, device))
                now = client.read(3, "1.1.1.8.0.255", 2)
                self.assertEqual(now, energy if energy is not None else now, way)
                energy = now
                client.release()
            # the same port speaks KMP before and after
            kmp = kamstrup.Kmp(meter.open("optical"))
            self.assertEqual(kmp.identity()[2], 22000123)
            self.assertEqual(int.from_bytes(kmp.registers([1])[1][2], "big"), energy)

    def test_access(self):
        p = next(p for p in EVERYBODY if p.name == "omnipower-1p N1")
        with kamstrup.Meter(PROGRAM, p, *STILL, ports=("tcp",), framing="wrapper") as meter:
            client = peer.Client(wrapper(meter))
            self.assertEqual((client.associate(b"54321"), client.diagnostic), (1, 13))
            client = peer.Client(wrapper(meter))
            self.assertEqual((client.associate(), client.diagnostic), (1, 14))
            client = peer.Client(wrapper(meter, 1))
            self.assertNotEqual(client.associate(b"12345"), 0)
            public = associated(wrapper(meter, 16, 16), None)
            self.assertEqual(parts(public.read(8, CLOCK, 2)), (2026, 7, 1, 10, 7, 30))
            self.assertEqual(public.get(3, "1.1.1.8.0.255", 2), 3)  # read-write-denied
            self.assertNotIn("1.1.1.8.0.255", self.objects(public))
            client = associated(wrapper(meter))
            self.assertEqual(client.get(1, "1.1.1.8.0.255", 2), 9)  # another class
            self.assertEqual(client.get(3, "1.1.99.8.0.255", 2), 4)  # no such object
            self.assertEqual(client.set(3, "1.1.1.8.0.255", 2, b"\x06\0\0\0\0"), 3)
            new = peer.date_time(2026, 7, 2, 9, 30, 0, -120)
            self.assertEqual(client.set(8, CLOCK, 2, peer.octets(new)), 0)
            self.assertEqual(parts(client.read(8, CLOCK, 2)), (2026, 7, 2, 9, 30, 0))
            self.assertEqual(client.set(15, "0.0.40.0.0.255", 7, peer.octets(b"00777")), 0)
            self.assertEqual(client.get(15, "0.0.40.0.0.255", 7), 3)
            again = peer.Client(wrapper(meter))
            self.assertEqual(again.associate(b"12345"), 1)
            self.assertEqual(associated(wrapper(meter), b"777").result, 0)


unittest.main()
