#!/usr/bin/env python3
"""Kamstrup meters over KMP with --line-timing, as ratios:

  line      elapsed time of a whole load profile (175 days, 4 registers) / the time that its bytes take at
            9600 baud with 11 bits each, from the first request of the log to the last byte
  again     bytes of a second read-out, for what is new alone / bytes of the first
  identify  seconds on the line until the meter is known, on a port never seen before, over the limit: 3 s
            at 9600 baud, 6 s at 1200

Exit 1 when a ratio is over its limit: these do not depend on the speed of the machine.
Usage: MW=... MW_REFMETER=... bench_kamstrup.py
"""
import os
import re
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
sys.path.insert(0, os.path.join(HERE, "..", "independent"))
import harness  # noqa: E402
import kamstrup_meter as kamstrup  # noqa: E402

LIMIT = 1.08
AGAIN = 0.02
BITS, BAUD = 11, 9600
RECORD = re.compile(r"^(\d+\.\d+) ([<>#=]) (.*)$")


def traffic(path, log=False):
    """Seconds from the first byte sent (LOG: of the first log request) to the last one received, and bytes."""
    begin, end, n = None, 0.0, 0
    for line in open(path):
        m = RECORD.match(line)
        if not m or m[2] not in "<>":
            continue
        octets = m[3].split("  ;")[0].split()
        if begin is None and m[2] == ">" and (not log or octets[2:3] in (["A0"], ["A2"], ["A3"], ["B8"])):
            begin = float(m[1])
        if begin is not None:
            n, end = n + len(octets), float(m[1])
    return end - begin, n


class Bench(harness.Case):
    def who(self, name):
        return next(p for p in kamstrup.personalities() if p.name == name)

    def profile(self, lines):
        with kamstrup.Meter(harness.REFMETER, self.who("k382 J"), "--history", "175d", "--line-timing", ports=("optical",)) as meter:
            uri = f"serial:{meter.path['optical']}"
            first, second = self.file("first.trace"), self.file("second.trace")
            document = self.json("log", uri, "load-profile", "--trace", first, timeout=900)
            self.mw("log", uri, "load-profile", "--new", "--trace", second)
        seconds, n = traffic(first, log=True)
        wire = n * BITS / BAUD
        rows, days = len(document["entries"]), 175
        lines.append(f"kamstrup: {rows} rows x {len(document['columns'])} registers of {days} days, {n} bytes on the wire in "
                     f"{seconds:.2f} s at {BAUD} baud")
        self.assertEqual(rows, days * 24)
        self.assertEqual(len(document["columns"]), 4)
        return {"line": (seconds / wire, LIMIT), "again": (traffic(second, log=True)[1] / n, AGAIN)}

    def identify(self, name, port, limit, lines):
        with kamstrup.Meter(harness.REFMETER, self.who(name), "--line-timing", ports=(port,)) as meter:
            trace = self.file("identify.trace")
            uri = f"serial:{meter.path[port]}" + ("?mode=module" if port == "module" else "")
            self.mw("identify", uri, "--trace", trace, "--no-save")
        seconds, n = traffic(trace)
        os.remove(trace)
        lines.append(f"kamstrup: {name} at the {port} port known after {seconds:.2f} s and {n} bytes")
        return seconds / limit, 1.0

    def runTest(self):
        lines = []
        ratios = self.profile(lines)
        for name, port, limit in (("k382 J", "optical", 3), ("k382 L", "optical", 3), ("omnipower-3p N1", "optical", 3),
                                  ("k351b B", "optical", 3), ("k382 B", "optical", 6), ("k162 E", "optical", 6),
                                  ("k382 J", "module", 6), ("k382 K", "module", 6)):
            ratios[f"identify {name} {port}"] = self.identify(name, port, limit, lines)
        for name, (ratio, limit) in ratios.items():
            lines.append(f"kamstrup {name:32} {ratio:.3f}  (limit {limit:.2f})")
        print("\n".join(lines), flush=True)
        for name, (ratio, limit) in ratios.items():
            self.assertLessEqual(ratio, limit, name)


if __name__ == "__main__":
    result = harness.unittest.TextTestRunner(stream=sys.stderr).run(Bench())
    sys.exit(not result.wasSuccessful())
