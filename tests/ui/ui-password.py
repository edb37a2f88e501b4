"""A wrong password: the meter's refusal as a sentence with its next step, on the page and in the status
bar; the password alone is asked again; nothing of the meter is stored until the right one is given."""
import driver

GOOD = "ladder42"
SENTENCE = "The meter did not accept the password"
NEXT_STEP = "Give the password of this meter and connect again"


def stored(w):
    return [w.query(f"SELECT count(*) FROM {table}")[0][0] for table in ("meter", "readout", "reading")]


def refused(w, places):
    """The sentence stands in that many PLACES, whole: on the page and in the status bar."""
    def look():
        found = [t for t in w.texts() if SENTENCE in t]
        return len(found) >= places and all(NEXT_STEP in t for t in found)
    driver.until(look, "the refusal on the page and in the status bar")
    assert not any("No meter found" in t for t in w.texts()), "a meter that refuses was found"
    assert stored(w) == [0, 0, 0], stored(w)


def test(desk):
    meter = desk.meter("--model", "mt381", "--tcp", "0", "--password", GOOD)
    port = next(p["port"] for p in meter.ready["ports"] if p["kind"] == "tcp")
    w = desk.window()
    w.see("No meter yet")

    # Through the dialog: the address, then the password, then Return.
    w.press("Connect")
    dialog = w.dialog("Connect to a meter")
    w.click(w.entry("Host and port"), xid=dialog)
    w.type(f"127.0.0.1:{port}")
    w.click(w.entry("Password"), xid=dialog)
    w.type("wrong")
    w.key("Return")
    w.gone("Other device or link address")
    refused(w, 2)
    desk.shot("password")

    # Asked again, without the address; wrong again.
    w.press("Enter the password…")
    w.see("Password of the meter")
    w.entry("Password")
    w.type("wrong as well")
    w.key("Return")
    w.gone("Password of the meter")
    refused(w, 2)

    # The right one.
    w.press("Enter the password…")
    w.see("Password of the meter")
    w.entry("Password")
    w.type(GOOD)
    w.key("Return")
    w.see(f"serial number {meter.ready['serial']}")
    driver.until(lambda: stored(w)[0] == 1 and stored(w)[1] >= 1, "the meter and its first read-out in the database")
    assert not any(SENTENCE in t for t in w.texts())
    w.quit()
    with open(w.db, "rb") as file:
        bytes_kept = file.read()
    assert GOOD.encode() not in bytes_kept and b"wrong as well" not in bytes_kept, "a password was kept"


driver.main(test)
