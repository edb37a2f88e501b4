/* main.c: mw, Meterwright on the command line: global options, the verb, the end. */
#include <errno.h>
#include <glib-unix.h>
#include <locale.h>
#include <string.h>

#include "cli/cli.h"
#include "link/reference.h"

#define ARGUMENTS_WIDTH 40

static gboolean
on_interrupt (gpointer data)
{
  MwCli *cli = data;
  if (g_cancellable_is_cancelled (cli->cancellable))
    exit (MW_EXIT_CANCELLED); /* asked twice: at once */
  g_cancellable_cancel (cli->cancellable);
  return G_SOURCE_CONTINUE;
}

/* printf counts bytes, a terminal characters. */
static void
print_verb (FILE *out, const char *name, const char *arguments, const char *summary)
{
  int pad = ARGUMENTS_WIDTH - (int) g_utf8_strlen (arguments, -1);
  fprintf (out, "  %-9s %s%*s %s\n", name, arguments, MAX (pad, 0), "", summary);
}

static void
print_options (FILE *out)
{
  fputs ("Options of every verb:\n"
         "  --json                one JSON document on standard output\n"
         "  --save, --no-save     store what was read (the default), or not\n"
         "  --db FILE             the database; otherwise that of this user\n"
         "  --trace FILE          record every byte of the conversation\n"
         "  --password-file FILE  the meter's password, in the first line\n"
         "  --pin-file FILE       the PIN of the SIM card in the modem, in the first line\n"
         "  -v, --verbose         say what is being done\n",
         out);
}

static void
print_verbs (FILE *out)
{
  fputs ("mw reads, configures and stores electricity meters.\n\n"
         "Usage: mw VERB [ARGUMENTS] [OPTIONS]\n\nVerbs:\n",
         out);
  for (const MwVerb *verb = mw_verbs; verb->name; verb++)
    print_verb (out, verb->name, verb->arguments, verb->summary);
  print_verb (out, "help", "[VERB]", "what a verb does, with all options");
  fputs ("\n", out);
  print_options (out);
  fputs ("\nA meter is named by its link:\n"
         "  serial:/dev/ttyUSB0?mode=optical   tcp:HOST:PORT   ref:mt381\n"
         "\nExit status: 0 done, 1 usage, 2 link, 3 protocol, 4 access, 5 refused,\n"
         "6 database or file, 130 cancelled.\n",
         out);
}

/* NAME NULL: all verbs. */
static int
print_help (const char *name)
{
  const MwVerb *verb = name ? mw_verb_find (name) : NULL;
  if (name && verb == NULL)
    return mw_cli_complain (MW_EXIT_USAGE, "There is no verb “%s”. “mw help” lists them.",
                            name);
  if (verb == NULL) {
    print_verbs (stdout);
    return MW_EXIT_DONE;
  }
  printf ("mw %s %s\n\n%s.\n", verb->name, verb->arguments, verb->summary);
  if (verb->details)
    printf ("\n%s\n", verb->details);
  fputs ("\n", stdout);
  print_options (stdout);
  return MW_EXIT_DONE;
}

/* The first word from FROM on that is no option and no option's value: the verb. 0: none. */
static int
find_word (int from, int argc, char **argv)
{
  static const char *const with_value[] = { "--db", "--trace", "--password-file", "--pin-file",
                                            NULL };
  for (int i = from; i < argc; i++) {
    if (argv[i][0] != '-')
      return i;
    if (g_strv_contains (with_value, argv[i]))
      i++;
  }
  return 0;
}

static gboolean
has_option (int argc, char **argv, const char *option)
{
  for (int i = 1; i < argc && strcmp (argv[i], "--") != 0; i++)
    if (strcmp (argv[i], option) == 0)
      return TRUE;
  return FALSE;
}

static int
run (MwCli *cli, int argc, char **argv)
{
  int at = find_word (1, argc, argv);
  gboolean asked = has_option (argc, argv, "--help") || has_option (argc, argv, "-h");
  g_autofree char **words = NULL;
  const MwVerb *verb;
  if (at && strcmp (argv[at], "help") == 0) {
    int about = find_word (at + 1, argc, argv);
    return print_help (about && strcmp (argv[about], "help") != 0 ? argv[about] : NULL);
  }
  if (asked)
    return print_help (at ? argv[at] : NULL);
  if (at == 0) {
    if (has_option (argc, argv, "--version")) {
      puts ("mw " MW_VERSION);
      return MW_EXIT_DONE;
    }
    print_verbs (stderr);
    return MW_EXIT_USAGE;
  }
  /* words: the verb, then everything else but the program's name */
  words = g_new0 (char *, (gsize) argc + 1);
  words[0] = argv[at];
  for (int i = 1, n = 1; i < argc; i++)
    if (i != at)
      words[n++] = argv[i];
  verb = mw_verb_find (words[0]);
  if (verb == NULL)
    return mw_cli_complain (MW_EXIT_USAGE, "There is no verb “%s”. “mw help” lists them.",
                            words[0]);
  return verb->run (cli, argc - 1, words);
}

static void
cli_clear (MwCli *cli)
{
  mw_cli_clear_bar (cli);
  g_clear_object (&cli->session);
  g_clear_pointer (&cli->store, mw_store_unref);
  g_clear_object (&cli->cancellable);
  g_clear_pointer (&cli->loop, g_main_loop_unref);
  g_free (cli->db);
  g_free (cli->trace);
  g_free (cli->password_file);
  g_free (cli->pin_file);
}

int
main (int argc, char **argv)
{
  MwCli cli = { 0 };
  guint interrupt;
  int status;

  setlocale (LC_ALL, "");
  mw_reference_link_register ();
  cli.cancellable = g_cancellable_new ();
  cli.loop = g_main_loop_new (NULL, FALSE);
  interrupt = g_unix_signal_add (SIGINT, on_interrupt, &cli);
  status = run (&cli, argc, argv);
  g_source_remove (interrupt);
  cli_clear (&cli);
  if ((fflush (stdout) != 0 || ferror (stdout)) && status == MW_EXIT_DONE)
    status = mw_cli_complain (MW_EXIT_STORE,
                              "The output could not be written (%s). Free some "
                              "space or write it elsewhere.",
                              g_strerror (errno));
  return status;
}
