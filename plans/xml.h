/* xml.h: a plan as a file (plan.xsd), read with suspicion.
 *
 * Files come from outside: no network, no document type (and so no entities), at most
 * MW_PLAN_FILE_MAX octets, plan.xsd must agree, and then the checks of check.h.  Every refusal
 * names file, line, field and reason.  Nothing is changed by a refused file.
 */
#ifndef MW_PLAN_XML_H
#define MW_PLAN_XML_H

#include "plan.h"

G_BEGIN_DECLS

#define MW_PLAN_FILE_MAX (1024 * 1024)

#define MW_PLAN_ERROR (mw_plan_error_quark ())
GQuark mw_plan_error_quark (void);

typedef enum {
  MW_PLAN_ERROR_FILE,    /* cannot be read or written */
  MW_PLAN_ERROR_XML,     /* not XML, or not of the kind that is read here */
  MW_PLAN_ERROR_NEWER,   /* made by a newer version */
  MW_PLAN_ERROR_SCHEMA,  /* plan.xsd does not agree */
  MW_PLAN_ERROR_CONTENT, /* the checks do not agree */
} MwPlanError;

/* The plan as XML text, UTF-8; free with g_free. */
char *mw_plan_to_xml (const MwPlan *plan);
/* TEXT of LEN octets; NAME stands in messages. */
MwPlan *mw_plan_from_xml (const char *text, gsize len, const char *name, GError **error);
/* A file is replaced whole or not at all. */
gboolean mw_plan_save (const MwPlan *plan, const char *path, GError **error);
MwPlan *mw_plan_load (const char *path, GError **error);

/* Words of the files, which messages use too. */
extern const char *const mw_plan_weekdays[7];
/* "07:00". */
void mw_plan_time_text (int minute, char out[6]);
/* "2024-03-31". */
void mw_plan_day_text (MwDay day, char out[12]);
/* Printable names as they are, others "hex:0102". */
char *mw_plan_name_text (const MwPlanName *name);

G_END_DECLS

#endif
