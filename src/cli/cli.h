/* cli.h: what the verbs of mw share.
 *
 * One process, one main loop, one session.  A verb is a file with a run function; the table of
 * verbs is in verbs.c.  Results go to standard output, everything else to standard error.  A
 * verb returns its exit status (INTERFACES).
 */
#ifndef MW_CLI_H
#define MW_CLI_H

#include <gio/gio.h>
#include <stdio.h>

#include "session/session.h"

G_BEGIN_DECLS

enum {
  MW_EXIT_DONE = 0,
  MW_EXIT_USAGE = 1,
  MW_EXIT_LINK = 2,
  MW_EXIT_PROTOCOL = 3,
  MW_EXIT_ACCESS = 4,
  MW_EXIT_REFUSED = 5,
  MW_EXIT_STORE = 6,
  MW_EXIT_CANCELLED = 130,
};

typedef struct MwCli {
  /* the global options */
  gboolean json;
  gboolean no_save;
  char *db;
  char *trace;
  gboolean verbose;
  char *password_file;
  char *pin_file;

  MwStore *store;
  MwSession *session;
  GCancellable *cancellable;
  GMainLoop *loop;
  GAsyncResult *result; /* of the call that was waited for */
  gboolean bar_shown;
} MwCli;

typedef struct MwVerb {
  const char *name;
  const char *arguments;                          /* "URI LOGGER" */
  const char *summary;                            /* one line */
  const char *details;                            /* NULL or paragraphs for "mw help VERB" */
  int (*run) (MwCli *cli, int argc, char **argv); /* argv[0] is the verb */
} MwVerb;

/* The table ends with a NULL name. */
extern const MwVerb mw_verbs[];
const MwVerb *mw_verb_find (const char *name);

/* ---- cli.c ---- */

/* "mw: SENTENCE" on standard error; returns STATUS. */
int mw_cli_complain (int status, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same for ERROR, with the status that it stands for. */
int mw_cli_fail (const GError *error);
/* Options of a verb beside the global ones; what is left stands in argv.  FALSE: complained. */
gboolean mw_cli_parse (MwCli *cli, const GOptionEntry *entries, int *argc, char ***argv);
/* Complains and FALSE unless there are between MIN and MAX arguments after the verb. */
gboolean mw_cli_want (int argc, char **argv, int min, int max);
gboolean mw_cli_open_store (MwCli *cli, GError **error);
/* Opens the store and connects to the meter of URI. */
gboolean mw_cli_connect (MwCli *cli, const char *uri, GError **error);
/* Leaves the meter in good order. */
void mw_cli_disconnect (MwCli *cli);
/* A GAsyncReadyCallback and the wait for it: pass CLI as user data, then take cli->result. */
void mw_cli_ready (GObject *source, GAsyncResult *result, gpointer cli);
GAsyncResult *mw_cli_wait (MwCli *cli);
/* Standard output as a stream; owned by the caller. */
GOutputStream *mw_cli_stdout (void);
/* A document that was built in JSON, with a line end. */
void mw_cli_print_json (GString *json);
/* The bar of progress is wiped away, so that something else can be printed. */
void mw_cli_clear_bar (MwCli *cli);
/* The meter that WORD names: serial number, label, or row; NULL with ERROR. */
MwMeterInfo *mw_cli_find_meter (MwCli *cli, const char *word, GError **error);

/* ---- table.c: columns that stand under each other ---- */

typedef struct MwTable MwTable;
/* ALIGN has a character per column: 'l' or 'r'. */
MwTable *mw_table_new (const char *align, ...) G_GNUC_NULL_TERMINATED; /* headings */
/* Without a row of headings. */
MwTable *mw_table_new_empty (const char *align);
void mw_table_add (MwTable *table, ...) G_GNUC_NULL_TERMINATED; /* cells, copied */
void mw_table_take (MwTable *table, char **cells);              /* NULL-terminated */
/* To standard output; frees. */
void mw_table_print (MwTable *table);

/* ---- times.c ---- */

/* "2026-01-31", "2026-01-31T12:00", "…+01:00", "now", "today", "yesterday", "-30d", "-12h";
 * what has no offset is this machine's local time. */
gboolean mw_cli_parse_time (const char *text, gint64 *utc, GError **error);
/* ISO 8601 with the offset DEVIATION_MIN, or this machine's when it is MW_DEVIATION_ANY. */
char *mw_cli_dup_time (gint64 utc, gint16 deviation_min);

/* ---- the verbs ---- */

int mw_verb_ports (MwCli *cli, int argc, char **argv);
int mw_verb_identify (MwCli *cli, int argc, char **argv);
int mw_verb_objects (MwCli *cli, int argc, char **argv);
int mw_verb_read (MwCli *cli, int argc, char **argv);
int mw_verb_get (MwCli *cli, int argc, char **argv);
int mw_verb_set (MwCli *cli, int argc, char **argv);
int mw_verb_action (MwCli *cli, int argc, char **argv);
int mw_verb_do (MwCli *cli, int argc, char **argv);
int mw_verb_log (MwCli *cli, int argc, char **argv);
int mw_verb_meters (MwCli *cli, int argc, char **argv);
int mw_verb_export (MwCli *cli, int argc, char **argv);
int mw_verb_plan (MwCli *cli, int argc, char **argv);
int mw_verb_decode (MwCli *cli, int argc, char **argv);

G_END_DECLS

#endif
