#!/usr/bin/env python3
"""Every text of the window is marked, every file that has texts is in POTFILES.in, and every language that
is shipped (po/LINGUAS) is complete: nothing untranslated, nothing fuzzy, formats that agree.

Usage: translations.py ROOT
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

os.chdir(sys.argv[1] if len(sys.argv) > 1 else ".")
KEYWORDS = ["--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=g_dngettext:2,3"]
# Names that are the same in every language.
NAMES = {"Meterwright", "DLMS", "HDLC", "CSV", "PDF", "KMP", "IEC 62056-21", "Kamstrup 162", "Kamstrup 382", "Kamstrup 351B"}
# Calls whose string is seen by a person.
SEEN = re.compile(
    r"\b(gtk_label_new|gtk_button_new_with_(?:mnemonic|label)|gtk_check_button_new_with_label|adw_toast_new|"
    r"gtk_widget_set_tooltip_text|gtk_label_set_label|gtk_button_set_label|mw_workspace_toast|"
    r"adw_preferences_row_set_title|adw_action_row_set_subtitle|adw_status_page_set_(?:title|description)|"
    r"adw_window_title_set_(?:title|subtitle)|gtk_window_set_title|mw_page_set_empty_text)"
    r"\s*\(([^;]*?)\);", re.S)
SEEN_ATTRIBUTES = ("label", "title", "subtitle", "tooltip-text", "placeholder-text", "description", "dropdown-tooltip")
broken = []


def is_language(text):
    """Something that reads differently in another language."""
    plain = re.sub(r"%[-+.*0-9]*[a-z]+", "", text.replace("\\n", " "))
    return text not in NAMES and not re.fullmatch(r"[A-Z0-9 -]+", text) and re.search(r"[A-Za-z]{2}", plain) is not None


def check_source(path, text):
    bare = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.S)
    for call in SEEN.finditer(bare):
        arguments = re.sub(r"\b_ ?\(\s*(\"(\\.|[^\"\\])*\"\s*)+\)", "", call.group(2))
        for literal in re.findall(r"\"((?:\\.|[^\"\\])*)\"", arguments):
            if is_language(literal):
                line = bare.count("\n", 0, call.start()) + 1
                broken.append(f"{path}:{line}: “{literal}” is shown and not marked with _()")


def check_interface(path, text):
    tag = re.compile(r"<(property|attribute) name=\"([a-z-]+)\"([^>]*)>([^<]*)</\1>|<(item)([^>]*)>([^<]*)</item>")
    for m in tag.finditer(text):
        name, attributes, content = (m.group(2), m.group(3), m.group(4)) if m.group(1) else ("label", m.group(6), m.group(7))
        if name in SEEN_ATTRIBUTES and "translatable=\"yes\"" not in attributes and "bind-source" not in attributes \
                and is_language(content):
            line = text.count("\n", 0, m.start()) + 1
            broken.append(f"{path}:{line}: “{content}” is shown and not translatable")


def has_texts(path, text):
    return "translatable=\"yes\"" in text if path.endswith(".ui") \
        else re.search(r"(?<![\w])_ ?\(\s*\"|\bN_ ?\(|g_dngettext", text) is not None


listed = set(open("po/POTFILES.in").read().split())
for path in sorted(glob.glob("ui/*.c") + glob.glob("ui/*.ui")):
    text = open(path).read()
    (check_interface if path.endswith(".ui") else check_source)(path, text)
    if has_texts(path, text) != (path in listed):
        broken.append(f"{path}: {'is missing in' if path not in listed else 'does not belong into'} po/POTFILES.in")
broken += [f"po/POTFILES.in: there is no {path}" for path in sorted(listed) if not os.path.exists(path)]

if not shutil.which("xgettext"):
    broken.append("gettext is not installed")
languages = [] if broken else open("po/LINGUAS").read().split()
chosen = re.findall(r"\{ \"(\w+)\", \"", open("ui/language.c").read())
for language in set(languages) ^ (set(chosen) - {"en"}) if languages else ():
    broken.append(f"{language}: must be both in po/LINGUAS and in the table of ui/language.c")
with tempfile.TemporaryDirectory() as folder:
    pot = os.path.join(folder, "all.pot")
    if languages:
        subprocess.run(["xgettext", "--from-code=UTF-8", *KEYWORDS, "--flag=g_dngettext:2:pass-c-format", "-f", "po/POTFILES.in",
                        "-o", pot], check=True)
    for language in languages:
        merged = os.path.join(folder, f"{language}.po")
        subprocess.run(["msgmerge", "--quiet", "--no-fuzzy-matching", "-o", merged, f"po/{language}.po", pot], check=True)
        for kind in ("--untranslated", "--only-fuzzy"):
            left = subprocess.run(["msgattrib", kind, "--no-obsolete", "--no-wrap", merged], capture_output=True, text=True).stdout
            for text in re.findall(r"^msgid (\".+\")$", left, re.M):
                broken.append(f"po/{language}.po: {kind[2:]}: {text}")
        check = subprocess.run(["msgfmt", "--check-format", "-o", os.path.join(folder, "x.mo"), f"po/{language}.po"],
                               capture_output=True, text=True)
        if check.returncode:
            broken.append(check.stderr.strip())
        obsolete = subprocess.run(["msgattrib", "--only-obsolete", merged], capture_output=True, text=True).stdout
        broken += [f"po/{language}.po: nobody says any more: {t}" for t in re.findall(r"^#~ msgid (\".+\")$", obsolete, re.M)]

print("\n".join(broken) if broken else "complete: " + ", ".join(["en", *languages]))
sys.exit(bool(broken))
