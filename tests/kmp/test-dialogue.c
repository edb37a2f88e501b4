/* Every command of KMP between client and server in memory: at every chunk size, with an echo,
 * refused, unanswered, answered with something else, over a line that does harm. */
#include "kmp-pair.h"

static const uint16_t ids[] = { 1,     0x3ff, 0x41e, 0x41f, 0x420, 0x999,
                                0x417, 0x422, 0x32,  0x888, 0x4e2, 0x7f7f };
#define N_IDS (sizeof ids / sizeof *ids)

/* The registers that the meter has, in order, and the two that it has not. */
static void
check_registers (const pair *p)
{
  CHECK_EQ (p->note.done, 1);
  CHECK_EQ (p->note.err, MW_OK);
  CHECK_EQ (p->note.n, N_IDS - 2);
  CHECK_EQ (p->note.absents, 2);
  CHECK_EQ (p->note.absent[0], 0x999);
  CHECK_EQ (p->note.absent[1], 0x888);
  CHECK_EQ (p->note.bits[0], 36886000);
  CHECK_EQ (p->note.bits[1], 1078);
  CHECK (p->note.bits[9] == 0x80400d061b80400dull);
}

#define RUN(p, call)                                                                           \
  do {                                                                                         \
    pair_clear (p);                                                                            \
    CHECK_EQ ((call), MW_OK);                                                                  \
    pair_run (p);                                                                              \
  } while (0)
#define OK(p, call)                                                                            \
  do {                                                                                         \
    RUN (p, call);                                                                             \
    CHECK_EQ ((p)->note.done, 1);                                                              \
    CHECK_EQ ((p)->note.err, MW_OK);                                                           \
  } while (0)

static void
check_identity (pair *p)
{
  mw_kmp_client *c = &p->client;
  OK (p, mw_kmp_client_get_type (c, p->now));
  CHECK_EQ (c->type, 0x5301);
  CHECK_EQ (c->revision, 0x0c02);
  OK (p, mw_kmp_client_get_serial (c, p->now));
  CHECK_EQ (c->serial, 14410000);
  pair_registers (p, ids, N_IDS);
  check_registers (p);
}

static void
check_programming (pair *p)
{
  mw_kmp_client *c = &p->client;
  mw_kmp_value v = { .id = 0x4e2 };
  mw_civil t = mw_civil_from_utc (1342396557, 0, 0);
  mw_kmp_put_octets (&v, 200, "\x80\x40\x0d\x06", 4);
  OK (p, mw_kmp_client_put_register (c, MW_KMP_PIN, &v, p->now));
  CHECK_MEM (p->meter.display, 4, "\x80\x40\x0d\x06", 4);
  OK (p, mw_kmp_client_set_clock (c, &t, p->now));
  CHECK_EQ (p->meter.clock.hour, 23);
  CHECK_EQ (p->meter.clock.day, 15);
  OK (p, mw_kmp_client_login (c, MW_KMP_PIN, p->now));
  OK (p, mw_kmp_client_command (c, MW_KMP_DEBITING_STOP, (mw_span){ NULL, 0 }, p->now));
  CHECK_EQ (p->meter.stops, 1);
  OK (p, mw_kmp_client_command (c, 0x55, (mw_span){ (const uint8_t *) "\x0d\x01", 2 }, p->now));
  CHECK_MEM (c->answer.ptr, c->answer.len, "\x0d\x01", 2);
}

static void
check_states (pair *p)
{
  mw_kmp_client *c = &p->client;
  mw_kmp_quality q = { 200, 260, 3 };
  const uint8_t none[4] = { 0 }, two[4] = { 0, 0, 0x01, 0 };
  OK (p, mw_kmp_client_set_cut_off (c, MW_KMP_CUT_DISCONNECT, p->now));
  CHECK_EQ (c->cut_off.state, 1);
  OK (p, mw_kmp_client_get_cut_off (c, p->now));
  CHECK_EQ (c->cut_off.feedback, 0x1f);
  CHECK_STR (mw_kmp_cut_off_text (c->cut_off.state), "disconnected by command");
  OK (p, mw_kmp_client_get_event_status (c, p->now));
  CHECK_EQ (c->event_status[2], 0x41);
  OK (p, mw_kmp_client_clear_event_status (c, two, none, p->now));
  CHECK_EQ (c->event_status[2], 0x40);
  OK (p, mw_kmp_client_set_quality (c, &q, p->now));
  OK (p, mw_kmp_client_get_quality (c, p->now));
  CHECK_EQ (c->quality.low, 200);
  CHECK_EQ (c->quality.high, 260);
  CHECK_EQ (c->quality.tens, 3);
}

static void
test_every_chunk (void)
{
  for (size_t chunk = 1; chunk <= 64; chunk += chunk < 12 ? 1 : 13)
    for (int echo = 0; echo < 2; echo++) {
      pair *p = pair_new (chunk);
      p->echo = echo;
      check_identity (p);
      check_programming (p);
      check_states (p);
      CHECK_EQ (p->client.repeated, 0);
      CHECK_EQ (p->server.damaged + p->server.refused, 0);
      free (p);
    }
}

/* With a line of 1200 baud, a meter that takes its time and a byte in each chunk. */
static void
test_slow (void)
{
  pair *p = pair_new (1);
  mw_line line = { 1200, 8, 'N', 2 };
  mw_kmp_client_config c = { .address = 17, .line = line };
  mw_kmp_server_config s = { .address = 17, .line = line, .reaction_ms = 340 };
  mw_kmp_client_init (&p->client, &c);
  mw_kmp_server_init (&p->server, &s, &meter_ops, &p->meter);
  mw_ms before = p->now;
  pair_registers (p, ids, N_IDS);
  check_registers (p);
  CHECK (p->now - before >= 2 * 340 && p->now - before < 1000);
  free (p);
}

/* The meter is silent on what it refuses, and that is told from a meter that is not there. */
static void
test_refused (void)
{
  pair *p = pair_new (7);
  mw_kmp_client *c = &p->client;
  mw_kmp_value v = { .id = 0x4e2 };
  mw_kmp_put_octets (&v, 200, "abcd", 4);
  RUN (p, mw_kmp_client_put_register (c, 4711, &v, p->now));
  CHECK_EQ (p->note.done, 1);
  CHECK_EQ (p->note.err, MW_ERR_REFUSED);
  CHECK_EQ (p->meter.puts, 0);
  CHECK_EQ (p->requests, 4); /* three times, then GetType */
  RUN (p, mw_kmp_client_command (c, MW_KMP_RESET_NO_BACKUP, (mw_span){ NULL, 0 }, p->now));
  CHECK_EQ (p->note.err, MW_ERR_TIMEOUT); /* once, and not known */
  CHECK_EQ (p->note.done, 1);
  CHECK_EQ (p->requests, 6);
  RUN (p, mw_kmp_client_login (c, 1, p->now));
  CHECK_EQ (p->note.err, MW_ERR_ACCESS);
  check_identity (p); /* and goes on */
  p->deaf = true;
  mw_ms before = p->now;
  RUN (p, mw_kmp_client_get_type (c, p->now));
  CHECK_EQ (p->note.failed, 1);
  CHECK_EQ (p->note.err, MW_ERR_TIMEOUT);
  CHECK_EQ (p->now - before, 5 + 3 * MW_KMP_ANSWER_MS);
  RUN (p, mw_kmp_client_get_serial (c, p->now));
  CHECK_EQ (p->note.failed, 1);
  CHECK_EQ (p->note.err, MW_ERR_TIMEOUT);
  p->deaf = false;
  check_identity (p);
  free (p);
}

/* A meter with another address keeps silent; one that sends for another is not listened to. */
static void
test_address (void)
{
  pair *p = pair_new (9);
  p->client.config.address = 12;
  RUN (p, mw_kmp_client_get_type (&p->client, p->now));
  CHECK_EQ (p->note.err, MW_ERR_TIMEOUT);
  CHECK_EQ (p->server.requests, 0);
  p->server.config.address = 12;
  check_identity (p);
  p->server.config.also = MW_KMP_TOP;
  p->client.config.address = MW_KMP_TOP;
  check_identity (p);
  free (p);
}

/* What cannot be asked is said at once. */
static void
test_wrong_use (void)
{
  pair *p = pair_new (9);
  mw_kmp_client *c = &p->client;
  mw_civil never = mw_civil_any (), old = mw_civil_from_utc (0, 0, 0);
  uint8_t much[300] = { 0 };
  CHECK_EQ (mw_kmp_client_get_registers (c, ids, 0, 0), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_client_set_clock (c, &never, 0), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_client_set_clock (c, &old, 0), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_client_command (c, 7, (mw_span){ much, sizeof much }, 0), MW_ERR_VALUE);
  CHECK_EQ (mw_kmp_client_get_type (c, 0), MW_OK);
  CHECK_EQ (mw_kmp_client_get_type (c, 0), MW_ERR_STATE);
  CHECK_EQ (mw_kmp_client_get_registers (c, ids, 1, 0), MW_ERR_STATE);
  mw_kmp_client_cancel (c);
  CHECK_EQ (mw_kmp_client_tx (c).len, 0);
  CHECK_EQ (mw_kmp_client_deadline (c), MW_NEVER);
  check_identity (p);
  free (p);
}

/* --- answers to something else --- */

static uint8_t forged[300];
static size_t forged_len;

/* The meter's answer is replaced whole. */
static int
forge (pair *p, bool to_meter, uint64_t index, uint8_t byte)
{
  (void) p, (void) index;
  return to_meter ? byte : -1;
}

/* Ask for register 1; every answer is APDU instead. */
static void
check_forged (const uint8_t *apdu, size_t n, enum mw_kmp_violation violation)
{
  static const uint16_t one[] = { 1 };
  pair *p = pair_new (300);
  mw_wr w;
  unsigned given = 0;
  mw_wr_init (&w, forged, sizeof forged);
  mw_kmp_frame_encode (&w, MW_KMP_FROM_METER, MW_KMP_METER, (mw_span){ apdu, n });
  forged_len = mw_wr_len (&w);
  p->damage = forge;
  CHECK_EQ (mw_kmp_client_get_registers (&p->client, one, 1, p->now), MW_OK);
  while (!pair_over (p) && given < 10) {
    if (pair_carry (p))
      continue;
    if (p->requests > given) {
      given++;
      pair_give (p, false, forged, forged_len);
      continue;
    }
    p->now = pair_deadline (p);
    mw_kmp_client_tick (&p->client, p->now);
    pair_note (p);
  }
  CHECK_EQ (p->note.done, 1);
  CHECK_EQ (p->note.err, MW_ERR_PROTOCOL);
  CHECK_EQ (p->client.violation, violation);
  CHECK_EQ (p->note.n, 0);
  CHECK_EQ (given, 3);
  CHECK (strlen (mw_kmp_violation_text (violation)) > 20);
  p->damage = NULL;
  check_identity (p);
  free (p);
}

static void
test_something_else (void)
{
  static const uint8_t other_cid[] = { 0x02, 0, 0xdb, 0xe1, 0x50 };
  static const uint8_t other_register[] = { 0x10, 0, 2, 2, 4, 0, 0, 0, 0, 1 };
  static const uint8_t twice[] = { 0x10, 0, 1, 2, 1, 0, 1, 0, 1, 2, 1, 0, 1 };
  static const uint8_t cut[] = { 0x10, 0, 1, 2, 4, 0, 0, 0, 0 };
  static const uint8_t more[] = { 0x10, 0, 1, 2, 1, 0, 1, 9 };
  check_forged (other_cid, sizeof other_cid, MW_KMP_OTHER_COMMAND);
  check_forged (other_register, sizeof other_register, MW_KMP_OTHER_REGISTER);
  check_forged (twice, sizeof twice, MW_KMP_OTHER_REGISTER);
  check_forged (cut, sizeof cut, MW_KMP_MALFORMED);
  check_forged (more, sizeof more, MW_KMP_MALFORMED);
  CHECK (mw_kmp_violation_text (99) != NULL);
}

/* A meter that says two octets for its clock and sends four, between right registers. */
static void
test_wrong_length (void)
{
  static const uint16_t asked[] = { 0x3ea, 0x3eb, 1 };
  static const uint8_t apdu[] = { 0x10, 0x03, 0xea, 47, 2, 0, 0, 0x03, 0x99,
                                  0xb7, 0x03, 0xeb, 48, 3, 0, 0, 0,    0xed,
                                  0x98, 0,    1,    2,  1, 0, 9 };
  pair *p = pair_new (300);
  uint8_t wire[100];
  char words[MW_KMP_TEXT];
  mw_wr w;
  mw_wr_init (&w, wire, sizeof wire);
  mw_kmp_frame_encode (&w, MW_KMP_FROM_METER, MW_KMP_METER, (mw_span){ apdu, sizeof apdu });
  p->deaf = true;
  CHECK_EQ (mw_kmp_client_get_registers (&p->client, asked, 3, p->now), MW_OK);
  mw_kmp_client_tx_ack (&p->client, 300, p->now);
  pair_give (p, false, wire, mw_wr_len (&w));
  CHECK_EQ (p->note.done, 1);
  CHECK_EQ (p->note.err, MW_OK);
  CHECK_EQ (p->note.n, 3);
  CHECK_EQ (p->note.bits[0], 235959);
  CHECK_EQ (p->note.bits[1], 60824);
  CHECK_EQ (p->note.bits[2], 9);
  mw_kmp_value_text (&p->note.last, words, sizeof words);
  CHECK_STR (words, "9 kWh");
  free (p);
}

/* An acknowledgement where data is due is noise or a mistake: it is waited for the data. */
static void
test_stray_acknowledgement (void)
{
  pair *p = pair_new (300);
  mw_kmp_client *c = &p->client;
  pair_clear (p);
  CHECK_EQ (mw_kmp_client_get_serial (c, p->now), MW_OK);
  pair_carry (p);
  CHECK_EQ (p->note.done, 1); /* without noise it is there at once */
  pair_clear (p);
  p->deaf = true;
  CHECK_EQ (mw_kmp_client_get_serial (c, p->now), MW_OK);
  pair_give (p, false, (const uint8_t *) "\x00\x06\x00", 3);
  CHECK_EQ (p->note.done, 0);
  pair_run (p);
  CHECK_EQ (p->note.err, MW_ERR_PROTOCOL);
  CHECK_EQ (c->violation, MW_KMP_NO_DATA);
  free (p);
}

/* --- a line that does harm --- */

static int
lose_one (pair *p, bool to_meter, uint64_t index, uint8_t byte)
{
  (void) to_meter;
  return index == p->where ? -1 : byte;
}

static int
flip_one (pair *p, bool to_meter, uint64_t index, uint8_t byte)
{
  (void) to_meter;
  return index == p->where / 8 ? byte ^ (1 << p->where % 8) : byte;
}

static int
repeat_one (pair *p, bool to_meter, uint64_t index, uint8_t byte)
{
  (void) to_meter;
  return index == p->where ? 0x100 | byte : byte;
}

/* One byte harmed, each in turn: the values are right all the same. */
static void
test_one_byte (void)
{
  static int (*const harms[]) (pair *, bool, uint64_t, uint8_t) = { lose_one, flip_one,
                                                                    repeat_one };
  for (size_t chunk = 1; chunk < 60; chunk += 19) {
    pair *whole = pair_new (chunk);
    pair_registers (whole, ids, N_IDS);
    uint64_t bytes = whole->carried;
    free (whole);
    for (unsigned harm = 0; harm < 3; harm++)
      for (uint64_t i = 0; i < bytes * (harm == 1 ? 8 : 1); i++) {
        pair *p = pair_new (chunk);
        p->damage = harms[harm];
        p->where = i;
        pair_registers (p, ids, N_IDS);
        check_registers (p);
        CHECK (p->client.repeated <= 1);
        free (p);
      }
  }
}

/* The same for a command that must not happen twice: once, or not known. */
static void
test_not_twice (void)
{
  for (uint64_t i = 0; i < 7; i++) {
    pair *p = pair_new (1);
    p->damage = lose_one;
    p->where = i;
    RUN (p, mw_kmp_client_command (&p->client, MW_KMP_DEBITING_STOP, (mw_span){ NULL, 0 },
                                   p->now));
    CHECK (p->meter.stops <= 1);
    if (p->note.done && !p->note.err)
      CHECK_EQ (p->meter.stops, 1);
    else
      CHECK_EQ (p->note.err, MW_ERR_TIMEOUT);
    free (p);
  }
}

/* Much noise: what comes out is right, or it is said that nothing came. */
static void
test_noise (void)
{
  unsigned right = 0, failed = 0;
  for (uint32_t seed = 1; seed <= 400; seed++) {
    pair *p = pair_new (1 + seed % 40);
    p->damage = pair_noise;
    p->noise = 500u * (seed % 40);
    p->seed = seed * 2654435761u;
    p->client.config.repeats = 5;
    pair_registers (p, ids, N_IDS);
    if (p->note.done && !p->note.err) {
      check_registers (p);
      right++;
    } else {
      CHECK (p->note.err == MW_ERR_TIMEOUT || p->note.err == MW_ERR_CHECK
             || p->note.err == MW_ERR_REFUSED || p->note.err == MW_ERR_PROTOCOL);
      failed++;
    }
    free (p);
  }
  CHECK_EQ (right + failed, 400);
  CHECK (right > 300);
}

/* A start byte of noise while the meter thinks does not eat the answer. */
static void
test_noise_before (void)
{
  pair *p = pair_new (300);
  mw_kmp_server_config s = { .address = MW_KMP_METER, .reaction_ms = 340 };
  mw_kmp_server_init (&p->server, &s, &meter_ops, &p->meter);
  pair_clear (p);
  CHECK_EQ (mw_kmp_client_get_serial (&p->client, p->now), MW_OK);
  pair_carry (p);
  pair_give (p, false, (const uint8_t *) "\x40\x3f\x00", 3);
  pair_run (p);
  CHECK_EQ (p->note.err, MW_OK);
  CHECK_EQ (p->client.serial, 14410000);
  CHECK_EQ (p->client.repeated, 0);
  free (p);
}

/* A request that stops in the middle is forgotten after 27 ms and does not spoil the next. */
static void
test_broken_request (void)
{
  static const uint8_t half[] = { 0x80, 0x3f, 0x10, 0x01 };
  for (mw_ms gap = 0; gap < 60; gap += 3) {
    pair *p = pair_new (300);
    mw_kmp_server_feed (&p->server, half, sizeof half, p->now);
    p->now += gap;
    mw_kmp_server_tick (&p->server, p->now);
    mw_kmp_server_feed (&p->server, (const uint8_t *) "\x00\x01\x55\xa1\x0d", 5, p->now);
    CHECK_EQ (p->server.requests, gap < MW_KMP_METER_GAP_MS);
    free (p);
  }
}

/* --- the server alone --- */

static bool
answers (pair *p, const uint8_t *apdu, size_t n)
{
  uint8_t wire[700];
  mw_wr w;
  mw_wr_init (&w, wire, sizeof wire);
  mw_kmp_frame_encode (&w, MW_KMP_TO_METER, MW_KMP_METER, (mw_span){ apdu, n });
  mw_kmp_server_feed (&p->server, wire, mw_wr_len (&w), p->now);
  size_t len = mw_kmp_server_tx (&p->server).len;
  mw_kmp_server_tx_ack (&p->server, len, p->now);
  return len > 0;
}

/* Requests of a wrong length or with impossible contents: silence, and the next one is served.
 */
static void
test_server_rules (void)
{
  static const struct {
    uint8_t n, apdu[20];
    bool answered;
  } cases[] = {
    { 1, { 0x01 }, true },
    { 2, { 0x01, 0x00 }, false },
    { 2, { 0x02, 0x00 }, false },
    { 2, { 0x10, 0x00 }, false },
    { 4, { 0x10, 0x01, 0x00, 0x01 }, true },
    { 4, { 0x10, 0x02, 0x00, 0x01 }, false },
    { 5, { 0x10, 0x01, 0x00, 0x01, 0x00 }, false },
    { 20, { 0x10, 0x09 }, false },
    { 4, { 0x10, 0x01, 0x99, 0x99 }, true }, /* no registers at all is an answer */
    { 9, { 0x09, 0, 1, 0x14, 0x4a, 0, 2, 0x77, 0x15 }, true },
    { 9, { 0x09, 0, 1, 0x14, 0x4a, 0, 9, 0x77, 0x15 }, false },
    { 9, { 0x09, 0, 9, 0x14, 0x4a, 0, 2, 0x77, 0x15 }, false },
    { 8, { 0x09, 0, 1, 0x14, 0x4a, 0, 2, 0x77 }, false },
    { 2, { 0x97, 0x01 }, true },
    { 2, { 0x97, 0x00 }, false },
    { 2, { 0x97, 0x04 }, false },
    { 1, { 0x97 }, false },
    { 2, { 0x98, 0x00 }, false },
    { 1, { 0x9c }, false },
    { 3, { 0x92, 0x30, 0x39 }, true },
    { 2, { 0x92, 0x30 }, false },
    { 6, { 0xa6, 0, 207, 0, 100, 1 }, false },
    { 1, { 0x33 }, false },
    { 6, { 0xa2, 6, 0, 1, 255, 0 }, false },
    { 9, { 0xa2, 7, 1, 0, 1, 1, 255, 0, 1 }, false },
    { 9, { 0xa2, 6, 1, 0, 1, 1, 255, 0, 1 }, true },
    { 8, { 0xa2, 6, 1, 0, 1, 1, 255, 0 }, false },
    { 2, { 0xb8, 0x02 }, false },
  };
  pair *p = pair_new (300);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    if (!CHECK (answers (p, cases[i].apdu, cases[i].n) == cases[i].answered))
      printf ("    case %u\n", (unsigned) i);
  free (p);
}

/* A meter that has nothing but its type. */
static void
test_bare_meter (void)
{
  static const mw_kmp_ops nothing = { .type = meter_type };
  pair *p = pair_new (300);
  mw_kmp_server_config s = { .address = MW_KMP_METER };
  mw_kmp_server_init (&p->server, &s, &nothing, &p->meter);
  for (unsigned cid = 0; cid < 256; cid++) {
    const uint8_t apdu[20] = { (uint8_t) cid, 1 };
    for (size_t n = 1; n <= sizeof apdu; n++)
      CHECK_EQ (answers (p, apdu, n), cid == 1 && n == 1);
  }
  RUN (p, mw_kmp_client_get_serial (&p->client, p->now));
  CHECK_EQ (p->note.err, MW_ERR_REFUSED);
  free (p);
}

CHECK_MAIN (test_every_chunk, test_slow, test_refused, test_address, test_wrong_use,
            test_something_else, test_wrong_length, test_stray_acknowledgement, test_one_byte,
            test_not_twice, test_noise, test_noise_before, test_broken_request,
            test_server_rules, test_bare_meter)
