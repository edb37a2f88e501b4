"""The window seen from outside: a display of its own, the program, its controls by accessible name.

A test script begins with `driver.main (test)`: the script runs itself again inside a fresh Xvfb and
a fresh session bus, with a home folder of its own, and calls `test (Desk)`.  Nothing sleeps for an
effect: everything polls, with time-outs that a slow machine keeps within.
"""
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
import warnings

PATIENCE = float(os.environ.get("MW_UI_PATIENCE", "60"))
WIDTH, HEIGHT = 1180, 760


def main(test, width=WIDTH, height=HEIGHT):
    """Run TEST (Desk) inside a display and a session bus of its own; exits."""
    if os.environ.get("MW_UI_INSIDE") != "1":
        sys.exit(run_inside(width, height))
    with Desk() as desk:
        try:
            test(desk)
        except BaseException:
            traceback.print_exc()
            desk.explain()
            raise SystemExit(1)
    print("passed")


def run_inside(width, height):
    for tool in ("Xvfb", "xdotool", "dbus-run-session"):
        if not shutil.which(tool):
            print(f"{tool} is not installed")
            return 77  # skipped, says meson
    home = tempfile.mkdtemp(prefix="mw-ui-")
    out, number = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(number), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp",
         "-noreset"], pass_fds=[number], stderr=subprocess.DEVNULL)
    os.close(number)
    display = os.read(out, 16).decode().strip()
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("XDG_", "AT_SPI", "DBUS_", "WAYLAND", "GTK_"))}
    env.update(DISPLAY=f":{display}", HOME=home, XDG_CACHE_HOME=f"{home}/cache", XDG_CONFIG_HOME=f"{home}/config",
               XDG_DATA_HOME=f"{home}/data", XDG_RUNTIME_DIR=home, GSK_RENDERER="cairo", LC_ALL="C.UTF-8",
               TZ="Europe/Copenhagen", NO_AT_BRIDGE="0", GTK_A11Y="atspi", G_MESSAGES_DEBUG="",
               MW_UI_INSIDE="1", GSETTINGS_BACKEND="memory")
    child = subprocess.Popen(["dbus-run-session", "--", "/usr/bin/python3", *sys.argv], env=env,
                             start_new_session=True)
    try:
        return child.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        server.terminate()
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


if os.environ.get("MW_UI_INSIDE") == "1":
    import gi
    warnings.simplefilter("ignore", DeprecationWarning)
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib


def sh(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def until(look, what, patience=PATIENCE):
    """What LOOK returns as soon as it is true; a widget that goes away meanwhile is looked for again."""
    end = time.monotonic() + patience
    trouble = None
    while True:
        try:
            found = look()
            if found:
                return found
        except (GLib.Error, AttributeError) as error:
            trouble = error
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience:.0f} s for {what} {trouble or ''}")
        time.sleep(0.05)


def walk(node, depth=0):
    yield node
    if depth > 60:
        return
    try:
        count = node.get_child_count()
    except GLib.Error:
        return
    for i in range(count):
        try:
            child = node.get_child_at_index(i)
        except GLib.Error:
            child = None
        if child:
            yield from walk(child, depth + 1)


def text_of(node):
    interface = node.get_text_iface()
    if interface:
        text = Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))
        if text:
            return text
    return node.get_name() or ""


class Window:
    """The program under test."""

    def __init__(self, desk, *arguments, db=None, env=None):
        self.desk = desk
        self.db = db or os.path.join(desk.folder, "test.db")
        self.log = open(os.path.join(desk.folder, "window.log"), "a+")
        self.process = subprocess.Popen([desk.program, "--db", self.db, *arguments], stdout=self.log,
                                        stderr=subprocess.STDOUT, env={**os.environ, **(env or {})})
        desk.windows.append(self)
        self.app = until(self.look_for_app, "the program on the accessibility bus")
        self.xid = until(self.look_for_window, "its window on the display")

    def look_for_app(self):
        assert self.process.poll() is None, "the program ended: " + self.read_log()
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app and app.get_process_id() == self.process.pid and app.get_child_count():
                return app

    def look_for_window(self):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
                               capture_output=True, text=True).stdout.split()
        return found and found[0]

    def read_log(self):
        self.log.seek(0)
        return self.log.read()

    # -- looking --

    def nodes(self, role=None, name=None, root=None):
        for node in walk(root or self.app):
            try:
                if role and node.get_role_name() != role:
                    continue
                if name is not None:
                    have = node.get_name() or ""
                    if not (name(have) if callable(name) else have == name):
                        continue
                yield node
            except GLib.Error:
                continue

    def find(self, role=None, name=None, root=None, patience=PATIENCE):
        return until(lambda: next(self.nodes(role, name, root), None), f"{role or 'a control'} “{name}”", patience)

    def texts(self, root=None):
        return [text_of(n) for n in self.nodes(root=root) if n.get_role_name() in ("label", "heading", "text")]

    def see(self, wanted, root=None, patience=PATIENCE):
        """Wait for a label that contains WANTED and return its text."""
        def look():
            for node in self.nodes(root=root):
                if node.get_role_name() in ("label", "heading", "static"):
                    text = text_of(node)
                    if (wanted(text) if callable(wanted) else wanted in text):
                        return text
        return until(look, f"the words “{wanted}”", patience)

    def gone(self, wanted, patience=PATIENCE):
        until(lambda: not any(wanted in t for t in self.texts()), f"“{wanted}” to go", patience)

    def table(self, name):
        """What the realised rows of a table show, cell by cell."""
        view = next(self.nodes(name=name), None)
        body = next(self.nodes("list", "GtkColumnListView", view), None) if view else None
        rows = [n for n in walk(body) if n.get_role_name() in ("list item", "table row")] if body else []
        return [[text_of(n) for n in walk(row) if n.get_role_name() == "label"] for row in rows]

    def is_sensitive(self, node):
        return node.get_state_set().contains(Atspi.StateType.SENSITIVE)

    def button(self, name, root=None, patience=PATIENCE):
        roles = ("push button", "button", "toggle button", "menu button")
        def is_it(have):  # a button with a mnemonic is called "_Save Save"
            return have in (name, f"_{name} {name}")
        return until(lambda: next((n for n in self.nodes(name=is_it, root=root) if n.get_role_name() in roles), None),
                     f"the button “{name}”", patience)

    # -- doing --

    def press(self, name, root=None):
        """Press a button as soon as it can be pressed."""
        def act():
            node = self.button(name, root, 5)
            if not self.is_sensitive(node):
                return False
            actions = node.get_action_iface()
            return actions and Atspi.Action.do_action(node, 0)
        until(act, f"the button “{name}” to be ready")

    def go(self, page):
        row = self.find(name=page, root=self.find("list", "Functions"))
        self.click(row)

    def set_text(self, node, text):
        until(lambda: Atspi.EditableText.set_text_contents(node, text) and text_of(node) == text, f"“{text}” to be entered")

    def entry(self, name, root=None):
        """The text inside the entry of that name."""
        def look():
            for node in self.nodes(root=root):
                if node.get_editable_text_iface() and name in (node.get_name() or ""):
                    return node
            for node in self.nodes(name=lambda n: name in n, root=root):
                for inner in walk(node):
                    if inner.get_editable_text_iface():
                        return inner
        return until(look, f"the entry “{name}”")

    def place(self, node, fx=0.5, fy=0.5, xid=None):
        box = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        geometry = dict(line.split("=") for line in sh("xdotool", "getwindowgeometry", "--shell", xid or self.xid).splitlines())
        return int(int(geometry["X"]) + box.x + box.width * fx), int(int(geometry["Y"]) + box.y + box.height * fy)

    def dialog(self, title):
        """The X window of a dialog."""
        return until(lambda: subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"],
                                            capture_output=True, text=True).stdout.split(), f"the window “{title}”")[-1]

    def click(self, node, times=1, fx=0.5, fy=0.5, xid=None):
        x, y = until(lambda: self.place(node, fx, fy, xid), "its place")
        sh("xdotool", "mousemove", str(x), str(y))
        sh("xdotool", "click", "--repeat", str(times), "--delay", "60", "1")

    def drag(self, start, end, button="1", steps=12):
        sh("xdotool", "mousemove", str(start[0]), str(start[1]))
        sh("xdotool", "mousedown", button)
        for i in range(1, steps + 1):
            sh("xdotool", "mousemove", str(start[0] + (end[0] - start[0]) * i // steps),
               str(start[1] + (end[1] - start[1]) * i // steps))
            time.sleep(0.03)  # a hand is not faster; the toolkit compresses motion
        sh("xdotool", "mouseup", button)

    def key(self, *keys):
        sh("xdotool", "key", "--delay", "30", *keys)

    def type(self, text):
        sh("xdotool", "type", "--delay", "20", text)

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.desk.windows.remove(self)

    def quit(self):
        """As a person does; everything is taken apart in order and nothing complains."""
        x, y = self.place(self.app.get_child_at_index(0), 0.5, 0.03)
        sh("xdotool", "mousemove", str(x), str(y))
        self.key("ctrl+q")
        assert self.process.wait(PATIENCE) == 0, self.read_log()
        log = self.read_log()
        assert "CRITICAL" not in log and "Gtk-WARNING" not in log, log
        self.desk.windows.remove(self)

    def query(self, sql, *values):
        """Rows of the database, read as any other program would."""
        connection = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()


class Meter:
    """A reference meter as a process."""

    def __init__(self, desk, *arguments):
        self.process = subprocess.Popen([desk.refmeter, *arguments], stdout=subprocess.PIPE, stdin=subprocess.PIPE,
                                        text=True, cwd=desk.folder)
        desk.meters.append(self)
        self.ready = json.loads(self.process.stdout.readline())

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class Desk:
    def __enter__(self):
        self.program, self.refmeter = (os.path.abspath(p) for p in sys.argv[1:3])
        self.folder = os.environ["HOME"]
        self.windows, self.meters = [], []
        Atspi.init()
        return self

    def __exit__(self, *trouble):
        for window in list(self.windows):
            window.close()
        for meter in self.meters:
            meter.kill()

    def path(self, name):
        return os.path.join(self.folder, name)

    def window(self, *arguments, **options):
        return Window(self, *arguments, **options)

    def meter(self, *arguments):
        return Meter(self, *arguments)

    def explain(self):
        """For whoever reads a failed run: what stood on the screen."""
        shots = os.environ.get("MW_UI_SHOTS")
        for window in self.windows:
            print(window.read_log()[-3000:])
            with contextlib.suppress(GLib.Error):
                print("window:", sorted(set(t for t in window.texts() if t))[:120])
        if shots and shutil.which("import"):
            name = os.path.splitext(os.path.basename(sys.argv[0]))[0]
            subprocess.run(["import", "-window", "root", os.path.join(shots, f"{name}.png")])

    def shot(self, name):
        """Only where somebody wants to look: MW_UI_SHOTS names the folder."""
        shots = os.environ.get("MW_UI_SHOTS")
        if shots and shutil.which("import"):
            subprocess.run(["import", "-window", "root", os.path.join(shots, f"{name}.png")])
