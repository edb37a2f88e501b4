"""A reference meter of Kamstrup as a process, what the catalogue says of it, and what its core
holds (its own commands dump and log).  KMP is kmp_peer's, IEC 62056-21 and the arithmetic of
registers are written here from the documents alone; nothing is shared with protocols/."""
import calendar
import json
import os
import re
import select
import socket
import subprocess
import tempfile
import termios
import time
import tty
import xml.etree.ElementTree as ET

import kmp_peer

HERE = os.path.dirname(os.path.abspath(__file__))
CATALOGUE = os.path.join(HERE, "..", "..", "db", "catalogue")
SPEEDS = {300: termios.B300, 1200: termios.B1200, 2400: termios.B2400, 9600: termios.B9600}
# Numbers of the units of KMP.
UNITS = {"Wh": 1, "kWh": 2, "varh": 13, "kvarh": 14, "VAh": 17, "kVAh": 18, "W": 21, "kW": 22, "var": 25, "kvar": 26, "VA": 29,
         "kVA": 30, "V": 33, "A": 34, "h": 46, "hhmmss": 47, "yymmdd": 48, "number": 51, "RTC": 53, "ASCII": 54, "min": 58,
         "bits": 59, "s": 60, "d": 62, "Hz": 67, "%": 69, "none": 0}
KILO = {2, 14, 18, 22, 26, 30}


# --- the catalogue ------------------------------------------------------------------------------


class Personality:
    def __init__(self, element, family, root):
        self.model, self.generation = element.get("model"), element.get("generation")
        self.variant = element.get("variant", "")
        self.element, self.family = element, family
        self.name = f"{self.model} {self.generation}{self.variant}"
        self.registers = {int(e.get("id"), 16): e for e in family.iter("register") if self.has(e)}
        self.loggers = {int(e.get("kmp")): e for e in family.iter("logger") if self.has(e)}
        self.lines = [line for e in family.iter("iec-readout") if self.has(e) for line in e if self.has(line)]
        self.protocols = element.get("protocols").split()
        self.baud = {p: int(element.get(p + "-baud")) for p in ("optical", "module")}
        self.type = int(element.get("kmp-type"), 16)
        revision = element.get("revision")
        self.revision = (ord(revision[0]) - 64) << 8 | int(revision[1:])

    def has(self, element):
        where = element.get("in")
        return where is None or any(self.agrees(token) for token in where.split())

    def agrees(self, token):
        model, _, letters = token.partition(":")
        generations, variants = re.sub("[0-9]", "", letters), re.sub("[A-Z]", "", letters)
        return model in ("*", self.model) and (not generations or self.generation in generations) \
            and (not variants or self.variant in variants)


def personalities():
    found = []
    for name in sorted(os.listdir(CATALOGUE)):
        if name.startswith("kamstrup") and name.endswith(".xml"):
            root = ET.parse(os.path.join(CATALOGUE, name)).getroot()
            for family in root.iter("family"):
                if family.find("personalities") is not None:
                    found += [Personality(e, family, root) for e in family.find("personalities")]
    return found


# --- KMP ----------------------------------------------------------------------------------------


class Pipe:
    """A socket or a pseudo-terminal."""

    def __init__(self, fd, close):
        self.fd, self.close = fd, close

    def write(self, data):
        while data:
            data = data[os.write(self.fd, data):]

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        return os.read(self.fd, 65536)

    def speed(self, baud):
        t = termios.tcgetattr(self.fd)
        t[4] = t[5] = SPEEDS[baud]
        termios.tcsetattr(self.fd, termios.TCSANOW, t)


class Kmp:
    """The peer's client, asked once; silence is None."""

    def __init__(self, pipe, address=0x3f, wide=False):
        self.pipe, self.peer = pipe, kmp_peer.Client(pipe, address, tries=1, wide=wide)

    def ask(self, apdu, seconds=5.0):
        """The APDU of the answer, b"" for an acknowledgement, None when there is none."""
        self.peer.timeout = seconds
        try:
            return self.peer.ask(apdu, 1)
        except kmp_peer.Silence:
            return None

    def identity(self):
        self.peer.timeout = 5.0
        kind, revision = self.peer.get_type()
        return kind, (ord(revision[0]) - 64) << 8 | int(revision[1:]), self.peer.get_serial()

    def registers(self, ids):
        """id -> (unit, SiEx, octets)"""
        self.peer.timeout = 5.0
        return {i: plain(v) for i, v in self.peer.get_registers(ids).items()}

    def put(self, password, number, unit, siex, octets, seconds=5.0):
        """Was it acknowledged?"""
        self.peer.timeout = seconds
        try:
            self.peer.put_register(password, number, kmp_peer.Value(unit, siex, octets))
        except kmp_peer.Silence:
            return False
        return True

    def whole_log(self, number, ids, oldest):
        """entry -> {register: (unit, SiEx, octets)} from OLDEST on, eight registers at a time."""
        self.peer.timeout, found = 5.0, {}
        for first in range(0, len(ids), 8):
            for entry, values in self.peer.read_log(number, ids[first:first + 8], oldest, records=200):
                found.setdefault(entry, {}).update((i, plain(v)) for i, v in values.items())
        return found


def plain(v):
    return v.unit, v.siex, v.data


# --- IEC 62056-21 ---------------------------------------------------------------------------------


def seven(data):
    """7E1 in eight bits."""
    return bytes(c | (bin(c).count("1") & 1) << 7 for c in data)


class Iec:
    """A dialogue over a pipe; LINE: it has a speed, and bytes have parity."""

    def __init__(self, pipe, line):
        self.pipe, self.line, self.buffer = pipe, line, b""
        if line:
            pipe.speed(300)

    def send(self, data):
        self.pipe.write(seven(data) if self.line else data)

    def until(self, end, after=0, seconds=10):
        """All up to END and AFTER bytes more."""
        limit = time.monotonic() + seconds
        while end not in self.buffer or len(self.buffer) < self.buffer.index(end) + len(end) + after:
            left = limit - time.monotonic()
            assert left > 0, self.buffer
            got = self.pipe.read(left)
            assert not self.line or got == seven(bytes(c & 0x7f for c in got)), "even parity"
            self.buffer += bytes(c & 0x7f for c in got)
        n = self.buffer.index(end) + len(end) + after
        taken, self.buffer = self.buffer[:n], self.buffer[n:]
        return taken

    def open(self, device=b""):
        self.send(b"/?" + device + b"!\r\n")
        return self.until(b"\r\n").decode().rstrip()

    def option(self, letter, mode):
        """Acknowledge: mode 0 read-out, 1 programming; then at the speed of LETTER."""
        self.send(b"\x060" + letter + mode + b"\r\n")
        if self.line:
            termios.tcdrain(self.pipe.fd)
            time.sleep(0.3)
            self.pipe.speed({b"0": 300, b"2": 1200, b"5": 9600}[letter])

    def block(self):
        """What stands between STX and ETX, its block check right."""
        whole = self.until(b"\x03", 1)
        body = whole[whole.index(b"\x02") + 1:]
        check = 0
        for c in body[:-1]:
            check ^= c
        assert check == body[-1], whole
        return body[:-2].decode()

    def message(self, text):
        body = text.encode() + b"\x03"
        check = 0
        for c in body[1:]:
            check ^= c
        self.send(body + bytes([check]))


def shown_line(line, register, core):
    """'1.8.0(0036886*kWh)' when the core holds CORE."""
    unit, digits, decimals = line.get("unit", ""), int(line.get("digits", 0)), int(line.get("decimals", 0))
    number, exponent, _ = core
    exponent -= 3 if unit.startswith("k") else 0
    scaled = number * 10 ** (exponent + decimals) if exponent + decimals >= 0 else number // 10 ** -(exponent + decimals)
    text = str(scaled).rjust(decimals + max(digits, 1), "0")
    text = text[:-decimals] + "." + text[-decimals:] if decimals else text
    return f"{line.get('code')}({text}{'*' + unit if unit else ''})"


# --- a meter ------------------------------------------------------------------------------------


class Meter:
    def __init__(self, program, who, *arguments, ports=("optical", "module", "tcp"), framing=None):
        self.folder, self.pipes, self.who = tempfile.TemporaryDirectory(), [], who
        self.path = {p: os.path.join(self.folder.name, p) for p in ports if p != "tcp"}
        command = [program, "--model", who.model, "--generation", who.generation + who.variant]
        for p, path in self.path.items():
            command += ["--" + p, path]
        command += ["--tcp", "0"] if "tcp" in ports else []
        command += ["--tcp-framing", framing] if framing else []
        self.process = subprocess.Popen([*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.ready = json.loads(self.process.stdout.readline())
        self.port = next((p["port"] for p in self.ready["ports"] if p["kind"] == "tcp"), None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pipe in self.pipes:
            pipe.close()
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()
        self.process.stdin.close()
        self.folder.cleanup()

    def open(self, port, baud=None):
        if port == "tcp":
            s = socket.create_connection(("127.0.0.1", self.port))
            pipe = Pipe(s.fileno(), s.close)
        else:
            fd = os.open(self.path[port], os.O_RDWR | os.O_NOCTTY)
            tty.setraw(fd, termios.TCSANOW)
            pipe = Pipe(fd, lambda: os.close(fd))
            pipe.speed(baud or self.who.baud[port])
        self.pipes.append(pipe)
        return pipe

    def command(self, line, answers=False):
        """What the meter says to a line of its standard input."""
        self.process.stdin.write(line + "\necho mark\n" if answers else line + "\n")
        self.process.stdin.flush()
        if not answers:
            return None
        lines = []
        while (text := self.process.stdout.readline()) != "mark\n":
            assert text, "the meter has gone"
            lines.append(text.rstrip("\n"))
        return lines

    def core(self):
        """register -> its value of the core"""
        return {int(words[0], 16): value(words[2]) for words in (line.split(" ") for line in self.command("dump", True))}

    def core_log(self, number):
        """entry -> (UTC, clock status, {name: value of the core})"""
        found = {}
        for line in self.command(f"log {number}", True):
            entry, utc, status, *columns = line.split(" ")
            found[int(entry)] = (int(utc), int(status), {n: value(v) for n, v in (c.split("=") for c in columns)})
        return found


def value(text):
    """octets, or (number, exponent, status)"""
    if text.startswith("x"):
        return bytes.fromhex(text[1:])
    number, exponent, status = re.fullmatch(r"(-?\d+)e(-?\d+)/(\d+)", text).groups()
    return int(number), int(exponent), int(status)


# --- what a register must show ------------------------------------------------------------------


def utc_seconds(*parts):
    return calendar.timegm((*parts, 0, 0, 0))


def clock(utc, zone_s, dst):
    t = time.gmtime(utc + zone_s)
    return t, dst


def expected(register, core, zone_s, dst=False):
    """(unit, SiEx, octets) of REGISTER, a row of the catalogue, when the core holds CORE.  ZONE_S: local less UTC."""
    kind, size = register.get("kind", "number"), int(register.get("octets"))
    unit = UNITS[register.get("unit", "none")]
    if isinstance(core, bytes):
        return unit, 0, core[:size].ljust(size, b" " if kind == "text" else b"\0")
    number, exponent, status = core
    if kind == "text":
        return unit, 0, str(abs(number)).rjust(size, "0")[-size:].encode()
    if kind in ("rtc", "time", "date"):
        never = register.get("bind").find("RTC") >= 0 and status == 0xff
        t = time.gmtime(number + zone_s)
        if kind == "rtc":
            if never:
                return unit, 0, bytes(8)
            valid = 0 if status & 1 else 2
            return unit, 0, bytes([valid | dst, t.tm_wday + 1, t.tm_sec, t.tm_min, t.tm_hour, t.tm_mday, t.tm_mon, t.tm_year % 100])
        if register.get("bind") in ("DATE", "TIME"):
            digits = number
        elif kind == "time":
            digits = t.tm_hour * 10000 + t.tm_min * 100 + t.tm_sec
        else:
            digits = t.tm_year * 10000 + t.tm_mon * 100 + t.tm_mday
        if kind == "date":
            digits %= 1000000
        return unit, 0, (0 if never else digits).to_bytes(size, "big")
    wanted = int(register.get("exponent", 0))
    down = wanted + (3 if unit in KILO else 0) - exponent
    mantissa = abs(number) // 10 ** down if down >= 0 else abs(number) * 10 ** -down
    mantissa %= 256 ** size
    siex = (0x80 if number < 0 and mantissa else 0) | (0x40 if wanted < 0 else 0) | abs(wanted)
    return unit, siex, mantissa.to_bytes(size, "big")
