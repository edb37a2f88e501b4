"""A Kamstrup meter: its Overview, its type number taken apart, functions that it lacks dimmed with the reason,
the IEC1107 request, and the ways to reach it: telephone, bus address, framing."""
import driver


def tooltip(node):
    return node.get_description() or ""


def test(desk):
    w = desk.window("--page", "overview", "--connect", "ref:k162?generation=B&history=3d&seed=1")
    w.see(lambda t: "values read and stored" in t)
    w.see("Reference meter")
    w.see("686-18B-B1-00-010")
    w.see(lambda t: "Generation: Generation B" in t and "Breaker: No breaker" in t)
    w.see("Active energy A+, taken")
    desk.shot("kamstrup")

    # Generation B has no load profile: dimmed at the side, in the palette and for the key.
    functions = w.find("list", "Functions")
    row = w.find(name="Load profile", root=functions)
    driver.until(lambda: not w.is_sensitive(row), "the function to be dimmed")
    assert w.is_sensitive(w.find(name="Loggers", root=functions))
    w.key("ctrl+4")
    w.key("ctrl+k")
    w.entry("Go to a function")
    palette = w.dialog("Go to")
    rows = [n for n in w.nodes(name=lambda n: n == "Load profile") if n.get_role_name() == "list item"]
    assert rows and not any(w.is_sensitive(n) for n in rows), "dimmed in the palette"
    assert palette
    w.key("Escape")
    w.see("Overview")

    # The read-out of IEC 62056-21, line by line.
    w.go("IEC1107 request")
    w.press("Ask the meter")
    w.see(lambda t: t.startswith("1.8.0(") and t.endswith("*kWh)"))
    w.see(lambda t: t.endswith(" lines"))
    desk.shot("iec-request")
    assert ("IEC1107 request",) in w.query("SELECT profile FROM readout")

    # Another meter, another set of functions.
    w.key("ctrl+o")
    dialog = w.dialog("Connect to a meter")
    entry = w.entry("Other device or link address")
    w.set_text(entry, "ref:k162?generation=L&history=3d&seed=1")
    w.click(entry, xid=dialog)
    w.key("Return")
    row = w.find(name="Load profile", root=functions)
    driver.until(lambda: w.is_sensitive(row), "the function of generation L")

    # A number without a modem is said to lack its port; with one it is dialled.
    w.click(w.button("Telephone"))
    w.set_text(driver.until(lambda: w.entry("Telephone number of the meter"), "the entry"), "+4512345678")
    w.press("Dial")
    w.see("Enter the number of the meter and the port of the modem.")
    w.set_text(w.entry("Port of the modem"), desk.path("no-modem"))
    w.press("Dial")
    w.see("No meter found")
    driver.until(lambda: "modem-port" in open(desk.path("config/meterwright/window.ini")).read(), "the port to be kept")

    # A modem with a weak signal: the call stands, both strengths are shown and the weakness is said.
    modem = desk.path("modem")
    meter = desk.meter("--model", "k382", "--generation", "L", "--modem", modem, "--modem-signal", "9", "--history", "3d")
    w.see("What to check")  # the bar has its buttons where they stay

    def port_entry():
        w.click(w.button("Telephone"))
        return next(iter(w.nodes(name=lambda n: "Port of the modem" in n)), None) and w.entry("Port of the modem")
    w.set_text(driver.until(port_entry, "the entry"), modem)
    w.press("Dial")
    w.see(lambda t: t.startswith("Signal 9 here") and t.endswith("communication is doubtful"))
    w.see(lambda t: t.endswith(f"serial number {meter.ready['serial']}"))
    w.see("Wiring looks right")
    w.see(lambda t: "values read and stored" in t)
    desk.shot("gsm")
    w.quit()


driver.main(test)
