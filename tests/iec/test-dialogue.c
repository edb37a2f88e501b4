/* test-dialogue.c: client and server of IEC 62056-21 talk to each other: every mode, at every
 * chunk size, with lost, changed and late characters, at differing speeds.
 *
 * That both sides agree proves little; what the client reads here are the bytes of a real meter
 * where there are any, and tests/iec/test-telegram.c holds both to the standard's own examples.
 */
#include "dialogue.h"

static const char whole[] = "0.0.0(14410000)\r\n1.8.0(0036886*kWh)\r\n1.8.1(0012345*kWh)\r\n"
                            "1.8.2(0024541*kWh)\r\n1.8.3(0000000*kWh)\r\n1.8.4(0000000*kWh)\r\n"
                            "96.8.0(0119899*h)\r\n0.128.1(0000000)\r\n1.6.0(1.078*kW)\r\n!\r\n";

static meter
fresh_meter (void)
{
  meter m = { k382_lines, sizeof k382_lines / sizeof *k382_lines, "00012345", 0, 0, 40 };
  return m;
}

static mw_span
text (const char *s)
{
  mw_span t = { (const uint8_t *) s, strlen (s) };
  return t;
}

static void
check_whole (const dialogue *d)
{
  CHECK_EQ (d->n_data, 1);
  CHECK_MEM (d->got, d->n_got, whole, sizeof whole - 1);
}

static void
test_readout_at_every_chunk_size (void)
{
  for (size_t chunk = 1; chunk <= 32; chunk++) {
    static dialogue d;
    meter m = fresh_meter ();
    mw_iec_client_config cc = { .goal = MW_IEC_READOUT, .address = "12345" };
    dialogue_init (&d, &cc, &mt382, &m, chunk);
    mw_iec_client_open (&d.client, d.now);
    CHECK_EQ (run (&d), MW_IEC_EV_DONE);
    check_whole (&d);
    CHECK_EQ (d.client_line.baud, 9600);
    CHECK_EQ (d.client_line.data_bits, 7);
    CHECK_EQ (d.client.mode, MW_IEC_E);
    CHECK_EQ (d.client.repeated, 0);
    CHECK_STR (d.client.ident.manufacturer, "ISk");
    CHECK_STR (d.client.ident.text, "MT382-1008");
    run_for (&d, 4000); /* the server goes back to the opening speed by itself */
    CHECK_EQ (d.server_line.baud, 300);
  }
}

static void
test_time_of_the_opening (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  mw_iec_client_config cc = { .goal = MW_IEC_HDLC };
  dialogue_init (&d, &cc, &mt382, &m, 1);
  mw_iec_client_open (&d.client, d.now);
  mw_ms begun = d.now;
  CHECK_EQ (run (&d), MW_IEC_EV_HANDOVER);
  CHECK (d.handed_over[1]);
  CHECK_EQ (d.client_line.data_bits, 8);
  CHECK_EQ (d.client_line.parity, 'N');
  CHECK (mw_line_equal (d.client_line, d.server_line));
  /* 5 + 19 + 6 characters at 300 baud are 1 s; with reaction and switching under 2 s */
  CHECK (d.now - begun > 1000 && d.now - begun < 2000);
  CHECK (d.client.confirmed);
}

static void
test_other_addresses_are_not_answered (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  mw_iec_client_config cc = { .goal = MW_IEC_READOUT, .address = "12346" };
  dialogue_init (&d, &cc, &mt382, &m, 4);
  mw_iec_client_open (&d.client, d.now);
  CHECK_EQ (run (&d), MW_IEC_EV_FAILED);
  CHECK_EQ (d.client.err, MW_ERR_TIMEOUT);
  CHECK_EQ (d.n_data, 0);
  CHECK_EQ (d.client.repeated, 2);
}

static void
test_modes_a_and_b (void)
{
  const struct {
    char z;
    enum mw_iec_mode mode;
    uint32_t baud;
  } rows[] = { { 'x', MW_IEC_A, 300 }, { 'B', MW_IEC_B, 1200 }, { 'F', MW_IEC_B, 19200 } };
  for (size_t i = 0; i < 3; i++) {
    static dialogue d;
    meter m = fresh_meter ();
    mw_iec_server_config sc = {
      .ident = { .manufacturer = "ABC", .baud_char = rows[i].z, .text = "OLD" }
    };
    mw_iec_client_config cc = { .goal = MW_IEC_READOUT };
    dialogue_init (&d, &cc, &sc, &m, 3);
    mw_iec_client_open (&d.client, d.now);
    CHECK_EQ (run (&d), MW_IEC_EV_DONE);
    check_whole (&d);
    CHECK_EQ (d.client.mode, rows[i].mode);
    CHECK_EQ (d.client_line.baud, rows[i].baud);
    /* and what they do not have is said */
    dialogue_init (&d, &cc, &sc, &m, 3);
    d.client.config.goal = MW_IEC_PROGRAM;
    mw_iec_client_open (&d.client, d.now);
    CHECK_EQ (run (&d), MW_IEC_EV_FAILED);
    CHECK_EQ (d.client.err, MW_ERR_UNSUPPORTED);
  }
}

static void
test_mode_d_is_pushed (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  mw_iec_server_config sc = {
    .ident = { .manufacturer = "ISk", .baud_char = '5', .escapes = "2", .text = "MT382-1008" },
    .start_baud = 9600
  };
  mw_iec_client_config cc = { .goal = MW_IEC_LISTEN, .start_baud = 9600, .answer_ms = 12000 };
  dialogue_init (&d, &cc, &sc, &m, 5);
  mw_iec_client_open (&d.client, d.now);
  client_events (&d);
  server_events (&d);
  CHECK_EQ (mw_iec_server_push (&d.server, d.now), MW_OK);
  CHECK_EQ (mw_iec_server_push (&d.server, d.now), MW_ERR_STATE);
  CHECK_EQ (run (&d), MW_IEC_EV_DONE);
  check_whole (&d);
  CHECK_EQ (d.client.mode, MW_IEC_D);
}

static void
test_the_meter_that_stays_at_300 (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  mw_iec_server_config sc = mt382;
  sc.stays = true;
  const enum mw_iec_goal goals[] = { MW_IEC_READOUT, MW_IEC_PROGRAM };
  for (size_t i = 0; i < 2; i++) {
    mw_iec_client_config cc = { .goal = goals[i] };
    dialogue_init (&d, &cc, &sc, &m, 2);
    mw_iec_client_open (&d.client, d.now);
    CHECK_EQ (run (&d), i ? MW_IEC_EV_UP : MW_IEC_EV_DONE);
    CHECK (d.client.stayed);
    CHECK_EQ (d.client_line.baud, 300);
    if (!i)
      check_whole (&d);
  }
  /* it answers late: the client has changed its speed, hears garbage and turns back */
  sc.reaction_ms = 700;
  mw_iec_client_config cc = { .goal = MW_IEC_READOUT };
  dialogue_init (&d, &cc, &sc, &m, 2);
  mw_iec_client_open (&d.client, d.now);
  CHECK_EQ (run (&d), MW_IEC_EV_DONE);
  check_whole (&d);
  CHECK (d.client.stayed);
  CHECK_EQ (d.client.repeated, 1); /* asked for the block again, no new opening */
}

static void
test_limits_of_speed (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  mw_iec_client_config cc = { .goal = MW_IEC_HDLC, .max_baud = 2400 };
  dialogue_init (&d, &cc, &mt382, &m, 2);
  mw_iec_client_open (&d.client, d.now);
  CHECK_EQ (run (&d), MW_IEC_EV_HANDOVER);
  CHECK_EQ (d.client_line.baud, 2400);
  CHECK_EQ (d.server_line.baud, 2400);
}

static void
test_mode_e_without_confirmation (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  mw_iec_server_config sc = mt382;
  sc.silent_confirm = true;
  mw_iec_client_config cc = { .goal = MW_IEC_HDLC };
  dialogue_init (&d, &cc, &sc, &m, 2);
  mw_iec_client_open (&d.client, d.now);
  CHECK_EQ (run (&d), MW_IEC_EV_HANDOVER);
  CHECK (d.handed_over[1] && !d.client.confirmed);
  CHECK (mw_line_equal (d.client_line, d.server_line));
  sc.ident.hdlc = false;
  memset (sc.ident.escapes, 0, sizeof sc.ident.escapes);
  dialogue_init (&d, &cc, &sc, &m, 2);
  mw_iec_client_open (&d.client, d.now);
  CHECK_EQ (run (&d), MW_IEC_EV_FAILED);
  CHECK_EQ (d.client.err, MW_ERR_UNSUPPORTED);
  CHECK_EQ (d.client.mode, MW_IEC_C);
}

static void
enter (dialogue *d, meter *m, size_t chunk)
{
  mw_iec_client_config cc = { .goal = MW_IEC_PROGRAM };
  dialogue_init (d, &cc, &mt382, m, chunk);
  mw_iec_client_open (&d->client, d->now);
  CHECK_EQ (run (d), MW_IEC_EV_UP);
  CHECK_MEM (d->client.data.ptr, d->client.data.len, "A5C3", 4);
}

static void
command (dialogue *d, char c, char type, const char *data, enum mw_iec_event expected)
{
  d->n_got = 0;
  CHECK_EQ (mw_iec_client_command (&d->client, c, type, text (data), false, d->now), MW_OK);
  CHECK_EQ (mw_iec_client_command (&d->client, c, type, text (data), false, d->now),
            MW_ERR_STATE);
  CHECK_EQ (run (d), expected);
}

static void
test_programming_mode_at_every_chunk_size (void)
{
  for (size_t chunk = 1; chunk <= 16; chunk++) {
    static dialogue d;
    meter m = fresh_meter ();
    enter (&d, &m, chunk);
    command (&d, 'R', '1', "0.9.1()", MW_IEC_EV_DONE);
    CHECK_MEM (d.got, d.n_got, "0.9.1(00012345)", 15);
    command (&d, 'W', '1', "0.9.1(77)", MW_IEC_EV_REFUSED);
    CHECK_MEM (d.client.data.ptr, d.client.data.len, "ER06", 4);
    CHECK_EQ (mw_iec_client_login (&d.client, '1', text ("12345678"), d.now), MW_OK);
    CHECK_EQ (run (&d), MW_IEC_EV_DONE);
    CHECK_EQ (d.server.level, 1);
    command (&d, 'W', '1', "0.9.1(77)", MW_IEC_EV_DONE);
    CHECK_STR (m.value, "77");
    command (&d, 'R', '1', "0.9.1()", MW_IEC_EV_DONE);
    CHECK_MEM (d.got, d.n_got, "0.9.1(77)", 9);
    command (&d, 'R', '2', "9.9.9()", MW_IEC_EV_REFUSED);
    CHECK_MEM (d.client.data.ptr, d.client.data.len, "ER23", 4);
    command (&d, 'E', '2', "1()", MW_IEC_EV_DONE);
    CHECK_EQ (m.executed, 1);
    CHECK_EQ (mw_iec_client_break (&d.client, d.now), MW_OK);
    CHECK_EQ (run (&d), MW_IEC_EV_DONE);
    run_for (&d, 3000);
    CHECK_EQ (d.server_line.baud, 300);
    CHECK_EQ (d.server.level, 0);
  }
}

static void
check_rows (const dialogue *d, unsigned n)
{
  char want[2048];
  size_t len = 0;
  for (unsigned i = 0; i < n; i++)
    len +=
        (size_t) snprintf (want + len, sizeof want - len, "P.01(%04u)(%05u*kWh)\r\n", i, i * 7);
  CHECK_MEM (d->got, d->n_got, want, len);
}

static void
test_long_answers (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  enter (&d, &m, 7);
  command (&d, 'R', '5', "P.01(;)", MW_IEC_EV_DONE); /* one block, made in pieces */
  CHECK_EQ (d.n_data, 1);
  check_rows (&d, 40);
  command (&d, 'R', '3', "P.01(;)", MW_IEC_EV_DONE); /* partial blocks, each acknowledged */
  CHECK_EQ (d.n_data, 41);
  check_rows (&d, 40);
}

static void
test_wrong_password (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  enter (&d, &m, 3);
  CHECK_EQ (mw_iec_client_login (&d.client, '1', text ("00000000"), d.now), MW_OK);
  CHECK_EQ (run (&d), MW_IEC_EV_FAILED);
  CHECK_EQ (d.client.err, MW_ERR_ACCESS);
  CHECK_EQ (mw_iec_client_command (&d.client, 'R', '1', text ("0.9.1()"), false, d.now),
            MW_ERR_STATE);
  run_for (&d, 3000);
  CHECK_EQ (d.server_line.baud, 300);
}

static void
test_meter_leaves_when_idle (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  enter (&d, &m, 3);
  d.now += MW_IEC_IDLE_MAX_MS + 1000;
  mw_iec_server_tick (&d.server, d.now);
  server_events (&d);
  CHECK_EQ (d.server_line.baud, 300);
  CHECK_EQ (mw_iec_client_command (&d.client, 'R', '1', text ("0.9.1()"), false, d.now), MW_OK);
  CHECK_EQ (run (&d), MW_IEC_EV_FAILED);
  CHECK_EQ (d.client.err, MW_ERR_TIMEOUT);
}

static void
test_silence (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  mw_iec_client_config cc = { .goal = MW_IEC_READOUT, .no_repeats = true };
  dialogue_init (&d, &cc, &mt382, &m, 3);
  d.server_off = true;
  mw_ms begun = d.now;
  mw_iec_client_open (&d.client, d.now);
  CHECK_EQ (run (&d), MW_IEC_EV_FAILED);
  CHECK_EQ (d.client.err, MW_ERR_TIMEOUT);
  CHECK (d.now - begun >= 2000 && d.now - begun < 2500);
  CHECK_EQ (mw_iec_client_deadline (&d.client), MW_NEVER);
  /* switched off in the middle of the readout */
  dialogue_init (&d, &cc, &mt382, &m, 1);
  mw_iec_client_open (&d.client, d.now);
  while (d.carried < 100)
    run_for (&d, 2);
  CHECK (mw_iec_framer_busy (&d.client.rx));
  d.server_off = true;
  d.server.tx_len = d.server.tx_sent = d.server.stream = 0;
  CHECK_EQ (run (&d), MW_IEC_EV_FAILED);
  CHECK_EQ (d.n_data, 0);
}

/* Character WHERE gets a bit turned, once. */
static int
turn_bit (dialogue *d, int to_server, uint64_t index, uint8_t byte)
{
  (void) to_server;
  return index == d->where ? byte ^ (1 << (index % 7)) : byte;
}

static int
lose_one (dialogue *d, int to_server, uint64_t index, uint8_t byte)
{
  (void) to_server;
  return index == d->where ? -1 : byte;
}

/* One damaged or lost character, everywhere: the readout completes by itself, and what it holds
 * is right.  (The identification has no check: a damaged one may name another meter text.) */
static void
test_damage_sweep_of_a_readout (void)
{
  int (*const damages[]) (dialogue *, int, uint64_t, uint8_t) = { turn_bit, lose_one };
  for (size_t k = 0; k < 2; k++)
    for (uint64_t where = 0; where < 230; where++) {
      static dialogue d;
      meter m = fresh_meter ();
      mw_iec_client_config cc = { .goal = MW_IEC_READOUT };
      dialogue_init (&d, &cc, &mt382, &m, 3);
      d.damage = damages[k];
      d.where = where;
      mw_iec_client_open (&d.client, d.now);
      if (!CHECK_EQ_OR_SAY (run (&d), MW_IEC_EV_DONE, where))
        continue;
      check_whole (&d);
    }
}

static void
test_damage_sweep_of_programming (void)
{
  int (*const damages[]) (dialogue *, int, uint64_t, uint8_t) = { turn_bit, lose_one };
  for (size_t k = 0; k < 2; k++)
    for (uint64_t where = 0; where < 60; where++) {
      static dialogue d;
      meter m = fresh_meter ();
      enter (&d, &m, 2);
      d.damage = damages[k];
      d.where = d.carried + where;
      CHECK_EQ (mw_iec_client_login (&d.client, '1', text ("12345678"), d.now), MW_OK);
      CHECK_EQ_OR_SAY (run (&d), MW_IEC_EV_DONE, where);
      command (&d, 'W', '1', "0.9.1(4711)", MW_IEC_EV_DONE);
      CHECK_STR (m.value, "4711");
      command (&d, 'R', '1', "0.9.1()", MW_IEC_EV_DONE);
      CHECK_MEM (d.got, d.n_got, "0.9.1(4711)", 11);
    }
}

/* A bit in WHERE is turned, the parity bit among them; the receiver marks what has wrong
 * parity. */
static int
much_noise (dialogue *d, int to_server, uint64_t index, uint8_t byte)
{
  (void) to_server;
  (void) index;
  unsigned turned = 0;
  for (unsigned bit = 0; bit < 8; bit++) {
    d->seed = d->seed * 1664525u + 1013904223u;
    if ((d->seed >> 8) % d->where == 0)
      turned |= 1u << bit;
  }
  bool odd = false;
  for (unsigned bit = 0; bit < 8; bit++)
    odd ^= turned >> bit & 1;
  return odd ? MW_IEC_SUB : (byte ^ (int) turned) & 0x7f;
}

static void
test_noise_never_gives_wrong_data (void)
{
  unsigned done[2] = { 0, 0 };
  for (uint32_t seed = 1; seed <= 300; seed++) {
    static dialogue d;
    meter m = fresh_meter ();
    mw_iec_client_config cc = { .goal = MW_IEC_READOUT, .repeats = 5 };
    dialogue_init (&d, &cc, &mt382, &m, 4);
    d.damage = much_noise;
    d.where = seed & 1 ? 500 : 4000;
    d.seed = seed;
    mw_iec_client_open (&d.client, d.now);
    enum mw_iec_event ev = run (&d);
    CHECK (ev == MW_IEC_EV_DONE || ev == MW_IEC_EV_FAILED);
    if (ev == MW_IEC_EV_DONE) {
      check_whole (&d);
      done[seed & 1]++;
    }
  }
  printf ("readouts of 230 characters that complete: a bit in 4000 turned: %u of 150, "
          "a bit in 500: %u of 150\n",
          done[0], done[1]);
  CHECK (done[0] >= 145);
  CHECK (done[1] >= 30); /* each block gets through with a chance of 1 in 16 */
}

static void
test_buffer_too_small (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  mw_iec_client_config cc = { .goal = MW_IEC_READOUT };
  dialogue_init (&d, &cc, &mt382, &m, 3);
  mw_iec_client_init (&d.client, &cc, d.buf, 100);
  mw_iec_client_open (&d.client, d.now);
  CHECK_EQ (run (&d), MW_IEC_EV_FAILED);
  CHECK_EQ (d.client.err, MW_ERR_SPACE);
}

static void
test_wake_up (void)
{
  static dialogue d;
  meter m = fresh_meter ();
  mw_iec_client_config cc = { .goal = MW_IEC_READOUT, .wake_up = true };
  dialogue_init (&d, &cc, &mt382, &m, 3);
  mw_ms begun = d.now;
  mw_iec_client_open (&d.client, d.now);
  CHECK_EQ (run (&d), MW_IEC_EV_DONE);
  check_whole (&d);
  CHECK (d.now - begun > 2100 + 1500 + 1000);
}

CHECK_MAIN (test_readout_at_every_chunk_size, test_time_of_the_opening,
            test_other_addresses_are_not_answered, test_modes_a_and_b, test_mode_d_is_pushed,
            test_the_meter_that_stays_at_300, test_limits_of_speed,
            test_mode_e_without_confirmation, test_programming_mode_at_every_chunk_size,
            test_long_answers, test_wrong_password, test_meter_leaves_when_idle, test_silence,
            test_damage_sweep_of_a_readout, test_damage_sweep_of_programming,
            test_noise_never_gives_wrong_data, test_buffer_too_small, test_wake_up)
