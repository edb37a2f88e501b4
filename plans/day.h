/* day.h: days as numbers, and the dates that move with Easter.
 *
 * A day is the number of days since 1970-01-01 in the Gregorian calendar.
 */
#ifndef MW_PLAN_DAY_H
#define MW_PLAN_DAY_H

#include <glib.h>

G_BEGIN_DECLS

typedef gint32 MwDay;

/* MONTH 1 … 12; a DAY past the end of its month counts on into the next. */
MwDay mw_day (int year, int month, int day);
void mw_day_split (MwDay day, int *year, int *month, int *dom);
int mw_day_year (MwDay day);
/* 0: 1 January. */
int mw_day_of_year (MwDay day);
/* 1 Monday … 7 Sunday. */
int mw_day_weekday (MwDay day);
int mw_days_of_year (int year);
int mw_days_of_month (int year, int month);
/* Easter Sunday of the Gregorian calendar, 1583 and later. */
MwDay mw_day_easter (int year);
/* The N-th WEEKDAY of MONTH; N 5 or more: the last one. */
MwDay mw_day_nth_weekday (int year, int month, int weekday, int n);

G_END_DECLS

#endif
