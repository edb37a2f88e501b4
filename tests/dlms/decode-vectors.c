/* What protocols/decode says about bytes of other hands: every vector and every dump of a real
 * meter.  The invariants hold for whatever comes: each byte is covered by a line, each line
 * stands inside the data, and cut or damaged data is described as far as it goes.  The values
 * of three captures are compared with those that another decoder wrote. */
#include "decode/decode.h"
#include "vectors.h"

#define DATA_CAP 70000

static uint8_t data[DATA_CAP], covered[DATA_CAP], work[DATA_CAP];

typedef struct listing {
  const uint8_t *base;
  size_t len;
  bool whole; /* all lines are inside the data */
  char *text; /* every line and LF; NULL: not kept */
  size_t text_len, text_cap;
} listing;

static void
on_line (void *ctx, const mw_decode_line *line)
{
  listing *l = ctx;
  if (!line->reassembled) {
    l->whole = l->whole && line->offset + line->length <= l->len
               && line->bytes == l->base + line->offset;
    if (l->whole)
      memset (covered + line->offset, 1, line->length);
  }
  l->whole = l->whole && line->text[0] && strlen (line->text) < MW_DECODE_TEXT;
  size_t n = strlen (line->text);
  if (l->text && l->text_len + n + 2 < l->text_cap) {
    memcpy (l->text + l->text_len, line->text, n);
    l->text[l->text_len + n] = '\n';
    l->text_len += n + 1;
    l->text[l->text_len] = 0;
  }
}

static char text[400000];

/* Describe LEN bytes and hold the invariants. */
static mw_decode_result
decode (const uint8_t *bytes, size_t len, const char *kind)
{
  listing l = { bytes, len, true, text, 0, sizeof text };
  size_t n = 0;
  text[0] = 0;
  memset (covered, 0, len);
  mw_decode_result r =
      mw_decode ((mw_span){ bytes, len }, kind, work, sizeof work, on_line, &l);
  for (size_t i = 0; i < len; i++)
    n += covered[i];
  if (!l.whole)
    check_report (0, __FILE__, __LINE__, "a line is outside of the data");
  if (r.kind && n != len) {
    check_report (0, __FILE__, __LINE__, "every byte is covered");
    printf ("    %u of %u covered, %s\n%s", (unsigned) n, (unsigned) len, r.kind, text);
  }
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
decode_hex (const char *hex, const char *kind, unsigned wrong)
{
  size_t n = unhex (hex, data, sizeof data);
  mw_decode_result r = decode (data, n, NULL);
  CHECK_STR (r.kind ? r.kind : "nothing", kind);
  if (!CHECK (r.wrong == wrong))
    printf ("    %u wrong, not %u:\n%s", r.wrong, wrong, text);
}

/* --- what stands in the standards --- */

static void
test_words (void)
{
  decode_hex ("7ea01f21022373e6c781801205019a06019a070400000001080400000001cca27e", "hdlc", 0);
  says ("format: type 3, last or only segment, 31 bytes");
  says ("source address, 2 bytes: logical device 1, physical device 17");
  says ("control: UA, P/F=1");
  says ("longest information field, receiving: 154");
  says ("window, sending: 1");
  decode_hex ("7ea01f21022373e6c781801205019a06019a070400000001080400000001cca37e", "hdlc", 1);
  says ("FCS: wrong");
  decode_hex ("7ea01f21022373e6c881801205019a06019a070400000001080400000001cca27e", "hdlc", 2);
  says ("HCS: wrong");
  /* Green Book 11, the AARQ of its example with LLS. */
  decode_hex (
      "6036A1090607608574050801018A0207808B0760857405080201AC0A80083132333435363738BE10040E0"
      "1000000065F1F0400007E1F04B0",
      "apdu", 0);
  says ("2.16.756.5.8.1.1: logical names, not ciphered");
  says ("\"12345678\"");
  says ("bit 19: get");
  says ("longest APDU that the client receives: 1200 bytes");
  decode_hex ("C001C100080000010000FF0200", "apdu", 0);
  says ("form 1: get-request-normal");
  says ("class 8\nlogical name 0-0:1.0.0.255\nattribute 2\nselective access: none");
  decode_hex ("C401C1010D", "apdu", 0);
  says ("result 13: scope-of-access-violated");
  decode_hex ("D80101", "apdu", 0);
  says ("state error 1");
  decode_hex ("C801", "apdu", 2);
  decode_hex ("0001001000010004D8010100", "wrapper", 1);
  says ("source wPort 16\ndestination wPort 1\nlength of the APDU: 4 bytes");
  decode_hex ("000100100001000 3D80101", "wrapper", 0);
  decode_hex ("020209060100010800FF06000004D2", "axdr", 0);
  says ("structure of 2\noctet-string, 6 bytes: 0100010800FF = logical name 1-0:1.8.0.255\n"
        "double-long-unsigned: 1234");
  decode_hex ("090C07E30C1001073B28FF8000FF", "axdr", 0);
  says ("2019-12-16T07:59:40");
  decode_hex ("0202148000000000000000 15FFFFFFFFFFFFFFFF", "axdr", 0);
  says ("long64: -9223372036854775808\nlong64-unsigned: 18446744073709551615");
  decode_hex ("02020FFF161E", "axdr", 0);
  says ("integer: -1\nenum: 30 (as a unit: Wh)");
}

static void
test_iec_words (void)
{
  decode_hex ("2F3F210D0A", "iec62056-21", 0);
  says ("transmission request");
  /* /ISk5\2MT382-1008 CR LF, as a real meter identifies itself. */
  decode_hex ("2F49536B355C324D543338322D313030380D0A", "iec62056-21", 0);
  says ("manufacturer ISk, reaction time 20 ms");
  says ("baud rate 5: 9600");
  says ("escape \\2: mode E");
  says ("identification \"MT382-1008\"");
  decode_hex ("063235320D0A", "iec62056-21", 0);
  says ("protocol 2: HDLC\nbaud rate 5: 9600\nmode 2: binary (HDLC)");
  /* STX 1.8.0(0036886*kWh) CR LF ! CR LF ETX BCC; the BCC by hand: XOR of all after STX. */
  decode_hex ("02312E382E3028303033363838362A6B5768290D0A210D0A0357", "iec62056-21", 0);
  says ("1.8.0 = 0036886 kWh");
  says ("block check: right");
  decode_hex ("02312E382E3028303033363838362A6B5768290D0A210D0A0358", "iec62056-21", 1);
  says ("block check: wrong, the characters before give 57");
  /* SOH P1 STX (00000000) ETX BCC; SOH B0 ETX BCC, the well-known 71h. */
  decode_hex ("01503102283030303030303030290361", "iec62056-21", 0);
  says ("command P: password\ntype 1: password, compared");
  decode_hex ("0142300371", "iec62056-21", 0);
  says ("command B: break\ntype 0: complete sign-off");
  decode_hex ("0152350231 2E382E302829035E", "iec62056-21", 0);
  says ("command R: read");
  /* Programming: a formatted write, execute, a partial block, the operand, an error. */
  decode_hex ("01573202302E392E312831313232333329035D", "iec62056-21", 0);
  says ("command W: write\ntype 2: formatted communication coding");
  says ("0.9.1 = 112233");
  decode_hex ("014532024330313028290305", "iec62056-21", 0);
  says ("command E: execute");
  decode_hex ("01573302302E3132382E3028666972737420042B", "iec62056-21", 0);
  says ("type 3: ASCII-coded, partial block");
  says ("goes on in the next block");
  decode_hex ("015030022841354333290364", "iec62056-21", 0);
  says ("type 0: operand for the secure algorithm");
  decode_hex ("022845523036290313", "iec62056-21", 0);
  says ("error message of the device = ER06");
  /* The same request with even parity in bit 8. */
  decode_hex ("AF3F218D0A", "iec62056-21", 0);
  says ("even parity bit");
}

/* --- vectors of others --- */

/* Tests that want a refusal, pieces of a value, keys and headers alone: they need not be
 * well-formed as they stand. */
static bool
must_be_whole (const row *r)
{
  static const char *const not [] = { "wrong",
                                      "raises",
                                      "invalid",
                                      "key",
                                      "counter",
                                      "title",
                                      "password",
                                      "ciphered_text",
                                      "header",
                                      "Obis",
                                      "obis",
                                      "dedicated",
                                      "conftest",
                                      "get_with_block",
                                      "range_descriptor",
                                      "last_block",
                                      "array_and_structure",
                                      "challenge",
                                      "gmac",
                                      "test_time",
                                      "test_encrypt" };
  for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
    for (size_t k = 0; k < 4; k++)
      if (strstr (r->column[k], not [i]))
        return false;
  return true;
}

static void
test_pwitab (void)
{
  static row r;
  FILE *f = vectors_open ("pwitab_dlms-cosem_2021.tsv");
  unsigned whole = 0, hdlc = 0;
  while (row_next (f, &r)) {
    if (r.columns < 5)
      continue;
    size_t n = unhex (r.column[4], data, sizeof data);
    mw_decode_result d = decode (data, n, NULL);
    if (!d.kind || !must_be_whole (&r))
      continue;
    whole++;
    hdlc += strcmp (d.kind, "hdlc") == 0;
    if (!CHECK (d.wrong == 0))
      printf ("    %s:%s %s %s\n%s", r.column[0], r.column[1], r.column[2], r.column[3], text);
  }
  if (f)
    fclose (f);
  CHECK (whole > 90);
  CHECK_EQ (hdlc, 8);
}

static size_t
read_file (const char *name, char *buf, size_t cap)
{
  FILE *f = vectors_open (name);
  size_t n = f ? fread (buf, 1, cap - 1, f) : 0;
  buf[n] = 0;
  if (f)
    fclose (f);
  return n;
}

/* Blanks, hyphens and colons as full stops, so that dates and names compare. */
static void
plain (char *s)
{
  for (; *s; s++)
    if (*s == '-' || *s == ':' || *s == ' ' || *s == 'T')
      *s = '.';
}

/* Every Value="..." and Qty="..." of another decoder's XML is said by ours, in its order. */
static void
compare_with_xml (const char *name, unsigned least)
{
  static char xml[30000];
  unsigned n = 0;
  read_file (name, xml, sizeof xml);
  plain (text);
  const char *said = text;
  for (char *p = xml; (p = strpbrk (p, "VQ")) != NULL; p++) {
    char *value = strncmp (p, "Value=\"", 7) == 0 ? p + 7
                  : strncmp (p, "Qty=\"", 5) == 0 ? p + 5
                                                  : NULL;
    if (!value)
      continue;
    char want[200];
    size_t len = strcspn (value, "\"");
    snprintf (want, sizeof want, "%.*s", (int) len, value);
    plain (want);
    const char *at = strstr (said, want);
    if (!at) {
      check_report (0, __FILE__, __LINE__, "another decoder's value is said");
      printf ("    %s: %s\n", name, want);
      return;
    }
    said = at + strlen (want);
    n++;
  }
  CHECK (n >= least);
}

static mw_decode_result
decode_dump (const char *name)
{
  static char dump[20000];
  read_file (name, dump, sizeof dump);
  size_t n = unhex (dump, data, sizeof data);
  CHECK (n > 100);
  return decode (data, n, NULL);
}

static void
test_dumps (void)
{
  static const struct {
    const char *log, *xml;
    unsigned values;
  } plain_dumps[] = {
    { "dumps/hdlc_kaifa_ma304h3e.log", "dumps/hdlc_kaifa_ma304h3e_decoded.xml", 14 },
    { "dumps/hdlc_norway_han_1phase.log", "dumps/hdlc_norway_han_1phase_decoded.xml", 40 },
    { "dumps/hdlc_norway_han_3phase.log", "dumps/hdlc_norway_han_3phase_decoded.xml", 150 },
  };
  for (size_t i = 0; i < 3; i++) {
    mw_decode_result r = decode_dump (plain_dumps[i].log);
    CHECK_STR (r.kind, "hdlc");
    CHECK_EQ (r.wrong, 0);
    compare_with_xml (plain_dumps[i].xml, plain_dumps[i].values);
  }
  CHECK_EQ (decode_dump ("dumps/hdlc_kamstrup_omnipower.log").wrong, 0);
  says ("system title: \"KAM\" 4501349083");
  says ("security control 30: suite 0, authenticated encrypted, unicast key");
  says ("invocation counter 17784996");
  says ("authentication tag: DDB5E0F10E31948B665168C6");
  CHECK_EQ (decode_dump ("dumps/hdlc_landis_gyr_e450.log").wrong, 0);
  says ("block number 3");
}

/* --- damage --- */

/* Every prefix, and every single bit turned over, of frames and APDUs. */
static void
sweep (const char *hex, bool every_bit_counts)
{
  static uint8_t copy[4096];
  size_t n = unhex (hex, copy, sizeof copy);
  for (size_t len = 1; len < n; len++) {
    mw_decode_result r = decode (copy, len, NULL);
    if (every_bit_counts)
      CHECK (r.wrong || !r.kind || strcmp (r.kind, "hdlc") != 0 || len == n - 1);
  }
  for (size_t bit = 0; bit < 8 * n; bit++) {
    copy[bit / 8] ^= (uint8_t) (1u << bit % 8);
    mw_decode_result r = decode (copy, n, NULL);
    if (every_bit_counts && r.kind && strcmp (r.kind, "hdlc") == 0)
      CHECK (r.wrong || bit < 8 || bit >= 8 * (n - 1));
    copy[bit / 8] ^= (uint8_t) (1u << bit % 8);
  }
}

static void
test_damage (void)
{
  static row r;
  FILE *f = vectors_open ("pwitab_dlms-cosem_2021.tsv");
  while (row_next (f, &r))
    if (r.columns >= 5 && strlen (r.column[4]) < 700)
      sweep (r.column[4], strncmp (r.column[4], "7ea", 3) == 0);
  if (f)
    fclose (f);
  sweep ("02312E382E3028303033363838362A6B5768290D0A210D0A0357", false);
  sweep ("2F49536B355C324D543338322D313030380D0A", false);
  sweep ("01503102283030303030303030290361", false);
  sweep ("C401C1001302021206120001000000640002000000C800030000012C", false);
}

/* The frames of one APDU, cut in three, are put together again: with two flags between frames
 * and with one.  (The checks were computed by a program of three lines in another language.) */
static void
test_segments (void)
{
  decode_hex (
      "7ea81321032072cbe6e700c401c1000a1e7240ad7e7ea818210322752865617373656d626c65642066726f6d"
      "f0de7e7ea0172103341bb5207468726565206672616d65732e33007e",
      "hdlc", 0);
  says ("first segment of an APDU");
  says ("next segment of an APDU");
  says ("last segment of an APDU\nthe 39 bytes of all segments together");
  says ("\"reassembled from three frames.\"");
  decode_hex (
      "7ea81321032072cbe6e700c401c1000a1e7240ad7ea818210322752865617373656d626c65642066726f6d"
      "f0de7ea0172103341bb5207468726565206672616d65732e33007e",
      "hdlc", 0);
  says ("\"reassembled from three frames.\"");
}

CHECK_MAIN (test_words, test_iec_words, test_pwitab, test_dumps, test_damage, test_segments)
