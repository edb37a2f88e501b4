/* verb-ports.c: mw ports. */
#include "cli/cli.h"
#include "json.h"
#include "link/ports.h"

static void
print_json (GPtrArray *ports)
{
  GString *json = g_string_new ("{\"ports\":[");
  for (guint i = 0; i < ports->len; i++) {
    const MwPort *port = ports->pdata[i];
    g_string_append (json, i ? ",{\"device\":" : "{\"device\":");
    mw_json_append_string (json, port->device);
    g_string_append (json, ",\"description\":");
    mw_json_append_string (json, port->description);
    g_string_append (json, ",\"serial\":");
    mw_json_append_string (json, port->serial);
    g_string_append_printf (json,
                            ",\"usb\":%s,\"optical_head\":%s,\"accessible\":%s,\"busy\":%s,",
                            port->usb ? "true" : "false", port->likely_head ? "true" : "false",
                            port->accessible ? "true" : "false", port->busy ? "true" : "false");
    g_string_append (json, "\"head_reason\":");
    mw_json_append_string (json, port->head_reason);
    g_string_append_c (json, '}');
  }
  g_string_append (json, "]}");
  mw_cli_print_json (json);
  g_string_free (json, TRUE);
}

static char *
note_on (const MwPort *port)
{
  if (port->busy)
    return g_strdup_printf ("in use%s%s", port->busy_with ? " by " : "",
                            port->busy_with ? port->busy_with : "");
  if (!port->accessible)
    return g_strdup ("this user may not open it");
  return g_strdup ("");
}

static void
print_table (GPtrArray *ports)
{
  MwTable *table = mw_table_new ("llll", "PORT", "OPTICAL HEAD", "WHAT IT IS", "NOTE", NULL);
  for (guint i = 0; i < ports->len; i++) {
    const MwPort *port = ports->pdata[i];
    g_autofree char *note = note_on (port);
    mw_table_add (table, port->device, port->likely_head ? "likely" : "", port->description,
                  note, NULL);
  }
  mw_table_print (table);
}

int
mw_verb_ports (MwCli *cli, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ports = NULL;
  if (!mw_cli_parse (cli, NULL, &argc, &argv) || !mw_cli_want (argc, argv, 0, 0))
    return MW_EXIT_USAGE;
  ports = mw_ports_list (&error);
  if (ports == NULL || error)
    return mw_cli_complain (MW_EXIT_LINK, "The serial ports cannot be listed. %s",
                            error ? error->message : "");
  if (cli->json)
    print_json (ports);
  else if (ports->len == 0)
    puts ("This machine has no serial port. Plug in the optical head and look again.");
  else
    print_table (ports);
  return MW_EXIT_DONE;
}
