"""A conversation is recorded, saved, opened again in another window with no meter there: decoded in the trace,
played back into the pages, and called a file everywhere."""
import os

import driver


def test(desk):
    meter = desk.meter("--model", "mt381", "--tcp", "0", "--history", "2d")
    port = next(p["port"] for p in meter.ready["ports"] if p["kind"] == "tcp")
    w = desk.window("--connect", f"tcp:127.0.0.1:{port}")
    w.see("Wiring looks right")
    w.see(lambda t: "values read and stored" in t)
    w.key("ctrl+t")
    path = desk.path("visit.trace")
    w.press("Save the trace")
    w.dialog("Save the trace")
    w.set_text(driver.until(lambda: w.entry("Name"), "the chooser's name"), path)
    w.press("Save")
    driver.until(lambda: os.path.exists(path), "the recording")
    text = open(path).read()
    assert text.startswith("# meterwright trace 1\n"), text[:80]
    w.quit()
    meter.kill()

    # Elsewhere: nothing stored, no meter.
    w = desk.window("--page", "overview", db=desk.path("other.db"))
    w.see("No meter yet")
    w.key("ctrl+k")
    w.entry("Go to a function")
    w.type("recording")
    w.key("Return")
    w.dialog("Open a recording")
    w.key("ctrl+l")
    w.type(path)
    w.press("Open")
    w.see(lambda t: t.startswith("File, "))
    w.see("REF00001")
    w.see("Wiring looks right")
    w.see(lambda t: "AARQ" in t or "aarq" in t.lower())
    desk.shot("recording")
    assert not any(t.startswith("Live") for t in w.texts()), "nothing of a recording is live"
    assert w.query("SELECT count(*) FROM readout") == [(0,)]
    w.quit()

    # What is no recording is said to be none.
    with open(desk.path("no.trace"), "w") as f:
        f.write("hello\n")
    w = desk.window("--connect", "replay:" + desk.path("no.trace"), "--page", "overview", db=desk.path("other.db"))
    w.see(lambda t: "This is no recording of Meterwright." in t)
    w.quit()


driver.main(test)
