#!/usr/bin/env python3
"""An implementation of KMP, the Kamstrup Meter Protocol, that shares nothing with protocols/kmp.

It was written from the description of the protocol (Kamstrup document 5512-447; for B8 what public
software for OMNIPOWER reads): frames, values and logs as plain functions, a client over any stream
of bytes, and a small meter.

    client = Client(Stream.open("tcp:127.0.0.1:4712"))      # or a path: pty, serial port
    client.get_type()                       # (0x5301, "L2")
    client.get_registers([1, 0x3FF])        # {1: Value, …}; what the meter has not is missing
    client.read_log(6, [0x417, 1])          # [(record id, {register id: Value}), …]

    meter = Meter(registers={1: number(36886, 2)}, logs={6: Log(first_id, [ {…}, … ])})
    serve(meter, stream)                    # until the stream ends

As a program: kmp_peer.py client ADDRESS [REGISTER…] prints what a meter says, one line each;
kmp_peer.py meter prints the path of a pseudo-terminal with a meter behind it.
"""
import datetime
import decimal
import os
import select
import socket
import sys
import termios
import time
import tty

TO_METER, FROM_METER, STOP, ACK, ESCAPE = 0x80, 0x40, 0x0D, 0x06, 0x1B
RESERVED = {TO_METER, FROM_METER, STOP, ACK, ESCAPE}


class KmpError(Exception):
    """What came is no right answer."""


class Silence(KmpError):
    """Nothing came."""


# --- frames ---

def crc16(data):
    """CRC with polynomial 1021h, initial value 0, bit by bit."""
    crc = 0
    for byte in data:
        for bit in range(7, -1, -1):
            carry = (crc >> 15) ^ (byte >> bit & 1)
            crc = crc << 1 & 0xFFFF
            if carry:
                crc ^= 0x1021
    return crc


def stuff(data):
    return b"".join(bytes((ESCAPE, b ^ 0xFF)) if b in RESERVED else bytes((b,)) for b in data)


def unstuff(data):
    out, escaped = bytearray(), False
    for b in data:
        if escaped:
            if b ^ 0xFF not in RESERVED:
                raise KmpError(f"1B {b:02X} is no stuffed byte")
            out.append(b ^ 0xFF)
            escaped = False
        elif b == ESCAPE:
            escaped = True
        elif b in RESERVED:
            raise KmpError(f"{b:02X} inside a frame")
        else:
            out.append(b)
    if escaped:
        raise KmpError("the frame ends in a stuffing byte")
    return bytes(out)


def frame(start, address, apdu):
    inner = bytes((address,)) + apdu
    crc = crc16(inner)
    return bytes((start,)) + stuff(inner + bytes((crc >> 8, crc & 0xFF))) + bytes((STOP,))


def unframe(raw):
    """(start, address, APDU) of one whole frame."""
    if len(raw) < 6 or raw[0] not in (TO_METER, FROM_METER) or raw[-1] != STOP:
        raise KmpError("no frame: " + raw.hex())
    inner = unstuff(raw[1:-1])
    if len(inner) < 4:
        raise KmpError("short frame: " + raw.hex())
    if crc16(inner[:-2]) != int.from_bytes(inner[-2:], "big"):
        raise KmpError("wrong CRC: " + raw.hex())
    return raw[0], inner[0], inner[1:-2]


class Scanner:
    """Frames and acknowledgements out of a stream."""

    def __init__(self):
        self.raw = None

    def push(self, data):
        for b in data:
            if b in (TO_METER, FROM_METER):
                self.raw = bytearray((b,))
            elif self.raw is None:
                if b == ACK:
                    yield bytes((ACK,))
            else:
                self.raw.append(b)
                if b == STOP:
                    whole, self.raw = bytes(self.raw), None
                    yield whole


# --- values ---

PREFIXES = {2: ("Wh", 3), 1: ("Wh", 0), 3: ("Wh", 6), 4: ("Wh", 9), 13: ("varh", 0), 14: ("varh", 3),
            15: ("varh", 6), 16: ("varh", 9), 17: ("VAh", 0), 18: ("VAh", 3), 19: ("VAh", 6), 20: ("VAh", 9),
            21: ("W", 0), 22: ("W", 3), 23: ("W", 6), 24: ("W", 9), 25: ("var", 0), 26: ("var", 3), 27: ("var", 6),
            28: ("var", 9), 29: ("VA", 0), 30: ("VA", 3), 31: ("VA", 6), 32: ("VA", 9), 33: ("V", 0), 34: ("A", 0),
            35: ("V", 3), 36: ("A", 3), 46: ("h", 0), 51: ("", 0), 58: ("min", 0), 60: ("s", 0), 61: ("s", -3),
            62: ("d", 0), 67: ("Hz", 0), 68: ("°", 0), 69: ("%", 0)}
EPOCH = datetime.datetime(2000, 1, 1)


class Value:
    """A value as it travels: unit, octets, sign and exponent."""

    def __init__(self, unit, siex, data):
        self.unit, self.siex, self.data = unit, siex, bytes(data)

    def __eq__(self, other):
        return (self.unit, self.siex, self.data) == (other.unit, other.siex, other.data)

    def __repr__(self):
        return f"Value({self.unit}, 0x{self.siex:02x}, {self.data.hex()})"

    @property
    def format(self):
        return self.unit, len(self.data), self.siex

    def encode(self):
        return bytes((self.unit, len(self.data), self.siex)) + self.data

    def integer(self):
        return int.from_bytes(self.data, "big")

    def number(self):
        """As an exact decimal in the unit as it stands (kWh stay kWh)."""
        exponent = self.siex & 0x3F
        if self.siex & 0x40:
            exponent = -exponent
        value = decimal.Decimal((1 if self.siex & 0x80 else 0, tuple(map(int, str(self.integer()))), exponent))
        return value

    def base(self):
        """(number, unit) without prefixes: 1 kWh is 1000 Wh."""
        unit, shift = PREFIXES[self.unit]
        return self.number().scaleb(shift), unit

    def time(self):
        """A datetime (without zone); units 47 and 48 alone give a time or a date."""
        n, d = self.integer(), self.data
        if self.unit == 47:
            return datetime.time(n // 10000, n // 100 % 100, n % 100)
        if self.unit in (48, 49):
            return datetime.date(n // 10000 + (2000 if self.unit == 48 else 0), n // 100 % 100, n % 100)
        if self.unit in (53, 63):
            return datetime.datetime(2000 + d[7], d[6], d[5], d[4], d[3], d[2])
        if self.unit == 72:
            return EPOCH + datetime.timedelta(seconds=int.from_bytes(d[1:], "big"))
        raise KmpError(f"unit {self.unit} is no time")

    def text(self):
        if self.unit == 54:
            return self.data.decode("ascii").rstrip(" \0")
        if self.unit in (47, 48, 49, 53, 63, 72):
            return str(self.time())
        if self.unit in PREFIXES:
            return f"{self.number():f} {PREFIXES[self.unit][0]}"
        return self.data.hex()


def number(mantissa, unit, exponent=0, octets=4):
    siex = (0x80 if mantissa < 0 else 0) | (0x40 if exponent < 0 else 0) | abs(exponent)
    return Value(unit, siex, abs(mantissa).to_bytes(octets, "big"))


def text(characters):
    return Value(54, 0, characters.encode("ascii"))


def rtc(t, flags=2):
    return Value(53, 0, bytes((flags, t.isoweekday(), t.second, t.minute, t.hour, t.day, t.month, t.year - 2000)))


def date_time(t, flags=2):
    return Value(72, 0, bytes((flags,)) + int((t - EPOCH).total_seconds()).to_bytes(4, "big"))


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def left(self):
        return len(self.data) - self.at

    def take(self, n):
        if self.left() < n:
            raise KmpError("too short: " + self.data.hex())
        self.at += n
        return self.data[self.at - n:self.at]

    def u(self, n):
        return int.from_bytes(self.take(n), "big")

    def value(self):
        """(id, Value)"""
        register, unit, octets, siex = self.u(2), self.u(1), self.u(1), self.u(1)
        return register, Value(unit, siex, self.take(octets))


def log_time(t):
    return bytes((t.year - 2000, t.month, t.day, t.hour, t.minute, t.second, 0, 0))


# --- logs ---

INFO = {0: "empty", 2: "range", 3: "length", 4: "end"}
WIDE_INFO = {0: "empty", 1: "range", 2: "interval", 3: "register", 4: "length", 5: "format", 6: "end", 7: "oldest",
             8: "memory", 9: "request", 10: "internal"}


def flags(names, bits):
    return {name for bit, name in names.items() if bits >> bit & 1}


def parse_log(data, step):
    """The answer behind CID: (log, [(id, {register: Value})], newest id, flags).  STEP is how the ids
    of the records go on."""
    if len(data) < 7:
        return None, [], None, flags(INFO, data[-1])
    info = flags(INFO, data[-1])
    body, newest = Reader(data[:-5]), int.from_bytes(data[-3:-1], "big")
    log, n = body.u(1), body.u(1)
    records, formats = [], []
    while n and body.left():
        record, values = body.u(2), {}
        for i in range(n):
            if not records:
                register, value = body.value()
                formats.append((register, value.format))
            else:
                register, (unit, octets, siex) = formats[i]
                value = Value(unit, siex, body.take(octets))
            values[register] = value
        if records and record != (records[-1][0] + step) & 0xFFFF:
            raise KmpError(f"record {record} after {records[-1][0]}")
        records.append((record, values))
    if records and records[-1][0] != int.from_bytes(data[-5:-3], "big"):
        raise KmpError("the last record is not the one that is named as last")
    return log, records, newest, info


def stepped(before, difference):
    """BEFORE with DIFFERENCE added to its number."""
    if before.unit == 72:
        return Value(72, before.siex, before.data[:1] + (int.from_bytes(before.data[1:], "big")
                                                         + difference).to_bytes(4, "big"))
    n = (-before.integer() if before.siex & 0x80 else before.integer()) + difference
    return Value(before.unit, before.siex & 0x7F | (0x80 if n < 0 else 0), abs(n).to_bytes(len(before.data), "big"))


def parse_wide_log(data, step):
    """The same for B8, DATA from the sub-code on."""
    if len(data) < 13:
        return None, [], None, flags(WIDE_INFO, int.from_bytes(data[-2:], "big"))
    info = flags(WIDE_INFO, int.from_bytes(data[-2:], "big"))
    body, newest = Reader(data[:-6]), int.from_bytes(data[-6:-2], "big")
    body.u(1)
    log, n, record = body.u(1), body.u(1), body.u(4)
    records = []
    if n and body.left():
        records.append((record, dict(body.value() for _ in range(n))))
        order = list(records[0][1])
        first = dict(records[0][1])
        stepping, usual = body.u(2) if body.left() else 0xFFFF, 0
        if stepping != 0xFFFF:
            octets = body.take(len(first[stepping].data))
            usual = int.from_bytes(octets[1:] if first[stepping].unit == 72 else octets, "big")
    while n and body.left():
        nibbles = "".join(f"{b:02x}" for b in body.take((n + 1) // 2))
        before, values = records[-1][1], {}
        for i, register in enumerate(order):
            sign, octets = int(nibbles[i], 16) >> 3, int(nibbles[i], 16) & 7
            if octets == 7:
                values[register] = Value(first[register].unit, first[register].siex,
                                         body.take(len(first[register].data)))
                continue
            difference = body.u(octets) if octets else usual if register == stepping else 0
            if not octets and register != stepping:
                values[register] = before[register]
            else:
                values[register] = stepped(before[register], -difference if sign else difference)
        record += step
        records.append((record, values))
    return log, records, newest, info


# --- the client ---

class Stream:
    """Bytes of a descriptor: a socket, a pseudo-terminal, a serial port."""

    def __init__(self, read_fd, write_fd=None, keep=None):
        self.r, self.w, self.keep = read_fd, read_fd if write_fd is None else write_fd, keep

    @classmethod
    def open(cls, address):
        if address.startswith("tcp:"):
            host, port = address[4:].rsplit(":", 1)
            s = socket.create_connection((host, int(port)), timeout=10)
            s.setblocking(True)
            return cls(s.fileno(), keep=s)
        fd = os.open(address, os.O_RDWR | os.O_NOCTTY)
        if os.isatty(fd):
            tty.setraw(fd)
        return cls(fd)

    def speed(self, baud):
        """8N2 at BAUD, where there is a line."""
        attributes = termios.tcgetattr(self.r)
        attributes[4] = attributes[5] = getattr(termios, f"B{baud}")
        attributes[2] |= termios.CSTOPB | termios.CREAD | termios.CLOCAL
        termios.tcsetattr(self.r, termios.TCSANOW, attributes)

    def write(self, data):
        while data:
            data = data[os.write(self.w, data):]

    def read(self, seconds):
        """What there is within SECONDS; b"" at the end of them, None when the other side is gone."""
        ready, _, _ = select.select([self.r], [], [], max(0, seconds))
        if not ready:
            return b""
        try:
            return os.read(self.r, 4096) or None
        except OSError:
            return None


class Client:
    def __init__(self, stream, address=0x3F, timeout=1.6, tries=3, wide=False):
        self.stream, self.address, self.timeout, self.tries, self.wide = stream, address, timeout, tries, wide

    def ask(self, apdu, tries=None):
        """The APDU of the answer, b"" for an acknowledgement."""
        for _ in range(tries or self.tries):
            self.stream.write(frame(TO_METER, self.address, apdu))
            scanner, end = Scanner(), time.monotonic() + self.timeout
            while time.monotonic() < end:
                data = self.stream.read(end - time.monotonic())
                if data is None:
                    raise Silence("the other side is gone")
                for message in scanner.push(data):
                    if message == bytes((ACK,)):
                        return b""
                    if message[0] == TO_METER:
                        continue  # the head's echo
                    start, address, answer = unframe(message)
                    if address == self.address:
                        return answer
        raise Silence(f"no answer to {apdu.hex()}")

    def data(self, apdu, *cids):
        answer = self.ask(apdu)
        if not answer or answer[0] not in (cids or apdu[:1]):
            raise KmpError(f"{apdu.hex()} was answered with {answer.hex() or 'an acknowledgement'}")
        return answer[1:]

    def acknowledged(self, apdu):
        answer = self.ask(apdu, 1)
        if answer:
            raise KmpError(f"{apdu.hex()} was answered with {answer.hex()}")

    def get_type(self):
        d = self.data(b"\x01")
        return int.from_bytes(d[:2], "big"), f"{chr(64 + d[2])}{d[3]}"

    def get_serial(self):
        return int.from_bytes(self.data(b"\x02"), "big")

    def get_registers(self, ids):
        values = {}
        for at in range(0, len(ids), 8):
            some = ids[at:at + 8]
            d = Reader(self.data(bytes((0x10, len(some))) + b"".join(i.to_bytes(2, "big") for i in some)))
            while d.left():
                register, value = d.value()
                if register not in some:
                    raise KmpError(f"register {register:04x} was not asked for")
                values[register] = value
        return values

    def put_register(self, password, register, value):
        self.acknowledged(b"\x11" + password.to_bytes(2, "big") + register.to_bytes(2, "big") + value.encode())

    def set_clock(self, t):
        date = (t.year - 2000) * 10000 + t.month * 100 + t.day
        clock = t.hour * 10000 + t.minute * 100 + t.second
        self.acknowledged(b"\x09" + date.to_bytes(4, "big") + clock.to_bytes(4, "big"))

    def login(self, pin):
        return self.data(b"\x92" + pin.to_bytes(2, "big"))[0] == 0

    def cut_off(self, what=None):
        """(state, feedback), after doing WHAT: 1 disconnect, 2 release, 3 reconnect."""
        if what is not None:
            self.ask(bytes((0x97, what)))
        return tuple(self.data(b"\x98")[:2])

    def event_status(self):
        return self.data(b"\x9b")

    def clear_event_status(self, conditional, unconditional=bytes(4)):
        return self.data(b"\x9c" + conditional + unconditional, 0x9B, 0x9C)

    def log_request(self, log, ids, records, start, past):
        registers = bytes((log, len(ids))) + b"".join(i.to_bytes(2, "big") for i in ids)
        if self.wide:
            sub = 2 if isinstance(start, int) else 3 if past else 0
            where = start if isinstance(start, int) else int((start - EPOCH).total_seconds()) if start else 0
            return bytes((0xB8, sub)) + registers + records.to_bytes(2, "big") + where.to_bytes(4, "big")
        if isinstance(start, int):
            return b"\xa2" + registers + bytes((records, 255)) + (start & 0xFFFF).to_bytes(2, "big")
        cid = b"\xa3" if past else b"\xa0"
        return cid + registers + bytes((records, 255)) + log_time(start or EPOCH) + (bytes(2) if past else b"")

    def read_log(self, log, ids, start=None, past=False, records=8, most=None):
        """All records from START (a datetime, a record id, None: the oldest) to the newest; with
        PAST as many as one answer has."""
        found = []
        parse, step = parse_wide_log if self.wide else parse_log, -1 if past else 1
        while True:
            request = self.log_request(log, ids, min(records, (most or 1 << 30) - len(found)), start, past)
            got, some, newest, info = parse(self.data(request), step)
            if got not in (None, log):
                raise KmpError(f"log {got} instead of {log}")
            found += some
            if not some or past or "end" in info or some[-1][0] == newest or len(found) == most:
                return found
            start = some[-1][0] + 1


# --- a meter ---

class Log:
    """RECORDS, each {register id: Value}, with ids from FIRST on."""

    def __init__(self, first, records, time_register=0x417):
        self.first, self.records, self.time = first, records, time_register
        self.read = first - 1

    @property
    def newest(self):
        return self.first + len(self.records) - 1


class Meter:
    def __init__(self, registers=None, logs=None, address=0x3F, type_word=0x5301, revision=(12, 2), serial=14410000,
                 password=12345, writable=(), max_apdu=255):
        self.registers, self.logs, self.address = dict(registers or {}), dict(logs or {}), address
        self.type_word, self.revision, self.serial, self.password = type_word, revision, serial, password
        self.writable, self.max_apdu = set(writable), max_apdu
        self.state, self.status, self.clock, self.commands = 4, bytearray(4), None, []

    def handle(self, apdu):
        """What a request gets: an APDU, b"" to acknowledge, None for silence."""
        command = getattr(self, f"on_{apdu[0]:02x}", None)
        try:
            return command(Reader(apdu[1:])) if command else None
        except (KmpError, ValueError):
            return None

    def on_01(self, r):
        return b"\x01" + self.type_word.to_bytes(2, "big") + bytes(self.revision)

    def on_02(self, r):
        return b"\x02" + self.serial.to_bytes(4, "big")

    def on_09(self, r):
        date, clock = r.u(4), r.u(4)
        self.clock = datetime.datetime(2000 + date // 10000, date // 100 % 100, date % 100, clock // 10000,
                                       clock // 100 % 100, clock % 100)
        return b""

    def on_10(self, r):
        ids = [r.u(2) for _ in range(r.u(1))]
        if not 1 <= len(ids) <= 8:
            return None
        return b"\x10" + b"".join(i.to_bytes(2, "big") + self.registers[i].encode() for i in ids
                                  if i in self.registers)

    def on_11(self, r):
        password = r.u(2)
        register, value = r.value()
        if password != self.password or register not in self.writable:
            return None
        self.registers[register] = value
        return b""

    def on_88(self, r):
        self.commands.append(0x88)
        return b""

    def on_92(self, r):
        return b"\x92" + bytes((0 if r.u(2) == self.password else 1,))

    def on_97(self, r):
        self.state = {1: 1, 2: 8, 3: 4}[r.u(1)]
        return b"\x97" + bytes((self.state, 0x1F))

    def on_98(self, r):
        return b"\x98" + bytes((self.state, 0x1F))

    def on_9b(self, r):
        return b"\x9b" + bytes(self.status)

    def on_9c(self, r):
        conditional, unconditional = r.take(4), r.take(4)
        self.status = bytearray(s & ~(c | u) for s, c, u in zip(self.status, conditional, unconditional))
        return self.on_9b(r)

    def on_a0(self, r):
        return self.log(0xA0, r)

    def on_a1(self, r):
        return self.log(0xA1, r)

    def on_a2(self, r):
        return self.log(0xA2, r)

    def on_a3(self, r):
        return self.log(0xA3, r)

    def log(self, cid, r):
        log_id, ids = r.u(1), []
        log = self.logs.get(log_id)
        for _ in range(r.u(1)):
            ids.append(r.u(2))
        most, limit, at, info = r.u(1), min(r.u(1) or 255, self.max_apdu), None, 0
        if log is None:
            return None
        if cid in (0xA0, 0xA3):
            t = r.take(8)
            when = datetime.datetime(2000 + t[0], *t[1:6])
            times = [record[log.time].time() for record in log.records]
            if cid == 0xA0:
                at = next((i for i, x in enumerate(times) if x >= when), None)
            else:
                at = next((i for i in range(len(times) - 1, -1, -1) if times[i] <= when), None)
                at = None if at is None or at < r.u(2) else at - int.from_bytes(r.data[-2:], "big")
        elif cid == 0xA1:
            at = log.read + 1 - log.first
        else:
            back = log.newest - r.u(2) & 0xFFFF
            at = None if back > 0xFF00 else max(0, len(log.records) - 1 - back)
        head, body, shown = bytes((cid, log_id)), b"", []
        if not log.records:
            info = 1
        elif at is None:
            info = 4
        while not info and len(shown) < most:
            if not 0 <= at < len(log.records):
                info |= 16
                break
            record = log.records[at]
            has = [i for i in ids if i in record]
            piece = (log.first + at & 0xFFFF).to_bytes(2, "big")
            piece += b"".join(record[i].data if shown else i.to_bytes(2, "big") + record[i].encode() for i in has)
            if len(head) + 1 + len(body) + len(piece) + 5 > limit:
                info |= 8
                break
            body += piece
            shown.append(log.first + at)
            at += -1 if cid == 0xA3 else 1
        if shown:
            log.read = max(log.read, *shown)
        n = len([i for i in ids if log.records and i in log.records[0]]) if shown else 0
        last = shown[-1] if shown else log.newest
        return head + bytes((n,)) + body + b"".join((x & 0xFFFF).to_bytes(2, "big") for x in (last, log.newest)) \
            + bytes((info,))

    def on_b8(self, r):
        """Without differences: every record in its own octets."""
        sub, log_id, n = r.u(1), r.u(1), r.u(1)
        ids, most, where = [r.u(2) for _ in range(n)], r.u(2), r.u(4)
        log = self.logs.get(log_id)
        if log is None or sub not in (0, 2, 3):
            return None
        if sub == 2:
            at = max(0, where - log.first) if where <= log.newest else None
        else:
            when = EPOCH + datetime.timedelta(seconds=where)
            hits = [i for i, x in enumerate(log.records)
                    if (x[log.time].time() >= when if sub == 0 else x[log.time].time() <= when)]
            at = None if not hits else hits[0] if sub == 0 else hits[-1]
        head, info, body, count = bytes((0xB8, sub, log_id)), 0 if log.records else 1, b"", 0
        if log.records and at is None:
            info = 2
        first = log.first + (at or 0)
        while not info and count < most:
            record = log.records[at]
            has = [i for i in ids if i in record]
            piece = b"".join(i.to_bytes(2, "big") + record[i].encode() for i in has) + b"\xff\xff" if not count \
                else b"\x77" * ((len(has) + 1) // 2) + b"".join(record[i].data for i in has)
            if len(body) + len(piece) + 14 > self.max_apdu:
                info = 16
                break
            body, count, n = body + piece, count + 1, len(has)
            if at == (0 if sub == 3 else len(log.records) - 1):
                info = 128 if sub == 3 else 64
            at += -1 if sub == 3 else 1
        return head + bytes((n if count else 0,)) + first.to_bytes(4, "big") + body \
            + log.newest.to_bytes(4, "big") + info.to_bytes(2, "big")

    def answer(self, message):
        """Bytes for the line, for one whole frame that came."""
        try:
            start, address, apdu = unframe(message)
        except KmpError:
            return b""
        if start != TO_METER or address != self.address:
            return b""
        reply = self.handle(apdu)
        if reply is None:
            return b""
        return frame(FROM_METER, address, reply) if reply else bytes((ACK,))


def serve(meter, stream, echo=False):
    """Answer until the other side is gone."""
    scanner = Scanner()
    while True:
        data = stream.read(3600)
        if data is None:
            return
        if echo:
            stream.write(data)
        for message in scanner.push(data):
            stream.write(meter.answer(message))


def example_meter():
    """A 382 generation J with a few registers and an hour profile."""
    start = datetime.datetime(2012, 3, 1)
    profile = [{0x417: rtc(start + datetime.timedelta(hours=i)), 1: number(368860 + 3 * i, 2, -1),
                2: number(12, 2, -1)} for i in range(48)]
    registers = {1: number(368860 + 144, 2, -1), 0x3FF: number(1078, 22, -3), 0x41E: number(230, 33, 0, 2),
                 0x3E9: number(14410000, 51), 0x417: rtc(start + datetime.timedelta(days=2)),
                 0x466: text("685382OK10"), 0x4F7: number(63, 51, 0, 1)}
    return Meter(registers, {6: Log(65520, profile)}, writable=(0x4F7,))


def main(arguments):
    if arguments[:1] == ["meter"]:
        master, slave = os.openpty()
        tty.setraw(slave)
        print(os.ttyname(slave), flush=True)
        serve(example_meter(), Stream(master))
        return 0
    if arguments[:1] == ["client"] and len(arguments) > 1:
        client = Client(Stream.open(arguments[1]))
        type_word, revision = client.get_type()
        print(f"type {type_word:04X} revision {revision} serial {client.get_serial()}")
        ids = [int(a, 16) for a in arguments[2:]] or [1, 0x3FF, 0x41E]
        for register, value in client.get_registers(ids).items():
            print(f"{register:04X} {value.text()}")
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
