/* klog.h: the logs of a Kamstrup meter: rings of records in NVM whose columns are value
 * numbers.
 *
 * A record: time (4 octets, UTC seconds since 2000), clock status (1), then each column but RTC
 * in the octets that its value has (mw_kvalue_info.width), low octet first; check sum by the
 * ring.  RTC as a column is the record's time.  Entry ids count from 1 and never go back, also
 * when a log is cleared; a port that has 16 bits for them shortens them itself.  Times may go
 * back when the clock is set.
 *
 * Which columns and how many entries a log has is the model's table (mw_kmodel.log); those of
 * the load profile and the analysis logger can be changed, which clears the log.  A log without
 * columns does not exist in that meter.
 */
#ifndef MW_CORE_KLOG_H
#define MW_CORE_KLOG_H

#include "core/kamstrup/kvalue.h"
#include "core/ring.h"

enum mw_klog {
  MW_KLOG_DEBITING,
  MW_KLOG_DEBITING2,
  MW_KLOG_CLOCK,         /* adjustments of the clock: OLD_RTC, NEW_RTC */
  MW_KLOG_STATUS,        /* EVENT: MW_KSTATUS_ bits that rose */
  MW_KLOG_RATIO,         /* OLD, NEW transformer ratio */
  MW_KLOG_PROFILE_EVENT, /* EVENT: enum mw_kprofile_event, OLD, NEW */
  MW_KLOG_CUTOFF,        /* disconnect history */
  MW_KLOG_QUALITY,       /* 162, 382, 351B: VOLTAGE_EVENT; OMNIPOWER: VQ_PHASE … VQ_MIN, where
                            deviations and outages share their ids (Tables 24 and 25) */
  MW_KLOG_COUNTERS,      /* occurrence counters; a meter that has it is an OMNIPOWER */
  MW_KLOG_NEUTRAL,
  MW_KLOG_AUDIT,
  MW_KLOG_ANALYSIS,     /* may be reconfigured: after those that never move */
  MW_KLOG_LOAD_PROFILE, /* likewise */
  MW_N_KLOGS
};
#define MW_KLOG_FIRST_MOVABLE MW_KLOG_ANALYSIS
#define MW_N_KLOGS_MOVABLE (MW_N_KLOGS - MW_KLOG_FIRST_MOVABLE)

#define MW_KLOG_COLUMNS_MAX 48
#define MW_KLOG_COLUMNS_MOVABLE 20
#define MW_KRECORD_HEAD 5
#define MW_KRECORD_MAX (MW_KRECORD_HEAD + 6 * MW_KLOG_COLUMNS_MAX)

/* What the model says of a log. */
typedef struct mw_klog_table {
  const uint16_t *column; /* enum mw_kvalue_id */
  uint8_t columns;
  uint32_t entries;
  uint32_t reserve; /* octets of NVM for one that may be reconfigured; else 0 */
} mw_klog_table;

/* Of a log whose columns may be changed: stored. */
typedef struct mw_klog_columns {
  uint16_t column[MW_KLOG_COLUMNS_MOVABLE];
  uint32_t entries;
  uint8_t n;
  uint8_t reserved[3];
} mw_klog_columns;

typedef struct mw_kentry {
  uint32_t id;
  mw_stamp time;
  uint8_t log;
  uint8_t octets[MW_KRECORD_MAX];
} mw_kentry;

/* Columns; 0: the meter has no such log. */
unsigned mw_klog_n (const mw_kmeter *k, enum mw_klog log);
unsigned mw_klog_column (const mw_kmeter *k, enum mw_klog log, unsigned i); /* value number */
/* Entries that it keeps, and has; newest and oldest id (0: empty). */
uint32_t mw_klog_depth (const mw_kmeter *k, enum mw_klog log);
uint32_t mw_klog_count (const mw_kmeter *k, enum mw_klog log);
uint32_t mw_klog_newest (const mw_kmeter *k, enum mw_klog log);
uint32_t mw_klog_oldest (const mw_kmeter *k, enum mw_klog log);
/* Entry ID. MW_ERR_VALUE when it is not there, MW_ERR_CHECK when it is damaged. */
enum mw_err mw_klog_read (mw_kmeter *k, enum mw_klog log, uint32_t id, mw_kentry *out);
/* Column I of an entry that was read under the present columns. */
enum mw_err
mw_kentry_value (const mw_kmeter *k, const mw_kentry *e, unsigned i, mw_kvalue *out);
/* The first id ≥ FROM whose time is UTC or later; 0: none.  Logarithmic where the times do not
 * go back. */
uint32_t mw_klog_from_time (mw_kmeter *k, enum mw_klog log, uint32_t from, int64_t utc);
/* Forget the entries. */
void mw_klog_clear (mw_kmeter *k, enum mw_klog log);
/* Other columns for the analysis logger or the load profile: clears it.  MW_ERR_VALUE for a
 * value that cannot be logged, MW_ERR_SPACE when ENTRIES of them do not fit (0: as many as
 * fit). */
enum mw_err mw_klog_configure (mw_kmeter *k, enum mw_klog log, const uint16_t *column,
                               unsigned n, uint32_t entries);

/* For the modules: append an entry of TIME.  Columns found in FIXED take the numbers there, the
 * others the value now. */
typedef struct mw_kfixed {
  uint16_t id;
  uint8_t status; /* of an RTC */
  int64_t number;
} mw_kfixed;
enum mw_err mw_klog_append (mw_kmeter *k, enum mw_klog log, mw_stamp time,
                            const mw_kfixed *fixed, unsigned n);

/* For the core. */
enum mw_err mw_klog_layout (mw_kmeter *k);
enum mw_err mw_klog_repair (mw_kmeter *k);

#endif
