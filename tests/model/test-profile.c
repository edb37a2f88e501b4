/* test-profile.c: buffers through GET, decoded here alone, against the core's records: whole,
 * by range, by entry, by columns; compression; what changing the columns or the period does. */
#include "rig.h"

#define LOAD1 "1-0:99.1.0.255"
#define ROWS 4000
#define COLUMNS 12

typedef struct cell {
  uint8_t type;
  int64_t number;
  mw_civil time;
} cell;

static cell table[ROWS][COLUMNS];
static uint32_t rows, columns;
static unsigned nulls;

/* The buffer in the answer as it stands: nothing is expanded. */
static void
decode (const rig *r)
{
  mw_cur c;
  mw_cur_init (&c, r->answer, r->len);
  rows = mw_axdr_get_array (&c);
  columns = nulls = 0;
  for (uint32_t i = 0; i < rows && i < ROWS; i++) {
    mw_axdr_value head;
    mw_axdr_get (&c, &head);
    CHECK_EQ (head.type, MW_AXDR_STRUCTURE);
    columns = head.len;
    for (uint32_t k = 0; k < columns && k < COLUMNS; k++) {
      mw_axdr_value v;
      mw_axdr_get (&c, &v);
      table[i][k] = (cell){ .type = v.type };
      nulls += v.type == MW_AXDR_NULL_DATA;
      if (v.type == MW_AXDR_OCTET_STRING)
        CHECK (mw_axdr_to_civil (&v, &table[i][k].time) == MW_OK);
      else if (v.type != MW_AXDR_NULL_DATA)
        CHECK (mw_axdr_to_int (&v, &table[i][k].number) == MW_OK);
    }
  }
  CHECK (mw_cur_end (&c) == MW_OK);
}

/* The instant of row I: its own, or that of the row before plus one period. */
static int64_t
instant (uint32_t i, int64_t before, uint32_t period)
{
  int64_t utc = 0;
  if (table[i][0].type == MW_AXDR_NULL_DATA)
    return before + period;
  CHECK (mw_civil_to_utc (&table[i][0].time, 0, &utc) == MW_OK);
  return utc;
}

/* Rows of the answer (clock, status, four energies) are the core's records from FIRST on. */
static void
compare (rig *r, uint32_t first)
{
  int64_t utc = 0, status = -1;
  for (uint32_t i = 0; i < rows; i++) {
    mw_record record;
    CHECK (mw_profile_read (&r->meter, MW_PROFILE_LOAD1, first + i, &record) == MW_OK);
    utc = instant (i, utc, 900);
    if (table[i][1].type != MW_AXDR_NULL_DATA)
      status = table[i][1].number;
    CHECK_EQ (utc, record.time.utc);
    CHECK_EQ (status, record.value[1].u.i);
    for (unsigned k = 2; k < columns; k++)
      CHECK_EQ (table[i][k].number, record.value[k].u.i);
  }
}

static rig *
lived (uint64_t days)
{
  rig *r = rig_new (MW_MT381, MW_PORT_HDLC);
  rig_live (r, days * 86400);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  return r;
}

static void
test_whole (void)
{
  rig *r = lived (30);
  r->wire = 0;
  CHECK_EQ (rig_get (r, 7, LOAD1, 2), 0);
  decode (r);
  CHECK_EQ (rows, 30 * 96);
  CHECK_EQ (columns, 6);
  compare (r, mw_profile_first (&r->meter, MW_PROFILE_LOAD1));
  /* one whole time stamp: the first, and one after each change of summer time (March 29) */
  CHECK (nulls >= 2 * (rows - 4));
  CHECK_EQ (table[0][0].type, MW_AXDR_OCTET_STRING);
  /* HDLC and blocks cost little: 1.08 times the profile's own A-XDR */
  CHECK (r->wire * 100 <= r->len * 108);
  CHECK_EQ (rig_get (r, 7, LOAD1, 7), 0);
  CHECK_EQ (rig_int (r), rows);
  CHECK_EQ (rig_get (r, 7, LOAD1, 8), 0);
  CHECK_EQ (rig_int (r), mw_profile_entries (&r->meter, MW_PROFILE_LOAD1));
  rig_free (r);
}

/* The clock is changed to summer time inside: the time stamp is whole where its deviation
 * changes. */
static void
test_summer_time (void)
{
  rig *r = lived (30);
  unsigned whole = 0;
  CHECK_EQ (rig_get (r, 7, LOAD1, 2), 0);
  decode (r);
  for (uint32_t i = 0; i < rows; i++)
    if (table[i][0].type == MW_AXDR_OCTET_STRING) {
      whole++;
      CHECK (i == 0 || (table[i][0].time.deviation == 120 && table[i][0].time.hour == 3));
    }
  CHECK_EQ (whole, 2);
  rig_free (r);
}

/* --- selective access -----------------------------------------------------------------------
 */

static const mw_capture_object clock_object = { 8, { { 0, 0, 1, 0, 0, 255 } }, 2, 0 };

static unsigned
get_range (rig *r, int64_t from, int64_t to, const mw_capture_object *names, size_t n)
{
  uint8_t buf[256];
  mw_wr w;
  mw_civil a = mw_civil_from_utc (from, 60, 0), b = mw_civil_from_utc (to, 60, 0);
  mw_wr_init (&w, buf, sizeof buf);
  mw_profile_range_put (&w, &clock_object, &a, &b, names, n);
  return rig_get_with (r, rig_attr (7, LOAD1, 2),
                       (mw_dlms_selection){ MW_SELECT_RANGE, mw_wr_done (&w) });
}

static unsigned
get_entries (rig *r, uint32_t from, uint32_t to, uint16_t first, uint16_t last)
{
  uint8_t buf[64];
  mw_wr w;
  mw_wr_init (&w, buf, sizeof buf);
  mw_profile_entry_put (&w, from, to, first, last);
  return rig_get_with (r, rig_attr (7, LOAD1, 2),
                       (mw_dlms_selection){ MW_SELECT_ENTRY, mw_wr_done (&w) });
}

static void
test_range (void)
{
  rig *r = lived (10);
  int64_t from = RIG_START + 2 * 86400, to = from + 86400;
  CHECK_EQ (get_range (r, from, to, NULL, 0), 0);
  decode (r);
  CHECK_EQ (rows, 97); /* both ends are inside */
  CHECK_EQ (instant (0, 0, 0), from);
  uint32_t first = mw_profile_find (&r->meter, MW_PROFILE_LOAD1, 1, from, to);
  compare (r, first);
  /* beyond what there is, and the wrong way round: no rows */
  CHECK_EQ (get_range (r, RIG_START - 86400, RIG_START - 1, NULL, 0), 0);
  decode (r);
  CHECK_EQ (rows, 0);
  CHECK_EQ (get_range (r, to, from, NULL, 0), 0);
  decode (r);
  CHECK_EQ (rows, 0);
  /* half open at the end: the newest */
  CHECK_EQ (get_range (r, RIG_START + 10 * 86400 - 900, INT64_C (4102444800), NULL, 0), 0);
  decode (r);
  CHECK_EQ (rows, 2);
  rig_free (r);
}

static void
test_columns (void)
{
  static const mw_capture_object names[] = { { 8, { { 0, 0, 1, 0, 0, 255 } }, 2, 0 },
                                             { 3, { { 1, 0, 2, 8, 0, 255 } }, 2, 0 } };
  static const mw_capture_object foreign = { 3, { { 1, 0, 9, 8, 0, 255 } }, 2, 0 };
  rig *r = lived (3);
  mw_record record;
  CHECK_EQ (get_range (r, RIG_START + 86400, RIG_START + 90000, names, 2), 0);
  decode (r);
  CHECK_EQ (rows, 5);
  CHECK_EQ (columns, 2);
  uint32_t first =
      mw_profile_find (&r->meter, MW_PROFILE_LOAD1, 1, RIG_START + 86400, INT64_MAX);
  for (uint32_t i = 0; i < rows; i++) {
    CHECK (mw_profile_read (&r->meter, MW_PROFILE_LOAD1, first + i, &record) == MW_OK);
    CHECK_EQ (table[i][1].number, record.value[3].u.i);
  }
  CHECK_EQ (get_range (r, RIG_START, RIG_START + 3600, &foreign, 1), MW_DAR_OTHER_REASON);
  CHECK_EQ (get_entries (r, 1, 4, 3, 4), 0);
  decode (r);
  CHECK_EQ (rows, 4);
  CHECK_EQ (columns, 2);
  rig_free (r);
}

static void
test_entries (void)
{
  rig *r = lived (3);
  uint32_t first = mw_profile_first (&r->meter, MW_PROFILE_LOAD1);
  CHECK_EQ (get_entries (r, 11, 20, 1, 0), 0);
  decode (r);
  CHECK_EQ (rows, 10);
  compare (r, first + 10);
  CHECK_EQ (get_entries (r, 280, 0, 1, 0), 0); /* to the last */
  decode (r);
  CHECK_EQ (rows, 288 - 279);
  CHECK_EQ (get_entries (r, 5000, 0, 1, 0), 0); /* there are not so many */
  decode (r);
  CHECK_EQ (rows, 0);
  CHECK_EQ (get_entries (r, 0, 5, 1, 0), MW_DAR_OTHER_REASON); /* they count from 1 */
  rig_free (r);
}

/* --- programming ----------------------------------------------------------------------------
 */

static void
test_captures (void)
{
  rig *r = lived (2);
  /* clock, power factor L1, device number (octets), maximum A+ with its time */
  CHECK_EQ (rig_set (r, 7, LOAD1, 3,
                     "0105"
                     "0204 120008 0906 0000010000ff 0f02 120000"
                     "0204 120003 0906 0100210700ff 0f02 120000"
                     "0204 120001 0906 0000600100ff 0f02 120000"
                     "0204 120004 0906 0100010600ff 0f02 120000"
                     "0204 120004 0906 0100010600ff 0f05 120000"),
            0);
  CHECK_EQ (rig_get (r, 7, LOAD1, 7), 0);
  CHECK_EQ (rig_int (r), 0); /* cleared */
  rig_live (r, 7200);
  CHECK_EQ (rig_get (r, 7, LOAD1, 2), 0);
  mw_cur c;
  mw_axdr_value v;
  mw_cur_init (&c, r->answer, r->len);
  CHECK_EQ (mw_axdr_get_array (&c), 8);
  mw_axdr_get_structure (&c, 5);
  (void) mw_axdr_take (&c);
  mw_axdr_get (&c, &v);
  CHECK_EQ (v.type, MW_AXDR_LONG_UNSIGNED);
  mw_span serial = mw_axdr_get_octets (&c);
  CHECK_MEM (serial.ptr, serial.len, "REF00042", 8);
  mw_axdr_get (&c, &v);
  CHECK_EQ (v.type, MW_AXDR_DOUBLE_LONG_UNSIGNED);
  mw_axdr_get (&c, &v);
  CHECK_EQ (v.len, 12);
  CHECK (c.err == MW_OK);
  /* what has no single value, or is not there, is no column; the list stays */
  CHECK_EQ (rig_set (r, 7, LOAD1, 3, "0101 0204 120007 0906 0100630200ff 0f02 120000"),
            MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_set (r, 7, LOAD1, 3, "0101 0204 120003 0906 0100090900ff 0f02 120000"),
            MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_get (r, 7, LOAD1, 3), 0);
  CHECK_EQ (r->len, 2 + 5 * 18);
  rig_restart (r, 60); /* and it survives */
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_get (r, 7, LOAD1, 3), 0);
  CHECK_EQ (r->len, 2 + 5 * 18);
  CHECK_MEM (r->answer + 20, 18,
             "\x02\x04\x12\x00\x03\x09\x06\x01\x00\x21\x07\x00\xff\x0f\x02\x12\x00\x00", 18);
  rig_free (r);
}

static void
test_period (void)
{
  rig *r = lived (1);
  CHECK_EQ (rig_set (r, 7, LOAD1, 4, "06 0000012c"), 0);
  CHECK_EQ (rig_get (r, 7, LOAD1, 7), 0);
  CHECK_EQ (rig_int (r), 0);
  rig_live (r, 3600);
  CHECK_EQ (rig_get (r, 7, LOAD1, 7), 0);
  CHECK_EQ (rig_int (r), 12);
  CHECK_EQ (rig_set (r, 7, LOAD1, 4, "06 00000064"), MW_DAR_OTHER_REASON); /* 100 s */
  CHECK_EQ (rig_set (r, 7, LOAD1, 8, "06 00000064"), MW_DAR_READ_WRITE_DENIED);
  CHECK_EQ (rig_act (r, 7, LOAD1, 2, "0f00"), MW_DAR_OTHER_REASON); /* no capture on demand */
  CHECK_EQ (rig_act (r, 7, LOAD1, 1, "0f00"), 0);
  CHECK_EQ (rig_get (r, 7, LOAD1, 7), 0);
  CHECK_EQ (rig_int (r), 0);
  rig_free (r);
}

/* --- logs and billing -----------------------------------------------------------------------
 */

static void
test_logs (void)
{
  rig *r = lived (1);
  mw_log_entry entry;
  mw_meter_cover (&r->meter, MW_COVER_TERMINAL, true);
  rig_live (r, 60);
  CHECK_EQ (rig_get (r, 7, "0-0:99.98.1.255", 2), 0);
  decode (r);
  CHECK_EQ (rows, mw_log_count (&r->meter, MW_LOG_FRAUD));
  CHECK (rows >= 1);
  CHECK_EQ (columns, 2);
  CHECK_EQ (table[rows - 1][1].number, 40); /* terminal cover removed, manual Table 45 */
  uint32_t last = mw_log_first (&r->meter, MW_LOG_FRAUD) + rows - 1;
  CHECK (mw_log_read (&r->meter, MW_LOG_FRAUD, last, &entry) == MW_OK);
  CHECK_EQ (instant (rows - 1, 0, 0), entry.time.utc);
  CHECK_EQ (rig_get (r, 1, "0-0:96.11.1.255", 2), 0);
  CHECK_EQ (rig_int (r), 40);
  CHECK_EQ (rig_act (r, 7, "0-0:99.98.1.255", 1, "0f00"), 0);
  CHECK_EQ (rig_get (r, 7, "0-0:99.98.1.255", 2), 0);
  decode (r);
  CHECK_EQ (rows, 1);
  CHECK_EQ (table[0][1].number, 255);
  rig_free (r);
}

static void
test_billing (void)
{
  rig *r = lived (40); /* over the 1st of April */
  CHECK_EQ (rig_get (r, 7, "0-0:98.1.0.255", 2), 0);
  decode (r);
  CHECK_EQ (columns, 5);
  uint32_t monthly = rows;
  CHECK (monthly >= 1);
  CHECK_EQ (rig_act (r, 9, "0-0:10.0.1.255", 1, "12 0001"), 0);
  CHECK_EQ (rig_get (r, 7, "0-0:98.1.0.255", 2), 0);
  decode (r);
  CHECK_EQ (rows, monthly + 1);
  CHECK_EQ (table[rows - 1][1].number, mw_energy_wh (&r->meter, MW_Q_AP, 0));
  CHECK_EQ (rig_get (r, 1, "1-0:0.1.0.255", 2), 0);
  CHECK_EQ (rig_int (r), mw_counter_get (&r->meter, MW_CNT_BILLING));
  CHECK_EQ (rig_get (r, 4, "1-0:1.6.0.255", 2), 0);
  CHECK_EQ (rig_int (r), 0); /* the maxima begin anew, manual 6.4 */
  CHECK_EQ (rig_act (r, 9, "0-0:10.0.1.255", 1, "12 0003"), MW_DAR_OTHER_REASON);
  CHECK_EQ (rig_act (r, 9, "0-0:10.0.1.255", 1, "11 01"), MW_DAR_TYPE_UNMATCHED);
  rig_free (r);
}

CHECK_MAIN (test_whole, test_summer_time, test_range, test_columns, test_entries, test_captures,
            test_period, test_logs, test_billing)
