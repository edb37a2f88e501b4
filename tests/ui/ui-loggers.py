"""Loggers and load profile: read what is new, the rows in the database, zoom by marking, all, back,
cancel a long read-out, read the rest, dark style, a narrow window."""
import driver


def stored(w):
    rows = w.query("SELECT coalesce(sum(n), 0) FROM (SELECT count(*) n FROM entry4 UNION ALL SELECT count(*) FROM entry8"
                   " UNION ALL SELECT count(*) FROM entry16 UNION ALL SELECT count(*) FROM entry32)")
    return rows[0][0]


def range_shown(w):
    chart = w.find(name=lambda n: n.startswith("Load profile from "))
    return chart.get_name(), chart


def test(desk):
    meter = desk.meter("--model", "mt381", "--tcp", "0", "--history", "60d", "--scenario", "household")
    port = next(p["port"] for p in meter.ready["ports"] if p["kind"] == "tcp")
    w = desk.window("--page", "loggers", "--connect", f"tcp:127.0.0.1:{port}")
    w.see("Load profile 1")
    w.see("in the meter")
    w.press("Read new")
    driver.until(lambda: stored(w) >= 60 * 96 - 2, "60 days in the database")
    before = stored(w)
    driver.until(lambda: len(w.table("Entries of the logger")) > 5, "rows of the table")
    desk.shot("loggers")

    # Reading again brings only what is new: nothing, or the one interval that ended meanwhile.
    w.press("Read new")
    driver.until(lambda: not w.is_sensitive(w.button("Read new")) or w.query("SELECT count(*) FROM raw_answer")[0][0] > 1
                 or "Nothing new in the meter" in w.texts(), "reading to begin")
    driver.until(lambda: w.is_sensitive(w.button("Read new")), "reading to end")
    assert stored(w) <= before + 1, (before, stored(w))

    # Events stand in a timeline as well as in the table.
    w.click(w.find(name=lambda n: n.startswith("Standard events"), root=w.find("list", "Loggers of the meter")))
    driver.until(lambda: w.is_sensitive(w.button("Read new")), "the page to be ready")
    w.press("Read new")
    picture = w.find(name=lambda n: n.startswith("Timeline: ") and "Billing reset: " in n)
    assert picture.get_role_name() == "image", picture.get_role_name()
    desk.shot("timeline")

    # The chart: mark an area, everything, back.
    w.go("Load profile")
    w.see("Energy per interval")
    whole, chart = driver.until(lambda: range_shown(w), "the chart")
    desk.shot("load-profile")
    w.drag(w.place(chart, 0.4, 0.5), w.place(chart, 0.5, 0.6))
    driver.until(lambda: range_shown(w)[0] != whole, "the marked area")
    marked = range_shown(w)[0]
    desk.shot("load-profile-zoomed")
    w.press("Zoom all")
    driver.until(lambda: range_shown(w)[0] == whole, "everything")
    w.press("Back")
    driver.until(lambda: range_shown(w)[0] == marked, "the view before")
    w.press("Week")
    driver.until(lambda: range_shown(w)[0] not in (whole, marked), "a week")
    week = range_shown(w)[0]
    w.press("Later")
    driver.until(lambda: range_shown(w)[0] != week, "the week after")
    # a second energy in the same picture, ticked by keyboard
    w.press("Meters and energies")
    second = w.find("check box", lambda n: "Q+" in n)
    states = driver.Atspi.StateType

    def focused():
        if second.get_state_set().contains(states.FOCUSED):
            return True
        w.key("Tab")
    driver.until(focused, "the focus on the second energy")
    w.key("space")
    driver.until(lambda: second.get_state_set().contains(states.CHECKED), "the second energy to be ticked")
    w.key("Escape")
    x, y = w.place(chart)
    driver.sh("xdotool", "mousemove", str(x), str(y))
    w.see("Reactive energy Q+  ")
    desk.shot("load-profile-two")
    # by wheel and by keys
    later = range_shown(w)[0]
    x, y = w.place(chart)
    driver.sh("xdotool", "mousemove", str(x), str(y), "click", "4")
    driver.until(lambda: range_shown(w)[0] != later, "zoom by wheel")
    w.see("kWh")  # the value under the pointer
    driver.sh("xdotool", "mousemove", str(x), str(y), "click", "1")
    w.key("0")
    driver.until(lambda: range_shown(w)[0] == whole, "everything by key")
    w.quit()
    meter.kill()


driver.main(test)
