/* acse.c: AARQ, AARE, RLRQ and RLRE in BER (Green Book 9.4.4, 9.5; ISO/IEC 8825-1).
 *
 * Every field is tag, length, contents, with context-specific tags below 31, so a tag is one
 * octet.  Fields that this library has no use for are passed over, as the extension marker of
 * the ASN.1 asks.
 */
#include "dlms/acse.h"

#include <string.h>

/* 2.16.756.5.8: the DLMS UA; then 1 application context or 2 mechanism, then which. */
static const uint8_t dlms_ua[] = { 0x60, 0x85, 0x74, 0x05, 0x08 };
enum { NAME_CONTEXT = 1, NAME_MECHANISM = 2 };

const char *
mw_acse_diagnostic_name (unsigned source, unsigned diagnostic)
{
  static const char *const user[] = {
    "null",
    "no-reason-given",
    "application-context-name-not-supported",
    "calling-ap-title-not-recognized",
    "calling-ap-invocation-identifier-not-recognized",
    "calling-ae-qualifier-not-recognized",
    "calling-ae-invocation-identifier-not-recognized",
    "called-ap-title-not-recognized",
    "called-ap-invocation-identifier-not-recognized",
    "called-ae-qualifier-not-recognized",
    "called-ae-invocation-identifier-not-recognized",
    "authentication-mechanism-name-not-recognised",
    "authentication-mechanism-name-required",
    "authentication-failure",
    "authentication-required",
  };
  if (source == 2)
    return diagnostic == 2  ? "no-common-acse-version"
           : diagnostic < 2 ? user[diagnostic]
                            : "unknown";
  return diagnostic < sizeof user / sizeof *user ? user[diagnostic] : "unknown";
}

const char *
mw_acse_mechanism_name (unsigned mechanism)
{
  static const char *const names[] = { "none",      "low",       "high",        "high-md5",
                                       "high-sha1", "high-gmac", "high-sha256", "high-ecdsa" };
  return mechanism < sizeof names / sizeof *names ? names[mechanism] : "unknown";
}

/* --- BER ------------------------------------------------------------------------------------
 */

/* Contents of the next field and its tag. Lengths of up to four octets, definite form. */
static mw_span
field (mw_cur *c, uint8_t *tag)
{
  *tag = mw_cur_u8 (c);
  return mw_cur_bytes (c, mw_axdr_length (c)); /* definite BER lengths are A-XDR's */
}

/* The contents of the one field of TAG that OUTER holds. */
static mw_span
inside (mw_cur *c, mw_span outer, uint8_t tag)
{
  mw_cur in = mw_cur_of (outer);
  uint8_t found;
  mw_span s = field (&in, &found);
  if (mw_cur_end (&in) || found != tag)
    mw_cur_fail (c, MW_ERR_VALUE);
  return s;
}

static uint8_t
small_integer (mw_cur *c, mw_span contents)
{
  if (contents.len != 1) {
    mw_cur_fail (c, MW_ERR_VALUE);
    return 0;
  }
  return contents.ptr[0];
}

/* A BIT STRING's first octet of bits. */
static uint8_t
bits (mw_cur *c, mw_span contents)
{
  if (contents.len < 1 || contents.ptr[0] > 7) {
    mw_cur_fail (c, MW_ERR_VALUE);
    return 0;
  }
  return contents.len > 1 ? contents.ptr[1] : 0;
}

/* The last arc of a name of the DLMS UA, 0 for any other name. */
static uint8_t
name_arc (mw_span oid, uint8_t kind)
{
  if (oid.len != 7 || memcmp (oid.ptr, dlms_ua, sizeof dlms_ua) != 0 || oid.ptr[5] != kind)
    return 0;
  return oid.ptr[6];
}

/* --- decode ----------------------------------------------------------------------------------
 */

static void
get_context (mw_cur *c, mw_acse *a, mw_span s)
{
  a->context_name = inside (c, s, 0x06);
  a->context = name_arc (a->context_name, NAME_CONTEXT);
}

static void
get_mechanism (mw_acse *a, mw_span s)
{
  static const uint8_t none[] = { 0x60, 0x85, 0x74, 0x05, 0x08, 0x02, 0x00 };
  a->has_mechanism = true;
  a->mechanism = name_arc (s, NAME_MECHANISM);
  if (a->mechanism == 0 && (s.len != 7 || memcmp (s.ptr, none, 7) != 0))
    a->mechanism = 255;
}

static void
get_requirements (mw_cur *c, mw_acse *a, mw_span s)
{
  a->has_requirements = true;
  a->requirements = bits (c, s);
}

/* Authentication-value ::= CHOICE { charstring [0], bitstring [1], external [2], other [3] };
 * COSEM uses charstring alone (Green Book 9.4.2.2.3). */
static void
get_authentication (mw_cur *c, mw_acse *a, mw_span s)
{
  a->has_authentication = true;
  a->authentication = inside (c, s, 0x80);
}

static void
get_user_information (mw_cur *c, mw_acse *a, mw_span s)
{
  enum mw_err err;
  a->user_information = inside (c, s, 0x04);
  if (c->err)
    return;
  err = mw_initiate_decode (a->user_information, &a->initiate);
  if (err)
    mw_cur_fail (c, err);
}

static void
get_diagnostic (mw_cur *c, mw_acse *a, mw_span s)
{
  mw_cur in = mw_cur_of (s);
  uint8_t tag;
  mw_span choice = field (&in, &tag);
  if (mw_cur_end (&in) || (tag != 0xa1 && tag != 0xa2))
    mw_cur_fail (c, MW_ERR_VALUE);
  a->diagnostic_source = tag & 0x1f;
  a->diagnostic = small_integer (c, inside (c, choice, 0x02));
}

static void
aarq_field (mw_cur *c, mw_acse *a, uint8_t tag, mw_span s)
{
  switch (tag) {
  case 0x80:
    a->has_protocol_version = true;
    a->protocol_version = bits (c, s);
    break;
  case 0xa1:
    get_context (c, a, s);
    break;
  case 0xa2:
    a->called_title = inside (c, s, 0x04);
    break;
  case 0xa3:
    a->called_qualifier = inside (c, s, 0x04);
    break;
  case 0xa6:
    a->calling_title = inside (c, s, 0x04);
    break;
  case 0xa7:
    a->calling_qualifier = inside (c, s, 0x04);
    break;
  case 0x8a:
    get_requirements (c, a, s);
    break;
  case 0x8b:
    get_mechanism (a, s);
    break;
  case 0xac:
    get_authentication (c, a, s);
    break;
  case 0xbe:
    get_user_information (c, a, s);
    break;
  default:
    break;
  }
}

static void
aare_field (mw_cur *c, mw_acse *a, uint8_t tag, mw_span s)
{
  switch (tag) {
  case 0x80:
    a->has_protocol_version = true;
    a->protocol_version = bits (c, s);
    break;
  case 0xa1:
    get_context (c, a, s);
    break;
  case 0xa2:
    a->result = small_integer (c, inside (c, s, 0x02));
    break;
  case 0xa3:
    get_diagnostic (c, a, s);
    break;
  case 0xa4:
    a->responding_title = inside (c, s, 0x04);
    break;
  case 0xa5:
    a->responding_qualifier = inside (c, s, 0x04);
    break;
  case 0x88:
    get_requirements (c, a, s);
    break;
  case 0x89:
    get_mechanism (a, s);
    break;
  case 0xaa:
    get_authentication (c, a, s);
    break;
  case 0xbe:
    get_user_information (c, a, s);
    break;
  default:
    break;
  }
}

static void
release_field (mw_cur *c, mw_acse *a, uint8_t tag, mw_span s)
{
  if (tag == 0x80) {
    a->has_reason = true;
    a->reason = small_integer (c, s);
  } else if (tag == 0xbe) {
    get_user_information (c, a, s);
  }
}

enum mw_err
mw_acse_decode (mw_span octets, mw_acse *out)
{
  mw_cur whole = mw_cur_of (octets), c;
  mw_span s;
  memset (out, 0, sizeof *out);
  s = field (&whole, &out->tag);
  if (mw_cur_end (&whole))
    return whole.err;
  if (out->tag < MW_APDU_AARQ || out->tag > MW_APDU_RLRE)
    return MW_ERR_VALUE;
  c = mw_cur_of (s);
  while (mw_cur_left (&c)) {
    uint8_t tag;
    s = field (&c, &tag);
    if (c.err)
      break;
    if (out->tag == MW_APDU_AARQ)
      aarq_field (&c, out, tag, s);
    else if (out->tag == MW_APDU_AARE)
      aare_field (&c, out, tag, s);
    else
      release_field (&c, out, tag, s);
  }
  if (out->tag <= MW_APDU_AARE && out->context_name.len == 0)
    mw_cur_fail (&c, MW_ERR_VALUE); /* application-context-name is mandatory */
  return c.err;
}

/* --- encode ----------------------------------------------------------------------------------
 */

static void
put (mw_wr *w, uint8_t tag, mw_span s)
{
  mw_wr_u8 (w, tag);
  mw_axdr_put_length (w, (uint32_t) s.len);
  mw_wr_span (w, s);
}

/* OUTER { INNER contents }; nothing when there are none. */
static void
put_inside (mw_wr *w, uint8_t outer, uint8_t inner, mw_span s, bool even_empty)
{
  size_t header = s.len > 0xff ? 4 : s.len > 0x7f ? 3 : 2;
  if (!s.len && !even_empty)
    return;
  mw_wr_u8 (w, outer);
  mw_axdr_put_length (w, (uint32_t) (s.len + header));
  put (w, inner, s);
}

static void
put_name (mw_wr *w, uint8_t kind, uint8_t arc)
{
  mw_wr_bytes (w, dlms_ua, sizeof dlms_ua);
  mw_wr_u8 (w, kind);
  mw_wr_u8 (w, arc);
}

static void
put_bits (mw_wr *w, bool there, uint8_t tag, uint8_t value)
{
  if (!there)
    return;
  mw_wr_u8 (w, tag);
  mw_wr_u8 (w, 2);
  mw_wr_u8 (w, 7);
  mw_wr_u8 (w, value);
}

static void
put_context (mw_wr *w, const mw_acse *a)
{
  if (!a->context) {
    put_inside (w, 0xa1, 0x06, a->context_name, true);
    return;
  }
  mw_wr_u32 (w, 0xa1090607);
  put_name (w, NAME_CONTEXT, a->context);
}

static void
put_mechanism (mw_wr *w, const mw_acse *a, uint8_t tag)
{
  if (!a->has_mechanism)
    return;
  mw_wr_u8 (w, tag);
  mw_wr_u8 (w, 7);
  put_name (w, NAME_MECHANISM, a->mechanism);
}

static void
put_aarq (mw_wr *w, const mw_acse *a)
{
  put_bits (w, a->has_protocol_version, 0x80, a->protocol_version);
  put_context (w, a);
  put_inside (w, 0xa2, 0x04, a->called_title, false);
  put_inside (w, 0xa3, 0x04, a->called_qualifier, false);
  put_inside (w, 0xa6, 0x04, a->calling_title, false);
  put_inside (w, 0xa7, 0x04, a->calling_qualifier, false);
  put_bits (w, a->has_requirements, 0x8a, a->requirements);
  put_mechanism (w, a, 0x8b);
  put_inside (w, 0xac, 0x80, a->authentication, a->has_authentication);
  put_inside (w, 0xbe, 0x04, a->user_information, false);
}

static void
put_aare (mw_wr *w, const mw_acse *a)
{
  put_bits (w, a->has_protocol_version, 0x80, a->protocol_version);
  put_context (w, a);
  mw_wr_u32 (w, 0xa2030201);
  mw_wr_u8 (w, a->result);
  mw_wr_u16 (w, 0xa305);
  mw_wr_u8 (w, (uint8_t) (0xa0 | a->diagnostic_source));
  mw_wr_u24 (w, 0x030201);
  mw_wr_u8 (w, a->diagnostic);
  put_inside (w, 0xa4, 0x04, a->responding_title, false);
  put_inside (w, 0xa5, 0x04, a->responding_qualifier, false);
  put_bits (w, a->has_requirements, 0x88, a->requirements);
  put_mechanism (w, a, 0x89);
  put_inside (w, 0xaa, 0x80, a->authentication, a->has_authentication);
  put_inside (w, 0xbe, 0x04, a->user_information, false);
}

static void
put_release (mw_wr *w, const mw_acse *a)
{
  if (a->has_reason) {
    mw_wr_u16 (w, 0x8001);
    mw_wr_u8 (w, a->reason);
  }
  put_inside (w, 0xbe, 0x04, a->user_information, false);
}

/* The contents are written behind room for the longest length, then moved up to it. */
enum mw_err
mw_acse_encode (mw_wr *w, const mw_acse *a)
{
  uint8_t *start = w->at;
  uint8_t *contents = mw_wr_take (w, 4);
  size_t len;
  if (!contents)
    return w->err;
  if (a->tag == MW_APDU_AARQ)
    put_aarq (w, a);
  else if (a->tag == MW_APDU_AARE)
    put_aare (w, a);
  else if (a->tag == MW_APDU_RLRQ || a->tag == MW_APDU_RLRE)
    put_release (w, a);
  else
    mw_wr_fail (w, MW_ERR_VALUE);
  if (w->err)
    return w->err;
  contents += 4;
  len = (size_t) (w->at - contents);
  if (len > 0xffff) {
    mw_wr_fail (w, MW_ERR_SPACE);
    return w->err;
  }
  w->at = start;
  mw_wr_u8 (w, a->tag);
  mw_axdr_put_length (w, (uint32_t) len);
  memmove (w->at, contents, len);
  w->at += len;
  return w->err;
}
