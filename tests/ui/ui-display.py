"""The meter's display on the Overview: item by item what the meter itself says it shows, the manual list,
going on by itself when asked to, and the same from the store with no meter connected."""
import re

import driver

ITEMS = re.compile(r"(\d+) of (\d+) · as (read at|stored on)")


def shown(w):
    """Code, value and unit of the picture, in words."""
    name = w.find(name=lambda n: n.startswith("Display: ")).get_name()
    return name[len("Display: "):].split(";")[0]


def all_items(w):
    """Every item of the list on show, from its first."""
    n = int(ITEMS.match(w.see(lambda t: ITEMS.match(t))).group(2))
    seen = []
    for i in range(n):
        w.see(lambda t: t.startswith(f"{i + 1} of {n} · "))
        seen.append(shown(w))
        w.press("Next on the display")
    return seen


def meter_says(meter, n):
    """What the meter's own display goes through, read from it as it scrolls."""
    seen = {}

    def look():
        meter.say("lcd")
        text = meter.process.stdout.readline().strip()
        seen.setdefault(text.split(" ")[0], text)
        return len(seen) == n
    driver.until(look, f"{n} items on the meter's display")
    return seen


def test(desk):
    # Without load the registers stand still; the clock runs fast so that the display goes round soon.
    meter = desk.meter("--model", "mt381", "--tcp", "0", "--history", "3d", "--speed", "20")
    for phase in (1, 2, 3):
        meter.say(f"load L{phase} 0")
    port = next(p["port"] for p in meter.ready["ports"] if p["kind"] == "tcp")
    w = desk.window("--connect", f"tcp:127.0.0.1:{port}")
    w.see(lambda t: t.startswith("1 of "))
    w.see(lambda t: "values read and stored" in t)
    automatic = all_items(w)
    desk.shot("display")
    own = meter_says(meter, len(automatic))
    for text in automatic:
        code = text.split(" ")[0]
        if code == "0.9.1":  # the time moves on
            assert re.fullmatch(r"0\.9\.1 \d\d:\d\d:\d\d", text) and re.fullmatch(r"0\.9\.1 \d\d:\d\d:\d\d", own[code])
        else:
            assert text == own[code], (text, own[code])
    assert any(re.fullmatch(r"1\.8\.0 0\d{5} kWh", t) and t != "1.8.0 000000 kWh" for t in automatic), automatic

    # The lists came with the readings, in one go; a second reading asks for the values alone.
    lists = w.query("SELECT obis FROM reading WHERE class_id = 7")
    assert sorted(set(lists)) == [("0-0:21.0.1.255",), ("0-0:21.0.2.255",)], lists
    assert w.query("SELECT count(*) FROM readout") == [(1,)]

    # The other list.
    w.click(w.find(name="List of the display"))
    w.key("Down", "Return")
    manual = all_items(w)
    assert len(manual) > len(automatic) and any(t.startswith("C.1.0 ") for t in manual), manual
    assert any(re.fullmatch(r"1\.6\.0 \d\d\.\d\d kW", t) for t in manual), manual

    # Nothing moves until a person asks for it; then as the meter does.
    w.click(w.button("Go on as the meter does"))
    w.see(lambda t: t.startswith("2 of "))
    w.click(w.button("Go on as the meter does"))
    w.quit()
    meter.kill()

    # Stored: the same display, and it says how old it is.
    w = desk.window("--page", "library", db=w.db)
    w.click(w.find(name=lambda n: "REF00001" in n), times=2)
    w.go("Overview")
    w.see(lambda t: "as stored on" in t)
    assert shown(w).startswith("0.9.1 ")
    w.quit()


driver.main(test)
