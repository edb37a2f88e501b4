"""test_plan.py: plans into meters while the power goes and the link breaks: the old plan or the new one,
never a mixture, and what mw says of it is so."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from harness import MW, Meter, Proxy

SLOW = os.environ.get("MW_SLOW") == "1"

PERIOD = """<plan version="1"><period><control of="tariff" non-working="sunday">
<period id="A" from="04-01"><day kind="working"><change at="00:00" value="{0}"/><change at="07:00" value="{1}"/></day>
<day kind="non-working"><change at="00:00" value="{0}"/></day></period>
<period id="B" from="11-01"><day kind="working"><change at="06:30" value="{1}"/></day>
<day kind="non-working"><change at="00:00" value="{1}"/></day></period>
<exceptions>{2}</exceptions></control></period></plan>"""

ACTIVITY = """<plan version="1"><activity name="{0}" activation="at-once">
<season name="S" start="*-01-01" at="00:00" week="W"/><week name="W" days="1 1 1 1 1 1 2"/>
<day id="1"><action at="00:00" script="{1}"/><action at="07:00" script="2"/></day>
<day id="2"><action at="00:00" script="{1}"/></day>
<special index="1" date="{2}" day="2"/>
<script id="1"><do what="energy-tariff" value="{1}"/></script>
<script id="2"><do what="energy-tariff" value="{3}"/></script></activity></plan>"""

KINDS = {
    "mt381": ("wrapper", ACTIVITY.format("A", 1, "2027-05-01", 2), ACTIVITY.format("B", 2, "2027-12-24", 4)),
    "k382": ("kmp", PERIOD.format(1, 2, "2027-05-01"), PERIOD.format(3, 4, "2027-12-24 2027-12-25")),
}


def mw(folder, *args):
    return subprocess.run([MW, *args, "--db", os.path.join(folder, "db")], capture_output=True, text=True, timeout=120)


class Plans(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        return path

    def meter(self, model, *options):
        nvm = self.file("nvm")
        return Meter(self.folder, "--model", model, "--nvm", nvm, *options, framing=KINDS[model][0])

    def uri(self, meter, model, port=None):
        return f"tcp:127.0.0.1:{port or meter.port}" + ("?framing=kmp" if KINDS[model][0] == "kmp" else "")

    def prepare(self, model):
        """A meter that follows plan A, kept as a file; the two plans as files."""
        a, b = self.file("a.xml", KINDS[model][1]), self.file("b.xml", KINDS[model][2])
        with self.meter(model) as m:
            done = mw(self.folder, "plan", "program", self.uri(m, model), a, "--yes")
            self.assertEqual(done.returncode, 0, done.stderr)
        shutil.copy(self.file("nvm"), self.file("nvm-a"))
        return a, b

    def holds(self, meter, model, a, b):
        """Which plan the meter holds, read over a good link."""
        out = self.file("now.xml")
        done = mw(self.folder, "plan", "read", self.uri(meter, model), "-o", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        same = [p for p in (a, b)
                if json.loads(mw(self.folder, "plan", "diff", p, out, "--json").stdout)["changes"] == []]
        with open(out, encoding="utf-8") as text:
            self.assertEqual(len(same), 1, "neither plan: " + text.read())
        return "old" if same[0] == a else "new"

    def check_claim(self, done, found):
        """What mw said is what is there, or that it does not know."""
        says = json.loads(done.stdout)["follows"] if done.stdout else "old"  # refused before anything
        self.assertIn(says, ("unknown", found), done.stderr)
        self.assertEqual(done.returncode == 0, says == "new", done.stderr)
        return says

    def power(self, model, cuts):
        a, b = self.prepare(model)
        seen = set()
        for cut in cuts:
            shutil.copy(self.file("nvm-a"), self.file("nvm"))
            meter = self.meter(model, "--power-cut-after", str(cut))
            try:
                with meter as m:
                    done = mw(self.folder, "plan", "program", self.uri(m, model), b, "--yes", "--json")
            except RuntimeError:
                continue  # the power went before the meter was up
            with self.meter(model) as m:
                found = self.holds(m, model, a, b)
            if done.stdout:
                self.check_claim(done, found)
            seen.add((found, done.returncode == 0))
        return seen

    def link(self, model, limits):
        a, b = self.prepare(model)
        said = set()
        for limit in limits:
            shutil.copy(self.file("nvm-a"), self.file("nvm"))
            with self.meter(model) as m:
                proxy = Proxy(m.port, limit, times=1)
                done = mw(self.folder, "plan", "program", self.uri(m, model, proxy.port), b, "--yes", "--json")
                found = self.holds(m, model, a, b)
                said.add(self.check_claim(done, found))
        return said

    def test_desk(self):
        """The verbs that need no meter."""
        a, b = self.file("a.xml", PERIOD.format(1, 2, "2027-05-01")), self.file("b.xml", PERIOD.format(1, 3, ""))
        self.assertEqual(mw(self.folder, "plan", "check", a).returncode, 0)
        bad = mw(self.folder, "plan", "check", self.file("bad.xml", PERIOD.format(1, 9, "")))
        self.assertEqual(bad.returncode, 5)
        self.assertRegex(bad.stderr, r"bad\.xml.*: tariff control, period A, working day, change 2: .*tariff 9")
        bad = mw(self.folder, "plan", "check", self.file("odd.xml", PERIOD.replace("working", "weekly", 1)))
        self.assertEqual(bad.returncode, 5)
        self.assertRegex(bad.stderr, r"odd\.xml, line \d+: .*")
        self.assertEqual(mw(self.folder, "plan", "check", self.file("none.xml")).returncode, 6)
        self.assertEqual(mw(self.folder, "plan", "check").returncode, 1)
        changes = json.loads(mw(self.folder, "plan", "diff", a, b, "--json").stdout)["changes"]
        self.assertTrue(any("tariff 3" in (c["after"] or "") for c in changes))
        hours = json.loads(mw(self.folder, "plan", "simulate", a, "--year", "2027", "--json").stdout)["hours"]
        self.assertEqual(sum(float(h) for h in hours.values()), 365 * 24)
        at = json.loads(mw(self.folder, "plan", "simulate", a, "--at", "2027-06-01T08:00:00+00:00", "--zone", "+00:00",
                           "--dst", "none", "--json").stdout)["states"]
        self.assertEqual([s["tariff"] for s in at], [2, 1])
        days = json.loads(mw(self.folder, "plan", "holidays", "de", "2027", "--json").stdout)["holidays"]
        self.assertIn({"day": "2027-10-03", "name": "German Unity Day"}, days)
        self.assertEqual(mw(self.folder, "plan", "holidays", "xx", "2027").returncode, 1)
        for kind in ("tariff", "period", "calendar", "activity", "dst"):
            path = self.file(kind + ".xml")
            self.assertEqual(mw(self.folder, "plan", "new", kind, "-o", path).returncode, 0)
            self.assertEqual(mw(self.folder, "plan", "check", path).returncode, 0)

    def test_power_activity(self):
        seen = self.power("mt381", range(21, 260, 2 if SLOW else 30))
        self.assertLessEqual({("old", False), ("new", True)}, seen)

    def test_power_period(self):
        seen = self.power("k382", range(21, 320, 2 if SLOW else 30))
        self.assertLessEqual({("old", False), ("new", True)}, seen)

    def test_link_activity(self):
        self.link("mt381", range(200, 6000, 100 if SLOW else 900))

    def test_link_period(self):
        self.link("k382", range(40, 1500, 25 if SLOW else 250))


if __name__ == "__main__":
    unittest.main()
