/* axdr_value.h: one value of a known type, read from memory; private to the axdr_ files, inline
 * because the table reader lives from it. */
#ifndef MW_AXDR_VALUE_H
#define MW_AXDR_VALUE_H

#include <string.h>

#include "dlms/axdr.h"

static inline uint16_t
axdr_load16 (const uint8_t *p)
{
  return (uint16_t) (p[0] << 8 | p[1]);
}

static inline uint32_t
axdr_load32 (const uint8_t *p)
{
  return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3];
}

static inline uint64_t
axdr_load64 (const uint8_t *p)
{
  return (uint64_t) axdr_load32 (p) << 32 | axdr_load32 (p + 4);
}

static inline double
axdr_float32 (uint32_t bits)
{
  float f;
  memcpy (&f, &bits, sizeof f);
  return (double) f;
}

static inline double
axdr_float64 (uint64_t bits)
{
  double f;
  memcpy (&f, &bits, sizeof f);
  return f;
}

/* A-XDR length (IEC 61334-6): NULL when it is cut off, *ERR when it is none. */
static inline const uint8_t *
axdr_load_length (const uint8_t *p, const uint8_t *end, uint32_t *out, enum mw_err *err)
{
  unsigned n;
  uint32_t v = 0;
  if (p == end)
    return NULL;
  if (*p < 0x80) {
    *out = *p;
    return p + 1;
  }
  n = *p & 0x7fu;
  if (n == 0 || n > 4) {
    *err = MW_ERR_VALUE;
    return NULL;
  }
  if ((size_t) (end - p) < n + 1)
    return NULL;
  for (unsigned i = 1; i <= n; i++)
    v = v << 8 | p[i];
  *out = v;
  return p + n + 1;
}

/* A string: length, then octets (of a bit-string: bits). */
static inline const uint8_t *
axdr_load_string (const uint8_t *p, const uint8_t *end, unsigned type, mw_axdr_value *v,
                  enum mw_err *err)
{
  uint32_t len, octets;
  p = axdr_load_length (p, end, &len, err);
  if (!p)
    return NULL;
  octets = type == MW_AXDR_BIT_STRING ? len / 8 + (len % 8 != 0) : len;
  if ((size_t) (end - p) < octets)
    return NULL;
  v->len = len;
  v->ptr = p;
  return p + octets;
}

#define AXDR_FIXED(octets, assign)                                                             \
  if ((size_t) (end - p) < (octets))                                                           \
    return NULL;                                                                               \
  v->len = (octets);                                                                           \
  assign;                                                                                      \
  return p + (octets)

/* The value of TYPE at P: everything but array, structure and compact-array.  Returns what
 * follows it; NULL when it is cut off, or with *ERR set when TYPE is no such type.  v->type and
 * v->nulls are left alone. */
static inline const uint8_t *
axdr_load (const uint8_t *p, const uint8_t *end, unsigned type, mw_axdr_value *v,
           enum mw_err *err)
{
  /* clang-format off */
  switch (type) {
  case MW_AXDR_NULL_DATA:
  case MW_AXDR_DONT_CARE:            v->len = 0; v->u = 0; return p;
  case MW_AXDR_BOOLEAN:              AXDR_FIXED (1, v->u = *p != 0);
  case MW_AXDR_UNSIGNED:
  case MW_AXDR_DELTA_UNSIGNED:
  case MW_AXDR_ENUM:                 AXDR_FIXED (1, v->u = *p);
  case MW_AXDR_BCD:
  case MW_AXDR_DELTA_INTEGER:
  case MW_AXDR_INTEGER:              AXDR_FIXED (1, v->i = (int8_t) *p);
  case MW_AXDR_DELTA_LONG:
  case MW_AXDR_LONG:                 AXDR_FIXED (2, v->i = (int16_t) axdr_load16 (p));
  case MW_AXDR_DELTA_LONG_UNSIGNED:
  case MW_AXDR_LONG_UNSIGNED:        AXDR_FIXED (2, v->u = axdr_load16 (p));
  case MW_AXDR_DELTA_DOUBLE_LONG:
  case MW_AXDR_DOUBLE_LONG:          AXDR_FIXED (4, v->i = (int32_t) axdr_load32 (p));
  case MW_AXDR_DELTA_DOUBLE_LONG_UNSIGNED:
  case MW_AXDR_DOUBLE_LONG_UNSIGNED: AXDR_FIXED (4, v->u = axdr_load32 (p));
  case MW_AXDR_LONG64:               AXDR_FIXED (8, v->i = (int64_t) axdr_load64 (p));
  case MW_AXDR_LONG64_UNSIGNED:      AXDR_FIXED (8, v->u = axdr_load64 (p));
  case MW_AXDR_FLOATING_POINT:
  case MW_AXDR_FLOAT32:              AXDR_FIXED (4, v->f = axdr_float32 (axdr_load32 (p)));
  case MW_AXDR_FLOAT64:              AXDR_FIXED (8, v->f = axdr_float64 (axdr_load64 (p)));
  case MW_AXDR_DATE_TIME:            AXDR_FIXED (12, v->ptr = p);
  case MW_AXDR_DATE:                 AXDR_FIXED (5, v->ptr = p);
  case MW_AXDR_TIME:                 AXDR_FIXED (4, v->ptr = p);
  case MW_AXDR_BIT_STRING:
  case MW_AXDR_OCTET_STRING:
  case MW_AXDR_VISIBLE_STRING:
  case MW_AXDR_UTF8_STRING:          return axdr_load_string (p, end, type, v, err);
  default:                           *err = MW_ERR_VALUE; return NULL;
  }
  /* clang-format on */
}

/* Does the value point to octets (v->ptr)?  *OCTETS: how many. */
static inline bool
axdr_points (const mw_axdr_value *v, uint32_t *octets)
{
  switch (v->type) {
  case MW_AXDR_BIT_STRING:
    *octets = v->len / 8 + (v->len % 8 != 0);
    return true;
  case MW_AXDR_OCTET_STRING:
  case MW_AXDR_VISIBLE_STRING:
  case MW_AXDR_UTF8_STRING:
  case MW_AXDR_DATE_TIME:
  case MW_AXDR_DATE:
  case MW_AXDR_TIME:
    *octets = v->len;
    return true;
  default:
    return false;
  }
}

#endif
