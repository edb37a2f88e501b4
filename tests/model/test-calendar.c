/* test-calendar.c: the largest tariff plan over DLMS: 12 seasons, 12 weeks, 12 days of 16
 * actions, 64 special days, script table and masks, as a tool writes them (Mx381 manual 5.4);
 * and that it is followed. */
#include "rig.h"

static uint8_t big[16000];

static void
put_name (mw_wr *w, char letter, unsigned n)
{
  uint8_t name[3] = { (uint8_t) letter, (uint8_t) ('0' + n / 10), (uint8_t) ('0' + n % 10) };
  mw_axdr_put_octets (w, name, sizeof name);
}

static mw_span
seasons (void)
{
  mw_wr w;
  mw_wr_init (&w, big, sizeof big);
  mw_axdr_put_array (&w, 12);
  for (unsigned i = 0; i < 12; i++) {
    mw_civil start = mw_civil_any ();
    start.month = (uint8_t) (i + 1);
    start.day = 1;
    start.hour = start.minute = start.second = 0;
    mw_axdr_put_structure (&w, 3);
    put_name (&w, 'S', i);
    mw_axdr_put_civil (&w, &start);
    put_name (&w, 'W', i);
  }
  return mw_wr_done (&w);
}

/* In week I every day is day profile I + 1. */
static mw_span
weeks (void)
{
  mw_wr w;
  mw_wr_init (&w, big, sizeof big);
  mw_axdr_put_array (&w, 12);
  for (unsigned i = 0; i < 12; i++) {
    mw_axdr_put_structure (&w, 8);
    put_name (&w, 'W', i);
    for (unsigned d = 0; d < 7; d++)
      mw_axdr_put_u8 (&w, (uint8_t) (i + 1));
  }
  return mw_wr_done (&w);
}

/* Action A of day profile I + 1 is at A hours and I minutes: script (I + A) % 12 + 1. */
static mw_span
days (unsigned n, unsigned actions)
{
  static const uint8_t table[] = { 0, 0, 10, 0, 100, 255 };
  mw_wr w;
  mw_wr_init (&w, big, sizeof big);
  mw_axdr_put_array (&w, n);
  for (unsigned i = 0; i < n; i++) {
    mw_axdr_put_structure (&w, 2);
    mw_axdr_put_u8 (&w, (uint8_t) (i + 1));
    mw_axdr_put_array (&w, actions);
    for (unsigned a = 0; a < actions; a++) {
      uint8_t time[4] = { (uint8_t) a, (uint8_t) i, 0, 0 };
      mw_axdr_put_structure (&w, 3);
      mw_axdr_put_octets (&w, time, 4);
      mw_axdr_put_octets (&w, table, 6);
      mw_axdr_put_u16 (&w, (uint16_t) ((i + a) % 12 + 1));
    }
  }
  return mw_wr_done (&w);
}

/* Of every month days 10, 12, 14, 16, 18 (the first 60), and four of 2027. */
static mw_span
special_days (unsigned n)
{
  mw_wr w;
  mw_wr_init (&w, big, sizeof big);
  mw_axdr_put_array (&w, n);
  for (unsigned i = 0; i < n; i++) {
    mw_civil date = mw_civil_any ();
    date.year = i < 60 ? MW_YEAR_ANY : 2027;
    date.month = (uint8_t) (i % 12 + 1);
    date.day = (uint8_t) (10 + 2 * (i / 12));
    mw_axdr_put_structure (&w, 3);
    mw_axdr_put_u16 (&w, (uint16_t) i);
    mw_axdr_put_civil_as (&w, MW_AXDR_OCTET_STRING, 5, &date);
    mw_axdr_put_u8 (&w, (uint8_t) ((i + 6) % 12 + 1));
  }
  return mw_wr_done (&w);
}

/* Scripts 1-8: masks of that number, energy and demand; 9, 10: the relay off, on; 11, 12:
 * tariff 1 or 2 and the relay. */
static mw_span
scripts (void)
{
  mw_wr w;
  mw_wr_init (&w, big, sizeof big);
  mw_axdr_put_array (&w, 12);
  for (unsigned s = 1; s <= 12; s++) {
    unsigned tariff = s <= 8 ? s : s > 10 ? s - 10 : 0;
    mw_axdr_put_structure (&w, 2);
    mw_axdr_put_u16 (&w, (uint16_t) s);
    mw_axdr_put_array (&w, (tariff ? 2u : 0u) + (s > 8));
    for (unsigned k = 1; tariff && k <= 2; k++) {
      uint8_t mask[2] = { 0, (uint8_t) tariff };
      mw_axdr_put_structure (&w, 5);
      mw_axdr_put_enum (&w, 1);
      mw_axdr_put_u16 (&w, 6);
      mw_axdr_put_obis (&w, MW_OBIS (0, 0, 14, 0, k, 255));
      mw_axdr_put_i8 (&w, 4);
      mw_axdr_put_octets (&w, mask, 2);
    }
    if (s > 8) {
      mw_axdr_put_structure (&w, 5);
      mw_axdr_put_enum (&w, 2);
      mw_axdr_put_u16 (&w, 70);
      mw_axdr_put_obis (&w, MW_OBIS (0, 1, 96, 3, 10, 255));
      mw_axdr_put_i8 (&w, s % 2 ? 1 : 2);
      mw_axdr_put_i8 (&w, 0);
    }
  }
  return mw_wr_done (&w);
}

/* Write VALUE and read it back. */
static void
both (rig *r, unsigned class_id, const char *obis, int index, mw_span value)
{
  CHECK (value.len > 0);
  CHECK_EQ (rig_set_of (r, rig_attr (class_id, obis, index), value), 0);
  CHECK_EQ (rig_get (r, class_id, obis, index), 0);
  CHECK_MEM (r->answer, r->len, value.ptr, value.len);
}

static void
program (rig *r)
{
  static const uint8_t name[] = { 9, 3, 'B', 'I', 'G' };
  both (r, 9, "0-0:10.0.100.255", 2, scripts ());
  both (r, 20, "0-0:13.0.0.255", 6, (mw_span){ name, sizeof name });
  both (r, 20, "0-0:13.0.0.255", 7, seasons ());
  both (r, 20, "0-0:13.0.0.255", 8, weeks ());
  both (r, 20, "0-0:13.0.0.255", 9, days (12, 16));
  both (r, 11, "0-0:11.0.0.255", 2, special_days (64));
}

/* What script S does to tariff and relay. */
static void
follow (unsigned s, unsigned *tariff, bool *relay)
{
  if (s <= 8)
    *tariff = s;
  if (s > 10)
    *tariff = s - 10;
  if (s > 8)
    *relay = s % 2 == 0;
}

static void
test_largest_plan (void)
{
  for (unsigned kind = 0; kind < 2; kind++) {
    rig *r = rig_new (MW_MT381, kind ? MW_PORT_HDLC : MW_PORT_WRAPPER);
    CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
    program (r);
    CHECK_EQ (rig_act (r, 20, "0-0:13.0.0.255", 1, "0f 00"), 0);
    CHECK_EQ (rig_get (r, 20, "0-0:13.0.0.255", 5), 0); /* active now */
    mw_span want = days (12, 16);
    CHECK_MEM (r->answer, r->len, want.ptr, want.len);
    /* From 2026-03-09T23:30 on: a plain day of March, day profile 3; the 10th is special day 2
     * with day profile 9; then a plain day again. */
    unsigned tariff = 0;
    bool relay = false;
    mw_clock_set (&r->meter, 1773095400);
    for (unsigned hour = 0; hour < 48; hour++) {
      unsigned profile = hour < 1 ? 2 : hour < 25 ? 8 : 2;
      for (unsigned a = 0; a < 16 && hour > 0; a++)
        if (a == (hour + 23) % 24)
          follow ((profile + a) % 12 + 1, &tariff, &relay);
      if (hour > 3) { /* by then each of both was switched */
        CHECK_EQ (mw_tariff_active (&r->meter, MW_ACTIVATE_ENERGY), tariff);
        CHECK_EQ (mw_switch_of (&r->meter, MW_SWITCH_LOAD)->state == MW_CONNECTED, relay);
      }
      mw_meter_run (&r->meter, 3600);
    }
    rig_free (r);
  }
}

/* One more of anything is refused, and what was there stays. */
static void
test_too_much (void)
{
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  program (r);
  CHECK_EQ (rig_set_of (r, rig_attr (20, "0-0:13.0.0.255", 9), days (13, 1)),
            MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_set_of (r, rig_attr (20, "0-0:13.0.0.255", 9), days (1, 17)),
            MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_set_of (r, rig_attr (11, "0-0:11.0.0.255", 2), special_days (65)),
            MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_get (r, 20, "0-0:13.0.0.255", 9), 0);
  mw_span want = days (12, 16);
  CHECK_MEM (r->answer, r->len, want.ptr, want.len);
  CHECK_EQ (rig_get (r, 11, "0-0:11.0.0.255", 2), 0);
  want = special_days (64);
  CHECK_MEM (r->answer, r->len, want.ptr, want.len);
  rig_free (r);
}

/* A plan whose weeks name days that are not there is not activated: the old one goes on. */
static void
test_unsound (void)
{
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  program (r);
  CHECK_EQ (rig_set_of (r, rig_attr (20, "0-0:13.0.0.255", 9), days (11, 16)), 0);
  CHECK_EQ (rig_act (r, 20, "0-0:13.0.0.255", 1, "0f 00"), MW_DAR_OTHER_REASON);
  CHECK (mw_name_equal (&mw_calendar_active (&r->meter)->name,
                        &(mw_name){ 7, { 'D', 'E', 'F', 'A', 'U', 'L', 'T' } }));
  CHECK_EQ (mw_tariff_active (&r->meter, MW_ACTIVATE_ENERGY), 2);
  rig_free (r);
}

CHECK_MAIN (test_largest_plan, test_too_much, test_unsound)
