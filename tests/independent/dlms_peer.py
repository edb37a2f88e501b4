"""dlms_peer.py: a second DLMS/COSEM implementation, for tests alone.

It shares no line, table or language with protocols/: what the product's client and server both
believe is checked here against a reading of the standards made for this file (Green Book: HDLC 8.4,
wrapper 7.3, ACSE and xDLMS 9.3-9.5; Blue Book 4).  It is small and slow on purpose: bitwise check
sums, one request at a time, exceptions for everything unexpected.
"""
import os
import select
import socket
import struct
import termios
import time


class PeerError(Exception):
    pass


# ---- A-XDR (IEC 61334-6, Blue Book 4.1.5) ----

class Bits(str):
    """A bit-string as text of 0 and 1."""


def length(data, at):
    first = data[at]
    if first < 0x80:
        return first, at + 1
    n = first & 0x7F
    return int.from_bytes(data[at + 1:at + 1 + n], "big"), at + 1 + n


FIXED = {3: (">?", 1), 5: (">i", 4), 6: (">I", 4), 13: (">b", 1), 15: (">b", 1), 16: (">h", 2), 17: (">B", 1),
         18: (">H", 2), 20: (">q", 8), 21: (">Q", 8), 22: (">B", 1), 23: (">f", 4), 24: (">d", 8)}


def value(data, at=0):
    """(value, next offset) of the A-XDR data at AT."""
    tag = data[at]
    at += 1
    if tag == 0:
        return None, at
    if tag in (1, 2):
        n, at = length(data, at)
        items = []
        for _ in range(n):
            item, at = value(data, at)
            items.append(item)
        return items, at
    if tag == 4:
        n, at = length(data, at)
        size = (n + 7) // 8
        return Bits("".join(f"{b:08b}" for b in data[at:at + size])[:n]), at + size
    if tag in (9, 10, 12):
        n, at = length(data, at)
        if at + n > len(data):
            raise PeerError("string runs over the end")
        raw = bytes(data[at:at + n])
        return (raw if tag == 9 else raw.decode("utf-8" if tag == 12 else "ascii")), at + n
    if tag in FIXED:
        form, size = FIXED[tag]
        return struct.unpack(form, data[at:at + size])[0], at + size
    if tag == 25:
        return bytes(data[at:at + 12]), at + 12
    if tag == 26:
        return bytes(data[at:at + 5]), at + 5
    if tag == 27:
        return bytes(data[at:at + 4]), at + 4
    raise PeerError(f"data type {tag} is none that this peer knows")


def whole(data):
    v, at = value(data)
    if at != len(data):
        raise PeerError(f"{len(data) - at} bytes follow the value")
    return v


def octets(raw):
    return bytes([9, len(raw)]) + raw


def date_time(year, month, day, hour=0, minute=0, second=0, deviation=-0x8000, status=0xFF):
    """A COSEM date-time; DEVIATION in COSEM's own sign (Central European Time: -60)."""
    return struct.pack(">HBBBBBBBhB", year, month, day, 0xFF, hour, minute, second, 0xFF, deviation, status)


# ---- HDLC frame type 3 (ISO/IEC 13239, Green Book 8.4) ----

def fcs(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return struct.pack("<H", crc ^ 0xFFFF)


def address(logical, physical=None, size=1):
    if size == 1:
        return bytes([logical << 1 | 1])
    if size == 2:
        return bytes([logical << 1, physical << 1 | 1])
    return bytes([logical >> 7 << 1, (logical & 0x7F) << 1, physical >> 7 << 1, (physical & 0x7F) << 1 | 1])


def frame(destination, source, control, info=b"", segmented=False):
    size = 2 + len(destination) + len(source) + 1 + 2 + (len(info) + 2 if info else 0)
    head = struct.pack(">H", 0xA000 | (0x0800 if segmented else 0) | size) + destination + source + bytes([control])
    out = head + fcs(head)
    if info:
        out += info + fcs(out + info)
    return b"\x7e" + out + b"\x7e"


def split_address(data, at):
    begin = at
    while not data[at] & 1:
        at += 1
    return bytes(data[begin:at + 1]), at + 1


def parse_frame(raw):
    """(destination, source, control, info, segmented) of the bytes between two flags."""
    kind = struct.unpack(">H", raw[:2])[0]
    if kind >> 12 != 0xA or kind & 0x7FF != len(raw):
        raise PeerError(f"frame format {kind:04x} on {len(raw)} bytes")
    destination, at = split_address(raw, 2)
    source, at = split_address(raw, at)
    control = raw[at]
    at += 1
    if fcs(raw[:at]) != raw[at:at + 2]:
        raise PeerError("header check sum")
    info = b""
    if len(raw) > at + 2:
        if fcs(raw[:-2]) != raw[-2:]:
            raise PeerError("frame check sum")
        info = bytes(raw[at + 2:-2])
    return destination, source, control, info, bool(kind & 0x800)


def negotiation(raw):
    """The parameters of an SNRM or UA information field as {id: number}."""
    if not raw:
        return {5: 128, 6: 128, 7: 1, 8: 1}
    if raw[0] != 0x81 or raw[1] != 0x80 or raw[2] != len(raw) - 3:
        raise PeerError("negotiation field " + raw.hex())
    out, at = {}, 3
    while at < len(raw):
        n = raw[at + 1]
        out[raw[at]] = int.from_bytes(raw[at + 2:at + 2 + n], "big")
        at += 2 + n
    return out


# ---- byte pipes ----

class Pipe:
    """Bytes over a socket or a pseudo-terminal, with a patience in seconds."""

    def __init__(self, fd, close):
        self.fd, self.shut, self.buffer = fd, close, b""

    def close(self):
        self.fd, shut, self.shut = -1, self.shut, None
        if shut:
            shut()

    def write(self, data):
        while data:
            data = data[os.write(self.fd, data):]

    def more(self, patience):
        if not select.select([self.fd], [], [], patience)[0]:
            raise PeerError(f"silence for {patience} s; so far: {self.buffer.hex()}")
        got = os.read(self.fd, 4096)
        if not got:
            raise PeerError("closed by the other side")
        self.buffer += got

    def take(self, n, patience=20):
        while len(self.buffer) < n:
            self.more(patience)
        out, self.buffer = self.buffer[:n], self.buffer[n:]
        return out

    def until(self, end, patience=20):
        while end not in self.buffer:
            self.more(patience)
        at = self.buffer.index(end) + len(end)
        out, self.buffer = self.buffer[:at], self.buffer[at:]
        return out


def tcp(port):
    s = socket.create_connection(("127.0.0.1", port), timeout=20)
    s.setblocking(True)
    return Pipe(s.fileno(), s.close)


def pty(path, speed=termios.B300):
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    set_speed(fd, speed)
    return Pipe(fd, lambda: os.close(fd))


def set_speed(fd, speed):
    raw = termios.tcgetattr(fd)
    raw[0] = raw[1] = raw[3] = 0
    raw[2] = termios.CS8 | termios.CREAD | termios.CLOCAL
    raw[4] = raw[5] = speed
    termios.tcsetattr(fd, termios.TCSANOW, raw)


# ---- transports: whole APDUs ----

class Wrapper:
    """Green Book 7.3: version 1, source and destination wPort, length."""

    def __init__(self, pipe, client, server):
        self.pipe, self.client, self.server = pipe, client, server

    def open(self):
        pass

    def exchange(self, apdu):
        self.pipe.write(struct.pack(">HHHH", 1, self.client, self.server, len(apdu)) + apdu)
        version, source, destination, n = struct.unpack(">HHHH", self.pipe.take(8))
        if (version, source, destination) != (1, self.server, self.client):
            raise PeerError(f"wrapper header {version} {source} {destination}")
        return self.pipe.take(n)

    def close(self):
        self.pipe.close()


class Hdlc:
    def __init__(self, pipe, client, server, info=128, window=1):
        self.pipe, self.me, self.other = pipe, address(client), server
        self.info, self.window = info, window
        self.sent = self.received = 0

    def read_frame(self):
        while True:
            self.pipe.until(b"\x7e")
            body = b""
            while not body:
                body = self.pipe.until(b"\x7e")[:-1]
            want = (struct.unpack(">H", body[:2])[0] & 0x7FF) if len(body) > 1 else 0
            while len(body) < want:  # a flag byte inside the frame: the length says where it ends
                body += b"\x7e" + self.pipe.until(b"\x7e")[:-1]
            self.pipe.buffer = b"\x7e" + self.pipe.buffer
            parsed = parse_frame(body)
            if parsed[0] == self.me:
                return parsed

    def send(self, control, info=b"", segmented=False):
        self.pipe.write(frame(self.other, self.me, control, info, segmented))

    def open(self):
        n = self.info
        field = bytes([5, 2]) + struct.pack(">H", n) + bytes([6, 2]) + struct.pack(">H", n)
        field += bytes([7, 4]) + struct.pack(">I", self.window) + bytes([8, 4]) + struct.pack(">I", self.window)
        self.send(0x93, bytes([0x81, 0x80, len(field)]) + field)
        _, source, control, info, _ = self.read_frame()
        if control & 0xEF != 0x63 or source != self.other:
            raise PeerError(f"no UA but {control:02x}")
        self.agreed = negotiation(info)

    def exchange(self, apdu):
        data = b"\xe6\xe6\x00" + apdu
        limit = self.agreed.get(6, 128)  # what the meter receives
        while data:
            piece, data = data[:limit], data[limit:]
            self.send(self.received << 5 | 0x10 | self.sent << 1, piece, bool(data))
            self.sent = (self.sent + 1) & 7
            if data:
                control = self.read_frame()[2]
                if control & 0x0F != 1 or control >> 5 != self.sent:
                    raise PeerError(f"no RR after a segment but {control:02x}")
        out = b""
        while True:
            _, _, control, info, segmented = self.read_frame()
            if control & 1 or (control >> 1 & 7) != self.received:
                raise PeerError(f"unexpected frame {control:02x}")
            self.received = (self.received + 1) & 7
            out += info
            if not segmented:
                break
            if control & 0x10:
                self.send(self.received << 5 | 0x11)
        if out[:3] != b"\xe6\xe7\x00":
            raise PeerError("LLC " + out[:3].hex())
        return out[3:]

    def close(self):
        self.send(0x53)
        control = self.read_frame()[2]
        self.pipe.close()
        if control & 0xEF not in (0x63, 0x0F):
            raise PeerError(f"no UA or DM on DISC but {control:02x}")


def open_mode_e(pipe, patience=20):
    """IEC 62056-21: 300 baud, /?!, identification, ACK 2 Z 2; returns (identification, baud)."""
    pipe.write(even(b"/?!\r\n"))
    line = bytes(b & 0x7F for b in pipe.until(even(b"\n"), patience))
    if line[:1] != b"/" or line[5:7] != b"\\2":
        raise PeerError(f"identification {line!r}")
    z = line[4:5]
    pipe.write(even(b"\x062" + z + b"2\r\n"))
    termios.tcdrain(pipe.fd)
    time.sleep(0.3)
    baud = {b"0": 300, b"3": 2400, b"4": 4800, b"5": 9600, b"6": 19200}[z]
    set_speed(pipe.fd, getattr(termios, f"B{baud}"))
    confirmed = bytes(b & 0x7F for b in pipe.take(6, patience))  # Annex E: the meter says the same
    if confirmed != b"\x062" + z + b"2\r\n":
        raise PeerError(f"confirmation {confirmed!r}")
    time.sleep(0.25)  # 6.3.14: nobody answers sooner than after 20 ms (200 ms in slow meters)
    return line.decode(), baud


def even(data):
    return bytes(b | (0x80 if bin(b).count("1") & 1 else 0) for b in data)


# ---- the client ----

class Client:
    CONFORMANCE = 0x00101D  # GET, SET, ACTION, selective access, block transfer with GET; no lists

    def __init__(self, transport):
        self.transport, self.invoke = transport, 0

    def associate(self, password=None, max_pdu=0xFFFF):
        self.transport.open()
        body = bytes.fromhex("a109060760857405080101")
        if password is not None:
            body += bytes.fromhex("8a0207808b0760857405080201")
            body += bytes([0xAC, len(password) + 2, 0x80, len(password)]) + password
        initiate = bytes.fromhex("01000000065f1f0400") + self.CONFORMANCE.to_bytes(3, "big") + struct.pack(">H", max_pdu)
        body += bytes([0xBE, len(initiate) + 2, 4, len(initiate)]) + initiate
        answer = self.transport.exchange(bytes([0x60, len(body)]) + body)
        if answer[0] != 0x61:
            raise PeerError("no AARE: " + answer.hex())
        fields, at = {}, 2
        while at < len(answer):
            fields[answer[at]] = answer[at + 2:at + 2 + answer[at + 1]]
            at += 2 + answer[at + 1]
        self.result = fields[0xA2][-1]
        self.diagnostic = fields[0xA3][-1]
        if self.result == 0:
            response = fields[0xBE][2:]
            if response[0] != 8:
                raise PeerError("initiate response " + response.hex())
            self.conformance = int.from_bytes(response[7:10], "big")
            self.max_pdu = struct.unpack(">H", response[10:12])[0]
            if response[12:14] != b"\x00\x07":
                raise PeerError("vaa-name " + response.hex())
        return self.result

    def get(self, class_id, obis, attribute, selector=b""):
        name = bytes(int(x) for x in obis.replace("-", ".").replace(":", ".").split("."))
        self.invoke = (self.invoke + 1) & 0xF
        pid = 0xC0 | self.invoke
        request = bytes([0xC0, 1, pid]) + struct.pack(">H", class_id) + name + bytes([attribute & 0xFF])
        answer = self.transport.exchange(request + (b"\x01" + selector if selector else b"\x00"))
        self.blocks = 0
        if answer[0] != 0xC4 or answer[2] != pid:
            raise PeerError("answer " + answer[:8].hex())
        if answer[1] == 1:
            return bytes(answer[4:]) if answer[3] == 0 else answer[4]
        out = b""
        while True:
            if answer[:2] != b"\xc4\x02" or answer[2] != pid:
                raise PeerError("block " + answer[:8].hex())
            last, number, choice = answer[3], struct.unpack(">I", answer[4:8])[0], answer[8]
            if choice != 0:
                return answer[9]
            n, at = length(answer, 9)
            if len(answer) != at + n or number != self.blocks + 1:
                raise PeerError(f"block {number}: {len(answer) - at} bytes of {n}")
            out += answer[at:]
            self.blocks = number
            if last:
                return bytes(out)
            answer = self.transport.exchange(bytes([0xC0, 2, pid]) + struct.pack(">I", number))

    def read(self, class_id, obis, attribute, selector=b""):
        raw = self.get(class_id, obis, attribute, selector)
        if isinstance(raw, int):
            raise PeerError(f"{obis} attribute {attribute}: data-access-result {raw}")
        return whole(raw)

    def set(self, class_id, obis, attribute, encoded):
        name = bytes(int(x) for x in obis.replace("-", ".").replace(":", ".").split("."))
        self.invoke = (self.invoke + 1) & 0xF
        answer = self.transport.exchange(bytes([0xC1, 1, 0xC0 | self.invoke]) + struct.pack(">H", class_id) + name
                                         + bytes([attribute, 0]) + encoded)
        if answer[:2] != b"\xc5\x01":
            raise PeerError("set answer " + answer.hex())
        return answer[3]

    def release(self):
        answer = self.transport.exchange(bytes.fromhex("6203800100"))
        if answer[0] != 0x63:
            raise PeerError("no RLRE: " + answer.hex())
        self.transport.close()


def by_range(begin, end):
    """Selective access 1 on the clock column (Blue Book, class 7)."""
    return (b"\x01\x02\x04" + b"\x02\x04\x12\x00\x08" + octets(bytes([0, 0, 1, 0, 0, 255])) + b"\x0f\x02\x12\x00\x00"
            + octets(begin) + octets(end) + b"\x01\x00")


def by_entry(first, last, from_column=1, to_column=0):
    """Selective access 2: entries and columns counted from 1, 0 as an end: to the last."""
    return b"\x02\x02\x04" + struct.pack(">BIBIBHBH", 6, first, 6, last, 18, from_column, 18, to_column)
