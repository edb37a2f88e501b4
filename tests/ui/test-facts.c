/* Type numbers, troubles and numbers in words. */
#include <glib.h>
#include <string.h>

#include "format.h"
#include "health.h"
#include "signal-text.h"
#include "type-designation.h"
#include "wiring-text.h"

static const char *
meaning_of (GPtrArray *parts, const char *code)
{
  for (guint i = 0; i < parts->len; i++)
    if (strcmp (((MwTypePart *) parts->pdata[i])->code, code) == 0)
      return ((MwTypePart *) parts->pdata[i])->meaning;
  return NULL;
}

static void
test_type (void)
{
  g_autoptr (GPtrArray) parts =
      mw_type_designation_explain ("MT381-D1A42R56S63-V12V13P1B11L11-M2K04gnZ");
  g_assert_cmpstr (meaning_of (parts, "MT381"), ==, "three phases, three measuring elements");
  g_assert_cmpstr (meaning_of (parts, "D1"), ==, "direct connection, 85 A terminals");
  g_assert_cmpstr (meaning_of (parts, "Z"), ==, "load profile");
  g_assert_null (meaning_of (parts, "T1"));
  g_autoptr (GPtrArray) single = mw_type_designation_explain ("ME381 - D2");
  g_assert_cmpuint (single->len, ==, 2);
  g_autoptr (GPtrArray) none = mw_type_designation_explain ("OMNIPOWER");
  g_assert_cmpuint (none->len, ==, 0);
  g_autoptr (GPtrArray) null = mw_type_designation_explain (NULL);
  g_assert_cmpuint (null->len, ==, 0);
}

static void
test_health (void)
{
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (MwHealthItem));
  mw_health_append (items, MW_HEALTH_ERROR1, 0);
  mw_health_append (items, "1-0:1.8.0.255", 0xffffffff);
  g_assert_cmpuint (items->len, ==, 0);
  mw_health_append (items, MW_HEALTH_ERROR1, 1u << 0 | 1u << 8);
  mw_health_append (items, MW_HEALTH_ALARM1, 1u << 0 | 1u << 13);
  mw_health_sort (items);
  g_assert_cmpuint (items->len, ==, 3); /* "Clock invalid" is said once */
  g_assert_cmpstr (g_array_index (items, MwHealthItem, 0).name, ==, "Program memory error");
  g_assert_cmpstr (g_array_index (items, MwHealthItem, 1).name, ==, "Fraud attempt");
  g_assert_cmpstr (g_array_index (items, MwHealthItem, 2).name, ==, "Clock invalid");
}

static void
check_number (gint64 mantissa, int exponent, unsigned unit, const char *text,
              const char *unit_text)
{
  const char *u = NULL;
  g_autofree char *t = mw_format_decimal (mw_decimal_of (mantissa, exponent, unit), &u);
  g_assert_cmpstr (t, ==, text);
  g_assert_cmpstr (u, ==, unit_text);
}

static void
test_numbers (void)
{
  check_number (1234567, 0, MW_UNIT_WH, "1234.567", "kWh");
  check_number (12345678, 0, MW_UNIT_WH, "12\u202f345.678", "kWh");
  check_number (-1500, 0, MW_UNIT_W, "−1.500", "kW");
  check_number (2304, -1, MW_UNIT_V, "230.4", "V");
  check_number (0, 0, MW_UNIT_WH, "0.000", "kWh");
  check_number (7, 0, MW_UNIT_NONE, "7", "");
  g_autofree char *plain =
      mw_format_decimal_plain (mw_decimal_of (12345678, 0, MW_UNIT_WH), NULL);
  g_assert_cmpstr (plain, ==, "12345.678");
}

static void
test_times (void)
{
  g_autofree char *p = mw_format_period (900);
  g_assert_cmpstr (p, ==, "15 min");
  g_autofree char *e = mw_format_period (0);
  g_assert_cmpstr (e, ==, "by event");
  g_autofree char *d = mw_format_period (86400);
  g_assert_cmpstr (d, ==, "1 day");
  g_autofree char *m = mw_format_duration (190);
  g_assert_cmpstr (m, ==, "3 min 10 s");
  /* 2026-03-29T01:30:00Z is 03:30 in the meter's summer time. */
  g_autofree char *t = mw_format_meter_time (1774747800, 120);
  g_assert_cmpstr (t, ==, "29 Mar 2026 03:30:00");
}

/* Both strengths, and a warning below 12 (METERTOOL manual 3.2.2.2). */
static void
test_signal (void)
{
  gboolean low;
  g_autofree char *both = mw_signal_dup_text (18, 12, &low);
  g_assert_cmpstr (both, ==, "Signal 18 here, 12 at the meter");
  g_assert_false (low);
  g_autofree char *weak = mw_signal_dup_text (18, 11, &low);
  g_assert_cmpstr (weak, ==,
                   "Signal 18 here, 11 at the meter: weak, communication is doubtful");
  g_assert_true (low);
  g_autofree char *one = mw_signal_dup_text (31, -1, &low);
  g_assert_cmpstr (one, ==, "Signal 31 here");
  g_assert_null (mw_signal_dup_text (-1, -1, &low));
  g_assert_false (low);
}

/* Bits that the catalogue names, worst first. */
static void
test_status_bits (void)
{
  MwStatusBit bits[] = { { 2, NULL, (char *) "Cover opened", MW_SEVERITY_WARNING },
                         { 4, NULL, (char *) "Meter reset", MW_SEVERITY_INFO },
                         { 7, NULL, (char *) "Neutral fault", MW_SEVERITY_ERROR } };
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (MwHealthItem));
  for (gsize i = 0; i < G_N_ELEMENTS (bits); i++)
    g_ptr_array_add (names, &bits[i]);
  mw_health_append_bits (items, names, 1u << 4 | 1u << 7);
  mw_health_sort (items);
  g_assert_cmpuint (items->len, ==, 2);
  g_assert_cmpstr (g_array_index (items, MwHealthItem, 0).name, ==, "Neutral fault");
  g_assert_cmpint (g_array_index (items, MwHealthItem, 0).level, ==, MW_HEALTH_FAULT);
}

static void
test_every_hint_has_words (void)
{
  for (int kind = MW_WIRING_OK; kind <= MW_WIRING_UNKNOWN; kind++) {
    mw_wiring_hint hint = { (mw_wiring_kind) kind, MW_WIRING_NOTE, 0, 2, 12 };
    g_autofree char *title = mw_wiring_hint_dup_title (&hint);
    g_assert_cmpstr (title, !=, "");
    g_assert_null (strstr (title, "%d"));
  }
  mw_wiring_hint swapped = { MW_WIRING_CURRENTS_SWAPPED, MW_WIRING_FAULT, 0, 2, 0 };
  g_autofree char *s = mw_wiring_hint_dup_title (&swapped);
  g_assert_cmpstr (s, ==, "Currents L1 and L3 swapped");
  mw_wiring_hint reversed = { MW_WIRING_CURRENT_REVERSED, MW_WIRING_FAULT, 1, -1, 0 };
  g_autofree char *r = mw_wiring_hint_dup_title (&reversed);
  g_assert_cmpstr (r, ==, "Current L2 reversed");
  mw_wiring_hint low = { MW_WIRING_VOLTAGE_LOW, MW_WIRING_WARNING, 2, -1, -14.2 };
  g_autofree char *l = mw_wiring_hint_dup_title (&low);
  g_assert_cmpstr (l, ==, "Voltage L3 low, -14 %");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/facts/type", test_type);
  g_test_add_func ("/facts/health", test_health);
  g_test_add_func ("/facts/numbers", test_numbers);
  g_test_add_func ("/facts/times", test_times);
  g_test_add_func ("/facts/hints", test_every_hint_has_words);
  g_test_add_func ("/facts/signal", test_signal);
  g_test_add_func ("/facts/status-bits", test_status_bits);
  return g_test_run ();
}
