#!/usr/bin/env python3
"""Every verb of mw against the reference meter, with its JSON and its exit statuses."""
import csv
import os
import re
import signal
import sqlite3
import subprocess
import time

import harness
from harness import Case, Meter

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")
NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


class Verbs(Case):
    @classmethod
    def setUpClass(cls):
        import tempfile
        cls.shared = tempfile.TemporaryDirectory(prefix="mw-meter-")
        cls.addClassCleanup(cls.shared.cleanup)
        cls.meter = cls.enterClassContext(Meter(cls.shared.name, "--history", "40d", optical=True)) \
            if hasattr(cls, "enterClassContext") else Meter(cls.shared.name, "--history", "40d", optical=True).__enter__()
        if not hasattr(cls, "enterClassContext"):
            cls.addClassCleanup(cls.meter.__exit__)

    def check_identity(self, document):
        meter = document["meter"]
        self.assertEqual(meter["serial"], "REF00001")
        self.assertEqual(meter["family"], "iskraemeco-mx381")
        self.assertEqual(meter["manufacturer"], "Iskraemeco")
        self.assertIs(meter["reference"], True)
        self.assertIn("dlms", document["protocols"])

    def test_identify(self):
        for uri in (self.meter.tcp, self.meter.optical, "ref:mt381?seed=1"):
            with self.subTest(uri):
                self.check_identity(self.json("identify", uri))
        text = self.mw("identify", self.meter.tcp).stdout
        self.assertIn("MT381", text)
        self.assertIn("reference meter", text)

    def test_framing(self):
        """HDLC over TCP is found without being told, and at once the second time."""
        with Meter(self.folder, framing="hdlc") as meter:
            self.check_identity(self.json("identify", meter.tcp))
            begun = time.monotonic()
            self.check_identity(self.json("identify", meter.tcp))
            self.assertLess(time.monotonic() - begun, 2)
            self.check_identity(self.json("identify", meter.tcp + "?framing=hdlc"))
            self.mw("identify", meter.tcp + "?framing=wrapper&timeout=300", status=2)

    def test_objects(self):
        objects = self.json("objects", self.meter.tcp)["objects"]
        self.assertGreater(len(objects), 300)
        clock = [o for o in objects if o["obis"] == "0-0:1.0.0.255"]
        self.assertEqual([(o["class"], o["class_name"]) for o in clock], [(8, "Clock")])
        # the second time it comes from the database
        trace = self.file("objects.trace")
        again = self.json("objects", self.meter.tcp, "--trace", trace)["objects"]
        self.assertEqual(again, objects)
        self.assertLess(os.path.getsize(trace), 10000)

    def test_read(self):
        document = self.json("read", self.meter.tcp, "1-0:1.8.0.255", "1.8.1", "1-0:1.6.0.255", "0-0:1.0.0.255")
        readings = {r["obis"]: r for r in document["readings"]}
        self.assertEqual(list(readings), ["1-0:1.8.0.255", "1-0:1.8.1.255", "1-0:1.6.0.255", "0-0:1.0.0.255"])
        energy = readings["1-0:1.8.0.255"]
        self.assertRegex(energy["value"], NUMBER)
        self.assertEqual(energy["unit"], "Wh")
        self.assertGreater(float(energy["value"]), float(readings["1-0:1.8.1.255"]["value"]) - 1)
        table = self.mw("read", self.meter.tcp, "1-0:1.8.0.255").stdout.splitlines()
        self.assertRegex(table[0], r"^OBIS +NAME +VALUE +UNIT")
        self.assertRegex(table[1], r"^1-0:1\.8\.0\.255 +Active energy A\+ +\d+ +Wh")

    def test_read_all_twice(self):
        first, second = self.file("1.trace"), self.file("2.trace")
        document = self.json("read", self.meter.tcp, "--all", "--trace", first)
        self.assertGreater(len(document["readings"]), 100)
        self.json("read", self.meter.tcp, "--all", "--trace", second)
        # scalers come from the database
        self.assertLess(os.path.getsize(second), os.path.getsize(first))
        with sqlite3.connect(self.db) as db:
            self.assertEqual(db.execute("select count(*) from readout").fetchone()[0], 2)

    def test_no_save(self):
        self.mw("read", self.meter.tcp, "1-0:1.8.0.255", "--no-save")
        self.assertFalse(os.path.exists(self.db))

    def test_unknown_register(self):
        done = self.mw("read", self.meter.tcp, "1-0:77.77.77.255", status=1)
        self.assertIn("77.77.77", done.stderr)
        self.mw("read", self.meter.tcp, "--profile", "none of that name", status=1)

    def test_get_set_action(self):
        place = "1:0-0:96.1.2.255:2"
        self.mw("set", self.meter.tcp, place, "octet:4C414200")
        self.assertEqual(self.mw("get", self.meter.tcp, place).stdout.strip(), "LAB")
        self.mw("set", self.meter.tcp, place, "u8:1", status=5)        # another type
        self.mw("set", self.meter.tcp, place, "octet:zz", status=1)    # no value at all
        self.mw("set", self.meter.tcp, "1:0-0:96.1.0.255:2", "octet:41", status=5)  # read only
        self.mw("get", self.meter.tcp, "3:1-0:77.7.7.255:2", status=5)
        self.mw("get", self.meter.tcp, "nonsense", status=1)
        reading = self.json("get", self.meter.tcp, "3:1-0:1.8.0.255:2")
        self.assertRegex(reading["value"], NUMBER)
        self.mw("action", self.meter.tcp, "7:0-0:98.2.0.255:2", "i8:0")
        self.mw("action", self.meter.tcp, "3:1-0:1.8.0.255:99", "i8:0", status=5)
        with sqlite3.connect(self.db) as db:
            rows = db.execute("select action, result from audit order by id").fetchall()
        self.assertEqual([r[0] for r in rows], ["set", "set", "action", "action"])
        self.assertEqual(rows[0][1], "written and read back")
        self.assertTrue(rows[1][1].startswith("refused"))
        self.assertEqual(rows[2][1], "done")
        self.assertTrue(rows[3][1].startswith("refused"))

    def test_set_within_the_catalogue(self):
        """What the catalogue does not allow is not sent, and said with the range."""
        trace = self.file("set.trace")
        done = self.mw("set", self.meter.tcp, "8:0-0:1.0.0.255:3", "i16:9999", "--trace", trace, status=5)
        self.assertIn("-840 to 720", done.stderr)
        done = self.mw("set", self.meter.tcp, "7:1-0:99.1.0.255:4", "u32:77", status=5)
        self.assertIn("0, 300, 600, 900, 1800, 3600 or 86400", done.stderr)
        day = "structure{u16:1, octet:FFFF0C18FF, u8:1}"
        done = self.mw("set", self.meter.tcp, "11:0-0:11.0.0.255:2", "array[" + ", ".join([day] * 65) + "]", status=5)
        self.assertIn("at most 64 entries", done.stderr)
        self.assertNotIn("C1 01", open(trace).read())
        done = self.mw("set", self.meter.tcp, "3:1-0:1.8.0.255:2", "u32:1", status=5)
        self.assertIn("cannot be written", done.stderr)
        with sqlite3.connect(self.db) as db:
            rows = db.execute("select result from audit order by id").fetchall()
        self.assertEqual(rows, [("refused before it was sent",)] * 4)

    def test_log(self):
        document = self.json("log", self.meter.tcp, "load-profile")
        self.assertEqual((document["logger"], document["obis"], document["period_s"]),
                         ("load-profile", "1-0:99.1.0.255", 900))
        self.assertEqual(document["columns"][0], {"obis": "1-0:1.8.0.255", "name": "Active energy A+", "unit": "Wh"})
        entries = document["entries"]
        self.assertGreater(len(entries), 3800)
        for e in entries:
            self.assertRegex(e["time"], TIME)
            self.assertEqual(len(e["values"]), 4)
            self.assertRegex(e["values"][0], NUMBER)
        last = self.json("log", self.meter.tcp, "load-profile", "--last", "3")["entries"]
        self.assertEqual(last[-1]["values"], self.entries_again(document, last[-1]["time"]))
        window = self.json("log", self.meter.tcp, "load-profile", "--from", "2026-03-01", "--to", "2026-03-02T00:00")
        self.assertEqual(len(window["entries"]), 97)  # both ends belong to it
        self.mw("log", self.meter.tcp, "no-such-logger", status=1)
        self.mw("log", self.meter.tcp, "load-profile", "--from", "yonder", status=1)

    def entries_again(self, document, time):
        return [e["values"] for e in document["entries"] if e["time"] == time][-1]

    def test_summer_time(self):
        """The night of the change has 23 hours, and the meter's own offsets stay."""
        entries = self.json("log", self.meter.tcp, "load-profile", "--from", "2026-03-28T23:00:00Z",
                            "--to", "2026-03-29T21:59:00Z")["entries"]
        self.assertEqual(len(entries), 23 * 4)
        self.assertEqual({e["time"][-6:] for e in entries}, {"+01:00", "+02:00"})

    def test_new(self):
        trace = self.file("new.trace")
        self.mw("log", self.meter.tcp, "load-profile")
        again = self.json("log", self.meter.tcp, "load-profile", "--new", "--trace", trace)
        self.assertLessEqual(len(again["entries"]), 1)
        with open(trace) as f:
            text = f.read()
        self.assertNotIn("00 0F 00 00 28 00 00 FF 02", text)  # the object list is not asked for
        self.assertLess(len(text), 12000)

    def test_new_after_clock_was_set_back(self):
        """Rows of times that were there before are new all the same, and keep their order."""
        from datetime import datetime, timedelta
        with Meter(self.folder, "--history", "1d", "--speed", "900") as meter:
            before = self.json("log", meter.tcp, "load-profile")["entries"]
            now = datetime.fromisoformat(self.json("get", meter.tcp, "8:0-0:1.0.0.255:2")["value"])
            past = (now - timedelta(hours=3)).isoformat()
            self.mw("set", meter.tcp, "8:0-0:1.0.0.255:2", f"datetime:{past}")
            time.sleep(2.5)
            new = self.json("log", meter.tcp, "load-profile", "--new")["entries"]
            whole = self.json("log", meter.tcp, "load-profile", "--no-save")["entries"]
        self.assertGreaterEqual(len(new), 2)
        # one that was due between the read-out and the new time may stand before them
        self.assertLess(min(row["time"] for row in new), before[-1]["time"])
        self.assertEqual((before + new)[:len(whole)], whole[:len(before + new)])
        out = self.file("all.csv")
        self.mw("export", "REF00001", "load-profile", "-o", out)
        with open(out) as f:
            self.assertEqual(sum(1 for _ in f) - 1, len(before) + len(new))

    def test_events(self):
        text = self.mw("log", self.meter.tcp, "events-standard").stdout
        self.assertIn("Daylight saving changed", text)

    def test_meters_and_export(self):
        self.assertEqual(self.json("meters"), {"meters": []})
        document = self.json("log", self.meter.tcp, "load-profile", "--from", "2026-03-10", "--to", "2026-03-12")
        self.assertEqual([m["serial"] for m in self.json("meters")["meters"]], ["REF00001"])
        out = self.file("a.csv")
        self.mw("export", "REF00001", "load-profile", "-o", out)
        with open(out, newline="") as f:
            rows = list(csv.reader(f))
        self.assertEqual(len(rows) - 1, len(document["entries"]))
        self.assertEqual([r[2:] for r in rows[1:]], [e["values"] for e in document["entries"]])
        pdf = self.file("a.pdf")
        self.mw("export", "REF00001", "load-profile", "--format", "pdf", "-o", pdf)
        with open(pdf, "rb") as f:
            self.assertEqual(f.read(5), b"%PDF-")
        self.mw("export", "REF00001", "load-profile", "-o", self.file("a.xlsx"), status=1)
        self.mw("export", "NOBODY", "load-profile", "-o", out, status=1)
        self.mw("export", "REF00001", "billing-1", "-o", out, status=1)
        self.mw("export", "REF00001", "load-profile", "-o", "/proc/none/a.csv", status=6)

    def test_ports(self):
        self.assertIsInstance(self.json("ports", db=False)["ports"], list)

    def test_decode(self):
        done = self.mw("decode", "7E A0 07 03 21 93 0F 01 7E", db=False)
        self.assertIn("SNRM", done.stdout)

    def test_usage(self):
        for args in ([], ["nonsense"], ["identify"], ["identify", "a", "b"], ["read"], ["log", "x"],
                     ["identify", "what:ever"], ["identify", "tcp:host"], ["help", "nonsense"],
                     ["export", "a", "b"], ["log", "tcp:127.0.0.1:1", "x", "--last", "3", "--new"]):
            with self.subTest(args):
                done = subprocess.run([harness.MW, *args], capture_output=True, text=True)
                self.assertEqual(done.returncode, 1)
        self.assertIn("Usage", self.mw("help", db=False).stdout)
        self.assertIn("CLASS:OBIS:ATTR", self.mw("help", "get", db=False).stdout)
        verbs = re.findall(r"^  ([a-z]+) ", self.mw("help", db=False).stdout.split("Options")[0], re.M)
        self.assertGreater(len(verbs), 12)
        for verb in verbs[:-1]:  # but help
            asked = self.mw("help", verb).stdout  # --db stands before it
            self.assertTrue(asked.startswith(f"mw {verb} "), asked)
            self.assertIn("--json", asked)
            self.assertEqual(self.mw(verb, "--help", db=False).stdout, asked)

    def test_options_anywhere(self):
        a = self.json("--db", self.db, "identify", self.meter.tcp, db=False)
        b = self.json("identify", "--db", self.db, self.meter.tcp, db=False)
        self.assertEqual(a["meter"]["serial"], b["meter"]["serial"])

    def test_cancel(self):
        """Ctrl-C: 130, and nothing of the read-out is kept."""
        with Meter(self.folder, "--history", "40d", "--line-timing", optical=True, tcp=False) as slow:
            process = subprocess.Popen(self.command("log", slow.optical, "load-profile"),
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(6)
            process.send_signal(signal.SIGINT)
            begun = time.monotonic()
            process.communicate(timeout=20)
            self.assertEqual(process.returncode, 130)
            self.assertLess(time.monotonic() - begun, 2)
        with sqlite3.connect(self.db) as db:
            self.assertEqual(db.execute("select count(*) from profile").fetchone()[0], 0)


if __name__ == "__main__":
    harness.main()
