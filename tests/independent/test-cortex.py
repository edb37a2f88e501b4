#!/usr/bin/env python3
"""The meter's firmware on a Cortex-M4 under QEMU, as the independent client reads it: the opening at
300 baud, mode E, HDLC, a register and two days of load profile.  Usage: test-cortex.py ELF"""
import os
import socket
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dlms_peer as peer

ELF = sys.argv.pop(1)


class Cortex(unittest.TestCase):
    def test_read(self):
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        machine = subprocess.Popen(["qemu-system-arm", "-M", "mps2-an386", "-display", "none", "-monitor", "none", "-kernel", ELF,
                                    "-serial", f"tcp:127.0.0.1:{port},nodelay=on"],
                                   stdin=subprocess.DEVNULL)
        connection = None
        try:
            listener.settimeout(30)
            connection, _ = listener.accept()
            pipe = peer.Pipe(connection.fileno(), lambda: None)
            line = self.opening(pipe)
            self.assertTrue(line.startswith(b"/ISk5\\2MT381"), line)
            client = peer.Client(peer.Hdlc(pipe, 1, peer.address(1), 512, 1))
            self.assertEqual(client.associate(b"12345678"), 0)
            self.assertTrue(client.read(1, "0-0:42.0.0.255", 2).endswith(b"REF00386"))
            total = client.read(3, "1-0:1.8.0.255", 2)
            self.assertGreater(total, 1000)
            rows = client.read(7, "1-0:99.1.0.255", 2)
            self.assertEqual(len(rows), 2 * 96)
            self.assertEqual(rows[0][0][:9], bytes([0x07, 0xEA, 1, 1, 4, 1, 15, 0, 0]))  # a Thursday, 01:15 CET
            energy = [r[2] for r in rows]
            self.assertEqual(energy, sorted(energy))
            self.assertLessEqual(energy[-1], total)
            client.release()
        finally:
            machine.kill()
            machine.wait()
            if connection:
                connection.close()
            listener.close()

    def opening(self, pipe):
        """As open_mode_e, over a line that has no speed; asked again until the meter has lived its two days."""
        for _ in range(60):
            pipe.write(peer.even(b"/?!\r\n"))
            try:
                line = bytes(b & 0x7F for b in pipe.until(peer.even(b"\n"), 2))
                break
            except peer.PeerError:
                continue
        else:
            self.fail("the firmware does not answer")
        z = line[4:5]
        pipe.write(peer.even(b"\x062" + z + b"2\r\n"))
        confirmed = bytes(b & 0x7F for b in pipe.take(6))
        self.assertEqual(confirmed, b"\x062" + z + b"2\r\n")
        time.sleep(0.25)
        return line


if __name__ == "__main__":
    unittest.main()
