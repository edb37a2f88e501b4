"""With no meter and nothing stored: every page says what it is for; keys, palette, menu bar, style."""
import driver

PURPOSES = {
    "Overview": "The meter on one page",
    "Meter data": "Registers of your choice",
    "Loggers": "Everything that the meter has logged",
    "Load profile": "Consumption over time",
    "Stored readings": "Earlier readings of this meter",
    "All meters": "Every meter that was ever read",
}


def test(desk):
    w = desk.window()
    for page, purpose in PURPOSES.items():
        w.go(page)
        w.see(purpose)
        w.button("Connect to a meter…")
    w.see("Not connected")

    # Ctrl+K goes to any function by a few letters of its name.
    w.go("Overview")
    w.see("The meter on one page")
    w.key("ctrl+k")
    driver.until(lambda: w.entry("Go to a function", w.app), "the palette")
    w.type("load prof")
    w.key("Return")
    w.see("Consumption over time")

    # F1 explains the page; Escape closes the explanation.
    w.key("F1")
    w.see("Mark an area to zoom in")
    w.key("Escape")
    w.gone("Mark an area to zoom in, turn the wheel")

    # The menu of the window.
    w.click(w.find(name="Menu"))
    w.find(name=lambda n: n.startswith("About Meterwright"))
    w.key("Escape")

    w.click(w.find(name="More ways to connect"))
    w.find(name="Same as last time")
    w.key("Escape")

    # F10 shows the menu bar with the headings that users of METERTOOL know.
    w.key("F10")
    for heading in ("File", "View", "Configuration", "Tools", "Help"):
        w.find(name=heading)
    w.key("F10")

    # The window remembers its page.
    w.quit()
    again = desk.window()
    again.see("Consumption over time")
    again.quit()


driver.main(test)
