/* when.h: points in time that are described by dates with unspecified fields (Blue
 * Book 4.1.6.1).
 *
 * "Last Sunday of March, 02:00", "every month on the 1st, 00:00", "2026-12-24".  All in local
 * seconds (local time counted as if it stood in UTC); the clock turns them into instants.
 */
#ifndef MW_CORE_WHEN_H
#define MW_CORE_WHEN_H

#include "core/types.h"

#define MW_WHEN_NEVER INT64_MAX

/* Does the date of PATTERN fit the day DAYS (since 1970)?  A weekday together with a day of
 * month is the first such weekday on or after it, with the last day the last such weekday of
 * the month, with the second last the second last such weekday. */
bool mw_when_date_fits (const mw_civil *pattern, int32_t days);
/* Copy FROM to where it will be stored: what lies between the fields becomes 0. */
void mw_when_keep (mw_civil *to, const mw_civil *from);
/* A pattern that says nothing but the time of day, all zero, in TO. */
void mw_when_any_midnight (mw_civil *to);
/* Is any field of the date or time unspecified, so that it comes again? */
bool mw_when_repeats (const mw_civil *pattern);
/* Is nothing specified at all (FF in every field): disabled? */
bool mw_when_empty (const mw_civil *pattern);
/* The first fit after AFTER; MW_WHEN_NEVER when there is none in nine years (in its year,
 * when that is given).  Unspecified
 * seconds count as 0. */
int64_t mw_when_next (const mw_civil *pattern, int64_t after);
/* The last fit of the date (at its time of day, unspecified parts 0) at or before NOW, at most
 * 400 days before it or before the end of its year; INT64_MIN when there is none. */
int64_t mw_when_last (const mw_civil *pattern, int64_t now);

#endif
