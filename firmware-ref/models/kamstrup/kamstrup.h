/* kamstrup.h: the personality of a Kamstrup reference meter: what its registers, loggers and
 * protocols are, over a mw_kmeter.
 *
 *   KMP ──────────┐
 *   IEC 62056-21 ─┼─► mw_kamstrup_link ─► registers (tables in flash, ktables.h)
 *   DLMS ─────────┘   one a connection        │ enum mw_kvalue_id
 *                                             ▼
 *                                         mw_kmeter
 *
 * One mw_kamstrup belongs to one mw_kmeter.  A register shows a value of the core in its own
 * unit, exponent and number of octets (register.c); what is lost there is cut off, never
 * rounded, as a register's digits are.  All calls come from the thread that runs the meter.
 *
 * Order of life: mw_kamstrup_init (the core's meter too) → mw_kmeter_start → ports.
 */
#ifndef MW_MODELS_KAMSTRUP_H
#define MW_MODELS_KAMSTRUP_H

#include "core/kamstrup/kmeter.h"
#include "dlms/server.h"
#include "iec62056_21/server.h"
#include "kmp/server.h"
#include "models/ktables.h"

/* Characters of the longest type number, without dashes. */
#define MW_KAMSTRUP_TYPE_MAX 18

/* What is kept beside what the core keeps. */
typedef struct mw_kamstrup_kept {
  char model[16]; /* whose memory it is: model, generation, variant */
  char generation;
  uint8_t variant;
  uint32_t last_read[MW_N_KLOGS];     /* for "from where I was last" (A1) */
  uint8_t type[MW_KAMSTRUP_TYPE_MAX]; /* complete type number */
} mw_kamstrup_kept;

typedef struct mw_kamstrup {
  mw_kmeter *k;
  unsigned p; /* of mw_kpersonalities */
  mw_kamstrup_kept kept;
} mw_kamstrup;

typedef struct mw_kamstrup_config {
  unsigned personality;
  mw_nvm *nvm;
  uint32_t serial;
  const char *type_number; /* NULL: the personality's usual one; dashes do not count */
  uint16_t password;       /* of a new meter */
  uint8_t address;         /* of KMP, of a new meter */
} mw_kamstrup_config;

/* One connection. Zero it, set METER and PORT. */
typedef struct mw_kamstrup_link {
  mw_kamstrup *meter;
  const mw_dlms_server *server; /* DLMS: for what was negotiated; may be NULL */
  uint8_t port;                 /* enum mw_kport: what may be written hangs on it */
  uint8_t level;                /* DLMS: enum mw_kamstrup_level */
  uint16_t client;
  mw_kentry entry; /* read last */
  bool entry_there;
} mw_kamstrup_link;

/* The personality that a type number names, seen from PERSONALITY: itself, or of OMNIPOWER one
 * with another connection, generation or variant; -1 with *WHY, a sentence. */
int mw_kamstrup_of_type (unsigned personality, const char *text, const char **why);
/* METER and K stay the caller's and must not move.  MW_ERR_VALUE for a type number that is
 * none. */
enum mw_err
mw_kamstrup_init (mw_kamstrup *meter, mw_kmeter *k, const mw_kamstrup_config *config);
/* After mw_store_mount: is the memory that of such a meter? */
bool mw_kamstrup_fits (const mw_kamstrup *meter);
const mw_kpersonality *mw_kamstrup_personality (const mw_kamstrup *meter);

/* --- registers (register.c) -----------------------------------------------------------------
 */

/* The core's value as register R shows it. LOGGED: it is of a log entry, whose times are normal
 * time (OMNIPOWER technical description 4.5).  MW_ERR_UNSUPPORTED when the core has none. */
enum mw_err mw_kamstrup_show (const mw_kamstrup *m, const mw_kregister *r, const mw_kvalue *v,
                              bool logged, mw_kmp_value *out);
/* What stands behind register R now: a value of the core or a property of a log. */
enum mw_err mw_kamstrup_value (const mw_kamstrup *m, const mw_kregister *r, mw_kvalue *out);
/* Register R now. */
enum mw_err mw_kamstrup_read (const mw_kamstrup *m, const mw_kregister *r, mw_kmp_value *out);
/* Write R. MW_ERR_ACCESS: not writable through this port; MW_ERR_VALUE: out of its range. */
enum mw_err
mw_kamstrup_write (mw_kamstrup *m, const mw_kregister *r, unsigned port, const mw_kmp_value *v);
/* Power of ten that KMP unit UNIT stands for, and the unit of base/unit.h. */
int mw_kamstrup_prefix (uint8_t unit, unsigned *base);
/* Is it the meter's password? */
bool mw_kamstrup_password_is (const mw_kamstrup *m, uint32_t password);
bool mw_kamstrup_password_text (const mw_kamstrup *m, mw_span text);
/* Set the clock, to local civil time; false outside the years 2000 to 2099. */
bool mw_kamstrup_set_utc (mw_kamstrup *m, int64_t utc);
bool mw_kamstrup_set_clock (mw_kamstrup *m, const mw_civil *local);

/* --- logs (log.c) ---------------------------------------------------------------------------
 */

/* Is there a log LOGGER here: its number in the core, or -1. */
int mw_kamstrup_log (const mw_kamstrup *m, const mw_klogger *logger);
/* Register R of entry ID of LOG; the link keeps the entry. */
enum mw_err mw_kamstrup_log_value (mw_kamstrup_link *l, enum mw_klog log, uint32_t id,
                                   const mw_kregister *r, mw_kmp_value *out);
/* Register that column I of LOGGER is shown by; NULL when none is. */
const mw_kregister *
mw_kamstrup_log_register (const mw_kamstrup *m, const mw_klogger *logger, unsigned i);

/* Protocols; ctx is the mw_kamstrup_link. */
extern const mw_kmp_ops mw_kamstrup_kmp;
extern const mw_iec_ops mw_kamstrup_iec;

#endif
