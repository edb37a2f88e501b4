#!/usr/bin/env python3
"""A month of load profile through the optical port at 9600 baud, as ratios:

  line    elapsed time / (bytes on the wire x 10 bits / 9600), once the association is open
  bytes   bytes on the wire / bytes of the profile's own A-XDR encoding
  again   bytes on the wire of a second read-out, for what is new alone / those of the first

mw-refmeter runs with --line-timing: a byte takes the time that the line gives it.  Exit 1 when a
ratio is over its limit: these do not depend on the speed of the machine.
Usage: MW=... MW_REFMETER=... bench_optical.py
"""
import os
import re
import sqlite3
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import harness  # noqa: E402

LIMITS = {"line": 1.05, "bytes": 1.08, "again": 0.10}
BAUD = 9600
ZLIB_ANY = 32 + zlib.MAX_WBITS  # with whichever header
RECORD = re.compile(r"^(\d+\.\d+) ([<>#=]) (.*)$")


def traffic(path):
    """Seconds and bytes from the association on to the last byte received; all bytes."""
    begin = end = 0.0
    counted = pending = everything = 0
    for line in open(path):
        m = RECORD.match(line)
        if not m:
            continue
        at, mark, text = float(m[1]), m[2], m[3]
        if mark == "#" and text == "associated":
            begin, counted, pending = at, 0, 0
        if mark in "<>":
            n = len(text.split("  ;")[0].split())
            everything += n
            pending += n
            if mark == "<":
                end, counted, pending = at, counted + pending, 0
    return end - begin, counted, everything


class Bench(harness.Case):
    def runTest(self):
        ratios, lines = {}, []
        with harness.Meter(self.folder, "--history", "30d", "--line-timing", optical=True, tcp=False) as meter:
            first, second = self.file("first.trace"), self.file("second.trace")
            document = self.json("log", meter.optical, "load-profile", "--trace", first)
            with sqlite3.connect(self.db) as db:
                deflated, answer = db.execute("select deflated, bytes from raw_answer").fetchone()
            encoded = len(zlib.decompress(answer, ZLIB_ANY) if deflated else answer)
            self.mw("log", meter.optical, "load-profile", "--new", "--trace", second)
            seconds, counted, everything = traffic(first)
            ratios["line"] = seconds / (counted * 10 / BAUD)
            ratios["bytes"] = counted / encoded
            ratios["again"] = traffic(second)[2] / everything
        rows = len(document["entries"])
        lines.append(f"optical: {rows} rows x {len(document['columns'])} registers, {encoded} bytes of A-XDR, "
                     f"{counted} bytes on the wire in {seconds:.2f} s at {BAUD} baud")
        for name, ratio in ratios.items():
            lines.append(f"optical {name:6} {ratio:.3f}  (limit {LIMITS[name]:.2f})")
        print("\n".join(lines), flush=True)
        self.assertGreaterEqual(rows, 2880)
        for name, ratio in ratios.items():
            self.assertLessEqual(ratio, LIMITS[name], name)


if __name__ == "__main__":
    result = harness.unittest.TextTestRunner(stream=sys.stderr).run(Bench())
    sys.exit(not result.wasSuccessful())
