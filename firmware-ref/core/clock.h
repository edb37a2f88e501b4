/* clock.h: the real-time clock (class 8; Mx381 manual 5.3): UTC inside, local time outside.
 *
 * Normal time = UTC + zone; local time = normal time + daylight saving while that is active.
 */
#ifndef MW_CORE_CLOCK_H
#define MW_CORE_CLOCK_H

#include "core/types.h"

#define MW_BACKUP_UNIT 7

typedef struct mw_clock {
  int64_t utc;
  int64_t dst_next;    /* UTC of the next change of daylight saving */
  int64_t backup_left; /* reserve without power, MW_BACKUP_UNIT to the second */
  mw_civil dst_begin;  /* class 8 attribute 5, local normal time */
  mw_civil dst_end;    /* attribute 6, local summer time */
  int16_t zone_min;    /* normal time - UTC */
  int8_t dst_min;      /* attribute 7, ±120 */
  bool dst_enabled;    /* attribute 8 */
  bool dst_active;
  bool invalid;         /* the reserve was exhausted and nobody has set the clock since */
  int32_t drift;        /* seconds that RTC_CALIBRATION adds, in millionths, below one */
  uint8_t synchronised; /* small adjustments within this measuring period */
  int64_t preset_utc;   /* methods preset_adjusting_time / adjust_to_preset_time */
  int64_t preset_from, preset_to;
} mw_clock;

enum mw_clock_parameter {
  MW_CLOCK_ZONE,
  MW_CLOCK_DST_DEVIATION,
  MW_CLOCK_DST_ENABLED,
};

/* The instant now, with the clock status. */
mw_stamp mw_clock_now (const mw_meter *m);
/* Local - UTC in minutes, now and of a stamp. */
int16_t mw_clock_deviation (const mw_meter *m);
int16_t mw_clock_deviation_of (const mw_meter *m, mw_stamp stamp);
/* The stamp as civil time with deviation and status; unspecified when it is "never". */
mw_civil mw_clock_civil (const mw_meter *m, mw_stamp stamp);
/* Is daylight saving active at UTC by the rules? */
bool mw_clock_dst_at (const mw_meter *m, int64_t utc);
/* Local seconds of UTC, and the instant of local seconds: of two the first, and what falls into
 * the gap of spring counts as normal time. */
int64_t mw_clock_local (const mw_meter *m, int64_t utc);
int64_t mw_clock_utc_of_local (const mw_meter *m, int64_t local);
/* The first instant at which the clock reads LOCAL or later: for the gap of spring the jump. */
int64_t mw_clock_utc_reached (const mw_meter *m, int64_t local);
/* The latest reading that the clock has had up to now: in the hour that comes twice, when it
 * comes the second time, the end of the first. */
int64_t mw_clock_reached (const mw_meter *m);

/* Set the clock. Within the time set limit it is synchronisation without further consequence
 * (manual 3.5.2.4, 5.3.5), else events 4 and 5, and everything that is cut at times is cut. */
void mw_clock_set (mw_meter *m, int64_t utc);
/* Write attribute 2: local time, its deviation used when given. */
enum mw_err mw_clock_set_civil (mw_meter *m, const mw_civil *local);
/* Method shift_time, -900 … 900 s. */
enum mw_err mw_clock_shift (mw_meter *m, int32_t seconds);
enum mw_err mw_clock_preset (mw_meter *m, int64_t utc, int64_t from, int64_t to);
/* Methods adjust_to_quarter, adjust_to_measuring_period, adjust_to_minute: PERIOD_S seconds. */
enum mw_err mw_clock_adjust_to (mw_meter *m, uint32_t period_s);
enum mw_err mw_clock_adjust_to_preset (mw_meter *m);
enum mw_err mw_clock_set_parameter (mw_meter *m, enum mw_clock_parameter what, int value);
enum mw_err mw_clock_set_dst (mw_meter *m, bool end, const mw_civil *when);

/* For the core: after the rules or the time changed. */
void mw_clock_refresh (mw_meter *m);
/* What the clock counts while N seconds pass: RTC_CALIBRATION makes it go faster or slower, in
 * millionths.  For how many seconds it goes on without a second more or less. */
uint32_t mw_clock_seconds (mw_meter *m, uint32_t n);
uint32_t mw_clock_horizon (const mw_meter *m);
/* The clock reached dst_next. */
void mw_clock_dst_change (mw_meter *m);
void mw_clock_defaults (mw_meter *m);
/* The next instant after UTC that is a whole PERIOD_S of local time. */
int64_t mw_clock_next_boundary (const mw_meter *m, int64_t utc, uint32_t period_s);

#endif
