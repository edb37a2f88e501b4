/* page-switch: milliseconds from asking for a page to its first frame, for each function of the
 * window: the first time, when the page is made, and from then on (the median of REPEATS). */
#include <adwaita.h>
#include <stdio.h>

#include "application.h"
#include "functions.h"
#include "preferences.h"
#include "renderer.h"
#include "window.h"

#define REPEATS 9
#define MAX_PAGES 16

typedef struct {
  GtkWindow *window;
  gint64 asked;
  guint page, round, pages; /* round 0 makes the pages */
  double ms[MAX_PAGES][REPEATS + 1];
} Bench;

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static void
print (Bench *bench)
{
  for (guint i = 0; i < bench->pages; i++) {
    qsort (bench->ms[i] + 1, REPEATS, sizeof (double), compare);
    printf ("%-14s", mw_functions[i].id);
    if (i > 0)
      printf (" made and shown %6.1f ms,", bench->ms[i][0]);
    printf (" shown again %5.1f ms\n", bench->ms[i][1 + REPEATS / 2]);
  }
}

static gboolean
ask (gpointer data)
{
  Bench *bench = data;
  bench->asked = g_get_monotonic_time ();
  mw_window_go (MW_WINDOW (bench->window), mw_functions[bench->page].id);
  return G_SOURCE_REMOVE;
}

static void
on_after_paint (GdkFrameClock *clock, Bench *bench)
{
  if (!bench->asked) /* frames that follow, of the page before */
    return;
  bench->ms[bench->page][bench->round] =
      (double) (g_get_monotonic_time () - bench->asked) / 1e3;
  bench->asked = 0;
  if (++bench->page == bench->pages) {
    bench->page = 0;
    bench->round++;
  }
  if (bench->round <= REPEATS) {
    g_timeout_add (100, ask, bench);
    return;
  }
  print (bench);
  g_application_quit (G_APPLICATION (gtk_window_get_application (bench->window)));
}

static void
on_map (GtkWidget *window, Bench *bench)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint",
                    G_CALLBACK (on_after_paint), bench);
  g_timeout_add (1000, ask, bench); /* when the store is open */
}

static void
on_window_added (GtkApplication *app, GtkWindow *window, Bench *bench)
{
  bench->window = window;
  g_signal_connect_after (window, "map", G_CALLBACK (on_map), bench);
}

int
main (void)
{
  Bench bench = { .page = 1 }; /* the first page is the one that the window begins with */
  while (mw_functions[bench.pages].id && bench.pages < MAX_PAGES)
    bench.pages++;
  mw_renderer_choose ();
  MwPreferences *preferences = mw_preferences_open ();
  mw_preferences_set_text (preferences, "page", mw_functions[0].id);
  g_autoptr (MwApplication) app = mw_application_new ();
  g_signal_connect (app, "window-added", G_CALLBACK (on_window_added), &bench);
  int status = g_application_run (G_APPLICATION (app), 0, NULL);
  mw_preferences_close (preferences);
  return status;
}
