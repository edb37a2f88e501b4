"""The language is chosen in File, Options and spoken from the next start: every page, a read-out, a failure."""
import os

import driver


def choose_german(w, desk):
    w.key("ctrl+comma")
    dialog = w.dialog("Options")
    w.click(w.find(name="Language of the window"), xid=dialog)
    w.key("Down", "Down", "Return")
    ini = desk.path("config/meterwright/window.ini")
    driver.until(lambda: os.path.exists(ini) and "language=de" in open(ini).read(), "the choice to be kept")
    w.key("Escape")


def test(desk):
    w = desk.window("--page", "overview")
    w.see("No meter yet")
    choose_german(w, desk)
    w.quit()

    w = desk.window("--connect", "ref:mt381?history=5d", db=w.db)
    w.see("Anschluss sieht richtig aus")
    w.see(lambda t: t.endswith("Werte abgelesen und gespeichert"))
    for key, title in enumerate(("Übersicht", "Zählerdaten", "Logger", "Lastgang", "Gespeicherte Ablesungen", "Alle Zähler")):
        w.key(f"ctrl+{key + 1}")
        w.see(title)
        desk.shot(f"german-{key + 1}")
    w.key("ctrl+4")
    w.press("Neues lesen")
    w.see(lambda t: t.endswith("Intervalle"))
    w.key("F1")
    w.see(lambda t: t.startswith("Verbrauch über der Zeit als Bild"))
    w.key("Escape")
    w.quit()


driver.main(test)
