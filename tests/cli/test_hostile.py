#!/usr/bin/env python3
"""Servers that are no meters, meters that lie, disks and files that fail.  What is asked of mw each time:
one sentence with cause and next step, the exit status of INTERFACES, nothing stored half, an end in
bounded time and memory.  Bad lines and hang-ups are in test_faults.py."""
import ctypes
import os
import resource
import sqlite3
import subprocess
import threading
import time

import harness
import hostile
from harness import Case, Meter
from hostile import Liar, Server, blocks, whole

LIMIT_S = 45  # what mw takes at most with a peer that never stops, time limits of 0.3 s given
MEMORY = 2 << 30
LOGICAL_NAME = bytes.fromhex("000100002a0000ff02")
OBJECTS = bytes.fromhex("000f0000280000ff02")
ENERGY = bytes.fromhex("00030100010800ff02")
BUFFER = bytes.fromhex("00070100630100ff02")
# The first row of a load profile with its time, then rows of nulls: each the row before it, one period on.
ROW = bytes.fromhex("0206090c07ea031c060000000000ffc400") + bytes(5)
NULLS = (b"\x02\x06" + bytes(6)) * 2000
ENDLESS = b"\x84\xff\xff\xff\xff"


class Hostile(Case):
    def stored(self, table="profile"):
        """Rows of TABLE in a database that is whole."""
        if not os.path.exists(self.db):
            return 0
        with sqlite3.connect(self.db) as db:
            self.assertEqual(db.execute("pragma integrity_check").fetchone()[0], "ok")
            return db.execute(f"select count(*) from {table}").fetchone()[0]

    def refuses(self, *args, status, says=None):
        """mw ends with STATUS and one sentence, soon, and with the memory of an ordinary program."""
        begun = time.monotonic()
        done = self.mw(*args, status=status, timeout=120)
        self.assertLess(time.monotonic() - begun, LIMIT_S)
        lines = [line for line in done.stderr.splitlines() if line.startswith("mw: ")]
        self.assertEqual(len(lines), 1, done.stderr)
        if says:
            self.assertRegex(lines[0], says)
        if "san" not in os.path.basename(os.path.dirname(os.path.dirname(harness.MW))):
            used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
            self.assertLess(used, MEMORY)
        return lines[0]

    # ---- no meter ----

    def test_servers_that_never_stop(self):
        """All at once: what they have in common is that a time limit for silence is never reached."""
        cases = [(hostile.flood, 2, 3), (hostile.drip, 2, 3), (hostile.flags, 2, 3), (hostile.open_frame, 2, 3),
                 (hostile.empty_apdus, 2, 2), (hostile.promise, 2, 2)]
        outcomes = {}

        def run(behave, framing, status):
            with Server(behave) as server:
                begun = time.monotonic()
                process = subprocess.run(
                    [harness.MW, "identify", f"{server.uri}?framing={framing}&timeout=300", "--no-save", "--db",
                     self.file("none.db")], capture_output=True, text=True, timeout=150)
                outcomes[behave.__name__, framing] = process, status, time.monotonic() - begun
        threads = [threading.Thread(target=run, args=(behave, framing, status)) for behave, auto, wrapper in cases
                   for framing, status in (("auto", auto), ("wrapper", wrapper))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(outcomes), 2 * len(cases))
        for name, (process, status, took) in outcomes.items():
            with self.subTest(name):
                self.assertEqual(process.returncode, status, process.stderr)
                self.assert_sentence(process.stderr)
                self.assertLess(took, LIMIT_S)

    def test_cancel_in_a_flood(self):
        """Ctrl-C is heard although bytes never cease."""
        for behave in (hostile.flood, hostile.slow_promise):
            with self.subTest(behave.__name__), Server(behave) as server:
                process = subprocess.Popen(self.command("identify", server.uri + "?framing=hdlc"
                                                        if behave is hostile.flood else server.uri),
                                           stderr=subprocess.PIPE, text=True)
                time.sleep(1)
                process.send_signal(2)
                begun = time.monotonic()
                process.communicate(timeout=20)
                self.assertLess(time.monotonic() - begun, 2)
                self.assertEqual(process.returncode, 130)

    def test_noise_on_a_line(self):
        stop = threading.Event()
        path, thread = hostile.line_noise(stop)
        try:
            begun = time.monotonic()
            done = self.mw("identify", f"serial:{path}?mode=direct&timeout=200", status=2)
            self.assertLess(time.monotonic() - begun, LIMIT_S)
            self.assertIn("noise", done.stderr)
            self.assertIn("Is the speed right", done.stderr)
        finally:
            stop.set()
            thread.join()

    # ---- a meter that lies ----

    def test_lies(self):
        lies = [
            ("a name that never ends", LOGICAL_NAME, blocks(b"\x09" + ENDLESS + b"x" * 60000, b"x" * 60000), "identify"),
            ("a name of 4 GB", LOGICAL_NAME, whole(b"\x09" + ENDLESS + b"abc"), "identify"),
            ("a list of 4 thousand million objects", OBJECTS, whole(b"\x01" + ENDLESS + b"\x02\x04\x12\0\1"), "objects"),
            ("a value of 30,000 levels", ENERGY, whole(b"\x01\x01" * 30000), "get 3:1-0:1.8.0.255:2"),
            ("a value that never ends", ENERGY, blocks(b"\x09" + ENDLESS + b"x" * 9000, b"x" * 60000),
             "get 3:1-0:1.8.0.255:2"),
            ("blocks of nothing", ENERGY, blocks(b"", b""), "get 3:1-0:1.8.0.255:2"),
            ("blocks of one octet", ENERGY, blocks(b"\x09" + ENDLESS, b"x"), "get 3:1-0:1.8.0.255:2"),
            ("a text in a row that never ends", BUFFER, blocks(b"\x01" + ENDLESS + b"\x02\x06\x09" + ENDLESS, b"x" * 60000),
             "log load-profile"),
            ("rows without end", BUFFER, blocks(b"\x01" + ENDLESS + ROW, NULLS), "log load-profile"),
            ("rows of random bytes", BUFFER, blocks(hostile.RANDOM[:60000], hostile.RANDOM[:60000]), "log load-profile"),
        ]
        with Meter(self.folder, "--history", "2d") as meter:
            for name, wanted, answer, command in lies:
                with self.subTest(name), Liar(meter.port, wanted, answer) as liar:
                    verb, *rest = command.split()
                    self.refuses(verb, liar.uri + "?framing=wrapper&timeout=500", *rest, status=3,
                                 says="answer|rows|list")
                    self.assertGreater(liar.sent, 0)
                    self.assertEqual(self.stored(), 0)
                    self.assertEqual(self.stored("raw_answer"), 0)

    def test_entries_without_number(self):
        """4,294,967,295 entries in use: the window that doubles does not become 0 and turn for ever."""
        in_use = bytes.fromhex("00070100630100ff07")
        with Meter(self.folder, "--history", "2d") as meter:
            self.mw("log", meter.tcp, "load-profile", "--last", "4")
            with sqlite3.connect(self.db) as db:
                before = self.stored()
            with Liar(meter.port, in_use, whole(b"\x06\xff\xff\xff\xff")) as liar:
                uri = liar.uri + "?framing=wrapper&timeout=500"
                done = subprocess.run(self.command("log", uri, "load-profile", "--new", "--from", "2026-03-01"),
                                      capture_output=True, text=True, timeout=LIMIT_S)
                self.assertIn(done.returncode, (0, 3, 5), done.stderr)
            self.assertGreaterEqual(self.stored(), before)

    # ---- disks and files ----

    def test_disk_full(self):
        """Wherever the disk is full, each database is what it was before, or has the whole read-out."""
        shim = os.environ["MW_FULLSHIM"]
        env = {**os.environ, "LD_PRELOAD": shim, "HOME": self.folder, "ASAN_OPTIONS": "verify_asan_link_order=0"}
        outcomes = set()
        with Meter(self.folder, "--history", "10d") as meter:
            for limit in (0, 8192, 50000, 150000, 300000, 500000, 5000000):
                self.db = self.file(f"{limit}.db")
                done = subprocess.run(self.command("log", meter.tcp, "load-profile"), capture_output=True, text=True,
                                      env={**env, "MW_FULL_AT": str(limit)}, timeout=60)
                with self.subTest(limit=limit):
                    outcomes.add(done.returncode)
                    self.assertIn(done.returncode, (0, 6), done.stderr)
                    if done.returncode:
                        self.assert_sentence(done.stderr)
                        self.assertIn("disk is full", done.stderr)
                        if os.path.getsize(self.db):
                            self.mw("meters")
                            with sqlite3.connect(self.db) as db:
                                self.assertEqual(db.execute("select count(*) from raw_answer").fetchone()[0], 0)
        self.assertEqual(outcomes, {0, 6})

    def test_output_full(self):
        with Meter(self.folder, "--history", "1d") as meter:
            self.mw("log", meter.tcp, "load-profile")
            for args in (("meters",), ("meters", "--json"), ("log", meter.tcp, "load-profile", "--json")):
                with self.subTest(args), open("/dev/full", "w") as full:
                    done = subprocess.run(self.command(*args), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
                    self.assertEqual(done.returncode, 6, done.stderr)
                    self.assert_sentence(done.stderr)
            for name in ("a.csv", "a.pdf"):
                self.refuses("export", "REF00001", "load-profile", "-o", "/dev/full", "--format", name[2:], status=6,
                             says="full")
                self.refuses("export", "REF00001", "load-profile", "-o", self.file("no/folder/" + name), status=6)

    def test_folder_read_only(self):
        """A database, or the place for one, where this user may not write."""
        def mortal():  # root writes everywhere; without this capability it is a user as any other
            if os.geteuid() == 0:
                libc = ctypes.CDLL(None, use_errno=True)
                if libc.prctl(24, 1, 0, 0, 0):  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
                    raise OSError(ctypes.get_errno(), "prctl")
        folder = self.file("locked")
        os.mkdir(folder)
        self.mw("meters")
        os.rename(self.db, os.path.join(folder, "old.db"))
        os.chmod(os.path.join(folder, "old.db"), 0o444)
        os.chmod(folder, 0o555)
        with Meter(self.folder, "--history", "1d") as meter:
            for name in ("new.db", "old.db"):
                with self.subTest(name):
                    done = subprocess.run([harness.MW, "log", meter.tcp, "load-profile", "--db",
                                           os.path.join(folder, name)], capture_output=True, text=True,
                                          preexec_fn=mortal, timeout=60)
                    self.assertEqual(done.returncode, 6, done.stderr)
                    self.assert_sentence(done.stderr)
                    self.assertIn("may write there", done.stderr)
        self.assertEqual(os.listdir(folder), ["old.db"])
        os.chmod(folder, 0o755)

    def test_database_held(self):
        """A second instance holds the database: a sentence after a while, and nothing is stored half."""
        with Meter(self.folder, "--history", "1d") as meter:
            self.mw("meters")
            with sqlite3.connect(self.db, isolation_level=None) as other:
                other.execute("begin immediate")
                self.refuses("log", meter.tcp, "load-profile", status=6, says="held by another program.*try again")
                other.execute("rollback")
            self.assertEqual(self.stored("raw_answer"), 0)
            two = [subprocess.Popen(self.command("log", meter.tcp, "load-profile"), stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, text=True) for _ in range(2)]
            for process in two:
                complaint = process.communicate(timeout=60)[1]
                self.assertEqual(process.returncode, 0, complaint)
            clean = self.entries(self.json("log", meter.tcp, "load-profile", "--no-save"))
            out = self.file("all.csv")
            self.mw("export", "REF00001", "load-profile", "-o", out)
            with open(out) as f:
                self.assertLessEqual(abs(sum(1 for _ in f) - 1 - len(clean)), 1)

    def test_database_damaged(self):
        """Cut off or overwritten: said, left as it is, and nothing is exported of it."""
        with Meter(self.folder, "--history", "5d") as meter:
            self.mw("log", meter.tcp, "load-profile")
            with open(self.db, "rb") as f:
                good = f.read()
            for name, bad in (("cut", good[:20000]),
                              ("overwritten", good[:8192] + hostile.RANDOM[:65000] + good[73192:]),
                              ("head", hostile.RANDOM[:100] + good[100:])):
                with open(self.db, "wb") as f:
                    f.write(bad)
                with self.subTest(name):
                    for args in (("meters",), ("log", meter.tcp, "load-profile"),
                                 ("export", "REF00001", "load-profile", "-o", self.file("x.csv"))):
                        self.refuses(*args, status=6, says="damaged|not a database")
                    self.assertFalse(os.path.exists(self.file("x.csv")))
            with open(self.db, "rb") as f:
                self.assertEqual(f.read(), bad)

    def test_recordings_damaged(self):
        trace = self.file("good.trace")
        with Meter(self.folder, "--history", "1d") as meter:
            self.mw("log", meter.tcp + "?framing=wrapper", "load-profile", "--trace", trace)
        with open(trace) as f:
            lines = f.read().split("\n")
        answers = [i for i, line in enumerate(lines) if " < " in line]
        middle = answers[len(answers) // 2]
        digit = lines[middle].index("<") + 5
        cases = {  # file: lines, status
            "none": (None, 6),
            "empty": ([""], 6),
            "cut": (lines[:middle], None),
            "cut in a byte": (lines[:middle] + [lines[middle][:digit + 1]], 6),
            "letters": (lines[:middle] + [lines[middle][:digit] + "ZZ" + lines[middle][digit + 2:]] + lines[middle + 1:], 6),
            "lost lines": (lines[:middle - 3] + lines[middle + 4:], None),
            "noise": ([hostile.RANDOM[:4000].decode("latin-1")], 6),
        }
        for name, (content, status) in cases.items():
            path = self.file(name.replace(" ", "-") + ".trace")
            if content is not None:
                with open(path, "w", encoding="latin-1") as f:
                    f.write("\n".join(content))
            self.db = self.file(name.replace(" ", "-") + ".db")
            done = subprocess.run(self.command("log", f"replay:{path}?framing=wrapper&timeout=300", "load-profile"),
                                  capture_output=True, text=True, timeout=60)
            with self.subTest(name):
                self.assertIn(done.returncode, (2, 3) if status is None else (status,), done.stderr)
                self.assert_sentence(done.stderr)
                self.assertEqual(self.stored("raw_answer"), 0)
        self.refuses("identify", "replay:/dev/zero", status=6, says="no recording")
        self.refuses("identify", "tcp:127.0.0.1:9", "--password-file", "/dev/zero", status=6, says="password")


if __name__ == "__main__":
    harness.main()
