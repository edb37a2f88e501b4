#!/usr/bin/python3
"""The catalogue: valid against its schema, whole in itself, and true to the metering core.

usage: test-catalogue.py SOURCE-ROOT
"""
import os
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ET

ROOT = sys.argv.pop(1)
FOLDER = os.path.join(ROOT, 'db/catalogue')
MX381 = ET.parse(os.path.join(FOLDER, 'iskraemeco-mx381.xml')).getroot().find('family')
GENERIC = ET.parse(os.path.join(FOLDER, 'dlms-generic.xml')).getroot().find('family')


def text(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as f:
        return f.read()


def number(value):
    value = value.strip()
    return 1 if value == 'MW_METHOD_TWO_WAY' else int(value, 0)


SETTINGS = {m[0]: (m[1], number(m[2]), number(m[3]), number(m[4])) for m in re.findall(
    r'ROW \((\w+),\s*([UI]\d+),\s*([^,\n]+),\s*([^,\n]+),\s*([^,\n]+),[^\n]+\)',
    text('firmware-ref/core/mw_settings_def.h'))}
RANGE = {'unsigned': (0, 255), 'enum': (0, 255), 'long-unsigned': (0, 65535),
         'double-long-unsigned': (0, 4294967295), 'long': (-32768, 32767), 'boolean': (0, 1)}
CLASSES = {(c.get('id'), c.get('version')): {a.get('n'): a.get('type') for a in c.findall('attribute')}
           for c in GENERIC.iter('class')}


class Catalogue(unittest.TestCase):
    def objects(self):
        return MX381.find('objects').findall('object')

    @unittest.skipUnless(shutil.which('xmllint'), 'no xmllint here; the store validates too')
    def test_schema(self):
        for name in sorted(os.listdir(FOLDER)):
            if name.endswith('.xml'):
                p = subprocess.run(['xmllint', '--noout', '--schema',
                                    os.path.join(FOLDER, 'catalogue.xsd'),
                                    os.path.join(FOLDER, name)], capture_output=True, text=True)
                self.assertEqual(p.returncode, 0, p.stderr)

    def test_references(self):
        groups = {g.get('id') for g in MX381.iter('group')}
        names = {'enum': {e.get('id') for e in MX381.iter('enumeration')},
                 'bits': {b.get('id') for b in MX381.iter('bits')},
                 'events': {e.get('log') for e in MX381.iter('event')}}
        models = {m.get('id') for m in MX381.iter('model')}
        for o in self.objects():
            self.assertIn(o.get('group'), groups)
            self.assertIn((o.get('class'), o.get('version')), CLASSES, o.get('obis'))
            self.assertLessEqual(set((o.get('models') or '').split()), models)
            for a in o:
                self.assertIn(a.get('n'), CLASSES[(o.get('class'), o.get('version'))])
                for key, known in names.items():
                    self.assertIn(a.get(key), known | {None}, o.get('obis'))

    def test_once(self):
        """An object is its class and its name; two of them may share a name."""
        keys = [(o.get('class'), o.get('obis')) for o in self.objects()]
        self.assertEqual(len(keys), len(set(keys)))
        named = [o.get('name') for o in self.objects()]
        self.assertEqual(len(named), len(set(named)), [n for n in named if named.count(n) > 1])

    def test_annex(self):
        rows = [l.rstrip('\n').split('\t') for l in text('tests/model/annex1.tsv').splitlines()
                if not l.startswith('#')]
        self.assertEqual(len(rows), 591)
        have = sorted((o.get('annex'), o.get('obis')) for o in self.objects() if o.get('annex'))
        self.assertEqual(sorted((r[0], r[1]) for r in rows), have)

    def test_values_have_types(self):
        for o in self.objects():
            if o.get('class') in ('1', '3', '4', '5'):
                value = next((a for a in o if a.get('n') == '2'), None)
                self.assertIsNotNone(value, o.get('obis'))
                self.assertTrue(value.get('type'), o.get('obis'))
                self.assertEqual(value.get('unit') is not None, o.get('class') != '1', o.get('obis'))

    def test_settings(self):
        """Default and range are those that the core keeps."""
        seen = 0
        for o in self.objects():
            for a in o:
                bind = (a.get('bind') or '').split()
                if bind[:1] != ['setting'] or a.get('n') != '2':
                    continue
                kind, preset, least, most = SETTINGS[bind[1]]
                low, high = RANGE[a.get('type')]
                where = '%s %s' % (o.get('obis'), bind[1])
                self.assertEqual(int(a.get('default')), preset, where)
                self.assertEqual(max(int(a.get('min', low)), low), max(least, low), where)
                self.assertEqual(min(int(a.get('max', high)), high), min(most, high), where)
                seen += 1
        self.assertGreater(seen, 50)

    def test_events(self):
        """The events are those of the core, log by log."""
        logs = {'STANDARD': 'events-standard', 'FRAUD': 'events-fraud',
                'DISCONNECT': 'events-disconnect', 'MBUS': 'events-mbus', 'QUALITY': 'events-quality',
                **{'CONTROL%d' % i: 'mbus-control-%d' % i for i in range(1, 5)}}
        rows = re.findall(r'ROW \((\w+),\s*(\d+), (\w+), "', text('firmware-ref/core/mw_events_def.h'))
        core = {(logs[log], int(code)) for _, code, log in rows if log in logs}
        mine = [(e.get('log'), int(e.get('code'))) for e in MX381.iter('event')]
        self.assertEqual(len(mine), len(set(mine)))
        self.assertEqual(set(mine), core)
        for e in MX381.iter('event'):
            self.assertTrue(e.text and e.text.endswith('.'), e.get('name'))

    def test_loggers(self):
        """Each logger is an object of class 7, and knows the way back."""
        for l in MX381.find('loggers'):
            o = [o for o in self.objects() if o.get('obis') == l.get('obis') and o.get('class') == '7']
            self.assertEqual(len(o), 1, l.get('id'))
            self.assertEqual(o[0].get('logger'), l.get('id'))

    def test_menu(self):
        for f in MX381.find('menu'):
            self.assertEqual(f.get('available') == 'no', f.get('reason') is not None, f.get('id'))

    def test_names(self):
        """A generic name is found for every standard code of the family."""
        patterns = []
        for n in GENERIC.find('names'):
            p = re.escape(n.get('obis')).replace(r'\*', r'\d+')
            p = re.sub(r'(\d+)\\\.\\\.(\d+)', lambda m: '(?:%s)' % '|'.join(
                str(i) for i in range(int(m[1]), int(m[2]) + 1)), p)
            patterns.append(re.compile(p + '$'))
        missing = [o.get('obis') for o in self.objects()
                   if not any(p.match(o.get('obis')) for p in patterns)
                   and not re.search(r':(128|196|12|13|96\.(63|96|128|24[0-9])|31|51|71|[0-9]+\.24)\b',
                                     o.get('obis'))]
        self.assertEqual(missing, [])


if __name__ == '__main__':
    unittest.main()
