/* acse_initiate.c: the xDLMS Initiate and its refusal, in A-XDR (Green Book 9.4.6.1, 9.5).
 *
 *   InitiateRequest   01 [dedicated-key] response-allowed DEFAULT TRUE [quality] version
 *                     conformance max-pdu
 *   InitiateResponse  08 [quality] version conformance max-pdu vaa-name
 *   ConfirmedServiceError  0E service class code
 */
#include <string.h>

#include "dlms/acse.h"
#include "dlms/apdu_parts.h"

const char *
mw_conformance_name (unsigned bit)
{
  switch (bit) {
#define MW_CONF_ROW(number, symbol, name)                                                      \
  case number:                                                                                 \
    return name;
    MW_CONF_ROWS (MW_CONF_ROW)
#undef MW_CONF_ROW
  default:
    return NULL;
  }
}

/* Conformance ::= [APPLICATION 31] IMPLICIT BIT STRING (SIZE (24)), in BER (Green Book 9.5):
 * 5F 1F 04 00 and 24 bits.  Some meters leave the second octet of the tag out. */
static uint32_t
get_conformance (mw_cur *c)
{
  if (mw_cur_u8 (c) != 0x5f)
    mw_cur_fail (c, MW_ERR_VALUE);
  if (mw_cur_peek (c) == 0x1f)
    mw_cur_u8 (c);
  if (mw_cur_u16 (c) != 0x0400)
    mw_cur_fail (c, MW_ERR_VALUE);
  return mw_cur_u24 (c);
}

static void
put_conformance (mw_wr *w, uint32_t conformance)
{
  mw_wr_u32 (w, 0x5f1f0400);
  mw_wr_u24 (w, conformance);
}

static void
get_quality (mw_cur *c, mw_initiate *i)
{
  i->has_quality = apdu_optional (c);
  if (i->has_quality)
    i->quality = mw_cur_u8 (c);
}

static void
put_quality (mw_wr *w, const mw_initiate *i)
{
  mw_wr_u8 (w, i->has_quality);
  if (i->has_quality)
    mw_wr_u8 (w, i->quality);
}

static void
get_request (mw_cur *c, mw_initiate *i)
{
  if (apdu_optional (c))
    i->dedicated_key = mw_cur_bytes (c, mw_axdr_length (c));
  i->response_allowed = apdu_optional (c) ? mw_cur_u8 (c) != 0 : true;
  get_quality (c, i);
  i->version = mw_cur_u8 (c);
  i->conformance = get_conformance (c);
  i->max_pdu = mw_cur_u16 (c);
}

static void
get_response (mw_cur *c, mw_initiate *i)
{
  get_quality (c, i);
  i->version = mw_cur_u8 (c);
  i->conformance = get_conformance (c);
  i->max_pdu = mw_cur_u16 (c);
  i->vaa_name = mw_cur_u16 (c);
}

static void
get_error (mw_cur *c, mw_initiate *i)
{
  i->error_service = mw_cur_u8 (c);
  i->error_class = mw_cur_u8 (c);
  i->error_code = mw_cur_u8 (c);
}

enum mw_err
mw_initiate_decode (mw_span octets, mw_initiate *out)
{
  mw_cur c = mw_cur_of (octets);
  uint8_t tag = mw_cur_u8 (&c);
  memset (out, 0, sizeof *out);
  out->kind = MW_INITIATE_PLAIN;
  if (tag == MW_APDU_INITIATE_REQUEST) {
    get_request (&c, out);
  } else if (tag == MW_APDU_INITIATE_RESPONSE) {
    get_response (&c, out);
  } else if (tag == MW_APDU_CONFIRMED_SERVICE_ERROR) {
    out->kind = MW_INITIATE_ERROR;
    get_error (&c, out);
  } else {
    out->kind = MW_INITIATE_CIPHERED;
    return octets.len ? MW_OK : MW_ERR_SHORT;
  }
  return mw_cur_end (&c);
}

void
mw_initiate_request_put (mw_wr *w, const mw_initiate *i)
{
  mw_wr_u8 (w, MW_APDU_INITIATE_REQUEST);
  mw_wr_u8 (w, i->dedicated_key.len != 0);
  if (i->dedicated_key.len) {
    mw_axdr_put_length (w, (uint32_t) i->dedicated_key.len);
    mw_wr_span (w, i->dedicated_key);
  }
  mw_wr_u8 (w, !i->response_allowed);
  if (!i->response_allowed)
    mw_wr_u8 (w, 0);
  put_quality (w, i);
  mw_wr_u8 (w, i->version);
  put_conformance (w, i->conformance);
  mw_wr_u16 (w, i->max_pdu);
}

void
mw_initiate_response_put (mw_wr *w, const mw_initiate *i)
{
  mw_wr_u8 (w, MW_APDU_INITIATE_RESPONSE);
  put_quality (w, i);
  mw_wr_u8 (w, i->version);
  put_conformance (w, i->conformance);
  mw_wr_u16 (w, i->max_pdu);
  mw_wr_u16 (w, i->vaa_name);
}

void
mw_service_error_put (mw_wr *w, const mw_initiate *i)
{
  mw_wr_u8 (w, MW_APDU_CONFIRMED_SERVICE_ERROR);
  mw_wr_u8 (w, i->error_service);
  mw_wr_u8 (w, i->error_class);
  mw_wr_u8 (w, i->error_code);
}

const char *
mw_service_error_name (unsigned error_class, unsigned error_code)
{
  /* clang-format off */
  static const char *const names[10][8] = {
    { "other", "time-elapsed", "application-unreachable", "application-reference-invalid",
      "application-context-unsupported", "provider-communication-error", "deciphering-error" },
    { "other", "memory-unavailable", "processor-resource-unavailable",
      "mass-storage-unavailable", "other-resource-unavailable" },
    { "other", "no-dlms-context", "loading-data-set", "status-nochange", "status-inoperable" },
    { "other", "pdu-size", "service-unsupported" },
    { "other", "object-undefined", "object-class-inconsistent",
      "object-attribute-inconsistent" },
    { "other", "scope-of-access-violated", "object-access-violated", "hardware-fault",
      "object-unavailable" },
    { "other", "dlms-version-too-low", "incompatible-conformance", "pdu-size-too-short",
      "refused-by-the-vde-handler" },
    { "other", "primitive-out-of-sequence", "not-loadable", "dataset-size-too-large",
      "not-awaited-segment", "interpretation-failure", "storage-failure",
      "data-set-not-ready" },
    { "other" },
    { "other", "no-remote-control", "ti-stopped", "ti-running", "ti-unusable" },
  };
  /* clang-format on */
  const char *name = error_class < 10 && error_code < 8 ? names[error_class][error_code] : NULL;
  return name ? name : "unknown";
}
