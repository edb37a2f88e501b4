/* Storing a load profile, loading it, and CSV against sqlite3 -csv over the same rows. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "csv.h"
#include "sample.h"

#define START G_GINT64_CONSTANT (1262304000)
#define WANTED_VALUES_PER_S 200000.0

static double
seconds_since (gint64 start_us)
{
  return (double) (g_get_monotonic_time () - start_us) / 1e6;
}

static void
check (gboolean ok, GError *error)
{
  if (ok)
    return;
  fprintf (stderr, "%s\n", error ? error->message : "failed");
  exit (1);
}

/* The store's own table selected as the export writes it, but with plain integers. */
static double
time_sqlite (const char *path)
{
  g_autofree char *command = g_strdup_printf (
      "sqlite3 -csv %s \"SELECT strftime ('%%Y-%%m-%%dT%%H:%%M:%%S', time, 'unixepoch'), "
      "status, "
      "v0, v1, v2, v3 FROM entry4 ORDER BY profile_id, time, sequence\" > %s.out",
      path, path);
  gint64 start = g_get_monotonic_time ();

  return system (command) == 0 ? seconds_since (start) : 0;
}

static double
time_sqlite_plain (const char *path)
{
  g_autofree char *command =
      g_strdup_printf ("sqlite3 -csv %s \"SELECT time, status, v0, v1, v2, v3 FROM entry4 "
                       "ORDER BY profile_id, time, sequence\" > %s.out",
                       path, path);
  gint64 start = g_get_monotonic_time ();

  return system (command) == 0 ? seconds_since (start) : 0;
}

int
main (int argc, char **argv)
{
  guint n_rows = argc > 1 ? (guint) atoi (argv[1]) : 350640; /* 10 years */
  g_autofree char *folder = sample_folder ();
  g_autofree char *path = g_build_filename (folder, "bench.db", NULL);
  g_autofree char *csv = g_build_filename (folder, "bench.csv", NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  MwCsvOptions options = { .zone = zone };
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF00000001");
  g_autoptr (MwSeries) series = sample_profile (meter, START, n_rows);
  g_autoptr (MwSeries) back = NULL;
  g_autoptr (GError) error = NULL;
  MwStore *store = mw_store_open (path, &error);
  double values = 4.0 * n_rows, t, load, export, sqlite, plain;
  gint64 start;
  guint n_new;

  check (store != NULL, error);
  start = g_get_monotonic_time ();
  check (mw_store_save_series (store, series, NULL, &n_new, &error), error);
  t = seconds_since (start);
  printf ("store: %.0f logger values/s in one transaction, %.2f x the %.0f that are wanted\n",
          values / t, values / t / WANTED_VALUES_PER_S, WANTED_VALUES_PER_S);

  start = g_get_monotonic_time ();
  check (mw_store_save_series (store, series, NULL, &n_new, &error) && n_new == 0, error);
  t = seconds_since (start);
  printf ("read again, nothing new: %.0f values/s\n", values / t);

  start = g_get_monotonic_time ();
  back = mw_store_load_series (store, 1, "load-profile", G_MININT64, G_MAXINT64, &error);
  check (back && back->n_rows == n_rows, error);
  load = seconds_since (start);
  start = g_get_monotonic_time ();
  check (mw_csv_save_series (back, &options, csv, NULL, &error), error);
  export = seconds_since (start);
  mw_store_unref (store);

  plain = time_sqlite_plain (path);
  sqlite = time_sqlite (path);
  printf ("load %.3f s, write CSV with local times %.3f s, both %.3f s\n", load, export,
          load + export);
  if (sqlite > 0)
    printf ("CSV: %.2f of the time of sqlite3 -csv with times as text (%.3f s), %.2f of that "
            "with bare integers (%.3f s); at most 1.00 is wanted\n",
            (load + export) / sqlite, sqlite, (load + export) / plain, plain);
  else
    printf ("CSV: no sqlite3 to compare with\n");
  sample_remove (folder);
  return 0;
}
