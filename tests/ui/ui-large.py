"""Text twice as large at 960 x 600, in high contrast and dark: nothing runs out of the window, tables scroll
instead of losing their last column, and the choice is made and kept in File, Options."""
import os

import driver

PAGES = ("Overview", "Meter data", "Loggers", "Load profile", "Stored readings", "All meters")


def inside(w, width):
    """Everything that can be pressed stands within the window."""
    window = w.app.get_child_at_index(0)
    outside = []
    for node in driver.walk(window):
        if node.get_role_name() not in ("push button", "toggle button", "menu button", "button"):
            continue
        if not node.get_state_set().contains(driver.Atspi.StateType.VISIBLE):
            continue
        box = node.get_component_iface().get_extents(driver.Atspi.CoordType.WINDOW)
        if box.width > 0 and (box.x < 0 or box.x + box.width > width):
            outside.append((node.get_name(), box.x, box.width))
    return outside


def test(desk):
    os.makedirs(desk.path("config/meterwright"), exist_ok=True)
    with open(desk.path("config/meterwright/window.ini"), "w") as f:
        f.write("[window]\nwidth=960\nheight=600\nstyle=dark\n")
    w = desk.window("--connect", "ref:mt381?history=5d", env={"ADW_DEBUG_HIGH_CONTRAST": "1"})
    w.see("Wiring looks right")
    w.key("ctrl+comma")
    dialog = w.dialog("Options")
    row = w.find(name="Text size")
    w.click(row, xid=dialog)
    w.key("Down", "Down", "Down", "Down", "Return")
    driver.until(lambda: "text-size=200" in open(desk.path("config/meterwright/window.ini")).read(), "the size to be kept")
    w.key("Escape")
    for page in PAGES:
        w.key("ctrl+%d" % (PAGES.index(page) + 1))
        w.see(page)
        if page == "Load profile":
            w.press("Read new")
            w.see("intervals")
        driver.until(lambda: not inside(w, 960), f"everything of “{page}” inside the window")
        desk.shot("large-" + page.replace(" ", "-").lower())
    w.quit()
    # The next window begins so.
    w = desk.window("--page", "library", db=w.db)
    w.see("MT381")
    node = w.find(name="All meters")
    assert node.get_component_iface().get_extents(driver.Atspi.CoordType.WINDOW).height > 30
    # No meter but stored data: the meter that was seen last is shown.
    w.key("ctrl+1")
    w.see("Overview")
    w.see("Wiring looks right")
    w.see("Not connected")
    w.quit()


driver.main(test, 960, 600)
