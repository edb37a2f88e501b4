#!/usr/bin/env python3
"""A Kamstrup meter's firmware on a Cortex-M4 under QEMU, as clients of another make read it: KMP with
every register and a day of load profile, the read-out of IEC 62056-21, and DLMS over HDLC, all on
one UART.  Usage: test-cortex-kamstrup.py ELF"""
import os
import socket
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dlms_peer as peer
import kamstrup_meter as kamstrup

ELF = sys.argv.pop(1)


class Cortex(unittest.TestCase):
    def test_read(self):
        p = next(p for p in kamstrup.personalities() if p.name == "omnipower-3p N1")
        listener = socket.create_server(("127.0.0.1", 0))
        machine = subprocess.Popen(["qemu-system-arm", "-M", "mps2-an386", "-display", "none", "-monitor", "none", "-kernel", ELF,
                                    "-serial", f"tcp:127.0.0.1:{listener.getsockname()[1]},nodelay=on"], stdin=subprocess.DEVNULL)
        connection = None
        try:
            listener.settimeout(30)
            connection, _ = listener.accept()
            pipe = kamstrup.Pipe(connection.fileno(), lambda: None)
            kmp = kamstrup.Kmp(pipe)
            self.assertTrue(any(kmp.ask(b"\x01", 2) for _ in range(60)), "the meter has lived its day")
            self.assertEqual(kmp.identity(), (p.type, p.revision, 22000386))
            ids = sorted(i for i, e in p.registers.items() if e.get("access") != "w"
                         and e.get("bind") not in ("EVENT", "OLD", "NEW", "OLD_RTC"))
            found = {}
            for first in range(0, len(ids), 8):
                found.update(kmp.registers(ids[first:first + 8]))
            self.assertEqual(sorted(found), ids)
            energy = int.from_bytes(found[1][2], "big")
            self.assertGreater(energy, 100)
            profile = kmp.whole_log(6, [0x417, 1], 1)
            self.assertGreaterEqual(len(profile), 23)
            counted = [int.from_bytes(v[1][2], "big") for _, v in sorted(profile.items())]
            self.assertEqual(counted, sorted(counted))
            self.assertLessEqual(counted[-1], energy + 1)
            iec = kamstrup.Iec(pipe, False)
            self.assertEqual(iec.open().replace("\\2", ""), "/" + p.element.get("iec"))
            iec.option(b"5", b"0")
            self.assertIn("0.0.0(22000386)\r\n", iec.block())
            self.assertTrue(any(kmp.ask(b"\x01", 1) for _ in range(10)), "KMP again")
            client = peer.Client(peer.Hdlc(peer.Pipe(connection.fileno(), lambda: None), 19, peer.address(16, 1, 2), 512, 1))
            self.assertEqual(client.associate(b"12345"), 0)
            self.assertGreaterEqual(client.read(3, "1.1.1.8.0.255", 2), energy)
            client.release()
        finally:
            machine.kill()
            machine.wait()
            if connection:
                connection.close()
            listener.close()


unittest.main()
