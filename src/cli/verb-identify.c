/* verb-identify.c: mw identify, mw meters. */
#include "cli/cli.h"
#include "link/gsm.h"
#include "json.h"

static void
add_line (const char *heading, const char *text)
{
  if (text && *text)
    printf ("%-14s %s\n", heading, text);
}

static void
print_clock (MwCli *cli)
{
  gint64 drift = mw_session_get_clock_drift (cli->session);
  g_autofree char *text = NULL;
  if (drift == G_MININT64)
    return;
  text = g_strdup_printf ("%" G_GINT64_FORMAT " s %s this machine's", ABS (drift),
                          drift < 0 ? "behind" : "ahead of");
  add_line ("Clock", drift == 0 ? "as this machine's" : text);
}

/* Of a call through a modem. */
static void
print_signal (MwCli *cli)
{
  int local, remote;
  g_object_get (cli->session, "signal-local", &local, "signal-remote", &remote, NULL);
  g_autofree char *here = local >= 0 ? g_strdup_printf ("%d of 31", local) : NULL;
  g_autofree char *there = remote >= 0 ? g_strdup_printf ("%d of 31", remote) : NULL;
  add_line ("Signal", here);
  add_line ("At the meter", there);
  gboolean low = (here && local < MW_GSM_SIGNAL_LOW) || (there && remote < MW_GSM_SIGNAL_LOW);
  if (low)
    fprintf (stderr,
             "mw: The signal is weak: communication is doubtful below %d. Move the antenna.\n",
             MW_GSM_SIGNAL_LOW);
}

static void
print_text (MwCli *cli, const MwMeterInfo *info)
{
  g_autofree char *port = NULL;
  g_object_get (cli->session, "port-text", &port, NULL);
  add_line ("Manufacturer", info->manufacturer);
  add_line ("Type", info->type);
  add_line ("Generation", info->generation);
  add_line ("Serial number", info->serial);
  add_line ("Family", info->family);
  add_line ("Logical name", info->logical_name);
  add_line ("Firmware", info->firmware);
  print_clock (cli);
  add_line ("Port", port);
  print_signal (cli);
  add_line ("Note", mw_session_get_note (cli->session));
  if (info->reference)
    puts ("This is a reference meter.");
}

static void
print_json (MwCli *cli, const MwMeterInfo *info)
{
  gint64 drift = mw_session_get_clock_drift (cli->session);
  g_autofree char *port = NULL;
  GString *json = g_string_new ("{\"meter\":");
  g_object_get (cli->session, "port-text", &port, NULL);
  mw_json_append_meter (json, info, NULL);
  g_string_append (json, ",\"port\":");
  mw_json_append_string (json, port);
  g_string_append_printf (json, ",\"protocols\":[\"%s\"],\"clock_drift_s\":",
                          mw_session_get_protocol (cli->session));
  if (drift == G_MININT64)
    g_string_append (json, "null}");
  else
    g_string_append_printf (json, "%" G_GINT64_FORMAT "}", drift);
  mw_cli_print_json (json);
  g_string_free (json, TRUE);
}

int
mw_verb_identify (MwCli *cli, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  if (!mw_cli_parse (cli, NULL, &argc, &argv) || !mw_cli_want (argc, argv, 1, 1))
    return MW_EXIT_USAGE;
  if (!mw_cli_connect (cli, argv[1], &error))
    return mw_cli_fail (error);
  if (cli->json)
    print_json (cli, mw_session_get_meter (cli->session));
  else
    print_text (cli, mw_session_get_meter (cli->session));
  mw_cli_disconnect (cli);
  return MW_EXIT_DONE;
}

/* ---- meters ---- */

static void
print_meters_json (GPtrArray *meters)
{
  GString *json = g_string_new ("{\"meters\":[");
  for (guint i = 0; i < meters->len; i++) {
    if (i)
      g_string_append_c (json, ',');
    mw_json_append_meter (json, meters->pdata[i], NULL);
  }
  g_string_append (json, "]}");
  mw_cli_print_json (json);
  g_string_free (json, TRUE);
}

static void
print_meters_table (GPtrArray *meters)
{
  MwTable *table = mw_table_new ("llllll", "SERIAL", "TYPE", "MANUFACTURER", "LAST SEEN",
                                 "LABEL", "LINK", NULL);
  for (guint i = 0; i < meters->len; i++) {
    const MwMeterInfo *info = meters->pdata[i];
    g_autofree char *seen = mw_cli_dup_time (info->last_seen, MW_DEVIATION_ANY);
    mw_table_add (table, info->serial, info->type ? info->type : "",
                  info->manufacturer ? info->manufacturer : "", seen,
                  info->label ? info->label : "", info->last_link ? info->last_link : "", NULL);
  }
  mw_table_print (table);
}

int
mw_verb_meters (MwCli *cli, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) meters = NULL;
  if (!mw_cli_parse (cli, NULL, &argc, &argv) || !mw_cli_want (argc, argv, 0, 0))
    return MW_EXIT_USAGE;
  if (!mw_cli_open_store (cli, &error))
    return mw_cli_fail (error);
  meters = mw_store_list_meters (cli->store, &error);
  if (meters == NULL)
    return mw_cli_fail (error);
  if (cli->json)
    print_meters_json (meters);
  else if (meters->len == 0)
    puts ("The database has no meter. “mw identify URI” reads one.");
  else
    print_meters_table (meters);
  return MW_EXIT_DONE;
}
