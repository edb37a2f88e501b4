"""The Connect dialog while it is open: an optical head that is plugged in appears by itself and goes when
it is unplugged.  The machine is one of umockdev's, which the program's libserialport and udev see."""
import ctypes
import os
import sys

import driver

PRELOAD = "libumockdev-preload.so.0"
NONE = "No serial port on this machine"
USB = "/devices/pci0000:00/usb1"


def head(n, vendor, product, maker, name):
    """A USB serial adapter at ttyUSBn, as udev describes one."""
    return (f"P: {USB}/1-{n}\nN: bus/usb/001/00{n}\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\n"
            f"A: idVendor={vendor}\\n\nA: idProduct={product}\\n\nA: busnum=1\\n\nA: devnum={n}\\n\n"
            f"A: manufacturer={maker}\\n\nA: product={name}\\n\nA: serial=NR{n:04}\\n\n\n"
            f"P: {USB}/1-{n}/1-{n}:1.0\nE: DEVTYPE=usb_interface\nE: SUBSYSTEM=usb\nA: bInterfaceNumber=00\\n\n\n"
            f"P: {USB}/1-{n}/1-{n}:1.0/ttyUSB{n}\nE: SUBSYSTEM=usb-serial\n"
            "L: driver=../../../../../../bus/usb-serial/drivers/usbserial\n\n"
            f"P: {USB}/1-{n}/1-{n}:1.0/ttyUSB{n}/tty/ttyUSB{n}\nN: ttyUSB{n}\nE: DEVNAME=/dev/ttyUSB{n}\n"
            f"E: MAJOR=188\nE: MINOR={n}\nE: SUBSYSTEM=tty\nL: device=../../../ttyUSB{n}\nA: dev=188:{n}\\n\n")


def tty(n):
    return f"/sys{USB}/1-{n}/1-{n}:1.0/ttyUSB{n}/tty/ttyUSB{n}"


def test(desk):
    bed = UMockdev.Testbed.new()
    w = desk.window(env={"UMOCKDEV_DIR": bed.get_root_dir(),
                         "ASAN_OPTIONS": "verify_asan_link_order=0"})
    w.see("No meter yet")
    w.press("Connect")
    w.see(NONE)

    def plug(n, *words):
        bed.add_from_string(head(n, *words))
        bed.uevent(tty(n), "add")

    def unplug(n):
        bed.uevent(tty(n), "remove")
        bed.remove_device(tty(n))

    plug(1, "10c4", "ea60", "Silicon Labs", "CP2102 optical head")
    w.see("CP2102 optical head")
    w.see("/dev/ttyUSB1")
    w.gone(NONE)
    plug(2, "1234", "5678", "Some Maker", "Coffee machine")
    w.see("Coffee machine")
    w.see("/dev/ttyUSB2")
    desk.shot("ports")

    unplug(1)
    w.gone("/dev/ttyUSB1")
    w.see("/dev/ttyUSB2")
    unplug(2)
    w.gone("/dev/ttyUSB2")
    w.see(NONE)

    # Closed with a port in it: nothing listens any more, and nothing complains.
    plug(3, "0403", "6001", "FTDI", "FT232R USB UART")
    w.see("/dev/ttyUSB3")
    w.key("Escape")
    w.gone("Other device or link address")
    unplug(3)
    w.see("No meter yet")
    w.quit()


try:
    import gi
    gi.require_version("UMockdev", "1.0")
    from gi.repository import UMockdev
    ctypes.CDLL(PRELOAD)
except (ImportError, ValueError, OSError):
    print("umockdev is not installed")
    sys.exit(77)
if os.environ.get("MW_UI_INSIDE") == "1" and PRELOAD not in os.environ.get("LD_PRELOAD", ""):
    # the sender of events must see the same machine
    os.execve("/usr/bin/python3", ["/usr/bin/python3", *sys.argv], {**os.environ, "LD_PRELOAD": PRELOAD})
driver.main(test)
