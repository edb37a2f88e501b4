/* kmeter-display.c: what the Kamstrup meter's display shows: lists, their shifting, buttons,
 * formats of OMNIPOWER technical description 4.6.2 and Table 6, verification mode. */
#include "krig.h"

static void
shows (krig *r, const char *value, const char *unit)
{
  mw_kview v;
  mw_kdisplay_now (&r->k, &v);
  CHECK_STR (v.value, value);
  CHECK_STR (v.unit, unit);
}

static krig *
with_energy (unsigned decimals)
{
  krig *r = krig_make (&krig_direct);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DISPLAY_DECIMALS, decimals), MW_OK);
  CHECK_EQ (mw_kmeter_start (&r->k, utc_of ("2026-03-29T00:59:00")), MW_OK);
  r->k.reg.acc[MW_KACC_TOTAL (MW_KQ_A14)] = INT64_C (1234567890) * 3600; /* 1234.567890 kWh */
  return r;
}

static void
test_formats_of_energies (void)
{
  static const char *const filled[] = { "0001234", "001234.5", "0001234.56", "001234.567" };
  static const char *const bare[] = { "1234", "1234.5", "1234.56", "1234.567" };
  for (unsigned d = 0; d < 4; d++) {
    krig *r = with_energy (d);
    shows (r, filled[d], "kWh");
    CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DISPLAY_ZEROES, 0), MW_OK);
    shows (r, bare[d], "kWh");
    /* [3.4] in verification mode (METERTOOL manual 3.5.2). */
    CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_VERIFICATION, 9), MW_OK);
    shows (r, "234.5678", "kWh");
    mw_kdisplay_push (&r->k, false);
    mw_kdisplay_push (&r->k, false);
    shows (r, "000.0000", "kvarh");
    krig_free (r);
  }
}

/* Every ten seconds the next of the list. */
static void
test_automatic_list (void)
{
  static const uint16_t list[] = { MW_KV_A14, MW_KV_DATE, MW_KV_TIME,
                                   MW_KV_P14, MW_KV_U_L1, MW_KV_ANET };
  krig *r = with_energy (0);
  mw_kview v;
  r->k.reg.acc[MW_KACC_TOTAL (MW_KQ_ANET)] = -INT64_C (3600) * 5000000;
  CHECK_EQ (mw_kdisplay_set_list (&r->k, MW_KLIST_AUTO, list, 6), MW_OK);
  CHECK_EQ (mw_kdisplay_set_list (&r->k, MW_KLIST_AUTO, list, 17), MW_ERR_SPACE);
  krig_load (r, 230.5, 3000, 0);
  shows (r, "0001234", "kWh");
  mw_kmeter_run (&r->k, 10);
  shows (r, "2026:03:29", "");
  mw_kmeter_run (&r->k, 10);
  shows (r, "00:59:20", "");
  mw_kmeter_run (&r->k, 10);
  shows (r, "02.074", "kW"); /* [2.3]: 2074.5 W */
  mw_kmeter_run (&r->k, 10);
  shows (r, "230.500", "V");
  mw_kmeter_run (&r->k, 10);
  mw_kdisplay_now (&r->k, &v);
  CHECK_STR (v.value, "-0000004"); /* -5 kWh and some Wh more */
  mw_kmeter_run (&r->k, 10);
  mw_kdisplay_now (&r->k, &v);
  CHECK_EQ (v.id, MW_KV_A14);
  CHECK_EQ (number (r, MW_KV_DISPLAY_CALL), MW_KV_A14);
  krig_free (r);
}

static void
test_buttons (void)
{
  static const uint16_t manual[] = { MW_KV_SERIAL, MW_KV_HOURS },
                        utility[] = { MW_KV_FREQUENCY, MW_KV_TARIFF, MW_KV_PULSE_IN1 };
  krig *r = with_energy (0);
  CHECK_EQ (mw_kdisplay_set_list (&r->k, MW_KLIST_MANUAL, manual, 2), MW_OK);
  CHECK_EQ (mw_kdisplay_set_list (&r->k, MW_KLIST_UTILITY, utility, 3), MW_OK);
  mw_kmeter_set (&r->k, MW_KV_PULSE_IN_UNIT, 2);
  mw_kdisplay_push (&r->k, false);
  shows (r, "12345678", "");
  mw_kmeter_run (&r->k, 119);
  mw_kdisplay_push (&r->k, false);
  shows (r, "0", "h");
  mw_kdisplay_push (&r->k, false);
  shows (r, "12345678", "");
  mw_kdisplay_push (&r->k, true);
  shows (r, "50.000", "Hz");
  mw_kdisplay_push (&r->k, true);
  mw_kdisplay_push (&r->k, true);
  shows (r, "0.000", "m\xc2\xb3");
  mw_kmeter_run (&r->k, 120);
  CHECK_EQ (mw_kmeter_set (&r->k, MW_KV_DISPLAY_MODE, 1), MW_OK); /* stays where it is put */
  mw_kdisplay_push (&r->k, false);
  shows (r, "0", "h");
  mw_kmeter_run (&r->k, 100000);
  shows (r, "27", "h");
  mw_kmeter_power (&r->k, false);
  shows (r, "", "");
  mw_kdisplay_push (&r->k, false); /* the backup list, from the battery */
  shows (r, "0001234", "kWh");
  krig_free (r);
}

/* A maximum that has not been yet has a time that never was. */
static void
test_dates (void)
{
  static const uint16_t list[] = { MW_KV_P14_MAX_RTC };
  krig *r = krig_new (&krig_direct, "2026-03-28T23:40:00");
  CHECK_EQ (mw_kdisplay_set_list (&r->k, MW_KLIST_AUTO, list, 1), MW_OK);
  shows (r, "0000:00:00", "");
  krig_load (r, 230, 1000, 0);
  mw_kmeter_run (&r->k, 900);
  shows (r, "2026:03:28", "");
  krig_free (r);
}

CHECK_MAIN (test_dates, test_formats_of_energies, test_automatic_list, test_buttons)
