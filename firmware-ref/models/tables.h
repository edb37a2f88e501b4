/* tables.h: what a model publishes, as tables in flash made from the catalogue (db) by
 * generate.py when the firmware is built.
 *
 *   object --first, count--> attributes --type--> type text
 *                                      --limit--> range
 *                                      --bind, fn, arg--> what stands behind the attribute
 *
 * Objects are sorted by logical name and class, so that finding one is a binary search; both
 * models share one table, and an object says in which of them it exists.
 */
#ifndef MW_MODELS_TABLES_H
#define MW_MODELS_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands behind an attribute. */
enum mw_bind {
  MW_BIND_CONST,  /* arg: place of the A-XDR value in the defaults */
  MW_BIND_VALUE,  /* arg: value number of the core (core/values.h); a setting can be written */
  MW_BIND_CELL,   /* arg: cell; stored by the model as A-XDR */
  MW_BIND_SCALER, /* arg: scaler in the high octet, unit in the low one */
  MW_BIND_FN,     /* fn: enum mw_model_fn, arg: its own */
};

/* The functions behind attributes: see the file that is named after them. */
/* clang-format off */
#define MW_MODEL_FNS(ROW) \
  ROW (NONE) \
  ROW (CLOCK)       /* objects_clock.c: attribute */ \
  ROW (PERIOD3)     /* objects_registers.c: attribute 6, 7 of the averages over period 3 */ \
  ROW (FUSE)        /* phase << 8 | attribute */ \
  ROW (DEMAND)      /* quantity << 8 | attribute */ \
  ROW (ALARM)       /* register */ \
  ROW (ALARM_ON) \
  ROW (ALARM_OFF) \
  ROW (ERROR) \
  ROW (PROFILE)     /* objects_profile.c: profile << 8 | attribute */ \
  ROW (LOG)         /* log << 8 | attribute */ \
  ROW (LIST)        /* list << 8 | attribute */ \
  ROW (CALENDAR)    /* objects_calendar.c: attribute */ \
  ROW (SPECIAL_DAYS) \
  ROW (ACTIVATION)  /* which << 8 | attribute */ \
  ROW (SCRIPTS)     /* the tariffication scripts */ \
  ROW (SCHEDULE)    /* objects_limits.c: schedule << 8 | attribute */ \
  ROW (LIMITER)     /* limiter << 8 | attribute */ \
  ROW (MONITOR)     /* monitor << 8 | attribute */ \
  ROW (SWITCH_MODE) /* switch */ \
  ROW (ASSOCIATION) /* objects_association.c: client << 8 | attribute */ \
  ROW (SAP) \
  ROW (IDENTITY)    /* objects_identity.c: enum mw_identity */ \
  ROW (STATUS)      /* enum mw_status */ \
  ROW (PARTITION)   /* number */ \
  ROW (FLASH_SPY) \
  ROW (PERFORMANCE) \
  ROW (STAMP) \
  ROW (SYSTEM_TITLE) \
  ROW (IMAGE)       /* objects_image.c: attribute */
/* clang-format on */
enum mw_model_fn {
#define MW_FN_ROW(symbol) MW_FN_##symbol,
  MW_MODEL_FNS (MW_FN_ROW)
#undef MW_FN_ROW
      MW_N_FNS
};

enum mw_identity {
  MW_ID_SERIAL,
  MW_ID_LDN,
  MW_ID_CORE,
  MW_ID_CORE_SIGNATURE,
  MW_ID_MODULE,
  MW_ID_MODULE_SIGNATURE,
  MW_ID_CHECKSUM,
};
enum mw_status {
  MW_STATUS_SYSTEM,
  MW_STATUS_EVENT,
  MW_STATUS_DEVICE,
  MW_STATUS_SWITCHES,
  MW_STATUS_MODE,
};

#define MW_ACCESS_READ 1u
#define MW_ACCESS_WRITE 2u

#define MW_OBJECT_PUBLIC 1u /* the public client may read it */

enum mw_model_id { MW_ME381, MW_MT381, MW_N_MODELS };

typedef struct mw_model_object {
  uint8_t ln[6];
  uint16_t class_id;
  uint16_t first; /* of its attributes, number 2 on */
  uint8_t version;
  uint8_t count;
  uint8_t methods; /* bit n-1: method n */
  uint8_t flags;   /* MW_OBJECT_ */
  uint8_t models;  /* bit per enum mw_model_id */
} mw_model_object;

typedef struct mw_model_attr {
  uint16_t arg;
  uint16_t type;   /* offset in mw_model_types */
  uint16_t limit;  /* index in mw_model_limits; 0: only the type limits it */
  uint16_t object; /* to which it belongs */
  uint8_t n;
  uint8_t access; /* MW_ACCESS_, for the management client */
  uint8_t bind;   /* enum mw_bind */
  uint8_t fn;     /* enum mw_model_fn */
} mw_model_attr;

/* Of a number: its range, or the list of what is allowed; of an octet-string and an array: its
 * length. */
typedef struct mw_model_limit {
  int64_t least, most;
  uint8_t choices, n_choices; /* in mw_model_choices; 0: all of the range */
} mw_model_limit;

/* Room for a stored value: two octets of length and CAP of A-XDR. */
typedef struct mw_model_cell {
  uint16_t offset;
  uint16_t cap;
  uint16_t preset; /* place in the defaults */
} mw_model_cell;

/* A default that goes through the setter of its attribute when the meter is new. */
typedef struct mw_model_preset {
  uint16_t attr;
  uint16_t value; /* place in the defaults */
} mw_model_preset;

/* Types, one letter a type: b boolean, u unsigned, U long-unsigned, D double-long-unsigned,
 * i integer, I long, L double-long, q long64, Q long64-unsigned, e enum, o octet-string,
 * v visible-string, t bit-string, T date-time, Y date, H time (these three as octet-strings of
 * 12, 5, 4), ? anything, a(x) array of x, s(xyz) structure. */
extern const char mw_model_types[];
extern const mw_model_object mw_model_objects[];
extern const mw_model_attr mw_model_attrs[];
extern const mw_model_limit mw_model_limits[];
extern const int32_t mw_model_choices[];
extern const mw_model_cell mw_model_cells[];
extern const mw_model_preset mw_model_presets[];
extern const uint8_t mw_model_defaults[]; /* each: two octets of length, A-XDR */
extern const uint16_t mw_model_n_objects, mw_model_n_attrs, mw_model_n_cells,
    mw_model_n_presets;
/* MD5 of the tables: the signature of the "firmware" of a reference meter. */
extern const uint8_t mw_model_signature[16];
/* MD5 of the interface classes that the core is seen through. */
extern const uint8_t mw_model_core_signature[16];

#endif
