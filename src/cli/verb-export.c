/* verb-export.c: mw export: stored rows as a file. */
#include <string.h>

#include "cli/cli.h"
#include "csv.h"
#include "json.h"
#include "report.h"

typedef struct {
  char *format;
  char *file;
  char *from;
  char *to;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_free (wish->format);
  g_free (wish->file);
  g_free (wish->from);
  g_free (wish->to);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

/* "csv" or "pdf", NULL with ERROR for what cannot be written. */
static const char *
format_of (const Wish *wish, GError **error)
{
  const char *dot = strrchr (wish->file, '.');
  const char *name = wish->format ? wish->format : dot ? dot + 1 : "";
  if (g_ascii_strcasecmp (name, "csv") == 0)
    return "csv";
  if (g_ascii_strcasecmp (name, "pdf") == 0)
    return "pdf";
  mw_fail (error, MW_SESSION_ERROR_USAGE,
           "Rows are exported as csv or pdf, not as “%s”. Say --format csv or --format pdf.",
           name);
  return NULL;
}

/* ---- PDF ---- */

static gboolean
is_event_log (const MwSeries *series)
{
  return series->period_s == 0 && series->n_columns > 0
         && series->columns[0].kind == MW_COLUMN_CODE;
}

static MwQuantity
quantity_of (const MwSeries *series)
{
  for (guint c = 0; c < series->n_columns; c++)
    if (mw_series_has_quantity (series, c, MW_QUANTITY_ENERGY))
      return MW_QUANTITY_ENERGY;
  return MW_QUANTITY_REGISTER;
}

static gboolean
save_pdf (MwCli *cli, const MwSeries *series, const MwLogWindow *window, const char *file,
          GError **error)
{
  MwReportOptions options = {
    .from = window->from == G_MININT64 ? 0 : window->from,
    .to = window->to == G_MAXINT64 ? 0 : window->to,
    .quantity = quantity_of (series),
    .doubtful_mask =
        mw_store_get_doubtful_mask (cli->store, series->meter->family, series->logger),
    .store = cli->store,
  };
  if (is_event_log (series))
    return mw_report_save_events (&series, 1, &options, file, error);
  return mw_report_save_profile (series, &options, file, error);
}

/* ---- the verb ---- */

static MwSeries *
load (MwCli *cli, const char *meter, const char *logger, const MwLogWindow *window,
      GError **error)
{
  g_autoptr (MwMeterInfo) info = mw_cli_find_meter (cli, meter, error);
  MwSeries *series;
  if (info == NULL)
    return NULL;
  series = mw_store_load_series (cli->store, info->id, logger, window->from, window->to, error);
  if (series == NULL || series->n_rows)
    return series;
  mw_series_unref (series);
  mw_fail (error, MW_SESSION_ERROR_USAGE,
           "The database holds no rows of %s of meter %s in that time. “mw log URI %s --new” "
           "reads them.",
           logger, info->serial, logger);
  return NULL;
}

static gboolean
save (MwCli *cli, const MwSeries *series, const Wish *wish, const MwLogWindow *window,
      const char *format, GError **error)
{
  if (strcmp (format, "csv") == 0)
    return mw_csv_save_series (series, NULL, wish->file, cli->cancellable, error);
  return save_pdf (cli, series, window, wish->file, error);
}

static gboolean
parse_window (const Wish *wish, MwLogWindow *window, GError **error)
{
  return (wish->from == NULL || mw_cli_parse_time (wish->from, &window->from, error))
         && (wish->to == NULL || mw_cli_parse_time (wish->to, &window->to, error));
}

static void
print_done (MwCli *cli, const MwSeries *series, const char *format, const char *file)
{
  if (cli->json) {
    GString *json = g_string_new ("{\"file\":");
    mw_json_append_string (json, file);
    g_string_append_printf (json, ",\"format\":\"%s\",\"rows\":%u}", format, series->n_rows);
    mw_cli_print_json (json);
    g_string_free (json, TRUE);
  } else {
    printf ("%u rows written to %s.\n", series->n_rows, file);
  }
}

int
mw_verb_export (MwCli *cli, int argc, char **argv)
{
  g_auto (Wish) wish = { 0 };
  MwLogWindow window = MW_LOG_WINDOW_ALL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &wish.format, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &wish.file, NULL, NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &wish.from, NULL, NULL },
    { "to", 0, 0, G_OPTION_ARG_STRING, &wish.to, NULL, NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (MwSeries) series = NULL;
  const char *format;

  if (!mw_cli_parse (cli, entries, &argc, &argv) || !mw_cli_want (argc, argv, 2, 2))
    return MW_EXIT_USAGE;
  if (wish.file == NULL)
    return mw_cli_complain (MW_EXIT_USAGE, "Say where to: -o FILE.");
  format = format_of (&wish, &error);
  if (format == NULL || !parse_window (&wish, &window, &error)
      || !mw_cli_open_store (cli, &error))
    return mw_cli_fail (error);
  series = load (cli, argv[1], argv[2], &window, &error);
  if (series == NULL || !save (cli, series, &wish, &window, format, &error))
    return mw_cli_fail (error);
  print_done (cli, series, format, wish.file);
  return MW_EXIT_DONE;
}
