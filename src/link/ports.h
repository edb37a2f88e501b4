/* ports.h: the serial ports of this machine, and which of them are likely optical heads.
 *
 * Values are immutable and may cross threads; the monitor belongs to the main context of the
 * thread that made it and calls back there.
 */
#ifndef MW_PORTS_H
#define MW_PORTS_H

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct MwPort {
  char *device;       /* "/dev/ttyUSB0", "COM3" */
  char *description;  /* "CP2102 optical head"; the device when there is nothing better */
  char *manufacturer; /* NULL when not known */
  char *product;
  char *serial;  /* of the adapter */
  int vendor_id; /* USB; -1 when it is none */
  int product_id;
  gboolean usb;
  gboolean likely_head; /* a USB adapter of a kind that optical heads are built with */
  char *head_reason;    /* why: "Silicon Labs CP210x, says \"optical\""; NULL */
  gboolean busy;        /* another program has it open */
  char *busy_with;      /* its name and process id when that can be seen; NULL */
  gboolean accessible;  /* this user may open it */
} MwPort;

void mw_port_free (MwPort *port);
/* All ports, likely heads first, then by name; elements MwPort.  Never NULL. Opens none. */
GPtrArray *mw_ports_list (GError **error);
/* Same port, same state? */
gboolean mw_port_equal (const MwPort *a, const MwPort *b);

typedef struct MwPortMonitor MwPortMonitor;
/* PORT appeared (APPEARED) or is gone; valid during the call. */
typedef void (*MwPortMonitorFunc) (const MwPort *port, gboolean appeared, gpointer data);
/* Tells of every change from now on: through udev where it is there, else by looking once a
 * second. */
MwPortMonitor *mw_port_monitor_new (MwPortMonitorFunc func, gpointer data);
void mw_port_monitor_free (MwPortMonitor *monitor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwPort, mw_port_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwPortMonitor, mw_port_monitor_free)

G_END_DECLS

#endif
