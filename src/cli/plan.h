/* plan.h: what the parts of `mw plan` share. */
#ifndef MW_CLI_PLAN_H
#define MW_CLI_PLAN_H

#include "cli/cli.h"
#include "plan.h"
#include "simulate.h"

G_BEGIN_DECLS

/* Options of all parts; each takes its own. */
typedef struct {
  char *at, *from, *to;
  int year;
  char *meter, *logger;
  char **prices; /* "1=0.31" */
  char *dst;     /* "eu", "none" or a file */
  char *zone;    /* "+01:00" */
  char *file;    /* -o */
  char *kind;
  gboolean yes, dry_run;
} MwPlanWish;

/* The plan of a file; NULL: complained, *STATUS is the exit status. */
MwPlan *mw_plan_verb_load (const char *path, int *status);
/* The table of the differences from BEFORE to AFTER, or their JSON array into JSON. */
void mw_plan_print_changes (GPtrArray *changes);
void mw_plan_append_changes (GString *json, GPtrArray *changes);

int mw_plan_simulate (MwCli *cli, const MwPlanWish *wish, const MwPlan *plan);
int mw_plan_read_meter (MwCli *cli, const MwPlanWish *wish, const char *uri);
int
mw_plan_program_meter (MwCli *cli, const MwPlanWish *wish, const char *uri, const MwPlan *plan);

G_END_DECLS

#endif
