/* profile.h: load profiles 1 and 2, M-Bus profiles and billing profiles (class 7; Mx381 manual
 * 6.3, 6.4.4).
 *
 * A record: time 4 octets (s since 2000, UTC), clock status 1, then the captured values packed
 * by their width, check sum 2.  The clock, when it is a capture object, is the record's time.
 * How deep a profile is follows from the record and its pages (profile.c, "Memory").
 */
#ifndef MW_CORE_PROFILE_H
#define MW_CORE_PROFILE_H

#include "core/ring.h"
#include "core/types.h"

enum mw_profile_id {
  MW_PROFILE_LOAD1,
  MW_PROFILE_LOAD2,
  MW_PROFILE_MBUS1,
  MW_PROFILE_MBUS2,
  MW_PROFILE_MBUS3,
  MW_PROFILE_MBUS4,
  MW_PROFILE_BILLING1,
  MW_PROFILE_BILLING2,
  MW_N_PROFILES
};
#define MW_N_PERIODIC MW_PROFILE_BILLING1 /* those with a capture period and a status */

#define MW_CAPTURES_MAX 32
/* Longest payload: head and 32 values of 9 octets. */
#define MW_RECORD_MAX (5 + 9 * MW_CAPTURES_MAX)

/* Profile status, manual Table 42. */
#define MW_PS_ERR 0x01u
#define MW_PS_CIV 0x02u
#define MW_PS_DNV 0x04u
#define MW_PS_DST 0x08u
#define MW_PS_CAD 0x20u
#define MW_PS_PDN 0x80u

/* What is configured. */
typedef struct mw_profile_setup {
  uint16_t capture[MW_CAPTURES_MAX]; /* value numbers */
  uint8_t kind[MW_CAPTURES_MAX];     /* enum mw_value_kind, fixed when the list was written */
  uint8_t n;
  uint32_t period_s;
} mw_profile_setup;

/* What changes. */
typedef struct mw_profile_state {
  mw_ring_head head;
  int64_t next;   /* UTC of the end of the running capture period */
  uint8_t status; /* of the running period */
  uint8_t last_status;
} mw_profile_state;

typedef struct mw_record {
  uint32_t number;
  mw_stamp time;
  uint8_t n;
  mw_value value[MW_CAPTURES_MAX];
} mw_record;

/* Class 7 attributes. */
const mw_profile_setup *mw_profile_setup_of (const mw_meter *m, enum mw_profile_id p);
uint32_t mw_profile_entries (const mw_meter *m, enum mw_profile_id p); /* profile_entries */
uint32_t mw_profile_count (const mw_meter *m, enum mw_profile_id p);   /* entries_in_use */
/* Number of the oldest record kept; the records are first … first + count - 1. */
uint32_t mw_profile_first (const mw_meter *m, enum mw_profile_id p);
/* Read record NUMBER. MW_ERR_VALUE when it is not there, MW_ERR_CHECK when damaged. */
enum mw_err
mw_profile_read (mw_meter *m, enum mw_profile_id p, uint32_t number, mw_record *out);
/* The time alone, for searching. */
enum mw_err mw_profile_time (mw_meter *m, enum mw_profile_id p, uint32_t number, mw_stamp *out);
/* The first record with a number ≥ START whose time lies in [FROM, TO] (UTC); 0: none.
 * Logarithmic where the times do not go back, else one record after the other. */
uint32_t
mw_profile_find (mw_meter *m, enum mw_profile_id p, uint32_t start, int64_t from, int64_t to);

/* New capture objects or another period: the buffer is cleared (Blue Book, class 7).
 * MW_ERR_VALUE for a period not of the manual's list or a value that cannot be captured. */
enum mw_err
mw_profile_set_objects (mw_meter *m, enum mw_profile_id p, const uint16_t *ids, unsigned n);
/* Value ID is what column I holds, in the numbers of another firmware; MW_V_NONE: it is gone
 * and counts as 0 from now on. The buffer stays. */
void mw_profile_rename (mw_meter *m, enum mw_profile_id p, unsigned i, uint16_t id);
enum mw_err mw_profile_set_period (mw_meter *m, enum mw_profile_id p, uint32_t period_s);
/* Methods reset and capture. */
enum mw_err mw_profile_reset (mw_meter *m, enum mw_profile_id p);
enum mw_err mw_profile_capture (mw_meter *m, enum mw_profile_id p);

/* For the core. */
void mw_profile_defaults (mw_meter *m);
enum mw_err mw_profile_layout (mw_meter *m, enum mw_profile_id p);
enum mw_err mw_profile_layout_all (mw_meter *m);
enum mw_err
mw_profile_capture_at (mw_meter *m, enum mw_profile_id p, int64_t utc, uint8_t status);
void mw_profile_due (mw_meter *m);
void mw_profile_mark (mw_meter *m, uint8_t status_bits);
void mw_profile_time_changed (mw_meter *m, int64_t old_utc);
void mw_profile_powered (mw_meter *m);

#endif
