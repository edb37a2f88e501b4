/* scenario-text.c: the text format of scenario.h, word by word. */
#include "core/scenario.h"

#include <string.h>

#define DAY_S 86400

/* A word of a line. */
struct word {
  const char *at;
  size_t len;
};

struct reader {
  const char *at, *end; /* what is left of the line */
  bool failed;
};

static struct word
next_word (struct reader *r)
{
  struct word w;
  while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r'))
    r->at++;
  w.at = r->at;
  while (r->at < r->end && *r->at != ' ' && *r->at != '\t' && *r->at != '\r')
    r->at++;
  w.len = (size_t) (r->at - w.at);
  return w;
}

static bool
is (struct word w, const char *text)
{
  return w.len == strlen (text) && memcmp (w.at, text, w.len) == 0;
}

/* The number that W begins with, in thousandths; *REST is what follows it. */
static bool
number (struct word w, int64_t *milli, struct word *rest)
{
  size_t i = w.len && (*w.at == '-' || *w.at == '+');
  int64_t v = 0;
  int decimals = -1;
  size_t digits = 0;
  for (; i < w.len && digits < 12; i++) {
    char c = w.at[i];
    if (c == '.' && decimals < 0) {
      decimals = 0;
    } else if (c >= '0' && c <= '9') {
      if (decimals < 3) {
        v = v * 10 + (c - '0');
        decimals += decimals >= 0;
      }
      digits++;
    } else {
      break;
    }
  }
  for (int d = decimals < 0 ? 0 : decimals; d < 3; d++)
    v *= 10;
  *milli = *w.at == '-' ? -v : v;
  *rest = (struct word){ w.at + i, w.len - i };
  return digits > 0;
}

static bool
between (int64_t v, int64_t least, int64_t most)
{
  return v >= least && v <= most;
}

/* The angle whose cosine is MILLI / 1000, in 0.1 degrees. */
static int16_t
angle_of_factor (int64_t milli)
{
  static const int64_t one = 1 << 30;
  int16_t phi = 0;
  while (phi < 900 && mw_scenario_cosine (phi) > one * milli / 1000)
    phi++;
  return phi;
}

/* "%U5": MILLI / 1000 percent of the fifth harmonic of the voltage.  Those above the 40th are
 * there, and no part of the distortion (OMNIPOWER technical description 4.9.7). */
static bool
harmonic (mw_scenario_line *l, struct word unit, int64_t milli)
{
  struct word order = { unit.at + 2, unit.len - 2 }, rest;
  bool voltage = unit.at[1] == 'U';
  uint32_t *square = voltage ? &l->thdu_square : &l->thdi_square;
  uint32_t part = (uint32_t) (milli / 10);
  int64_t n;
  if ((!voltage && unit.at[1] != 'I') || order.len == 0 || *order.at < '1' || *order.at > '9'
      || !number (order, &n, &rest) || rest.len || n % 1000 || !between (n, 1000, 100000))
    return false;
  l->set |= voltage ? MW_LINE_THDU : MW_LINE_THDI;
  if (n < 2000 || n > 40000)
    return true;
  if (part * part > UINT32_MAX - *square)
    return false;
  *square += part * part;
  return true;
}

static bool
item (mw_scenario_line *l, struct word w)
{
  struct word unit;
  int64_t v;
  if (is (w, "reversed")) {
    l->set |= MW_LINE_REVERSED;
    return true;
  }
  if (!number (w, &v, &unit))
    return false;
  if (unit.len > 2 && *unit.at == '%' && between (v, 0, 100000))
    return harmonic (l, unit, v);
  if (is (unit, "V") && between (v, 0, 500000)) {
    l->set |= MW_LINE_VOLTAGE;
    l->voltage_mv = (uint32_t) v;
  } else if (is (unit, "A") && between (v, 0, 1000000)) {
    l->set |= MW_LINE_CURRENT;
    l->current_ma = (uint32_t) v;
  } else if (is (unit, "deg") && between (v, -180000, 180000)) {
    l->set |= MW_LINE_ANGLE;
    l->phi_ddeg = (int16_t) (v / 100);
  } else if ((is (unit, "ind") || is (unit, "cap")) && between (v, 0, 1000)) {
    l->set |= MW_LINE_ANGLE;
    l->phi_ddeg = (int16_t) (is (unit, "cap") ? -angle_of_factor (v) : angle_of_factor (v));
  } else if ((is (unit, "W") && between (v, -100000000, 100000000))
             || (is (unit, "kW") && between (v, -100000, 100000))) {
    l->set |= MW_LINE_POWER;
    l->power_w = (int32_t) (is (unit, "W") ? v / 1000 : v);
  } else if (is (unit, "Hz") && between (v, 40000, 70000)) {
    l->set |= MW_LINE_FREQUENCY;
    l->frequency_mhz = (uint32_t) v;
  } else {
    return false;
  }
  return true;
}

static bool
phase (struct word w, uint8_t *bits)
{
  if (is (w, "L"))
    *bits = 7;
  else if (w.len == 2 && w.at[0] == 'L' && w.at[1] >= '1' && w.at[1] <= '3')
    *bits = (uint8_t) (1 << (w.at[1] - '1'));
  else
    return false;
  return true;
}

static int
weekday (const char *at, size_t len)
{
  static const char names[] = "montuewedthufrisatsun";
  for (int i = 0; len == 3 && i < 7; i++)
    if (memcmp (at, names + 3 * i, 3) == 0)
      return i;
  return -1;
}

/* "mon-fri", "sat,sun", "wed": into bits; false when W is none of that. */
static bool
weekdays (struct word w, uint8_t *bits)
{
  *bits = 0;
  for (size_t i = 0; i < w.len; i += 4) {
    int first = weekday (w.at + i, w.len - i < 3 ? w.len - i : 3), last = first;
    if (first < 0)
      return false;
    if (i + 7 <= w.len && w.at[i + 3] == '-') {
      last = weekday (w.at + i + 4, 3);
      i += 4;
    }
    if (last < first || (i + 3 < w.len && w.at[i + 3] != ','))
      return false;
    for (int d = first; d <= last; d++)
      *bits |= (uint8_t) (1u << d);
  }
  return *bits != 0;
}

static bool
two_digits (const char *p, unsigned most, int64_t *out)
{
  if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
    return false;
  *out = (p[0] - '0') * 10 + (p[1] - '0');
  return *out <= most;
}

/* HH:MM as seconds of the day; 24:00 is the end of it. */
static bool
clock_time (const char *at, size_t len, int64_t *out)
{
  int64_t hour, minute;
  if (len != 5 || at[2] != ':' || !two_digits (at, 24, &hour)
      || !two_digits (at + 3, 59, &minute))
    return false;
  *out = hour * 3600 + minute * 60;
  return *out <= DAY_S;
}

static void
items (struct reader *r, mw_scenario_line *l, struct word w)
{
  if (!phase (w, &l->phases)) {
    r->failed = true;
    return;
  }
  for (w = next_word (r); w.len && !r->failed; w = next_word (r))
    r->failed = !item (l, w);
  if (!l->set)
    r->failed = true;
}

/* HH:MM[-HH:MM] [DAYS] PHASE ITEM… */
static void
daily (struct reader *r, mw_scenario_line *l, struct word w)
{
  l->until = DAY_S;
  if ((w.len != 5 && w.len != 11) || !clock_time (w.at, 5, &l->at)
      || (w.len == 11 && (w.at[5] != '-' || !clock_time (w.at + 6, 5, &l->until))))
    r->failed = true;
  w = next_word (r);
  if (weekdays (w, &l->days))
    w = next_word (r);
  else
    l->days = 0x7f;
  items (r, l, w);
}

static bool
happening (mw_scenario_line *l, struct word what, struct word how)
{
  /* clang-format off */
  static const struct { const char *what, *how; uint8_t event; } rows[] = {
    { "power", "off", MW_SCENARIO_POWER_OFF },     { "power", "on", MW_SCENARIO_POWER_ON },
    { "cover", "open", MW_SCENARIO_COVER_OPEN },   { "cover", "close", MW_SCENARIO_COVER_CLOSE },
    { "terminal", "open", MW_SCENARIO_TERMINAL_OPEN },
    { "terminal", "close", MW_SCENARIO_TERMINAL_CLOSE },
    { "magnet", "on", MW_SCENARIO_MAGNET_ON },     { "magnet", "off", MW_SCENARIO_MAGNET_OFF },
  };
  /* clang-format on */
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (is (what, rows[i].what) && is (how, rows[i].how)) {
      l->event = rows[i].event;
      return true;
    }
  return false;
}

/* transient 150V 300ms */
static bool
transient (mw_scenario_line *l, struct word voltage, struct word duration)
{
  struct word unit;
  int64_t v, ms;
  if (!voltage.len || !number (voltage, &v, &unit) || !is (unit, "V") || !between (v, 0, 500000)
      || !duration.len || !number (duration, &ms, &unit) || !is (unit, "ms")
      || !between (ms, 1000, 1000000))
    return false;
  l->event = MW_SCENARIO_TRANSIENT;
  l->voltage_mv = (uint32_t) v;
  l->transient_ms = (uint16_t) (ms / 1000);
  return true;
}

/* at TIME [for SECONDS] PHASE ITEM…, or at TIME HAPPENING */
static void
once (struct reader *r, mw_scenario_line *l)
{
  struct word w = next_word (r), rest;
  mw_civil when;
  int64_t seconds = 60000;
  if (mw_civil_parse (w.at, w.len, &when) || mw_civil_to_local_seconds (&when, &l->at)) {
    r->failed = true;
    return;
  }
  w = next_word (r);
  if (is (w, "for")) {
    w = next_word (r);
    if (!w.len || !number (w, &seconds, &rest) || rest.len || seconds < 1000)
      r->failed = true;
    w = next_word (r);
  }
  l->until = l->at + seconds / 1000;
  if (w.len && phase (w, &l->phases)) {
    items (r, l, w);
  } else if (is (w, "transient")) {
    struct word voltage = next_word (r);
    r->failed |= !transient (l, voltage, next_word (r)) || next_word (r).len;
  } else if (!w.len || !happening (l, w, next_word (r)) || next_word (r).len) {
    r->failed = true;
  }
}

static void
keyword (struct reader *r, mw_scenario *s, struct word w)
{
  struct word value = next_word (r), rest;
  char name[16] = { 0 };
  int64_t v;
  if (is (w, "base") && value.len < sizeof name) {
    memcpy (name, value.at, value.len);
    r->failed |= !mw_scenario_by_name (name, &s->kind);
  } else if ((is (w, "seed") || is (w, "phases")) && value.len && number (value, &v, &rest)
             && !rest.len && v >= 0) {
    if (is (w, "seed"))
      s->seed = (uint32_t) (v / 1000);
    else if (v == 1000 || v == 3000)
      s->phases = (uint8_t) (v / 1000);
    else
      r->failed = true;
  } else {
    r->failed = true;
  }
  if (next_word (r).len)
    r->failed = true;
}

static enum mw_err
read_line (mw_scenario *s, struct reader *r)
{
  struct word w = next_word (r);
  mw_scenario_line l = { 0 };
  bool is_line = w.len && (*w.at <= '9' || is (w, "at"));
  if (!w.len)
    return MW_OK;
  if (is_line && s->lines == MW_SCENARIO_LINES)
    return MW_ERR_SPACE;
  if (is (w, "at"))
    once (r, &l);
  else if (is_line)
    daily (r, &l, w);
  else
    keyword (r, s, w);
  if (r->failed)
    return MW_ERR_VALUE;
  if (is_line)
    s->line[s->lines++] = l;
  return MW_OK;
}

enum mw_err
mw_scenario_parse (mw_scenario *s, const char *text, size_t len, unsigned *line)
{
  const char *end = text + len;
  for (*line = 1; text < end; ++*line) {
    const char *stop = memchr (text, '\n', (size_t) (end - text));
    const char *next = stop ? stop + 1 : end;
    const char *comment;
    struct reader r = { text, stop ? stop : end, false };
    enum mw_err err;
    comment = memchr (text, '#', (size_t) (r.end - text));
    if (comment)
      r.end = comment;
    err = read_line (s, &r);
    if (err)
      return err;
    text = next;
  }
  return MW_OK;
}
