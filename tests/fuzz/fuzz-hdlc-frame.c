/* Codec of HDLC frames and of their parameters: what is decoded is encoded to the same bytes.
 */
#include <string.h>

#include "dlms/hdlc_frame.h"
#include "fuzz.h"

static void
check_frame (const uint8_t *data, size_t size)
{
  uint8_t again[MW_HDLC_FRAME_MAX + 8];
  mw_hdlc_frame f;
  mw_wr w;
  if (mw_hdlc_frame_decode ((mw_span){ data, size }, &f) != MW_OK)
    return;
  MUST (mw_hdlc_kind_of (f.control) < MW_HDLC_N_KINDS);
  mw_wr_init (&w, again, sizeof again);
  mw_hdlc_frame_encode (&w, &f);
  if (f.info.len == 0 && size != 2u + f.destination.bytes + f.source.bytes + 3u)
    return; /* an HCS over no information: taken, never sent */
  mw_span s = mw_wr_done (&w);
  MUST (w.err == MW_OK);
  MUST (s.len == size + 2 && memcmp (s.ptr + 1, data, size) == 0);
}

static void
check_limits (const uint8_t *data, size_t size)
{
  uint8_t buf[64];
  mw_hdlc_limits l, again;
  mw_wr w;
  if (mw_hdlc_limits_decode ((mw_span){ data, size }, &l) != MW_OK)
    return;
  MUST (l.info_tx && l.info_tx <= MW_HDLC_INFO_MAX && l.info_rx
        && l.info_rx <= MW_HDLC_INFO_MAX);
  MUST (l.window_tx && l.window_tx <= 7 && l.window_rx && l.window_rx <= 7);
  mw_wr_init (&w, buf, sizeof buf);
  mw_hdlc_limits_encode (&w, &l);
  MUST (mw_hdlc_limits_decode (mw_wr_done (&w), &again) == MW_OK);
  MUST (memcmp (&l, &again, sizeof l) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  check_frame (data, size);
  if (size > 2)
    check_frame (data + 1, size - 2);
  check_limits (data, size);
  for (size_t i = 0; i + 3 < size; i++) /* parameters inside a frame */
    if (data[i] == 0x81 && data[i + 1] == 0x80)
      check_limits (data + i, size - i);
  return 0;
}
