/* hdlc_rx.c: from bytes to frames.
 *
 * rx holds bytes that begin with a flag, or nothing.  There is no byte stuffing, so a frame is
 * found by its length, and what stands where a frame should be is believed only when type,
 * length, header check, closing flag and frame check agree.  When they do not, the search goes
 * on at the next flag INSIDE what was collected: a loop, and no good frame is lost behind a bad
 * one. The closing flag stays: it may open the next frame (ISO/IEC 13239 4.3.1).
 */
#include <string.h>

#include "dlms/hdlc_priv.h"

/* Forget the first N bytes of rx. */
static void
drop (mw_hdlc *h, size_t n)
{
  h->rx_size -= n;
  memmove (h->rx, h->rx + n, h->rx_size);
  h->rx_header = false;
}

/* Go to the next flag after the first byte. */
static void
resynchronise (mw_hdlc *h)
{
  const uint8_t *flag =
      h->rx_size > 1 ? memchr (h->rx + 1, MW_HDLC_FLAG, h->rx_size - 1) : NULL;
  h->counts.damaged++;
  drop (h, flag ? (size_t) (flag - h->rx) : h->rx_size);
}

/* The bytes that the frame in rx needs in all, with flags; 0 when that cannot be told yet. */
static size_t
frame_size (const mw_hdlc *h)
{
  return h->rx_size > 2 ? mw_hdlc_format_length (h->rx + 1) + 2 : 0;
}

enum verdict { MORE, AGAIN, DELIVERED };

/* Look at the beginning of rx once. */
static enum verdict
inspect (mw_hdlc *h)
{
  if (h->rx_size < 2)
    return MORE;
  if (h->rx[1] == MW_HDLC_FLAG) {
    drop (h, 1);
    return AGAIN;
  }
  if (h->rx_size < 3)
    return MORE;
  size_t size = frame_size (h), have = h->rx_size - 1;
  if (!h->rx_header) {
    enum mw_err err = mw_hdlc_header_check (h->rx + 1, have < size - 2 ? have : size - 2);
    if (err == MW_ERR_SHORT && have < size - 2)
      return MORE;
    if (err != MW_OK) {
      resynchronise (h);
      return AGAIN;
    }
    h->rx_header = true;
  }
  if (h->rx_size < size)
    return MORE;
  mw_hdlc_frame f;
  mw_span between = { h->rx + 1, size - 2 };
  if (h->rx[size - 1] != MW_HDLC_FLAG || mw_hdlc_frame_decode (between, &f) != MW_OK) {
    resynchronise (h);
    return AGAIN;
  }
  h->rx_noise = 0;
  mw_hdlc_on_frame (h, &f);
  drop (h, size - 1);
  return DELIVERED;
}

/* Read rx until it needs more bytes or an event stands in the way. */
static void
scan (mw_hdlc *h)
{
  enum verdict verdict = AGAIN;
  while (verdict != MORE && !h->n_events)
    verdict = inspect (h);
  h->rx_blocked = verdict != MORE && h->rx_size > 1;
}

/* How many of LEN bytes may be taken before rx must be looked at again. */
static size_t
wanted (const mw_hdlc *h, size_t len)
{
  size_t want = h->rx_header ? frame_size (h) - h->rx_size : 1;
  return want < len ? want : len;
}

size_t
mw_hdlc_rx_feed (mw_hdlc *h, const uint8_t *data, size_t len)
{
  size_t at = 0;
  mw_hdlc_rx_resume (h);
  while (at < len && !h->n_events) {
    if (!h->rx_size) {
      const uint8_t *flag = memchr (data + at, MW_HDLC_FLAG, len - at);
      size_t skipped = flag ? (size_t) (flag - data) - at : len - at;
      at += skipped;
      h->rx_noise += skipped;
      if (!flag)
        break;
    }
    size_t n = wanted (h, len - at);
    memcpy (h->rx + h->rx_size, data + at, n);
    h->rx_size += n;
    h->rx_noise += n;
    at += n;
    scan (h);
  }
  h->gap = h->rx_size > 1 ? h->now + h->config.inter_octet_ms : MW_NEVER;
  return at;
}

void
mw_hdlc_rx_resume (mw_hdlc *h)
{
  if (!h->rx_blocked || h->n_events)
    return;
  scan (h);
  h->gap = h->rx_size > 1 ? h->now + h->config.inter_octet_ms : MW_NEVER;
}

void
mw_hdlc_rx_gap (mw_hdlc *h)
{
  h->gap = MW_NEVER;
  while (h->rx_size > 1 && !h->n_events) {
    resynchronise (h);
    scan (h);
  }
}
