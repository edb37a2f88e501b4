/* kplan.h: plans that the meter executes, as octets (METERTOOL manual 3.5.3, 3.5.6, 3.5.8;
 * OMNIPOWER technical description 4.3.3, 4.4.6.3, 4.10.4).  The layout is this reference
 * meter's own: no public source has it.
 *
 * Numbers of two octets have the high one first.  A day is two octets: days since 2000-01-01.
 * A minute is two octets: minutes of the local day, 0 ... 1439.  Weekdays: Monday first.
 *
 *   plan      := kind (1), version 1 (1), body,
 *                CRC-16 X.25 over all before it (2, high octet first)
 *
 *   kind 1, tariff plan: season, holiday and day level
 *   body      := first year - 2000 (1), years n (1): 1 ... 25
 *                n times { 46 octets summer, 46 octets holidays }:
 *                  bit d % 8 (low first) of octet d / 8 is day d of the year, 0 first
 *                6 times 48 octets: winter weekday, Saturday, holiday, the same of summer;
 *                  a half octet (low first) for each quarter of an hour: tariff less 1
 *     Sundays are holidays.  Each quarter is a shift.  Outside its years the plan is silent.
 *
 *   kind 2, period plan: three plans that know nothing of each other: tariff, load 1, load 2
 *   body      := 3 parts
 *   part      := working days (1: bit 0 Monday ... 6 Sunday)
 *                period A month (1) day (1), period B month (1) day (1)
 *                4 lists of 0 ... 8 changes: working days of A, non-working days of A,
 *                  working days of B, non-working days of B
 *                exception days m (2): 0 ... 250; m days, rising: non-working
 *   list      := changes n (1); n times { minute (2), value (1) }, rising
 *     Values: tariff 1 ... 8; load 0 or 1.  The year is divided at the two dates; when both
 *     are the same it is all A.  A part with no change in any list is silent.
 *
 *   kind 3, calendar plan
 *   body      := exception days m (2): 0 ... 200; m days, rising: holidays
 *                3 times year: the tariff plans
 *                2 times load: load 1 and 2
 *   year      := seasons s (1): 0 ... 4; 0: nothing follows, the plan is silent; else
 *                season shifts n (1): 0 ... 8; 0: season 1 all year
 *                n times { month (1), day (1), season (1): 1 ... s }, rising; every year
 *                s times season
 *   season    := week (2): two bits for each weekday, Monday lowest: enum mw_kday
 *                3 lists of 0 ... 10 changes: working day, non-working day, holiday
 *   load      := 0 (1): silent
 *              | 1 (1), year of its own
 *              | 2 (1), the tariff plan that it follows (1): 1 ... 3, 0 the one that is chosen,
 *                tariffs in which the relay is active (1): bit t - 1
 *     The setting TARIFF_PLAN chooses the tariff plan.
 *
 *   kind 4, daylight-saving plan: followed when the setting DST_MODE is MW_KDST_PLAN
 *   body      := minutes that the clock is put forward (1): 1 ... 120, years n (1): 0 ... 20
 *                n times { begin day (2), minute (2) of normal time,
 *                  end day (2), minute (2) of summer time }, rising, end after begin
 *
 * What holds at an instant is a function of local time alone: the last change at or before it,
 * found on as many days before as it takes (two years at most).  So after an outage, a setting
 * of the clock or a new plan the last change is carried out though its time was missed.  A
 * command holds until the next change.
 */
#ifndef MW_CORE_KPLAN_H
#define MW_CORE_KPLAN_H

#include "core/kamstrup/kvalue.h"

enum mw_kplan_kind {
  MW_KPLAN_NONE,
  MW_KPLAN_TARIFF,
  MW_KPLAN_PERIOD,
  MW_KPLAN_CALENDAR,
  MW_KPLAN_DST,
  MW_N_KPLANS
};

enum mw_kday {
  MW_KDAY_WORKING,
  MW_KDAY_NON_WORKING,
  MW_KDAY_HOLIDAY
}; /* weekday, Saturday, … */

enum mw_kdst { MW_KDST_NONE, MW_KDST_EU, MW_KDST_PLAN };

#define MW_KPLAN_MAX 2720
#define MW_KPLAN_DST_MAX 176
#define MW_KPLAN_CHANNELS 3 /* tariff, load 1, load 2 */
#define MW_KPLAN_SILENT 0xff

/* Stored, each whole or not at all. */
typedef struct mw_kplans {
  uint16_t len, dst_len;
  uint8_t data[MW_KPLAN_MAX]; /* of the kind that the model executes */
  uint8_t dst[MW_KPLAN_DST_MAX];
} mw_kplans;

/* A plan on its way into the meter: not stored. */
typedef struct mw_kplan_stage {
  uint8_t kind;
  uint8_t window; /* kind that the window shows */
  uint16_t len, got;
  uint16_t offset; /* of the window */
  uint8_t data[MW_KPLAN_MAX];
} mw_kplan_stage;

/* What a plan says of a channel. Times are local seconds. */
typedef struct mw_kplan_say {
  uint8_t value; /* MW_KPLAN_SILENT */
  uint8_t season, day;
  int64_t since; /* of the change that made it so */
  int64_t next;  /* of the next change, or of an instant at which to look again */
} mw_kplan_say;

/* Replace the plan of KIND: begin with the whole length, put the octets in order, commit.
 * Before commit the old plan counts.  MW_ERR_UNSUPPORTED when the meter executes no such plan,
 * MW_ERR_SPACE, MW_ERR_STATE out of order; commit: MW_ERR_CHECK, MW_ERR_VALUE for a plan that
 * is not whole or not right. */
enum mw_err mw_kplan_begin (mw_kmeter *k, unsigned kind, size_t len);
enum mw_err mw_kplan_put (mw_kmeter *k, size_t offset, const void *data, size_t len);
enum mw_err mw_kplan_commit (mw_kmeter *k);
/* All at once. */
enum mw_err mw_kplan_set (mw_kmeter *k, unsigned kind, const void *data, size_t len);
/* No plan of KIND any more. */
enum mw_err mw_kplan_remove (mw_kmeter *k, unsigned kind);
/* The octets that are in the meter; length 0: none. */
size_t mw_kplan_get (const mw_kmeter *k, unsigned kind, const uint8_t **data);
/* Is DATA a plan of KIND? */
enum mw_err mw_kplan_check (unsigned kind, const uint8_t *data, size_t len);

/* The same through values, for ports that know registers alone (MW_KV_PLAN_):
 *
 *   KIND     of the plan that the window shows; write it first
 *   LENGTH   read: octets of the plan in the meter, 0 none; write: begin a new one of so many,
 *            0 remove the plan; either way OFFSET becomes 0
 *   OFFSET   of the window
 *   BLOCK    read: up to MW_KOCTETS_MAX octets of the plan in the meter from OFFSET on; write:
 *            octets of the new plan at OFFSET, which moves behind them
 *   COMMIT   read: octets of the new plan that are there; write 1: commit; 2: commit and follow
 *            it, TARIFF_SOURCE or DST_MODE say so from then on; 3 ... 5: and tariff plan
 *            1 ... 3 of a calendar plan is the one in use; all of it at once
 */
enum mw_err mw_kplan_value (const mw_kmeter *k, unsigned id, mw_kvalue *out);
enum mw_err mw_kplan_window (mw_kmeter *k, unsigned id, int64_t number);
enum mw_err mw_kplan_block (mw_kmeter *k, const void *data, size_t len);

/* For the core. */
mw_kplan_say mw_kplan_at (const mw_kmeter *k, unsigned channel, int64_t local);
/* Rules of daylight saving for now, into the clock. */
void mw_kplan_dst_rules (mw_kmeter *k);
void mw_kplan_dst_changed (mw_kmeter *k);

#endif
