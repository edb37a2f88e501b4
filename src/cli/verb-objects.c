/* verb-objects.c: mw objects. */
#include "cli/cli.h"
#include "json.h"

static void
print_json (MwCli *cli, GPtrArray *objects)
{
  GString *json = g_string_new ("{\"meter\":");
  mw_json_append_meter (json, mw_session_get_meter (cli->session), NULL);
  g_string_append (json, ",\"objects\":[");
  for (guint i = 0; i < objects->len; i++) {
    const MwObjectInfo *object = objects->pdata[i];
    g_string_append_printf (json, "%s{\"class\":%u,\"version\":%u,\"obis\":", i ? "," : "",
                            object->class_id, object->version);
    mw_json_append_string (json, object->obis);
    g_string_append (json, ",\"class_name\":");
    mw_json_append_string (json, object->class_name);
    g_string_append (json, ",\"name\":");
    mw_json_append_string (json, object->name);
    g_string_append_c (json, '}');
  }
  g_string_append (json, "]}");
  mw_cli_print_json (json);
  g_string_free (json, TRUE);
}

static void
print_table (GPtrArray *objects)
{
  MwTable *table =
      mw_table_new ("rrlll", "CLASS", "V", "OBIS", "INTERFACE CLASS", "NAME", NULL);
  for (guint i = 0; i < objects->len; i++) {
    const MwObjectInfo *object = objects->pdata[i];
    g_autofree char *class_id = g_strdup_printf ("%u", object->class_id);
    g_autofree char *version = g_strdup_printf ("%u", object->version);
    mw_table_add (table, class_id, version, object->obis, object->class_name,
                  object->name ? object->name : "", NULL);
  }
  mw_table_print (table);
}

int
mw_verb_objects (MwCli *cli, int argc, char **argv)
{
  gboolean refresh = FALSE;
  const GOptionEntry entries[] = { { "refresh", 0, 0, G_OPTION_ARG_NONE, &refresh, NULL, NULL },
                                   { NULL } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) objects = NULL;

  if (!mw_cli_parse (cli, entries, &argc, &argv) || !mw_cli_want (argc, argv, 1, 1))
    return MW_EXIT_USAGE;
  if (!mw_cli_connect (cli, argv[1], &error))
    return mw_cli_fail (error);
  mw_session_objects_async (cli->session, refresh, cli->cancellable, mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  objects = mw_session_objects_finish (cli->session, result, &error);
  mw_cli_disconnect (cli);
  if (objects == NULL)
    return mw_cli_fail (error);
  if (cli->json)
    print_json (cli, objects);
  else
    print_table (objects);
  return MW_EXIT_DONE;
}
