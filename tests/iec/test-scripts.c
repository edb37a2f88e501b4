/* test-scripts.c: each engine alone against octets written by hand after clause 6.3: what the
 * other side may say, politely or not.  The block check is computed here, by another function
 * than the engines'. */
#include "check.h"
#include "iec62056_21/client.h"
#include "iec62056_21/server.h"

static mw_ms now;
static uint8_t buf[512];

/* BODY with its start character in front and its block check behind. */
static const char *
block (char start, const char *body)
{
  static char out[2][300];
  static unsigned turn;
  char *o = out[turn++ % 2];
  unsigned char check = 0;
  size_t n = strlen (body);
  o[0] = start;
  memcpy (o + 1, body, n);
  for (size_t i = 0; i < n; i++)
    check = (unsigned char) (check ^ (unsigned char) body[i]);
  o[n + 1] = (char) check;
  o[n + 2] = 0;
  return o;
}

/* ---- the client ---- */

static void
hear (mw_iec_client *c, const char *text)
{
  size_t len = strlen (text);
  now += 30;
  for (size_t at = 0; at < len;) {
    size_t n = mw_iec_client_feed (c, (const uint8_t *) text + at, len - at, now);
    if (n == 0)
      return;
    at += n;
  }
}

/* Let time pass until something is sent; it must be TEXT. */
static void
says (mw_iec_client *c, const char *text)
{
  mw_span tx = { NULL, 0 };
  for (int i = 0; i < 20 && !(tx = mw_iec_client_tx (c)).len; i++) {
    if (mw_iec_client_deadline (c) == MW_NEVER)
      break;
    now = mw_iec_client_deadline (c) > now ? mw_iec_client_deadline (c) : now;
    mw_iec_client_tick (c, now);
    if (!mw_iec_client_tx (c).len)
      mw_iec_client_take_event (c);
  }
  CHECK_MEM (tx.ptr, tx.len, text, strlen (text));
  mw_iec_client_tx_ack (c, tx.len);
}

/* The next event that is no change of the line; time passes as it must. */
static enum mw_iec_event
next (mw_iec_client *c)
{
  for (int i = 0; i < 50; i++) {
    enum mw_iec_event ev = mw_iec_client_take_event (c);
    if (ev && ev != MW_IEC_EV_LINE)
      return ev;
    if (ev)
      continue;
    mw_iec_client_tx_ack (c, mw_iec_client_tx (c).len);
    if (mw_iec_client_deadline (c) == MW_NEVER)
      return MW_IEC_EV_NONE;
    now = mw_iec_client_deadline (c) > now ? mw_iec_client_deadline (c) : now;
    mw_iec_client_tick (c, now);
  }
  return MW_IEC_EV_NONE;
}

static mw_span
text (const char *s)
{
  mw_span t = { (const uint8_t *) s, strlen (s) };
  return t;
}

static void
opened (mw_iec_client *c, enum mw_iec_goal goal, const char *ident)
{
  mw_iec_client_config config = { .goal = goal, .address = "4711" };
  mw_iec_client_init (c, &config, buf, sizeof buf);
  mw_iec_client_open (c, now);
  CHECK_EQ (mw_iec_client_take_event (c), MW_IEC_EV_LINE);
  says (c, "/?4711!\r\n");
  hear (c, ident);
  CHECK_EQ (mw_iec_client_take_event (c), MW_IEC_EV_IDENT);
}

static void
in_programming_mode (mw_iec_client *c)
{
  opened (c, MW_IEC_PROGRAM, "/ABC5METER\r\n");
  says (c, "\x06"
           "051\r\n");
  now = mw_iec_client_deadline (c);
  mw_iec_client_tick (c, now);
  CHECK_EQ (mw_iec_client_take_event (c), MW_IEC_EV_LINE);
  hear (c, block (1, "P0\x02(1234)\x03"));
  CHECK_EQ (mw_iec_client_take_event (c), MW_IEC_EV_UP);
  CHECK_MEM (c->data.ptr, c->data.len, "1234", 4);
}

static void
test_choice_after_identification (void)
{
  mw_iec_client c;
  opened (&c, MW_IEC_HDLC, "/ABC5METER\r\n");
  CHECK_EQ (mw_iec_client_choose (&c, MW_IEC_READOUT), MW_OK);
  says (&c, "\x06"
            "050\r\n");
  CHECK_EQ (mw_iec_client_choose (&c, MW_IEC_HDLC), MW_ERR_STATE);
  opened (&c, MW_IEC_HDLC, "/ABC5\\2METER\r\n");
  says (&c, "\x06"
            "252\r\n");
}

static void
test_password_refused_in_every_way (void)
{
  const char *const answers[] = { "B0\x03", "(ER05)\x03" };
  for (size_t i = 0; i < 2; i++) {
    mw_iec_client c;
    in_programming_mode (&c);
    CHECK_EQ (mw_iec_client_login (&c, '2', text ("00"), now), MW_OK);
    says (&c, block (1, "P2\x02(00)\x03"));
    hear (&c, block (i ? 2 : 1, answers[i]));
    CHECK_EQ (next (&c), MW_IEC_EV_FAILED);
    CHECK_EQ (c.err, MW_ERR_ACCESS);
  }
  mw_iec_client c;
  in_programming_mode (&c);
  CHECK_EQ (mw_iec_client_login (&c, '1', text ("00"), now), MW_OK);
  for (int i = 0; i < 3; i++) {
    says (&c, block (1, "P1\x02(00)\x03"));
    hear (&c, "\x15");
  }
  CHECK_EQ (next (&c), MW_IEC_EV_FAILED);
  CHECK_EQ (c.err, MW_ERR_ACCESS);
}

static void
test_commands_refused (void)
{
  mw_iec_client c;
  in_programming_mode (&c);
  CHECK_EQ (mw_iec_client_command (&c, 'W', '1', text ("1(2)"), false, now), MW_OK);
  for (int i = 0; i < 3; i++) {
    says (&c, block (1, "W1\x02"
                        "1(2)\x03"));
    hear (&c, "\x15");
  }
  CHECK_EQ (next (&c), MW_IEC_EV_REFUSED);
  CHECK_EQ (c.data.len, 0);
  CHECK_EQ (mw_iec_client_command (&c, 'R', '1', text ("1()"), false, now), MW_OK);
  says (&c, block (1, "R1\x02"
                      "1()\x03"));
  hear (&c, block (2, "(ER07)\x03"));
  CHECK_EQ (next (&c), MW_IEC_EV_REFUSED);
  CHECK_MEM (c.data.ptr, c.data.len, "ER07", 4);
  /* the meter leaves by itself */
  hear (&c, block (1, "B0\x03"));
  CHECK_EQ (next (&c), MW_IEC_EV_CLOSED);
  CHECK_EQ (mw_iec_client_command (&c, 'R', '1', text ("1()"), false, now), MW_ERR_STATE);
  CHECK_EQ (mw_iec_client_break (&c, now), MW_ERR_STATE);
}

static void
test_commands_that_do_not_fit (void)
{
  char much[400];
  mw_iec_client c;
  memset (much, 'x', sizeof much);
  much[sizeof much - 1] = 0;
  in_programming_mode (&c);
  CHECK_EQ (mw_iec_client_command (&c, 'W', '1', text (much), false, now), MW_ERR_SPACE);
  CHECK_EQ (mw_iec_client_login (&c, '1', text (much), now), MW_ERR_SPACE);
  CHECK_EQ (mw_iec_client_command (&c, 'W', '1', text ("1(2)"), false, now), MW_OK);
  mw_iec_client_config config = { .goal = MW_IEC_READOUT, .address = much };
  mw_iec_client_init (&c, &config, buf, sizeof buf);
  mw_iec_client_open (&c, now);
  CHECK_EQ (next (&c), MW_IEC_EV_FAILED);
  CHECK_EQ (c.err, MW_ERR_VALUE);
}

/* What an execute command did is not known when no answer comes: it goes out once. */
static void
test_execute_is_not_repeated (void)
{
  mw_iec_client c;
  in_programming_mode (&c);
  CHECK_EQ (mw_iec_client_command (&c, 'E', '2', text ("1()"), false, now), MW_OK);
  says (&c, block (1, "E2\x02"
                      "1()\x03"));
  CHECK_EQ (next (&c), MW_IEC_EV_FAILED);
  CHECK_EQ (c.err, MW_ERR_TIMEOUT);
  CHECK_EQ (c.repeated, 0);
}

/* Partial blocks have no numbers: after a silence nobody knows which one comes next. */
static void
test_silence_between_partial_blocks (void)
{
  mw_iec_client c;
  in_programming_mode (&c);
  CHECK_EQ (mw_iec_client_command (&c, 'R', '3', text ("P.01()"), false, now), MW_OK);
  says (&c, block (1, "R3\x02P.01()\x03"));
  hear (&c, block (2, "P.01(1)\x04"));
  CHECK_EQ (next (&c), MW_IEC_EV_DATA);
  CHECK (c.more);
  says (&c, "\x06");
  CHECK_EQ (next (&c), MW_IEC_EV_FAILED);
  CHECK_EQ (c.err, MW_ERR_TIMEOUT);
}

/* A readout ends with "!" CR LF: an ETX and a block check made by noise are not its end. */
static void
test_readout_without_its_end (void)
{
  mw_iec_client c;
  opened (&c, MW_IEC_READOUT, "/ABC0METER\r\n");
  says (&c, "\x06"
            "000\r\n");
  now = mw_iec_client_deadline (&c);
  mw_iec_client_tick (&c, now);
  hear (&c, block (2, "1.8.0(1*kWh)\r\n\x03"));
  CHECK_EQ (mw_iec_client_take_event (&c), MW_IEC_EV_NONE);
  says (&c, "\x15");
  hear (&c, block (2, "1.8.0(1*kWh)\r\n!\r\n\x03"));
  CHECK_EQ (next (&c), MW_IEC_EV_DATA);
  CHECK_MEM (c.data.ptr, c.data.len, "1.8.0(1*kWh)\r\n!\r\n", 17);
  says (&c, "\x06");
  CHECK_EQ (next (&c), MW_IEC_EV_DONE);
}

static void
test_nothing_is_pushed (void)
{
  mw_iec_client c;
  mw_iec_client_config config = { .goal = MW_IEC_LISTEN, .answer_ms = 12000 };
  mw_iec_client_init (&c, &config, buf, sizeof buf);
  mw_ms begun = now;
  mw_iec_client_open (&c, now);
  CHECK_EQ (c.line.baud, 2400); /* 6.4.4 */
  CHECK_EQ (next (&c), MW_IEC_EV_FAILED);
  CHECK_EQ (c.err, MW_ERR_TIMEOUT);
  CHECK_EQ (now - begun, 12000);
}

/* ---- the server ---- */

static enum mw_iec_verdict
read_much (void *ctx, const mw_iec_command *c, unsigned piece, mw_wr *w, bool *last)
{
  (void) ctx;
  static const char row[] = "0123456789012345678901234567890123456789";
  for (unsigned i = 0; i < (c->type == '9' ? 10u : 5u); i++)
    mw_wr_bytes (w, row, 40);
  *last = piece == 2;
  return c->type == '8' && piece == 1 ? MW_IEC_ERROR : MW_IEC_ACCEPTED;
}

static enum mw_iec_verdict
execute (void *ctx, const mw_iec_command *c, mw_wr *w)
{
  (void) ctx;
  if (c->type == '9')
    for (unsigned i = 0; i < 300; i++)
      mw_wr_u8 (w, 'x');
  else
    mw_wr_bytes (w, "(7)", 3);
  return MW_IEC_ACCEPTED;
}

static const mw_iec_ops ops = { .read = read_much, .write = execute };
static const mw_iec_ops no_ops = { .line = NULL };
static const mw_iec_server_config config = {
  .ident = { .manufacturer = "ABC", .baud_char = '5', .text = "METER" }
};

/* What the server sends within a minute after TEXT; its first 2 K characters. */
static mw_span
answer (mw_iec_server *s, const char *heard)
{
  static uint8_t out[2048];
  size_t n = 0, len = strlen (heard);
  for (size_t at = 0; at < len;) {
    at += mw_iec_server_feed (s, (const uint8_t *) heard + at, len - at, now);
    while (mw_iec_server_take_event (s))
      continue;
  }
  for (mw_ms limit = now + 1000; now < limit; now += 10) {
    mw_iec_server_tick (s, now);
    while (mw_iec_server_take_event (s))
      continue;
    for (mw_span tx; (tx = mw_iec_server_tx (s)).len;) {
      size_t room = sizeof out - n < tx.len ? sizeof out - n : tx.len;
      memcpy (out + n, tx.ptr, room);
      n += room;
      mw_iec_server_tx_ack (s, tx.len);
    }
  }
  mw_span all = { out, n };
  return all;
}

static void
answers (mw_iec_server *s, const char *heard, const char *expected)
{
  mw_span all = answer (s, heard);
  CHECK_MEM (all.ptr, all.len, expected, strlen (expected));
}

static void
serve (mw_iec_server *s, const mw_iec_ops *with)
{
  mw_iec_server_init (s, &config, with, NULL);
  mw_iec_server_reset (s, now);
  answers (s, "/?!\r\n", "/ABC5METER\r\n");
  answers (s,
           "\x06"
           "051\r\n",
           block (1, "P0\x02()\x03"));
}

static void
test_commands_that_a_meter_lacks (void)
{
  mw_iec_server s;
  serve (&s, &no_ops);
  answers (&s,
           block (1, "R1\x02"
                     "1()\x03"),
           block (2, "(ER01)\x03"));
  answers (&s,
           block (1, "W1\x02"
                     "1(2)\x03"),
           block (2, "(ER01)\x03"));
  answers (&s,
           block (1, "X1\x02"
                     "1()\x03"),
           block (2, "(ER01)\x03"));
  answers (&s, "\x15", block (2, "(ER01)\x03")); /* once more */
  answers (&s, "\x01X1\x02()\x03?", "\x15");     /* wrong block check */
  CHECK_EQ (s.damaged, 1);
  answers (&s, block (1, "P1\x02(00000000)\x03"), block (1, "B0\x03"));
  CHECK_EQ (s.line.baud, 300);
}

static void
test_answers_that_do_not_fit (void)
{
  mw_iec_server s;
  serve (&s, &ops);
  answers (&s,
           block (1, "R9\x02"
                     "1()\x03"),
           block (2, "(ER02)\x03"));
  answers (&s,
           block (1, "E9\x02"
                     "1()\x03"),
           "\x06");
  answers (&s,
           block (1, "E2\x02"
                     "1()\x03"),
           block (2, "(7)\x03"));
}

/* A long answer, asked for again, comes again whole; one that breaks off has no end. */
static void
test_long_answer_again (void)
{
  mw_iec_server s;
  uint8_t first[1024];
  serve (&s, &ops);
  mw_span all = answer (&s, block (1, "R5\x02"
                                      "1()\x03"));
  CHECK_EQ (all.len, 1 + 3 * 200 + 2);
  CHECK_EQ (all.ptr[all.len - 2], 3);
  memcpy (first, all.ptr, all.len);
  size_t len = all.len;
  all = answer (&s, "\x15");
  CHECK_MEM (all.ptr, all.len, first, len);
  all = answer (&s, block (1, "R8\x02"
                              "1()\x03"));
  CHECK_EQ (all.len, 1 + 200);
}

CHECK_MAIN (test_choice_after_identification, test_password_refused_in_every_way,
            test_commands_refused, test_commands_that_do_not_fit, test_execute_is_not_repeated,
            test_silence_between_partial_blocks, test_readout_without_its_end,
            test_nothing_is_pushed, test_commands_that_a_meter_lacks,
            test_answers_that_do_not_fit, test_long_answer_again)
