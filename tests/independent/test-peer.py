#!/usr/bin/env python3
"""The peer against itself and against literal frames of the standards, so that a failure of the other
tests here is not the peer's own: check sums, addresses, HDLC both ways, blocks, lists of rows."""
import subprocess
import sys
import unittest
import os

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dlms_peer as peer
import foreign_meter as foreign

HERE = os.path.dirname(os.path.abspath(__file__))


class Peer(unittest.TestCase):
    def test_check_sum(self):
        self.assertEqual(peer.fcs(b"123456789"), bytes.fromhex("6e90"))

    def test_snrm_of_the_green_book(self):
        # SNRM to server 1 from client 16, no information field
        self.assertEqual(peer.frame(peer.address(1), peer.address(16), 0x93), bytes.fromhex("7ea00703219 30f017e".replace(" ", "")))

    def test_addresses(self):
        self.assertEqual(peer.address(1, 17, 2), bytes.fromhex("0223"))
        self.assertEqual(peer.address(1, 17, 4), bytes.fromhex("00020023"))

    def test_values(self):
        self.assertEqual(peer.whole(bytes.fromhex("0203110102020f011601" + "0600000005")), [1, [1, 1], 5])
        with self.assertRaises(peer.PeerError):
            peer.whole(bytes.fromhex("110100"))

    def test_foreign_meter(self):
        process = subprocess.Popen([sys.executable, os.path.join(HERE, "foreign_meter.py")], stdout=subprocess.PIPE)
        try:
            port = int(process.stdout.readline())
            client = peer.Client(peer.Hdlc(peer.tcp(port), 16, peer.address(1, 17, 4)))
            self.assertEqual(client.associate(), 0)
            self.assertEqual(client.max_pdu, foreign.PDU)
            self.assertEqual(client.read(1, "0-0:42.0.0.255", 2), b"XYZ0000000012345")
            self.assertEqual(len(client.read(15, "0-0:40.0.0.255", 2)), len(foreign.OBJECTS))
            rows = client.read(7, "1-0:99.1.0.255", 2)
            self.assertEqual([r[2] for r in rows], [foreign.energy(r) for r in range(foreign.ROWS)])
            self.assertGreater(client.blocks, 50)
            self.assertEqual(len(client.read(7, "1-0:99.1.0.255", 2, peer.by_entry(699, 0))), 2)
            self.assertEqual(client.get(7, "1-0:99.1.0.255", 2, peer.by_range(bytes(12), bytes(12))), 4)
            client.release()
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


if __name__ == "__main__":
    unittest.main()
