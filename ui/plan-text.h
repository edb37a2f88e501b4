/* plan-text.h: parts of a plan as a line of text that a person can read and type.
 *
 *   day       "00:00 1, 07:00 2, 22:30 1"    from that time on this tariff (or 0 / 1)
 *   ranges    "03-31..10-26, 11-02"          month-day, both ends belong to it
 */
#ifndef MW_PLAN_TEXT_H
#define MW_PLAN_TEXT_H

#include "plan.h"

G_BEGIN_DECLS

char *mw_plan_text_program (const MwPlanProgram *program);
/* FALSE: TEXT is none, has values below LOW or above HIGH, times off STEP or more than MAX
 * changes; PROGRAM is as it was. */
gboolean mw_plan_text_parse_program (const char *text, int low, int high, int step, int max,
                                     MwPlanProgram *program);
/* The 96 steps of a tariff plan's day as changes. */
char *mw_plan_text_slots (const guint8 slots[MW_TARIFF_PLAN_SLOTS]);
gboolean mw_plan_text_parse_slots (const char *text, guint8 slots[MW_TARIFF_PLAN_SLOTS]);
/* A program painted: VALUE from minute FROM up to UNTIL.  FALSE: more than MAX changes. */
gboolean mw_plan_text_paint (MwPlanProgram *program, int from, int until, int value, int max);

char *mw_plan_text_days (const MwYearDays *days, int year);
gboolean mw_plan_text_parse_days (const char *text, int year, MwYearDays *days);

G_END_DECLS

#endif
