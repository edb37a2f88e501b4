#!/usr/bin/env python3
"""Every Kamstrup meter of the catalogue as mw-refmeter plays it: identified on every port, every
register and every entry of every logger equal to what its core holds, by a client that shares
nothing with protocols/.  Usage: test-kamstrup.py MW-REFMETER"""
import os
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kamstrup_meter as kamstrup
import kmp_peer

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
        secret = {i for i, e in p.registers.items() if e.get("access") == "w"}
        self.assertEqual(sorted(readable), sorted(set(core) - secret), "the core has a value for each register")
        self.assertEqual(kmp.registers(sorted(secret)[:8]), {}, "what is only written is not read")
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
                got = kmp.whole_log(number, ids, min(entries, default=1))
                self.assertEqual(sorted(got), sorted(entries))
                if p.variant:  # OMNIPOWER has B8, too
                    self.assertEqual(kamstrup.Kmp(kmp.pipe, wide=True).whole_log(number, ids, min(entries, default=1)), got)
                for entry, (utc, status, values) in entries.items():
                    for i in ids:
                        bind = p.registers[i].get("bind")
                        own = (utc, 0, status) if bind == "RTC" else values[bind]
                        self.assertEqual(got[entry][i], kamstrup.expected(p.registers[i], own, NORMAL), f"{p.name} log {number} {entry} {i:x}")

    def test_periodic_loggers_have_entries(self):
        with kamstrup.Meter(PROGRAM, who("k382", "J"), *STILL, ports=("tcp",)) as meter:
            self.assertEqual(len(meter.core_log(6)), 12 * 24)
            self.assertEqual(len(meter.core_log(1)), 1)


class ReadOut(unittest.TestCase):
    """METERTOOL manual 3.5.5."""

    def lines(self, p, core):
        return [kamstrup.shown_line(line, p.registers[int(line.get("register"), 16)], core[int(line.get("register"), 16)]) for line in p.lines]

    def test_head(self):
        for model, generation in (("k382", "C"), ("k382", "J"), ("k351b", "B"), ("omnipower-3p", "N1")):
            p = who(model, generation)
            with self.subTest(p.name), kamstrup.Meter(PROGRAM, p, *STILL, ports=("optical",)) as meter:
                pipe = meter.open("optical")
                self.assertEqual(kamstrup.Kmp(pipe).identity()[0], p.type)
                iec = kamstrup.Iec(pipe, True)
                self.assertEqual(iec.open().replace("\\2", ""), "/" + p.element.get("iec"))
                if p.element.get("iec")[3] != " ":  # else mode A: the read-out follows
                    iec.option(p.element.get("iec")[3].encode(), b"0")
                self.assertEqual(iec.block(), "".join(line + "\r\n" for line in self.lines(p, meter.core())) + "!\r\n")
                pipe.speed(p.baud["optical"])
                self.assertIsNotNone(next(filter(None, (kamstrup.Kmp(pipe).ask(b"\x01", 0.5) for _ in range(10))), None), "at rest it speaks KMP again")

    def test_module_port(self):
        p = who("k382", "K")
        with kamstrup.Meter(PROGRAM, p, *STILL) as meter:
            iec = kamstrup.Iec(meter.open("module"), True)
            self.assertEqual(iec.open(), "/KAM2" + p.element.get("iec")[4:], "no further than 1200")
            iec.option(b"2", b"0")
            whole = iec.block()
            self.assertEqual(whole, "".join(line + "\r\n" for line in self.lines(p, meter.core())) + "!\r\n")
            through = kamstrup.Iec(meter.open("tcp"), False)  # a transparent module: the first byte decides
            self.assertEqual(through.open()[:4], "/KAM")
            self.assertEqual(kamstrup.Kmp(meter.open("tcp")).identity()[0], p.type)

    def test_programming(self):
        p = who("k382", "K")
        with kamstrup.Meter(PROGRAM, p, *STILL, "--serial", "12345678", ports=("tcp",), framing="iec") as meter:
            iec = kamstrup.Iec(meter.open("tcp"), False)
            iec.send(b"/?99999999!\r\n")
            self.assertEqual(iec.pipe.read(0.5), b"", "another device")
            self.assertEqual(iec.open(b"12345678"), "/" + p.element.get("iec"))
            iec.option(b"5", b"1")
            self.assertEqual(iec.until(b"\x03", 1)[:7], b"\x01P0\x02()\x03")
            iec.message("\x01P1\x02(12345)")
            self.assertEqual(iec.until(b"\x06"), b"\x06")
            core = meter.core()
            for line in p.lines:
                iec.message(f"\x01R1\x02{line.get('code')}()")
                want = kamstrup.shown_line(line, None, core[int(line.get("register"), 16)])
                self.assertEqual(iec.block(), want[want.index("("):])
            iec.message("\x01R1\x02" + "9.99.9()")
            self.assertEqual(iec.block(), "(ER03)")
            iec.message("\x01W1\x02" + "1.8.0(1)")
            self.assertEqual(iec.block(), "(ER05)")
            self.written(p, iec, meter)
            iec.send(b"\x01B0\x03q")
            self.assertEqual(iec.open(), "/" + p.element.get("iec"))
            iec.option(b"5", b"1")
            iec.until(b"\x03", 1)
            iec.message("\x01P1\x02(54321)")
            self.assertNotEqual(iec.pipe.read(2)[:1], b"\x06", "a wrong password is not taken")


    def written(self, p, iec, meter):
        """A register with an OBIS code that any port may write."""
        i, e = next((i, e) for i, e in p.registers.items() if e.get("obis") and e.get("access") == "rw" and e.get("kind") is None
                    and int(e.get("max", 0)) > int(e.get("min", 0)) + 2)
        code = e.get("obis").split(":")[1].rsplit(".", 1)[0]
        number, exponent, _ = meter.core()[i]
        other = int(e.get("min", 0)) + 2
        iec.message(f"\x01W1\x02{code}({other}e)")
        self.assertEqual(iec.block(), "(ER12)", "no number")
        shown = f"{other / 10 ** -int(e.get('exponent', 0)):.{-int(e.get('exponent', 0))}f}" if int(e.get("exponent", 0)) else str(other)
        iec.message(f"\x01W1\x02{code}({shown})")
        self.assertEqual(iec.until(b"\x06"), b"\x06", (code, shown))
        unit, siex, octets = kamstrup.expected(e, meter.core()[i], 0)
        self.assertEqual(int.from_bytes(octets, "big"), other)


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

    def test_bus(self):
        """Meters on one line of RS-485: who is called answers (METERTOOL manual 3.4.5.3)."""
        p = who("k382", "K")
        with kamstrup.Meter(PROGRAM, p, "--count", "3", "--address", "5", "--serial", "100", ports=("module",)) as meter:
            line = meter.open("module")
            for address in (5, 6, 7, 6, 5):
                self.assertEqual(kamstrup.Kmp(line, address).identity(), (p.type, p.revision, 95 + address))
            for address in (4, 8, 63):
                self.assertIsNone(kamstrup.Kmp(line, address).ask(b"\x01", 0.15), address)
            iec = kamstrup.Iec(line, True)
            iec.send(b"/?00000101!\r\n")
            self.assertEqual(iec.until(b"\r\n"), ("/KAM2" + p.element.get("iec")[4:]).encode() + b"\r\n")

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
            good = kmp_peer.frame(kmp_peer.TO_METER, 0x3f, b"\x01")
            for damage in (good[:-2] + bytes([good[-2] ^ 1, good[-1]]), b"\x80\x3f\r", b"\x80" * 9, kmp_peer.frame(kmp_peer.TO_METER, 0x3f, b"\x55")):
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

    def test_breaker(self):
        with kamstrup.Meter(PROGRAM, who("k382", "K"), "--speed", "30", ports=("tcp",)) as meter:
            kmp = kamstrup.Kmp(meter.open("tcp"))
            self.assertEqual(kmp.ask(b"\x98")[:2], b"\x98\x04")
            self.assertEqual(kmp.ask(b"\x98")[2] & 0x3f, 0x1f)  # voltage behind, valid, no error, not cut
            self.assertIsNotNone(kmp.ask(b"\x97\x01"))
            self.assertEqual(kmp.ask(b"\x98")[1], 1)
            self.assertEqual(kmp.ask(b"\x98")[2] & 0x27, 0x20)
            self.assertEqual(int.from_bytes(kmp.registers([0x3ff])[0x3ff][2], "big"), 0, "behind an open breaker nothing is drawn")
            self.assertIsNone(kmp.ask(b"\x97\x03", 0.1), "locked for a minute (METERTOOL manual 3.5.4)")
            until = time.monotonic() + 20
            while kmp.ask(b"\x97\x02", 0.1) is None:
                self.assertLess(time.monotonic(), until)
            self.assertEqual(kmp.ask(b"\x98")[1], 8)
            events = meter.core_log(5)
            self.assertGreaterEqual(len(events), 2)
        with kamstrup.Meter(PROGRAM, who("k382", "C"), ports=("tcp",)) as meter:
            self.assertIsNone(kamstrup.Kmp(meter.open("tcp")).ask(b"\x98", 0.15), "generation C has no breaker")

    def test_voltage_limits(self):
        with kamstrup.Meter(PROGRAM, who("k162", "L"), ports=("tcp",)) as meter:
            kmp = kamstrup.Kmp(meter.open("tcp"))
            self.assertEqual(kmp.ask(b"\xa7"), b"\xa7" + (207).to_bytes(2, "big") + (253).to_bytes(2, "big") + b"\x01")
            self.assertIsNotNone(kmp.ask(b"\xa6" + (200).to_bytes(2, "big") + (260).to_bytes(2, "big") + b"\x06"))
            self.assertEqual(kmp.ask(b"\xa7"), b"\xa7" + (200).to_bytes(2, "big") + (260).to_bytes(2, "big") + b"\x06")
            self.assertIsNone(kmp.ask(b"\xa6" + (150).to_bytes(2, "big") + (260).to_bytes(2, "big") + b"\x06", 0.15))

    def test_analysis_columns(self):
        with kamstrup.Meter(PROGRAM, who("k382", "K"), *STILL, ports=("tcp",)) as meter:
            kmp = kamstrup.Kmp(meter.open("tcp"))
            columns = kmp.registers([0x7048])[0x7048][2]
            self.assertEqual(columns[:4], b"\x03\xff\x04\x00")
            self.assertGreater(len(meter.core_log(11)), 0)
            self.assertTrue(kmp.put(12345, 0x7048, 0, 0, b"\x00\x01\x03\xff" + bytes(28)))
            self.assertEqual(kmp.registers([0x7048])[0x7048][2], b"\x00\x01\x03\xff" + bytes(28))
            self.assertEqual(meter.core_log(11), {}, "what it held is gone (METERTOOL manual 3.4.4.1)")
            self.assertFalse(kmp.put(12345, 0x7048, 0, 0, b"\x03\xe9" + bytes(30), seconds=0.15))

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

    def test_reset_and_display(self):
        with kamstrup.Meter(PROGRAM, who("k382", "L"), *STILL, ports=("tcp",)) as meter:
            kmp = kamstrup.Kmp(meter.open("tcp"))
            self.assertEqual(kmp.ask(b"\x86\x04\x1f"), b"")  # SetDisplay: U2
            self.assertTrue(meter.command("lcd", True)[0].startswith("U_L2 "))
            self.assertIsNone(kmp.ask(b"\x86\x6f\xff", 0.15))
            before = kmp.registers([1])
            self.assertEqual(kmp.ask(b"\x07"), b"")
            self.assertEqual(kmp.registers([1]), before, "with what it has")
            self.assertEqual(kmp.ask(b"\x85"), b"")
            self.assertEqual(int.from_bytes(kmp.registers([1])[1][2], "big"), 0)
            self.assertEqual(meter.core_log(6), {})
            self.assertTrue(kmp.registers([0x70ff])[0x70ff][2].startswith(b"REF"), "a reference meter says what it is")

    def test_power_cut(self):
        p = who("k382", "K")
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "nvm")
            with kamstrup.Meter(PROGRAM, p, "--clock", CLOCK, "--nvm", file, "--history", "3d", ports=("tcp",)) as meter:
                energy = meter.core()[1][0]
            for n in (1, 23, 500):
                cut = subprocess.run([PROGRAM, "--model", "k382", "--generation", "K", "--clock", CLOCK, "--nvm", file, "--tcp", "0",
                                      "--speed", "100000", "--power-cut-after", str(n)], stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
                self.assertEqual(cut.returncode, 70, cut.stderr)
                with kamstrup.Meter(PROGRAM, p, "--clock", CLOCK, "--nvm", file, "--speed", "0.001", ports=("tcp",)) as meter:
                    kmp, entries = kamstrup.Kmp(meter.open("tcp")), meter.core_log(6)
                    self.assertGreaterEqual(meter.core()[1][0], energy)
                    energy = meter.core()[1][0]
                    self.assertEqual(list(entries), list(range(min(entries), max(entries) + 1)), n)
                    counted = [v["A14"][0] for _, _, v in entries.values()]
                    self.assertEqual(counted, sorted(counted))
                    self.assertEqual(sorted(kmp.whole_log(6, [0x417, 1], min(entries))), sorted(entries))

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
