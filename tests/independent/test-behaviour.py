#!/usr/bin/env python3
"""What the reference meter does over time and to what is done to it, by the Mx381 manual, as an
independent client sees it.  Usage: test-behaviour.py MW-REFMETER"""
import json
import os
import select
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dlms_peer as peer

PROGRAM = sys.argv.pop(1)

STANDARD, FRAUD, SWITCHING, QUALITY = (f"0-0:99.98.{n}.255" for n in (0, 1, 2, 4))
CLOCK, PROFILE, PROFILE2, BILLING = "0-0:1.0.0.255", "1-0:99.1.0.255", "1-0:99.2.0.255", "0-0:98.1.0.255"


def name(obis):
    return bytes(int(x) for x in obis.replace("-", ".").replace(":", ".").split("."))


def structure(*items):
    return b"\x02" + bytes([len(items)]) + b"".join(items)


def array(*items):
    return b"\x01" + bytes([len(items)]) + b"".join(items)


def u8(v):
    return b"\x11" + bytes([v])


def u16(v):
    return b"\x12" + struct.pack(">H", v)


def u32(v):
    return b"\x06" + struct.pack(">I", v)


def at(*civil, **more):
    return peer.octets(peer.date_time(*civil, **more))


def columns(*attributes):
    return array(*[structure(u16(c), peer.octets(name(o)), b"\x0f" + bytes([a]), u16(0)) for c, o, a in attributes])


class Meter:
    """A reference meter and a management client of it."""

    def __init__(self, *arguments, model="mt381", clock="2026-03-31T10:07:30+02:00"):
        self.pipes = []
        self.process = subprocess.Popen([PROGRAM, "--model", model, "--tcp", "0", "--clock", clock, *arguments],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.ready = json.loads(self.process.stdout.readline())
        self.port = next(p["port"] for p in self.ready["ports"] if p["kind"] == "tcp")
        self.client = self.connect()

    def connect(self):
        self.pipes.append(peer.tcp(self.port))
        client = peer.Client(peer.Wrapper(self.pipes[-1], 1, 1))
        assert client.associate(b"12345678") == 0, (client.result, client.diagnostic)
        return client

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pipe in self.pipes:
            pipe.close()
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()

    def read(self, *what):
        return self.client.read(*what)

    def set(self, *what):
        return self.client.set(*what)

    def action(self, class_id, obis, method, data=b"\x0f\x00"):
        """The action-result: 0 is success."""
        c = self.client
        c.invoke = (c.invoke + 1) & 0xF
        answer = c.transport.exchange(bytes([0xC3, 1, 0xC0 | c.invoke]) + struct.pack(">H", class_id) + name(obis)
                                      + bytes([method, 1]) + data)
        assert answer[:2] == b"\xc7\x01", answer.hex()
        return answer[3]

    def say(self, line):
        self.process.stdin.write(line.encode() + b"\n")

    def ask(self, line):
        self.say(line)
        if not select.select([self.process.stdout], [], [], 10)[0]:
            raise AssertionError("no answer to " + line)
        return self.process.stdout.readline().decode().rstrip("\n")

    def local(self):
        t = self.read(8, CLOCK, 2)
        return (struct.unpack(">H", t[:2])[0], t[2], t[3], t[5], t[6], t[7])

    def until(self, *civil):
        """Let simulated time pass."""
        self.wait(lambda: self.local() >= civil)

    def wait(self, condition):
        end = time.monotonic() + 60
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"not after 60 s, at {self.local()}")
            time.sleep(0.02)

    def codes(self, log=STANDARD):
        return [row[1] for row in self.read(7, log, 2)]


class Profiles(unittest.TestCase):
    def test_clock_onto_boundary(self):
        """adjust_to_quarter ends a period: it has its record, marked (Table 42)."""
        with Meter() as meter:
            self.assertEqual(meter.action(8, CLOCK, 1), 0)
            self.assertEqual(meter.local()[3:5], (10, 15))
            rows = meter.read(7, PROFILE, 2)
            self.assertEqual([(r[0][5:8], r[1]) for r in rows], [(bytes([10, 15, 0]), 0x2C)])  # CAD, DST, DNV
            self.assertEqual(meter.codes(), [4, 5])

    def test_changes_clear_and_say_so(self):
        with Meter("--history", "1d") as meter:
            count = meter.read(7, PROFILE, 7)
            self.assertGreater(count, 90)
            self.assertEqual(meter.set(7, PROFILE, 4, u32(900)), 0)  # as it is
            self.assertEqual(meter.read(7, PROFILE, 7), count)
            self.assertEqual(meter.codes(), [])
            self.assertEqual(meter.set(7, PROFILE, 4, u32(1800)), 0)
            self.assertEqual(meter.read(7, PROFILE, 7), 0)
            self.assertEqual(meter.set(7, PROFILE2, 3, columns((8, CLOCK, 2), (3, "1-0:32.7.0.255", 2))), 0)
            self.assertEqual(meter.read(7, PROFILE2, 7), 0)
            self.assertEqual(meter.codes(), [254, 47, 254, 47])
            self.assertEqual(meter.action(7, STANDARD, 1), 0)
            self.assertEqual(meter.codes(), [255])
            self.assertNotEqual(meter.action(7, PROFILE, 2), 0)  # capture: not supported for load profiles


class Scripts(unittest.TestCase):
    def test_meter_reset_is_locked(self):
        with Meter("--history", "1d") as meter:
            energy = meter.read(3, "1-0:1.8.0.255", 2)
            self.assertNotEqual(meter.action(9, "0-0:10.0.0.255", 1, u16(1)), 0)
            self.assertGreaterEqual(meter.read(3, "1-0:1.8.0.255", 2), energy)
            meter.say("cover open")
            time.sleep(0.2)
            self.assertEqual(meter.action(9, "0-0:10.0.0.255", 1, u16(1)), 0)
            self.assertLess(meter.read(3, "1-0:1.8.0.255", 2), energy)

    def test_schedule_types(self):
        """Blue Book, class 22: 1 one time, 2 and 3 the same time, 4 and 5 different times; 3 and 5 with wildcards."""
        def entry(hour, date):
            return structure(peer.octets(bytes([hour, 0, 0, 0])), peer.octets(bytes.fromhex(date)))
        day1, day2, any_day = "07ea0401ff", "07ea0402ff", "ffffffffff"
        with Meter() as meter:
            for times, kind in (([(11, any_day)], 1), ([(11, day1), (11, day2)], 2), ([(11, day1), (11, "ffffff02ff")], 3),
                                ([(11, day1), (12, day2)], 4), ([(11, any_day), (12, any_day)], 5)):
                self.assertEqual(meter.set(22, "0-0:15.1.0.255", 4, array(*[entry(*t) for t in times])), 0)
                self.assertEqual(meter.read(22, "0-0:15.1.0.255", 3), kind, times)


class Limits(unittest.TestCase):
    def test_thresholds_have_the_type_of_what_is_watched(self):
        """Blue Book, classes 21 and 71; manual 6.10.2 watches 31.4.0 (A), 6.10.3 31.7.0 (0.01 A)."""
        monitor, limiter = "1-0:31.4.0.255", "0-0:17.0.0.255"

        def watch(class_id, obis):
            return structure(u16(class_id), peer.octets(name(obis)), b"\x0f\x02")
        with Meter() as meter:
            self.assertEqual(meter.set(21, monitor, 2, array(u32(5))), 12)  # type unmatched
            self.assertEqual(meter.set(21, monitor, 2, array(u16(5))), 0)
            self.assertEqual(meter.set(21, monitor, 3, watch(3, "1-0:31.7.0.255")), 0)
            self.assertEqual(meter.set(21, monitor, 2, array(u16(5))), 12)
            self.assertEqual(meter.set(21, monitor, 2, array(u32(70000))), 0)
            self.assertEqual(meter.client.get(21, monitor, 2), array(u32(70000)))
            self.assertEqual(meter.client.get(71, limiter, 3), u32(30600))
            self.assertEqual(meter.set(71, limiter, 2, watch(5, "1-0:16.24.0.255")), 0)
            self.assertEqual(meter.set(71, limiter, 4, u32(100)), 12)
            self.assertEqual(meter.set(71, limiter, 4, b"\x05\xff\xff\xff\x9c"), 0)  # -100 W net
            self.assertEqual(meter.client.get(71, limiter, 3), b"\x05\xff\xff\xff\x9c")


class Console(unittest.TestCase):
    def test_strings(self):
        """Manual 4.4.1.12 to 4.4.1.14: identification, signature and text move through the eight digits."""
        with Meter("--speed", "20") as meter:
            core = meter.read(1, "1-0:0.2.0.255", 2).decode()
            signature = meter.read(1, "1-0:0.2.8.255", 2).hex().upper().replace("B", "b").replace("D", "d")
            for obis, shown, label in (("1-0:0.2.0.255", core, "1.0.0.2.0"), ("1-0:0.2.8.255", signature, "1.0.0.2.8")):
                self.assertEqual(meter.set(7, "0-0:21.0.1.255", 3, columns((1, obis, 2))), 0)
                seen = set()
                for _ in range(30):
                    code, text = meter.ask("lcd").split(" ", 1)
                    self.assertEqual(code, label)
                    self.assertIn(text, shown)
                    self.assertEqual(len(text), 8)
                    seen.add(text)
                    time.sleep(0.05)
                self.assertGreater(len(seen), 3)

    def test_formats(self):
        with Meter() as meter:
            for value, result in ((0x60, 0), (0x83, 0), (0x67, 250), (0x93, 250), (0x33, 250), (0x42, 0)):
                self.assertEqual(meter.set(1, "0-0:196.1.0.255", 2, u8(value)), result, hex(value))


class Configuration(unittest.TestCase):
    def test_pulse_functions(self):
        with Meter() as meter:  # Table 4: none, |A|, |R|, |S|
            for value, result in ((23, 0), (26, 0), (33, 0), (24, 250), (0, 0)):
                self.assertEqual(meter.set(1, "0-0:196.3.6.255", 2, u32(value)), result)

    def test_lock_switch(self):
        with Meter() as meter:  # manual 6.13.1.3: bit 8
            self.assertEqual(meter.client.get(1, "0-0:96.2.4.255", 2), u16(0x100))
            meter.say("cover open")
            time.sleep(0.2)
            self.assertEqual(meter.read(1, "0-0:96.2.4.255", 2) & 0x100, 0)
            self.assertEqual(meter.read(1, "0-0:96.3.1.255", 2) & 0x8000, 0)  # Table 32


class Measuring(unittest.TestCase):
    def test_running_average_of_period_3(self):
        """Class 5: the current average has the energy of the period so far over all of the period."""
        with Meter("--speed", "60", clock="2026-03-31T10:00:00+02:00") as meter:
            meter.say("load L 10")
            meter.until(2026, 3, 31, 10, 3, 0)
            seen = [(meter.read(5, "1-0:1.24.0.255", 2), meter.read(5, "1-0:1.24.0.255", 3)) for _ in range(40)
                    if not time.sleep(0.02)]
            last = seen[-1][1]
            self.assertGreater(last, 6000)
            self.assertLess(min(running for running, _ in seen), last / 2)
            self.assertLessEqual(max(running for running, _ in seen), last * 1.05)
            self.assertGreater(len({running for running, _ in seen}), 5)


class Tariffs(unittest.TestCase):
    def test_calendar_and_special_day(self):
        """Manual 5.4: actions of the day switch masks, registers and the active tariff; a special day has its own."""
        def action(hour, script):
            return structure(peer.octets(bytes([hour, 0, 0, 0])), peer.octets(name("0-0:10.0.100.255")), u16(script))
        calendar = "0-0:13.0.0.255"
        with Meter("--speed", "14400", clock="2026-03-31T00:10:00+02:00") as meter:
            meter.say("load L 10")
            for attribute, value in (
                    (6, peer.octets(b"AUDIT")),
                    (7, array(structure(peer.octets(b"S"), peer.octets(bytes.fromhex("ffff0101ff000000ff8000ff")),
                                        peer.octets(b"W")))),
                    (8, array(structure(peer.octets(b"W"), *[u8(1)] * 7))),
                    (9, array(structure(u8(1), array(action(0, 3), action(18, 5))), structure(u8(2), array(action(0, 4)))))):
                self.assertEqual(meter.set(20, calendar, attribute, value), 0)
            self.assertEqual(meter.set(11, "0-0:11.0.0.255", 2,
                                       array(structure(u16(1), peer.octets(bytes.fromhex("07ea0401ff")), u8(2)))), 0)
            self.assertEqual(meter.action(20, calendar, 1), 0)
            self.assertEqual(meter.codes().count(19), 4)
            self.assertEqual(meter.codes()[-1], 9)
            self.assertEqual(meter.read(1, "0-0:96.14.0.255", 2), b"\0\3")
            meter.until(2026, 4, 2, 12)
            energy = [meter.read(3, f"1-0:1.8.{t}.255", 2) for t in range(9)]
            self.assertTrue(6000 * 6 <= energy[5] <= 7000 * 6.1, energy)  # 18 to 24 h
            self.assertTrue(6000 * 24 <= energy[4] <= 7000 * 24.1, energy)  # all of 1 April
            self.assertEqual([energy[t] for t in (6, 7, 8)], [0, 0, 0])
            self.assertEqual(meter.read(6, "0-0:14.0.1.255", 4), b"\0\3")
            self.assertEqual(meter.read(1, "1-0:0.1.0.255", 2), 1)  # end of March
            bill = meter.read(7, BILLING, 2)
            self.assertEqual([row[0][2:9] for row in bill], [bytes([4, 1, 3, 0, 0, 0, 0])])
            self.assertIn(231, meter.codes())


class Logs(unittest.TestCase):
    def test_quality_and_fraud(self):
        """Tables 45 and 46; fraud events hold themselves off for 15 minutes (manual 6.5.4)."""
        with Meter("--speed", "600") as meter:
            for line in ("voltage L1 260", "voltage L2 190", "voltage L3 100", "magnet on", "magnet off", "magnet on"):
                meter.say(line)
            meter.wait(lambda: len(meter.codes(QUALITY)) >= 3)
            self.assertEqual(sorted(meter.codes(QUALITY)), [77, 79, 84])
            self.assertEqual(meter.codes(FRAUD), [42, 43])
            meter.say("voltage auto")
            meter.wait(lambda: len(meter.codes(QUALITY)) >= 6)
            self.assertEqual(sorted(meter.codes(QUALITY)[3:]), [85, 86, 87])
            self.assertEqual(meter.codes(), [234, 237])


class Clock(unittest.TestCase):
    def test_years(self):
        """Records count from 2000, the display shows two digits of the year."""
        with Meter() as meter:
            for civil in ((1999, 12, 31, 12), (2100, 1, 1), (2026, 2, 30, 1)):
                self.assertEqual(meter.set(8, CLOCK, 2, at(*civil)), 250)
            self.assertEqual(meter.local()[:3], (2026, 3, 31))
            self.assertEqual(meter.set(8, CLOCK, 2, at(2099, 6, 15, 12)), 0)
            self.assertEqual(meter.local()[:4], (2099, 6, 15, 12))


class Memory(unittest.TestCase):
    def refused(self, *arguments):
        done = subprocess.run([PROGRAM, "--tcp", "0", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=10)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr.decode()

    def test_restart(self):
        """What was set, counted and logged is there after a stop, and after SIGKILL what was committed."""
        with tempfile.TemporaryDirectory() as folder:
            memory = ("--nvm", os.path.join(folder, "memory"))
            with Meter("--history", "1d", *memory) as meter:
                self.assertIn("another meter is running", self.refused("--model", "mt381", *memory))
                self.assertEqual(meter.set(1, "0-0:96.1.1.255", 2, peer.octets(b"HOUSE 7")), 0)
                energy, rows = meter.read(3, "1-0:1.8.0.255", 2), meter.read(7, PROFILE, 7)
            self.assertIn("another model", self.refused("--model", "me381", *memory))
            with Meter(*memory, clock="2026-03-31T10:20:00+02:00") as meter:
                self.assertEqual(meter.read(1, "0-0:96.1.1.255", 2), b"HOUSE 7")
                self.assertGreaterEqual(meter.read(3, "1-0:1.8.0.255", 2), energy)
                self.assertEqual(meter.read(7, PROFILE, 7), rows + 1)  # the period that was interrupted
                self.assertEqual(meter.read(7, PROFILE, 2)[-1][1] & 0x80, 0x80)  # PDN
                self.assertIn(1, meter.codes())
                self.assertEqual(meter.codes()[-1], 2)
                self.assertEqual(meter.set(1, "0-0:96.1.2.255", 2, peer.octets(b"KILLED")), 0)
                time.sleep(0.3)
                meter.process.kill()
                meter.process.wait(20)
            with Meter(*memory, clock="2026-03-31T10:25:00+02:00") as meter:
                self.assertEqual(meter.read(1, "0-0:96.1.2.255", 2), b"KILLED")
                self.assertEqual(meter.codes()[-2:], [1, 2])


class Links(unittest.TestCase):
    def test_overlong_apdu(self):
        """What no buffer of the meter holds ends the connection; it does not leave it deaf."""
        with Meter() as meter:
            with self.assertRaisesRegex((peer.PeerError, OSError), "closed|reset|Broken pipe"):
                meter.set(1, "0-0:96.13.0.255", 2, b"\x09\x82" + struct.pack(">H", 4000) + b"a" * 4000)
            self.assertEqual(meter.connect().read(1, "0-0:42.0.0.255", 2)[:3], b"ISK")


if __name__ == "__main__":
    unittest.main()
