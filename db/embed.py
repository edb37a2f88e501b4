#!/usr/bin/env python3
"""Make C of text files, so that the program needs no data folder.

Usage: embed.py OUT.c OUT.d SYMBOL FOLDER SUFFIX...

SYMBOL becomes an array of MwEmbedded (database.h), in the order of the file names, ended by a row
of NULLs.  OUT.d tells ninja of the files and of the folder, so that a new file is noticed.
"""
import os
import sys

out, dep, symbol, folder, suffixes = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], tuple(sys.argv[5:])
names = sorted(n for n in os.listdir(folder) if n.endswith(suffixes)) if os.path.isdir(folder) else []


def literal(line):
    text = "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in line)
    return f'  "{text}"\n'


with open(out, "w") as f:
    f.write('#include "database.h"\n\n')
    f.write(f"const MwEmbedded {symbol}[] = {{\n")
    for name in names:
        data = open(os.path.join(folder, name), "rb").read()
        f.write(f'  {{ "{name}", {len(data)},\n')
        f.writelines(literal(line) for line in data.splitlines(keepends=True))
        f.write('  "" },\n')
    f.write("  { NULL, 0, NULL },\n};\n")
with open(dep, "w") as f:
    watched = [folder if os.path.isdir(folder) else os.path.dirname(folder)]
    watched += [os.path.join(folder, n) for n in names]
    f.write(f"{out}: " + " ".join(w.replace(" ", "\\ ") for w in watched) + "\n")
