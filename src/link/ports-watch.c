/* ports-watch.c: when to look for ports that came or went.
 *
 * With udev (Linux): at every event of the subsystem tty.  Without: once a second.
 */
#include "link/ports-private.h"

#ifdef MW_HAVE_GUDEV
#include <gudev/gudev.h>
#endif

enum {
  POLL_MS = 1000,
  REMOVAL_MS = 200 /* a device is told gone while its files still go */
};

static gboolean
on_timer (gpointer data)
{
  MwPortMonitor *m = data;
  g_clear_pointer (&m->timer, g_source_unref);
#ifndef MW_HAVE_GUDEV
  m->timer = g_timeout_source_new (POLL_MS);
  g_source_set_callback (m->timer, on_timer, m, NULL);
  g_source_attach (m->timer, m->context);
#endif
  mw_port_monitor_look (m); /* last: the callback may free the monitor */
  return G_SOURCE_REMOVE;
}

static void
look_after (MwPortMonitor *m, guint ms)
{
  if (m->timer)
    return;
  m->timer = g_timeout_source_new (ms);
  g_source_set_callback (m->timer, on_timer, m, NULL);
  g_source_attach (m->timer, m->context);
}

#ifdef MW_HAVE_GUDEV
static void
on_uevent (GUdevClient *client, const char *action, GUdevDevice *device, gpointer data)
{
  /* several events come together: one look serves them */
  look_after (data, g_strcmp0 (action, "remove") == 0 ? REMOVAL_MS : 0);
}
#endif

MwPortMonitor *
mw_port_monitor_new (MwPortMonitorFunc func, gpointer data)
{
  MwPortMonitor *m = g_new0 (MwPortMonitor, 1);
  m->func = func;
  m->data = data;
  m->context = g_main_context_ref_thread_default ();
#ifdef MW_HAVE_GUDEV
  const char *const subsystems[] = { "tty", NULL };
  m->watch = g_udev_client_new (subsystems);
  g_signal_connect (m->watch, "uevent", G_CALLBACK (on_uevent), m);
  m->known = mw_ports_list (NULL);
#else
  m->known = mw_ports_list (NULL);
  look_after (m, POLL_MS);
#endif
  return m;
}

void
mw_port_monitor_free (MwPortMonitor *m)
{
  if (!m)
    return;
#ifdef MW_HAVE_GUDEV
  g_signal_handlers_disconnect_by_data (m->watch, m);
  g_object_unref (m->watch);
#endif
  if (m->timer) {
    g_source_destroy (m->timer);
    g_source_unref (m->timer);
  }
  g_ptr_array_unref (m->known);
  g_main_context_unref (m->context);
  g_free (m);
}
