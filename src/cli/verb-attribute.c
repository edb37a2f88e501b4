/* verb-attribute.c: mw get, set, action: one attribute or method of any object. */
#include <string.h>

#include "cli/cli.h"
#include "json.h"

typedef struct {
  guint16 class_id;
  int index;
  char *obis;
} Target;

/* "3:1-0:1.8.0.255:2": the OBIS code has a colon of its own.  WORD: the name of a register is
 * taken as well; its class is 0. */
static gboolean
parse_target (const char *text, gboolean word, Target *out)
{
  const char *first = strchr (text, ':');
  const char *last = strrchr (text, ':');
  guint64 class_id;
  gint64 index;
  g_autofree char *head = first ? g_strndup (text, (gsize) (first - text)) : NULL;
  if (word && (first == NULL || last == first)) { /* "kmp:3FF", a name */
    out->obis = g_strdup (text);
    return TRUE;
  }
  if (first == NULL || last == first)
    return FALSE;
  if (!g_ascii_string_to_unsigned (head, 10, 1, G_MAXUINT16, &class_id, NULL)
      || !g_ascii_string_to_signed (last + 1, 10, -127, 127, &index, NULL))
    return FALSE;
  out->class_id = (guint16) class_id;
  out->index = (int) index;
  out->obis = g_strndup (first + 1, (gsize) (last - first - 1));
  return TRUE;
}

/* Options, arguments, target, connection: what the three have in common.  Returns the exit
 * status, MW_EXIT_DONE to go on. */
static int
prepare (MwCli *cli, int *argc, char ***argv, int min, int max, Target *target)
{
  g_autoptr (GError) error = NULL;
  if (!mw_cli_parse (cli, NULL, argc, argv) || !mw_cli_want (*argc, *argv, min, max))
    return MW_EXIT_USAGE;
  if (!parse_target ((*argv)[2], strcmp ((*argv)[0], "get") == 0, target))
    return mw_cli_complain (MW_EXIT_USAGE,
                            "“%s” names no attribute. Write CLASS:OBIS:NUMBER, for example "
                            "3:1-0:1.8.0.255:2.",
                            (*argv)[2]);
  if (mw_cli_connect (cli, (*argv)[1], &error))
    return MW_EXIT_DONE;
  g_clear_pointer (&target->obis, g_free);
  return mw_cli_fail (error);
}

static int
print_reading (MwCli *cli, const MwReading *reading)
{
  g_autofree char *text = mw_reading_dup_text (reading);
  const char *unit =
      reading->kind == MW_READING_DECIMAL ? mw_unit_text (reading->value.unit) : "";
  if (cli->json) {
    GString *json = g_string_new (NULL);
    mw_json_append_reading (json, reading);
    mw_cli_print_json (json);
    g_string_free (json, TRUE);
  } else if (reading->kind != MW_READING_REFUSED) {
    printf ("%s%s%s\n", text, *unit ? " " : "", unit);
  }
  if (reading->kind == MW_READING_REFUSED)
    return mw_cli_complain (MW_EXIT_REFUSED, "The meter refuses: %s.", text);
  return MW_EXIT_DONE;
}

int
mw_verb_get (MwCli *cli, int argc, char **argv)
{
  Target target = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MwReading) reading = NULL;
  int status = prepare (cli, &argc, &argv, 2, 2, &target);
  g_autofree char *obis = target.obis;
  if (status != MW_EXIT_DONE)
    return status;
  mw_session_get_async (cli->session, target.class_id, obis, target.index, cli->cancellable,
                        mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  reading = mw_session_get_finish (cli->session, result, &error);
  mw_cli_disconnect (cli);
  return reading ? print_reading (cli, reading) : mw_cli_fail (error);
}

int
mw_verb_set (MwCli *cli, int argc, char **argv)
{
  Target target = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  gboolean good;
  int status = prepare (cli, &argc, &argv, 3, 3, &target);
  g_autofree char *obis = target.obis;
  if (status != MW_EXIT_DONE)
    return status;
  mw_session_set_async (cli->session, target.class_id, obis, target.index, argv[3],
                        cli->cancellable, mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  good = mw_session_set_finish (cli->session, result, &error);
  mw_cli_disconnect (cli);
  if (!good)
    return mw_cli_fail (error);
  puts (cli->json ? "{\"result\":\"written and read back\"}" : "Written and read back.");
  return MW_EXIT_DONE;
}

int
mw_verb_action (MwCli *cli, int argc, char **argv)
{
  Target target = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MwReading) reading = NULL;
  int status = prepare (cli, &argc, &argv, 2, 3, &target);
  g_autofree char *obis = target.obis;
  if (status != MW_EXIT_DONE)
    return status;
  mw_session_action_async (cli->session, target.class_id, obis, target.index,
                           argc > 3 ? argv[3] : NULL, cli->cancellable, mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  reading = mw_session_action_finish (cli->session, result, &error);
  mw_cli_disconnect (cli);
  if (reading == NULL)
    return mw_cli_fail (error);
  if (!cli->json && reading->kind == MW_READING_TEXT && *reading->text == 0) {
    puts ("Done.");
    return MW_EXIT_DONE;
  }
  return print_reading (cli, reading);
}
