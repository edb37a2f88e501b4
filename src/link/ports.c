/* ports.c: see ports.h.  What is there, as libserialport and udev's files tell it; nothing is
 * opened, for opening a port raises DTR and may disturb who uses it. */
#include "link/ports-private.h"

#include <errno.h>
#include <libserialport.h>
#include <string.h>

#include "link/device.h"

/* USB serial adapters that optical heads on the market are built with. */
/* clang-format off */
static const struct { int vendor, product; const char *chip; } adapters[] = {
  { 0x10c4, 0xea60, "Silicon Labs CP210x" }, { 0x10c4, 0xea61, "Silicon Labs CP210x" },
  { 0x0403, 0x6001, "FTDI FT232R" },         { 0x0403, 0x6015, "FTDI FT-X" },
  { 0x0403, 0x6010, "FTDI FT2232" },         { 0x067b, 0x2303, "Prolific PL2303" },
  { 0x1a86, 0x7523, "WCH CH340" },           { 0x04d8, 0x000a, "Microchip CDC" },
};
/* clang-format on */
static const char *const words[] = { "optical",  "opto",  "probe",  "infrared", "irda", "meter",
                                     "kamstrup", "iskra", "landis", "flag",     NULL };

void
mw_port_free (MwPort *port)
{
  if (!port)
    return;
  g_free (port->device);
  g_free (port->description);
  g_free (port->manufacturer);
  g_free (port->product);
  g_free (port->serial);
  g_free (port->head_reason);
  g_free (port->busy_with);
  g_free (port);
}

gboolean
mw_port_equal (const MwPort *a, const MwPort *b)
{
  return g_strcmp0 (a->device, b->device) == 0
         && g_strcmp0 (a->description, b->description) == 0
         && g_strcmp0 (a->serial, b->serial) == 0 && a->vendor_id == b->vendor_id
         && a->product_id == b->product_id && a->busy == b->busy
         && g_strcmp0 (a->busy_with, b->busy_with) == 0 && a->accessible == b->accessible;
}

/* The word of WORDS that TEXT has in it, NULL. */
static const char *
telling_word (const char *text)
{
  g_autofree char *lower = text ? g_ascii_strdown (text, -1) : NULL;
  for (gsize i = 0; lower && words[i]; i++)
    if (strstr (lower, words[i]))
      return words[i];
  return NULL;
}

static void
judge (MwPort *p)
{
  const char *chip = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (adapters); i++)
    if (adapters[i].vendor == p->vendor_id && adapters[i].product == p->product_id)
      chip = adapters[i].chip;
  const char *word = telling_word (p->product);
  word = word ? word : telling_word (p->manufacturer);
  word = word ? word : telling_word (p->description);
  p->likely_head = p->usb && (chip || word);
  if (!p->likely_head)
    return;
  if (word)
    p->head_reason = g_strdup_printf ("%s, says “%s”", chip ? chip : "USB adapter", word);
  else
    p->head_reason = g_strdup_printf ("%s, as many optical heads have", chip);
}

static MwPort *
from_serialport (const struct sp_port *port, GHashTable *users)
{
  MwPort *p = g_new0 (MwPort, 1);
  p->device = g_strdup (sp_get_port_name (port));
  p->description = g_strdup (sp_get_port_description (port));
  if (!p->description || !*p->description) {
    g_free (p->description);
    p->description = g_strdup (p->device);
  }
  p->vendor_id = p->product_id = -1;
  p->usb = sp_get_port_transport (port) == SP_TRANSPORT_USB;
  if (p->usb) {
    sp_get_port_usb_vid_pid (port, &p->vendor_id, &p->product_id);
    p->manufacturer = g_strdup (sp_get_port_usb_manufacturer (port));
    p->product = g_strdup (sp_get_port_usb_product (port));
    p->serial = g_strdup (sp_get_port_usb_serial (port));
  }
  judge (p);
  p->accessible = mw_device_accessible (p->device);
  p->busy_with = mw_device_user (p->device, users);
  p->busy = p->busy_with != NULL;
  return p;
}

/* Likely heads first, USB before built-in, then by name with numbers as numbers. */
static gint
compare (gconstpointer a, gconstpointer b)
{
  const MwPort *p = *(MwPort *const *) a, *q = *(MwPort *const *) b;
  if (p->likely_head != q->likely_head)
    return q->likely_head - p->likely_head;
  if (p->usb != q->usb)
    return q->usb - p->usb;
  size_t np = strlen (p->device), nq = strlen (q->device);
  return np != nq ? (np < nq ? -1 : 1) : strcmp (p->device, q->device);
}

GPtrArray *
mw_ports_list (GError **error)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_port_free);
  struct sp_port **list = NULL;
  int result = sp_list_ports (&list);
  if (result != SP_OK) {
    if (result != SP_ERR_FAIL || sp_last_error_code () != ENOENT) /* a machine without any */
      g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_IO,
                   "The serial ports cannot be listed.");
    return all;
  }
  g_autoptr (GHashTable) users = mw_device_users ();
  for (int i = 0; list[i]; i++)
    g_ptr_array_add (all, from_serialport (list[i], users));
  sp_free_port_list (list);
  g_ptr_array_sort (all, compare);
  return all;
}

static const MwPort *
find_port (GPtrArray *ports, const char *device)
{
  for (guint i = 0; i < ports->len; i++) {
    const MwPort *p = ports->pdata[i];
    if (strcmp (p->device, device) == 0)
      return p;
  }
  return NULL;
}

void
mw_port_monitor_look (MwPortMonitor *m)
{
  GPtrArray *now = mw_ports_list (NULL);
  GPtrArray *before = m->known;
  m->known = now;
  g_ptr_array_ref (now); /* the callback may free the monitor */
  MwPortMonitorFunc func = m->func;
  gpointer data = m->data;
  for (guint i = 0; i < before->len; i++) {
    const MwPort *p = before->pdata[i], *q = find_port (now, p->device);
    if (!q || g_strcmp0 (p->serial, q->serial) != 0)
      func (p, FALSE, data);
  }
  for (guint i = 0; i < now->len; i++) {
    const MwPort *q = now->pdata[i], *p = find_port (before, q->device);
    if (!p || g_strcmp0 (p->serial, q->serial) != 0)
      func (q, TRUE, data);
  }
  g_ptr_array_unref (before);
  g_ptr_array_unref (now);
}
