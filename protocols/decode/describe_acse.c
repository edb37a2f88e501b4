/* describe_acse.c: AARQ, AARE, RLRQ and RLRE in words (BER), and the Initiate inside (Green
 * Book 9.4, 9.5; ISO/IEC 8650-1). */
#include <string.h>

#include "decode/say.h"
#include "dlms/acse.h"

/* clang-format off */
static const struct {
  uint8_t apdu;
  uint8_t tag;
  const char *name;
} fields[] = {
  { 0x60, 0x80, "protocol-version" },
  { 0x60, 0xa1, "application-context-name" },
  { 0x60, 0xa2, "called-AP-title" },
  { 0x60, 0xa3, "called-AE-qualifier" },
  { 0x60, 0xa4, "called-AP-invocation-id" },
  { 0x60, 0xa5, "called-AE-invocation-id" },
  { 0x60, 0xa6, "calling-AP-title" },
  { 0x60, 0xa7, "calling-AE-qualifier" },
  { 0x60, 0xa8, "calling-AP-invocation-id" },
  { 0x60, 0xa9, "calling-AE-invocation-id" },
  { 0x60, 0x8a, "sender-acse-requirements" },
  { 0x60, 0x8b, "mechanism-name" },
  { 0x60, 0xac, "calling-authentication-value" },
  { 0x60, 0xbd, "implementation-information" },
  { 0x60, 0xbe, "user-information" },
  { 0x61, 0x80, "protocol-version" },
  { 0x61, 0xa1, "application-context-name" },
  { 0x61, 0xa2, "result" },
  { 0x61, 0xa3, "result-source-diagnostic" },
  { 0x61, 0xa4, "responding-AP-title" },
  { 0x61, 0xa5, "responding-AE-qualifier" },
  { 0x61, 0xa6, "responding-AP-invocation-id" },
  { 0x61, 0xa7, "responding-AE-invocation-id" },
  { 0x61, 0x88, "responder-acse-requirements" },
  { 0x61, 0x89, "mechanism-name" },
  { 0x61, 0xaa, "responding-authentication-value" },
  { 0x61, 0xbd, "implementation-information" },
  { 0x61, 0xbe, "user-information" },
  { 0x62, 0x80, "reason" },
  { 0x62, 0xbe, "user-information" },
  { 0x63, 0x80, "reason" },
  { 0x63, 0xbe, "user-information" },
};
/* clang-format on */

enum { OBJECT_ID = 0x06, INTEGER = 0x02, OCTETS = 0x04, USER_INFORMATION = 0xbe };

static const char *
field_name (unsigned apdu, unsigned tag)
{
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    if (fields[i].apdu == apdu && fields[i].tag == tag)
      return fields[i].name;
  return NULL;
}

/* A BER length, definite form. */
static size_t
ber_length (mw_cur *c)
{
  uint8_t first = mw_cur_u8 (c);
  if (first < 0x80)
    return first;
  if (first == 0x81)
    return mw_cur_u8 (c);
  if (first == 0x82)
    return mw_cur_u16 (c);
  mw_cur_fail (c, MW_ERR_VALUE);
  return 0;
}

static const char *
context_name (unsigned arc)
{
  static const char *const names[] = { "?", "logical names, not ciphered",
                                       "short names, not ciphered", "logical names, ciphered",
                                       "short names, ciphered" };
  return arc < sizeof names / sizeof *names ? names[arc] : "unknown";
}

/* An object identifier: 2.16.756.5.8.1.x is a context, ...2.x a mechanism (Green Book 9.4.2.2).
 */
static void
say_object_id (mw_say_out *d, mw_cur *c, size_t n)
{
  static const uint8_t root[] = { 0x60, 0x85, 0x74, 0x05, 0x08 };
  char text[64];
  mw_span id = mw_cur_bytes (c, n);
  bool ours = id.len == 7 && memcmp (id.ptr, root, sizeof root) == 0;
  if (ours && id.ptr[5] == 1)
    mw_say (d, c, "2.16.756.5.8.1.%u: %s", id.ptr[6], context_name (id.ptr[6]));
  else if (ours && id.ptr[5] == 2)
    mw_say (d, c, "2.16.756.5.8.2.%u: %s", id.ptr[6], mw_acse_mechanism_name (id.ptr[6]));
  else
    mw_say_wrong (d, c, "object identifier %s, which is not DLMS's",
                  mw_say_bytes (text, sizeof text, id));
}

static void
say_user_information (mw_say_out *d, mw_cur *c, size_t n)
{
  mw_cur inner = mw_say_part (c, n);
  mw_say_head (d, &inner, n, "xDLMS APDU, %u bytes", (unsigned) n);
  mw_describe_apdu (d, &inner);
  mw_say_rest (d, &inner);
  mw_say_up (d);
}

static const char *
result_name (unsigned v)
{
  return v == 0   ? "accepted"
         : v == 1 ? "rejected for good"
         : v == 2 ? "rejected for now"
                  : "unknown";
}

static const char *
reason_name (unsigned apdu, unsigned v)
{
  return v == 0                   ? "normal"
         : v == 1 && apdu == 0x62 ? "urgent"
         : v == 1                 ? "not finished"
         : v == 30                ? "user defined"
                                  : "unknown";
}

/* The innermost contents of FIELD, N bytes of a primitive with tag TAG. */
static void
say_primitive (mw_say_out *d, mw_cur *c, unsigned apdu, unsigned field, unsigned outer,
               unsigned tag, size_t n)
{
  char text[MW_DECODE_TEXT / 2];
  if (field == USER_INFORMATION && tag == OCTETS) {
    say_user_information (d, c, n);
    return;
  }
  bool mechanism = field == (apdu == 0x60 ? 0x8bu : 0x89u);
  if (tag == OBJECT_ID || mechanism) {
    say_object_id (d, c, n);
    return;
  }
  mw_span v = mw_cur_bytes (c, n);
  unsigned first = v.len ? v.ptr[v.len - 1] : 0;
  bool number = v.len == 1;
  if (apdu == 0x61 && field == 0xa2 && number)
    mw_say (d, c, "%u: %s", first, result_name (first));
  else if (apdu == 0x61 && field == 0xa3 && number)
    mw_say (d, c, "%u: %s", first, mw_acse_diagnostic_name (outer & 0x1f, first));
  else if (apdu >= 0x62 && field == 0x80 && number)
    mw_say (d, c, "%u: %s", first, reason_name (apdu, first));
  else if ((field == 0x8a || field == 0x88) && v.len == 2)
    mw_say (d, c, "bits %02X: %s", v.ptr[1],
            v.ptr[1] & 0x80 ? "authentication is used" : "no authentication");
  else
    mw_say (d, c, "%s", mw_say_bytes (text, sizeof text, v));
}

/* The contents of a field: constructed tags are descended into. */
static void
say_contents (mw_say_out *d, mw_cur *c, unsigned apdu, unsigned field, unsigned outer,
              unsigned tag, size_t n)
{
  if (!(tag & 0x20)) {
    say_primitive (d, c, apdu, field, outer, tag, n);
    return;
  }
  mw_cur inner = mw_say_part (c, n);
  unsigned depth = d->depth;
  while (mw_cur_left (&inner) && d->depth < MW_SAY_DEPTH) {
    uint8_t inside = mw_cur_u8 (&inner);
    size_t len = ber_length (&inner);
    mw_say (d, &inner, "%s, %u bytes",
            inside == OBJECT_ID ? "object identifier"
            : inside == INTEGER ? "integer"
            : inside == OCTETS  ? "octet string"
            : inside == 0xa1    ? "from the ACSE user"
            : inside == 0xa2    ? "from the ACSE provider"
            : inside == 0x80    ? "characters"
                                : "element",
            (unsigned) len);
    d->depth++;
    say_contents (d, &inner, apdu, field, inside & 0x80 ? inside : outer, inside, len);
    d->depth = depth;
  }
  mw_say_rest (d, &inner);
}

void
mw_describe_acse (mw_say_out *d, mw_cur *c)
{
  uint8_t apdu = mw_cur_u8 (c);
  size_t length = ber_length (c);
  mw_say (d, c, "%s, %u bytes", mw_apdu_name (apdu), (unsigned) length);
  if (length > mw_cur_left (c))
    mw_say_wrong (d, c, "only %u bytes follow", (unsigned) mw_cur_left (c));
  size_t have = length < mw_cur_left (c) ? length : mw_cur_left (c);
  mw_cur body = mw_say_part (c, have);
  d->depth++;
  while (mw_cur_left (&body)) {
    uint8_t tag = mw_cur_u8 (&body);
    size_t n = ber_length (&body);
    const char *name = field_name (apdu, tag);
    if (name)
      mw_say (d, &body, "%s [%u], %u bytes", name, tag & 0x1f, (unsigned) n);
    else
      mw_say_wrong (d, &body, "unknown field %02X, %u bytes", tag, (unsigned) n);
    d->depth++;
    say_contents (d, &body, apdu, tag, 0, tag, n);
    d->depth--;
  }
  mw_say_rest (d, &body);
  d->depth--;
}

/* --- Initiate --- */

static bool
say_presence (mw_say_out *d, mw_cur *c, const char *what, const char *absent)
{
  uint8_t present = mw_cur_u8 (c);
  if (present > 1)
    mw_say_wrong (d, c, "%s: presence is %u, which is neither 0 nor 1", what, present);
  else
    mw_say (d, c, "%s: %s", what, present ? "present" : absent);
  return present == 1 && c->err == MW_OK;
}

static void
say_quality (mw_say_out *d, mw_cur *c)
{
  if (!say_presence (d, c, "quality of service", "absent"))
    return;
  uint8_t v = mw_cur_u8 (c);
  mw_say (d, c, "quality of service: %u", v);
}

static void
say_conformance (mw_say_out *d, mw_cur *c)
{
  if (mw_cur_u8 (c) != 0x5f) {
    mw_say_wrong (d, c, "not the tag of conformance");
    mw_cur_fail (c, MW_ERR_VALUE);
    return;
  }
  if (mw_cur_peek (c) == 0x1f)
    mw_cur_u8 (c);
  mw_say (d, c, "conformance, [APPLICATION 31]");
  uint8_t length = mw_cur_u8 (c), unused = mw_cur_u8 (c);
  if (length == 4 && !unused)
    mw_say (d, c, "24 bits");
  else
    mw_say_wrong (d, c, "length %u, %u bits unused, where 4 and 0 belong", length, unused);
  const uint8_t *at = c->at;
  uint32_t bits = mw_cur_u24 (c);
  mw_say (d, c, "conformance block %06" PRIX32, bits);
  d->depth++;
  for (unsigned bit = 0; bit < 24 && c->err == MW_OK; bit++)
    if (bits >> (23 - bit) & 1)
      mw_say_note (d, at + bit / 8, 1, "bit %u: %s", bit,
                   mw_conformance_name (bit) ? mw_conformance_name (bit) : "reserved");
  d->depth--;
}

static void
say_version_and_size (mw_say_out *d, mw_cur *c, const char *whose)
{
  uint8_t version = mw_cur_u8 (c);
  mw_say (d, c, "DLMS version %u", version);
  say_conformance (d, c);
  uint16_t size = mw_cur_u16 (c);
  mw_say (d, c, "longest APDU that the %s receives: %u bytes%s", whose, size,
          size ? "" : " (no limit)");
}

void
mw_describe_initiate_request (mw_say_out *d, mw_cur *c)
{
  char text[80];
  if (say_presence (d, c, "dedicated key", "absent")) {
    mw_span key = mw_cur_bytes (c, mw_axdr_length (c));
    mw_say (d, c, "dedicated key, %u bytes: %s", (unsigned) key.len,
            mw_say_bytes (text, sizeof text, key));
  }
  if (say_presence (d, c, "response-allowed", "absent, so true")) {
    uint8_t v = mw_cur_u8 (c);
    mw_say (d, c, "response-allowed: %s", v ? "true" : "false");
  }
  say_quality (d, c);
  say_version_and_size (d, c, "client");
}

void
mw_describe_initiate_response (mw_say_out *d, mw_cur *c)
{
  say_quality (d, c);
  say_version_and_size (d, c, "server");
  uint16_t name = mw_cur_u16 (c);
  mw_say (d, c, "VAA name %04X: %s", name,
          name == 0x0007   ? "logical names"
          : name == 0xfa00 ? "short names"
                           : "unusual");
}

void
mw_describe_service_error (mw_say_out *d, mw_cur *c)
{
  uint8_t service = mw_cur_u8 (c);
  mw_say (d, c, "service: %u%s", service, service == 1 ? " (initiate)" : "");
  const uint8_t *at = c->at;
  uint8_t class = mw_cur_u8 (c);
  mw_say (d, c, "class of the error: %u", class);
  uint8_t code = mw_cur_u8 (c);
  mw_say (d, c, "error: %u", code);
  if (c->err == MW_OK)
    mw_say_note (d, at, 2, "in words: %s", mw_service_error_name (class, code));
}
