/* device.h: what serial.c and pty.c need of the operating system. One file per system
 * implements it (device-posix.c). */
#ifndef MW_LINK_DEVICE_H
#define MW_LINK_DEVICE_H

#include "link/link.h"

G_BEGIN_DECLS

/* The device behind symbolic links (/dev/serial/by-id/…); MW_LINK_ERROR_NO_PORT when there is
 * none.  Free with g_free. */
char *mw_device_resolve (const char *device, GError **error);
/* Take FD, open on DEVICE, for this program alone until it is closed; MW_LINK_ERROR_BUSY when
 * another has it.  Asks the driver for short latency, too. */
gboolean mw_device_claim (int fd, const char *device, GError **error);
void mw_device_unclaim (int fd);
/* Is the other end of FD gone (the head was unplugged)? */
gboolean mw_device_gone (int fd);
/* "minicom (process 1234)" when somebody uses DEVICE and that can be seen; NULL.  Does not open
 * it, for that would raise DTR. */
char *mw_device_user (const char *device, GHashTable *users);
/* The devices that processes have open, as far as that can be seen: path to process id.  One
 * search of /proc serves many ports. */
GHashTable *mw_device_users (void);
/* May this user open DEVICE? */
gboolean mw_device_accessible (const char *device);
/* ERROR for the errno CODE that opening or using DEVICE gave. Always FALSE. */
gboolean mw_device_fail (GError **error, const char *device, int code);

G_END_DECLS

#endif
