/* axdr.h: COSEM data in A-XDR: every data type, a reader with events, a fast table reader.
 *
 * Blue Book 4.1.5 (common data types), Green Book 9.5 (the type Data) and IEC 61334-6 (A-XDR).
 *
 * Three readers, none recursive, none allocating:
 *   mw_axdr_scan    finds where a value ends, byte by byte, whatever is in it
 *   mw_axdr_walk    events (value, open, close) of one value; may be fed in pieces
 *   mw_axdr_table   rows of a profile buffer, fed in pieces; the fast one
 * Writers are mw_axdr_put_ functions over mw_wr.
 */
#ifndef MW_AXDR_H
#define MW_AXDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/civil.h"
#include "base/cursor.h"
#include "base/decimal.h"
#include "dlms/obis.h"

/* clang-format off */
/* tag, symbol, name, octets of a fixed size (-1: length follows, -2: elements follow) */
#define MW_AXDR_TYPES(ROW) \
  ROW (  0, NULL_DATA,            "null-data",             0) \
  ROW (  1, ARRAY,                "array",                -2) \
  ROW (  2, STRUCTURE,            "structure",            -2) \
  ROW (  3, BOOLEAN,              "boolean",               1) \
  ROW (  4, BIT_STRING,           "bit-string",           -1) \
  ROW (  5, DOUBLE_LONG,          "double-long",           4) \
  ROW (  6, DOUBLE_LONG_UNSIGNED, "double-long-unsigned",  4) \
  ROW (  7, FLOATING_POINT,       "floating-point",        4) \
  ROW (  9, OCTET_STRING,         "octet-string",         -1) \
  ROW ( 10, VISIBLE_STRING,       "visible-string",       -1) \
  ROW ( 12, UTF8_STRING,          "utf8-string",          -1) \
  ROW ( 13, BCD,                  "bcd",                   1) \
  ROW ( 15, INTEGER,              "integer",               1) \
  ROW ( 16, LONG,                 "long",                  2) \
  ROW ( 17, UNSIGNED,             "unsigned",              1) \
  ROW ( 18, LONG_UNSIGNED,        "long-unsigned",         2) \
  ROW ( 19, COMPACT_ARRAY,        "compact-array",        -2) \
  ROW ( 20, LONG64,               "long64",                8) \
  ROW ( 21, LONG64_UNSIGNED,      "long64-unsigned",       8) \
  ROW ( 22, ENUM,                 "enum",                  1) \
  ROW ( 23, FLOAT32,              "float32",               4) \
  ROW ( 24, FLOAT64,              "float64",               8) \
  ROW ( 25, DATE_TIME,            "date-time",            12) \
  ROW ( 26, DATE,                 "date",                  5) \
  ROW ( 27, TIME,                 "time",                  4) \
  ROW ( 28, DELTA_INTEGER,        "delta-integer",         1) \
  ROW ( 29, DELTA_LONG,           "delta-long",            2) \
  ROW ( 30, DELTA_DOUBLE_LONG,    "delta-double-long",     4) \
  ROW ( 31, DELTA_UNSIGNED,       "delta-unsigned",        1) \
  ROW ( 32, DELTA_LONG_UNSIGNED,  "delta-long-unsigned",   2) \
  ROW ( 33, DELTA_DOUBLE_LONG_UNSIGNED, "delta-double-long-unsigned", 4) \
  ROW (255, DONT_CARE,            "dont-care",             0)
/* clang-format on */

enum mw_axdr_type {
#define MW_AXDR_ROW(tag, symbol, name, size) MW_AXDR_##symbol = tag,
  MW_AXDR_TYPES (MW_AXDR_ROW)
#undef MW_AXDR_ROW
};

/* How deep arrays and structures may be nested: an association's object list needs six. */
#define MW_AXDR_DEPTH 12
/* Longest type description of a compact-array, in octets. */
#define MW_AXDR_DESCRIPTION 128

/* The standard's name of TAG ("double-long-unsigned"); NULL when there is no such type. */
const char *mw_axdr_type_name (unsigned tag);
/* Octets after the tag, -1 for a string, -2 for array, structure and compact-array; -3 when
 * there is no such type. */
int mw_axdr_type_size (unsigned tag);

/* One value.  Which member holds it:
 *   u    boolean (0 or 1), unsigned types, enum
 *   i    signed types, bcd
 *   f    float32, float64, floating-point
 *   ptr  strings, date-time, date, time: borrowed, LEN octets (a bit-string: LEN bits) */
typedef struct mw_axdr_value {
  uint8_t type;
  uint32_t len;   /* octets, bits, or elements of an array or structure */
  uint32_t nulls; /* table rows only: null-data seen in this column since the value was given */
  union {
    uint64_t u;
    int64_t i;
    double f;
    const uint8_t *ptr;
  };
} mw_axdr_value;

/* The integer of VALUE, whichever integer type, boolean, enum or bcd it is.
 * MW_ERR_VALUE for any other type, or when it does not fit. */
enum mw_err mw_axdr_to_int (const mw_axdr_value *value, int64_t *out);
/* VALUE as an exact number with EXPONENT and UNIT (scaler_unit); a float with the decimals that
 * bring it back, at most 6 (float32) or 9 (float64).  MW_ERR_VALUE for other types. */
enum mw_err
mw_axdr_to_decimal (const mw_axdr_value *value, int exponent, unsigned unit, mw_decimal *out);

/* --- reading single values over a cursor ------------------------------------------------- */

/* A-XDR length: one octet below 128, else 81h-84h and that many. Fails the cursor otherwise. */
uint32_t mw_axdr_length (mw_cur *c);
/* Read the tag and a value that is no array, structure or compact-array; of an array and a
 * structure only tag and number of elements.  Fails the cursor on unknown types. */
void mw_axdr_get (mw_cur *c, mw_axdr_value *out);
/* The same where the type is known and no tag stands in the data (compact-array). */
void mw_axdr_get_as (mw_cur *c, unsigned type, mw_axdr_value *out);
/* Expect one type. Each fails the cursor with MW_ERR_VALUE when another type stands there. */
uint32_t mw_axdr_get_array (mw_cur *c);
void mw_axdr_get_structure (mw_cur *c, uint32_t elements);
mw_span mw_axdr_get_octets (mw_cur *c);
int64_t mw_axdr_get_int (mw_cur *c); /* any integer type, boolean, enum, bcd */
mw_obis mw_axdr_get_obis (mw_cur *c);
/* The whole of the next value, tag included, whatever it is. */
mw_span mw_axdr_take (mw_cur *c);

/* --- date and time (Blue Book 4.1.6.1) --------------------------------------------------- */

/* LEN 12 (date-time), 5 (date) or 4 (time) octets, with their unspecified fields.  COSEM counts
 * the deviation from local time to UTC; the civil time the other way: the sign turns here.
 * MW_ERR_VALUE when LEN is another or a field is impossible. */
enum mw_err mw_axdr_civil (const uint8_t *octets, size_t len, mw_civil *out);
/* VALUE being a date-time, date, time, or an octet-string of that length. */
enum mw_err mw_axdr_to_civil (const mw_axdr_value *value, mw_civil *out);
void mw_axdr_civil_octets (const mw_civil *t, uint8_t octets[12]);

/* --- writing ----------------------------------------------------------------------------- */

void mw_axdr_put_length (mw_wr *w, uint32_t n);
void mw_axdr_put_null (mw_wr *w);
void mw_axdr_put_array (mw_wr *w, uint32_t elements);
void mw_axdr_put_structure (mw_wr *w, uint32_t elements);
/* TYPE is any type with a fixed size and an integer in it; V is cut to its octets. */
void mw_axdr_put_int (mw_wr *w, unsigned type, int64_t v);
void mw_axdr_put_bool (mw_wr *w, bool v);
void mw_axdr_put_u8 (mw_wr *w, uint8_t v);
void mw_axdr_put_u16 (mw_wr *w, uint16_t v);
void mw_axdr_put_u32 (mw_wr *w, uint32_t v);
void mw_axdr_put_u64 (mw_wr *w, uint64_t v);
void mw_axdr_put_i8 (mw_wr *w, int8_t v);
void mw_axdr_put_i16 (mw_wr *w, int16_t v);
void mw_axdr_put_i32 (mw_wr *w, int32_t v);
void mw_axdr_put_i64 (mw_wr *w, int64_t v);
void mw_axdr_put_enum (mw_wr *w, uint8_t v);
void mw_axdr_put_float32 (mw_wr *w, float v);
void mw_axdr_put_float64 (mw_wr *w, double v);
/* TYPE is octet-, visible- or utf8-string. */
void mw_axdr_put_string (mw_wr *w, unsigned type, const void *data, size_t len);
void mw_axdr_put_octets (mw_wr *w, const void *data, size_t len);
void mw_axdr_put_visible (mw_wr *w, const char *text);
void mw_axdr_put_bits (mw_wr *w, const uint8_t *bytes, uint32_t bits);
void mw_axdr_put_obis (mw_wr *w, mw_obis o);
/* As the 12-octet octet-string that attributes and profiles use. */
void mw_axdr_put_civil (mw_wr *w, const mw_civil *t);
/* As date-time [25], date [26], time [27], or an octet-string of 12, 5 or 4 octets. */
void mw_axdr_put_civil_as (mw_wr *w, unsigned type, size_t octets, const mw_civil *t);
/* What mw_axdr_get read, again: tag and value (for array and structure tag and number). */
void mw_axdr_put (mw_wr *w, const mw_axdr_value *v);
/* A compact-array begins: its type description as it stands in the data (02 02 12 06:
 * structures of long-unsigned and double-long-unsigned), and how many octets of contents
 * follow.  The contents are values without tags: mw_axdr_put_bare. */
void
mw_axdr_put_compact (mw_wr *w, const uint8_t *description, size_t octets, uint32_t contents);
void mw_axdr_put_bare (mw_wr *w, const mw_axdr_value *v);

/* --- scan: where does the value end? ------------------------------------------------------ */

typedef struct mw_axdr_scan {
  uint32_t left[MW_AXDR_DEPTH]; /* elements still to come, per level */
  uint32_t skip;                /* octets of a value still to pass */
  uint32_t length;
  uint16_t describe;  /* type descriptions of a compact-array still to read */
  uint16_t described; /* of its octets, how many were read */
  uint8_t depth;
  uint8_t state;
  uint8_t type;
  uint8_t octets;
  bool done; /* the value is complete */
  enum mw_err err;
} mw_axdr_scan;

void mw_axdr_scan_init (mw_axdr_scan *s);
/* Take octets of one value from DATA until it is complete (s->done), DATA ends, or it is no
 * A-XDR (s->err).  Returns how many belong to the value. */
size_t mw_axdr_scan_feed (mw_axdr_scan *s, const uint8_t *data, size_t len);

/* --- walk: events ------------------------------------------------------------------------- */

enum mw_axdr_event {
  MW_AXDR_MORE,  /* the window ends inside an item: give more (or: it is cut off) */
  MW_AXDR_VALUE, /* value holds it */
  MW_AXDR_OPEN,  /* an array, structure or compact-array begins; value.len elements
                    (a compact-array: UINT32_MAX, it ends with its octets) */
  MW_AXDR_CLOSE, /* and ends */
  MW_AXDR_END,   /* the value is complete; mw_axdr_walk_rest has what follows it */
  MW_AXDR_ERROR, /* walk.err */
};

typedef struct mw_axdr_level {
  uint32_t left;    /* elements to come */
  uint16_t element; /* compact-array: where in the description an element's type begins */
  uint8_t type;
} mw_axdr_level;

typedef struct mw_axdr_walk {
  mw_cur cur;
  uint32_t passed;    /* octets of earlier windows */
  uint32_t contents;  /* compact-array: octets of its contents to come */
  uint16_t at;        /* compact-array: the next type in the description */
  uint16_t described; /* octets of the description */
  uint8_t depth;
  uint8_t compact; /* level (1…) of the open compact-array, 0 when none is open */
  bool started;
  bool done;
  enum mw_err err;
  mw_axdr_value value; /* of the last event */
  uint32_t offset;     /* where the last event's item begins in the whole */
  mw_axdr_level level[MW_AXDR_DEPTH];
  uint8_t description[MW_AXDR_DESCRIPTION];
} mw_axdr_walk;

void mw_axdr_walk_init (mw_axdr_walk *w, const void *data, size_t len);
/* The next window after MW_AXDR_MORE: what mw_axdr_walk_rest returned, followed by new octets.
 */
void mw_axdr_walk_more (mw_axdr_walk *w, const void *data, size_t len);
enum mw_axdr_event mw_axdr_walk_next (mw_axdr_walk *w);
/* The octets of the window that no event has covered yet. */
mw_span mw_axdr_walk_rest (const mw_axdr_walk *w);

/* --- table: rows of a profile buffer ------------------------------------------------------ */

/* An array of structures, or a compact-array of structures (of values without structure
 * inside), as attribute buffer of Profile generic (Blue Book, class 7).
 *
 * null-data means "as in the row before", for a clock "one capture period later": the row then
 * still holds the value before, and value.nulls counts the null-data since.  When there was
 * none before, type is null-data.
 *
 *   mw_axdr_table_init (&t, row, columns, keep, sizeof keep);
 *   for each piece: mw_axdr_table_feed (&t, piece, len);
 *                   while (mw_axdr_table_next (&t)) use (t.row, t.columns);
 *   good when t.done && !t.err
 */
typedef struct mw_axdr_table {
  mw_axdr_value *row;      /* the caller's; t.columns of them are valid after a row */
  uint32_t capacity;       /* of row */
  uint32_t columns;        /* in this row */
  uint32_t widest;         /* most columns of any row so far */
  uint32_t rows;           /* rows given so far */
  uint32_t rows_left;      /* rows to come; for a compact-array unknown: UINT32_MAX */
  uint32_t contents;       /* compact-array: octets to come */
  const uint8_t *at, *end; /* the piece */
  uint8_t *keep;           /* the caller's: a third for a cut row, two for strings */
  uint32_t keep_cap, kept; /* of each third; octets of the cut row */
  uint8_t state;
  bool strings;  /* which of the two thirds of keep holds strings */
  uint8_t types; /* compact-array: number of types */
  bool done;
  enum mw_err err;
  uint8_t type[64]; /* compact-array: type of each column */
} mw_axdr_table;

/* ROW has room for COLUMNS values (rows with more fail with MW_ERR_SPACE). KEEP must hold three
 * times the longest row. Both stay the caller's. */
void mw_axdr_table_init (mw_axdr_table *t, mw_axdr_value *row, size_t columns, uint8_t *keep,
                         size_t keep_cap);
/* The next piece of the buffer, to stay in place until mw_axdr_table_next returned false. */
void mw_axdr_table_feed (mw_axdr_table *t, const void *piece, size_t len);
/* A further row? False: the piece is used up, or done, or err. */
bool mw_axdr_table_next (mw_axdr_table *t);
/* The instant of COLUMN, a clock column (date-time, or double-long-unsigned UTC seconds), plus
 * PERIOD_S for every null-data since.
 * FALLBACK_MIN stands in for an unspecified deviation. */
enum mw_err mw_axdr_table_time (const mw_axdr_table *t, size_t column, uint32_t period_s,
                                int16_t fallback_min, int64_t *utc);

#endif
