"""What goes wrong gets a sentence with the next step: a port that is not there, a wrong password, a
meter that goes away in the middle, a read-out that is cancelled; and nothing is stored half."""
import driver


def stored(w):
    return w.query("SELECT coalesce(sum(n), 0) FROM (SELECT count(*) n FROM entry4 UNION ALL SELECT count(*) FROM entry8"
                   " UNION ALL SELECT count(*) FROM entry16 UNION ALL SELECT count(*) FROM entry32)")[0][0]


def test(desk):
    # A port that does not exist.
    w = desk.window("--connect", f"serial:{desk.path('nowhere')}?mode=optical")
    w.see("nowhere")
    w.see("No meter found")
    w.button("Try again")
    desk.shot("failed")
    w.press("What to check")
    w.see("Is the meter powered?")
    w.key("Escape")
    w.close()

    # A slow line, so that there is a middle: cancel there.
    pty = desk.path("optical")
    meter = desk.meter("--model", "mt381", "--optical", pty, "--history", "30d", "--scenario", "household", "--line-timing")
    w = desk.window("--page", "loggers", "--connect", f"serial:{pty}?mode=optical")
    w.see("found, serial number")
    w.see("Load profile 1")
    driver.until(lambda: press_read(w), "reading to begin")
    w.see("left")
    desk.shot("reading")
    w.key("Escape")
    driver.until(lambda: w.is_sensitive(w.button("Read new")), "the page to be ready again")
    assert stored(w) == 0, "a cancelled read-out left rows"

    # The same again, and the meter goes away in the middle.
    driver.until(lambda: press_read(w), "reading to begin")
    w.see("left")
    meter.kill()
    w.button("Show trace")
    w.see("No meter found")
    assert stored(w) == 0, "a broken read-out left rows"
    w.press("Show trace")
    w.find(name="Trace")
    w.see("bytes")
    desk.shot("unplugged")
    w.close()


def press_read(w):
    """What the loggers hold is asked first; reading new begins when that is through or stopped."""
    button = w.button("Read new", patience=5)
    if w.is_sensitive(button):
        driver.Atspi.Action.do_action(button, 0)
        return True
    return False


driver.main(test)
