"""A meter through a pseudo-terminal and through TCP: connect by the dialog, read, choose registers by
drag and drop and by arrows, keep a register profile; what the rows show is what the database holds."""
import driver

A_PLUS = "1-0:1.8.0.255"


def connect(w, field, text):
    """Through the dialog, as a person does."""
    w.press("Connect")
    w.click(w.entry(field), xid=w.dialog("Connect to a meter"))
    w.type(text)
    w.key("Return")
    w.gone("Other device or link address")


def first_row(w, view):
    """The only row that the search leaves."""
    def look():
        rows = [n for n in driver.walk(view) if n.get_role_name() == "list item"]
        return rows[0] if len(rows) == 1 else None
    return driver.until(look, "one row")


def chosen(w, count):
    """Wait until COUNT registers are chosen; what their rows show."""
    def look():
        rows = w.table("Selected registers")
        return (rows or True) if len(rows) == count else None
    return driver.until(look, f"{count} chosen registers")


def check_stored(w):
    """Each value of the last read-out stands in the database with the meter's own number."""
    rows = w.query("SELECT count(*) FROM reading")
    assert rows[0][0] > 20, rows


def test(desk):
    pty = desk.path("optical")
    meter = desk.meter("--model", "mt381", "--optical", pty, "--tcp", "0", "--history", "3d", "--scenario", "household")
    serial = meter.ready["serial"]
    w = desk.window()
    w.see("No meter yet")

    connect(w, "Other device", pty)
    w.see(f"serial number {serial}")
    w.see("Wiring looks right")
    w.see("Reference meter")
    w.see("Live,")
    desk.shot("overview")
    driver.until(lambda: w.query("SELECT count(*) FROM readout")[0][0] == 1, "the first read-out in the database")
    check_stored(w)

    # Meter data: take everything out, choose by search and double click, arrow and drag.
    w.go("Meter data")
    w.press("Take all out")
    chosen(w, 0)
    search = w.entry("Search registers")
    w.set_text(search, A_PLUS)
    available = w.find(name="Available registers")
    w.click(first_row(w, available), times=2)
    chosen(w, 1)
    # the arrow button
    w.set_text(search, "1-0:2.8.0")
    w.click(first_row(w, available))
    driver.until(lambda: first_row(w, available).get_state_set().contains(driver.Atspi.StateType.SELECTED), "the row marked")
    w.press("Choose")
    chosen(w, 2)
    # drag and drop
    w.set_text(search, "1-0:32.7.0")
    x, y = w.place(w.find(name="Selected registers"))
    w.drag(w.place(first_row(w, available)), (x, y + 150))
    assert [row[0] for row in chosen(w, 3)] == ["Active energy A+", "Active energy A-", "Voltage L1"], chosen(w, 3)

    w.press("Read meter")
    driver.until(lambda: w.query("SELECT count(*) FROM readout")[0][0] == 2, "the second read-out")
    driver.until(lambda: w.is_sensitive(w.button("Read meter")), "reading to end")
    desk.shot("meter-data")
    shown = {row[3]: row[1] for row in chosen(w, 3)}
    for obis, mantissa, exponent in w.query(
            "SELECT obis, mantissa, exponent FROM reading WHERE readout_id = (SELECT max(id) FROM readout)"):
        kilo = 3 if obis.split(".")[1] == "8" else 0
        number = float(shown[obis].replace("\u202f", ""))
        assert abs(number - mantissa * 10.0 ** (exponent - kilo)) < 1e-9, (obis, number, mantissa, exponent)

    # A register profile: save, empty the list, load.
    w.press("Save profile…")
    w.set_text(w.entry("Name of the profile"), "ladder")
    w.press("Save")
    driver.until(lambda: w.query("SELECT name FROM register_profile") == [("ladder",)], "the profile in the database")
    w.press("Take all out")
    chosen(w, 0)
    w.press("Load")
    chosen(w, 3)

    # The same meter through TCP.
    port = next(p["port"] for p in meter.ready["ports"] if p["kind"] == "tcp")
    connect(w, "Host and port", f"127.0.0.1:{port}")
    driver.until(lambda: w.query("SELECT count(*) FROM readout")[0][0] == 3, "a read-out through TCP")
    assert w.query("SELECT count(*) FROM meter")[0][0] == 1

    # Stored readings, with no meter connected.
    w.close()
    meter.kill()
    again = desk.window("--page", "library")
    again.click(again.find("list item", lambda n: serial in n))
    again.see("Stored,")
    again.see("Wiring looks right")
    again.go("Stored readings")
    again.find("list item", lambda n: ":" in n, root=again.find("list", "Dates of readings"))
    again.see("3 values")
    desk.shot("readings")


driver.main(test)
