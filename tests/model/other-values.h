/* other-values.h: for each attribute that can be written a value that is allowed and is not the
 * one that it has. */
#ifndef MW_TEST_OTHER_VALUES_H
#define MW_TEST_OTHER_VALUES_H

#include "rig.h"

/* Values for what is no plain number, and where any other number would not show. */
typedef struct choice {
  const char *obis;
  uint16_t class_id;
  uint8_t n;
  const char *hex;
} choice;
#define SCRIPT(n) "0202 0906 00000a006aff 1200" n
/* clang-format off */
static const choice choices[] = {
  { "0-0:1.0.0.255", 8, 2, "090c 07ea 03 01 07 0a 00 00 00 ffc4 00" },
  { "0-0:1.0.0.255", 8, 5, "090c ffff 04 fe 07 02 00 00 00 8000 00" },
  { "0-0:1.0.0.255", 8, 6, "090c ffff 03 01 ff 03 00 00 00 8000 80" },
  { "0-0:10.0.100.255", 9, 2, "0101 0202 120001 0100" },
  { "0-0:11.0.0.255", 11, 2, "0101 0203 120001 0905 07ea031dff 1107" },
  { "0-0:13.0.0.255", 20, 7, "0101 0203 0902 5331 090c ffff 05 01 ff 00 00 00 00 8000 ff 0902 5739" },
  { "0-0:13.0.0.255", 20, 8, "0101 0208 0902 5739 1101 1101 1101 1101 1101 1101 1101" },
  { "0-0:13.0.0.255", 20, 9, "0101 0202 1101 0101 0203 0904 00000000 0906 00000a0064ff 120003" },
  { "0-0:13.0.0.255", 20, 10, "090c 07ea 03 01 07 04 00 00 00 8000 00" },
  { "0-0:14.0.1.255", 6, 4, "0902 0004" },
  { "0-0:14.0.2.255", 6, 4, "0902 0004" },
  { "0-0:15.0.0.255", 22, 2, "0202 0906 00000a0001ff 120002" },
  { "0-0:15.0.0.255", 22, 4, "0101 0202 0904 00000000 0905 ffffff1dff" },
  { "0-0:15.0.1.255", 22, 2, "0202 0906 00000a006aff 120002" },
  { "0-0:15.0.1.255", 22, 4, "0101 0202 0904 00000000 0905 ffffff1dff" },
  { "0-0:15.0.2.255", 22, 4, "0101 0202 0904 00000000 0905 ffffff1dff" },
  { "0-0:15.1.0.255", 22, 2, "0202 0906 00000a0001ff 120001" },
  { "0-0:15.1.0.255", 22, 4, "0101 0202 0904 00000000 0905 ffffff1dff" },
  { "0-1:15.0.1.255", 22, 2, "0202 0906 00010a006aff 120003" },
  { "0-1:15.0.1.255", 22, 4, "0101 0202 0904 00000000 0905 ffffff1dff" },
  { "0-0:17.0.0.255", 71, 2, "0203 120003 0906 01001f0700ff 0f02" },
  { "0-0:17.0.1.255", 71, 2, "0203 120003 0906 01001f0700ff 0f02" },
  { "0-0:17.0.0.255", 71, 8, "0203 120001 090c 07ea 03 01 07 04 00 00 00 8000 00 06 000000ff" },
  { "0-0:17.0.1.255", 71, 8, "0203 120001 090c 07ea 03 01 07 04 00 00 00 8000 00 06 000000ff" },
  { "0-0:17.0.0.255", 71, 9, "0101 120007" },
  { "0-0:17.0.1.255", 71, 9, "0101 120007" },
  { "0-0:17.0.0.255", 71, 11, "0202 " SCRIPT ("01") SCRIPT ("02") },
  { "0-0:17.0.1.255", 71, 11, "0202 " SCRIPT ("01") SCRIPT ("02") },
  { "1-0:31.4.0.255", 21, 3, "0203 120003 0906 01001f0700ff 0f02" },
  { "1-0:51.4.0.255", 21, 3, "0203 120005 0906 01001f0400ff 0f02" },
  { "1-0:71.4.0.255", 21, 3, "0203 120005 0906 0100330400ff 0f02" },
  { "1-0:31.4.0.255", 21, 4, "0101 0202 " SCRIPT ("01") SCRIPT ("02") },
  { "1-0:51.4.0.255", 21, 4, "0101 0202 " SCRIPT ("01") SCRIPT ("02") },
  { "1-0:71.4.0.255", 21, 4, "0101 0202 " SCRIPT ("01") SCRIPT ("02") },
  { "1-0:31.4.0.255", 21, 2, "0101 120001" },
  { "1-0:51.4.0.255", 21, 2, "0101 120001" },
  { "1-0:71.4.0.255", 21, 2, "0101 120001" },
  { "0-0:20.0.0.255", 19, 6, "0908 3030303030303032" },
  { "0-0:20.0.0.255", 19, 7, "0908 3132333435363738" },
  { "0-0:20.0.0.255", 19, 8, "0908 3132333435363738" },
  { "0-0:20.0.0.255", 19, 9, "0908 3132333435363738" },
  { "1-0:0.0.0.255", 1, 2, "0908 3030303030303032" },
  { "0-0:128.41.0.255", 1, 2, "0202 06 00000100 12 0020" },
  { "0-0:128.60.31.255", 1, 2, "0203 120003 0906 0100020800ff 0f02" },
  { "0-0:128.60.32.255", 1, 2, "0203 120003 0906 0000803c01ff 0f02" },
  { "0-0:26.0.0.255", 50, 7, "0202 06 00011170 06 00010cc0" },
  { "0-0:26.0.0.255", 50, 9, "0101 120c00" },
  { "0-0:196.98.3.255", 1, 2, "11 05" },
  { "0-0:128.0.13.255", 1, 2, "11 00" },
  { "0-0:26.5.0.255", 55, 2, "11 f0" },
  { "0-0:196.3.6.255", 1, 2, "06 00000017" },
  { "0-0:196.3.0.255", 1, 2, "06 000000c0" },
  { "1-0:12.31.129.255", 3, 2, "12 0064" },
  { "1-0:12.35.129.255", 3, 2, "12 0064" },
  { "0-0:196.1.0.255", 1, 2, "11 71" },
  { "0-0:196.1.1.255", 1, 2, "11 71" },
  { "0-0:128.1.1.255", 1, 2, "10 03e8" },
  { "0-1:24.3.0.255", 7, 4, "06 00000384" },
  { "0-2:24.3.0.255", 7, 4, "06 00000384" },
  { "0-3:24.3.0.255", 7, 4, "06 00000384" },
  { "0-4:24.3.0.255", 7, 4, "06 00000384" },
  { "1-0:0.8.2.255", 3, 2, "12 012c" },
  { "1-0:99.1.0.255", 7, 4, "06 0000012c" },
  { "1-0:99.2.0.255", 7, 4, "06 0000012c" },
  { "0-0:128.1.2.255", 1, 2, "16 03" },
  { "0-0:128.1.3.255", 3, 2, "12 03e8" },
  { "0-0:128.7.50.255", 3, 2, "12 07d0" },
  { "0-0:128.7.51.255", 3, 2, "12 0001" },
  { "0-0:128.8.50.255", 3, 2, "12 003c" },
  { "0-0:128.30.3.255", 3, 2, "12 000a" },
  { "0-0:128.30.13.255", 3, 2, "12 000a" },
  { "0-0:128.30.24.255", 3, 2, "12 2710" },
  { "0-0:128.62.10.255", 3, 2, "12 2710" },
  { "0-0:128.60.12.255", 3, 2, "06 00000000" },
  { "1-0:0.9.11.255", 3, 2, "11 1e" },
  { "1-0:12.31.0.255", 3, 2, "12 035c" },
  { "1-0:12.35.0.255", 3, 2, "12 047e" },
  { "0-0:97.97.0.255", 1, 2, "06 00000000" },
  { "0-0:97.97.1.255", 1, 2, "06 00000000" },
  { "0-0:97.98.0.255", 1, 2, "06 00000000" },
  { "0-0:97.98.1.255", 1, 2, "06 00000000" },
  { "0-0:196.97.0.255", 1, 2, "06 7fffffff" },
  { "0-0:196.97.1.255", 1, 2, "06 7fffffff" },
};
/* clang-format on */

static inline const char *
choice_of (const mw_model_object *o, unsigned n)
{
  for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
    mw_obis ln;
    CHECK (mw_obis_parse (choices[i].obis, strlen (choices[i].obis), &ln) == MW_OK);
    if (memcmp (ln.v, o->ln, 6) == 0 && choices[i].class_id == o->class_id && choices[i].n == n)
      return choices[i].hex;
  }
  return NULL;
}

/* Another value of attribute A than the one in R->answer, in BUF. */
static inline mw_span
another (rig *r, uint16_t a, uint8_t *buf, size_t cap)
{
  const mw_model_attr *row = &mw_model_attrs[a];
  const char *hex = choice_of (&mw_model_objects[row->object], row->n);
  const mw_model_limit *limit = &mw_model_limits[row->limit];
  char letter = mw_model_types[row->type];
  mw_cur c;
  mw_axdr_value v;
  int64_t old = 0, next;
  mw_wr w;
  if (hex)
    return rig_hex (hex, buf, cap);
  mw_wr_init (&w, buf, cap);
  mw_cur_init (&c, r->answer, r->len);
  mw_axdr_get (&c, &v);
  if (letter == 'o') { /* as long as it may be */
    static const char text[] = "another text of this length";
    uint32_t n = row->limit && limit->most < 16 ? (uint32_t) limit->most : 16;
    n = row->limit && limit->least > n ? (uint32_t) limit->least : n;
    mw_axdr_put_octets (&w, text, n);
    return mw_wr_done (&w);
  }
  if (letter == 'a') { /* one element less, two at least being there */
    if (v.len < 2)
      return (mw_span){ buf, 0 };
    mw_axdr_put_array (&w, v.len - 1);
    for (uint32_t i = 0; i + 1 < v.len; i++)
      mw_wr_span (&w, mw_axdr_take (&c));
    return mw_wr_done (&w);
  }
  if (mw_axdr_to_int (&v, &old) != MW_OK)
    return (mw_span){ buf, 0 };
  if (letter == 'b') {
    mw_axdr_put_bool (&w, !old);
    return mw_wr_done (&w);
  }
  next = old + 1;
  if (row->limit && limit->n_choices) {
    next = mw_model_choices[limit->choices];
    if (next == old && limit->n_choices > 1)
      next = mw_model_choices[limit->choices + 1];
  } else if (row->limit && next > limit->most) {
    next = old - 1;
  } else if (old == 0 && letter == 'D' && (!row->limit || limit->most >= 0x7fffffff)) {
    next = 0x7fffffff; /* masks */
  } else if (row->limit && limit->least < old && limit->most >= old * 2 && old > 3) {
    next = old * 2;
  }
  if (letter == '?') /* the type of what is monitored */
    next = 500;
  mw_axdr_put_int (&w, v.type, next);
  return mw_wr_done (&w);
}

#endif
