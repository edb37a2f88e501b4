#!/usr/bin/env python3
"""plan.xsd as a C string, so that the program needs no data folder.  Usage: embed.py IN OUT.c"""
import sys

with open(sys.argv[1], encoding="utf-8") as f, open(sys.argv[2], "w") as out:
    out.write('#include "plan-schema.h"\n\nconst char mw_plan_xsd[] =\n')
    for line in f.read().splitlines():
        text = line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
        out.write(f'  "{text}\\n"\n')
    out.write("  ;\n")
