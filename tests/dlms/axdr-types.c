/* axdr-types: every data type read and written, dates, names of objects, scan and walk.
 *
 * The octets in this file were written by hand from Blue Book 4.1.5 and 4.1.6.1. */
#include "dlms/axdr.h"
#include "vectors.h"

static mw_axdr_value
get (const char *hex)
{
  static uint8_t octets[256];
  mw_axdr_value v;
  mw_cur c;
  mw_cur_init (&c, octets, unhex (hex, octets, sizeof octets));
  mw_axdr_get (&c, &v);
  CHECK_EQ (mw_cur_end (&c), MW_OK);
  return v;
}

/* V is written as HEX says. */
static void
put_is (const mw_axdr_value *v, const char *hex)
{
  uint8_t octets[64];
  mw_wr w;
  HEX (want, "0000000000000000000000000000000000000000000000000000000000000000");
  want_len = unhex (hex, want, sizeof want);
  mw_wr_init (&w, octets, sizeof octets);
  mw_axdr_put (&w, v);
  CHECK_MEM (octets, mw_wr_len (&w), want, want_len);
}

static void
test_integers (void)
{
  /* clang-format off */
  static const struct { const char *hex; int64_t value; } rows[] = {
    { "03 00", 0 }, { "03 01", 1 },
    { "05 80000000", INT32_MIN }, { "05 7FFFFFFF", INT32_MAX }, { "06 FFFFFFFF", UINT32_MAX },
    { "0D 9D", -99 }, { "0D 63", 99 },
    { "0F 80", -128 }, { "0F FF", -1 }, { "10 8000", -32768 }, { "10 0102", 0x102 },
    { "11 FF", 255 }, { "12 FFFE", 65534 },
    { "14 8000000000000000", INT64_MIN }, { "14 FFFFFFFFFFFFFFFE", -2 },
    { "15 7FFFFFFFFFFFFFFF", INT64_MAX }, { "16 FE", 254 },
    { "1C FF", -1 }, { "1D FFFE", -2 }, { "1E FFFFFFFD", -3 },
    { "1F FF", 255 }, { "20 FFFE", 65534 }, { "21 FFFFFFFD", 0xFFFFFFFD },
  };
  /* clang-format on */
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    mw_axdr_value v = get (rows[i].hex);
    int64_t n;
    CHECK_EQ (mw_axdr_to_int (&v, &n), MW_OK);
    CHECK_EQ (n, rows[i].value);
    put_is (&v, rows[i].hex);
  }
  mw_axdr_value big = get ("15 8000000000000000");
  int64_t n;
  CHECK_EQ (mw_axdr_to_int (&big, &n), MW_ERR_VALUE);
  put_is (&big, "15 8000000000000000");
}

static void
test_floats (void)
{
  mw_decimal d;
  mw_axdr_value v = get ("17 40490FDB");
  CHECK (v.f > 3.14159 && v.f < 3.1416);
  put_is (&v, "17 40490FDB");
  CHECK_EQ (mw_axdr_to_decimal (&v, 0, MW_UNIT_V, &d), MW_OK);
  CHECK_EQ (d.mantissa, 3141593);
  CHECK_EQ (d.exponent, -6);
  v = get ("17 43668000"); /* 230.5 */
  CHECK_EQ (mw_axdr_to_decimal (&v, 0, MW_UNIT_V, &d), MW_OK);
  CHECK_EQ (d.mantissa, 2305);
  CHECK_EQ (d.exponent, -1);
  CHECK_EQ (d.unit, MW_UNIT_V);
  v = get ("18 C000000000000000");
  CHECK (v.f == -2.0);
  put_is (&v, "18 C000000000000000");
  v = get ("18 400921FB54442D18"); /* pi */
  CHECK_EQ (mw_axdr_to_decimal (&v, 3, MW_UNIT_NONE, &d), MW_OK);
  CHECK_EQ (d.mantissa, 3141592654);
  CHECK_EQ (d.exponent, -6);
  v = get ("17 7FC00000"); /* not a number */
  CHECK_EQ (mw_axdr_to_decimal (&v, 0, MW_UNIT_V, &d), MW_ERR_VALUE);
  v = get ("17 7F800000"); /* infinite */
  CHECK_EQ (mw_axdr_to_decimal (&v, 0, MW_UNIT_V, &d), MW_ERR_VALUE);
  v = get ("12 04D2");
  CHECK_EQ (mw_axdr_to_decimal (&v, -3, MW_UNIT_WH, &d), MW_OK);
  CHECK_EQ (d.mantissa, 1234);
  CHECK_EQ (d.exponent, -3);
}

static void
test_strings (void)
{
  static const char *const rows[] = {
    "00",
    "FF",
    "09 00",
    "09 03 010203",
    "0A 02 4142",
    "0C 02 C3A9",
    "04 00",
    "04 05 A8",
    "04 09 FF80",
    "07 3F800000",
    "19 07E4020F06011922FF800000",
    "1A 07E4020F06",
    "1B 01192200",
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    mw_axdr_value v = get (rows[i]);
    int64_t n;
    CHECK (v.type == 0 || v.type == 255 || v.ptr || v.len == 0);
    CHECK_EQ (mw_axdr_to_int (&v, &n), MW_ERR_VALUE);
    put_is (&v, rows[i]);
  }
  mw_axdr_value bits = get ("04 09 FF80");
  CHECK_EQ (bits.len, 9);
}

static void
test_lengths (void)
{
  static const uint32_t sizes[] = { 0, 1, 127, 128, 255, 256, 65535, 65536, 70000 };
  static uint8_t data[70000], octets[70010];
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    mw_axdr_value v;
    mw_cur c;
    mw_wr w;
    mw_wr_init (&w, octets, sizeof octets);
    mw_axdr_put_octets (&w, data, sizes[i]);
    CHECK_EQ (w.err, MW_OK);
    mw_cur_init (&c, octets, mw_wr_len (&w));
    mw_axdr_get (&c, &v);
    CHECK_EQ (mw_cur_end (&c), MW_OK);
    CHECK_EQ (v.len, sizes[i]);
  }
  CHECK_EQ (mw_axdr_type_size (8), -3);
  CHECK (mw_axdr_type_name (8) == NULL);
  CHECK_STR (mw_axdr_type_name (6), "double-long-unsigned");
}

/* Blue Book 4.1.6.1, and the captures: CET is written FFC4h (-60), local - UTC is +60. */
static void
test_civil (void)
{
  HEX (octets, "07E4 02 0F 06 01 19 22 FF FFC4 80");
  mw_civil t;
  uint8_t back[12];
  int64_t utc;
  CHECK_EQ (mw_axdr_civil (octets, octets_len, &t), MW_OK);
  CHECK_EQ (t.deviation, 60);
  CHECK_EQ (t.hundredths, MW_FIELD_ANY);
  CHECK_EQ (t.status, MW_CLOCK_DST);
  CHECK_EQ (mw_civil_to_utc (&t, 0, &utc), MW_OK);
  CHECK_EQ (utc, 1581726334); /* 2020-02-15T00:25:34Z */
  mw_axdr_civil_octets (&t, back);
  CHECK_MEM (back, 12, octets, 12);
  HEX (any, "FFFF FF FF FF FF FF FF FF 8000 FF");
  CHECK_EQ (mw_axdr_civil (any, 12, &t), MW_OK);
  CHECK_EQ (t.deviation, MW_DEVIATION_ANY);
  mw_axdr_civil_octets (&t, back);
  CHECK_MEM (back, 12, any, 12);
  HEX (last_sunday, "FFFF 0A FE 07 02 00 00 00 8000 00");
  CHECK_EQ (mw_axdr_civil (last_sunday, 12, &t), MW_OK);
  CHECK_EQ (t.day, MW_DAY_LAST);
  HEX (date, "07E4 FE FD FF");
  CHECK_EQ (mw_axdr_civil (date, 5, &t), MW_OK);
  CHECK_EQ (t.month, MW_MONTH_DST_BEGIN);
  CHECK_EQ (t.hour, MW_FIELD_ANY);
  HEX (clock, "17 3B FF 00");
  CHECK_EQ (mw_axdr_civil (clock, 4, &t), MW_OK);
  CHECK_EQ (t.hour, 23);
  CHECK_EQ (t.year, MW_YEAR_ANY);
}

static void
test_civil_refused (void)
{
  static const char *const rows[] = {
    "07E4 0D 0F 06 01 19 22 FF FFC4 80", "07E4 02 20 06 01 19 22 FF FFC4 80",
    "07E4 02 0F 08 01 19 22 FF FFC4 80", "07E4 02 0F 06 18 19 22 FF FFC4 80",
    "07E4 02 0F 06 01 3C 22 FF FFC4 80", "07E4 02 0F 06 01 19 3C FF FFC4 80",
    "07E4 02 0F 06 01 19 22 64 FFC4 80", "07E4 02 0F 06 01 19 22 FF 0349 80",
    "07E4 00 0F 06 01 19 22 FF FFC4 80", "07E4 02 0F 06 01 19 22 FF FFC4",
  };
  mw_civil t = mw_civil_any ();
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    uint8_t octets[12];
    size_t n = unhex (rows[i], octets, sizeof octets);
    CHECK_EQ (mw_axdr_civil (octets, n, &t), MW_ERR_VALUE);
    CHECK_EQ (t.year, MW_YEAR_ANY); /* left alone */
  }
}

static void
obis_is (const char *text, const char *whole, const char *brief)
{
  char buf[MW_OBIS_TEXT];
  mw_obis o = MW_OBIS (9, 9, 9, 9, 9, 9), again;
  CHECK_EQ (mw_obis_parse (text, strlen (text), &o), MW_OK);
  CHECK_EQ (mw_obis_format (o, buf, sizeof buf), strlen (whole));
  CHECK_STR (buf, whole);
  mw_obis_format_short (o, buf, sizeof buf);
  CHECK_STR (buf, brief);
  CHECK_EQ (mw_obis_parse (buf, strlen (buf), &again), MW_OK);
  CHECK (mw_obis_equal (o, again));
}

static void
test_obis (void)
{
  static const char *const bad[] = { "",
                                     "1",
                                     "1-0",
                                     "1-0:",
                                     "1-0:1",
                                     "256-0:1.8.0.255",
                                     "1-0:1.8.0.256",
                                     "1.8.0.1.2.3.4",
                                     "1:0-1.8.0",
                                     "a.b",
                                     "1-0:1.8.0.",
                                     "01000108zzFF",
                                     "1..8.0",
                                     "-1.8.0",
                                     "1-0:1-8.0" };
  mw_obis o;
  char small[10];
  obis_is ("1-0:1.8.0.255", "1-0:1.8.0.255", "1.8.0");
  obis_is ("1-0:1.8.0*255", "1-0:1.8.0.255", "1.8.0");
  obis_is ("1-0:1.8.0", "1-0:1.8.0.255", "1.8.0");
  obis_is ("1.0.1.8.0.255", "1-0:1.8.0.255", "1.8.0");
  obis_is ("0100010800FF", "1-0:1.8.0.255", "1.8.0");
  obis_is ("1.8.0", "1-0:1.8.0.255", "1.8.0");
  obis_is ("1.8.0*01", "1-0:1.8.0.1", "1-0:1.8.0.1");
  obis_is ("0-0:96.1.0.255", "0-0:96.1.0.255", "0-0:96.1.0");
  obis_is ("96.1.0", "0-0:96.1.0.255", "0-0:96.1.0");
  obis_is ("1-0:96.1.0.255", "1-0:96.1.0.255", "1-0:96.1.0");
  obis_is ("C.1.0", "0-0:96.1.0.255", "0-0:96.1.0");
  obis_is ("F.F", "0-0:97.97.0.255", "0-0:97.97.0");
  obis_is ("0.9.1", "1-0:0.9.1.255", "0.9.1");
  obis_is ("1-65:16.129.0.255", "1-65:16.129.0.255", "1-65:16.129.0");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    CHECK_EQ (mw_obis_parse (bad[i], strlen (bad[i]), &o), MW_ERR_VALUE);
  CHECK_EQ (mw_obis_format (MW_OBIS (1, 0, 1, 8, 0, 255), small, sizeof small), 0);
  CHECK (mw_obis_compare (MW_OBIS (1, 0, 1, 8, 0, 255), MW_OBIS (1, 0, 2, 8, 0, 255)) < 0);
}

/* --- scan and walk ---------------------------------------------------------------------------
 */

static const char nested[] = "01 02  02 03 090C07E4020F06011922FF800000 06 00000001 00"
                             "       02 03 00 06 00000002 02 01 0A 02 4142";
static const char compact[] = "02 02 13 02 03 12 09 01 0002 11  0F  0001 02AABB 0102"
                              "  0002 03AABBCC 0304   12 0007";

/* What the walk of the octets in pieces of at most CHUNK says, as text. */
static void
walk_text (const uint8_t *octets, size_t len, size_t chunk, char *out)
{
  mw_axdr_walk w;
  enum mw_axdr_event e;
  size_t end = chunk < len ? chunk : len;
  *out = 0;
  mw_axdr_walk_init (&w, octets, end);
  while ((e = mw_axdr_walk_next (&w)) != MW_AXDR_END && e != MW_AXDR_ERROR) {
    if (e == MW_AXDR_MORE) {
      mw_span rest = mw_axdr_walk_rest (&w);
      size_t more = len - end < chunk ? len - end : chunk;
      if (more == 0)
        break;
      end += more;
      mw_axdr_walk_more (&w, rest.ptr, rest.len + more);
      continue;
    }
    int64_t n = 0;
    if (mw_axdr_to_int (&w.value, &n))
      n = w.value.len;
    out += sprintf (out, "%s%u:%d ",
                    e == MW_AXDR_OPEN    ? "("
                    : e == MW_AXDR_CLOSE ? ")"
                                         : "",
                    w.value.type, e == MW_AXDR_CLOSE ? 0 : (int) n);
  }
  sprintf (out, "%s", e == MW_AXDR_END ? "." : e == MW_AXDR_MORE ? "cut" : "error");
}

static void
test_walk (void)
{
  uint8_t octets[128];
  char text[512];
  size_t n = unhex (nested, octets, sizeof octets);
  for (size_t chunk = 1; chunk <= n; chunk++) {
    walk_text (octets, n, chunk, text);
    CHECK_STR (text, "(1:2 (2:3 9:12 6:1 0:0 )2:0 (2:3 0:0 6:2 (2:1 10:2 )2:0 )2:0 )1:0 .");
  }
  n = unhex (compact, octets, sizeof octets);
  for (size_t chunk = 1; chunk <= n; chunk++) {
    walk_text (octets, n, chunk, text);
    CHECK_STR (text, "(2:2 (19:-1 (2:3 18:1 9:2 (1:2 17:1 17:2 )1:0 )2:0 "
                     "(2:3 18:2 9:3 (1:2 17:3 17:4 )1:0 )2:0 )19:0 18:7 )2:0 .");
  }
}

/* In a compact-array: arrays of no elements, structures in them, columns after them. */
static void
test_walk_empty (void)
{
  uint8_t octets[64];
  char text[512];
  size_t n = unhex ("13 02 03 01 0000 02 02 11 01 0001 12 11 02 01 12  06  05 0006 07 0008",
                    octets, sizeof octets);
  for (size_t chunk = 1; chunk <= n; chunk++) {
    walk_text (octets, n, chunk, text);
    CHECK_STR (text, "(19:-1 (2:3 (1:0 )1:0 17:5 (2:1 18:6 )2:0 )2:0 "
                     "(2:3 (1:0 )1:0 17:7 (2:1 18:8 )2:0 )2:0 )19:0 .");
  }
}

/* Each reader takes its own type alone, and keeps the first failure. */
static void
test_getters (void)
{
  HEX (octets, "01 01 02 02 0906 0100010800FF 1105");
  mw_cur c;
  mw_cur_init (&c, octets, octets_len);
  CHECK_EQ (mw_axdr_get_array (&c), 1);
  mw_axdr_get_structure (&c, 2);
  CHECK (mw_obis_equal (mw_axdr_get_obis (&c), MW_OBIS (1, 0, 1, 8, 0, 255)));
  CHECK_EQ (mw_axdr_get_int (&c), 5);
  CHECK_EQ (mw_cur_end (&c), MW_OK);
  mw_cur_init (&c, octets + 2, octets_len - 2);
  CHECK_EQ (mw_axdr_get_array (&c), 0);
  CHECK_EQ (c.err, MW_ERR_VALUE);
  mw_cur_init (&c, octets, octets_len);
  mw_axdr_get_structure (&c, 1);
  CHECK_EQ (c.err, MW_ERR_VALUE);
  mw_cur_init (&c, octets + 2, octets_len - 2);
  mw_axdr_get_structure (&c, 3);
  CHECK_EQ (c.err, MW_ERR_VALUE);
  mw_cur_init (&c, octets + 4, octets_len - 4);
  CHECK_EQ (mw_axdr_get_int (&c), 0);
  CHECK_EQ (c.err, MW_ERR_VALUE);
  mw_cur_init (&c, octets + 12, 2);
  CHECK (mw_obis_equal (mw_axdr_get_obis (&c), MW_OBIS (0, 0, 0, 0, 0, 0)));
  CHECK_EQ (c.err, MW_ERR_VALUE);
  mw_cur_init (&c, octets, 0);
  CHECK_EQ (mw_axdr_get_array (&c), 0);
  CHECK_EQ (c.err, MW_ERR_SHORT);
}

static void
test_scan (void)
{
  static const char *const rows[] = { nested, compact, "00", "09 82 0001 55", "04 09 FFFF" };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    uint8_t octets[128];
    size_t n = unhex (rows[i], octets, sizeof octets - 1);
    octets[n] = 0x77; /* not of the value */
    for (size_t chunk = 1; chunk <= n + 1; chunk++) {
      mw_axdr_scan s;
      size_t at = 0;
      mw_axdr_scan_init (&s);
      while (at <= n && !s.done && !s.err)
        at += mw_axdr_scan_feed (&s, octets + at, n + 1 - at < chunk ? n + 1 - at : chunk);
      CHECK (s.done);
      CHECK_EQ (at, n);
    }
  }
}

/* Hostile values: too deep, unknown, endless, contradicting themselves. */
static void
test_refused (void)
{
  static const struct {
    const char *hex, *walk;
    enum mw_err scan;
  } rows[] = {
    { "08", "error", MW_ERR_VALUE },
    { "09 80", "error", MW_ERR_VALUE },
    { "09 85 0000000001", "error", MW_ERR_VALUE },
    { "13 02 01 13 12 00", "error", MW_ERR_VALUE },
    { "13 01 FFFF 00 01 00", "error", MW_OK }, /* elements of no size: the scan has no need */
    { "13 02 00 01 00", "error", MW_OK },
    { "13 02 01 12 03 000100", "(19:-1 (2:1 18:1 )2:0 (2:1 cut", MW_OK },
    { "13 02 01 12 03 00010002", "(19:-1 (2:1 18:1 )2:0 (2:1 error", MW_OK },
  };
  char text[512];
  uint8_t octets[256];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    mw_axdr_scan s;
    size_t n = unhex (rows[i].hex, octets, sizeof octets);
    walk_text (octets, n, n, text);
    CHECK_STR (text, rows[i].walk);
    mw_axdr_scan_init (&s);
    mw_axdr_scan_feed (&s, octets, n);
    CHECK_EQ (s.err, rows[i].scan);
  }
  mw_axdr_scan s;
  for (size_t i = 0; i < sizeof octets; i++)
    octets[i] = i % 2 ? 1 : 2; /* a structure of one structure of one … */
  mw_axdr_scan_init (&s);
  mw_axdr_scan_feed (&s, octets, sizeof octets);
  CHECK_EQ (s.err, MW_ERR_DEPTH);
  walk_text (octets, sizeof octets, sizeof octets, text);
  CHECK (strstr (text, "error") != NULL);
}

CHECK_MAIN (test_integers, test_floats, test_strings, test_lengths, test_civil,
            test_civil_refused, test_obis, test_walk, test_walk_empty, test_getters, test_scan,
            test_refused)
