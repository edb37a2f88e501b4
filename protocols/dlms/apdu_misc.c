/* apdu_misc.c: exception-response, data-notification, event-notification (Green Book 9.5). */
#include <string.h>

#include "dlms/apdu.h"

const char *
mw_exception_state_name (unsigned state)
{
  return state == MW_STATE_NOT_ALLOWED ? "service-not-allowed"
         : state == MW_STATE_UNKNOWN   ? "service-unknown"
                                       : "unknown";
}

const char *
mw_exception_service_name (unsigned service)
{
  static const char *const names[] = {
    [MW_SERVICE_NOT_POSSIBLE] = "operation-not-possible",
    [MW_SERVICE_NOT_SUPPORTED] = "service-not-supported",
    [MW_SERVICE_OTHER_REASON] = "other-reason",
    [MW_SERVICE_PDU_TOO_LONG] = "pdu-too-long",
    [MW_SERVICE_DECIPHERING] = "deciphering-error",
    [MW_SERVICE_INVOCATION_COUNTER] = "invocation-counter-error",
  };
  return service < sizeof names / sizeof *names && names[service] ? names[service] : "unknown";
}

enum mw_err
mw_exception_decode (mw_span octets, mw_exception *out)
{
  mw_cur c = mw_cur_of (octets);
  memset (out, 0, sizeof *out);
  if (mw_cur_u8 (&c) != MW_APDU_EXCEPTION_RESPONSE)
    mw_cur_fail (&c, MW_ERR_VALUE);
  out->state = mw_cur_u8 (&c);
  out->service = mw_cur_u8 (&c);
  if (out->service == MW_SERVICE_INVOCATION_COUNTER && !c.err)
    out->invocation_counter = mw_cur_u32 (&c);
  return mw_cur_end (&c);
}

void
mw_exception_encode (mw_wr *w, const mw_exception *e)
{
  mw_wr_u8 (w, MW_APDU_EXCEPTION_RESPONSE);
  mw_wr_u8 (w, e->state);
  mw_wr_u8 (w, e->service);
  if (e->service == MW_SERVICE_INVOCATION_COUNTER)
    mw_wr_u32 (w, e->invocation_counter);
}

/* The date-time of a notification: an OCTET STRING of 0 or 12 octets.  A meter in the field
 * (Kaifa MA304, captured) writes the tag of an octet-string before it: 9 is no length that the
 * clause allows, so that reading is safe. */
static void
get_time (mw_cur *c, mw_notification *out)
{
  uint32_t len = mw_axdr_length (c);
  mw_span s;
  if (len == MW_AXDR_OCTET_STRING)
    len = mw_axdr_length (c);
  s = mw_cur_bytes (c, len);
  if (c->err || len == 0)
    return;
  out->has_time = true;
  if (len != 12 || mw_axdr_civil (s.ptr, s.len, &out->time))
    mw_cur_fail (c, MW_ERR_VALUE);
}

static void
get_event (mw_cur *c, mw_notification *out)
{
  uint8_t present = mw_cur_u8 (c);
  if (present > 1)
    mw_cur_fail (c, MW_ERR_VALUE);
  if (present == 1)
    get_time (c, out);
  out->attr = mw_dlms_attr_get (c);
}

enum mw_err
mw_notification_decode (mw_span octets, mw_notification *out)
{
  mw_cur c = mw_cur_of (octets);
  memset (out, 0, sizeof *out);
  out->time = mw_civil_any ();
  out->tag = mw_cur_u8 (&c);
  if (out->tag == MW_APDU_DATA_NOTIFICATION) {
    out->long_invoke = mw_cur_u32 (&c);
    get_time (&c, out);
  } else if (out->tag == MW_APDU_EVENT_NOTIFICATION) {
    get_event (&c, out);
  } else {
    mw_cur_fail (&c, MW_ERR_VALUE);
  }
  out->data = mw_axdr_take (&c);
  return mw_cur_end (&c);
}

void
mw_notification_encode (mw_wr *w, const mw_notification *n)
{
  uint8_t octets[12];
  bool event = n->tag == MW_APDU_EVENT_NOTIFICATION;
  mw_wr_u8 (w, n->tag);
  if (event)
    mw_wr_u8 (w, n->has_time);
  else
    mw_wr_u32 (w, n->long_invoke);
  if (n->has_time) {
    mw_axdr_civil_octets (&n->time, octets);
    mw_wr_u8 (w, sizeof octets);
    mw_wr_bytes (w, octets, sizeof octets);
  } else if (!event) {
    mw_wr_u8 (w, 0);
  }
  if (event)
    mw_dlms_attr_put (w, &n->attr);
  mw_wr_span (w, n->data);
}
