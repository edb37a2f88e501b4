/* verb-do.c: mw do: what is done to or with a meter by name. */
#include <string.h>

#include "cli/cli.h"
#include "json.h"

typedef struct {
  const char *name;
  int (*run) (MwCli *cli);
} Action;

/* ---- iec1107-request ---- */

/* The lines as the meter wrote them, and what they are. */
static void
print_lines (const MwReadout *readout)
{
  MwTable *table = mw_table_new ("lll", "LINE", "OBIS", "NAME", NULL);
  for (guint i = 0; i < readout->readings->len; i++) {
    const MwReading *reading = readout->readings->pdata[i];
    gsize len;
    const char *raw = g_bytes_get_data (reading->raw, &len);
    g_autofree char *line = g_strndup (raw, len);
    mw_table_add (table, line, reading->obis, reading->name, NULL);
  }
  mw_table_print (table);
}

static int
run_iec_request (MwCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MwReadout) readout = NULL;
  mw_session_iec_request_async (cli->session, cli->cancellable, mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  readout = mw_session_iec_request_finish (cli->session, result, &error);
  if (readout && cli->json) {
    g_autoptr (GOutputStream) out = mw_cli_stdout ();
    mw_json_write_readout (readout, NULL, out, NULL, &error);
  } else if (readout) {
    print_lines (readout);
  }
  return error ? mw_cli_fail (error) : MW_EXIT_DONE;
}

/* ---- the verb ---- */

static const Action actions[] = {
  { "iec1107-request", run_iec_request },
};

int
mw_verb_do (MwCli *cli, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  const Action *action = NULL;
  int status;
  if (!mw_cli_parse (cli, NULL, &argc, &argv) || !mw_cli_want (argc, argv, 2, 2))
    return MW_EXIT_USAGE;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (strcmp (actions[i].name, argv[2]) == 0)
      action = &actions[i];
  if (action == NULL)
    return mw_cli_complain (MW_EXIT_USAGE,
                            "There is nothing to do called “%s”. “mw help do” lists what there "
                            "is.",
                            argv[2]);
  if (!mw_cli_connect (cli, argv[1], &error))
    return mw_cli_fail (error);
  status = action->run (cli);
  mw_cli_disconnect (cli);
  return status;
}
