#!/usr/bin/python3
"""mw-refmeter as a process: what it says, its ports byte by byte, saving, power cuts, timing.

usage: test-refmeter.py MW-REFMETER

Nothing here uses the project's own codecs: frames are written out from the standards.
"""
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
import unittest

PROGRAM = sys.argv.pop(1)
AARQ = bytes.fromhex('6036a1090607608574050801018a0207808b0760857405080201ac0a8008'
                     '3132333435363738be10040e01000000065f1f0400001e1dffff')


class Meter:
    def __init__(self, *args, stdin=subprocess.PIPE):
        self.process = subprocess.Popen([PROGRAM, '--model', 'mt381', *args], stdin=stdin,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        self.info = json.loads(line) if line else None  # the power failed before it was up

    def port(self, n=0):
        return [p for p in self.info['ports'] if p['kind'] == 'tcp'][n]['port']

    def ask(self, line):
        self.process.stdin.write(line.encode() + b'\n')
        self.process.stdin.flush()
        return self.process.stdout.readline().decode().strip()

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        for f in (self.process.stdin, self.process.stdout, self.process.stderr):
            if f:
                f.close()


class Wrapper:
    """DLMS over the TCP wrapper: version 1, client, logical device 1, length."""

    def __init__(self, port, client=1):
        self.client = client
        self.socket = socket.create_connection(('127.0.0.1', port), 10)

    def call(self, apdu):
        self.socket.sendall(bytes([0, 1, 0, self.client, 0, 1]) + len(apdu).to_bytes(2, 'big') + apdu)
        head = self.exactly(8)
        assert head[:6] == bytes([0, 1, 0, 1, 0, self.client]), head.hex()
        return self.exactly(int.from_bytes(head[6:], 'big'))

    def exactly(self, n):
        data = b''
        while len(data) < n:
            more = self.socket.recv(n - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def get(self, class_id, ln, attribute):
        answer = self.call(bytes([0xc0, 1, 0xc1]) + class_id.to_bytes(2, 'big') + bytes(ln)
                           + bytes([attribute, 0]))
        assert answer[:3] == b'\xc4\x01\xc1' and answer[3] == 0, answer.hex()
        return answer[4:]

    def energy(self):
        return int.from_bytes(self.get(3, (1, 0, 1, 8, 0, 255), 2)[1:], 'big')

    def close(self):
        self.socket.close()


def crc_x25(data):
    crc = 0xffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return (crc ^ 0xffff).to_bytes(2, 'little')


def hdlc(dest, control):
    """A frame without information from client 1 (address 03h)."""
    body = bytes([0xa0, 3 + len(dest) + 1 + 2 - 1]) + dest + bytes([0x03, control])
    body = bytes([0xa0, len(body) + 2]) + body[2:]
    return b'\x7e' + body + crc_x25(body) + b'\x7e'


def parity(data):
    """7E1 in software, as on any pseudo-terminal."""
    return bytes(b | (bin(b).count('1') & 1) << 7 for b in data)


class Optical:
    def __init__(self, path, baud=termios.B300):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        self.speed(baud)

    def speed(self, baud):
        a = termios.tcgetattr(self.fd)
        a[0] = a[1] = a[3] = 0
        a[2] = termios.CS8 | termios.CREAD | termios.CLOCAL
        a[4] = a[5] = baud
        termios.tcsetattr(self.fd, termios.TCSANOW, a)

    def write(self, data):
        os.write(self.fd, data)

    def until(self, end, seconds=10, mask=0x7f):
        data, limit = b'', time.monotonic() + seconds
        while not data.endswith(end):
            left = limit - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise TimeoutError(data)
            data += bytes(b & mask for b in os.read(self.fd, 1))
        return data

    def close(self):
        os.close(self.fd)


class Process(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)

    def path(self, name):
        return os.path.join(self.dir.name, name)

    def test_announcement(self):
        with Meter('--tcp', '0', '--count', '3', '--serial', 'REF00099') as m:
            self.assertEqual((m.info['model'], m.info['serial'], m.info['count']),
                             ('mt381', 'REF00099', 3))
            self.assertEqual([p['serial'] for p in m.info['ports']],
                             ['REF00099', 'REF00100', 'REF00101'])
            names = []
            for i in range(3):
                w = Wrapper(m.port(i))
                self.assertEqual(w.call(AARQ)[:2], b'\x61\x29')
                names.append(w.get(1, (0, 0, 42, 0, 0, 255), 2)[2:])
                w.close()
            self.assertEqual(names, [b'ISK10307REF00099', b'ISK10307REF00100', b'ISK10307REF00101'])
            self.assertEqual(m.stop(), 0)

    def test_single_phase(self):
        """ME381: its names, and no second phase."""
        with Meter('--tcp', '0', '--optical', self.path('head'), '--model', 'me381') as m:
            self.assertEqual(m.info['model'], 'me381')
            w = Wrapper(m.port())
            w.call(AARQ)
            self.assertEqual(w.get(1, (0, 0, 42, 0, 0, 255), 2)[2:], b'ISK10207REF00001')
            answer = w.call(bytes([0xc0, 1, 0xc1, 0, 3, 1, 0, 52, 7, 0, 255, 2, 0]))
            self.assertEqual(answer, b'\xc4\x01\xc1\x01\x04')  # object-undefined
            w.close()
            o = Optical(self.path('head'))
            o.write(parity(b'/?!\r\n'))
            self.assertEqual(o.until(b'\r\n'), b'/ISk5\\2ME381-1000\r\n')
            o.close()

    def test_usage(self):
        for args in (['--model', 'mt381'], ['--model', 'mt999', '--tcp', '0'],
                     ['--model', 'mt381', '--tcp', '0', '--noise', '2'],
                     ['--model', 'mt381', '--tcp', '0', '--serial', 'REF0000001']):
            p = subprocess.run([PROGRAM, *args], capture_output=True, timeout=10)
            self.assertEqual((p.returncode, p.stdout), (1, b''), args)
            self.assertIn(b'mw-refmeter', p.stderr)
        p = subprocess.run([PROGRAM, '--model', 'mt381', '--optical', '/nowhere/at/all'],
                           capture_output=True, timeout=10)
        self.assertEqual(p.returncode, 2)

    def test_wrong_password(self):
        with Meter('--tcp', '0', '--password', 'secret') as m:
            w = Wrapper(m.port())
            answer = w.call(AARQ)
            self.assertIn(bytes.fromhex('a203020101'), answer)  # rejected
            self.assertIn(bytes.fromhex('a305a10302010d'), answer)  # authentication failure
            w.close()

    def test_saved(self):
        """SIGTERM and SIGINT save; the energy goes on from there, the serial number stays."""
        args = ('--tcp', '0', '--nvm', self.path('nvm'), '--scenario', 'workshop')
        with Meter(*args, '--history', '2d', '--clock', '2026-03-03T12:00:00Z') as m:
            w = Wrapper(m.port())
            w.call(AARQ)
            before = w.energy()
            self.assertGreater(before, 1000)
            w.close()
            self.assertEqual(m.stop(signal.SIGTERM), 0)
        with Meter(*args, '--clock', '2026-03-03T12:10:00Z') as m:
            w = Wrapper(m.port())
            w.call(AARQ)
            self.assertGreaterEqual(w.energy(), before)
            self.assertLess(w.energy(), before + 50)
            w.close()
            self.assertEqual(m.stop(signal.SIGINT), 0)

    def test_power_cut(self):
        """Wherever the power fails, the meter comes up again with what it had saved."""
        args = ('--tcp', '0', '--nvm', self.path('nvm'), '--scenario', 'workshop')
        with Meter(*args, '--history', '1d', '--clock', '2026-03-03T12:00:00Z') as m:
            w = Wrapper(m.port())
            w.call(AARQ)
            floor = w.energy()
            w.close()
            m.stop()
        for cut in (1, 2, 3, 7, 20, 41):
            with Meter(*args, '--clock', '2026-03-03T13:00:00Z', '--speed', '20000',
                       '--power-cut-after', str(cut)) as m:
                self.assertEqual(m.process.wait(20), 70)
            with Meter(*args, '--clock', '2026-03-03T13:00:00Z') as m:
                w = Wrapper(m.port())
                w.call(AARQ)
                energy = w.energy()
                self.assertGreaterEqual(energy, floor)
                floor = energy
                w.close()

    def test_commands(self):
        with Meter('--tcp', '0', '--speed', '10') as m:
            self.assertRegex(m.ask('lcd'), r'\S+ \S+')
            m.ask('voltage L1 260\nload L1 5\nlcd')
            w = Wrapper(m.port())
            w.call(AARQ)
            deadline = time.monotonic() + 5
            volts = 0
            while volts != 2600 and time.monotonic() < deadline:
                volts = int.from_bytes(w.get(3, (1, 0, 32, 7, 0, 255), 2)[1:], 'big')
                time.sleep(0.02)
            self.assertEqual(volts, 2600)
            amps = int.from_bytes(w.get(3, (1, 0, 31, 7, 0, 255), 2)[1:], 'big')
            self.assertEqual(amps, 500)
            m.ask('terminal open\nlcd')
            self.assertEqual(w.get(1, (0, 0, 96, 11, 1, 255), 2), b'\x11\x28')  # event 40
            for words, event in (('battery low', 8), ('fault ram on', 13), ('fault nvm on', 14)):
                m.ask(words + '\nlcd')
                self.assertEqual(w.get(1, (0, 0, 96, 11, 0, 255), 2), bytes([0x11, event]))
            m.ask('mbus 3 plug\nmbus 3 value 815\nlcd')
            install = bytes.fromhex('c301c10048') + bytes((0, 2, 24, 1, 0, 255)) + b'\1\1\x11\0'
            self.assertEqual(w.call(install)[3], 0)
            self.assertEqual(w.get(4, (0, 2, 24, 2, 1, 255), 2), b'\x06' + (815).to_bytes(4, 'big'))
            m.ask('hold scroll\nlcd')
            bits = int.from_bytes(w.get(1, (0, 0, 96, 3, 1, 255), 2)[1:], 'big')
            self.assertEqual(bits & 0x6000, 0x2000)  # Scroll is pressed: manual Table 32
            m.ask('release scroll\nlcd')
            self.assertRegex(m.ask('leds'), r'^active \d+ reactive \d+ output 0$')
            m.ask('load L 100\nlcd')
            deadline = time.monotonic() + 5
            while int(m.ask('leds').split()[1]) == 0 and time.monotonic() < deadline:
                time.sleep(0.05)
            self.assertGreater(int(m.ask('leds').split()[1]), 0)
            w.close()

    def test_end_of_input(self):
        with Meter('--tcp', '0', stdin=subprocess.DEVNULL) as m:
            time.sleep(0.2)
            w = Wrapper(m.port())
            self.assertEqual(w.call(AARQ)[0], 0x61)
            w.close()
            self.assertIsNone(m.process.poll())

    def test_optical_mode_c(self):
        with Meter('--optical', self.path('head'), '--history', '1d') as m:
            o = Optical(self.path('head'))
            o.write(parity(b'/?!\r\n'))
            self.assertEqual(o.until(b'\r\n'), b'/ISk5\\2MT381-1000\r\n')
            o.write(parity(b'\x06050\r\n'))
            data = o.until(b'\x03')
            bcc = os.read(o.fd, 1)[0] & 0x7f
            check = 0
            for byte in data[1:]:
                check ^= byte
            self.assertEqual(data[0], 2)
            self.assertEqual(bcc, check)
            self.assertRegex(data.decode(), r'1\.8\.0\(\d{5}\.\d{3}\*kWh\)')
            self.assertRegex(data.decode(), r'0\.9\.1\(\d\d:\d\d:\d\d\)')
            self.assertIn('C.1.0(REF00001)', data.decode())
            self.assertTrue(data.endswith(b'!\r\n\x03'))
            o.close()
            self.assertEqual(m.stop(), 0)
        self.assertFalse(os.path.lexists(self.path('head')))

    def test_programming_mode(self):
        """Option 051, P1 with the port's password, R1, and what is not there (clause 6.4)."""

        def message(head, data):
            body = b'\x01' + head + b'\x02' + data + b'\x03'
            check = 0
            for byte in body[1:]:
                check ^= byte
            return parity(body + bytes([check]))

        def answer(o):
            data = o.until(b'\x03')
            os.read(o.fd, 1)  # the block check
            return data

        with Meter('--optical', self.path('head'), '--history', '1d') as m:
            o = Optical(self.path('head'))
            o.write(parity(b'/?!\r\n'))
            o.until(b'\r\n')
            o.write(parity(b'\x06051\r\n'))
            time.sleep(0.5)
            o.speed(termios.B9600)
            self.assertEqual(answer(o)[:3], b'\x01P0')
            o.write(message(b'P1', b'(00000000)'))
            self.assertEqual(o.until(b'\x06'), b'\x06')
            o.write(message(b'R1', b'1.8.0()'))
            self.assertRegex(answer(o), rb'^\x02\(\d{5}\.\d{3}\*kWh\)\x03$')
            o.write(message(b'R1', b'C.1.0()'))
            self.assertEqual(answer(o), b'\x02(REF00001)\x03')
            o.write(message(b'R1', b'1.6.0()'))
            self.assertRegex(answer(o), rb'^\x02\(\d{3}\.\d{3}\*kW\)\(\d{10}\)\x03$')
            o.write(message(b'R1', b'9.9.9()'))
            self.assertEqual(answer(o), b'\x02(ER23)\x03')
            o.write(message(b'W1', b'1.8.0(0)'))
            self.assertEqual(answer(o), b'\x02(ER05)\x03')
            o.close()

    def test_optical_mode_e(self):
        with Meter('--optical', self.path('head')) as m:
            o = Optical(self.path('head'))
            for _ in range(2):  # and again, after the disconnection
                o.speed(termios.B300)
                o.write(parity(b'/?!\r\n'))
                o.until(b'\r\n')
                o.write(parity(b'\x06252\r\n'))
                self.assertEqual(o.until(b'\r\n'), b'\x06252\r\n')
                time.sleep(0.5)
                o.speed(termios.B9600)
                o.write(hdlc(b'\x03', 0x93))  # SNRM
                self.assertEqual(o.until(b'\x7e', mask=0xff), b'\x7e')
                ua = o.until(b'\x7e', mask=0xff)
                self.assertEqual(ua[2:5], b'\x03\x03\x73')
                self.assertEqual(crc_x25(ua[:-3]), ua[-3:-1])
                o.write(hdlc(b'\x03', 0x53))  # DISC
                o.until(b'\x7e', mask=0xff)
                self.assertEqual(o.until(b'\x7e', mask=0xff)[4], 0x73)
            o.close()

    def test_line_timing(self):
        """At 300 baud 10 bits take 33.3 ms: request, reaction 20 ms, 19 characters."""
        with Meter('--optical', self.path('head'), '--line-timing') as m:
            o = Optical(self.path('head'))
            begin = time.monotonic()
            o.write(parity(b'/?!\r\n'))
            answer = o.until(b'\r\n')
            took = time.monotonic() - begin
            ideal = (5 + len(answer)) * 10 / 300 + 0.02
            self.assertGreater(took, ideal * 0.98)
            self.assertLess(took, ideal * 1.1 + 0.05)
            o.speed(termios.B9600)  # another speed than the meter's: garbled, no answer
            o.write(parity(b'/?!\r\n'))
            with self.assertRaises(TimeoutError):
                o.until(b'\r\n', 0.8)
            o.close()

    def test_damage(self):
        """A line on which every byte is lost, and one on which a tenth of the bits is wrong."""
        for args in (('--drop', '1'), ('--noise', '0.1')):
            with Meter('--optical', self.path('head'), *args) as m:
                o = Optical(self.path('head'))
                o.write(parity(b'/?!\r\n'))
                with self.assertRaises(TimeoutError):
                    o.until(b'/ISk5\\2MT381-1000\r\n', 0.6)
                o.close()

    def test_tcp_iec(self):
        with Meter('--tcp', '0', '--tcp-framing', 'iec') as m:
            s = socket.create_connection(('127.0.0.1', m.port()), 10)
            s.sendall(b'/?!\r\n')
            data = b''
            while not data.endswith(b'\r\n'):
                data += s.recv(100)
            self.assertEqual(data, b'/ISk5\\2MT381-1000\r\n')
            s.close()


if __name__ == '__main__':
    unittest.main()
