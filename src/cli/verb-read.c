/* verb-read.c: mw read. */
#include <string.h>

#include "cli/cli.h"
#include "json.h"

static char *
dup_captured (const MwReading *reading)
{
  char text[MW_CIVIL_TEXT];
  if (!reading->has_captured || mw_civil_format (&reading->captured, text, sizeof text) == 0)
    return g_strdup ("");
  return g_strdup (text);
}

/* A structure has lines; in a table it is one. */
static char *
one_line (const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *c = text; *c; c++) {
    if (*c != '\n') {
      g_string_append_c (out, *c);
      continue;
    }
    while (c[1] == ' ')
      c++;
    if (out->len && strchr ("[{", out->str[out->len - 1]) == NULL && c[1] != ']' && c[1] != '}')
      g_string_append_c (out, ' ');
  }
  return g_string_free (out, FALSE);
}

static void
print_table (const MwReadout *readout)
{
  MwTable *table = mw_table_new ("llrll", "OBIS", "NAME", "VALUE", "UNIT", "CAPTURED", NULL);
  for (guint i = 0; i < readout->readings->len; i++) {
    const MwReading *reading = readout->readings->pdata[i];
    gboolean number = reading->kind == MW_READING_DECIMAL;
    g_autofree char *captured = dup_captured (reading);
    g_autofree char *text = mw_reading_dup_text (reading);
    g_autofree char *line = one_line (text);
    g_autofree char *refused = g_strdup_printf ("refused: %s", line);
    mw_table_add (table, reading->obis, reading->name ? reading->name : "",
                  reading->kind == MW_READING_REFUSED ? refused : line,
                  number ? mw_unit_text (reading->value.unit) : "", captured, NULL);
  }
  mw_table_print (table);
}

static int
print_readout (MwCli *cli, const MwReadout *readout)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GOutputStream) out = NULL;
  if (!cli->json) {
    print_table (readout);
    return MW_EXIT_DONE;
  }
  out = mw_cli_stdout ();
  if (!mw_json_write_readout (readout, NULL, out, NULL, &error))
    return mw_cli_fail (error);
  return MW_EXIT_DONE;
}

int
mw_verb_read (MwCli *cli, int argc, char **argv)
{
  g_autofree char *profile = NULL;
  gboolean all = FALSE;
  const GOptionEntry entries[] = {
    { "profile", 0, 0, G_OPTION_ARG_STRING, &profile, NULL, NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, NULL, NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MwReadout) readout = NULL;
  const char *const *registers;

  if (!mw_cli_parse (cli, entries, &argc, &argv) || !mw_cli_want (argc, argv, 1, 10000))
    return MW_EXIT_USAGE;
  if ((argc > 2) + (profile != NULL) + all > 1)
    return mw_cli_complain (MW_EXIT_USAGE,
                            "Registers, --profile and --all exclude each other.");
  registers = argc > 2 ? (const char *const *) argv + 2 : NULL;
  if (!mw_cli_connect (cli, argv[1], &error))
    return mw_cli_fail (error);
  mw_session_read_async (cli->session, registers, profile, cli->cancellable, mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  readout = mw_session_read_finish (cli->session, result, &error);
  mw_cli_disconnect (cli);
  return readout ? print_readout (cli, readout) : mw_cli_fail (error);
}
