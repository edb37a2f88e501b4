/* holidays.h: the public holidays of a country, computed, so that nobody types 25 years of
 * Easter by hand.
 *
 * The rules are those in force for the whole country; where the law changed or a day is one of
 * a part of the country alone, the rule says from which year or is left out.  A person looks at
 * the days before they are taken over.
 */
#ifndef MW_PLAN_HOLIDAYS_H
#define MW_PLAN_HOLIDAYS_H

#include "day.h"

G_BEGIN_DECLS

typedef struct {
  const char *code; /* ISO 3166-1: "DK" */
  const char *name; /* "Denmark" */
} MwHolidayCountry;

typedef struct {
  MwDay day;
  const char *name; /* in English: "Good Friday" */
} MwHoliday;

/* The countries in order of name, *N of them. */
const MwHolidayCountry *mw_holiday_countries (guint *n);
/* (transfer full): array of MwHoliday of the years FIRST to LAST in order of day; two names on
 * one day are two entries.  NULL when the country is not known. */
GArray *mw_holidays (const char *code, int first, int last);

G_END_DECLS

#endif
