/* test-programming.c: programming mode between both engines: the answer to the operand of P0,
 * formatted and national types, partial blocks both ways, execute with an answer; at every
 * chunk size, and with every character lost or damaged in turn. */
#include "dialogue.h"

#include <stdio.h>

/* A meter whose password is the operand turned round, which collects what is written. */
typedef struct writable {
  char text[600]; /* all blocks of a W3, one after the other */
  unsigned blocks, whole, executed, rows;
  bool continues;  /* the last block said that more follow */
  char seen[8][8]; /* "W1", "R6", … in order */
  unsigned n_seen;
} writable;

static void
see (writable *m, const mw_iec_command *c)
{
  if (m->n_seen < 8)
    snprintf (m->seen[m->n_seen++], sizeof m->seen[0], "%c%c", c->command, c->type);
}

static bool
own_password (void *ctx, char type, mw_span text)
{
  (void) ctx;
  return type == '2' && text.len == 4 && memcmp (text.ptr, "3C5A", 4) == 0;
}

static enum mw_iec_verdict
own_read (void *ctx, const mw_iec_command *c, unsigned piece, mw_wr *w, bool *last)
{
  writable *m = ctx;
  char row[40];
  if (piece == 0)
    see (m, c);
  if (c->level != 2) {
    mw_wr_bytes (w, "ER06", 4);
    return MW_IEC_ERROR;
  }
  snprintf (row, sizeof row, "P.01(%03u)(%u)\r\n", piece, piece * 11);
  mw_wr_bytes (w, row, strlen (row));
  *last = piece + 1 >= m->rows;
  return MW_IEC_ACCEPTED;
}

static enum mw_iec_verdict
own_write (void *ctx, const mw_iec_command *c, mw_wr *w)
{
  writable *m = ctx;
  see (m, c);
  if (c->level != 2) {
    mw_wr_bytes (w, "ER06", 4);
    return MW_IEC_ERROR;
  }
  if (c->command == 'E') {
    m->executed++;
    mw_wr_bytes (w, "(done)", 6);
    return MW_IEC_ACCEPTED;
  }
  if (!m->continues)
    m->text[0] = 0;
  size_t len = strlen (m->text);
  if (len + c->data.len >= sizeof m->text)
    return MW_IEC_HANG_UP;
  memcpy (m->text + len, c->data.ptr, c->data.len);
  m->text[len + c->data.len] = 0;
  m->blocks++;
  m->continues = c->more;
  m->whole += !c->more;
  return MW_IEC_ACCEPTED;
}

static const mw_iec_ops own_ops = { meter_line, meter_operand, own_password, own_read,
                                    own_write };

static mw_span
words (const char *s)
{
  return (mw_span){ (const uint8_t *) s, strlen (s) };
}

static enum mw_iec_event
step (dialogue *d)
{
  return run (d);
}

/* In programming mode, and with GOOD logged in by P2. */
static bool
enter (dialogue *d, writable *m, size_t chunk, const char *answer)
{
  mw_iec_client_config cc = { .goal = MW_IEC_PROGRAM };
  memset (m, 0, sizeof *m);
  m->rows = 5;
  dialogue_init (d, &cc, &mt382, NULL, chunk);
  mw_iec_server_init (&d->server, &mt382, &own_ops, m);
  mw_iec_client_open (&d->client, d->now);
  if (step (d) != MW_IEC_EV_UP)
    return false;
  CHECK_MEM (d->client.data.ptr, d->client.data.len, "A5C3", 4);
  CHECK_EQ (mw_iec_client_login (&d->client, '2', words (answer), d->now), MW_OK);
  return step (d) == MW_IEC_EV_DONE;
}

static enum mw_iec_event
give (dialogue *d, char command, char type, const char *data, bool more)
{
  d->n_got = 0;
  d->n_data = 0;
  CHECK_EQ (mw_iec_client_command (&d->client, command, type, words (data), more, d->now),
            MW_OK);
  return step (d);
}

static void
test_types (void)
{
  for (size_t chunk = 1; chunk <= 20; chunk++) {
    static dialogue d;
    writable m;
    if (!CHECK (enter (&d, &m, chunk, "3C5A")))
      continue;
    CHECK_EQ (d.server.level, 2);
    CHECK_EQ (give (&d, 'W', '1', "0.9.1(112233)", false), MW_IEC_EV_DONE);
    CHECK_STR (m.text, "0.9.1(112233)");
    CHECK_EQ (give (&d, 'W', '2', "C003(01)", false), MW_IEC_EV_DONE);
    CHECK_EQ (give (&d, 'W', '5', "0.9.2(260721)", false), MW_IEC_EV_DONE);
    CHECK_EQ (give (&d, 'E', '2', "C010()", false), MW_IEC_EV_DONE);
    CHECK_MEM (d.got, d.n_got, "(done)", 6);
    CHECK_EQ (m.executed, 1);
    CHECK_EQ (give (&d, 'R', '2', "C001()", false), MW_IEC_EV_DONE);
    CHECK_EQ (d.n_data, 1);
    CHECK_EQ (give (&d, 'R', '5', "P.01()", false), MW_IEC_EV_DONE);
    CHECK_EQ (d.n_data, 1);
    CHECK_EQ (give (&d, 'R', '6', "P.01()", false), MW_IEC_EV_DONE);
    CHECK_EQ (d.n_data, 5); /* a partial block each */
    CHECK_MEM (d.got, 16, "P.01(000)(0)\r\nP.", 16);
    CHECK_EQ (m.n_seen, 7);
    CHECK_STR (m.seen[2], "W5");
    CHECK_STR (m.seen[6], "R6");
    CHECK_EQ (mw_iec_client_break (&d.client, d.now), MW_OK);
    CHECK_EQ (step (&d), MW_IEC_EV_DONE);
    run_for (&d, 3000);
    CHECK_EQ (d.server.level, 0);
    CHECK_EQ (d.server_line.baud, 300);
  }
}

static const char *const pieces[] = { "0.128.0(first ", "second ", "third ", "fourth)" };
static const char joined[] = "0.128.0(first second third fourth)";

/* A write in partial blocks; stops where one is not accepted. */
static enum mw_iec_event
write_pieces (dialogue *d)
{
  enum mw_iec_event ev = MW_IEC_EV_DONE;
  for (unsigned i = 0; i < 4 && ev == MW_IEC_EV_DONE; i++)
    ev = give (d, 'W', '3', pieces[i], i < 3);
  return ev;
}

static void
test_partial_writes (void)
{
  for (size_t chunk = 1; chunk <= 20; chunk++) {
    static dialogue d;
    writable m;
    CHECK (enter (&d, &m, chunk, "3C5A"));
    CHECK_EQ (write_pieces (&d), MW_IEC_EV_DONE);
    CHECK_STR (m.text, joined);
    CHECK_EQ (m.blocks, 4);
    CHECK_EQ (m.whole, 1);
  }
}

static int
lose_one (dialogue *d, int to_server, uint64_t index, uint8_t byte)
{
  (void) to_server;
  return index == d->where ? -1 : byte;
}

static int
turn_bit (dialogue *d, int to_server, uint64_t index, uint8_t byte)
{
  (void) to_server;
  return index == d->where ? byte ^ (1 << index % 7) : byte;
}

/* Whatever character goes wrong: the text is whole, or the client says that it does not know;
 * no block is written twice. */
static void
test_partial_writes_damaged (void)
{
  int (*const damages[]) (dialogue *, int, uint64_t, uint8_t) = { lose_one, turn_bit };
  unsigned whole = 0, unknown = 0;
  for (unsigned k = 0; k < 2; k++)
    for (uint64_t where = 0; where < 110; where++) {
      static dialogue d;
      writable m;
      CHECK (enter (&d, &m, 3, "3C5A"));
      d.damage = damages[k];
      d.where = d.carried + where;
      enum mw_iec_event ev = write_pieces (&d);
      CHECK (strncmp (joined, m.text, strlen (m.text)) == 0); /* never a block twice */
      if (ev == MW_IEC_EV_DONE) {
        CHECK_STR (m.text, joined);
        whole++;
      } else {
        CHECK_EQ_OR_SAY (ev, MW_IEC_EV_FAILED, where);
        CHECK (d.client.err == MW_ERR_TIMEOUT || d.client.err == MW_ERR_CHECK);
        unknown++;
      }
    }
  CHECK (whole > 150);
  CHECK_EQ (whole + unknown, 220);
}

/* What a wrong answer to the operand gets, and commands before it. */
static void
test_wrong_answer (void)
{
  static dialogue d;
  writable m;
  CHECK (!enter (&d, &m, 4, "A5C3"));
  CHECK_EQ (d.client.err, MW_ERR_ACCESS);
  CHECK (!enter (&d, &m, 4, ""));
  CHECK_EQ (d.client.err, MW_ERR_ACCESS);
  mw_iec_client_config cc = { .goal = MW_IEC_PROGRAM };
  dialogue_init (&d, &cc, &mt382, NULL, 4);
  mw_iec_server_init (&d.server, &mt382, &own_ops, &m);
  mw_iec_client_open (&d.client, d.now);
  CHECK_EQ (step (&d), MW_IEC_EV_UP);
  CHECK_EQ (give (&d, 'W', '1', "0.9.1(1)", false), MW_IEC_EV_REFUSED);
  CHECK_MEM (d.client.data.ptr, d.client.data.len, "ER06", 4);
  CHECK_EQ (give (&d, 'R', '6', "P.01()", false), MW_IEC_EV_REFUSED);
  CHECK_EQ (give (&d, 'E', '2', "C010()", false), MW_IEC_EV_REFUSED);
  CHECK_EQ (m.executed, 0);
}

/* At 1200 baud from the beginning, as on a module port, with the identification of a Kamstrup
 * meter in mode A: the read-out as data sets with their numbers. */
static void
test_module_port (void)
{
  static const char *const lines[] = { "0.0(10865272)", "1.20(0009032*kWh)", "1.31(0057392*h)",
                                       "1.6(000001,5*kW)", "1.6*1(000002,8)" };
  static const mw_iec_server_config kam = {
    .ident = { .manufacturer = "KAM", .baud_char = ' ', .text = "685-382-OK-10" },
    .start_baud = 1200
  };
  static dialogue d;
  meter m = { lines, 5, "", 0, 0, 0 };
  mw_iec_client_config cc = { .goal = MW_IEC_READOUT, .start_baud = 1200 };
  mw_iec_sets it;
  mw_iec_set set;
  mw_decimal n;
  unsigned sets = 0;
  dialogue_init (&d, &cc, &kam, &m, 5);
  mw_iec_client_open (&d.client, d.now);
  CHECK_EQ (step (&d), MW_IEC_EV_DONE);
  CHECK_EQ (d.client.mode, MW_IEC_A);
  CHECK_STR (d.client.ident.text, "685-382-OK-10");
  mw_iec_sets_init (&it, (mw_span){ (const uint8_t *) d.got, d.n_got });
  while (mw_iec_sets_next (&it, &set)) {
    CHECK_EQ (mw_iec_set_number (&set, &n), MW_OK);
    if (sets == 3) {
      CHECK_EQ (n.mantissa, 15);
      CHECK_EQ (n.exponent, 2);
      CHECK_EQ (n.unit, MW_UNIT_W);
    }
    sets++;
  }
  CHECK_EQ (it.cur.err, MW_OK);
  CHECK_EQ (sets, 5);
}

CHECK_MAIN (test_types, test_partial_writes, test_partial_writes_damaged, test_wrong_answer,
            test_module_port)
