/* describe_protected.c: the headers of ciphered and signed APDUs and of general-block-transfer
 * (Green Book 9.2.7, 9.5). What is under the cipher stays unread: no keys are asked for here.
 */
#include "decode/say.h"
#include "dlms/apdu.h"

enum {
  GENERAL_GLO = 0xdb,
  GENERAL_DED = 0xdc,
  GENERAL_CIPHERING = 0xdd,
  GENERAL_SIGNING = 0xdf,
  GENERAL_BLOCK = 0xe0
};
enum {
  SC_SUITE = 0x0f,
  SC_AUTHENTICATED = 0x10,
  SC_ENCRYPTED = 0x20,
  SC_BROADCAST = 0x40,
  SC_COMPRESSED = 0x80
};
#define GMAC_TAG 12u

/* Security header and what it covers, LEN bytes (Green Book 9.2.7.2.4). */
static void
say_secured (mw_say_out *d, mw_cur *c, size_t len)
{
  char text[80];
  mw_cur s = mw_say_part (c, len);
  uint8_t sc = mw_cur_u8 (&s);
  mw_say (d, &s, "security control %02X: suite %u,%s%s%s%s%s", sc, sc & SC_SUITE,
          sc & SC_AUTHENTICATED ? " authenticated" : "", sc & SC_ENCRYPTED ? " encrypted" : "",
          sc & (SC_AUTHENTICATED | SC_ENCRYPTED) ? "" : " unprotected",
          sc & SC_BROADCAST ? ", broadcast key" : ", unicast key",
          sc & SC_COMPRESSED ? ", compressed" : "");
  uint32_t counter = mw_cur_u32 (&s);
  mw_say (d, &s, "invocation counter %" PRIu32, counter);
  size_t tag = sc & SC_AUTHENTICATED ? GMAC_TAG : 0;
  if (mw_cur_left (&s) < tag)
    mw_cur_fail (&s, MW_ERR_SHORT);
  mw_span body = mw_cur_bytes (&s, mw_cur_left (&s) - (s.err == MW_OK ? tag : 0));
  mw_say (d, &s, "%s, %u bytes: %s", sc & SC_ENCRYPTED ? "ciphered APDU" : "APDU, not ciphered",
          (unsigned) body.len, mw_say_bytes (text, sizeof text, body));
  if (tag) {
    mw_span mac = mw_cur_bytes (&s, tag);
    mw_say (d, &s, "authentication tag: %s", mw_say_bytes (text, sizeof text, mac));
  }
  mw_say_rest (d, &s);
}

static void
say_octets (mw_say_out *d, mw_cur *c, const char *name)
{
  char text[80];
  uint32_t n = mw_axdr_length (c);
  mw_span v = mw_cur_bytes (c, n);
  if (n)
    mw_say (d, c, "%s, %" PRIu32 " bytes: %s", name, n, mw_say_bytes (text, sizeof text, v));
  else
    mw_say (d, c, "%s: none", name);
}

/* The maker's three letters and what follows (Green Book 4.3.4). */
static void
say_title (mw_say_out *d, mw_cur *c, const char *name)
{
  char maker[16], rest[40];
  uint32_t n = mw_axdr_length (c);
  mw_span v = mw_cur_bytes (c, n);
  if (v.len != 8) {
    mw_say (d, c, "%s, %" PRIu32 " bytes: %s", name, n,
            n ? mw_say_bytes (rest, sizeof rest, v) : "none");
    return;
  }
  mw_say (d, c, "%s: %s %s", name, mw_say_bytes (maker, sizeof maker, (mw_span){ v.ptr, 3 }),
          mw_say_bytes (rest, sizeof rest, (mw_span){ v.ptr + 3, 5 }));
}

static void
say_length_and_secured (mw_say_out *d, mw_cur *c)
{
  uint32_t n = mw_axdr_length (c);
  mw_say (d, c, "secured, %" PRIu32 " bytes", n);
  if (n > mw_cur_left (c)) {
    mw_say_wrong (d, c, "only %u bytes follow", (unsigned) mw_cur_left (c));
    n = (uint32_t) mw_cur_left (c);
  }
  say_secured (d, c, n);
}

static void
say_parties (mw_say_out *d, mw_cur *c)
{
  say_octets (d, c, "transaction-id");
  say_title (d, c, "originator's system title");
  say_title (d, c, "recipient's system title");
  say_octets (d, c, "date-time");
  say_octets (d, c, "other information");
}

static void
say_key_info (mw_say_out *d, mw_cur *c)
{
  uint8_t present = mw_cur_u8 (c);
  mw_say (d, c, "key information: %s", present ? "present" : "none");
  if (!present)
    return;
  uint8_t kind = mw_cur_u8 (c);
  uint8_t id = mw_cur_u8 (c);
  mw_say (d, c, "%s key, %s %u",
          kind == 0   ? "identified"
          : kind == 1 ? "wrapped"
                      : "agreed",
          kind == 2 ? "parameters of length" : "id", id);
  if (kind == 2) {
    mw_span parameters = mw_cur_bytes (c, id);
    mw_say (d, c, "key agreement parameters, %u bytes", (unsigned) parameters.len);
  }
  if (kind)
    say_octets (d, c, "ciphered key data");
}

static void
describe_block (mw_say_out *d, mw_cur *c)
{
  char text[80];
  uint8_t control = mw_cur_u8 (c);
  mw_say (d, c, "block control %02X:%s%s, window %u", control,
          control & 0x80 ? " last block" : " more blocks follow",
          control & 0x40 ? ", streaming" : "", control & 0x3f);
  uint16_t number = mw_cur_u16 (c);
  mw_say (d, c, "block number %u", number);
  uint16_t ack = mw_cur_u16 (c);
  mw_say (d, c, "acknowledged block number %u", ack);
  uint32_t n = mw_axdr_length (c);
  mw_say (d, c, "block data: %" PRIu32 " bytes", n);
  if (n > mw_cur_left (c)) {
    mw_say_wrong (d, c, "only %u bytes follow", (unsigned) mw_cur_left (c));
    n = (uint32_t) mw_cur_left (c);
  }
  if (number == 1 && control & 0x80) { /* the whole APDU is in it */
    mw_cur inner = mw_say_part (c, n);
    mw_describe_apdu (d, &inner);
    mw_say_rest (d, &inner);
    return;
  }
  mw_span piece = mw_cur_bytes (c, n);
  mw_say (d, c, "a piece of the APDU: %s", mw_say_bytes (text, sizeof text, piece));
}

/* glo- and ded- forms of the services: their tag, a length, and the secured APDU. */
static bool
is_service_ciphered (unsigned tag)
{
  return (tag >= 0xc8 && tag <= 0xd7 && tag != 0xce && tag != 0xd6) || tag == 0x21
         || tag == 0x28 || tag == 0x2e || tag == 0x41 || tag == 0x48 || tag == 0x4e;
}

bool
mw_describe_protected (mw_say_out *d, mw_cur *c, unsigned tag)
{
  if (tag == GENERAL_GLO || tag == GENERAL_DED) {
    say_title (d, c, "system title");
    say_length_and_secured (d, c);
  } else if (tag == GENERAL_CIPHERING) {
    say_parties (d, c);
    say_key_info (d, c);
    say_length_and_secured (d, c);
  } else if (tag == GENERAL_SIGNING) {
    say_parties (d, c);
    say_octets (d, c, "signed contents");
    say_octets (d, c, "signature");
  } else if (tag == GENERAL_BLOCK) {
    describe_block (d, c);
  } else if (is_service_ciphered (tag)) {
    say_length_and_secured (d, c);
  } else {
    return false;
  }
  return true;
}
