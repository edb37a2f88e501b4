/* Reading logs of KMP from end to end: every record once and in order, at every chunk size and
 * size of answer, from a time, an id, the last one read, towards the past; while the meter adds
 * records and drops old ones; over a line that does harm; and answers that are not as asked. */
#include "kmp-pair.h"

static const uint16_t columns[] = { 0x417, 1 };

static mw_kmp_log_query
query_of (uint8_t by)
{
  mw_kmp_log_query q = { .by = by, .log = 6, .ids = columns, .n = 2, .time = mw_civil_any () };
  return q;
}

static mw_kmp_log_query
query_at (uint8_t by, const pair *p, uint32_t record, int32_t seconds)
{
  mw_kmp_log_query q = query_of (by);
  q.time = mw_civil_from_utc (record_time (&p->meter, record) + seconds, 0, 0);
  return q;
}

/* N records from FIRST on, upwards or down, each with its two values, and no others. */
static void
check_records (const pair *p, uint32_t first, uint32_t n, bool past)
{
  bool narrow = !p->meter.wide;
  CHECK_EQ (p->note.done, 1);
  CHECK_EQ (p->note.err, MW_OK);
  CHECK_EQ (p->note.records, n);
  CHECK_EQ (p->note.absents, 0);
  if (!CHECK (p->note.n == 2 * n))
    return;
  for (uint32_t i = 0; i < 2 * n; i++) {
    uint32_t record = past ? first - i / 2 : first + i / 2;
    if (!CHECK (p->note.record[i] == (narrow ? (uint16_t) record : record)))
      return;
    CHECK_EQ (p->note.ids[i], columns[i % 2]);
    if (i % 2)
      CHECK_EQ (p->note.bits[i], record * 7);
  }
}

static pair *
meter_with (size_t chunk, uint32_t oldest, uint32_t newest, bool wide)
{
  pair *p = pair_new (chunk);
  p->meter.oldest = oldest;
  p->meter.newest = newest;
  p->meter.wide = wide;
  return p;
}

static void
test_all_ways (void)
{
  for (int wide = 0; wide < 2; wide++)
    for (size_t chunk = 1; chunk <= 300; chunk += chunk < 12 ? 1 : 57) {
      pair *p = meter_with (chunk, 100, 159, wide);
      mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
      q.wide = wide;
      pair_log (p, &q);
      check_records (p, 100, 60, false);
      CHECK (p->client.complete && p->note.gaps == 0);
      CHECK_EQ (p->client.newest, 159);
      q = query_at (MW_KMP_FROM_TIME, p, 117, -1);
      q.wide = wide;
      pair_log (p, &q);
      check_records (p, 117, 43, false);
      q = query_at (MW_KMP_FROM_TIME, p, 117, 1);
      q.wide = wide;
      q.count = 11;
      pair_log (p, &q);
      check_records (p, 118, 11, false);
      CHECK (p->client.complete);
      q = query_of (MW_KMP_FROM_ID);
      q.wide = wide;
      q.record = 150;
      pair_log (p, &q);
      check_records (p, 150, 10, false);
      free (p);
    }
}

static void
test_past (void)
{
  pair *p = meter_with (40, 100, 159, false);
  mw_kmp_log_query q = query_at (MW_KMP_PAST_TIME, p, 140, 0);
  pair_log (p, &q);
  check_records (p, 140, 41, true);
  CHECK (p->client.complete);
  q.count = 13;
  pair_log (p, &q);
  check_records (p, 140, 13, true);
  q = query_at (MW_KMP_PAST_TIME, p, 100, -1);
  pair_log (p, &q);
  check_records (p, 0, 0, true);
  CHECK_EQ (p->client.info, MW_KMP_INFO_RANGE);
  free (p);
  /* B8 has no request that goes on towards the past: one answer, and it is said */
  p = meter_with (40, 100, 399, true);
  q = query_at (MW_KMP_PAST_TIME, p, 340, 0);
  q.wide = true;
  pair_log (p, &q);
  check_records (p, 340, p->note.records, true);
  CHECK (p->note.records > 10 && !p->client.complete);
  q.count = 8;
  pair_log (p, &q);
  check_records (p, 340, 8, true);
  CHECK (p->client.complete);
  free (p);
}

/* The search by time finds a later record when the meter has added some: none comes twice. */
static void
test_past_while_growing (void)
{
  for (uint32_t every = 1; every < 4; every++) {
    pair *p = meter_with (40, 100, 159, false);
    mw_kmp_log_query q = query_at (MW_KMP_PAST_TIME, p, 5000, 0); /* "now" */
    p->meter.grows_every = every;
    pair_log (p, &q);
    uint32_t first = every == 1 ? 160 : 159;
    check_records (p, first, first - 99, true);
    CHECK_EQ (p->note.gaps, 0);
    free (p);
  }
}

/* A1: what is new since the last reading. */
static void
test_last (void)
{
  pair *p = meter_with (40, 100, 159, false);
  mw_kmp_log_query q = query_of (MW_KMP_FROM_LAST);
  p->meter.last_read = 99;
  pair_log (p, &q);
  check_records (p, 100, 60, false);
  CHECK_EQ (p->meter.last_read, 159);
  pair_log (p, &q);
  check_records (p, 0, 0, false);
  CHECK (p->client.complete);
  meter_grow (&p->meter, 3);
  pair_log (p, &q);
  check_records (p, 160, 3, false);
  q.wide = true;
  CHECK_EQ (mw_kmp_client_read_log (&p->client, &q, p->now), MW_ERR_VALUE);
  free (p);
}

static void
test_sizes (void)
{
  for (int wide = 0; wide < 2; wide++)
    for (unsigned max = 0; max < 256; max++) {
      pair *p = meter_with (300, 65500, 65540, wide);
      mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
      q.wide = wide;
      p->client.config.max_apdu = (uint8_t) max;
      p->server.config.max_apdu = wide && max ? (uint8_t) max : 255;
      p->client.config.max_records = (uint8_t) (max % 7 ? max % 7 : 255);
      pair_log (p, &q);
      if (p->note.err == MW_ERR_SPACE || p->note.err == MW_ERR_REFUSED) {
        CHECK (max < 45 && p->note.records == 0);
      } else {
        check_records (p, 65500, 41, false); /* across the end of 16 bits */
        CHECK (p->client.complete);
      }
      free (p);
    }
}

/* The full profile of 175 days: 4 registers at 9600 baud, how much of the line is payload. */
static void
test_long (void)
{
  pair *p = meter_with (300, 60000, 60000 + 1439, false);
  mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
  pair_log (p, &q);
  check_records (p, 60000, 1440, false);
  /* a record has 2 + 8 + 4 octets, an answer 5 + 5 + 10 more and its frame 5: 16 records */
  CHECK_EQ (p->requests, 90);
  free (p);
}

/* --- the log moves while it is read --- */

static void
test_growing (void)
{
  for (int wide = 0; wide < 2; wide++)
    for (uint32_t every = 1; every < 6; every++) {
      pair *p = meter_with (64, 65400, 65599, wide);
      mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
      q.wide = wide;
      p->client.config.max_records = 8;
      p->meter.grows_every = every;
      pair_log (p, &q);
      CHECK (p->note.records >= 200);
      check_records (p, every == 1 ? 65400 : 65400, p->note.records, false);
      CHECK_EQ (65400 + p->note.records - 1, p->meter.newest);
      CHECK_EQ (p->note.gaps, 0);
      free (p);
    }
}

static uint32_t overwritten;

static void
overwrite (pair *p)
{
  if (p->requests == 3)
    meter_grow (&p->meter, overwritten);
}

/* Records are dropped before they could be read: said how many, and the rest in order. */
static void
test_overwritten (void)
{
  for (int wide = 0; wide < 2; wide++)
    for (overwritten = 1; overwritten <= 150; overwritten += 7) {
      pair *p = meter_with (64, 65500, 65599, wide);
      mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
      q.wide = wide;
      p->meter.depth = 100;
      p->client.config.max_records = 8;
      p->on_request = overwrite;
      pair_log (p, &q);
      uint32_t newest = 65599 + overwritten, oldest = newest - 99;
      uint32_t read = 65500 + 24, gone = oldest > read ? oldest - read : 0;
      CHECK_EQ (p->note.done, 1);
      CHECK_EQ (p->note.err, MW_OK);
      CHECK_EQ (p->note.gaps, gone > 0);
      CHECK_EQ (p->note.lost, gone);
      CHECK_EQ (p->note.records, 100 + overwritten - gone);
      uint32_t want = 65500;
      for (unsigned i = 0; i < p->note.n; i += 2, want++) {
        if (want == read)
          want += gone;
        CHECK_EQ (p->note.record[i], wide ? want : (uint16_t) want);
        CHECK_EQ (p->note.bits[i + 1], 7 * want);
      }
      free (p);
    }
}

/* Incremental reading after a long time: the next id is gone. */
static void
test_gap_at_once (void)
{
  pair *p = meter_with (64, 500, 559, false);
  mw_kmp_log_query q = query_of (MW_KMP_FROM_ID);
  q.record = 490;
  pair_log (p, &q);
  check_records (p, 500, 60, false);
  CHECK_EQ (p->note.gaps, 1);
  CHECK_EQ (p->note.lost, 10);
  q.record = 560; /* nothing new */
  pair_log (p, &q);
  check_records (p, 0, 0, false);
  CHECK_EQ (p->client.info, MW_KMP_INFO_RANGE);
  /* the meter was reset: its ids begin anew, which is no number of lost records */
  p->meter.oldest = 1;
  p->meter.newest = 9;
  q.record = 40000;
  pair_log (p, &q);
  check_records (p, 1, 9, false);
  CHECK_EQ (p->note.gaps, 1);
  free (p);
}

static uint32_t begins_anew;

static void
reset_log (pair *p)
{
  if (p->requests == 3) {
    p->meter.oldest = begins_anew ? 1 : 0;
    p->meter.newest = begins_anew;
    p->meter.empty = !begins_anew;
  }
}

/* The meter is reset in the middle: what was read stays, nothing else is taken, and it is said.
 */
static void
test_reset (void)
{
  for (int wide = 0; wide < 2; wide++)
    for (begins_anew = 0; begins_anew < 40; begins_anew += 13) {
      pair *p = meter_with (64, 5000, 5099, wide);
      mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
      q.wide = wide;
      p->client.config.max_records = 8;
      p->on_request = reset_log;
      pair_log (p, &q);
      CHECK_EQ (p->note.done, 1);
      CHECK_EQ (p->note.err, MW_ERR_PROTOCOL);
      CHECK_EQ (p->client.violation, MW_KMP_LOG_RESET);
      CHECK (!p->client.complete);
      CHECK_EQ (p->note.records, 24);
      CHECK_EQ (p->note.record[p->note.n - 1], 5023);
      free (p);
    }
}

static void
test_empty (void)
{
  for (int wide = 0; wide < 2; wide++) {
    pair *p = meter_with (64, 0, 0, wide);
    mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
    q.wide = wide;
    p->meter.empty = true;
    pair_log (p, &q);
    check_records (p, 0, 0, false);
    CHECK_EQ (p->client.info, MW_KMP_INFO_EMPTY);
    CHECK (p->client.complete);
    q.log = 9; /* no such log */
    pair_log (p, &q);
    CHECK_EQ (p->note.err, MW_ERR_REFUSED);
    free (p);
  }
}

/* A register that the log has not is said once; the others come. */
static void
test_absent (void)
{
  static const uint16_t ids[] = { 0x999, 0x417, 9, 1, 0x998 };
  for (int wide = 0; wide < 2; wide++) {
    pair *p = meter_with (64, 10, 99, wide);
    mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
    q.wide = wide;
    q.ids = ids;
    q.n = 5;
    pair_log (p, &q);
    CHECK_EQ (p->note.absents, 3);
    CHECK_EQ (p->note.absent[0], 0x999);
    CHECK_EQ (p->note.absent[1], 9);
    CHECK_EQ (p->note.absent[2], 0x998);
    p->note.absents = 0;
    check_records (p, 10, 90, false);
    free (p);
  }
}

/* A record that is written in another way begins an answer of its own. */
static void
test_other_format (void)
{
  for (int wide = 0; wide < 2; wide++) {
    pair *p = meter_with (64, 10, 69, wide);
    mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
    q.wide = wide;
    p->meter.odd = 33;
    pair_log (p, &q);
    check_records (p, 10, 60, false);
    free (p);
  }
}

/* --- harm --- */

static int
lose_one (pair *p, bool to_meter, uint64_t index, uint8_t byte)
{
  (void) to_meter;
  return index == p->where ? -1 : byte;
}

static int
repeat_one (pair *p, bool to_meter, uint64_t index, uint8_t byte)
{
  (void) to_meter;
  return index == p->where ? 0x100 | byte : byte;
}

static void
test_one_byte (void)
{
  for (int wide = 0; wide < 2; wide++)
    for (int twice = 0; twice < 2; twice++)
      for (uint64_t i = 0;; i++) {
        pair *p = meter_with (50, 65520, 65559, wide);
        mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
        q.wide = wide;
        p->damage = twice ? repeat_one : lose_one;
        p->where = i;
        p->meter.grows_every = 3;
        pair_log (p, &q);
        check_records (p, 65520, p->note.records, false);
        CHECK (p->note.records >= 40 && p->note.gaps == 0);
        bool beyond = p->carried < i;
        free (p);
        if (beyond)
          break;
      }
}

static void
test_noise (void)
{
  unsigned right = 0;
  for (uint32_t seed = 1; seed <= 300; seed++) {
    pair *p = meter_with (1 + seed % 60, 65400, 65499, seed % 2);
    mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
    q.wide = seed % 2;
    p->damage = pair_noise;
    p->noise = 100u * (seed % 50);
    p->seed = seed * 2654435761u;
    p->client.config.repeats = 6;
    p->client.config.max_records = 8;
    p->meter.grows_every = 2;
    p->meter.depth = 100;
    pair_log (p, &q);
    /* whatever became of it, what came is right, in order and without a hole that is not said
     */
    for (unsigned i = 2; i < p->note.n; i += 2)
      CHECK (p->note.gaps || (uint16_t) (p->note.record[i] - p->note.record[i - 2]) == 1);
    for (unsigned i = 1; i < p->note.n; i += 2)
      CHECK_EQ ((uint16_t) (p->note.bits[i] / 7), (uint16_t) p->note.record[i]);
    right += p->note.done && !p->note.err && p->client.complete;
    free (p);
  }
  CHECK (right > 250);
}

/* --- answers that are not as asked --- */

/* The first request is answered with APDU, which is refused for VIOLATION; the repetition is
 * served by the meter. */
static void
check_refused (const uint8_t *apdu, size_t n, enum mw_kmp_violation violation)
{
  pair *p = meter_with (300, 10, 19, false);
  mw_kmp_log_query q = query_of (MW_KMP_FROM_ID);
  uint8_t wire[600];
  mw_wr w;
  q.record = 10;
  mw_wr_init (&w, wire, sizeof wire);
  mw_kmp_frame_encode (&w, MW_KMP_FROM_METER, MW_KMP_METER, (mw_span){ apdu, n });
  CHECK_EQ (mw_kmp_client_read_log (&p->client, &q, p->now), MW_OK);
  mw_kmp_client_tx_ack (&p->client, 1000, p->now);
  pair_give (p, false, wire, mw_wr_len (&w));
  CHECK_EQ (p->note.n + p->note.done + p->note.failed, 0);
  CHECK_EQ (p->client.violation, violation);
  pair_run (p);
  check_records (p, 10, 10, false);
  CHECK_EQ (p->client.violation, MW_KMP_RIGHT);
  CHECK_EQ (p->client.repeated, 1);
  free (p);
}

static void
test_not_as_asked (void)
{
  static const uint8_t other_log[] = { 0xa2, 5, 1, 0, 10, 0, 1, 2, 1, 0, 7, 0, 10, 0, 19, 0 };
  static const uint8_t other_way[] = { 0xa0, 6, 1, 0, 10, 0, 1, 2, 1, 0, 7, 0, 10, 0, 19, 0 };
  static const uint8_t other_id[] = { 0xa2, 6, 1, 0, 10, 0, 2, 2, 1, 0, 7, 0, 10, 0, 19, 0 };
  static const uint8_t order[] = { 0xa2, 6,    2,  0, 10, 0,    1, 2,  1, 0,  7,
                                   4,    0x17, 59, 1, 0,  0x11, 0, 10, 0, 19, 0 };
  static const uint8_t back[] = {
    0xa2, 6, 1, 0, 10, 0, 1, 2, 1, 0, 7, 0, 9, 7, 0, 9, 0, 19, 0
  };
  static const uint8_t same[] = {
    0xa2, 6, 1, 0, 10, 0, 1, 2, 1, 0, 7, 0, 10, 7, 0, 9, 0, 19, 0
  };
  static const uint8_t cut[] = { 0xa2, 6, 1, 0, 10, 0, 1, 2, 4, 0, 7, 0, 10, 0, 19, 0 };
  static const uint8_t wide[] = { 0xb8, 2, 6, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0 };
  check_refused (other_log, sizeof other_log, MW_KMP_OTHER_LOG);
  check_refused (other_way, sizeof other_way, MW_KMP_OTHER_COMMAND);
  check_refused (other_id, sizeof other_id, MW_KMP_OTHER_REGISTER);
  check_refused (order, sizeof order, MW_KMP_OTHER_REGISTER);
  check_refused (back, sizeof back, MW_KMP_OTHER_RECORD);
  check_refused (same, sizeof same, MW_KMP_OTHER_RECORD);
  check_refused (cut, sizeof cut, MW_KMP_MALFORMED);
  check_refused (wide, sizeof wide, MW_KMP_OTHER_COMMAND);
}

/* An answer that comes late, after the repetition was sent, is had once. */
static void
test_late_answer (void)
{
  pair *p = meter_with (300, 10, 109, false);
  mw_kmp_log_query q = query_of (MW_KMP_FROM_ID);
  q.record = 10;
  uint8_t first[600];
  CHECK_EQ (mw_kmp_client_read_log (&p->client, &q, p->now), MW_OK);
  mw_span tx = mw_kmp_client_tx (&p->client);
  mw_kmp_server_feed (&p->server, tx.ptr, tx.len, p->now);
  mw_kmp_client_tx_ack (&p->client, tx.len, p->now);
  mw_span answer = mw_kmp_server_tx (&p->server);
  memcpy (first, answer.ptr, answer.len);
  size_t n = answer.len;
  mw_kmp_server_tx_ack (&p->server, n, p->now);
  p->now = mw_kmp_client_deadline (&p->client);
  mw_kmp_client_tick (&p->client, p->now); /* repeated */
  CHECK_EQ (p->client.repeated, 1);
  pair_give (p, false, first, n); /* the answer to the first, at last */
  CHECK (p->note.records > 5);
  pair_give (p, false, first, n); /* and to the second, while the third is waited for */
  CHECK_EQ (p->client.violation, MW_KMP_OTHER_RECORD);
  pair_run (p);
  check_records (p, 10, 100, false);
  free (p);
}

/* Queries that cannot be sent. */
static void
test_wrong_use (void)
{
  pair *p = meter_with (64, 10, 19, false);
  mw_kmp_log_query q = query_of (MW_KMP_FROM_TIME);
  q.n = 0;
  CHECK_EQ (mw_kmp_client_read_log (&p->client, &q, 0), MW_ERR_VALUE);
  q.n = 9;
  CHECK_EQ (mw_kmp_client_read_log (&p->client, &q, 0), MW_ERR_VALUE);
  q.n = 1;
  q.by = 7;
  CHECK_EQ (mw_kmp_client_read_log (&p->client, &q, 0), MW_ERR_VALUE);
  q.by = MW_KMP_FROM_ID;
  q.record = 70000;
  CHECK_EQ (mw_kmp_client_read_log (&p->client, &q, 0), MW_ERR_VALUE);
  q.wide = true;
  CHECK_EQ (mw_kmp_client_read_log (&p->client, &q, 0), MW_OK);
  CHECK_EQ (mw_kmp_client_read_log (&p->client, &q, 0), MW_ERR_STATE);
  free (p);
}

CHECK_MAIN (test_all_ways, test_past, test_past_while_growing, test_last, test_sizes, test_long,
            test_growing, test_overwritten, test_gap_at_once, test_reset, test_empty,
            test_absent, test_other_format, test_one_byte, test_noise, test_not_as_asked,
            test_late_answer, test_wrong_use)
