#!/usr/bin/env python3
"""The command line of the reference meter: every wrong combination is refused in a sentence that
names what is wrong, with status 1 and before anything is opened; and the echo of an optical head.
Usage: test-options.py MW-REFMETER"""
import json
import os
import select
import subprocess
import sys
import tempfile
import termios
import time
import tty
import unittest

sys.dont_write_bytecode = True
PROGRAM = sys.argv.pop(1)


def refused(*arguments):
    done = subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    assert done.stdout == b"", done.stdout
    return done.returncode, done.stderr.decode()


class Options(unittest.TestCase):
    def check(self, sentence, *arguments, status=1):
        code, text = refused(*arguments)
        self.assertEqual(code, status, (arguments, text))
        self.assertIn(sentence, text)
        self.assertEqual(text.count("\n"), 1, text)
        self.assertTrue(text.startswith("mw-refmeter: "), text)

    def test_missing(self):
        self.check("--model is needed", "--tcp", "0")
        self.check("a port is needed", "--model", "mt381")

    def test_unknown(self):
        self.check("there is no model mt999 here", "--model", "mt999", "--tcp", "0")
        self.check("--tcp-framing does not take morse", "--model", "mt381", "--tcp", "0", "--tcp-framing", "morse")

    def test_stray(self):
        self.check("9600 belongs to no option", "--model", "mt381", "--tcp", "0", "9600")

    def test_together(self):
        self.check("--tcp-framing says how --tcp speaks", "--model", "mt381", "--optical", "/nowhere/head", "--tcp-framing", "hdlc")
        self.check("--echo is what an optical head does", "--model", "mt381", "--tcp", "0", "--echo")
        self.check("need paths of their own", "--model", "mt381", "--optical", "/nowhere/a", "--module", "/nowhere/a")
        self.check("several meters have no optical port or modem in common", "--model", "mt381", "--count", "2", "--optical", "/nowhere/a")

    def test_bus(self):
        self.check("need addresses", "--model", "k382", "--count", "2", "--module", "/nowhere/a")
        self.check("these go beyond", "--model", "k382", "--count", "3", "--address", "62", "--tcp", "0")
        self.check("--address does not take 64", "--model", "k382", "--address", "64", "--tcp", "0")
        self.check("the mt381 has no address of KMP", "--model", "mt381", "--address", "1", "--tcp", "0")

    def test_not_of_this_model(self):
        self.check("a mt381: it has no module port", "--model", "mt381", "--module", "/nowhere/module")
        self.check("a me381: it does not speak KMP", "--model", "me381", "--tcp", "0", "--tcp-framing", "kmp")
        self.check("the mt381 comes in one generation and type only", "--model", "mt381", "--generation", "J", "--tcp", "0")
        self.check("the mt381 comes in one generation and type only", "--model", "mt381", "--type-number", "1", "--tcp", "0")
        self.check("the password must have 1 to 16 characters", "--model", "mt381", "--password", "x" * 17, "--tcp", "0")

    def test_not_of_this_kamstrup(self):
        k382 = "--model", "k382", "--tcp", "0"
        self.check("there is no k382 of generation Z here; there are B, C, D, E, J, K, L", *k382, "--generation", "Z")
        self.check("a k382: it does not speak DLMS; over TCP it speaks kmp", *k382, "--tcp-framing", "wrapper")
        self.check("the password of a Kamstrup meter is a number from 0 to 65535", *k382, "--password", "65536")
        self.check("the serial number of a Kamstrup meter is a number", *k382, "--serial", "REF00001")
        self.check("a type number has 10, 12, 13 or 18 digits and capital letters", *k382, "--type-number", "68438")
        self.check("that type number is of another model", *k382, "--type-number", "685-38B-CJ-33-001")
        self.check("that type number is of another model or generation", *k382, "--generation", "J", "--type-number", "684-38B-K43-0010")
        three = "--model", "omnipower-3p", "--tcp", "0"
        self.check("that type number is of another model", *three, "--type-number", "68611-11BN142101040")

    def test_type_numbers(self):
        for model, text, announced in (("k382", "684-38B-L43-0010", "k382"), ("omnipower-3p", "684-1121-BN2-43101040", "omnipower-aron"),
                                       ("omnipower-3p", "684-1131-BN1-43101040", "omnipower-3p")):
            meter = subprocess.Popen([PROGRAM, "--model", model, "--type-number", text, "--tcp", "0"], stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE)
            ready = json.loads(meter.stdout.readline())
            meter.terminate()
            meter.wait(20)
            meter.stdout.close()
            self.assertEqual(ready["model"], announced)
            self.assertEqual(ready["type-number"], text.replace("-", ""))


class Echo(unittest.TestCase):
    def test_echo(self):
        with tempfile.TemporaryDirectory() as folder:
            head = os.path.join(folder, "head")
            meter = subprocess.Popen([PROGRAM, "--model", "mt381", "--optical", head, "--echo"], stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE)
            ready = json.loads(meter.stdout.readline())
            self.assertEqual([(p["kind"], p["baud"]) for p in ready["ports"]], [("optical", 300)])
            fd = os.open(head, os.O_RDWR | os.O_NOCTTY)
            tty.setraw(fd, termios.TCSANOW)
            sent = bytes(c | (bin(c).count("1") & 1) << 7 for c in b"/?!\r\n")  # 7E1
            os.write(fd, sent)
            got, until = b"", time.monotonic() + 10
            while not got.endswith(b"\n") or len(got) < len(sent) + 5:
                self.assertLess(time.monotonic(), until, got)
                if select.select([fd], [], [], 0.1)[0]:
                    got += os.read(fd, 100)
            os.close(fd)
            meter.terminate()
            meter.wait(20)
            meter.stdout.close()
            self.assertEqual(got[:len(sent)], sent)
            self.assertEqual(bytes(c & 0x7f for c in got[len(sent):]), b"/ISk5\\2MT381-1000\r\n")


unittest.main()
