#!/usr/bin/python3
"""Make the reference meter's tables of Kamstrup meters from the catalogue (Python 3 standard library).

usage: generate_kmp.py UNITS.def VALUES.h QUAL.h FAMILY.xml... OUT.c

UNITS.def is protocols/kmp/units.def, VALUES.h and QUAL.h the lists of the core's values.  OUT.c
holds the tables of models/ktables.h and one mw_kmodel of the core for each personality.
"""
import re
import sys
import xml.etree.ElementTree as ET

KINDS = ['number', 'bits', 'enum', 'time', 'date', 'rtc', 'text', 'octets']
# What the catalogue calls the units that have no symbol of their own in units.def.
NAMES = {'none': 0, 'number': 51, 'hhmmss': 47, 'yymmdd': 48}
KIND_UNITS = {'time': 'hhmmss', 'date': 'yymmdd', 'rtc': 'RTC', 'text': 'ASCII'}
ACCESS = {'r': 'MW_KACCESS_READ', 'w': 'MW_KACCESS_WRITE',
          'rw': 'MW_KACCESS_READ | MW_KACCESS_WRITE', 'module': 'MW_KACCESS_READ | MW_KACCESS_MODULE'}
PLANS = {'L': 'MW_KPLAN_PERIOD', 'N': 'MW_KPLAN_CALENDAR', 'D': 'MW_KPLAN_CALENDAR'}
# Logs that can be reconfigured, and the room that they have in the core's memory.
RESERVE = {'LOAD_PROFILE': 640 * 1024, 'ANALYSIS': 512 * 1024}


def fail(text):
    sys.exit('generate_kmp.py: ' + text)


# ---- the names of the core's values ----------------------------------------------------------


def core_names(paths):
    """Every symbol that the row macros of the lists make."""
    text = ''.join(open(p, encoding='utf-8').read() for p in paths)
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.S).replace('\\\n', ' ')
    macros = {}
    rows = ''
    for name, params, body in re.findall(r'#define (\w+)\(([^)]*)\)([^\n]*)', text):
        if name.startswith('MW_KROWS'):
            macros[name] = ([p.strip() for p in params.split(',')], body)
        else:
            rows += body

    def expand(match):
        params, body = macros[match.group(1)]
        for param, arg in zip(params, (a.strip() for a in match.group(2).split(','))):
            if param != 'ROW':
                body = re.sub(r'\b%s##' % param, arg, body)
                body = re.sub(r'##%s\b' % param, arg, body)
                body = re.sub(r'\b%s\b' % param, arg, body)
        return body

    while re.search(r'\bMW_KROWS\w*', rows):
        rows = re.sub(r'\b(MW_KROWS\w*) \(([^)]*)\)', expand, rows)
    return set(re.findall(r'\bROW \((\w+)', rows))


# ---- what has what ---------------------------------------------------------------------------


class Personality:
    def __init__(self, element, model):
        self.e, self.model = element, model
        self.id = element.get('model')
        self.letters = element.get('generation') + element.get('variant', '')


def agrees(token, p):
    model, _, letters = token.partition(':')
    if model not in ('*', p.id):
        return False
    generations = re.sub('[0-9]', '', letters)
    variants = re.sub('[A-Z]', '', letters)
    return (not generations or p.letters[0] in generations) and \
        (not variants or p.letters[1:] in variants)


class Tables:
    def __init__(self, units, names):
        self.units, self.names = units, names
        self.people = []
        self.registers, self.register_at = [], {}
        self.limits, self.choices = [(0, 0, 0, 0, 0)], []
        self.columns, self.column_at = [], {}
        self.loggers, self.lines = [], []

    def mask(self, where, family):
        out = 0
        for i, p in enumerate(self.people):
            if p.family == family and (where is None or any(agrees(t, p) for t in where.split())):
                out |= 1 << i
        return out

    def limit(self, e):
        if e.get('min') is None and e.get('choices') is None:
            return 0
        choices = [int(x) for x in e.get('choices', '').split()]
        least = int(e.get('min', min(choices or [0])))
        most = int(e.get('max', max(choices or [0])))
        at = len(self.choices) if choices else 0
        self.choices += choices
        row = (least, most, int(e.get('default', least)), at, len(choices))
        self.limits.append(row)
        return len(self.limits) - 1

    def column_list(self, ids):
        if tuple(ids) not in self.column_at:
            self.column_at[tuple(ids)] = len(self.columns)
            self.columns += ids
        return self.column_at[tuple(ids)]


def bind_of(t, bind):
    """The C expression of a bind: a value of the core, or a property of one of its logs."""
    what, _, log = bind.partition(' ')
    if log:
        return 'MW_KBIND_%s (MW_KLOG_%s)' % (what.upper(), log)
    return 'MW_KV_' + bind if bind in t.names else None


def add_register(t, e, family):
    bind = bind_of(t, e.get('bind'))
    if bind is None:
        return e.get('bind')
    kind = e.get('kind', 'number')
    unit = e.get('unit', 'none')
    if KIND_UNITS.get(kind, unit) != unit and not (kind == 'text' and unit == 'number'):
        fail('register %s: a %s in %s' % (e.get('id'), kind, unit))
    if unit not in t.units:
        fail('register %s: unit %s is unknown to KMP' % (e.get('id'), unit))
    numbers = re.findall(r'\d+', e.get('obis', '0-0:0.0.0.0'))
    row = (int(e.get('id'), 16), bind, t.units[unit], int(e.get('octets')), int(e.get('exponent', 0)),
           KINDS.index(kind), ACCESS[e.get('access', 'r')], ', '.join(numbers), limit_key(e))
    mask = t.mask(e.get('in'), family)
    if row in t.register_at:
        t.registers[t.register_at[row]][0] |= mask
    else:
        t.register_at[row] = len(t.registers)
        t.registers.append([mask, row, t.limit(e)])
    return None


def limit_key(e):
    return tuple(e.get(x) for x in ('min', 'max', 'choices', 'default'))


def add_logger(t, e, family):
    where = t.mask(e.get('in'), family)
    for columns in e.findall('columns'):
        for depth in e.findall('depth'):
            mask = where & t.mask(columns.get('in'), family) & t.mask(depth.get('in'), family)
            if mask:
                t.loggers.append((mask, e, [int(x, 16) for x in columns.get('registers').split()], depth))


def read_family(t, path):
    root = ET.parse(path).getroot()
    for f in root.findall('family'):
        family = f.get('id')
        models = {m.get('id'): m for m in f.find('models')}
        for e in f.find('personalities'):
            p = Personality(e, models[e.get('model')])
            p.family = family
            t.people.append(p)
        missing = [add_register(t, e, family) for e in f.find('registers')]
        missing = sorted(set(m for m in missing if m))
        if missing:
            fail('%s binds to what the core has not: %s' % (family, ' '.join(missing)))
        for e in f.find('loggers'):
            add_logger(t, e, family)
        for e in f.find('iec-readout'):
            t.lines.append((t.mask(e.get('in'), family), e))
    if len(t.people) > 64:
        fail('there are more than 64 personalities')


# ---- output ----------------------------------------------------------------------------------


def obis_octets(e):
    return ', '.join(re.findall(r'\d+', e.get('obis', '0-0:0.0.0.0')))


def write_registers(t, w):
    t.registers.sort(key=lambda r: (r[1][0], r[0]))
    for a, b in zip(t.registers, t.registers[1:]):
        if a[1][0] == b[1][0] and a[0] & b[0]:
            fail('register %X stands there twice for one meter' % a[1][0])
    w.append('const mw_kregister mw_kregister_rows[] = {')
    for mask, row, limit in t.registers:
        w.append('  { UINT64_C (0x%x), 0x%x, %s, %d, %d, %d, %d, %s, { %s }, %d },' % (
            (mask,) + row[:-1] + (limit,)))
    w.append('};\nconst mw_klimit mw_klimits[] = {')
    w += ['  { %d, %d, %d, %d, %d },' % row for row in t.limits]
    w.append('};\nconst int32_t mw_kchoices[] = { %s };' % ', '.join(map(str, t.choices or [0])))


def write_loggers(t, w):
    rows = []
    for mask, e, ids, depth in t.loggers:
        rows.append('  { UINT64_C (0x%x), %s, MW_KLOG_%s, %d, %s, %d, %s, %s, %s, %s, { %s } },' % (
            mask, e.get('kmp'), e.get('bind'), len(ids), 'true' if e.get('kind') in ('profile', 'billing')
            else 'false', t.column_list(ids), depth.get('entries', 0), depth.get('octets', 0),
            depth.get('header', 0), depth.get('column', 0), obis_octets(e)))
    w.append('const uint16_t mw_kcolumns[] = {\n  %s\n};' % ', '.join('0x%x' % c for c in t.columns))
    w.append('const mw_klogger mw_kloggers[] = {\n%s\n};' % '\n'.join(rows))


def write_lines(t, w):
    w.append('const mw_kiec_line mw_kiec_lines[] = {')
    for mask, e in t.lines:
        w.append('  { UINT64_C (0x%x), "%s", 0x%s, %s, %s, "%s" },' % (
            mask, e.get('code'), e.get('register'), e.get('digits', 0), e.get('decimals', 0),
            e.get('unit', '')))
    w.append('};')


def revision(text):
    return '%d << 8 | %s' % (ord(text[0]) - 64, text[1:])


def write_people(t, w):
    w.append('const mw_kpersonality mw_kpersonalities[] = {')
    for p in t.people:
        e = p.e
        protocols = ' | '.join('MW_KPROTOCOL_' + x.upper() for x in e.get('protocols').split())
        w.append('  { "%s", "%s", \'%s\', %s, 0x%s, %s, { %s, %s }, %s, %s, %s, %s, %s, "%s", "%s" },' % (
            p.id, p.model.get('name'), e.get('generation'), e.get('variant', '0'), e.get('kmp-type'),
            revision(e.get('revision')), e.get('optical-baud'), e.get('module-baud'), protocols,
            p.model.get('phases'), e.get('systems'), 'true' if e.get('ct') else 'false',
            'true' if e.get('breaker') else 'false', e.get('type-number'), e.get('iec').replace('\\', '\\\\')))
    w.append('};')


def write_models(t, w):
    """One mw_kmodel of the core each; equal lists of columns are shared."""
    lists, models = {}, []
    for i, p in enumerate(t.people):
        binds = {row[0]: row[1] for mask, row, _ in t.registers
                 if mask >> i & 1 and row[1].startswith('MW_KV_')}
        logs = []
        for mask, e, ids, depth in t.loggers:
            if not mask >> i & 1:
                continue
            columns = tuple(binds[x] for x in ids if x in binds)
            name = lists.setdefault(columns, 'columns_%d' % len(lists))
            n = len(columns) - 1
            entries = int(depth.get('entries', 0)) or \
                int(depth.get('octets')) // (int(depth.get('header')) + n * int(depth.get('column')))
            logs.append('[MW_KLOG_%s] = { %s, %d, %d, %d }' % (
                e.get('bind'), name, len(columns), entries, RESERVE.get(e.get('bind'), 0)))
        plan = 'MW_KPLAN_TARIFF' if p.id == 'k351b' else PLANS.get(p.letters[0], 'MW_KPLAN_TARIFF')
        ct = p.e.get('ct') is not None
        breaker = any(x.startswith('[MW_KLOG_CUTOFF]') for x in logs)  # its own, or one it controls
        models.append('  { "%s", %s, %s, %s, %s, %s, %d, { %s } },' % (
            p.id, p.model.get('phases'), 'true' if p.e.get('systems') == '2' else 'false',
            'true' if ct else 'false', 'true' if breaker else 'false', plan, 600 if ct else 2300, ', '.join(logs)))
    for columns, name in lists.items():
        w.append('static const uint16_t %s[] = { %s };' % (name, ', '.join(columns)))
    w.append('const mw_kmodel mw_kmodels[] = {\n%s\n};' % '\n'.join(models))


def main(argv):
    units_path, values, qual = argv[1:4]
    units = {symbol: int(number) for number, symbol in
             re.findall(r'ROW \(\s*(\d+), "([^"]*)"', open(units_path, encoding='utf-8').read())}
    units.update(NAMES)
    t = Tables(units, core_names([values, qual]))
    for path in argv[4:-1]:
        read_family(t, path)
    w = ['/* Made by generate_kmp.py from db/catalogue: do not edit. */', '#include "models/ktables.h"', '']
    write_people(t, w)
    write_registers(t, w)
    write_loggers(t, w)
    write_lines(t, w)
    write_models(t, w)
    for name, items in (('personalities', t.people), ('register_rows', t.registers),
                        ('loggers', t.loggers), ('iec_lines', t.lines)):
        w.append('const uint16_t mw_n_k%s = %d;' % (name, len(items)))
    open(argv[-1], 'w', encoding='utf-8').write('\n'.join(w) + '\n')


if __name__ == '__main__':
    main(sys.argv)
