#!/usr/bin/python3
"""The Kamstrup rows of the catalogue: whole in themselves, true to the metering core's settings,
and to the frames that a real 382 sent.

usage: test-kamstrup-catalogue.py SOURCE-ROOT
"""
import os
import re
import sys
import unittest
import xml.etree.ElementTree as ET

ROOT = sys.argv.pop(1)
FILES = ['kamstrup-162-382-351b.xml', 'kamstrup-omnipower.xml']
FAMILIES = [ET.parse(os.path.join(ROOT, 'db/catalogue', f)).getroot().find('family') for f in FILES]
PREFIX = {'kWh': 3, 'kvarh': 3, 'kVAh': 3, 'kW': 3, 'kvar': 3, 'kVA': 3}


def text(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as f:
        return f.read()


# symbol -> exponent, default, least, most
SETTINGS = {m[0]: tuple(int(x) for x in m[1:]) for m in re.findall(
    r'ROW \((\w+),\s*\w+,\s*(-?\d+),\s*(-?\d+),\s*(-?\d+),\s*(-?\d+),[^\n]*\)',
    text('firmware-ref/core/kamstrup/mw_kvalues_def.h').split('#define MW_KTEXTS')[0]
    + text('firmware-ref/core/kamstrup/mw_kqual_def.h').split('#define MW_KQUAL_VALUES')[0])}


def tokens(family):
    for e in family.iter():
        for token in (e.get('in') or '').split():
            yield token


def agrees(token, model, generation, variant):
    name, _, letters = token.partition(':')
    generations = [c for c in letters if c.isalpha()]
    variants = [c for c in letters if c.isdigit()]
    return name in ('*', model) and (not generations or generation in generations) and \
        (not variants or variant in variants)


class Kamstrup(unittest.TestCase):
    def each(self, name):
        for family in FAMILIES:
            for e in family.find(name) or []:
                yield family, e

    def test_registers_are_unique(self):
        for family in FAMILIES:
            ids = [int(r.get('id'), 16) for r in family.find('registers')]
            self.assertEqual(len(ids), len(set(ids)))
            self.assertEqual(ids, sorted(ids))
        total = {f.get('id'): len(f.find('registers')) for f in FAMILIES}
        self.assertGreater(total['kamstrup-382'], 200)
        self.assertGreater(total['kamstrup-omnipower'], 300)

    def test_own_numbers_are_said_to_be(self):
        for _, r in self.each('registers'):
            if int(r.get('id'), 16) >= 0x7000:
                self.assertEqual(r.get('assigned'), 'reference', r.get('id'))

    def test_a_number_means_the_same_in_both_families(self):
        one = {r.get('id'): r for r in FAMILIES[0].find('registers')}
        # Limits in per cent there, in volts here; a text that is longer here.
        other = {'4BC', '4BD', '466', '3F2'}
        for r in FAMILIES[1].find('registers'):
            if r.get('id') in one and r.get('id') not in other:
                for what in ('name', 'unit', 'octets', 'exponent', 'kind', 'bind', 'access'):
                    self.assertEqual(r.get(what), one[r.get('id')].get(what), r.get('id'))

    def test_references(self):
        for family in FAMILIES:
            ids = {r.get('id') for r in family.find('registers')}
            groups = {g.get('id') for g in family.find('groups')}
            lists = {'enum': {e.get('id') for e in family.findall('enumeration')},
                     'bits': {e.get('id') for e in family.findall('bits')}}
            for r in family.find('registers'):
                self.assertIn(r.get('group'), groups)
                for what, known in lists.items():
                    if r.get(what):
                        self.assertIn(r.get(what), known)
                self.assertEqual(r.get('kind') == 'enum', r.get('enum') is not None, r.get('id'))
                self.assertEqual(r.get('kind') == 'bits', r.get('bits') is not None, r.get('id'))
            for columns in family.iter('columns'):
                named = columns.get('registers').split()
                self.assertEqual(named[0], '417')
                self.assertEqual(len(named), len(set(named)))
                self.assertLessEqual(set(named), ids)
            for e in list(family.iter('line')) + list(family.iter('reading')) + list(family.iter('setting')):
                if e.get('register'):
                    self.assertIn(e.get('register'), ids)
            loggers = {e.get('id') for e in family.find('loggers')}
            for e in family.find('events'):
                self.assertIn(e.get('log'), loggers)

    def test_where(self):
        """Every token names a model, and generations and variants that it has."""
        for family in FAMILIES:
            models = {m.get('id') for m in family.find('models')}
            people = [(p.get('model'), p.get('generation'), p.get('variant', ''))
                      for p in family.find('personalities')]
            for token in set(tokens(family)):
                name = token.split(':')[0]
                self.assertIn(name, models | {'*'})
                for letter in token.partition(':')[2]:
                    one = '%s:%s' % (name, letter)
                    self.assertTrue(any(agrees(one, *p) for p in people), token)

    def test_loggers_of_a_meter_are_unique(self):
        for family in FAMILIES:
            for p in family.find('personalities'):
                who = (p.get('model'), p.get('generation'), p.get('variant', ''))
                there = [e for e in family.find('loggers') if e.get('in') is None
                         or any(agrees(t, *who) for t in e.get('in').split())]
                for what in ('id', 'kmp', 'bind'):
                    self.assertEqual(len({e.get(what) for e in there}), len(there), who)
                for e in there:
                    depths = [d for d in e.findall('depth') if d.get('in') is None
                              or any(agrees(t, *who) for t in d.get('in').split())]
                    self.assertEqual(len(depths), 1, e.get('id'))

    def test_settings_of_the_core(self):
        """What may be written lies within what the core takes, and begins with its default."""
        seen = set()
        narrower = {'INTEGRATION_PERIOD', 'PULSE_OUT', 'DEBITING2_INTERVAL'}  # defaults per family
        for _, r in self.each('registers'):
            bind = r.get('bind')
            if bind not in SETTINGS or 'w' not in r.get('access', 'r').replace('module', 'w'):
                continue
            seen.add(bind)
            exponent, preset, least, most = SETTINGS[bind]
            shift = int(r.get('exponent', 0)) + PREFIX.get(r.get('unit'), 0) - exponent
            choices = [int(x) for x in r.get('choices', '').split()]
            values = [int(r.get('min', choices[0] if choices else 0)),
                      int(r.get('max', choices[-1] if choices else 0)), int(r.get('default', r.get('min', 0)))]
            low, high, default = (v * 10 ** shift if shift >= 0 else v / 10 ** -shift for v in values)
            self.assertGreaterEqual(low, least, bind)
            self.assertLessEqual(high, most, bind)
            if bind not in narrower:
                self.assertEqual(default, preset, bind)
        missing = {s for s in SETTINGS if s not in seen}
        # Chosen when the meter is ordered, or set with the others of its block.
        self.assertEqual(missing, {'METHOD', 'PROFILE_PRIMARY', 'DISPLAY_DECIMALS', 'DEBITING_HOUR',
                                   'TARIFF_PLAN'} - seen)

    def test_a_real_382(self):
        """Unit, octets and exponent as a real 382 sends them (SiEx 41h energy, 44h high resolution,
        42h current, 43h power, 00h voltage)."""
        registers = {r.get('id'): r for r in FAMILIES[0].find('registers')}
        for ids, unit, octets, exponent in (('1 2 11 12 13 1F 407 461', 'kWh', 4, -1),
                                            ('3 4 5 6 15 22 432', 'kvarh', 4, -1),
                                            ('D E', 'kWh', 4, -4), ('F 10', 'kvarh', 4, -4),
                                            ('41E 41F 420', 'V', 2, 0), ('434 435 436', 'A', 4, -2),
                                            ('438 439 43A', 'kW', 2, -3),
                                            ('3FF 400 27 28 409 40C 40F', 'kW', 4, -3),
                                            ('401 402 29 2A', 'kvar', 4, -3), ('417 419 41A', 'RTC', 8, 0),
                                            ('422', 'ASCII', 10, 0), ('466', 'ASCII', 13, 0),
                                            ('458 459 45A 45B', 's', 2, 0), ('3EC', 'h', 4, 0)):
            for i in ids.split():
                r = registers[i]
                self.assertEqual((r.get('unit'), int(r.get('octets')), int(r.get('exponent', 0))),
                                 (unit, octets, exponent), i)

    def test_readme(self):
        """The numbers in the README's table of meters."""
        said = re.findall(r'(\d+) of the (\d+) registers \((\d+) ', text('README.md'))
        self.assertEqual(len(said), len(FAMILIES))
        for family, numbers in zip(FAMILIES, said):
            registers = list(family.find('registers'))
            own = [r for r in registers if int(r.get('id'), 16) >= 0x7000]
            assigned = [r for r in registers if r.get('assigned')]
            self.assertEqual(tuple(int(n) for n in numbers), (len(assigned), len(registers), len(own)))

    def test_type_words_do_not_overlap(self):
        words = [k.get('word') for f in FAMILIES for k in f.find('recognise') if k.tag == 'kmp-type']
        self.assertEqual(len(words), len(set(words)))
        for model in ('k162', 'k282', 'k382', 'k351b'):
            known = {k.get('word') for k in FAMILIES[0].find('recognise') if k.get('model') == model}
            for p in FAMILIES[0].find('personalities'):
                if p.get('model') == model:
                    word = p.get('kmp-type')
                    self.assertTrue(word in known or word[:2] + 'xx' in known, word)


if __name__ == '__main__':
    unittest.main()
