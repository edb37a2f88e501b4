/* test-base.c: cursor, checks, decimal numbers and calendar time of protocols/base. */
#include "check.h"

#include "civil.h"
#include "crc.h"
#include "cursor.h"
#include "decimal.h"

static void
test_cursor_sticks (void)
{
  static const uint8_t data[] = { 0x12, 0x34, 0x56, 0x78, 0x9a };
  mw_cur c;
  mw_cur_init (&c, data, sizeof data);
  CHECK_EQ (mw_cur_u16 (&c), 0x1234);
  CHECK_EQ (mw_cur_u16le (&c), 0x7856);
  CHECK_EQ (mw_cur_u16 (&c), 0);
  CHECK_EQ (c.err, MW_ERR_SHORT);
  CHECK_EQ (c.failed_at - c.start, 4);
  CHECK_EQ (mw_cur_u8 (&c), 0); /* the byte that is left is not handed out after a failure */
  CHECK_EQ (mw_cur_end (&c), MW_ERR_SHORT);
}

static void
test_cursor_trailing (void)
{
  static const uint8_t data[] = { 1, 2 };
  mw_cur c = mw_cur_of ((mw_span){ data, 2 });
  mw_cur_u8 (&c);
  CHECK_EQ (mw_cur_end (&c), MW_ERR_TRAILING);
}

static void
test_writer (void)
{
  uint8_t buf[6];
  mw_wr w;
  mw_wr_init (&w, buf, sizeof buf);
  mw_wr_u32 (&w, 0x01020304);
  mw_wr_u16le (&w, 0x0506);
  CHECK_MEM (buf, mw_wr_done (&w).len, "\1\2\3\4\6\5", 6);
  mw_wr_u8 (&w, 9);
  CHECK_EQ (w.err, MW_ERR_SPACE);
  CHECK_EQ (mw_wr_done (&w).len, 0);
}

static void
test_checks (void)
{
  /* The check values of "123456789" in the catalogue of parametrised CRC algorithms. */
  CHECK_EQ (mw_crc_x25 ("123456789", 9), 0x906e);
  CHECK_EQ (mw_crc_xmodem (0, "123456789", 9), 0x31c3);
  CHECK_EQ (mw_crc_arc (0, "123456789", 9), 0xbb3d);
  CHECK_EQ (mw_crc_x25_update (MW_CRC_X25_INIT, "123456789\x6e\x90", 11), MW_CRC_X25_GOOD);
}

static void
format (int64_t mantissa, int exponent, const char *want)
{
  char buf[MW_DECIMAL_TEXT];
  CHECK (mw_decimal_format (mw_decimal_of (mantissa, exponent, MW_UNIT_NONE), buf, sizeof buf));
  CHECK_STR (buf, want);
}

static void
test_decimal_text (void)
{
  static const char *const texts[] = { "0",       "-1",      "12.340", "0.001", "-0.05",
                                       "9999999", "-123.45", "100",    "0.00" };
  mw_decimal d;
  char buf[MW_DECIMAL_TEXT];

  format (12340, -3, "12.340");
  format (-5, -3, "-0.005");
  format (12, 3, "12000");
  format (0, 3, "0");
  format (0, -2, "0.00");
  format (INT64_MIN, 0, "-9223372036854775808");
  format (INT64_MAX, -18, "9.223372036854775807");
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    CHECK_EQ (mw_decimal_parse (texts[i], strlen (texts[i]), &d), MW_OK);
    mw_decimal_format (d, buf, sizeof buf);
    CHECK_STR (buf, texts[i]);
  }
  CHECK_EQ (mw_decimal_parse ("1.2.3", 5, &d), MW_ERR_VALUE);
  CHECK_EQ (mw_decimal_parse ("-", 1, &d), MW_ERR_VALUE);
  CHECK_EQ (mw_decimal_parse ("", 0, &d), MW_ERR_VALUE);
  CHECK_EQ (mw_decimal_parse ("1e5", 3, &d), MW_ERR_VALUE);
  CHECK_EQ (mw_decimal_parse ("99999999999999999999", 20, &d), MW_ERR_VALUE);
}

static void
test_decimal_arithmetic (void)
{
  mw_decimal d;
  CHECK_EQ (mw_decimal_rescale (mw_decimal_of (1230, -1, 30), 0, &d), MW_OK);
  CHECK_EQ (d.mantissa, 123);
  CHECK_EQ (mw_decimal_rescale (mw_decimal_of (1234, -1, 30), 0, &d), MW_ERR_VALUE);
  CHECK_EQ (mw_decimal_compare (mw_decimal_of (1, 3, 30), mw_decimal_of (1000, 0, 30)), 0);
  CHECK_EQ (mw_decimal_compare (mw_decimal_of (1, 18, 30), mw_decimal_of (1, -18, 30)), 1);
  CHECK_EQ (mw_decimal_compare (mw_decimal_of (-1, 18, 30), mw_decimal_of (1, -18, 30)), -1);
  CHECK_EQ (mw_decimal_subtract (mw_decimal_of (15, -1, 30), mw_decimal_of (1, 0, 30), &d),
            MW_OK);
  CHECK_EQ (d.mantissa, 5);
  CHECK_EQ (d.exponent, -1);
  CHECK_EQ (
      mw_decimal_subtract (mw_decimal_of (INT64_MIN, 0, 30), mw_decimal_of (1, 0, 30), &d),
      MW_ERR_VALUE);
}

static void
test_days (void)
{
  CHECK_EQ (mw_days_from_date (1970, 1, 1), 0);
  CHECK_EQ (mw_days_from_date (2000, 3, 1), 11017);
  CHECK_EQ (mw_weekday_from_days (mw_days_from_date (2026, 11, 21)), 6);
  for (int32_t d = -200000; d < 200000; d += 17) {
    int y, m, day;
    mw_date_from_days (d, &y, &m, &day);
    if (mw_days_from_date (y, m, day) != d)
      CHECK_EQ (mw_days_from_date (y, m, day), d);
  }
  CHECK_EQ (mw_days_in_month (2000, 2), 29);
  CHECK_EQ (mw_days_in_month (1900, 2), 28);
}

static void
test_civil_text (void)
{
  static const char *const texts[] = { "2026-01-01T00:15:00+01:00", "****-**-**T02:00:00",
                                       "2024-02-29T23:59:59.50-03:30", "****-12-25T**:**:**" };
  mw_civil c;
  char buf[MW_CIVIL_TEXT];
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    CHECK_EQ (mw_civil_parse (texts[i], strlen (texts[i]), &c), MW_OK);
    CHECK (mw_civil_format (&c, buf, sizeof buf));
    CHECK_STR (buf, texts[i]);
  }
  CHECK_EQ (mw_civil_parse ("2023-02-29", 10, &c), MW_ERR_VALUE);
  CHECK_EQ (mw_civil_parse ("2023-13-01", 10, &c), MW_ERR_VALUE);
  CHECK_EQ (mw_civil_parse ("2023-02-01T24:00", 16, &c), MW_ERR_VALUE);
  CHECK_EQ (mw_civil_parse ("2023-02-01Tx", 12, &c), MW_ERR_VALUE);
  CHECK_EQ (mw_civil_parse ("2023-02-01", 10, &c), MW_OK);
  CHECK_EQ (c.weekday, 3);
}

static void
test_civil_utc (void)
{
  mw_civil c;
  int64_t t;
  mw_civil_parse ("2026-03-29T03:00:00+02:00", 25, &c);
  CHECK_EQ (mw_civil_to_utc (&c, 0, &t), MW_OK);
  CHECK_EQ (t, 1774746000);
  c = mw_civil_from_utc (t, 120, MW_CLOCK_DST);
  CHECK_EQ (c.hour, 3);
  CHECK_EQ (c.weekday, 7);
  c.deviation = MW_DEVIATION_ANY;
  CHECK_EQ (mw_civil_to_utc (&c, 60, &t), MW_OK);
  CHECK_EQ (t, 1774746000 + 3600);
  c.day = MW_FIELD_ANY;
  CHECK_EQ (mw_civil_to_utc (&c, 60, &t), MW_ERR_VALUE);
}

static void
test_civil_pattern (void)
{
  mw_civil p = mw_civil_any (),
           t = mw_civil_from_utc (1772323200, 0, 0); /* 2026-03-01T00:00Z */
  CHECK (mw_civil_matches (&p, &t));
  p.day = MW_DAY_LAST;
  CHECK (!mw_civil_matches (&p, &t));
  t.day = 31;
  CHECK (mw_civil_matches (&p, &t));
  p.day = MW_DAY_SECOND_LAST;
  CHECK (!mw_civil_matches (&p, &t));
}

CHECK_MAIN (test_cursor_sticks, test_cursor_trailing, test_writer, test_checks,
            test_decimal_text, test_decimal_arithmetic, test_days, test_civil_text,
            test_civil_utc, test_civil_pattern)
