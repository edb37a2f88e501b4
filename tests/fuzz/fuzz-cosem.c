/* fuzz-cosem: the service and association codecs.  What one accepts is written, and what is
 * written reads back as the same. */
#include <string.h>

#include "dlms/acse.h"
#include "dlms/apdu.h"
#include "fuzz.h"

static uint8_t first[70000], second[70000];

static void
apdu (mw_span in)
{
  mw_apdu a, b;
  mw_wr w, again;
  mw_profile_select select;
  if (mw_apdu_decode (in, &a))
    return;
  if (a.tag == MW_APDU_GET_REQUEST)
    (void) mw_profile_select_decode (&a.access, &select);
  mw_wr_init (&w, first, sizeof first);
  MUST (mw_apdu_encode (&w, &a) == MW_OK);
  MUST (mw_apdu_decode (mw_wr_done (&w), &b) == MW_OK);
  MUST (a.form == b.form && a.count == b.count && a.data.len == b.data.len);
  mw_wr_init (&again, second, sizeof second);
  MUST (mw_apdu_encode (&again, &b) == MW_OK);
  MUST (mw_wr_len (&again) == mw_wr_len (&w) && memcmp (first, second, mw_wr_len (&w)) == 0);
}

static void
acse (mw_span in)
{
  mw_acse a, b;
  mw_wr w;
  if (mw_acse_decode (in, &a))
    return;
  if (!a.user_information.len)
    a.initiate.kind = MW_INITIATE_NONE;
  mw_wr_init (&w, first, sizeof first);
  MUST (mw_acse_encode (&w, &a) == MW_OK);
  if (a.has_mechanism && a.mechanism == 255)
    return; /* another name: it is read, and not written again */
  if (a.tag == MW_APDU_AARE && a.diagnostic_source == 0)
    return; /* a mandatory field was missing */
  MUST (mw_acse_decode (mw_wr_done (&w), &b) == MW_OK);
  MUST (a.tag == b.tag && a.context == b.context && a.result == b.result
        && a.diagnostic == b.diagnostic && a.mechanism == b.mechanism
        && a.authentication.len == b.authentication.len
        && a.initiate.conformance == b.initiate.conformance);
}

static void
notification (mw_span in)
{
  mw_notification a, b;
  mw_exception e;
  mw_initiate i;
  mw_wr w;
  (void) mw_exception_decode (in, &e);
  (void) mw_initiate_decode (in, &i);
  if (mw_notification_decode (in, &a))
    return;
  mw_wr_init (&w, first, sizeof first);
  mw_notification_encode (&w, &a);
  MUST (mw_notification_decode (mw_wr_done (&w), &b) == MW_OK);
  MUST (a.data.len == b.data.len && a.has_time == b.has_time
        && memcmp (a.data.ptr, b.data.ptr, a.data.len) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  mw_span in = { data, size };
  if (size > 60000)
    return 0;
  apdu (in);
  acse (in);
  notification (in);
  return 0;
}
