/* kvalue.h: a value of a Kamstrup meter, and its number. */
#ifndef MW_CORE_KVALUE_H
#define MW_CORE_KVALUE_H

#include "core/kamstrup/mw_kqual_def.h"
#include "core/kamstrup/mw_kvalues_def.h"
#include "core/types.h"

typedef struct mw_kmeter mw_kmeter;

enum mw_kvalue_kind {
  MW_KVALUE_NUMBER, /* number × 10^exponent unit */
  MW_KVALUE_RTC,    /* number: UTC seconds, status: clock status; MW_CLOCK_STATUS_ANY: never */
  MW_KVALUE_DATE,   /* number: YYYYMMDD */
  MW_KVALUE_TIME,   /* number: hhmmss */
  MW_KVALUE_BITS,   /* number: bit field */
  MW_KVALUE_TEXT,   /* octets: ASCII */
  MW_KVALUE_OCTETS, /* octets */
};

/* Settings first, texts, then the rest: MW_KV_METHOD … */
enum mw_kvalue_id {
  MW_KV_NONE,
#define MW_KV_ROW(symbol, ...) MW_KV_##symbol,
  MW_KSETTINGS (MW_KV_ROW) MW_KQUAL_SETTINGS (MW_KV_ROW) MW_KV_SETTINGS_END,
  MW_KV_TEXTS_BEFORE = MW_KV_SETTINGS_END,
  MW_KTEXTS (MW_KV_ROW) MW_KV_TEXTS_END,
  MW_KVALUES (MW_KV_ROW) MW_KV_QUAL_BEFORE,
  MW_KQUAL_VALUES (MW_KV_ROW) MW_N_KVALUES
#undef MW_KV_ROW
};
#define MW_KV_FIRST_SETTING 1
#define MW_N_KSETTINGS (MW_KV_SETTINGS_END - MW_KV_FIRST_SETTING)
#define MW_KV_FIRST_TEXT (MW_KV_TEXTS_BEFORE + 1)
#define MW_N_KTEXTS (MW_KV_TEXTS_END - MW_KV_FIRST_TEXT)

#define MW_KOCTETS_MAX 64

typedef struct mw_kvalue {
  uint8_t kind; /* enum mw_kvalue_kind */
  uint8_t unit; /* enum mw_unit */
  int8_t exponent;
  uint8_t status; /* of RTC */
  uint8_t len;    /* of octets */
  uint8_t octets[MW_KOCTETS_MAX];
  int64_t number;
} mw_kvalue;

typedef struct mw_kvalue_info {
  const char *name; /* "A14_T1" */
  uint8_t kind, unit;
  int8_t exponent;
  uint8_t width; /* octets in a log record; 0: cannot be logged */
} mw_kvalue_info;

/* NULL when ID is none. */
const mw_kvalue_info *mw_kvalue_info_of (unsigned id);
/* The number of the value named NAME; MW_KV_NONE when there is none. */
unsigned mw_kvalue_by_name (const char *name);

/* The value now. MW_ERR_UNSUPPORTED when the meter has none of that number. */
enum mw_err mw_kmeter_value (const mw_kmeter *k, unsigned id, mw_kvalue *out);
/* The same as a number in the value's own exponent; 0 when it is text. */
int64_t mw_kmeter_number (const mw_kmeter *k, unsigned id);
/* Set a setting, a text, or one of the values that can be set (the pulse inputs, the tariff,
 * the load relays, the status word's events …).  NUMBER has the exponent of the value's info.
 * MW_ERR_VALUE outside its range, MW_ERR_REFUSED when it is chosen when the meter is ordered
 * and the meter has started, MW_ERR_UNSUPPORTED when it cannot be set. */
enum mw_err mw_kmeter_set (mw_kmeter *k, unsigned id, int64_t number);
/* A text, or the block of the plan (kplan.h). */
enum mw_err mw_kmeter_set_text (mw_kmeter *k, unsigned id, const void *text, size_t len);
/* Set a text or a value of octets: MW_ERR_SPACE for the wrong length, MW_ERR_VALUE. */
enum mw_err mw_kmeter_set_octets (mw_kmeter *k, unsigned id, const uint8_t *octets, size_t len);
/* The range of setting ID. */
enum mw_err mw_kmeter_range (unsigned id, int64_t *least, int64_t *most);

#endif
