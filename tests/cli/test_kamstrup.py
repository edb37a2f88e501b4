#!/usr/bin/env python3
"""mw and Kamstrup meters: found by itself on any port, read, its logs read once each and in order; and
the sentence that each thing gets that goes wrong.

The meters are mw-refmeter, and one written here over tests/independent/kmp_peer.py, which shares
nothing with protocols/ and misbehaves on command.
"""
import os
import pty
import select
import socket
import sys
import threading
import time
import tty

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
import kamstrup_meter as kamstrup  # noqa: E402
import kmp_peer  # noqa: E402
import harness  # noqa: E402
from harness import Case  # noqa: E402

EVERYBODY = kamstrup.personalities()


def who(model, generation):
    return next(p for p in EVERYBODY if p.model == model and p.generation + p.variant == generation)


class Foreign:
    """A meter on a TCP port that answers KMP out of a log of its own making: COUNT records with ids from
    FIRST on, a quarter of an hour apart.  before(cid) is called before each answer and may change it, return
    bytes to be sent instead, or b"" for silence."""

    def __init__(self, count=100, first=1, before=None, serial=12345678):
        self.first, self.count, self.serial = first, count, serial
        self.before = before or (lambda meter, cid: None)
        self.requests = []
        self.received = 0
        self.broken = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"tcp:127.0.0.1:{self.listener.getsockname()[1]}?framing=kmp&timeout=400"
        self.done = False

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.done = True
        self.listener.close()

    def accept(self):
        while not self.done:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.serve(connection)
            connection.close()

    def serve(self, connection):
        got = b""
        while not self.done:
            try:
                data = connection.recv(4096)
            except OSError:
                return
            if not data:
                return
            self.received += len(data)
            got += data
            while b"\r" in got:
                raw, got = got.split(b"\r", 1)
                raw = raw[raw.rindex(b"\x80"):] + b"\r"
                request = kmp_peer.unframe(raw)[2]
                self.requests.append(request)
                answer = self.before(self, request)
                if answer == "hang up":
                    return
                answer = self.answer(request) if answer is None else answer
                if answer:
                    connection.sendall(kmp_peer.frame(0x40, 0x3f, answer))

    def rtc(self, record):
        minutes = (record - 1) * 15
        day, rest = divmod(minutes, 1440)
        return bytes([2, 1, 0, rest % 60, rest // 60, 1 + day % 28, 1 + day // 28, 26])

    def value(self, i, record):
        if i == 0x417:
            return 53, 0, self.rtc(record)
        if i == 0x466:
            return 54, 0, b"68438BJ430010"
        return 2, 0x41, (record * 10 + i).to_bytes(4, "big")

    def answer(self, request):
        cid = request[0]
        if cid == 1:
            return b"\x01\x53\x01\x0c\x02"
        if cid == 2:
            return b"\x02" + self.serial.to_bytes(4, "big")
        if cid == 0x10:
            ids = [int.from_bytes(request[2 + 2 * n:4 + 2 * n], "big") for n in range(request[1])]
            out = b"\x10"
            for i in ids:
                if i in (0x417, 0x466, 1, 2, 3, 4):
                    unit, siex, data = self.value(i, self.first + self.count - 1)
                    out += i.to_bytes(2, "big") + bytes([unit, len(data), siex]) + data
            return out
        if cid in (0xa0, 0xa2, 0xa3):
            return self.log(request)
        return b""

    def log(self, request):
        n = request[2]
        ids = [int.from_bytes(request[3 + 2 * k:5 + 2 * k], "big") for k in range(n)]
        most, room = request[3 + 2 * n], request[4 + 2 * n]
        rest = request[5 + 2 * n:]
        last = self.first + self.count - 1
        if self.count == 0:
            return request[:2] + bytes([n, 0, 0, 0, 0, 1])
        if request[0] == 0xa2:
            start = int.from_bytes(rest[:2], "big")
        else:
            wanted = (rest[0], rest[1], rest[2], rest[3], rest[4])
            when = lambda r: (26, self.rtc(r)[6], self.rtc(r)[5], self.rtc(r)[4], self.rtc(r)[3])  # noqa: E731
            fits = [r for r in range(self.first, last + 1) if (when(r) <= wanted if request[0] == 0xa3 else when(r) >= wanted)]
            start = 0 if not fits else fits[-1] if request[0] == 0xa3 else fits[0]
        if not start or start > last:
            return request[:2] + bytes([n]) + last.to_bytes(2, "big") * 2 + b"\x04"
        start = max(start, self.first)
        out, record = request[:2] + bytes([n]), start
        while record <= last and record - start < most:
            values = [self.value(i, record) for i in ids]
            piece = record.to_bytes(2, "big")
            for i, (unit, siex, data) in zip(ids, values):
                piece += (i.to_bytes(2, "big") + bytes([unit, len(data), siex]) if record == start else b"") + data
            if len(out) + len(piece) + 5 > room:
                break
            out, record = out + piece, record + 1
        info = 16 if record > last else 8 if record - start < most else 0
        return out + (record - 1).to_bytes(2, "big") + last.to_bytes(2, "big") + bytes([info])


class Reference(Case):
    """mw-refmeter, found on each of its ports."""

    def test_ports(self):
        meter = kamstrup.Meter(harness.REFMETER, who("k382", "J"), "--history", "2d", "--serial", "12345678")
        with meter:
            for uri, port in ((f"serial:{meter.path['optical']}", "9600"), (f"serial:{meter.path['module']}?mode=module", "1200"),
                              (f"tcp:127.0.0.1:{meter.port}", "KMP")):
                about = self.json("identify", uri)
                self.assertEqual(about["meter"]["serial"], "12345678")
                self.assertEqual(about["protocols"], ["kmp"])
                self.assertIn(port, about["port"])
            optical = f"serial:{meter.path['optical']}"
            self.assertEqual(self.json("identify", optical + "?protocol=iec")["protocols"], ["iec"])
            one = self.json("get", optical, "kmp:41E")
            self.assertEqual((one["obis"], one["unit"]), ("1-1:32.7.0.255", "V"))
            self.assertEqual(self.json("get", optical, "32.7.0")["obis"], "1-1:32.7.0.255")
            about = self.json("identify", optical)["meter"]
            self.assertEqual((about["family"], about["type"]), ("kamstrup-382", "684-38B-J4-30-010"))
            self.assertEqual(self.mw("get", optical, "kmp:ABCD", status=5).stdout, "")
            self.assertIn("COSEM", self.mw("get", optical, "3:1-0:1.8.0.255:2", status=5).stderr)
            self.assertIn("COSEM", self.mw("set", optical, "3:1-0:1.8.0.255:2", "u8:1", status=5).stderr)
            self.assertIn("9600", self.mw("identify", optical + "?protocol=kmp&baud=1200", status=2).stderr)
            self.assertIn("address 12", self.mw("identify", f"tcp:127.0.0.1:{meter.port}?framing=kmp&address=12", status=2).stderr)
            lines = {r["obis"]: r for r in self.json("do", optical, "iec1107-request")["readings"]}
            self.assertEqual(lines["1-0:0.0.0.255"]["value"], "12345678")
            self.assertEqual(lines["1-0:1.8.0.255"]["unit"], "Wh")
            password = self.file("password")
            for text, status in (("12345\n", 0), ("54321\n", 4), ("secret\n", 4)):
                with open(password, "w") as f:
                    f.write(text)
                trace = self.file("trace")
                self.mw("identify", optical, "--password-file", password, "--trace", trace, status=status)
            self.assertIn("no log", self.mw("log", optical, "neutral-fault", status=1).stderr)


    def test_echo(self):
        """A head that sees its own light: at both speeds, and in the IEC request."""
        for generation in "BK":
            with kamstrup.Meter(harness.REFMETER, who("k382", generation), "--echo", "--serial", "12345678", ports=("optical",)) as meter:
                uri = f"serial:{meter.path['optical']}"
                self.assertEqual(self.json("identify", uri)["meter"]["serial"], "12345678")
                self.assertEqual(self.json("do", uri, "iec1107-request")["readings"][0]["value"], "12345678")


class Logs(Case):
    def log(self, meter, *args):
        return [(e["time"], *e["values"]) for e in self.json("log", meter.uri, "load-profile", *args)["entries"]]

    def expected(self, meter, first, last):
        out = []
        for r in range(first, last + 1):
            flags, _, s, m, h, d, month, y = meter.rtc(r)
            out.append((f"20{y}-{month:02}-{d:02}T{h:02}:{m:02}:{s:02}+00:00", *(str((r * 10 + i) * 100) for i in (1, 2, 3, 4))))
        return out

    def test_windows(self):
        with Foreign() as meter:
            self.assertEqual(self.log(meter, "--no-save"), self.expected(meter, 1, 100))
            self.assertEqual(self.log(meter, "--no-save", "--last", "7"), self.expected(meter, 94, 100))
            self.assertEqual(self.log(meter, "--no-save", "--last", "700"), self.expected(meter, 1, 100))
            self.assertEqual(self.log(meter, "--no-save", "--from", "2026-01-01T02:00", "--to", "2026-01-01T04:00"),
                             self.expected(meter, 9, 17))

    def test_new(self):
        """Only what is missing travels, from the record that was the newest."""
        with Foreign(count=60) as meter:
            self.assertEqual(self.log(meter, "--new"), self.expected(meter, 1, 60))
            self.assertEqual(self.log(meter, "--new"), [])
            meter.count = 63
            meter.requests.clear()
            self.assertEqual(self.log(meter, "--new"), self.expected(meter, 61, 63))
            logs = [r for r in meter.requests if r[0] >= 0xa0]
            self.assertEqual([(r[0], r[-2:]) for r in logs], [(0xa2, (60).to_bytes(2, "big"))])
            # the log was cleared: what it holds now is another one, and comes whole
            meter.first, meter.count = 200, 5
            self.assertEqual(self.log(meter, "--new"), self.expected(meter, 200, 204))

    def test_wraps_while_read(self):
        """Records come once each, in order, also when the oldest go and new ones come meanwhile."""
        def advance(meter, request):
            if request[0] >= 0xa0:
                meter.first, meter.count = meter.first + 2, meter.count
        with Foreign(count=80, before=advance) as meter:
            rows = self.log(meter)
            last = meter.first + meter.count - 1
            self.assertEqual(rows, self.expected(meter, last - len(rows) + 1, last))

    def test_overtaken(self):
        """Some were overwritten before they could be read: what is there is right and in order."""
        def advance(meter, request):
            if request[0] == 0xa2 and meter.first < 80:
                meter.first += 40
        with Foreign(count=60, before=advance) as meter:
            rows = self.log(meter, "-v")
            expected = self.expected(meter, 1, meter.first + meter.count - 1)
            self.assertEqual(rows, [e for e in expected if e in set(rows)])
            self.assertEqual(rows[-60:], self.expected(meter, meter.first, meter.first + meter.count - 1))

    def test_reset(self):
        """The meter is reset in the middle: a sentence, and nothing stored."""
        def reset(meter, request):
            if request[0] == 0xa2:
                meter.first, meter.count = 1, 2
        with Foreign(first=50, count=60, before=reset) as meter:
            done = self.mw("log", meter.uri, "load-profile", status=3)
            self.assertIn("began anew", done.stderr)
            meter.before = lambda meter, request: None
            meter.first, meter.count = 1, 3
            self.assertEqual(self.log(meter, "--new"), self.expected(meter, 1, 3))

    def test_resume(self):
        """The link breaks at every request in turn: nothing is read twice."""
        for at in range(1, 11):
            with self.subTest(at), Foreign(count=60) as meter:
                count = [0]

                def cut(meter, request):
                    if request[0] >= 0xa0:
                        count[0] += 1
                        if count[0] == at:
                            return "hang up"
                meter.before = cut
                self.assertEqual(self.log(meter, "--no-save"), self.expected(meter, 1, 60))
                asked = [int.from_bytes(r[-2:], "big") for r in meter.requests if r[0] == 0xa2]
                self.assertLessEqual(len(asked) - len(set(asked)), 1)

    def test_another_meter(self):
        """After the break another one answers."""
        def swap(meter, request):
            if request[0] == 0xa2 and meter.serial == 12345678:
                meter.serial = 87654321
                return "hang up"
        with Foreign(before=swap) as meter:
            self.assertIn("Another meter", self.mw("log", meter.uri, "load-profile", status=5).stderr)


class Wrong(Case):
    def test_other_register(self):
        def other(meter, request):
            if request[0] == 0x10 and request[2:4] == b"\x00\x01":
                return b"\x10\x00\x07\x02\x04\x41\x00\x00\x00\x01"
        with Foreign(before=other) as meter:
            done = self.mw("read", meter.uri, "kmp:1", status=3)
            self.assertIn("register that was not asked", done.stderr)

    def test_mute_meter(self):
        """It answers who it is and then no more."""
        with Foreign(before=lambda meter, request: b"" if request[0] >= 0x10 else None) as meter:
            begun = time.monotonic()
            self.mw("read", meter.uri, "kmp:1", status=5)
            self.assertLess(time.monotonic() - begun, 15)

    def test_noise(self):
        master, slave = pty.openpty()
        tty.setraw(slave)
        stop = threading.Event()

        def rustle():
            while not stop.is_set():
                if select.select([master], [], [], 0.05)[0]:
                    os.read(master, 64)
                    os.write(master, b"\x55\xaa\x17")
        thread = threading.Thread(target=rustle)
        thread.start()
        try:
            done = self.mw("identify", f"serial:{os.ttyname(slave)}?mode=optical&protocol=kmp", status=2)
            self.assertIn("noise", done.stderr)
        finally:
            stop.set()
            thread.join()
            os.close(slave)
            os.close(master)


class Words(Case):
    """What a row of a logger means, when one of its codes says where and another what."""

    def test_voltage_quality(self):
        p = who("omnipower-3p", "N1")
        with kamstrup.Meter(harness.REFMETER, p, "--clock", "2026-07-01T10:05:00+02:00", "--speed", "600", "--history", "1d") as meter:
            time.sleep(1)
            meter.command("voltage L2 0")
            time.sleep(2)
            meter.command("voltage auto")
            time.sleep(1)
            out = self.mw("log", f"tcp:127.0.0.1:{meter.port}", "voltage-quality").stdout
        self.assertIn("L2 · Voltage outage", out)
        self.assertIn("L2 · Voltage is back", out)
        self.assertNotIn("Overvoltage", out)


if __name__ == "__main__":
    harness.main()
