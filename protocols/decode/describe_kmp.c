/* describe_kmp.c: frames of KMP, the Kamstrup Meter Protocol, in words: stuffing, address,
 * command, registers with unit and value, CRC (kmp/frame.h).
 *
 * A frame without stuffed bytes is described where it stands.  With them the stuffing is said
 * first, byte by byte, and then the frame as it was before. */
#include <string.h>

#include "decode/describe_kmp.h"
#include "base/crc.h"

bool
mw_looks_like_kmp (mw_span data)
{
  size_t at = 0;
  if (mw_kmp_is_ascii (data))
    return true;
  while (at < data.len && (data.ptr[at] == 0 || data.ptr[at] == MW_KMP_ACK))
    at++; /* stray zeros, acknowledgements */
  if (at == data.len)
    return data.len > 0 && memchr (data.ptr, MW_KMP_ACK, data.len) != NULL;
  if (data.ptr[at] != MW_KMP_TO_METER && data.ptr[at] != MW_KMP_FROM_METER)
    return false;
  size_t from = ++at; /* up to the stop stands nothing that is reserved */
  while (at < data.len && data.ptr[at] != MW_KMP_STOP && data.ptr[at] != MW_KMP_ACK
         && data.ptr[at] != MW_KMP_TO_METER && data.ptr[at] != MW_KMP_FROM_METER)
    at++;
  return at < data.len && data.ptr[at] == MW_KMP_STOP && at - from >= 4;
}

/* --- values --- */

void
mw_kmp_say_id (mw_say_out *d, mw_cur *c)
{
  unsigned id = mw_cur_u16 (c);
  const char *name = mw_kmp_register_name (id);
  if (!c->err)
    mw_say (d, c, "register %04X: %s", id, name ? name : "not known here");
}

static void
say_siex (mw_say_out *d, mw_cur *c)
{
  unsigned siex = mw_cur_u8 (c);
  mw_say (d, c, "SiEx: %s, times 10 to the power of %s%u",
          siex & 0x80 ? "negative" : "positive", siex & 0x40 ? "-" : "", siex & 0x3fu);
}

void
mw_kmp_say_value (mw_say_out *d, mw_cur *c)
{
  mw_kmp_value v;
  char text[MW_KMP_TEXT];
  mw_cur whole = *c;
  mw_kmp_value_decode (&whole, &v);
  if (whole.err) {
    mw_cur_fail (c, whole.err);
    return;
  }
  mw_kmp_value_text (&v, text, sizeof text);
  const char *name = mw_kmp_register_name (v.id);
  mw_say_head (d, c, 5u + v.octets, "%s%s%04X = %s", name ? name : "register",
               name ? ", " : " ", (unsigned) v.id, text);
  mw_kmp_say_id (d, c);
  const char *unit = mw_kmp_unit_text (mw_cur_u8 (c));
  mw_say (d, c, "unit %u: %s", v.unit, unit ? *unit ? unit : "a number" : "not known here");
  mw_cur_u8 (c);
  mw_say (d, c, "%u octets", v.octets);
  say_siex (d, c);
  mw_cur_skip (c, v.octets);
  if (v.octets)
    mw_say (d, c, "%s", text);
  mw_say_up (d);
}

static void
say_values (mw_say_out *d, mw_cur *c)
{
  if (!mw_cur_left (c))
    mw_say_note (d, c->at, 0, "no register: the meter has none of those asked for");
  while (mw_cur_left (c))
    mw_kmp_say_value (d, c);
}

/* --- commands without a file of their own --- */

static void
say_type (mw_say_out *d, mw_cur *c)
{
  unsigned type = mw_cur_u16 (c);
  const char *name = mw_kmp_type_name (type);
  mw_say (d, c, "type %04X: %s", type, name ? name : "not known here");
  unsigned letter = mw_cur_u8 (c), number = mw_cur_u8 (c);
  if (letter >= 1 && letter <= 26)
    mw_say (d, c, "software revision %c%u", (char) ('A' + letter - 1), number);
  else
    mw_say (d, c, "software revision %u.%u", letter, number);
}

static void
say_serial (mw_say_out *d, mw_cur *c)
{
  uint32_t serial = mw_cur_u32 (c);
  mw_say (d, c, "serial number %" PRIu32, serial);
}

static void
say_clock_part (mw_say_out *d, mw_cur *c, uint8_t unit)
{
  mw_kmp_value v = { .unit = unit, .octets = 4 };
  char text[MW_KMP_TEXT];
  mw_span s = mw_cur_bytes (c, 4);
  mw_civil t;
  if (!s.len)
    return;
  memcpy (v.data, s.ptr, 4);
  mw_kmp_value_text (&v, text, sizeof text);
  if (mw_kmp_value_civil (&v, &t))
    mw_say_wrong (d, c, "%s", text);
  else
    mw_say (d, c, "%s %s", unit == MW_KMP_UNIT_DATE ? "date" : "time", text);
}

static void
say_set_clock (mw_say_out *d, mw_cur *c)
{
  say_clock_part (d, c, MW_KMP_UNIT_DATE);
  say_clock_part (d, c, MW_KMP_UNIT_TIME);
}

static void
say_get_register (mw_say_out *d, mw_cur *c)
{
  unsigned n = mw_cur_u8 (c);
  mw_say (d, c, "registers: %u", n);
  while (mw_cur_left (c))
    mw_kmp_say_id (d, c);
}

static void
say_put_register (mw_say_out *d, mw_cur *c)
{
  mw_cur_u16 (c);
  mw_say (d, c, "password");
  mw_kmp_say_value (d, c);
}

static void
say_login (mw_say_out *d, mw_cur *c)
{
  mw_cur_u16 (c);
  mw_say (d, c, "PIN");
}

static void
say_login_status (mw_say_out *d, mw_cur *c)
{
  unsigned status = mw_cur_u8 (c);
  mw_say (d, c, "status %u", status);
}

static void
say_set_cut_off (mw_say_out *d, mw_cur *c)
{
  unsigned what = mw_cur_u8 (c);
  mw_say (d, c, "%s",
          what == MW_KMP_CUT_DISCONNECT  ? "disconnect"
          : what == MW_KMP_CUT_RELEASE   ? "release for reconnection"
          : what == MW_KMP_CUT_RECONNECT ? "reconnect"
                                         : "not known here");
}

static void
say_cut_off (mw_say_out *d, mw_cur *c)
{
  unsigned state = mw_cur_u8 (c);
  const char *name = mw_kmp_cut_off_text (state);
  mw_say (d, c, "state %02X: %s", state, name ? name : "not known here");
  unsigned f = mw_cur_u8 (c);
  mw_say (d, c, "feedback: voltage at%s%s%s%s%s%s%s%s", f & 1 ? " L1" : "", f & 2 ? " L2" : "",
          f & 4 ? " L3" : "", f & 7 ? "" : " no phase", f & 8 ? "" : ", not valid",
          f & 16 ? "" : ", error", f & 32 ? ", cut" : "", f & 64 ? ", pending" : "");
}

/* The names of the flags in event status bytes 0 to 3. */
static const char *const flags[4][8] = {
  { "meter reset", "memory error", "magnetic field", "RAM error", "ROM error", "alarm input",
    "front cover open", "auxiliary supply" },
  { "radio data ready", "forced call" },
  { "debiting logged", "clock event logged", "status event logged", "voltage quality logged",
    "disconnect logged" },
};

static void
say_status_byte (mw_say_out *d, mw_cur *c, unsigned byte)
{
  char text[200] = "";
  unsigned bits = mw_cur_u8 (c);
  size_t at = 0;
  for (unsigned i = 0; i < 8; i++) {
    const char *name = flags[byte][i] ? flags[byte][i] : "not named";
    if (bits >> i & 1 && at + strlen (name) + 3 < sizeof text) {
      memcpy (text + at, ", ", 2);
      memcpy (text + at + 2, name, strlen (name) + 1);
      at += strlen (name) + 2;
    }
  }
  mw_say (d, c, "event status byte %u: %s", byte, at ? text + 2 : "nothing");
}

static void
say_event_status (mw_say_out *d, mw_cur *c)
{
  for (unsigned byte = 0; byte < 4 && !c->err; byte++)
    say_status_byte (d, c, byte);
}

static void
say_clear_event_status (mw_say_out *d, mw_cur *c)
{
  mw_say_head (d, c, 4, "cleared if the log was read to its end");
  say_event_status (d, c);
  mw_say_up (d);
  mw_say_head (d, c, 4, "cleared in any case");
  say_event_status (d, c);
  mw_say_up (d);
}

static void
say_quality (mw_say_out *d, mw_cur *c)
{
  unsigned low = mw_cur_u16 (c);
  mw_say (d, c, "lower limit %u V", low);
  unsigned high = mw_cur_u16 (c);
  mw_say (d, c, "upper limit %u V", high);
  unsigned tens = mw_cur_u8 (c);
  mw_say (d, c, "for at least %u s", tens * 10);
}

static void
say_profile_config (mw_say_out *d, mw_cur *c)
{
  unsigned bits = mw_cur_u8 (c);
  mw_say (d, c, "logged:%s%s%s%s", bits & 1 ? " A14" : "", bits & 2 ? " A23" : "",
          bits & 4 ? " R12" : "", bits & 8 ? " R34" : "");
  unsigned minutes = mw_cur_u8 (c);
  mw_say (d, c, "every %u min", minutes);
  unsigned set_up = mw_cur_u8 (c);
  mw_say (d, c, "logger %s", set_up & 0x80 ? "on" : "off");
}

static void
say_nothing (mw_say_out *d, mw_cur *c)
{
  (void) d, (void) c;
}

/* --- the frame --- */

/* clang-format off */
static const struct {
  uint8_t cid;
  void (*request) (mw_say_out *d, mw_cur *c);
  void (*answer) (mw_say_out *d, mw_cur *c);
} commands[] = {
  { MW_KMP_GET_TYPE,           say_nothing,            say_type },
  { MW_KMP_GET_SERIAL,         say_nothing,            say_serial },
  { MW_KMP_RESET,              say_nothing,            NULL },
  { MW_KMP_SET_CLOCK,          say_set_clock,          NULL },
  { MW_KMP_GET_REGISTER,       say_get_register,       say_values },
  { MW_KMP_PUT_REGISTER,       say_put_register,       NULL },
  { MW_KMP_RESET_NO_BACKUP,    say_nothing,            NULL },
  { MW_KMP_SET_DISPLAY,        say_nothing,            NULL },
  { MW_KMP_DEBITING_STOP,      say_nothing,            NULL },
  { MW_KMP_LOGIN,              say_login,              say_login_status },
  { MW_KMP_SET_CUT_OFF,        say_set_cut_off,        say_cut_off },
  { MW_KMP_GET_CUT_OFF,        say_nothing,            say_cut_off },
  { MW_KMP_GET_EVENT_STATUS,   say_nothing,            say_event_status },
  { MW_KMP_CLEAR_EVENT_STATUS, say_clear_event_status, say_event_status },
  { MW_KMP_SET_QUALITY,        say_quality,            say_quality },
  { MW_KMP_GET_QUALITY,        say_nothing,            say_quality },
  { MW_KMP_GET_PROFILE_CONFIG, say_nothing,            say_profile_config },
};
/* clang-format on */

static bool
is_log (unsigned cid)
{
  return (cid >= MW_KMP_LOG_TIME_PRESENT && cid <= MW_KMP_LOG_TIME_PAST)
         || cid == MW_KMP_LOGGER;
}

static void
say_data (mw_say_out *d, mw_cur *c, unsigned cid, bool request)
{
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    void (*say) (mw_say_out *, mw_cur *) = request ? commands[i].request : commands[i].answer;
    if (commands[i].cid == cid && say) {
      say (d, c);
      return;
    }
  }
  char text[120];
  mw_span left = { c->at, mw_cur_left (c) };
  if (is_log (cid)
      && (request ? mw_kmp_say_log_request (d, c, cid) : mw_kmp_say_log_answer (d, c, cid)))
    return;
  left = (mw_span){ c->at, mw_cur_left (c) };
  if (left.len && !c->err) {
    mw_cur_skip (c, left.len);
    mw_say (d, c, "data %s", mw_say_bytes (text, sizeof text, left));
  }
}

static void
say_address (mw_say_out *d, mw_cur *c)
{
  unsigned address = mw_cur_u8 (c);
  if (address <= MW_KMP_BUS_MAX)
    mw_say (d, c, "address %u%s", address,
            address == MW_KMP_METER ? ": the meter" : " on a bus");
  else
    mw_say (d, c, "address %02X: %s", address,
            address == MW_KMP_TOP    ? "logger in the top module"
            : address == MW_KMP_BASE ? "logger in the base module"
                                     : "not known here");
}

/* Address to CRC, without stuffing. */
static void
describe_inner (mw_say_out *d, mw_cur *c, bool request)
{
  const uint8_t *from = c->at;
  size_t n = mw_cur_left (c);
  say_address (d, c);
  unsigned cid = mw_cur_u8 (c);
  const char *name = mw_kmp_cid_name (cid);
  mw_say (d, c, "command %02X: %s", cid, name ? name : "not known here");
  if (n >= 4) {
    mw_cur data = mw_say_part (c, n - 4);
    say_data (d, &data, cid, request);
    mw_say_rest (d, &data);
  }
  unsigned want = mw_crc_xmodem (0, from, (size_t) (c->at - from)), got = mw_cur_u16 (c);
  if (c->err)
    return;
  if (got == want)
    mw_say (d, c, "CRC: right");
  else
    mw_say_wrong (d, c, "CRC: wrong, the bytes before give %04X", want);
}

/* --- stuffing --- */

static void
say_stuffing (mw_say_out *d, mw_cur *wire)
{
  while (mw_cur_left (wire)) {
    size_t plain = 0, left = mw_cur_left (wire);
    while (plain < left && wire->at[plain] != MW_KMP_STUFF)
      plain++;
    if (plain) {
      mw_cur_skip (wire, plain);
      mw_say (d, wire, "as they are: %u bytes", (unsigned) plain);
      continue;
    }
    mw_cur_u8 (wire);
    unsigned byte = mw_cur_u8 (wire);
    if (!wire->err)
      mw_say (d, wire, "stuffed: stands for %02X", ~byte & 0xffu);
  }
}

/* The frame between start and stop. */
static void
describe_between (mw_say_out *d, mw_cur *wire, bool request)
{
  mw_span raw = { wire->at, mw_cur_left (wire) };
  mw_wr w;
  mw_wr_init (&w, d->work, d->work_cap);
  if (!memchr (raw.ptr, MW_KMP_STUFF, raw.len)) {
    describe_inner (d, wire, request);
    mw_say_rest (d, wire);
    return;
  }
  enum mw_err e = mw_kmp_unstuff (&w, raw);
  say_stuffing (d, wire);
  mw_say_rest (d, wire);
  if (e) {
    mw_say_wrong (d, wire, "the stuffing is wrong: %s", mw_err_text ((int) e));
    return;
  }
  mw_cur c = mw_cur_of (mw_wr_done (&w));
  mw_say_out inner = *d;
  inner.base = inner.said = d->work;
  inner.cut_at = NULL;
  inner.reassembled = true;
  mw_say_head (&inner, &c, mw_cur_left (&c), "the %u bytes without stuffing",
               (unsigned) mw_cur_left (&c));
  describe_inner (&inner, &c, request);
  mw_say_rest (&inner, &c);
  d->wrong = inner.wrong;
}

static void
describe_frame (mw_say_out *d, mw_cur *c)
{
  size_t left = mw_cur_left (c);
  const uint8_t *stop = memchr (c->at, MW_KMP_STOP, left);
  size_t n = stop ? (size_t) (stop - c->at) : left;
  bool request = *c->at == MW_KMP_TO_METER;
  mw_say_head (d, c, n + (stop != NULL), "frame %s the meter", request ? "to" : "from");
  mw_cur_u8 (c);
  mw_say (d, c, "start");
  mw_cur between = mw_say_part (c, n - 1);
  if (mw_cur_left (&between))
    describe_between (d, &between, request);
  if (stop) {
    mw_cur_u8 (c);
    mw_say (d, c, "stop");
  } else {
    mw_cur_fail (c, MW_ERR_SHORT);
  }
  mw_say_up (d);
}

void
mw_describe_kmp (mw_say_out *d, mw_cur *c)
{
  while (mw_cur_left (c)) {
    unsigned first = *c->at;
    if (mw_kmp_is_ascii ((mw_span){ c->at, mw_cur_left (c) })) {
      mw_kmp_describe_ascii (d, c);
    } else if (first == MW_KMP_TO_METER || first == MW_KMP_FROM_METER) {
      describe_frame (d, c);
    } else {
      mw_cur_u8 (c);
      if (first == MW_KMP_ACK)
        mw_say (d, c, "acknowledgement");
      else if (first == 0)
        mw_say (d, c, "stray zero");
      else
        mw_cur_fail (c, MW_ERR_VALUE);
    }
  }
}
