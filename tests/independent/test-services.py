#!/usr/bin/env python3
"""Services that a plain reader never asks for, octet by octet: lists, SET and ACTION in blocks with block
transfer in both directions, exception-response, HDLC addresses of one, two and four octets, and frames that
a server must answer with DM, REJ or FRMR.  Usage: test-services.py MW-REFMETER"""
import json
import os
import struct
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dlms_peer as peer

PROGRAM = sys.argv.pop(1)
LABEL = "0-0:96.1.2.255"  # 48 octets at the most, writable
MESSAGE = "0-0:96.13.0.255"  # 1024 octets
TARIFF = "0-0:96.14.0.255"


def name(class_id, obis, index):
    return struct.pack(">H", class_id) + bytes(int(x) for x in obis.replace("-", ".").replace(":", ".").split(".")) \
        + bytes([index])


def text(octets):
    n = len(octets)
    return b"\x09" + (bytes([n]) if n < 128 else struct.pack(">BH", 0x82, n)) + octets


def block(last, number, data):
    return struct.pack(">BIBH", last, number, 0x82, len(data)) + data


class Services(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.processes, cls.ports = [], {}
        for framing in ("wrapper", "hdlc"):
            p = subprocess.Popen([PROGRAM, "--model", "mt381", "--history", "1d", "--clock", "2026-03-31T10:07:30+02:00", "--tcp", "0",
                                  "--tcp-framing", framing], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
            cls.processes.append(p)
            cls.ports[framing] = json.loads(p.stdout.readline())["ports"][0]["port"]

    @classmethod
    def tearDownClass(cls):
        for p in cls.processes:
            p.terminate()
            p.wait(20)
            p.stdout.close()

    def setUp(self):
        self.client = peer.Client(peer.Wrapper(peer.tcp(self.ports["wrapper"]), 1, 1))
        self.client.CONFORMANCE = 0x007E1F  # everything with logical names
        self.assertEqual(self.client.associate(b"12345678"), 0)
        self.say = self.client.transport.exchange

    def tearDown(self):
        self.client.transport.close()

    # ---- lists ----

    def test_get_list(self):
        one = self.client.get(3, "1-0:1.8.0.255", 3)
        two = self.client.get(1, TARIFF, 2)
        asked = [name(3, "1-0:1.8.0.255", 3), name(3, "1-0:77.7.7.255", 2), name(1, TARIFF, 2)]
        answer = self.say(b"\xc0\x03\xc1\x03" + b"".join(a + b"\x00" for a in asked))
        self.assertEqual(answer, b"\xc4\x03\xc1\x03" + b"\x00" + one + b"\x01\x04" + b"\x00" + two)

    def test_set_list(self):
        names = [name(1, LABEL, 2), name(1, "0-0:96.1.0.255", 2), name(1, "0-0:96.1.3.255", 2)]
        values = [text(b"first"), text(b"no"), text(b"third")]
        answer = self.say(b"\xc1\x04\xc2\x03" + b"".join(n + b"\x00" for n in names) + b"\x03" + b"".join(values))
        self.assertEqual(answer[:4], b"\xc5\x05\xc2\x03")
        self.assertEqual((answer[4], answer[6]), (0, 0))
        self.assertEqual(answer[5], 3)  # read-write-denied
        self.assertEqual(self.client.get(1, LABEL, 2), text(b"first"))
        self.assertEqual(self.client.get(1, "0-0:96.1.3.255", 2), text(b"third"))

    def test_action_list(self):
        reset, none = name(7, "0-0:99.98.2.255", 1), name(3, "1-0:1.8.0.255", 9)
        answer = self.say(b"\xc3\x03\xc3\x02" + reset + none + b"\x02" + b"\x0f\x00" + b"\x0f\x00")
        self.assertEqual(answer[:4], b"\xc7\x03\xc3\x02")
        self.assertEqual(answer[4:6], b"\x00\x00")  # success, no return parameters
        self.assertNotEqual(answer[6], 0)

    # ---- blocks ----

    def test_set_in_blocks(self):
        wanted = text(bytes(range(32, 127)) * 10)
        pieces = [wanted[i:i + 200] for i in range(0, len(wanted), 200)]
        answer = self.say(b"\xc1\x02\xc1" + name(1, MESSAGE, 2) + b"\x00" + block(0, 1, pieces[0]))
        self.assertEqual(answer, b"\xc5\x02\xc1" + struct.pack(">I", 1))
        for n, piece in enumerate(pieces[1:], 2):
            last = n == len(pieces)
            answer = self.say(b"\xc1\x03\xc1" + block(last, n, piece))
            self.assertEqual(answer, b"\xc5" + (b"\x03\xc1\x00" if last else b"\x02\xc1") + struct.pack(">I", n))
        self.assertEqual(self.client.get(1, MESSAGE, 2), wanted)

    def test_set_list_in_blocks(self):
        names = name(1, LABEL, 2) + b"\x00" + name(1, MESSAGE, 2) + b"\x00"
        values = b"\x02" + text(b"in a list") + text(b"and in blocks")
        answer = self.say(b"\xc1\x05\xc4\x02" + names + block(0, 1, values[:7]))
        self.assertEqual(answer, b"\xc5\x02\xc4" + struct.pack(">I", 1))
        answer = self.say(b"\xc1\x03\xc4" + block(1, 2, values[7:]))
        self.assertEqual(answer, b"\xc5\x04\xc4\x02\x00\x00" + struct.pack(">I", 2))
        self.assertEqual(self.client.get(1, LABEL, 2), text(b"in a list"))

    def test_a_block_out_of_turn(self):
        before = self.client.get(1, MESSAGE, 2)
        self.say(b"\xc1\x02\xc1" + name(1, MESSAGE, 2) + b"\x00" + block(0, 1, text(b"never")[:3]))
        answer = self.say(b"\xc1\x03\xc1" + block(1, 3, text(b"never")[3:]))
        self.assertEqual(answer[:3], b"\xc5\x03\xc1")
        self.assertIn(answer[3], (16, 17, 18, 19))  # long-set-aborted, no-long-set, data-block-number-invalid
        self.assertEqual(self.client.get(1, MESSAGE, 2), before)

    def test_action_in_blocks(self):
        # insert a special day: index 900, 24 December of any year, day 1
        day = b"\x02\x03\x12\x03\x84\x09\x05\xff\xff\x0c\x18\xff\x11\x01"
        answer = self.say(b"\xc3\x04\xc5" + name(11, "0-0:11.0.0.255", 1) + block(0, 1, day[:5]))
        self.assertEqual(answer, b"\xc7\x04\xc5" + struct.pack(">I", 1))
        answer = self.say(b"\xc3\x06\xc5" + block(1, 2, day[5:]))
        self.assertEqual(answer[:4], b"\xc7\x01\xc5\x00")
        self.assertIn(day, self.client.get(11, "0-0:11.0.0.255", 2))

    def test_get_blocks_of_a_small_pdu(self):
        self.client.transport.close()
        self.client = peer.Client(peer.Wrapper(peer.tcp(self.ports["wrapper"]), 1, 1))
        self.assertEqual(self.client.associate(b"12345678", max_pdu=64), 0)
        raw = self.client.get(7, "1-0:99.1.0.255", 3)
        self.assertGreater(self.client.blocks, 1)
        objects = peer.whole(raw)
        self.assertEqual(objects[0][1], bytes([0, 0, 1, 0, 0, 255]))
        # a block that was never announced: long-get-aborted, no-long-get or data-block-number-invalid
        answer = self.client.transport.exchange(b"\xc0\x02\xc1" + struct.pack(">I", 7))
        self.assertEqual(answer[:2], b"\xc4\x02")
        self.assertIn(answer[-1], (15, 16, 19))

    # ---- what is no request ----

    def test_exception_response(self):
        for apdu in (b"\xfe\x01\x02", b"\x05\x01\x02\x00\x08", b"\xc4\x01\xc1\x00\x00"):
            answer = self.say(apdu)
            self.assertEqual(answer[0], 0xD8, apdu.hex())
            self.assertEqual(len(answer), 3)

    def test_before_the_association(self):
        pipe = peer.Wrapper(peer.tcp(self.ports["wrapper"]), 1, 1)
        answer = pipe.exchange(b"\xc0\x01\xc1" + name(8, "0-0:1.0.0.255", 2) + b"\x00")
        self.assertEqual(answer, b"\xd8\x01\x01")  # service not allowed, operation not possible
        pipe.close()

    def test_wrong_password(self):
        client = peer.Client(peer.Wrapper(peer.tcp(self.ports["wrapper"]), 1, 1))
        self.assertEqual(client.associate(b"87654321"), 1)  # rejected-permanent
        self.assertEqual(client.diagnostic, 13)  # authentication-failure
        client.transport.close()

    # ---- HDLC ----

    def link(self, server, **options):
        line = peer.Hdlc(peer.tcp(self.ports["hdlc"]), 1, server, **options)
        self.addCleanup(line.pipe.close)
        return line

    def test_addresses(self):
        for server in (peer.address(1), peer.address(1, 17, 2), peer.address(1, 17, 4)):
            with self.subTest(server.hex()):
                client = peer.Client(self.link(server))
                self.assertEqual(client.associate(b"12345678"), 0)
                self.assertIsInstance(client.read(8, "0-0:1.0.0.255", 2), bytes)
                client.release()

    def test_not_connected(self):
        line = self.link(peer.address(1, 17, 4))
        line.send(0x10, b"\xe6\xe6\x00")  # I frame in normal disconnected mode
        self.assertEqual(line.read_frame()[2] & 0xEF, 0x0F)  # DM
        line.send(0x53)
        self.assertEqual(line.read_frame()[2] & 0xEF, 0x0F)
        line.pipe.close()

    def test_unknown_command(self):
        line = self.link(peer.address(1, 17, 4))
        line.open()
        line.send(0xFF)  # no command of the Green Book
        control = line.read_frame()[2]
        self.assertEqual(control & 0xEF, 0x87)  # FRMR
        line.open()  # and is set up anew
        line.close()

    def test_segments_both_ways(self):
        client = peer.Client(self.link(peer.address(1, 17, 4), info=48))
        self.assertEqual(client.associate(b"12345678"), 0)
        wanted = text(b"segments " * 60)
        self.assertEqual(client.set(1, MESSAGE, 2, wanted), 0)
        self.assertEqual(client.get(1, MESSAGE, 2), wanted)
        client.release()

    def test_receiver_not_ready_and_lost_frame(self):
        client = peer.Client(self.link(peer.address(1, 17, 4), info=64, window=3))
        self.assertEqual(client.associate(b"12345678"), 0)
        line = client.transport
        self.assertEqual((line.agreed[5], line.agreed[6], line.agreed[7], line.agreed[8]), (64, 64, 3, 3))
        asked = b"\xe6\xe6\x00\xc0\x01\xc1" + name(7, "0-0:21.0.0.255", 3) + b"\x00"
        line.send(line.received << 5 | 0x10 | line.sent << 1, asked)
        line.sent = (line.sent + 1) & 7
        frames = [line.read_frame() for _ in range(3)]  # a window of three, the last with P/F
        self.assertEqual([bool(f[2] & 0x10) for f in frames], [False, False, True])
        line.send(line.received << 5 | 0x15)  # RNR: none of them is taken
        control = line.read_frame()[2]
        self.assertEqual(control & 0x0F, 1)  # RR, no new I frame
        line.received = (line.received + 1) & 7  # the first arrived, the second is lost
        line.send(line.received << 5 | 0x19)  # REJ
        again = [line.read_frame() for _ in range(3)]
        self.assertEqual([f[3] for f in again[:2]], [f[3] for f in frames[1:]])
        self.assertEqual((again[0][2] >> 1) & 7, line.received)
        line.pipe.close()


unittest.main()
