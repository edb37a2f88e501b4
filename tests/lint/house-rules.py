#!/usr/bin/env python3
"""The house rules that a compiler cannot see. Exit 1 when one is broken.

  - who may include whom (ARCHITECTURE.md), also for headers reached by a chance include path
  - protocols/ and firmware-ref/{core,ports,models} know libc alone: no heap, no output, no clock,
    and no mutable data outside the caller's structs
  - GTK in ui/ alone; SQL in db/ alone
  - no path of one machine; no file over 800 lines; functions of 60 lines at most, but for one in twenty
  - a test has assertions

Usage: house-rules.py ROOT
"""
import collections
import os
import re
import subprocess
import sys

os.chdir(sys.argv[1] if len(sys.argv) > 1 else ".")
out = subprocess.run(["git", "ls-files"], capture_output=True, text=True)
files = [f for f in out.stdout.split("\n") if f and os.path.isfile(f)]
if not files:  # a tarball without history
    files = [os.path.relpath(os.path.join(d, f)) for d, _, fs in os.walk(".") for f in fs
             if not d.startswith(("./.git", "./build"))]
code = [f for f in files if f.endswith((".c", ".h"))]
MAY = {
    "protocols": ("protocols/",),
    "plans": ("plans/",),
    "db": ("db/", "protocols/base/"),
    "reports": ("reports/", "db/", "protocols/base/"),
    "src": ("src/", "reports/", "db/", "plans/", "protocols/"),
    "ui": ("ui/", "src/", "reports/", "db/", "plans/", "protocols/base/"),
    "firmware-ref": ("firmware-ref/", "protocols/"),
}
ROOMS = tuple(MAY)
HOST_ONLY = ("firmware-ref/hal/", "firmware-ref/host/")
SANS_IO = ("protocols/", "firmware-ref/core/", "firmware-ref/ports/", "firmware-ref/models/")
FORBIDDEN_CALLS = re.compile(
    r"\b(malloc|calloc|realloc|free|printf|fprintf|puts|time|gettimeofday|clock_gettime|sleep|usleep)\s*\(")
broken = []


def bare(text):
    """TEXT without comments and string contents, line numbers kept."""
    blank = lambda m: "\n" * m.group(0).count("\n")
    text = re.sub(r"/\*.*?\*/|//[^\n]*", blank, text, flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def line_of(text, m):
    return text.count("\n", 0, m.start()) + 1


by_suffix = collections.defaultdict(list)
for f in code:
    parts = f.split("/")
    for i in range(len(parts)):
        by_suffix["/".join(parts[i:])].append(f)

for f in code:
    room = f.split("/", 1)[0]
    if room not in ROOMS:
        continue
    text = open(f, errors="replace").read()
    for m in re.finditer(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', text, re.M):
        name, at = m.group(2), f"{f}:{line_of(text, m)}"
        if room in ("protocols", "firmware-ref") and not f.startswith(HOST_ONLY) \
                and re.match(r"(glib|gio|gtk|adwaita|sqlite3|libxml|libserialport|cairo|pango)", name):
            broken.append(f"{at} includes <{name}>: {room}/ knows libc alone")
        if room != "ui" and re.match(r"(gtk/|adwaita)", name):
            broken.append(f"{at} includes <{name}>: no GTK below ui/")
        if room != "db" and name == "sqlite3.h":
            broken.append(f"{at} includes <{name}>: SQLite belongs to db/")
        if m.group(1) == '"':
            here = os.path.normpath(os.path.join(os.path.dirname(f), name))
            hits = by_suffix.get(name, [])
            target = here if here in files else hits[0] if len(hits) == 1 else None
            if target and target.startswith(tuple(r + "/" for r in ROOMS)) and not target.startswith(MAY[room]) \
                    and not (f.startswith("src/link/reference.") and target.startswith("firmware-ref/")):
                broken.append(f"{at} includes {target}: {room}/ may use only {', '.join(MAY[room])}")
    if f.startswith(SANS_IO) and "crypto_openssl" not in f:
        code_only = bare(text)
        for m in FORBIDDEN_CALLS.finditer(code_only):
            broken.append(f"{f}:{line_of(code_only, m)} calls {m.group(1)}: no heap, output or clock here")
        for m in re.finditer(r"^(?:static\s+)?(?!.*\b(?:const|typedef|extern|struct\s+\w+\s*\{|enum|return)\b)"
                             r"[A-Za-z_][\w\s\*]*\b\w+(?:\[[^\]]*\])*\s*(?:=[^;=]*)?;\s*$", code_only, re.M):
            if "(" not in m.group(0) and f.endswith(".c"):
                broken.append(f"{f}:{line_of(code_only, m)} has data outside a context struct: {m.group(0).strip()}")
    if room != "db":
        for m in re.finditer(r'"\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|DELETE\s+FROM\s|CREATE\s+TABLE\s)', text):
            broken.append(f"{f}:{line_of(text, m)} has SQL outside db/")

for f in code:
    n = sum(1 for _ in open(f, errors="replace"))
    if n > 800 and not f.startswith("tests/"):
        broken.append(f"{f}: {n} lines, 800 at most")

lengths = []
tags = subprocess.run(["ctags", "--c-kinds=f", "--fields=+ne", "-o", "-"]
                      + [f for f in code if f.endswith(".c") and not f.startswith("tests/")],
                      capture_output=True, text=True).stdout
for row in tags.split("\n"):
    m = re.search(r"^(\S+)\t(\S+)\t.*\tline:(\d+).*end:(\d+)", row)
    if m:
        lengths.append((int(m.group(4)) - int(m.group(3)) + 1, m.group(2), m.group(1)))
long = sorted((x for x in lengths if x[0] > 60), reverse=True)
if len(long) > 0.05 * len(lengths):
    broken.append(f"{len(long)} of {len(lengths)} functions are over 60 lines: "
                  + ", ".join(f"{b}:{c} {a}" for a, b, c in long[:8]))

for f in files:
    if f.endswith((".png", ".ico", ".trace", ".hex", ".bin", ".po")) or os.path.getsize(f) > 2_000_000:
        continue
    text = open(f, errors="replace").read()
    for m in re.finditer(r"(?<![\w.])/(work|farm|root|home)/[\w./-]+", text):
        broken.append(f"{f}:{line_of(text, m)} names a path of one machine: {m.group(0)}")
    if f.endswith((".c", ".h", ".build", ".ui")):
        for m in re.finditer(r"\b(TODO|FIXME|XXX|HACK)\b|not (yet )?implemented|unimplemented", text, re.I):
            broken.append(f"{f}:{line_of(text, m)} says '{m.group(0)}'")

for f in code:
    if f.startswith("tests/") and not f.startswith(("tests/bench/", "tests/fuzz/")) and f.endswith(".c"):
        text = open(f, errors="replace").read()
        if re.search(r"\bmain\b", text) and not re.search(r"assert|g_test|CHECK", text):
            broken.append(f"{f}: a test without an assertion")

for b in broken:
    print(b)
print(f"{len(files)} files read, {len(lengths)} functions, {len(broken)} rules broken")
sys.exit(1 if broken else 0)
