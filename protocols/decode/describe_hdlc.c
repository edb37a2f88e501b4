/* describe_hdlc.c: HDLC frames and the TCP wrapper in words. */
#include <string.h>

#include "base/crc.h"
#include "decode/say.h"
#include "dlms/hdlc_frame.h"
#include "dlms/wrapper.h"

#define LLC_LEN 3u

/* --- finding frames --- */

/* Does a frame begin at the flag P, by what can be seen of its header? */
static bool
begins_frame (const uint8_t *p, const uint8_t *end)
{
  return end - p > 3 && p[0] == MW_HDLC_FLAG && p[1] != MW_HDLC_FLAG
         && mw_hdlc_format_length (p + 1) != 0;
}

/* Bytes of a frame copied without its flags. */
static bool
is_bare_frame (mw_span data)
{
  mw_hdlc_frame f;
  return data.len > 2 && mw_hdlc_frame_decode (data, &f) == MW_OK;
}

bool
mw_looks_like_hdlc (mw_span data)
{
  return begins_frame (data.ptr, data.ptr + data.len) || is_bare_frame (data)
         || (data.len > 4 && data.ptr[0] == MW_HDLC_FLAG
             && begins_frame (data.ptr + 1, data.ptr + data.len));
}

/* --- the fields --- */

static const char *
reserved_name (uint16_t part, uint8_t bytes)
{
  if (mw_hdlc_is_all (part, bytes))
    return " (all stations)";
  if (mw_hdlc_is_calling (part, bytes))
    return " (calling)";
  if (part == MW_HDLC_ADDR_NO_STATION)
    return " (no station)";
  return "";
}

static void
say_address (mw_say_out *d, mw_cur *c, const char *which)
{
  mw_hdlc_address a = mw_hdlc_address_decode (c);
  if (a.bytes == 1)
    mw_say (d, c, "%s address: %u%s", which, a.upper,
            a.upper == MW_HDLC_ADDR_CLIENT_PUBLIC ? " (public client, if a client's)"
                                                  : reserved_name (a.upper, 1));
  else
    mw_say (d, c, "%s address, %u bytes: logical device %u%s, physical device %u%s", which,
            a.bytes, a.upper, reserved_name (a.upper, a.bytes), a.lower,
            reserved_name (a.lower, a.bytes));
}

static enum mw_hdlc_kind
say_control (mw_say_out *d, mw_cur *c)
{
  uint8_t v = mw_cur_u8 (c);
  enum mw_hdlc_kind kind = mw_hdlc_kind_of (v);
  const char *name = mw_hdlc_kind_name (kind);
  unsigned pf = mw_hdlc_poll_final (v);
  if (kind == MW_HDLC_UNKNOWN)
    mw_say_wrong (d, c, "control: none of the repertoire, P/F=%u", pf);
  else if (kind == MW_HDLC_I)
    mw_say (d, c, "control: I, N(S)=%u, N(R)=%u, P/F=%u", mw_hdlc_ns (v), mw_hdlc_nr (v), pf);
  else if (kind <= MW_HDLC_REJ)
    mw_say (d, c, "control: %s, N(R)=%u, P/F=%u", name, mw_hdlc_nr (v), pf);
  else
    mw_say (d, c, "control: %s, P/F=%u", name, pf);
  return kind;
}

static void
say_check (mw_say_out *d, mw_cur *c, const uint8_t *from, const char *name)
{
  uint16_t want = mw_crc_x25 (from, (size_t) (c->at - from));
  uint16_t got = mw_cur_u16le (c);
  if (got == want)
    mw_say (d, c, "%s: right", name);
  else
    mw_say_wrong (d, c, "%s: wrong, the bytes before give %02X%02X", name, want & 0xff,
                  want >> 8);
}

/* --- information fields --- */

static void
say_parameter (mw_say_out *d, mw_cur *c)
{
  static const char *const names[] = { "longest information field, sending",
                                       "longest information field, receiving",
                                       "window, sending", "window, receiving" };
  uint8_t id = mw_cur_u8 (c), len = mw_cur_u8 (c);
  mw_span value = mw_cur_bytes (c, len);
  uint32_t v = 0;
  for (size_t i = 0; i < value.len; i++)
    v = v << 8 | value.ptr[i];
  if (id >= 5 && id <= 8 && len >= 1 && len <= 4)
    mw_say (d, c, "%s: %" PRIu32, names[id - 5], v);
  else
    mw_say_wrong (d, c, "parameter %u of %u bytes", id, len);
}

static void
say_parameters (mw_say_out *d, mw_cur *c)
{
  uint8_t format = mw_cur_u8 (c);
  mw_say (d, c, "format identifier %02X%s", format, format == 0x81 ? "" : " (not 81)");
  uint8_t group = mw_cur_u8 (c);
  mw_say (d, c, "group identifier %02X%s", group,
          group == 0x80 ? " (link parameters)" : " (not 80)");
  uint8_t len = mw_cur_u8 (c);
  mw_say (d, c, "%u bytes of parameters", len);
  while (mw_cur_left (c))
    say_parameter (d, c);
}

static void
say_frmr (mw_say_out *d, mw_cur *c)
{
  uint8_t control = mw_cur_u8 (c);
  mw_say (d, c, "refused control field: %s (%02X)",
          mw_hdlc_kind_name (mw_hdlc_kind_of (control)), control);
  uint8_t state = mw_cur_u8 (c);
  mw_say (d, c, "V(S)=%u, V(R)=%u, a %s was refused", state >> 1 & 7, state >> 5,
          state & 0x10 ? "response" : "command");
  uint8_t reason = mw_cur_u8 (c);
  mw_say (d, c, "reason:%s%s%s%s%s", reason & 1 ? " W unknown control field" : "",
          reason & 2 ? " X information not allowed" : "",
          reason & 4 ? " Y information too long" : "", reason & 8 ? " Z impossible N(R)" : "",
          reason & 15 ? "" : " none given");
}

bool
mw_has_llc (mw_span data)
{
  const uint8_t *p = data.ptr;
  return data.len > LLC_LEN && p[0] == 0xe6 && (p[1] & 0xfe) == 0xe6 && p[2] == 0;
}

void
mw_describe_llc (mw_say_out *d, mw_cur *c)
{
  if (!mw_has_llc ((mw_span){ c->at, mw_cur_left (c) }))
    return;
  mw_cur_u8 (c);
  mw_say (d, c, "LLC: destination LSAP E6");
  uint8_t source = mw_cur_u8 (c);
  mw_say (d, c, "LLC: source LSAP %02X (%s)", source, source == 0xe6 ? "command" : "response");
  uint8_t quality = mw_cur_u8 (c);
  mw_say (d, c, "LLC: quality %u", quality);
}

/* --- segments --- */

static void
keep (mw_say_out *d, mw_span piece)
{
  d->work_full = d->work_full || piece.len > d->work_cap - d->work_len;
  if (d->work_full)
    return;
  memcpy (d->work + d->work_len, piece.ptr, piece.len);
  d->work_len += piece.len;
}

/* The APDU in the work memory, put together from segments. */
static void
describe_reassembled (mw_say_out *d)
{
  mw_cur c;
  mw_say_out inner = *d;
  mw_cur_init (&c, d->work, d->work_len);
  inner.base = inner.said = d->work;
  inner.reassembled = true;
  mw_say_head (&inner, &c, d->work_len, "the %u bytes of all segments together",
               (unsigned) d->work_len);
  mw_describe_llc (&inner, &c);
  mw_describe_apdu (&inner, &c);
  mw_say_rest (&inner, &c);
  d->wrong = inner.wrong;
}

static void
say_apdu_field (mw_say_out *d, mw_cur *c, bool segmented)
{
  bool whole = !segmented && !d->work_len && !d->work_full;
  if (whole) {
    mw_describe_llc (d, c);
    if (mw_cur_left (c))
      mw_describe_apdu (d, c);
    return;
  }
  mw_span piece = { c->at, mw_cur_left (c) };
  bool first = !d->work_len && !d->work_full;
  keep (d, piece);
  if (first)
    mw_describe_llc (d, c);
  mw_cur_skip (c, mw_cur_left (c));
  mw_say (d, c, "%s segment of an APDU", first ? "first" : segmented ? "next" : "last");
  if (segmented)
    return;
  if (d->work_full)
    mw_say_wrong (d, c, "all segments together are too long to be described");
  else
    describe_reassembled (d);
  d->work_len = 0;
  d->work_full = false;
}

static void
say_info (mw_say_out *d, mw_cur *c, size_t len, enum mw_hdlc_kind kind, bool segmented)
{
  if (c->err != MW_OK)
    return;
  mw_cur info = mw_say_part (c, len);
  mw_say_head (d, &info, len, "information, %u bytes", (unsigned) len);
  if (kind == MW_HDLC_SNRM || kind == MW_HDLC_UA)
    say_parameters (d, &info);
  else if (kind == MW_HDLC_FRMR)
    say_frmr (d, &info);
  else
    say_apdu_field (d, &info, segmented);
  mw_say_rest (d, &info);
  mw_say_up (d);
}

/* --- frames --- */

/* The bytes between the flags, from the format field on. */
static void
describe_between (mw_say_out *d, mw_cur *c)
{
  const uint8_t *from = c->at;
  uint16_t format = mw_cur_u16 (c);
  bool segmented = (format & 0x800) != 0;
  size_t length = format & 0x7ffu;
  mw_say (d, c, "format: type 3, %s, %u bytes between the flags",
          segmented ? "more segments follow" : "last or only segment", (unsigned) length);
  say_address (d, c, "destination");
  say_address (d, c, "source");
  enum mw_hdlc_kind kind = say_control (d, c);
  size_t header = (size_t) (c->at - from);
  if (length >= header + 4) {
    say_check (d, c, from, "HCS");
    say_info (d, c, length - header - 4, kind, segmented);
  }
  say_check (d, c, from, "FCS");
  mw_say_rest (d, c);
}

static void
describe_frame (mw_say_out *d, mw_cur *c)
{
  size_t length = mw_hdlc_format_length (c->at + 1), left = mw_cur_left (c);
  mw_hdlc_frame f = { 0 };
  mw_cur probe;
  mw_cur_init (&probe, c->at + 3, left - 3);
  mw_hdlc_address_decode (&probe);
  mw_hdlc_address_decode (&probe);
  f.control = mw_cur_u8 (&probe);
  mw_say_head (d, c, length + 2, "HDLC frame: %s",
               probe.err == MW_OK ? mw_hdlc_kind_name (mw_hdlc_kind_of (f.control))
                                  : "cut short");
  mw_cur_u8 (c);
  mw_say (d, c, "opening flag");
  bool cut = mw_cur_left (c) < length;
  mw_cur between = mw_say_part (c, cut ? mw_cur_left (c) : length);
  describe_between (d, &between);
  if (mw_cur_peek (c) == MW_HDLC_FLAG) {
    const uint8_t *at = c->at;
    mw_cur_u8 (c);
    mw_say (d, c, "closing flag");
    if (begins_frame (at, c->end)) { /* and the opening flag of the next */
      c->at = at;
      d->said = at;
    }
  } else if (!cut) {
    mw_say_wrong (d, c, "no closing flag where the length says");
  }
  mw_say_up (d);
}

void
mw_describe_hdlc (mw_say_out *d, mw_cur *c)
{
  d->work_len = 0;
  d->work_full = false;
  if (is_bare_frame ((mw_span){ c->at, mw_cur_left (c) })) {
    mw_say_head (d, c, mw_cur_left (c), "HDLC frame without its flags");
    describe_between (d, c);
    mw_say_up (d);
    return;
  }
  while (mw_cur_left (c)) {
    if (begins_frame (c->at, c->end)) {
      describe_frame (d, c);
      continue;
    }
    const uint8_t *from = c->at;
    do
      mw_cur_u8 (c);
    while (mw_cur_left (c) && !begins_frame (c->at, c->end));
    if (c->at - from == 1 && *from == MW_HDLC_FLAG)
      mw_say (d, c, "flag");
    else
      mw_say_wrong (d, c, "%u bytes that are no frame", (unsigned) (c->at - from));
  }
}

/* --- the TCP wrapper --- */

bool
mw_looks_like_wrapper (mw_span data)
{
  mw_cur c = mw_cur_of (data);
  mw_wrapper_header h = mw_wrapper_header_decode (&c);
  mw_span rest = { c.at, mw_cur_left (&c) };
  return c.err == MW_OK && h.version == MW_WRAPPER_VERSION && h.length
         && (!rest.len || mw_looks_like_apdu (rest));
}

void
mw_describe_wrapper (mw_say_out *d, mw_cur *c)
{
  while (mw_cur_left (c)) {
    mw_cur probe = *c;
    mw_wrapper_header h = mw_wrapper_header_decode (&probe);
    mw_say_head (d, c, MW_WRAPPER_HEADER + h.length, "TCP wrapper");
    mw_cur_u16 (c);
    if (h.version == MW_WRAPPER_VERSION)
      mw_say (d, c, "version 1");
    else
      mw_say_wrong (d, c, "version %u, which is not 1", h.version);
    mw_cur_u16 (c);
    mw_say (d, c, "source wPort %u", h.source);
    mw_cur_u16 (c);
    mw_say (d, c, "destination wPort %u", h.destination);
    mw_cur_u16 (c);
    mw_say (d, c, "length of the APDU: %u bytes", h.length);
    bool cut = mw_cur_left (c) < h.length;
    if (cut)
      mw_say_wrong (d, c, "only %u bytes follow", (unsigned) mw_cur_left (c));
    mw_cur apdu = mw_say_part (c, cut ? mw_cur_left (c) : h.length);
    mw_describe_apdu (d, &apdu);
    mw_say_rest (d, &apdu);
    mw_say_up (d);
  }
}
