/* type-designation.h: an Iskraemeco type designation taken apart (Mx381 manual 5.1, 3.9). */
#ifndef MW_TYPE_DESIGNATION_H
#define MW_TYPE_DESIGNATION_H

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *code;    /* the piece of the designation: "D1" */
  char *meaning; /* "direct connection, 85 A" */
} MwTypePart;

void mw_type_part_free (MwTypePart *part);
/* Array of MwTypePart, in the order of TEXT ("MT381-D1A42R56S63-V12V13P1B11L11-M2K04gnZ");
 * empty for a text that is no such designation.  A piece whose meaning no public source gives
 * is left out. */
GPtrArray *mw_type_designation_explain (const char *text);

G_END_DECLS

#endif
