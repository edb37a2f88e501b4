/* test-ports.c: which ports there are, and ports that come and go, on a machine of umockdev's.
 *
 * Run under umockdev-wrapper: libserialport and udev then see the test's devices only.
 */
#include <umockdev.h>

#include "link/link.h"
#include "link/ports.h"

/* A USB serial adapter at ttyUSBn, as udev describes one. */
static char *
adapter (guint n, const char *vendor, const char *product, const char *maker, const char *name)
{
  return g_strdup_printf (
      "P: /devices/pci0000:00/usb1/1-%u\nN: bus/usb/001/00%u\nE: DEVTYPE=usb_device\n"
      "E: SUBSYSTEM=usb\nA: idVendor=%s\\n\nA: idProduct=%s\\n\nA: busnum=1\\n\nA: "
      "devnum=%u\\n\n"
      "A: manufacturer=%s\\n\nA: product=%s\\n\nA: serial=NR%04u\\n\n\n"
      "P: /devices/pci0000:00/usb1/1-%u/1-%u:1.0\nE: DEVTYPE=usb_interface\nE: SUBSYSTEM=usb\n"
      "A: bInterfaceNumber=00\\n\n\n"
      "P: /devices/pci0000:00/usb1/1-%u/1-%u:1.0/ttyUSB%u\nE: SUBSYSTEM=usb-serial\n"
      "L: driver=../../../../../../bus/usb-serial/drivers/usbserial\n\n"
      "P: /devices/pci0000:00/usb1/1-%u/1-%u:1.0/ttyUSB%u/tty/ttyUSB%u\nN: ttyUSB%u\n"
      "E: DEVNAME=/dev/ttyUSB%u\nE: MAJOR=188\nE: MINOR=%u\nE: SUBSYSTEM=tty\n"
      "L: device=../../../ttyUSB%u\nA: dev=188:%u\\n\n",
      n, n, vendor, product, n, maker, name, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n);
}

static void
plug (UMockdevTestbed *bed, guint n, const char *vendor, const char *product, const char *maker,
      const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = adapter (n, vendor, product, maker, name);
  g_assert_true (umockdev_testbed_add_from_string (bed, text, &error));
  g_assert_no_error (error);
}

static char *
tty_path (guint n)
{
  return g_strdup_printf ("/sys/devices/pci0000:00/usb1/1-%u/1-%u:1.0/ttyUSB%u/tty/ttyUSB%u", n,
                          n, n, n);
}

static void
test_list (void)
{
  g_autoptr (UMockdevTestbed) bed = umockdev_testbed_new ();
  g_autoptr (GError) error = NULL;
  plug (bed, 1, "1234", "5678", "Some Maker", "Coffee machine");
  plug (bed, 2, "10c4", "ea60", "Silicon Labs", "CP2102 optical head");
  plug (bed, 3, "0403", "6001", "FTDI", "FT232R USB UART");
  g_autoptr (GPtrArray) ports = mw_ports_list (&error);
  g_assert_no_error (error);
  g_assert_cmpuint (ports->len, ==, 3);

  const MwPort *head = ports->pdata[0], *ftdi = ports->pdata[1], *other = ports->pdata[2];
  g_assert_cmpstr (head->device, ==, "/dev/ttyUSB2");
  g_assert_true (head->usb && head->likely_head);
  g_assert_cmpint (head->vendor_id, ==, 0x10c4);
  g_assert_cmpint (head->product_id, ==, 0xea60);
  g_assert_cmpstr (head->manufacturer, ==, "Silicon Labs");
  g_assert_cmpstr (head->product, ==, "CP2102 optical head");
  g_assert_cmpstr (head->serial, ==, "NR0002");
  g_assert_nonnull (strstr (head->head_reason, "CP210x"));
  g_assert_nonnull (strstr (head->head_reason, "optical"));
  g_assert_cmpstr (ftdi->device, ==, "/dev/ttyUSB3");
  g_assert_true (ftdi->likely_head);
  g_assert_cmpstr (other->device, ==, "/dev/ttyUSB1");
  g_assert_false (other->likely_head);
  g_assert_null (other->head_reason);
  g_assert_false (head->busy);
  g_assert_true (mw_port_equal (head, head));
  g_assert_false (mw_port_equal (head, ftdi));
}

static void
test_none (void)
{
  g_autoptr (UMockdevTestbed) bed = umockdev_testbed_new ();
  g_autoptr (GPtrArray) ports = mw_ports_list (NULL);
  g_assert_cmpuint (ports->len, ==, 0);
}

typedef struct heard {
  guint came, went;
  char *last;
  GMainLoop *loop;
} heard;

static void
on_port (const MwPort *port, gboolean appeared, gpointer data)
{
  heard *h = data;
  *(appeared ? &h->came : &h->went) += 1;
  g_free (h->last);
  h->last = g_strdup (port->device);
  g_main_loop_quit (h->loop);
}

static gboolean
too_late (gpointer data)
{
  g_error ("nothing was heard of the port within a minute");
  return G_SOURCE_REMOVE;
}

static void
wait_for_port (heard *h)
{
  guint timer = g_timeout_add_seconds (60, too_late, NULL);
  g_main_loop_run (h->loop);
  g_source_remove (timer);
}

static void
test_hot_plug (void)
{
  g_autoptr (UMockdevTestbed) bed = umockdev_testbed_new ();
  heard h = { 0, 0, NULL, g_main_loop_new (NULL, FALSE) };
  plug (bed, 1, "0403", "6001", "FTDI", "FT232R USB UART");
  g_autoptr (MwPortMonitor) monitor = mw_port_monitor_new (on_port, &h);
  plug (bed, 2, "10c4", "ea60", "Silicon Labs", "CP2102 optical head");
  g_autofree char *path = tty_path (2);
  umockdev_testbed_uevent (bed, path, "add");
  wait_for_port (&h);
  g_assert_cmpuint (h.came, ==, 1);
  g_assert_cmpuint (h.went, ==, 0);
  g_assert_cmpstr (h.last, ==, "/dev/ttyUSB2");
  umockdev_testbed_uevent (bed, path, "remove");
  umockdev_testbed_remove_device (bed, path);
  wait_for_port (&h);
  g_assert_cmpuint (h.went, ==, 1);
  g_assert_cmpstr (h.last, ==, "/dev/ttyUSB2");
  g_main_loop_unref (h.loop);
  g_free (h.last);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ports/list", test_list);
  g_test_add_func ("/ports/none", test_none);
  g_test_add_func ("/ports/hot-plug", test_hot_plug);
  return g_test_run ();
}
