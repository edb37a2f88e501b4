#!/usr/bin/env python3
"""The matrix: every Kamstrup meter of the catalogue on every port by every protocol that it speaks: mw
identifies it, reads every register and every logger, and each value equals what the meter's core holds.

What the core holds comes from mw-refmeter's own commands (dump, log); what a register must show of it is
worked out by tests/independent/kamstrup_meter.py, which shares nothing with protocols/ or src/.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
import kamstrup_meter as kamstrup  # noqa: E402
import harness  # noqa: E402

NORMAL = 3600  # the meter's place, local less UTC; mw runs in UTC and takes that for it
CLOCK, DST = "2026-07-01T10:07:30+02:00", 7200
STILL = ("--clock", CLOCK, "--speed", "0.001", "--history", "5d", "--scenario", "pv", "--serial", "12345678")
LOGGED = {"EVENT", "OLD", "NEW", "OLD_RTC"}
# Base unit and power of ten of the units of KMP, and what mw calls them.
UNITS = {1: ("Wh", 0), 2: ("Wh", 3), 13: ("varh", 0), 14: ("varh", 3), 17: ("VAh", 0), 18: ("VAh", 3), 21: ("W", 0), 22: ("W", 3),
         25: ("var", 0), 26: ("var", 3), 29: ("VA", 0), 30: ("VA", 3), 33: ("V", 0), 34: ("A", 0), 46: ("h", 0), 51: ("", 0),
         58: ("min", 0), 60: ("s", 0), 62: ("d", 0), 67: ("Hz", 0), 69: ("%", 0)}
WORKERS = 6


def decimal(number, exponent):
    if exponent >= 0:
        return str(number * 10 ** exponent)
    digits = str(abs(number)).rjust(1 - exponent, "0")
    return ("-" if number < 0 else "") + digits[:exponent] + "." + digits[exponent:]


def clock_of(octets):
    flags, _, s, m, h, d, month, y = octets
    return f"20{y:02}-{month:02}-{d:02}T{h:02}:{m:02}:{s:02}" if any(octets) else ""


def shown(register, value):
    """(text, unit) as mw has to show what a register says as VALUE (unit, SiEx, octets)."""
    unit, siex, octets = value
    kind = register.get("kind", "number")
    number = int.from_bytes(octets, "big")
    if kind == "rtc":
        return clock_of(octets), ""
    if kind == "text":
        return octets.decode().rstrip(" \0"), ""
    if kind == "octets":
        return (str(number) if unit == 0 and len(octets) <= 4 else octets.hex().upper()), ""
    if kind == "time":
        return f"{number // 10000:02}:{number // 100 % 100:02}:{number % 100:02}", ""
    if kind == "date":
        return (f"20{number // 10000:02}-{number // 100 % 100:02}-{number % 100:02}" if number else None), ""
    if unit in (0, 59):
        return str(number), ""
    name, power = UNITS[unit]
    exponent = (siex & 0x3f) * (-1 if siex & 0x40 else 1)
    return decimal(-number if siex & 0x80 else number, exponent + power), name


def word(register):
    return register.get("obis") or "kmp:" + register.get("id").lstrip("0")


class Bench:
    """mw with a database of its own against one meter."""

    def __init__(self, test, folder):
        self.test, self.db = test, os.path.join(folder, "m.db")

    def run(self, *args):
        done = subprocess.run([harness.MW, "--json", *args, "--db", self.db], capture_output=True, text=True, timeout=100,
                              env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"})
        self.test.assertEqual(done.returncode, 0, f"{args}\n{done.stderr}")
        return json.loads(done.stdout)


class Matrix(unittest.TestCase):
    maxDiff = 300

    def meter(self, p):
        """All of one meter; what is wrong with it."""
        wrong = []
        with tempfile.TemporaryDirectory() as folder, kamstrup.Meter(harness.REFMETER, p, *STILL) as meter:
            mw = Bench(self, folder)
            core = meter.core()
            uris = {"optical": f"serial:{meter.path['optical']}", "module": f"serial:{meter.path['module']}?mode=module",
                    "tcp": f"tcp:127.0.0.1:{meter.port}"}
            for check in (self.identities, self.registers, self.loggers, self.iec, self.dlms):
                try:
                    check(p, mw, uris, meter, core)
                except Exception as e:  # noqa: BLE001
                    wrong.append(f"{p.name} {check.__name__}: {e}")
        return wrong

    def identities(self, p, mw, uris, meter, core):
        number = p.element.get("type-number")
        for port, uri in uris.items():
            about = mw.run("identify", uri)
            self.assertEqual(about["protocols"], ["kmp"], port)
            self.assertEqual(about["meter"]["serial"], "12345678", port)
            self.assertEqual(about["meter"]["manufacturer"], "Kamstrup", port)
            self.assertEqual(about["meter"]["type"].replace("-", ""), number, port)
            self.assertEqual(about["meter"]["firmware"], p.element.get("revision"), port)
            if port != "tcp":
                self.assertIn(f" {p.baud[port]} ", about["port"])

    def registers(self, p, mw, uris, meter, core):
        readable = {i: e for i, e in p.registers.items() if e.get("access") != "w" and e.get("bind") not in LOGGED and i in core}
        words = {(word(e), e.get("name")): i for i, e in readable.items()}
        self.assertEqual(len(words), len(readable), "two registers with one name")
        got = {(r["obis"], r["name"]): r for r in mw.run("read", uris["tcp"])["readings"]}
        self.assertEqual(sorted(got), sorted(words))
        for name, i in words.items():
            summer = readable[i].get("bind") == "RTC"
            value = kamstrup.expected(readable[i], core[i], DST if summer else NORMAL, summer)
            text, unit = shown(readable[i], value)
            if text is not None:
                self.assertEqual((got[name]["value"], got[name].get("unit", "")), (text, unit), f"{name} {i:x} {value}")
        few = [n for n, i in sorted(words.items())[::9] if readable[i].get("kind") != "rtc"]
        again = {r["obis"]: r["value"] for r in mw.run("read", uris["optical"], *(n[0] for n in few))["readings"]}
        self.assertEqual(again, {n[0]: got[n]["value"] for n in few})

    def entries(self, p, logger, number, meter):
        columns = next(c for c in logger.findall("columns") if p.has(c)).get("registers").split()
        ids = [i for i in (int(c, 16) for c in columns) if i in p.registers]
        out = []
        for entry, (utc, status, values) in sorted(meter.core_log(number).items()):
            row = [time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(utc + NORMAL))]
            for i in ids[1:]:
                e = p.registers[i]
                text, _ = shown(e, kamstrup.expected(e, values[e.get("bind")], NORMAL))
                row.append((text or None) if e.get("kind") == "rtc" else text)
            out.append(row)
        return [word(p.registers[i]) for i in ids[1:]], out

    def document(self, mw, uri, name, *args):
        got = mw.run("log", uri, name, *args)
        strip = lambda v: v[:19] if isinstance(v, str) and v.endswith("+00:00") else v  # noqa: E731
        return [c["obis"] for c in got["columns"]], [[strip(e["time"]), *map(strip, e["values"])] for e in got["entries"]]

    def loggers(self, p, mw, uris, meter, core):
        for number, logger in p.loggers.items():
            name = logger.get("id")
            columns, rows = self.entries(p, logger, number, meter)
            got = self.document(mw, uris["tcp"], name, "--new")
            self.assertEqual(got[1], rows, name)
            if not rows:
                continue
            self.assertEqual(got[0], columns, name)
            self.assertEqual(self.document(mw, uris["tcp"], name, "--new")[1], [], name)
            port = uris["optical" if name == "load-profile" else "tcp"]
            last = min(5, len(rows))
            self.assertEqual(self.document(mw, port, name, "--last", str(last))[1], rows[-last:], name)
            first, end = rows[len(rows) // 3][0], rows[len(rows) // 2][0]
            few = [r for r in rows if first <= r[0] <= end]
            self.assertEqual(self.document(mw, uris["tcp"], name, "--from", first + "Z", "--to", end + "Z")[1], few, name)

    def iec(self, p, mw, uris, meter, core):
        if "iec" not in p.protocols:
            return
        lines = {}
        for line in p.lines:
            i = int(line.get("register"), 16)
            if i in core:
                lines[line.get("code")] = i
        self.assertTrue(lines)
        about = mw.run("identify", uris["optical"] + "?protocol=iec")
        self.assertEqual((about["protocols"], about["meter"]["manufacturer"]), (["iec"], "Kamstrup"))
        got = mw.run("do", uris["optical"], "iec1107-request")["readings"]
        self.assertEqual(len(got), len(lines), [r["obis"] for r in got])
        energy = next(r for r in got if r["obis"].endswith("1.8.0.255"))
        wh = int(kamstrup.expected(p.registers[1], core[1], 0)[2].hex(), 16)
        siex = kamstrup.expected(p.registers[1], core[1], 0)[1]
        exponent = (siex & 0x3f) * (-1 if siex & 0x40 else 1)
        self.assertEqual(int(float(energy["value"])) // 1000, int(wh * 10.0 ** exponent), energy)

    def dlms(self, p, mw, uris, meter, core):
        if "dlms" not in p.protocols:
            return
        about = mw.run("identify", uris["optical"] + "?protocol=dlms")
        self.assertEqual((about["protocols"], about["meter"]["family"]), (["dlms"], "kamstrup-omnipower"))
        self.assertEqual(about["meter"]["serial"], "12345678")
        got = {r["obis"]: r for r in mw.run("read", uris["optical"] + "?protocol=dlms")["readings"]}
        compared = 0
        for i, e in p.registers.items():
            if not e.get("obis") or i not in core or e.get("kind", "number") != "number" or e.get("obis") not in got:
                continue
            text, unit = shown(e, kamstrup.expected(e, core[i], NORMAL))
            here = got[e.get("obis")]
            if here.get("unit", "") != unit or not re.fullmatch(r"-?[0-9.]+", here["value"]):
                continue
            coarse = max(10.0 ** -len(v.partition(".")[2]) for v in (text, here["value"]))
            self.assertLess(abs(float(text) - float(here["value"])), coarse, f"{e.get('obis')} {text} {here['value']}")
            compared += 1
        self.assertGreater(compared, 30)
        rows = self.document(mw, uris["optical"] + "?protocol=dlms", "load-profile", "--last", "4")
        self.assertEqual(len(rows[1]), 4)

    def test_all(self):
        everybody = kamstrup.personalities()
        only = os.environ.get("MW_ONLY")
        everybody = [p for p in everybody if not only or p.name.startswith(only)]
        self.assertGreaterEqual(len(everybody), 1 if only else 20)
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            wrong = [w for result in pool.map(self.meter, everybody) for w in result]
        self.assertFalse(wrong, "\n" + "\n".join(w.replace("\n", " ")[:260] for w in wrong))


if __name__ == "__main__":
    harness.main()
