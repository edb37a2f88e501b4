/* verb-log.c: mw log. */
#include "cli/cli.h"
#include "json.h"

/* ---- the table ---- */

static char *
cell_text (const MwSeries *s, guint row, guint column)
{
  gsize cell = (gsize) row * s->n_columns + column;
  char text[MW_DECIMAL_TEXT];
  mw_decimal d;
  if (s->texts && s->texts[cell])
    return g_strdup (s->texts[cell]);
  if (s->values[cell] == MW_NULL_VALUE)
    return g_strdup ("");
  if (s->columns[column].kind == MW_COLUMN_TIME)
    return mw_cli_dup_time (s->values[cell], s->deviation[row]);
  if (!mw_series_get_decimal (s, row, column, &d))
    return g_strdup ("");
  mw_decimal_format (d, text, sizeof text);
  return g_strdup (text);
}

static char *
status_text (MwCli *cli, const MwSeries *s, guint row)
{
  char *event = mw_store_dup_row_words (cli->store, s, row);
  if (event || s->status[row] == 0)
    return event ? event : g_strdup ("");
  return mw_store_dup_status_text (cli->store, s->meter->family, s->logger, s->status[row]);
}

static char **
headings (const MwSeries *s)
{
  char **cells = g_new0 (char *, s->n_columns + 3);
  cells[0] = g_strdup ("TIME");
  for (guint c = 0; c < s->n_columns; c++) {
    const char *unit = mw_unit_text (s->columns[c].unit);
    cells[c + 1] = *unit ? g_strdup_printf ("%s [%s]", s->columns[c].name, unit)
                         : g_strdup (s->columns[c].name);
  }
  cells[s->n_columns + 1] = g_strdup ("NOTE");
  return cells;
}

static void
print_table (MwCli *cli, const MwSeries *s)
{
  g_autofree char *align = g_strnfill (s->n_columns + 2, 'r');
  MwTable *table;
  align[0] = align[s->n_columns + 1] = 'l';
  table = mw_table_new_empty (align);
  mw_table_take (table, headings (s));
  for (guint r = 0; r < s->n_rows; r++) {
    char **cells = g_new0 (char *, s->n_columns + 3);
    cells[0] = mw_cli_dup_time (s->time[r], s->deviation[r]);
    for (guint c = 0; c < s->n_columns; c++)
      cells[c + 1] = cell_text (s, r, c);
    cells[s->n_columns + 1] = status_text (cli, s, r);
    mw_table_take (table, cells);
  }
  mw_table_print (table);
}

static int
print_series (MwCli *cli, const MwSeries *series)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GOutputStream) out = NULL;
  if (!cli->json) {
    print_table (cli, series);
    fprintf (stderr, "%u %s read.\n", series->n_rows, series->n_rows == 1 ? "row" : "rows");
    return MW_EXIT_DONE;
  }
  out = mw_cli_stdout ();
  if (!mw_json_write_series (series, NULL, out, NULL, &error))
    return mw_cli_fail (error);
  return MW_EXIT_DONE;
}

/* ---- the verb ---- */

static gboolean
parse_window (const char *from, const char *to, MwLogWindow *window, GError **error)
{
  if (from && !mw_cli_parse_time (from, &window->from, error))
    return FALSE;
  if (to && !mw_cli_parse_time (to, &window->to, error))
    return FALSE;
  if (window->from > window->to)
    return mw_fail (error, MW_SESSION_ERROR_USAGE, "--from is later than --to.");
  return TRUE;
}

int
mw_verb_log (MwCli *cli, int argc, char **argv)
{
  MwLogWindow window = MW_LOG_WINDOW_ALL;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  int last = 0;
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, NULL, NULL },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, NULL, NULL },
    { "last", 0, 0, G_OPTION_ARG_INT, &last, NULL, NULL },
    { "new", 0, 0, G_OPTION_ARG_NONE, &window.only_new, NULL, NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MwSeries) series = NULL;

  if (!mw_cli_parse (cli, entries, &argc, &argv) || !mw_cli_want (argc, argv, 2, 2))
    return MW_EXIT_USAGE;
  if (last < 0 || (last && (from || to || window.only_new)))
    return mw_cli_complain (
        MW_EXIT_USAGE, "--last wants a number of rows, and neither --from, --to nor --new.");
  window.last = (guint) last;
  if (!parse_window (from, to, &window, &error) || !mw_cli_connect (cli, argv[1], &error))
    return mw_cli_fail (error);
  mw_session_log_async (cli->session, argv[2], &window, cli->cancellable, mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  series = mw_session_log_finish (cli->session, result, &error);
  mw_cli_disconnect (cli);
  return series ? print_series (cli, series) : mw_cli_fail (error);
}
