"""A tariff plan is written without a meter and by keys alone but for one click: seasons, a week of days, a
range painted; undone, done again, saved as a file that holds it."""
import os
import xml.dom.minidom

import driver


def test(desk):
    w = desk.window("--page=tariff-plan")
    w.see("Seasons and holidays")
    w.press("Summer as EU daylight saving")
    w.see("Summer 2027: none → 28 March to 30 October")
    w.click(w.entry("Holidays"))
    w.type("12-24..12-26, 01-01")
    w.key("Return")
    w.see("Holidays 2027")
    w.key("Tab", "Tab")  # the days
    w.key("Right", "Right", "Right", "Right", "shift+Right", "5")
    w.see("01:00 tariff 5, 01:30 tariff 1")
    w.key("Tab")
    w.type("00:00 1, 06:00 3, 09:00 2, 22:15 1")
    w.key("Return")
    w.see("22:15 tariff 1")
    w.key("Tab")
    w.type("00:00 1, 07:07 2")
    w.key("Return")  # no quarter of an hour: refused
    desk.shot("plan-tariff-days")
    path = desk.path("week.xml")
    w.key("ctrl+s")
    w.dialog("Save the plan")
    w.set_text(driver.until(lambda: w.entry("Name"), "the chooser's name"), path)
    w.press("Save")
    driver.until(lambda: os.path.exists(path), "the file")
    text = open(path, encoding="utf-8").read()
    assert xml.dom.minidom.parseString(text).documentElement.tagName == "plan", text[:200]
    assert '"22:15" value="1"' in text and "07:07" not in text, text[-1500:]
    assert '<summer from="03-28" to="10-30"/>' in text, text[:1500]
    w.press("Undo")
    w.see("Changed since the file:")
    w.key("ctrl+q")  # asks first
    w.see("Its changes are lost when the window is closed.")
    w.press("Cancel")
    w.press("Redo")
    w.gone("Changed since the file:")
    w.quit()


driver.main(test)
