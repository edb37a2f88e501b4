#!/usr/bin/env python3
"""mw and meters behind a telephone number: every answer of a modem, a line that drops, a PIN, a call that
outlives the closing of the port.

The modem is mw-refmeter's, and one written here (ITU-T V.250, 3GPP TS 27.007) with the habits of real
ones: it echoes, names its bearer behind CONNECT, and does not know every command.  A user of modems
written here tries mw-refmeter's.
"""
import os
import pty
import re
import select
import socket
import subprocess
import sys
import threading
import time
import tty

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
import kmp_peer  # noqa: E402
import harness  # noqa: E402
from harness import CLOCK, REFMETER, Case  # noqa: E402

NUMBER = "+4512345678"
SLOW = bool(os.environ.get("MW_SLOW"))


class Modem:
    """mw-refmeter with a modem, as a process."""

    def __init__(self, folder, *options, model="k382"):
        self.path = os.path.join(folder, "modem")
        self.uri = f"gsm:{self.path}?number={NUMBER}"
        self.args = [REFMETER, "--model", model, "--seed", "7", "--clock", CLOCK, "--history", "3d",
                     "--modem", self.path, *options]

    def __enter__(self):
        self.process = subprocess.Popen(self.args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdin.close()
        self.process.stdout.close()

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def status(self):
        self.say("modem status")
        return self.process.stdout.readline().strip()


class ForeignModem:
    """A modem of another make on a pseudo-terminal; a meter's TCP port is at the other end."""

    def __init__(self, port):
        self.port, self.commands, self.done = port, [], False
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.path = os.ttyname(self.slave)

    def __enter__(self):
        threading.Thread(target=self.run, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.done = True
        os.close(self.master)
        os.close(self.slave)

    def put(self, text):
        os.write(self.master, text.encode())

    def answer(self, command):
        self.commands.append(command)
        if command.startswith("ATD"):
            self.put("\r\n^ORIG:1,0\r\n")
            time.sleep(0.2)
            return "CONNECT 9600/RLP"
        replies = {"AT+CPIN?": "+CPIN: READY", "AT+CREG?": '+CREG: 2,5,"00B5","1F3C"', "AT+CSQ": "+CSQ: 11,0"}
        if command in replies:
            self.put("\r\n" + replies[command] + "\r\n")
            return "OK"
        return "ERROR" if "CBST" in command or "CLCC" in command else "OK"

    def run(self):
        try:
            self.commanded()
        except OSError:
            pass

    def commanded(self):
        line = b""
        while not self.done:
            data = os.read(self.master, 1)
            os.write(self.master, data)  # ATE0 notwithstanding
            if data == b"\r":
                result = self.answer(line.decode("ascii", "replace").strip())
                self.put(f"\r\n{result}\r\n")
                line = b""
                if result.startswith("CONNECT"):
                    self.online()
            else:
                line += data

    def online(self):
        meter = socket.create_connection(("127.0.0.1", self.port))
        last, quiet = b"", time.monotonic()
        while not self.done:
            ready = select.select([self.master, meter], [], [], 1)[0]
            if last.endswith(b"+++") and time.monotonic() - quiet > 1 and not ready:
                self.put("\r\nOK\r\n")
                meter.close()
                return
            if meter in ready:
                os.write(self.master, meter.recv(4096))
            if self.master in ready:
                last = os.read(self.master, 4096)
                quiet = time.monotonic()
                meter.sendall(last)


class Terminal:
    """A person with a terminal program at mw-refmeter's modem."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.fd)

    def send(self, text, until, patience=5):
        os.write(self.fd, text if isinstance(text, bytes) else text.encode())
        got, end = b"", time.monotonic() + patience
        while not re.search(until, got) and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.1)[0]:
                got += os.read(self.fd, 4096)
        return got


class TheModem(Case):
    """mw-refmeter's modem does as V.250 says."""

    def test_by_hand(self):
        with Modem(self.folder, "--modem-signal", "9", "--modem-pin", "4711") as m:
            t = Terminal(m.path)
            self.assertEqual(t.send("AT\r", b"OK\r\n"), b"AT\r\r\nOK\r\n")  # it echoes
            self.assertEqual(t.send("ATE0\r", b"OK\r\n"), b"ATE0\r\r\nOK\r\n")
            self.assertIn(b"+CPIN: SIM PIN", t.send("AT+CPIN?\r", b"OK\r\n"))
            self.assertIn(b"+CME ERROR: 16", t.send('AT+CPIN="0000"\r', rb"ERROR: \d+\r\n"))
            self.assertEqual(t.send("AT+CREG?\r", b"OK\r\n"), b"\r\n+CREG: 0,0\r\n\r\nOK\r\n")
            self.assertEqual(t.send('AT+CPIN="4711"\r', b"OK\r\n"), b"\r\nOK\r\n")
            self.assertEqual(t.send("AT+CREG?\r", b"OK\r\n"), b"\r\n+CREG: 0,1\r\n\r\nOK\r\n")
            self.assertEqual(t.send("AT+CSQ\r", b"OK\r\n"), b"\r\n+CSQ: 9,99\r\n\r\nOK\r\n")
            self.assertEqual(t.send("AT+NONSENSE\r", b"ERROR\r\n"), b"\r\nERROR\r\n")
            self.assertEqual(t.send(f"ATD{NUMBER}\r", b"CONNECT 9600\r\n"), b"\r\nCONNECT 9600\r\n")
            answer = t.send(kmp_peer.frame(0x80, 0x3f, b"\x01"), b"\r", 3)  # GetType
            self.assertEqual(answer[:3], b"\x40\x3f\x01")
            signal = t.send(kmp_peer.frame(0x80, 0xbf, b"\x10\x01\x2f\x01"), b"\r", 3)
            self.assertEqual(signal[:3], b"\x40\xbf\x10")
            self.assertEqual(signal[8:9], b"\x12")  # 18, at the meter
            self.assertIn("online", m.status())
            t.send("+++", b"OK\r\n", 0.3)  # no silence before it: only bytes
            time.sleep(1.2)
            self.assertIn("online", m.status())
            self.assertIn(b"\r\nOK\r\n", t.send("+++", b"OK\r\n", 3))
            self.assertIn("held", m.status())
            self.assertIn(f'"{NUMBER}",145'.encode(), t.send("AT+CLCC\r", b"OK\r\n"))
            self.assertIn(b"CONNECT", t.send("ATO\r", b"CONNECT 9600\r\n"))
            m.say("modem drop")
            self.assertIn(b"\r\nNO CARRIER\r\n", t.send("", b"NO CARRIER\r\n", 3))
            self.assertIn("idle", m.status())
            os.close(t.fd)


class Calls(Case):
    def test_reads_and_hangs_up(self):
        with Modem(self.folder, "--modem-number", NUMBER) as m:
            done = self.mw("identify", m.uri)
            self.assertRegex(done.stdout, r"Signal +21 of 31\nAt the meter +18 of 31")
            self.assertNotIn("weak", done.stderr)
            m.say("modem far-signal 11")
            done = self.mw("identify", m.uri)
            self.assertRegex(done.stdout, r"At the meter +11 of 31")
            self.assertIn("The signal is weak", done.stderr)
            self.assertIn("idle", m.status())
            self.assertIn("called " + NUMBER, m.status())
            held = self.json("log", m.uri + "&hold=yes", "load-profile", "--last", "4")
            self.assertEqual(len(held["entries"]), 4)
            self.assertIn("online", m.status())
            err = self.mw("identify", m.uri, "-v").stderr
            self.assertIn("taking the call up again", err)
            self.assertNotIn("dialling", err)
            self.assertIn("idle", m.status())

    def test_dlms_behind_a_modem(self):
        with Modem(self.folder, model="mt381") as m:
            self.assertEqual(self.json("identify", m.uri)["meter"]["serial"], "REF00001")

    def test_what_fails(self):
        cases = [("busy", "the number is busy", "Try again"), ("no-carrier", "not taken", "Is the number right"),
                 ("no-dialtone", "no dial tone", "antenna"), ("no-answer", "nobody answers", "powered")]
        with Modem(self.folder) as m:
            for word, cause, step in cases:
                m.say("modem " + word)
                self.refused(m.uri, cause, step)
            m.say("modem answer")
            m.say("modem register 3")
            self.refused(m.uri, "the network refuses the SIM card", "data calls")
            m.say("modem register 1")
            m.say("modem off")
            self.refused(m.uri, "the modem does not answer", "switched on")
        self.assertFalse(self.stored())

    def refused(self, uri, *words):
        done = self.mw("identify", uri, status=2)
        for word in words:
            self.assertIn(word, done.stderr)

    def stored(self):
        return self.json("meters")["meters"] if os.path.exists(self.db) else []

    def test_pin(self):
        pin = self.file("pin")
        with Modem(self.folder, "--modem-pin", "4711") as m:
            self.refused(m.uri, "wants its PIN", "--pin-file")
            with open(pin, "w") as f:
                f.write("1234\n")
            done = self.mw("identify", m.uri, "--pin-file", pin, status=2)
            self.assertIn("refuses the PIN", done.stderr)
            with open(pin, "w") as f:
                f.write("4711\n")
            trace = self.file("trace")
            self.mw("identify", m.uri, "--pin-file", pin, "--trace", trace)
            with open(trace) as f:
                self.assertNotIn("34 37 31 31", f.read())

    def test_a_modem_of_another_make(self):
        with socket.create_server(("127.0.0.1", 0)) as s:
            port = s.getsockname()[1]
        meter = subprocess.Popen([REFMETER, "--model", "k382", "--tcp", str(port), "--tcp-framing", "kmp", "--clock", CLOCK],
                                 stdout=subprocess.PIPE, text=True)
        meter.stdout.readline()
        try:
            with ForeignModem(port) as modem:
                done = self.json("identify", f"gsm:{modem.path}?number={NUMBER}")
                self.assertEqual(done["meter"]["manufacturer"], "Kamstrup")
                self.assertIn(f"ATD{NUMBER}", modem.commands)
                self.assertEqual(modem.commands[-1], "ATH")
        finally:
            meter.terminate()
            meter.wait()
            meter.stdout.close()


class Drops(Case):
    """The carrier goes after N octets of a read-out: it is dialled again and gone on with, and every
    value is the one of an undisturbed read-out, once."""

    def read(self, modem):
        return self.json("log", modem.uri, "load-profile", "--last", "24", "--no-save")["entries"]

    def octets(self, modem):
        return int(re.search(r"(\d+) octets", modem.status()).group(1))

    def try_positions(self, folder, positions, failures):
        """A meter and a modem of its own: many run side by side, for most of the time is waiting."""
        with Modem(folder) as m:
            clean = self.read(m)
            whole = self.octets(m)
            for n in positions(whole):
                m.say(f"modem drop-after {n}")
                try:
                    again = self.read(m)
                    second = self.octets(m)
                    self.assertEqual(again, clean, f"after {n} octets")
                    # what had come was not read again, but for one answer and who the meter is
                    self.assertLess(second, whole - n + 600, f"after {n} of {whole} {second} more were read")
                except AssertionError as e:
                    failures.append(str(e))

    def test_at_every_octet(self):
        failures, crew = [], []
        size = 16 if SLOW else 4
        for i in range(size):
            folder = self.file(f"meter{i}")
            os.mkdir(folder)

            def positions(whole, first=i):
                last = whole - 40  # after that the read-out is over
                return range(1 + first, last, size) if SLOW else [3 + first * (last // size)]
            crew.append(threading.Thread(target=self.try_positions, args=(folder, positions, failures)))
        for t in crew:
            t.start()
        for t in crew:
            t.join()
        self.assertFalse(failures, "\n".join(failures[:5]))


if __name__ == "__main__":
    harness.main()
