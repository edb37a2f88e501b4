"""At 960 x 600 and in the dark: the functions fold away, everything can still be reached."""
import driver


def test(desk):
    w = desk.window("--connect", "ref:mt381?history=2d")
    w.see("Wiring looks right")
    driver.sh("xdotool", "windowsize", w.xid, "960", "600")
    toggle = w.button("Functions at the side")
    w.click(toggle)
    w.go("Meter data")
    w.button("Read meter")
    w.key("ctrl+k")
    w.entry("Go to a function")
    w.type("dark")
    w.key("Return")
    driver.until(lambda: "dark" in open(desk.path("config/meterwright/window.ini")).read(), "the style to be kept")
    desk.shot("narrow-dark")
    before = w.query("SELECT count(*) FROM readout")[0][0]
    w.press("Read meter")
    driver.until(lambda: w.query("SELECT count(*) FROM readout")[0][0] == before + 1, "the read-out in the database")
    w.quit()


driver.main(test, 960, 600)
