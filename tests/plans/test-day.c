/* Days against GLib's calendar; Easter against published dates; the clock against the dates of
 * the EU directive; holidays against published lists. */
#include "holidays.h"
#include "simulate.h"

static void
days_agree_with_glib (void)
{
  for (int year = 1890; year <= 2110; year++)
    for (int month = 1; month <= 12; month++) {
      GDate date;
      g_date_clear (&date, 1);
      g_date_set_dmy (&date, 1, month, (GDateYear) year);
      MwDay day = mw_day (year, month, 1);
      GDate epoch;
      g_date_clear (&epoch, 1);
      g_date_set_dmy (&epoch, 1, 1, 1970);
      g_assert_cmpint (day, ==, g_date_days_between (&epoch, &date));
      g_assert_cmpint (mw_day_weekday (day), ==, g_date_get_weekday (&date));
      g_assert_cmpint (mw_days_of_month (year, month), ==,
                       g_date_get_days_in_month (month, (GDateYear) year));
      int y, m, d;
      mw_day_split (day + 27, &y, &m, &d);
      g_assert_cmpint (y, ==, year);
      g_assert_cmpint (m, ==, month);
      g_assert_cmpint (d, ==, 28);
      g_assert_cmpint (mw_day_of_year (day), ==, g_date_get_day_of_year (&date) - 1);
    }
}

/* Dates of the U.S. Census Bureau's table of Easter Sundays. */
static void
easter_as_published (void)
{
  static const int dates[][3] = { { 1961, 4, 2 },  { 1999, 4, 4 },  { 2000, 4, 23 },
                                  { 2008, 3, 23 }, { 2011, 4, 24 }, { 2012, 4, 8 },
                                  { 2024, 3, 31 }, { 2026, 4, 5 },  { 2038, 4, 25 },
                                  { 2049, 4, 18 }, { 2076, 4, 19 }, { 2099, 4, 12 } };
  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    g_assert_cmpint (mw_day_easter (dates[i][0]), ==,
                     mw_day (dates[i][0], dates[i][1], dates[i][2]));
}

static gint64
utc (int year, int month, int day, int hour, int minute)
{
  return ((gint64) mw_day (year, month, day) * 24 + hour) * 3600 + minute * 60;
}

/* 2000/84/EC as published in the Official Journal for 2022-2026. */
static void
clock_of_the_eu (void)
{
  static const int moves[][6] = { { 2022, 3, 27, 2022, 10, 30 },
                                  { 2023, 3, 26, 2023, 10, 29 },
                                  { 2024, 3, 31, 2024, 10, 27 },
                                  { 2025, 3, 30, 2025, 10, 26 },
                                  { 2026, 3, 29, 2026, 10, 25 } };
  MwDstPlan eu = { .mode = MW_DST_EU, .shift = 60 };
  MwSimClock clock = { 60, &eu };
  gint64 at = utc (2022, 1, 1, 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++) {
    at = mw_sim_clock_next (&clock, at);
    g_assert_cmpint (at, ==, utc (moves[i][0], moves[i][1], moves[i][2], 1, 0));
    g_assert_cmpint (mw_sim_clock_offset (&clock, at - 1), ==, 60);
    g_assert_cmpint (mw_sim_clock_offset (&clock, at), ==, 120);
    at = mw_sim_clock_next (&clock, at);
    g_assert_cmpint (at, ==, utc (moves[i][3], moves[i][4], moves[i][5], 1, 0));
    g_assert_cmpint (mw_sim_clock_offset (&clock, at - 1), ==, 120);
    g_assert_cmpint (mw_sim_clock_offset (&clock, at), ==, 60);
  }
}

/* Sydney: summer time from the first Sunday of October, 02:00, to the first of April, 03:00. */
static void
clock_of_the_south (void)
{
  MwDstPlan south = {
    .mode = MW_DST_RULE, .shift = 60, .begin = { 10, 1, 7, 0, 120 }, .end = { 4, 1, 7, 0, 180 }
  };
  MwSimClock clock = { 600, &south };
  g_assert_cmpint (mw_sim_clock_offset (&clock, utc (2024, 1, 1, 0, 0)), ==, 660);
  g_assert_cmpint (mw_sim_clock_offset (&clock, utc (2024, 7, 1, 0, 0)), ==, 600);
  g_assert_cmpint (mw_sim_clock_next (&clock, utc (2024, 1, 1, 0, 0)), ==,
                   utc (2024, 4, 6, 16, 0));
  g_assert_cmpint (mw_sim_clock_next (&clock, utc (2024, 7, 1, 0, 0)), ==,
                   utc (2024, 10, 5, 16, 0));
}

static void
clock_of_a_list (void)
{
  MwDstPlan list = { .mode = MW_DST_LIST, .shift = 60, .years = 1 };
  list.from[0] = (MwDstMoment){ mw_day (2024, 4, 2), 120 };
  list.until[0] = (MwDstMoment){ mw_day (2024, 9, 3), 180 };
  MwSimClock clock = { 0, &list };
  g_assert_cmpint (mw_sim_clock_next (&clock, utc (2024, 1, 1, 0, 0)), ==,
                   utc (2024, 4, 2, 2, 0));
  g_assert_cmpint (mw_sim_clock_next (&clock, utc (2024, 5, 1, 0, 0)), ==,
                   utc (2024, 9, 3, 2, 0));
  g_assert_cmpint (mw_sim_clock_next (&clock, utc (2024, 10, 1, 0, 0)), ==, G_MAXINT64);
}

static gboolean
is_holiday (const char *code, int year, int month, int day)
{
  g_autoptr (GArray) days = mw_holidays (code, year, year);
  g_assert_nonnull (days);
  for (guint i = 0; i < days->len; i++)
    if (g_array_index (days, MwHoliday, i).day == mw_day (year, month, day))
      return TRUE;
  return FALSE;
}

static void
holidays_as_published (void)
{
  g_assert_null (mw_holidays ("XX", 2024, 2024));
  g_assert_true (is_holiday ("DK", 2023, 5, 5)); /* the last Great Prayer Day */
  g_assert_false (is_holiday ("DK", 2024, 4, 26));
  g_assert_true (is_holiday ("SE", 2024, 6, 22));
  g_assert_true (is_holiday ("FI", 2024, 11, 2));
  g_assert_true (is_holiday ("PL", 2025, 12, 24));
  g_assert_false (is_holiday ("PL", 2024, 12, 24));
  g_assert_true (is_holiday ("NL", 2025, 4, 26)); /* the 27th was a Sunday */
  g_assert_false (is_holiday ("NL", 2025, 4, 27));
  g_assert_true (is_holiday ("GB", 2021, 12, 27));
  g_assert_true (is_holiday ("GB", 2021, 12, 28));
  g_assert_true (is_holiday ("GB", 2022, 12, 26));
  g_assert_true (is_holiday ("GB", 2022, 12, 27));
  g_assert_false (is_holiday ("GB", 2022, 12, 28));
  g_assert_true (is_holiday ("GB", 2022, 1, 3));
  g_assert_false (is_holiday ("GB", 2022, 5, 30));
  g_assert_true (is_holiday ("GB", 2022, 6, 2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plans/day/glib", days_agree_with_glib);
  g_test_add_func ("/plans/day/easter", easter_as_published);
  g_test_add_func ("/plans/clock/eu", clock_of_the_eu);
  g_test_add_func ("/plans/clock/south", clock_of_the_south);
  g_test_add_func ("/plans/clock/list", clock_of_a_list);
  g_test_add_func ("/plans/holidays", holidays_as_published);
  return g_test_run ();
}
