/* What protocols/decode says about KMP: every vector is explained to its last byte, and the
 * words are those of the vector. */
#include "../dlms/vectors.h"
#include "decode/decode.h"
#include "kmp/frame.h"

static uint8_t work[70000];
static char text[60000];
static size_t text_len;
static bool inside;
static const uint8_t *base;
static uint8_t covered[1000];

static void
on_line (void *ctx, const mw_decode_line *line)
{
  size_t n = strlen (line->text), len = *(const size_t *) ctx;
  if (!line->reassembled) {
    inside = inside && line->bytes == base + line->offset && line->offset + line->length <= len;
    if (inside)
      memset (covered + line->offset, 1, line->length);
  }
  if (text_len + n + 2 < sizeof text) {
    memcpy (text + text_len, line->text, n);
    text[text_len + n] = '\n';
    text_len += n + 1;
    text[text_len] = 0;
  }
}

/* As what, and how many lines are wrong. Every byte is covered. */
static mw_decode_result
decode (const uint8_t *p, size_t n, const char *kind)
{
  text_len = 0;
  text[0] = 0;
  inside = true;
  base = p;
  memset (covered, 0, n);
  mw_decode_result r = mw_decode ((mw_span){ p, n }, kind, work, sizeof work, on_line, &n);
  CHECK (inside);
  size_t all = 0;
  for (size_t i = 0; i < n; i++)
    all += covered[i];
  if (r.kind && !CHECK (all == n))
    printf ("    %u of %u bytes are covered\n%s", (unsigned) all, (unsigned) n, text);
  return r;
}

static bool
says (const char *words)
{
  bool found = strstr (text, words) != NULL;
  if (!CHECK (found))
    printf ("    not said: %s\n%s", words, text);
  return found;
}

static void
hex (const char *digits, unsigned wrong)
{
  uint8_t p[600];
  mw_decode_result r = decode (p, unhex (digits, p, sizeof p), NULL);
  CHECK_STR (r.kind ? r.kind : "nothing", "kmp");
  if (!CHECK (r.wrong == wrong))
    printf ("    %u wrong\n%s", r.wrong, text);
}

static void
test_captures (void)
{
  static row r;
  FILE *f = vectors_open ("captures.tsv");
  unsigned values = 0;
  while (row_next (f, &r)) {
    hex (r.column[0], 0);
    says ("CRC: right");
    if (r.columns < 4 || !*r.column[1])
      continue;
    char words[80];
    snprintf (words, sizeof words, "register %c%c%c%c",
              *r.column[1] - (*r.column[1] > 'Z' ? 32 : 0),
              r.column[1][1] - (r.column[1][1] > 'Z' ? 32 : 0),
              r.column[1][2] - (r.column[1][2] > 'Z' ? 32 : 0),
              r.column[1][3] - (r.column[1][3] > 'Z' ? 32 : 0));
    says (words);
    snprintf (words, sizeof words, "= %s", r.column[3]);
    says (words);
    values++;
  }
  if (f)
    fclose (f);
  CHECK_EQ (values, 7);
}

static void
test_documented (void)
{
  static row r;
  FILE *f = vectors_open ("spec_examples.tsv");
  while (row_next (f, &r)) {
    if (strcmp (r.column[0], "name") == 0 || strlen (r.column[1]) == 2)
      continue;
    hex (r.column[1], strncmp (r.column[3], "False", 5) == 0);
  }
  if (f)
    fclose (f);
}

static void
test_words (void)
{
  hex ("403F0100041BF90126990D", 0);
  says ("frame from the meter");
  says ("stuffed: stands for 06");
  says ("address 63: the meter");
  says ("command 01: GetType");
  says ("software revision F1");
  hex ("803F090001144A00027715774E0D06", 0);
  says ("date 2007-07-30");
  says ("time 16:15:57");
  says ("acknowledgement");
  hex ("00403F10041E21020000E4F8240D", 0);
  says ("stray zero");
  says ("voltage L1, 041E = 228 V");
  says ("unit 33: V");
  says ("SiEx: positive, times 10 to the power of 0");
  hex ("803F1001041E7ABB0D403F10041E21020000E4F8240D", 0);
  says ("frame to the meter");
  hex ("803F1001041E7ABC0D", 1);
  says ("CRC: wrong, the bytes before give 7ABB");
  hex ("80FFFF1D0F0D", 0);
  says ("command FF: not known here");
}

/* Log answers: the document's, and B8 in a frame made here. */
static void
test_logs (void)
{
  hex ("403FA0010210F3003C080400FF1BF986620044270400E993DC0510F4B50A5C5E93E0504710F5CF1BF95396"
       "F2584C9610F51102006E270D",
       0);
  says ("log 1: debiting");
  says ("record 4340");
  says ("register 0044 = 2480951367 l");
  says ("last of these: record 4341");
  says ("newest: record 4354");
  says ("INFO: all is well");
  hex ("403FB8021BF9020000FFDC0417480500021A15DFF00001020441001BF9FF040417000000038401070107000"
       "100"
       "3F000078140D",
       0);
  says ("sub-code 02: from a record towards the present");
  says ("log 6: load profile");
  says ("first record 65500");
  says ("register 0417 steps by 900 unless said otherwise");
  says ("real-time clock, 0417 = 2013-11-13 07:30:00");
  says ("active energy A14, 0001 = 45851.4 kWh");
  says ("newest: record 65599");
}

/* Requests and answers of every command, from a frame each; CRC computed by the peer of
 * tests/independent. */
static void
test_commands (void)
{
  hex ("803F1001041E7ABB0D", 0);
  says ("registers: 1");
  static const struct {
    const char *apdu, *words;
  } requests[] = { { "1130390 4F7 33 01 00 11", "register 04F7: KMP address" },
                   { "923039", "PIN" },
                   { "9701", "disconnect" },
                   { "9C 00000100 00000000", "cleared if the log was read to its end" },
                   { "A6 00CF 00FD 06", "for at least 60 s" },
                   { "A2 06 01 0417 08 FF 0005", "answer of 255 octets at most" },
                   { "A3 06 01 0417 08 FF 0C03010F00000000 0003",
                     "3 records further in the past" },
                   { "A0 06 01 0417 08 FF 0C03010F00000000", "time 2012-03-01T15:00:00" } };
  static const struct {
    const char *apdu, *words;
  } answers[] = { { "02 00DBE150", "serial number 14410064" },
                  { "9200", "status 0" },
                  { "98041F", "state 04: connected" },
                  { "98 01 20", "feedback: voltage at no phase, not valid, error, cut" },
                  { "9B 01000900", "debiting logged, voltage quality logged" },
                  { "A7 00CF00FD06", "lower limit 207 V" },
                  { "AA 05 0F 80", "logged: A14 R12" },
                  { "A2 06 00 0000 0000 01", "the log is empty" },
                  { "A2 04", "outside the log" },
                  { "10", "no register" } };
  uint8_t apdu[64], wire[200];
  for (unsigned i = 0; i < 8 + 10; i++) {
    mw_wr w;
    size_t n = unhex (i < 8 ? requests[i].apdu : answers[i - 8].apdu, apdu, sizeof apdu);
    mw_wr_init (&w, wire, sizeof wire);
    mw_kmp_frame_encode (&w, i < 8 ? MW_KMP_TO_METER : MW_KMP_FROM_METER, 5,
                         (mw_span){ apdu, n });
    mw_decode_result r = decode (wire, mw_wr_len (&w), NULL);
    CHECK_STR (r.kind, "kmp");
    if (!CHECK (r.wrong == 0))
      printf ("%s", text);
    says (i < 8 ? requests[i].words : answers[i - 8].words);
    says ("address 5 on a bus");
  }
}

/* The telegrams in digits, as their finder printed them. */
static void
test_ascii (void)
{
  static row r;
  FILE *f = vectors_open ("ascii_382.tsv");
  unsigned n = 0;
  for (; row_next (f, &r); n++) {
    const uint8_t *p = (const uint8_t *) r.column[0];
    size_t len = strlen (r.column[0]);
    mw_decode_result result = decode (p, len, NULL);
    CHECK_STR (result.kind ? result.kind : "nothing", "kmp");
    CHECK_EQ (result.wrong, 0);
    says ("check: right");
  }
  says ("energy, kWh: 9032");
  says ("tariff 2, kWh: 1");
  if (f)
    fclose (f);
  CHECK_EQ (n, 8);
  CHECK_EQ (decode ((const uint8_t *) "@FE9073\r", 8, NULL).wrong, 1);
  says ("check: wrong, the octets before give 72");
  says ("telegram to the meter");
  CHECK_EQ (decode ((const uint8_t *) "@FE90720", 8, "kmp").wrong, 1);
}

/* Damage is said and never hides a byte. */
static void
test_damage (void)
{
  static row r;
  uint8_t p[600], copy[600];
  FILE *f = vectors_open ("captures.tsv");
  while (row_next (f, &r)) {
    size_t n = unhex (r.column[0], p, sizeof p);
    for (size_t cut = 1; cut < n; cut++)
      CHECK (decode (p, cut, "kmp").wrong > 0);
    for (size_t bit = 0; bit < 8 * n; bit++) {
      memcpy (copy, p, n);
      copy[bit / 8] ^= (uint8_t) (1u << bit % 8);
      CHECK (decode (copy, n, "kmp").wrong > 0 || bit < 8);
    }
  }
  if (f)
    fclose (f);
}

CHECK_MAIN (test_captures, test_documented, test_words, test_logs, test_commands, test_ascii,
            test_damage)
