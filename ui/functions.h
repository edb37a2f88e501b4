/* functions.h: what the window can do, as one table: the sidebar, the menu bar, Ctrl+K and F1
 * all read it.
 */
#ifndef MW_FUNCTIONS_H
#define MW_FUNCTIONS_H

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *id;    /* name of the page, also for --page */
  const char *group; /* heading of the sidebar */
  const char *title;
  const char *icon;
  const char *accel;   /* or NULL */
  const char *purpose; /* what the page is for: the empty state and F1 */
  const char *keys;    /* what can be done there with keys and mouse, for F1 */
} MwFunction;

/* Ended by a row with a NULL id; texts are not yet translated: use _(). */
extern const MwFunction mw_functions[];
const MwFunction *mw_function_find (const char *id);

G_END_DECLS

#endif
