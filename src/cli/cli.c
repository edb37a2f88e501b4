/* cli.c: options, the store, the session, and waiting for it. */
#include "cli/cli.h"

#include <errno.h>
#include <gio/gunixoutputstream.h>
#include <string.h>
#include <unistd.h>

#include "link/uri.h"

#define BAR_WIDTH 30
#define PASSWORD_ROOM 1026

/* ---- complaints ---- */

int
mw_cli_complain (int status, const char *format, ...)
{
  va_list args;
  fputs ("mw: ", stderr);
  va_start (args, format);
  vfprintf (stderr, format, args);
  va_end (args);
  fputc ('\n', stderr);
  return status;
}

static int
status_of (const GError *error)
{
  if (error->domain == MW_SESSION_ERROR)
    return error->code;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return MW_EXIT_CANCELLED;
  return error->domain == G_OPTION_ERROR ? MW_EXIT_USAGE : MW_EXIT_STORE;
}

/* Messages of the system end without a full stop. */
int
mw_cli_fail (const GError *error)
{
  gsize len = strlen (error->message);
  gboolean ended = len && strchr (".?!)", error->message[len - 1]);
  return mw_cli_complain (status_of (error), "%s%s", error->message, ended ? "" : ".");
}

/* ---- options ---- */

gboolean
mw_cli_parse (MwCli *cli, const GOptionEntry *entries, int *argc, char ***argv)
{
  gboolean save = FALSE;
  const GOptionEntry global[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, NULL, NULL },
    { "save", 0, 0, G_OPTION_ARG_NONE, &save, NULL, NULL },
    { "no-save", 0, 0, G_OPTION_ARG_NONE, &cli->no_save, NULL, NULL },
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &cli->db, NULL, NULL },
    { "trace", 0, 0, G_OPTION_ARG_FILENAME, &cli->trace, NULL, NULL },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &cli->password_file, NULL, NULL },
    { "pin-file", 0, 0, G_OPTION_ARG_FILENAME, &cli->pin_file, NULL, NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->verbose, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  const char *verb = (*argv)[0];

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, global, NULL);
  if (entries)
    g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error)) {
    mw_cli_complain (MW_EXIT_USAGE, "%s. “mw help %s” lists the options.", error->message,
                     verb);
    return FALSE;
  }
  return TRUE;
}

gboolean
mw_cli_want (int argc, char **argv, int min, int max)
{
  const MwVerb *verb = mw_verb_find (argv[0]);
  if (argc - 1 >= min && argc - 1 <= max)
    return TRUE;
  mw_cli_complain (MW_EXIT_USAGE, "Usage: mw %s %s. “mw help %s” says more.", verb->name,
                   verb->arguments, verb->name);
  return FALSE;
}

/* ---- waiting ---- */

void
mw_cli_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  MwCli *cli = data;
  cli->result = g_object_ref (result);
  g_main_loop_quit (cli->loop);
}

GAsyncResult *
mw_cli_wait (MwCli *cli)
{
  if (cli->result == NULL)
    g_main_loop_run (cli->loop);
  mw_cli_clear_bar (cli);
  return g_steal_pointer (&cli->result);
}

/* ---- progress ---- */

void
mw_cli_clear_bar (MwCli *cli)
{
  if (!cli->bar_shown)
    return;
  fputs ("\r\033[K", stderr);
  cli->bar_shown = FALSE;
}

static void
draw_bar (MwCli *cli, int percent, int left, const char *step)
{
  char bar[BAR_WIDTH * 4 + 1] = "";
  for (int i = 0; i < BAR_WIDTH; i++)
    strcat (bar, i * 100 < percent * BAR_WIDTH ? "▓" : "░");
  fprintf (stderr, "\r\033[K%s %3d %%", bar, percent);
  if (left >= 0)
    fprintf (stderr, "  %d:%02d left", left / 60, left % 60);
  if (step)
    fprintf (stderr, "  %s", step);
  cli->bar_shown = TRUE;
}

static void
on_progress (GObject *session, GParamSpec *pspec, gpointer data)
{
  MwCli *cli = data;
  int percent, left;
  g_autofree char *step = NULL;
  g_object_get (session, "percent", &percent, "seconds-left", &left, "step", &step, NULL);
  if (percent >= 0)
    draw_bar (cli, percent, left, step);
  else if (step)
    fprintf (stderr, "\r\033[K%s", step);
  cli->bar_shown = cli->bar_shown || step;
}

static void
on_step (GObject *session, GParamSpec *pspec, gpointer data)
{
  g_autofree char *step = NULL;
  g_object_get (session, "step", &step, NULL);
  if (step)
    fprintf (stderr, "%s\n", step);
}

static void
watch_progress (MwCli *cli)
{
  if (cli->verbose) {
    g_signal_connect (cli->session, "notify::step", G_CALLBACK (on_step), cli);
  } else if (isatty (STDERR_FILENO)) {
    g_signal_connect (cli->session, "notify::percent", G_CALLBACK (on_progress), cli);
    g_signal_connect (cli->session, "notify::seconds-left", G_CALLBACK (on_progress), cli);
    g_signal_connect (cli->session, "notify::step", G_CALLBACK (on_progress), cli);
  }
}

/* ---- store and session ---- */

/* --no-save without a database: nothing is made on the disk. */
gboolean
mw_cli_open_store (MwCli *cli, GError **error)
{
  g_autofree char *path = cli->db ? g_strdup (cli->db) : mw_store_dup_default_path ();
  if (cli->no_save && !g_file_test (path, G_FILE_TEST_EXISTS))
    cli->store = mw_store_open (":memory:", error);
  else
    cli->store = mw_store_open (cli->db, error);
  return cli->store != NULL;
}

/* The first line of the file at PATH with a secret, WHAT; of a file that is none no more than a
 * password's length is read. NULL and no error when PATH is NULL. */
static char *
read_secret (const char *path, const char *what, GError **error)
{
  char line[PASSWORD_ROOM] = "";
  FILE *file = path ? fopen (path, "r") : NULL;
  if (path == NULL)
    return NULL;
  if (file) {
    gboolean good = fgets (line, sizeof line, file) != NULL && strlen (line) < sizeof line - 1;
    fclose (file);
    line[strcspn (line, "\r\n")] = 0;
    if (good && line[0])
      return g_strdup (line);
  }
  mw_fail (error, MW_SESSION_ERROR_STORE,
           "The %s cannot be read from %s (%s). Its first line is the %s.", what, path,
           file ? "there is none in it" : g_strerror (errno), what);
  return NULL;
}

/* Before the database is opened: a slip of the pen makes no file. */
static gboolean
check_uri (const char *uri, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (MwUri) parsed = mw_uri_parse (uri, &failure);
  return parsed || mw_fail (error, MW_SESSION_ERROR_USAGE, "%s", failure->message);
}

gboolean
mw_cli_connect (MwCli *cli, const char *uri, GError **error)
{
  MwConnectOptions options = { .trace_file = cli->trace, .save = !cli->no_save };
  g_autofree char *password = NULL, *pin = NULL;
  g_autoptr (GError) failure = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  if (!check_uri (uri, error))
    return FALSE;
  password = read_secret (cli->password_file, "password", &failure);
  pin = failure ? NULL : read_secret (cli->pin_file, "PIN", &failure);
  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (!mw_cli_open_store (cli, error))
    return FALSE;
  options.password = password;
  options.pin = pin;
  cli->session = mw_session_new (cli->store);
  watch_progress (cli);
  mw_session_connect_async (cli->session, uri, &options, cli->cancellable, mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  return mw_session_connect_finish (cli->session, result, error);
}

void
mw_cli_disconnect (MwCli *cli)
{
  g_autoptr (GAsyncResult) result = NULL;
  if (cli->session == NULL)
    return;
  mw_session_disconnect_async (cli->session, mw_cli_ready, cli);
  result = mw_cli_wait (cli);
  mw_session_disconnect_finish (cli->session, result, NULL);
}

/* ---- output ---- */

GOutputStream *
mw_cli_stdout (void)
{
  return g_unix_output_stream_new (STDOUT_FILENO, FALSE);
}

void
mw_cli_print_json (GString *json)
{
  puts (json->str);
}

/* ---- meters ---- */

static gboolean
is_called (const MwMeterInfo *info, const char *word)
{
  return g_strcmp0 (info->serial, word) == 0 || g_strcmp0 (info->label, word) == 0;
}

MwMeterInfo *
mw_cli_find_meter (MwCli *cli, const char *word, GError **error)
{
  g_autoptr (GPtrArray) meters = mw_store_list_meters (cli->store, error);
  if (meters == NULL)
    return NULL;
  for (guint i = 0; i < meters->len; i++)
    if (is_called (meters->pdata[i], word))
      return mw_meter_info_ref (meters->pdata[i]);
  mw_fail (error, MW_SESSION_ERROR_USAGE,
           "The database has no meter “%s”. “mw meters” lists those that it has.", word);
  return NULL;
}
