"""What is shown becomes a file: the load profile as CSV and as a PDF report, by keys and the chooser."""
import os

import driver


def save_as(w, keys, path, title):
    w.key(keys)
    w.dialog(title)
    entry = driver.until(lambda: w.entry("Name"), "the chooser's name")
    w.set_text(entry, path)
    w.press("Save")
    driver.until(lambda: os.path.exists(path) and os.path.getsize(path) > 0, path)


def test(desk):
    w = desk.window("--page", "loggers", "--connect", "ref:mt381?history=3d&seed=1")
    w.see("in the meter")
    w.press("Read new")
    driver.until(lambda: len(w.table("Entries of the logger")) > 5, "rows of the table")
    csv, pdf = desk.path("profile.csv"), desk.path("profile.pdf")
    save_as(w, "ctrl+s", csv, "Save as CSV")
    lines = open(csv, encoding="utf-8").read().splitlines()
    rows = w.query("SELECT count(*) FROM entry4")[0][0] + w.query("SELECT count(*) FROM entry8")[0][0]
    assert len(lines) == rows + 1, (len(lines), rows)
    assert "Active energy A+" in lines[0], lines[0]
    driver.until(lambda: w.is_sensitive(w.button("Read new")), "the page to be ready again")
    save_as(w, "ctrl+p", pdf, "Report as PDF")
    driver.until(lambda: open(pdf, "rb").read(5) == b"%PDF-", "a PDF report")
    desk.shot("export")
    w.quit()


driver.main(test)
