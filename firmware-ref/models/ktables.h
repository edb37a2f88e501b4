/* ktables.h: what each Kamstrup meter has, as tables in flash made from the catalogue
 * (db/catalogue/kamstrup-*.xml) by generate_kmp.py when the firmware is built.
 *
 * A personality is a model in a generation (and, of OMNIPOWER, a variant): "k382" "J".  Each
 * has a bit; a register, a logger and an IEC line say in .in which personalities have them.
 * All families share the tables; registers are sorted by id, and an id may stand there more
 * than once when families differ in it (their .in never overlap).
 *
 *   mw_kregister_find (p, id)       the register of personality P with KMP id ID, or NULL
 *   mw_kregister_of_bind (p, bind)  the first register of P that shows BIND, or NULL
 *   mw_klogger_find (p, log)        the logger of P with KMP log id LOG, or NULL
 */
#ifndef MW_MODELS_KTABLES_H
#define MW_MODELS_KTABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/kamstrup/kmeter.h"

/* How the octets of a register are made. */
enum mw_kkind {
  MW_KKIND_NUMBER, /* mantissa of .octets octets and .exponent */
  MW_KKIND_BITS,   /* number whose bits mean something */
  MW_KKIND_ENUM,   /* number that stands for a word */
  MW_KKIND_TIME,   /* hhmmss as a decimal number */
  MW_KKIND_DATE,   /* yymmdd as a decimal number */
  MW_KKIND_RTC,    /* 8 octets */
  MW_KKIND_TEXT,   /* ASCII, filled up with spaces */
  MW_KKIND_OCTETS, /* a block of .octets octets */
};

/* Binds that are no value of the core but a property of one of its logs (enum mw_klog): how
 * many entries it can hold; its columns besides the clock, as register ids of two octets each.
 */
#define MW_KBIND_DEPTH(log) (0x8000u | (log))
#define MW_KBIND_COLUMNS(log) (0x8100u | (log))

#define MW_KACCESS_READ 1u
#define MW_KACCESS_WRITE 2u
#define MW_KACCESS_MODULE 4u /* written through the module port alone */

typedef struct mw_kregister {
  uint64_t in;     /* personalities that have it, a bit each */
  uint16_t id;     /* of KMP */
  uint16_t bind;   /* enum mw_kvalue_id of the core; attribute bind of the catalogue */
  uint8_t unit;    /* of KMP: 2 kWh, 33 V, 53 RTC … */
  uint8_t octets;  /* of the mantissa; of texts and blocks the length */
  int8_t exponent; /* value = mantissa × 10^exponent */
  uint8_t kind;    /* enum mw_kkind */
  uint8_t access;  /* MW_KACCESS_ */
  uint8_t obis[6]; /* all 0: has none */
  uint8_t limit;   /* in mw_klimits; 0: all that fits into the octets */
} mw_kregister;

/* Of what is written, as the mantissa of the register. */
typedef struct mw_klimit {
  int32_t least, most;
  int32_t preset;     /* of a new meter */
  uint16_t choices;   /* in mw_kchoices: the only values that are taken … */
  uint16_t n_choices; /* … how many; 0: all between least and most */
} mw_klimit;

/* How many entries a log holds: ENTRIES, or, when that is 0, OCTETS / (HEADER + COLUMN × number
 * of columns besides the clock). */
typedef struct mw_klogger {
  uint64_t in;
  uint8_t log; /* KMP log id */
  uint8_t id;  /* enum mw_klog */
  uint8_t n_columns;
  bool periodic;    /* at an interval; else when something happens */
  uint16_t columns; /* in mw_kcolumns: register ids, the clock first; those that the
                       personality lacks are left out */
  uint16_t entries;
  uint32_t octets;
  uint8_t header, column;
  uint8_t obis[6];
} mw_klogger;

/* A line of the IEC 62056-21 read-out: "1.8.0(0036886*kWh)". */
typedef struct mw_kiec_line {
  uint64_t in;
  const char *code; /* "1.8.0" */
  uint16_t id;      /* the register */
  uint8_t digits;   /* before the point, with leading zeros; 0: as long as the value is */
  uint8_t decimals;
  const char *unit; /* "kWh" or "" */
} mw_kiec_line;

enum mw_kport { MW_KPORT_OPTICAL, MW_KPORT_MODULE, MW_N_KPORTS };

#define MW_KPROTOCOL_KMP 1u
#define MW_KPROTOCOL_IEC 2u
#define MW_KPROTOCOL_DLMS 4u

typedef struct mw_kpersonality {
  const char *model;     /* as in --model: "k382"; "omnipower-aron" is a type of omnipower-3p */
  const char *name;      /* "382" */
  char generation;       /* 'J' */
  uint8_t variant;       /* of OMNIPOWER 1 or 2, else 0 */
  uint16_t kmp_type;     /* GetType */
  uint16_t kmp_revision; /* letter << 8 | number, A is 1 */
  uint32_t baud[MW_N_KPORTS]; /* KMP */
  uint8_t protocols;          /* MW_KPROTOCOL_ */
  uint8_t phases;             /* 1 or 3 */
  uint8_t systems;            /* measuring systems: Aron has 2 */
  bool ct;                    /* behind current transformers */
  bool breaker;               /* can be had with one (the type number says whether it has) */
  const char *type_number;    /* of a typical one, without dashes */
  const char *iec; /* identification after "/": "KAM5" …; the type number follows */
} mw_kpersonality;

extern const mw_kpersonality mw_kpersonalities[];
extern const mw_kmodel mw_kmodels[]; /* of the core, in the order of the personalities */
extern const mw_kregister mw_kregister_rows[];
extern const mw_klimit mw_klimits[];
extern const int32_t mw_kchoices[];
extern const mw_klogger mw_kloggers[];
extern const uint16_t mw_kcolumns[];
extern const mw_kiec_line mw_kiec_lines[];
extern const uint16_t mw_n_kpersonalities, mw_n_kregister_rows, mw_n_kloggers, mw_n_kiec_lines;

/* The personality of MODEL in GENERATION ('\0': the newest) and VARIANT (0: the first); its
 * index, or -1. */
int mw_kpersonality_find (const char *model, char generation, unsigned variant);
const mw_kregister *mw_kregister_find (unsigned personality, uint16_t id);
const mw_kregister *mw_kregister_of_bind (unsigned personality, uint16_t bind);
const mw_klogger *mw_klogger_find (unsigned personality, uint8_t log);
const mw_klogger *mw_klogger_of_id (unsigned personality, unsigned id);
/* Entries that LOGGER holds with N columns besides the clock. */
uint32_t mw_klogger_depth (const mw_klogger *logger, unsigned n);
/* Does personality P have what says so in IN? */
static inline bool
mw_khas (uint64_t in, unsigned p)
{
  return in >> p & 1u;
}

#endif
