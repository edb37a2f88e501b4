/* first-frame empty|meterwright T0: milliseconds from T0 (CLOCK_MONOTONIC, nanoseconds, taken
 * by the parent before it started us) to the first frame of a window: of an empty libadwaita
 * one, or of meterwright's own; and the processor time of the main thread until then, which
 * other programs on the machine disturb less.  Then it ends. */
#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "application.h"
#include "preferences.h"
#include "renderer.h"

static gint64 started_ns;

static void
on_after_paint (GdkFrameClock *clock, GtkWindow *window)
{
  GtkApplication *app = gtk_window_get_application (window);
  g_signal_handlers_disconnect_by_func (clock, on_after_paint, window);
  struct timespec cpu;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &cpu);
  printf ("%.1f %.1f\n", (double) (g_get_monotonic_time () * 1000 - started_ns) / 1e6,
          (double) cpu.tv_sec * 1e3 + (double) cpu.tv_nsec / 1e6);
  fflush (stdout);
  g_application_quit (G_APPLICATION (app));
}

static void
on_realize (GtkWidget *window)
{
  GdkFrameClock *clock =
      gtk_native_get_surface (GTK_NATIVE (window)) ? gtk_widget_get_frame_clock (window) : NULL;
  g_assert_nonnull (clock);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), window);
}

static void
on_window_added (GtkApplication *app, GtkWindow *window)
{
  g_signal_connect_after (window, "map", G_CALLBACK (on_realize), NULL);
}

static void
on_activate_empty (GtkApplication *app)
{
  GtkWidget *window = adw_application_window_new (app);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_window_set_default_size (GTK_WINDOW (window), 1180, 760);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gboolean empty = argc > 1 && strcmp (argv[1], "empty") == 0;
  g_autoptr (GApplication) app = NULL;
  MwPreferences *preferences = NULL;
  if (argc != 3)
    return 1;
  started_ns = g_ascii_strtoll (argv[2], NULL, 10);
  mw_renderer_choose ();
  if (empty) {
    app =
        G_APPLICATION (adw_application_new ("org.meterwright.Empty", G_APPLICATION_NON_UNIQUE));
    g_signal_connect (app, "activate", G_CALLBACK (on_activate_empty), NULL);
  } else {
    preferences = mw_preferences_open ();
    app = G_APPLICATION (mw_application_new ());
  }
  g_signal_connect (app, "window-added", G_CALLBACK (on_window_added), NULL);
  int status = g_application_run (app, 1, argv);
  if (preferences)
    mw_preferences_close (preferences);
  return status;
}
