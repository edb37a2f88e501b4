#!/usr/bin/python3
"""Make the reference meter's tables from the catalogue (Python 3 standard library).

usage: generate.py CLASSES.xml FAMILY.xml UNIT.h OUT.c OUT.h

CLASSES gives the attributes of each interface class with their types, FAMILY the objects.  OUT.c
holds the tables of models/tables.h, OUT.h the numbers of the cells that the code names.
"""
import ast
import hashlib
import re
import sys
import xml.etree.ElementTree as ET

UNITS = {}  # symbol -> number, read from protocols/base/unit.h's table in main()
TAGS = {'boolean': ('b', 3, 1), 'unsigned': ('u', 17, 1), 'long-unsigned': ('U', 18, 2),
        'double-long-unsigned': ('D', 6, 4), 'integer': ('i', 15, 1), 'long': ('I', 16, 2),
        'double-long': ('L', 5, 4), 'long64': ('q', 20, 8), 'long64-unsigned': ('Q', 21, 8),
        'enum': ('e', 22, 1), 'octet-string': ('o', 9, 0), 'visible-string': ('v', 10, 0),
        'bit-string': ('t', 4, 0), 'date-time': ('T', 9, 12), 'date': ('Y', 9, 5),
        'time': ('H', 9, 4), 'any': ('?', 0, 0)}
INTS = set('buUDiILqQe')
MODELS = ['me381', 'mt381']

ENERGY = {1: 'AP', 2: 'AM', 3: 'RP', 4: 'RM', 5: 'R1', 6: 'R2', 7: 'R3', 8: 'R4', 9: 'SP', 10: 'SM',
          15: 'ABS', 16: 'NET'}
DEMAND = {1: 'AP', 2: 'AM', 3: 'RP', 4: 'RM', 9: 'SP', 10: 'SM', 15: 'ABS'}
PROFILES = {'load-1': 'LOAD1', 'load-2': 'LOAD2', 'mbus-1': 'MBUS1', 'mbus-2': 'MBUS2',
            'mbus-3': 'MBUS3', 'mbus-4': 'MBUS4', 'billing-1': 'BILLING1', 'billing-2': 'BILLING2'}
LOGS = {'events-standard': 'STANDARD', 'events-fraud': 'FRAUD', 'events-disconnect': 'DISCONNECT',
        'events-mbus': 'MBUS', 'events-quality': 'QUALITY', 'power-failures': 'POWER_FAILURE',
        'certification': 'CERTIFICATION', 'mbus-control-1': 'CONTROL1', 'mbus-control-2': 'CONTROL2',
        'mbus-control-3': 'CONTROL3', 'mbus-control-4': 'CONTROL4'}
LISTS = {'readout': 'PORT', 'display': 'GENERAL', 'alternate': 'ALTERNATE'}


def fail(text):
    sys.exit('generate.py: ' + text)


# ---- types ---------------------------------------------------------------------------------


def parse_type(text):
    """'array(structure(unsigned, date))' -> ('array', [('structure', [...])])"""
    tokens = re.findall(r'[a-z0-9-]+|[(),]', text)

    def one():
        name = tokens.pop(0)
        if tokens and tokens[0] == '(':
            tokens.pop(0)
            parts = [one()]
            while tokens[0] == ',':
                tokens.pop(0)
                parts.append(one())
            tokens.pop(0)
            return (name, parts)
        return (name, [])

    tree = one()
    if tokens:
        fail('type ' + text)
    return tree


def type_letters(tree):
    name, parts = tree
    if name in ('array', 'structure'):
        return name[0] + '(' + ''.join(type_letters(p) for p in parts) + ')'
    if name not in TAGS:
        fail('type ' + name)
    return TAGS[name][0]


def widest(tree, most):
    """The longest A-XDR of a type, MOST being the length limit of its string or array."""
    name, parts = tree
    if name == 'array':
        return 2 + most * widest(parts[0], 16)
    if name == 'structure':
        return 2 + sum(widest(p, 16) for p in parts)
    letter, _, size = TAGS[name]
    if letter in INTS:
        return 1 + size
    if size:
        return 2 + size
    return most + (2 if most < 128 else 4)


# ---- values --------------------------------------------------------------------------------


def length(n):
    return bytes([n]) if n < 128 else bytes([0x82, n >> 8, n & 255])


def octets(text):
    if text.startswith('hex:'):
        return bytes.fromhex(text[4:])
    m = re.fullmatch(r'(\d+)-(\d+):(\d+)\.(\d+)\.(\d+)\.(\d+)', text)
    if m:
        return bytes(int(x) for x in m.groups())
    return text.encode('ascii')


def axdr(tree, value):
    name, parts = tree
    if name in ('array', 'structure'):
        body = b''.join(axdr(parts[0] if name == 'array' else p, v)
                        for p, v in zip(parts * len(value) if name == 'array' else parts, value))
        return bytes([1 if name == 'array' else 2]) + length(len(value)) + body
    if name == 'any':
        if isinstance(value, int):
            return b'\x0f' + value.to_bytes(1, 'big', signed=True) if value < 128 else \
                b'\x12' + value.to_bytes(2, 'big')
        name = 'octet-string'
    letter, tag, size = TAGS[name]
    if letter in INTS:
        return bytes([tag]) + value.to_bytes(size, 'big', signed=letter in 'iILq')
    data = octets(value)
    if size and len(data) != size:
        fail('%r is no %s' % (value, name))
    return bytes([tag]) + length(len(data)) + data


def literal(text):
    return ast.literal_eval(text)


# ---- bindings ------------------------------------------------------------------------------


def fn(name, hi=None, lo=None):
    arg = str(lo) if hi is None else '(uint16_t) ((%s) << 8 | %s)' % (hi, lo if lo is not None else 0)
    return ('MW_BIND_FN', 'MW_FN_' + name, arg)


def core(expression):
    return ('MW_BIND_VALUE', 'MW_FN_NONE', expression)


def bind_demand(c, n):
    q = 'MW_D_' + DEMAND[int(c)]
    macro = {'2': 'CURRENT', '3': 'LAST', '5': 'STATUS', '6': 'TIME', '7': 'START'}.get(n)
    return core('MW_V_DEMAND_%s (%s)' % (macro, q)) if macro else fn('DEMAND', q, n)


def bind_maximum(c, e, n):
    return core('MW_V_MAXIMUM%s (MW_D_%s, %s)' % ('' if n == '2' else '_TIME', DEMAND[int(c)], e))


def bind_fuse(phase, n):
    macro = {'2': 'CURRENT', '3': 'LAST', '6': 'TIME', '7': 'START'}.get(n)
    p = int(phase) - 1
    return core('MW_V_FUSE_%s (%d)' % (macro, p)) if macro else fn('FUSE', p, n)


def bind_profile(which, n):
    if which in PROFILES:
        return fn('PROFILE', 'MW_PROFILE_' + PROFILES[which], n)
    if which in LOGS:
        return fn('LOG', 'MW_LOG_' + LOGS[which], n)
    return fn('LIST', 'MW_LIST_' + LISTS[which], n)


def bind_power_factor(which):
    return core({'min': 'MW_V_POWER_FACTOR_MIN', 'last': 'MW_V_POWER_FACTOR_LAST'}.get(
        which, 'MW_V_POWER_FACTOR (%s)' % which))


def bind_extreme(phase, which):
    return core('MW_V_%s (%s, %d)' % ('PEAK' if int(which) < 2 else 'MINIMUM', phase, int(which) % 2))


BINDS = {
    'energy': lambda c, e: core('MW_V_ENERGY (MW_Q_%s, %s)' % (ENERGY[int(c)], e)),
    'power': lambda c: core('MW_V_POWER (MW_Q_%s)' % ENERGY[int(c)]),
    'demand': bind_demand,
    'maximum': bind_maximum,
    'sliding': lambda c, n: core('MW_V_%s3 (%d)' % ('RUNNING' if n == '2' else 'AVERAGE', {1: 0, 15: 1, 16: 2}[int(c)])),
    'period3': lambda n: fn('PERIOD3', lo=n),
    'fuse': bind_fuse,
    'current': lambda p: core('MW_V_CURRENT (%s)' % p),
    'voltage': lambda p: core('MW_V_VOLTAGE (%s)' % p),
    'voltage-average': lambda p: core('MW_V_AVERAGE_VOLTAGE (%s)' % p),
    'voltage-extreme': bind_extreme,
    'power-factor': bind_power_factor,
    'frequency': lambda: core('MW_V_FREQUENCY'),
    'level': lambda p, n: core('MW_V_LEVEL (%s, %s)' % (p, n)),
    'failure-time': lambda i: core('MW_V_FAILURE_TIME (%s)' % i),
    'setting': lambda s: core('MW_V_SETTING (MW_SET_%s)' % s),
    'counter': lambda s: core('MW_V_COUNTER (MW_CNT_%s)' % s),
    'misc': lambda s: core('MW_V_' + s),
    'event': lambda s: core('MW_V_EVENT (MW_LOG_%s)' % s),
    'certification': lambda i: core('MW_V_CERTIFICATION (%s)' % i),
    'clock': lambda n: core('MW_V_CLOCK') if n == '2' else fn('CLOCK', lo=n),
    'alarm': lambda i: fn('ALARM', lo=i),
    'alarm-on': lambda i: fn('ALARM_ON', lo=i),
    'alarm-off': lambda i: fn('ALARM_OFF', lo=i),
    'error': lambda i: fn('ERROR', lo=i),
    'profile': bind_profile,
    'calendar': lambda n: fn('CALENDAR', lo=n),
    'special-days': lambda: fn('SPECIAL_DAYS', lo=0),
    'activation': lambda w, n: fn('ACTIVATION', 'MW_ACTIVATE_' + w.upper(), n),
    'schedule': lambda s, n: fn('SCHEDULE', 'MW_SCHEDULE_' + s, n),
    'limiter': lambda i, n: fn('LIMITER', i, n),
    'monitor': lambda p, n: fn('MONITOR', int(p) - 1, n),
    'switch-mode': lambda s: fn('SWITCH_MODE', lo='MW_SWITCH_' + s),
    'association': lambda n: fn('ASSOCIATION', 0, n),
    'sap': lambda: fn('SAP', lo=0),
    'identity': lambda s: fn('IDENTITY', lo='MW_ID_' + s.upper().replace('-', '_')),
    'status': lambda s: fn('STATUS', lo='MW_STATUS_' + s.upper()),
    'partition': lambda i: fn('PARTITION', lo=i),
    'flash-spy': lambda: fn('FLASH_SPY', lo=0),
    'performance': lambda s: fn('PERFORMANCE', lo={'data': 0, 'events': 1}[s]),
    'stamp': lambda s: fn('STAMP', lo=0),
    'image': lambda n: fn('IMAGE', lo=n),
}
# Words that only name a cell, so that the code finds it and two attributes can share one.
NAMED_CELLS = {'device-number', 'message', 'credit-transfer', 'llc-length', 'restriction'}


class Tables:
    def __init__(self):
        self.types, self.type_at = '', {}
        self.blob, self.blob_at = bytearray(), {}
        self.limits, self.choices = [(0, 0, 0, 0)], []
        self.cells, self.cell_of, self.room = [], {}, 0
        self.presets, self.attrs, self.objects = [], [], []

    def type(self, letters):
        if letters not in self.type_at:
            self.type_at[letters] = len(self.types)
            self.types += letters + '\0'
        return self.type_at[letters]

    def default(self, value):
        if value not in self.blob_at:
            self.blob_at[value] = len(self.blob)
            self.blob += len(value).to_bytes(2, 'big') + value
        return self.blob_at[value]

    def limit(self, spec, letters):
        lo, hi, ch = spec.get('min'), spec.get('max'), spec.get('choices')
        if lo is None and hi is None and not ch:
            return 0
        numeric = letters[0] in INTS
        row = [int(lo) if lo is not None else (-2**63 if numeric else 0),
               int(hi) if hi is not None else 2**63 - 1, 0, 0]
        if ch:
            values = [int(x) for x in ch.split()]
            row[2:] = [len(self.choices), len(values)]
            self.choices += values
        row = tuple(row)
        if row not in self.limits:
            self.limits.append(row)
        return self.limits.index(row)

    def cell(self, name, tree, spec, preset):
        if name in self.cell_of:
            return self.cell_of[name]
        cap = max(widest(tree, int(spec.get('max', 16))), len(preset))
        number = len(self.cells)
        self.cells.append((self.room, cap, self.default(preset), name))
        self.room += 2 + cap
        self.cell_of[name] = number
        return number


def add_attribute(t, obj, cls_attr, spec, register):
    n = int(cls_attr['n'])
    text = spec.get('type', cls_attr['type'])
    if n == 3 and text == 'any' and 'thr' in cls_attr['name']:
        text = register
    tree = parse_type(text)
    letters = type_letters(tree)
    access = spec.get('access', cls_attr['access'])
    mask = (1 if 'r' in access else 0) | (2 if 'w' in access else 0)
    key = '%s %s %d' % (obj.get('obis'), obj.get('class'), n)
    preset = axdr(tree, literal(spec['default'])) if 'default' in spec else None
    words = spec.get('bind', '').split()
    if cls_attr['name'] == 'scaler_unit':
        bound = ('MW_BIND_SCALER', 'MW_FN_NONE', None)
    elif obj.get('class') == '9' and n == 2 and mask == 1:
        bound = ('MW_BIND_CONST', 'MW_FN_NONE', str(t.default(preset)))
    elif obj.get('class') == '9':
        bound = fn('SCRIPTS', lo=0)
    elif obj.get('class') == '15':
        bound = fn('ASSOCIATION', int(obj.get('obis').split('.')[2]), n)
    elif obj.get('class') == '64' and n == 5:
        bound = fn('SYSTEM_TITLE', lo=0)
    elif words and words[0] in BINDS:
        bound = BINDS[words[0]](*words[1:])
    elif preset is None:
        fail('%s has neither default nor binding' % key)
    elif mask & 2 or words:
        named = words and words[0] in NAMED_CELLS
        name = ' '.join(words) if named else key
        bound = ('MW_BIND_CELL', 'MW_FN_NONE', str(t.cell(name, tree, spec, preset)))
    else:
        bound = ('MW_BIND_CONST', 'MW_FN_NONE', str(t.default(preset)))
    if bound[0] == 'MW_BIND_FN' and preset is not None and mask & 2:
        t.presets.append((len(t.attrs), t.default(preset)))
    if bound[1] == 'MW_FN_LOG' and n == 3:
        bound = ('MW_BIND_CONST', 'MW_FN_NONE', str(t.default(preset)))
    if preset is not None and bound[0] == 'MW_BIND_FN' and n in (5, 6) and obj.get('class') == '7':
        bound = ('MW_BIND_CONST', 'MW_FN_NONE', str(t.default(preset)))
    t.attrs.append([bound[2], t.type(letters), t.limit(spec, letters), len(t.objects), n, mask,
                    bound[0], bound[1], key])


def add_object(t, obj, classes):
    cls = classes.get((obj.get('class'), obj.get('version')))
    if cls is None:
        fail('no class %s version %s' % (obj.get('class'), obj.get('version')))
    specs = {a.get('n'): dict(a.attrib) for a in obj}
    first = len(t.attrs)
    scaled = next((s for s in specs.values() if 'unit' in s), None)
    for a in cls['attributes']:
        spec = specs.get(a['n'], {})
        add_attribute(t, obj, a, spec, 'double-long-unsigned')
        if a['name'] == 'scaler_unit':
            if scaled is None:
                fail(obj.get('obis') + ' has no unit')
            t.attrs[-1][0] = '(uint16_t) (%d << 8 | %d)' % (int(scaled['scaler']) & 255,
                                                           UNITS[scaled['unit']])
    ln = octets(obj.get('obis'))
    which = (obj.get('models') or ' '.join(MODELS)).split()
    t.objects.append((ln, int(obj.get('class')), first, int(obj.get('version')),
                      len(t.attrs) - first, cls['methods'],
                      1 if obj.get('public') == 'yes' else 0,
                      sum(1 << MODELS.index(m) for m in which), obj.get('name')))


def read_classes(path):
    out = {}
    for c in ET.parse(path).iter('class'):
        attributes = [a.attrib for a in c.findall('attribute') if a.get('n') != '1']
        methods = sum(1 << (int(m.get('n')) - 1) for m in c.findall('method'))
        out[(c.get('id'), c.get('version'))] = {'attributes': attributes, 'methods': methods}
    return out


def read_units(path):
    text = open(path, encoding='utf-8').read()
    for number, _, symbol in re.findall(r'ROW \(\s*(\d+),\s*(\w+),\s*"([^"]*)"\)', text):
        UNITS.setdefault(symbol, int(number))
    UNITS['none'] = 255


# ---- output --------------------------------------------------------------------------------


def c_bytes(data):
    lines = []
    for i in range(0, len(data), 16):
        lines.append('  ' + ' '.join('0x%02x,' % b for b in data[i:i + 16]))
    return '\n'.join(lines) or '  0'


def write_c(t, path, classes):
    w = ['/* Made by generate.py from db/catalogue: do not edit. */',
         '#include "core/meter.h"', '#include "models/tables.h"', '']
    w.append('const char mw_model_types[] =')
    w += ['  "%s\\0"' % s for s in t.types.split('\0')[:-1]]
    w[-1] += ';'
    w.append('const mw_model_object mw_model_objects[] = {')
    for ln, cls, first, ver, count, meth, flags, models, name in t.objects:
        w.append('  { { %s }, %d, %d, %d, %d, %d, %d, %d }, /* %s */' % (
            ', '.join(map(str, ln)), cls, first, ver, count, meth, flags, models, name.replace('*/', '')))
    w.append('};\nconst mw_model_attr mw_model_attrs[] = {')
    for arg, typ, lim, obj, n, acc, bind, func, key in t.attrs:
        w.append('  { (uint16_t) (%s), %d, %d, %d, %d, %d, %s, %s }, /* %s */' % (
            arg, typ, lim, obj, n, acc, bind, func, key))
    w.append('};\nconst mw_model_limit mw_model_limits[] = {')
    for lo, hi, ch, nch in t.limits:
        lo = 'INT64_MIN' if lo == -2**63 else 'INT64_C (%d)' % lo
        hi = 'INT64_MAX' if hi == 2**63 - 1 else 'INT64_C (%d)' % hi
        w.append('  { %s, %s, %d, %d },' % (lo, hi, ch, nch))
    w.append('};\nconst int32_t mw_model_choices[] = { %s };' % ', '.join(map(str, t.choices or [0])))
    w.append('const mw_model_cell mw_model_cells[] = {')
    for off, cap, pre, name in t.cells:
        w.append('  { %d, %d, %d }, /* %s */' % (off, cap, pre, name))
    w.append('};\nconst mw_model_preset mw_model_presets[] = {')
    w += ['  { %d, %d },' % p for p in t.presets]
    w.append('};\nconst uint8_t mw_model_defaults[] = {\n%s\n};' % c_bytes(bytes(t.blob)))
    for name, items in (('objects', t.objects), ('attrs', t.attrs), ('cells', t.cells),
                        ('presets', t.presets)):
        w.append('const uint16_t mw_model_n_%s = %d;' % (name, len(items)))
    digest = hashlib.md5('\n'.join(w).encode()).digest()
    w.append('const uint8_t mw_model_signature[16] = { %s };' % ', '.join(map(str, digest)))
    digest = hashlib.md5(open(classes, 'rb').read()).digest()
    w.append('const uint8_t mw_model_core_signature[16] = { %s };' % ', '.join(map(str, digest)))
    open(path, 'w').write('\n'.join(w) + '\n')


def write_h(t, path):
    w = ['/* Made by generate.py from db/catalogue: do not edit. */',
         '#ifndef MW_MODEL_CELLS_H', '#define MW_MODEL_CELLS_H', '',
         '#define MW_MODEL_ROOM %du /* octets of all cells */' % t.room]
    for number, (_, _, _, name) in enumerate(t.cells):
        symbol = re.sub(r'[^A-Z0-9]', '_', name.upper())
        w.append('#define MW_CELL_%s %du' % (symbol, number))
    for number, attr in enumerate(t.attrs):
        symbol = re.sub(r'[^A-Z0-9]', '_', attr[8].upper())
        w.append('#define MW_ATTR_%s %du' % (symbol, number))
    w += ['', '#endif', '']
    open(path, 'w').write('\n'.join(w))


def main(argv):
    classes, family, units, out_c, out_h = argv[1:]
    read_units(units)
    known = read_classes(classes)
    t = Tables()
    objects = list(ET.parse(family).iter('object'))
    objects.sort(key=lambda o: (octets(o.get('obis')), int(o.get('class'))))
    for o in objects:
        add_object(t, o, known)
    if len(t.blob) > 65535 or t.room > 30000:
        fail('the tables have grown too large')
    write_c(t, out_c, classes)
    write_h(t, out_h)


if __name__ == '__main__':
    main(sys.argv)
