#!/usr/bin/env python3
"""Every Kamstrup meter of the catalogue as mw-refmeter plays it: identified on every port, every
register and every entry of every logger equal to what its core holds, by a client that shares
nothing with protocols/.  Usage: test-kamstrup.py MW-REFMETER"""
import os
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kamstrup_meter as kamstrup

PROGRAM = sys.argv.pop(1)
EVERYBODY = [p for p in kamstrup.personalities()]
# Summer, so that normal time and the clock's own differ.  Time stands still while it is looked at.
CLOCK, SUMMER, NORMAL = "2026-07-01T10:07:30+02:00", 7200, 3600
# What entries of a log alone have.
LOGGED = {"EVENT", "OLD", "NEW", "OLD_RTC"}
STILL = ("--clock", CLOCK, "--speed", "0.001", "--history", "12d", "--scenario", "pv")


def who(model, generation):
    return next(p for p in EVERYBODY if p.model == model and p.generation + p.variant == generation)


class Everybody(unittest.TestCase):
    def test_all(self):
        self.assertGreaterEqual(len(EVERYBODY), 20)
        for p in EVERYBODY:
            with self.subTest(p.name), kamstrup.Meter(PROGRAM, p, *STILL, "--serial", "12345678") as meter:
                for port in ("optical", "module", "tcp"):
                    kmp = kamstrup.Kmp(meter.open(port))
                    self.assertEqual(kmp.identity(), (p.type, p.revision, 12345678), port)
                core = meter.core()
                self.registers(p, kmp, core)
                self.loggers(p, kmp, meter, core)

    def registers(self, p, kmp, core):
        readable = {i: e for i, e in p.registers.items() if e.get("access") != "w" and e.get("bind") not in LOGGED}
        readable = {i: e for i, e in readable.items() if i in core}
        ids = sorted(readable)
        for first in range(0, len(ids), 8):
            got = kmp.registers(ids[first:first + 8] )
            self.assertEqual(sorted(got), ids[first:first + 8])
            for i, shown in got.items():
                zone = SUMMER if readable[i].get("bind") == "RTC" else NORMAL
                dst = readable[i].get("bind") == "RTC"
                self.assertEqual(shown, kamstrup.expected(readable[i], core[i], zone, dst), f"{p.name} {i:x}")
        self.assertEqual(kmp.registers([0x6fff, ids[0]]).keys(), {ids[0]})

    def loggers(self, p, kmp, meter, core):
        for number, logger in p.loggers.items():
            columns = next(c for c in logger.findall("columns") if p.has(c)).get("registers").split()
            ids = [i for i in (int(c, 16) for c in columns) if i in p.registers]
            entries = meter.core_log(number)
            with self.subTest(p.name, log=number):
                if not entries:
                    self.assertEqual(kmp.log(number, ids[:8], (0xa2, bytes([8, 255, 0, 1])))[2] & 1, 1)
                    continue
                got = kmp.whole_log(number, ids, min(entries))
                self.assertEqual(sorted(got), sorted(entries))
                for entry, (utc, status, values) in entries.items():
                    for i in ids:
                        bind = p.registers[i].get("bind")
                        own = (utc, 0, status) if bind == "RTC" else values[bind]
                        self.assertEqual(got[entry][i], kamstrup.expected(p.registers[i], own, NORMAL), f"{p.name} log {number} {entry} {i:x}")

    def test_periodic_loggers_have_entries(self):
        with kamstrup.Meter(PROGRAM, who("k382", "J"), *STILL, ports=("tcp",)) as meter:
            self.assertEqual(len(meter.core_log(6)), 12 * 24)
            self.assertEqual(len(meter.core_log(1)), 1)


class Refusals(unittest.TestCase):
    def test_addresses(self):
        with kamstrup.Meter(PROGRAM, who("k382", "K")) as meter:
            module, head = meter.open("module"), meter.open("optical")
            for address in (0, 1, 62, 0x7f, 0xbf):
                self.assertIsNone(kamstrup.Kmp(module, address).ask(b"\x01", 0.15), address)
            self.assertTrue(kamstrup.Kmp(module).put(12345, 0x4f7, 51, 0, b"\x00\x11"))  # KMP address 17
            self.assertIsNone(kamstrup.Kmp(module).ask(b"\x01", 0.15))
            self.assertIsNotNone(kamstrup.Kmp(module, 17).ask(b"\x01"))
            self.assertIsNotNone(kamstrup.Kmp(head, 17).ask(b"\x01"))
            self.assertIsNotNone(kamstrup.Kmp(head).ask(b"\x01"), "at the head it is always 63, too")

    def test_speeds(self):
        for generation, right in (("C", 1200), ("J", 9600)):
            with kamstrup.Meter(PROGRAM, who("k382", generation), ports=("optical", "module")) as meter:
                for port, own in (("optical", right), ("module", 1200)):
                    pipe = meter.open(port)
                    for baud in (300, 1200, 2400, 9600):
                        pipe.speed(baud)
                        answer = kamstrup.Kmp(pipe).ask(b"\x01", 5.0 if baud == own else 0.15)
                        self.assertEqual(answer is not None, baud == own, (generation, port, baud))
                    pipe.speed(own)
                    self.assertIsNotNone(kamstrup.Kmp(pipe).ask(b"\x01"))

    def test_passwords(self):
        with kamstrup.Meter(PROGRAM, who("k382", "K"), "--password", "777") as meter:
            head, module = kamstrup.Kmp(meter.open("optical")), kamstrup.Kmp(meter.open("module"))
            one = (0x40f, 21, 0, (1500).to_bytes(4, "big"))  # power threshold, anybody with the password
            before = head.registers([0x40f])
            self.assertFalse(head.put(12345, *one, seconds=0.15))
            self.assertEqual(head.registers([0x40f]), before)
            unit, siex, octets = before[0x40f]
            change = (0x40f, unit, siex, (int.from_bytes(octets, "big") + 2).to_bytes(len(octets), "big"))
            self.assertTrue(head.put(777, *change))
            self.assertEqual(head.registers([0x40f])[0x40f], (unit, siex, change[3]))
            self.assertEqual(head.ask(b"\x92" + (777).to_bytes(2, "big")), b"\x92\x00")
            self.assertEqual(head.ask(b"\x92" + (12345).to_bytes(2, "big")), b"\x92\x01")
            # a register that the module port alone may write
            unit, siex, octets = head.registers([0x7060])[0x7060]
            other = (0x7060, unit, siex, bytes(octets[:-1]) + bytes([octets[-1] ^ 1]))
            self.assertFalse(head.put(777, *other, seconds=0.15))
            self.assertTrue(module.put(777, *other))
            self.assertEqual(module.registers([0x7060])[0x7060], (unit, siex, other[3]))
            # out of range, read-only, unknown
            self.assertFalse(head.put(777, 0x7047, 51, 0, b"\x00\x1d", seconds=0.15))
            self.assertFalse(head.put(777, 1, 2, 0x41, bytes(4), seconds=0.15))
            self.assertFalse(head.put(777, 0x6fff, 51, 0, bytes(2), seconds=0.15))

    def test_nonsense(self):
        with kamstrup.Meter(PROGRAM, who("k382", "J"), ports=("tcp",)) as meter:
            kmp = kamstrup.Kmp(meter.open("tcp"))
            good = kamstrup.frame(b"\x01")
            for damage in (good[:-2] + bytes([good[-2] ^ 1, good[-1]]), b"\x80\x3f\r", b"\x80" * 9, kamstrup.frame(b"\x55")):
                kmp.pipe.write(damage)
            self.assertEqual(kmp.pipe.read(0.15), b"")
            time.sleep(0.1)
            self.assertEqual(kmp.identity()[0], 0x5301)


class Commands(unittest.TestCase):
    def test_clock_and_debiting(self):
        with kamstrup.Meter(PROGRAM, who("k382", "J"), "--clock", CLOCK, "--history", "2d", ports=("tcp",)) as meter:
            kmp = kamstrup.Kmp(meter.open("tcp"))
            date, hour = (260702).to_bytes(4, "big"), (94500).to_bytes(4, "big")
            self.assertEqual(kmp.ask(b"\x09" + date + hour), b"")
            rtc = kmp.registers([0x417])[0x417][2]
            self.assertEqual((rtc[0], tuple(rtc[3:])), (3, (45, 9, 2, 7, 26)))
            count = kmp.registers([0x2f])[0x2f][2]
            entries = len(meter.core_log(1))
            self.assertEqual(kmp.ask(b"\x88"), b"")
            self.assertEqual(int.from_bytes(kmp.registers([0x2f])[0x2f][2], "big"), int.from_bytes(count, "big") + 1)
            self.assertEqual(len(meter.core_log(1)), entries + 1)
            adjusted = meter.core_log(3)
            self.assertEqual(len(adjusted), 1)

    def test_events(self):
        with kamstrup.Meter(PROGRAM, who("k382", "L"), "--clock", CLOCK, ports=("tcp",)) as meter:
            kmp = kamstrup.Kmp(meter.open("tcp"))
            meter.command("magnet on")
            until = time.monotonic() + 10
            while not kmp.ask(b"\x9b")[1:] == b"\0\0\0\x08":
                self.assertLess(time.monotonic(), until)
                time.sleep(0.05)
            meter.command("magnet off")
            # conditionally: not before the status log was read
            self.assertEqual(kmp.ask(b"\x9c" + b"\0\0\0\x08" + bytes(4)), b"\x9b\0\0\0\x08")
            kmp.whole_log(2, [0x417, 0x7009], 1)
            self.assertEqual(kmp.ask(b"\x9c" + b"\0\0\0\x08" + bytes(4)), b"\x9b" + bytes(4))

    def test_memory(self):
        p = who("k382", "K")
        with kamstrup.Meter(PROGRAM, p, ports=("tcp",)) as outer:
            file = os.path.join(outer.folder.name, "nvm")
            with kamstrup.Meter(PROGRAM, p, *STILL, "--nvm", file, ports=("tcp",)) as meter:
                before = kamstrup.Kmp(meter.open("tcp")).registers([1, 3, 0x27, 0x3ec])
                log = meter.core_log(6)
                self.assertGreater(len(log), 200)
            with kamstrup.Meter(PROGRAM, p, "--clock", CLOCK, "--speed", "0.001", "--nvm", file, ports=("tcp",)) as meter:
                self.assertEqual(kamstrup.Kmp(meter.open("tcp")).registers([1, 3, 0x27, 0x3ec]), before)
                after = meter.core_log(6)
                self.assertEqual({i: after[i] for i in log}, log)


unittest.main()
