#!/usr/bin/env python3
"""Recorded sessions played back: the same bytes are sent, and the same readings come out.

Each NAME.trace was recorded with "mw --trace"; NAME.json has the verb and what mw printed then.
To record anew after a change of what is sent:  MW=… MW_REFMETER=… test_replay.py --record
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import harness  # noqa: E402

FOREIGN = os.path.join(HERE, "..", "independent", "foreign_meter.py")
# name: verb and arguments; how the recording is opened
SESSIONS = {
    "mx381-optical-read": (["read", "1-0:1.8.0.255", "1-0:1.8.1.255", "1-0:1.6.0.255", "1-0:32.7.0.255",
                            "0-0:96.1.0.255"], "mode=optical"),
    "mx381-optical-log": (["log", "load-profile"], "mode=optical"),
    "mx381-tcp-events": (["log", "events-standard"], "framing=wrapper"),
    "mx381-noise-log": (["log", "billing-1"], "mode=optical"),
    "foreign-hdlc-log": (["log", "load-profile", "--last", "30"], "framing=hdlc&address=17"),
    "foreign-hdlc-read": (["read", "--all"], "framing=hdlc&address=17"),
}
# Kamstrup meters by KMP: name: which meter, its port; verb and arguments; how the recording is opened
KAMSTRUP = {
    "k382-optical-read": ("k382 J", "optical", ["read", "1.8.0", "kmp:3FF", "kmp:D", "32.7.0", "kmp:ABC"], "mode=optical"),
    "k382-module-log": ("k382 K", "module", ["log", "debiting"], "mode=module"),
    "omnipower-tcp-log": ("omnipower-3p N1", "tcp", ["log", "load-profile", "--last", "30"], "framing=kmp"),
}
CLOCKS = ("0-0:1.0.0.255",)


def essence(document):
    """What does not depend on when and through what it was read."""
    if "entries" in document:
        return {k: document[k] for k in ("logger", "obis", "period_s", "columns", "entries")}
    return {"readings": document["readings"]}


class Replay(harness.Case):
    pass


def make(name, arguments, how):
    def test(self):
        with open(os.path.join(HERE, name + ".json")) as f:
            expected = json.load(f)
        uri = f"replay:{os.path.join(HERE, name + '.trace')}?{how}"
        document = self.json(arguments[0], uri, *arguments[1:])
        self.assertEqual(essence(document), expected)
        self.assertTrue(expected.get("entries") or expected.get("readings"))
    return test


for session, (words, opening) in SESSIONS.items():
    setattr(Replay, "test_" + session.replace("-", "_"), make(session, words, opening))


for session, (_, _, words, opening) in KAMSTRUP.items():
    setattr(Replay, "test_" + session.replace("-", "_"), make(session, words, opening))


class Spoilt(harness.Case):
    def test_other_request(self):
        """What is sent differs from the recording: a protocol error that says where."""
        uri = f"replay:{os.path.join(HERE, 'mx381-tcp-events.trace')}?framing=wrapper"
        done = self.mw("read", uri, "1-0:1.8.0.255", status=3)
        self.assertIn("recording", done.stderr)

    def test_no_recording(self):
        self.mw("identify", "replay:/nowhere/at-all.trace?framing=wrapper", status=6)


def hide_place(trace):
    """The head of a recording without paths and ports of the machine that made it."""
    with open(trace) as f:
        text = f.read()
    with open(trace, "w") as f:
        f.write(re.sub(r"^# link: (\w+):[^?\n]*", r"# link: \1:meter", text, count=1, flags=re.M))


def keep(name, document):
    hide_place(os.path.join(HERE, name + ".trace"))
    with open(os.path.join(HERE, name + ".json"), "w") as f:
        json.dump(essence(document), f, indent=0, sort_keys=True)
        f.write("\n")
    print(name, os.path.getsize(os.path.join(HERE, name + ".trace")))


def record_kamstrup():
    sys.path.insert(0, os.path.join(HERE, "..", "independent"))
    import kamstrup_meter as kamstrup
    still = ("--history", "40d", "--clock", "2026-04-10T09:07:00+02:00", "--speed", "0.001", "--scenario", "pv")
    case = Replay()
    case.setUp()
    for name, (who, port, words, how) in KAMSTRUP.items():
        person = next(p for p in kamstrup.personalities() if p.name == who)
        with kamstrup.Meter(harness.REFMETER, person, *still, "--serial", "12345678") as meter:
            uri = f"tcp:127.0.0.1:{meter.port}?{how}" if port == "tcp" else f"serial:{meter.path[port]}?{how}"
            case.db = case.file(name + ".db")
            keep(name, case.json(words[0], uri, *words[1:], "--trace", os.path.join(HERE, name + ".trace")))
    case.doCleanups()


def record():
    case = Replay()
    case.setUp()
    foreign = subprocess.Popen([sys.executable, FOREIGN], stdout=subprocess.PIPE, text=True)
    port = foreign.stdout.readline().strip()
    try:
        for name, (arguments, how) in SESSIONS.items():
            options = ["--history", "40d" if "events" in name or "billing-1" in arguments else "2d"]
            if "noise" in name:
                options += ["--noise", "2e-4", "--drop", "2e-4"]
            optical = "optical" in how
            with harness.Meter(case.folder, *options, optical=optical, tcp=not optical) as meter:
                uri = f"tcp:127.0.0.1:{port}?{how}" if "foreign" in name else \
                    meter.optical if optical else f"{meter.tcp}?{how}"
                case.db = case.file(name + ".db")
                trace = os.path.join(HERE, name + ".trace")
                document = case.json(arguments[0], uri, *arguments[1:], "--trace", trace)
            keep(name, document)
    finally:
        foreign.kill()
        foreign.wait()
        foreign.stdout.close()
        case.doCleanups()


if __name__ == "__main__":
    if "--record" in sys.argv:
        record()
        record_kamstrup()
    else:
        harness.main()
