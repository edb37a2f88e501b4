"""Load profile as chart, heat map and duration curve: the switch, what is under the pointer, the line of
the heat map, marking days, the report of what is seen, and the choice that is kept."""
import os
import re

import driver


def picture(w, kind):
    return w.find(name=lambda n: n.startswith(f"{kind} from "))


def hover(w, node, fx, fy):
    x, y = w.place(node, fx, fy)
    driver.sh("xdotool", "mousemove", str(x - 2), str(y), "mousemove", str(x), str(y))


def tick_second_line(w):
    """The menu of lines by keyboard: it opens on the first."""
    w.press("Meters and energies")
    w.find("check box", "Active energy A-")
    w.key("Tab", "space", "Escape")


def print_as(desk, w, name):
    path = desk.path(name)
    w.key("ctrl+p")
    w.dialog("Report as PDF")
    w.set_text(driver.until(lambda: w.entry("Name"), "the chooser's name"), path)
    w.press("Save")
    driver.until(lambda: os.path.exists(path) and open(path, "rb").read(5) == b"%PDF-", "the report")
    shots = os.environ.get("MW_UI_SHOTS")
    if shots:
        driver.sh("cp", path, shots)


def test(desk):
    meter = desk.meter("--model", "mt381", "--tcp", "0", "--history", "60d", "--scenario", "household")
    port = next(p["port"] for p in meter.ready["ports"] if p["kind"] == "tcp")
    w = desk.window("--page", "load-profile", "--connect", f"tcp:127.0.0.1:{port}")
    w.press("Read new")
    w.see("intervals")
    chart = picture(w, "Load profile")
    whole = chart.get_name().partition(" from ")[2]
    tick_second_line(w)

    # The heat map says date, time and exact value.
    w.press("Heat map")
    area = picture(w, "Heat map")
    assert area.get_name().endswith(whole), (area.get_name(), whole)
    hover(w, area, 0.4, 0.5)
    text = w.see(lambda t: re.search(r"\d\d:\d\d – \d\d:\d\d .*Active energy A\+ .*\d.kWh", t))
    desk.shot("heat-map")
    hover(w, area, 0.4, 0.6)
    below = w.see(lambda t: t != text and re.search(r"\d\d:\d\d – \d\d:\d\d .*Active energy A\+ ", t))
    assert below.split(",")[0] == text.split(",")[0], "the same day, later"
    assert below.split(", ")[1] > text.split(", ")[1]

    print_as(desk, w, "heat-map.pdf")

    # One line at a time, of those that are ticked.
    lines = w.find(name="Line of the heat map")
    w.click(lines)
    w.key("Down", "Return")
    hover(w, area, 0.4, 0.5)
    w.see(lambda t: re.search(r"\d\d:\d\d – \d\d:\d\d .*Active energy A- ", t))

    # Days are marked as in the chart, and Back goes back.
    w.drag(w.place(area, 0.3, 0.5), w.place(area, 0.45, 0.6))
    driver.until(lambda: not picture(w, "Heat map").get_name().endswith(whole), "the marked days")
    w.press("Back")
    driver.until(lambda: picture(w, "Heat map").get_name().endswith(whole), "everything")

    # The duration curve: share, hours and value of every line.
    w.press("Duration curve")
    area = picture(w, "Duration curve")
    w.see("median")
    hover(w, area, 0.3, 0.5)
    text = w.see(lambda t: "% of the time" in t and "≥" in t and "median" not in t)
    assert "Active energy A+" in text and "Active energy A-" in text and re.search(r"[(][\d.]+ h[)]", text), text
    desk.shot("duration")
    print_as(desk, w, "duration.pdf")

    # What is seen is what is saved: both lines, none of the other columns.
    path = desk.path("seen.csv")
    w.key("ctrl+s")
    w.dialog("Save as CSV")
    w.set_text(driver.until(lambda: w.entry("Name"), "the chooser's name"), path)
    w.press("Save")
    head = driver.until(lambda: os.path.exists(path) and open(path).readline(), "the file")
    assert "Active energy A+" in head and "Active energy A-" in head and "Reactive" not in head, head

    # What was chosen is there the next time.
    driver.until(lambda: "profile-picture=2" in open(desk.path("config/meterwright/window.ini")).read(), "the choice to be kept")
    w.quit()
    w = desk.window("--page", "load-profile", db=w.db)
    picture(w, "Duration curve")
    w.see("median")
    assert any("Active energy A+" in t and "Active energy A-" in t for t in w.texts()), "both lines are chosen again"
    w.press("Chart")
    picture(w, "Load profile")
    w.quit()
    meter.kill()


driver.main(test)
