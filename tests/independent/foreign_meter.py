#!/usr/bin/env python3
"""foreign_meter.py: a small DLMS meter that nobody of the product wrote tables for.

It is as awkward as the meters that users complain about: HDLC over TCP with 4-byte addresses,
frames of 128 bytes, window 1, a PDU of 190 bytes, no lists, no access by range, an energy register
with scaler +1, standard time all year with the deviation left out, a last frame that comes late.
Prints its port as one line; serves connections one after the other until it is killed.
Everything that it believes stands in dlms_peer.py and here, nothing comes from protocols/.
"""
import socket
import struct
import sys
import time

from dlms_peer import (PeerError, Pipe, address, date_time, frame, octets, parse_frame)

ROWS = 700  # quarter hours from 2025-10-20T00:15 standard time on, a change to winter time among them
START = 1760919300  # 2025-10-20T00:15:00 as if in UTC
SERVER = address(1, 17, 4)
PDU = 190


def u8(v):
    return struct.pack(">BB", 17, v)


def u16(v):
    return struct.pack(">BH", 18, v)


def u32(v):
    return struct.pack(">BI", 6, v)


def structure(*items):
    return bytes([2, len(items)]) + b"".join(items)


def array(items):
    n = len(items)
    head = bytes([1, n]) if n < 128 else bytes([1, 0x82]) + struct.pack(">H", n)
    return head + b"".join(items)


def obis(text):
    return bytes(int(x) for x in text.replace("-", ".").replace(":", ".").split("."))


def stamp(seconds):
    t = time.gmtime(seconds)
    return date_time(t.tm_year, t.tm_mon, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec)


def energy(row):
    """Tens of Wh at the end of interval ROW."""
    return 123456 + row * 7 + row % 5


def column(class_id, name, attribute):
    return structure(u16(class_id), octets(obis(name)), bytes([15, attribute]), u16(0))


def rows(first, last):
    return array([structure(octets(stamp(START + 900 * r)), u8(4 if r == 10 else 0), u32(energy(r)))
                  for r in range(first, last)])


OBJECTS = {  # (class, OBIS): version, {attribute: encoder}
    (1, "0-0:42.0.0.255"): (0, {2: lambda: octets(b"XYZ0000000012345")}),
    (8, "0-0:1.0.0.255"): (0, {2: lambda: octets(stamp(time.time() + 3600)), 3: lambda: b"\x10" + struct.pack(">h", -60),
                               4: lambda: u8(0)}),
    (1, "0-0:96.1.0.255"): (0, {2: lambda: octets(b"12345")}),
    (1, "0-0:96.10.1.255"): (0, {2: lambda: u8(0)}),
    (3, "1-0:1.8.0.255"): (0, {2: lambda: u32(energy(ROWS)), 3: lambda: structure(b"\x0f\x01", b"\x16\x1e")}),
    (3, "1-0:32.7.0.255"): (0, {2: lambda: u16(2304), 3: lambda: structure(b"\x0f\xff", b"\x16\x23")}),
    (7, "1-0:99.1.0.255"): (1, {
        2: lambda: rows(0, ROWS),
        3: lambda: array([column(8, "0-0:1.0.0.255", 2), column(1, "0-0:96.10.1.255", 2), column(3, "1-0:1.8.0.255", 2)]),
        4: lambda: u32(900), 5: lambda: b"\x16\x01", 6: lambda: structure(u16(0), octets(bytes(6)), b"\x0f\x00", u16(0)),
        7: lambda: u32(ROWS), 8: lambda: u32(4000)}),
    (15, "0-0:40.0.0.255"): (0, {}),
}


def object_list():
    access = structure(array([]), array([]))
    return array([structure(u16(c), u8(version), octets(obis(name)), access) for (c, name), (version, _) in OBJECTS.items()])


def read(class_id, name, attribute, selector):
    for (c, text), (_, attributes) in OBJECTS.items():
        if (c, obis(text)) != (class_id, name):
            continue
        if attribute == 1:
            return octets(name)
        if c == 15 and attribute == 2:
            return object_list()
        if selector:
            if c != 7 or attribute != 2 or selector[0] != 2:
                return 4  # object-class-inconsistent stands in for "I know no access by range": refused
            first, last = struct.unpack(">I", selector[4:8])[0], struct.unpack(">I", selector[9:13])[0]
            return rows(first - 1, min(last or ROWS, ROWS))
        return attributes[attribute]() if attribute in attributes else 11
    return 4


class Association:
    def __init__(self):
        self.open, self.blocks = False, []

    def answer(self, apdu):
        if apdu[0] == 0x60:
            self.open = True
            initiate = bytes.fromhex("0800065f1f040000101c") + struct.pack(">H", PDU) + b"\x00\x07"
            body = bytes.fromhex("a109060760857405080101a203020100a305a103020100")
            body += bytes([0xBE, len(initiate) + 2, 4, len(initiate)]) + initiate
            return bytes([0x61, len(body)]) + body
        if apdu[0] == 0x62:
            self.open = False
            return bytes.fromhex("6303800100")
        if not self.open:
            return bytes.fromhex("d80103")
        if apdu[0] == 0xC0 and apdu[1] == 1:
            selector = apdu[13:] if apdu[12] else b""
            got = read(struct.unpack(">H", apdu[3:5])[0], bytes(apdu[5:11]), apdu[11], selector)
            if isinstance(got, int):
                return bytes([0xC4, 1, apdu[2], 1, got])
            if len(got) + 4 <= PDU:
                return bytes([0xC4, 1, apdu[2], 0]) + got
            step = PDU - 12
            self.blocks = [got[i:i + step] for i in range(0, len(got), step)]
            return self.block(apdu[2], 1)
        if apdu[0] == 0xC0 and apdu[1] == 2:
            return self.block(apdu[2], struct.unpack(">I", apdu[3:7])[0] + 1)
        return bytes.fromhex("d80202")

    def block(self, pid, number):
        raw = self.blocks[number - 1]
        n = bytes([len(raw)]) if len(raw) < 128 else bytes([0x81, len(raw)])
        return bytes([0xC4, 2, pid, number == len(self.blocks)]) + struct.pack(">I", number) + b"\x00" + n + raw


def serve(pipe, log):
    association, other, sent, received, info = Association(), None, 0, 0, b""

    def send(control, field=b"", segmented=False):
        pipe.write(frame(other, SERVER, control, field, segmented))

    while True:
        pipe.until(b"\x7e", 3600)
        body = b""
        while not body:
            body = pipe.until(b"\x7e", 3600)[:-1]
        while len(body) < (struct.unpack(">H", body[:2])[0] & 0x7FF):
            body += b"\x7e" + pipe.until(b"\x7e")[:-1]
        pipe.buffer = b"\x7e" + pipe.buffer
        try:
            destination, other, control, field, segmented = parse_frame(body)
        except PeerError:
            continue
        log.append(control)
        if destination != SERVER:
            continue
        if control & 0xEF == 0x83:  # SNRM: it negotiates nothing
            sent = received = 0
            info = b""
            send(0x73)
        elif control & 0xEF == 0x43:
            send(0x73)
        elif control & 1 == 0:
            received = (received + 1) & 7
            info += field
            if segmented:
                send(received << 5 | 0x11)
                continue
            out, info = b"\xe6\xe7\x00" + association.answer(info[3:]), b""
            while out:
                piece, out = out[:128], out[128:]
                if not out:
                    time.sleep(0.02)  # the late last frame
                send(received << 5 | 0x10 | sent << 1, piece, bool(out))
                sent = (sent + 1) & 7
                if out:  # window 1: wait for the RR
                    pipe.until(b"\x7e")
                    body = b""
                    while not body:
                        body = pipe.until(b"\x7e")[:-1]
                    pipe.buffer = b"\x7e" + pipe.buffer
                    if parse_frame(body)[2] & 0x0F != 1:
                        raise PeerError("no RR")


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        try:
            serve(Pipe(connection.fileno(), connection.close), [])
        except (PeerError, OSError) as error:
            print(error, file=sys.stderr, flush=True)
        connection.close()


if __name__ == "__main__":
    main()
