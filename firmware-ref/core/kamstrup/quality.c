/* quality.c: see quality.h.
 *
 * A call is cut into pieces at the end of a mean window that will be entered and at the instant
 * at which an outage has lasted long enough; nothing is entered inside a piece.  What a piece
 * adds to counters is told by arithmetic.
 */
#include "core/kamstrup/quality.h"

#include <string.h>

#define TEN_MINUTES 600u
#define TEN_SECONDS 10u
#define LEAST_HZ_MS (49000u) /* 50 Hz - 2 % and + 2 % */
#define MOST_HZ_MS (51000u)
#define PERCENT_MV(percent) (MW_KNOMINAL_MV / 100u * (percent))

/* One call of mw_kquality_step. */
struct run {
  mw_kquality *q;
  const mw_kquality_config *c;
  const mw_kmeasured *in;
  mw_kquality_log log;
  void *ctx;
};

static uint32_t
least (uint32_t a, uint32_t b)
{
  return a < b ? a : b;
}

/* How far UTC is into its window of PERIOD. */
static uint32_t
into (int64_t utc, uint32_t period)
{
  return (uint32_t) (utc % period);
}

static uint16_t
volts (uint64_t mv)
{
  return (uint16_t) ((mv + 500) / 1000);
}

void
mw_kquality_init (mw_kquality *q)
{
  memset (q, 0, sizeof *q);
  q->sag_utc = q->swell_utc = INT64_MIN;
}

static void
clear_window (mw_kquality *q)
{
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    mw_kquality_phase *p = &q->phase[ph];
    p->sum_mvs = 0;
    p->seconds = p->max_mv = p->min_mv = 0;
  }
  q->lived = 0;
}

static void
clear_ten_minutes (mw_kquality *q)
{
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    mw_kquality_phase *p = &q->phase[ph];
    p->sum10_mvs = p->thdu10 = p->thdi10 = 0;
    p->seconds10 = 0;
  }
  q->unbalance = 0;
  q->unbalance_s = 0;
  q->lived10 = 0;
}

static void
clear_windows (mw_kquality *q)
{
  clear_window (q);
  clear_ten_minutes (q);
  q->frequency = 0;
  q->frequency_s = 0;
}

void
mw_kquality_configured (mw_kquality *q)
{
  clear_window (q);
}

/* Outages. */

/* Channel 0 is the only one of a meter with one phase, and is L1 there. */
static void
enter_outage (const struct run *r, unsigned channel, enum mw_kquality_event event, int64_t utc)
{
  unsigned phase = r->in->phases == 1 ? 1 : channel;
  mw_kquality_entry e = { .utc = utc, .phase = (uint8_t) phase, .event = (uint8_t) event };
  r->log (r->ctx, &e);
}

static void
begin_outage (mw_koutage *o, int64_t since)
{
  *o = (mw_koutage){ .out = true, .since = since };
}

static void
end_outage (struct run *r, unsigned channel, int64_t utc)
{
  mw_koutage *o = &r->q->outage[channel];
  int64_t lasted = utc - o->since;
  o->out = false;
  if (!o->logged && lasted >= r->c->outage_s)
    enter_outage (r, channel, MW_KQE_OUTAGE, o->since);
  if (lasted >= r->c->outage_s)
    enter_outage (r, channel, MW_KQE_RETURN, utc);
  r->q->counter[lasted > MW_KSHORT_OUTAGE_S ? MW_KC_LONG : MW_KC_SHORT]++;
}

static bool
all_below (const mw_kmeasured *in)
{
  bool all = true;
  for (unsigned ph = 0; ph < in->phases; ph++)
    all &= in->voltage_mv[ph] < MW_KALL_PHASES_MV;
  return all;
}

static void
follow_outages (struct run *r, int64_t utc)
{
  mw_koutage *o = r->q->outage;
  bool all = all_below (r->in);
  int64_t since = o[0].since; /* when all are back this is since when a single one is away */
  bool ends = o[0].out && !all;
  if (ends)
    end_outage (r, 0, utc);
  else if (all && !o[0].out)
    begin_outage (&o[0], utc);
  for (unsigned ph = 0; ph < r->in->phases && r->in->phases > 1; ph++) {
    bool below = r->in->voltage_mv[ph] < r->c->outage_mv;
    if (below && !o[ph + 1].out && !all)
      begin_outage (&o[ph + 1], ends ? since : utc);
    else if (!below && o[ph + 1].out)
      end_outage (r, ph + 1, utc);
  }
}

/* Seconds until an outage of CHANNEL is entered, seen from UTC; 0: now. */
static uint32_t
until_entered (const mw_koutage *o, const mw_kquality_config *c, int64_t utc)
{
  int64_t left = o->since + c->outage_s - utc;
  if (!o->out || o->logged || left > UINT32_MAX)
    return UINT32_MAX;
  return left > 0 ? (uint32_t) left : 0;
}

static void
enter_due_outages (struct run *r, int64_t utc)
{
  for (unsigned i = 0; i <= MW_PHASES; i++) {
    mw_koutage *o = &r->q->outage[i];
    if (until_entered (o, r->c, utc) != 0)
      continue;
    enter_outage (r, i, MW_KQE_OUTAGE, o->since);
    o->logged = true;
  }
}

static bool
is_out (const mw_kquality *q, unsigned ph)
{
  return q->outage[0].out || q->outage[ph + 1].out;
}

/* Short-term deviations and rapid changes: all of it happens at the first second of a piece. */

static void
enter_single (struct run *r, unsigned ph, unsigned event, int64_t utc, uint32_t mv)
{
  bool low = event == MW_KQE_MIN_START || event == MW_KQE_MIN_PEAK || event == MW_KQE_MIN_STOP;
  mw_kquality_entry e = { .utc = utc, .phase = (uint8_t) (ph + 1), .event = (uint8_t) event };
  *(low ? &e.min : &e.max) = volts (mv);
  r->log (r->ctx, &e);
}

static void
end_deviation (struct run *r, unsigned ph)
{
  mw_kquality_phase *p = &r->q->phase[ph];
  bool low = p->deviation == MW_KQE_MIN_START;
  if (p->deviation && p->several) {
    enter_single (r, ph, low ? MW_KQE_MIN_PEAK : MW_KQE_MAX_PEAK, p->peak_utc, p->peak_mv);
    enter_single (r, ph, low ? MW_KQE_MIN_STOP : MW_KQE_MAX_STOP, p->last_utc, p->last_mv);
  }
  p->deviation = 0;
}

static void
follow_deviation (struct run *r, unsigned ph, int64_t utc, uint32_t n)
{
  mw_kquality_phase *p = &r->q->phase[ph];
  uint32_t u = r->in->voltage_mv[ph];
  uint8_t now = 0;
  if (u < r->c->low_single_mv)
    now = MW_KQE_MIN_START;
  else if (u > r->c->high_single_mv)
    now = MW_KQE_MAX_START;
  if (is_out (r->q, ph))
    now = 0;
  if (p->deviation != now)
    end_deviation (r, ph);
  if (!now)
    return;
  if (!p->deviation) {
    enter_single (r, ph, now, utc, u);
    p->deviation = now;
    p->peak_mv = u;
    p->peak_utc = utc;
    p->several = n > 1;
  } else {
    p->several = true;
  }
  if (now == MW_KQE_MIN_START ? u < p->peak_mv : u > p->peak_mv) {
    p->peak_mv = u;
    p->peak_utc = utc;
  }
  p->last_mv = u;
  p->last_utc = utc + n - 1;
}

/* From one sample to the next by 5 % or more, both within the limits (4.9.5). */
static void
follow_sample (struct run *r, unsigned ph)
{
  mw_kquality_phase *p = &r->q->phase[ph];
  uint32_t u = r->in->voltage_mv[ph], before = p->sample_mv;
  uint32_t low = r->c->low_single_mv, high = r->c->high_single_mv;
  bool within = u >= low && u <= high && before >= low && before <= high;
  if (within && (u > before ? u - before : before - u) >= MW_KRAPID_MV)
    r->q->counter[MW_KC_RAPID]++;
  p->sample_mv = u;
}

/* Mean windows. */

static bool
outside_mean (const struct run *r, unsigned ph)
{
  uint32_t u = r->in->voltage_mv[ph];
  return !is_out (r->q, ph) && (u < r->c->low_mean_mv || u > r->c->high_mean_mv);
}

static void
close_window (struct run *r, int64_t start)
{
  for (unsigned ph = 0; ph < r->in->phases && r->q->lived == r->c->period_s; ph++) {
    const mw_kquality_phase *p = &r->q->phase[ph];
    bool under = p->sum_mvs < (uint64_t) r->c->low_mean_mv * p->seconds;
    bool over = p->sum_mvs > (uint64_t) r->c->high_mean_mv * p->seconds;
    mw_kquality_entry e = { .utc = start, .phase = (uint8_t) (ph + 1) };
    if (!under && !over)
      continue;
    e.event = under ? MW_KQE_UNDER : MW_KQE_OVER;
    e.mean = volts (p->sum_mvs / p->seconds);
    e.max = volts (p->max_mv);
    e.min = volts (p->min_mv);
    r->log (r->ctx, &e);
  }
  clear_window (r->q);
}

/* N seconds into the running window. */
static void
fill_window (struct run *r, uint32_t n)
{
  for (unsigned ph = 0; ph < r->in->phases; ph++) {
    mw_kquality_phase *p = &r->q->phase[ph];
    uint32_t u = r->in->voltage_mv[ph];
    if (is_out (r->q, ph) || n == 0)
      continue;
    p->max_mv = p->seconds == 0 || u > p->max_mv ? u : p->max_mv;
    p->min_mv = p->seconds == 0 || u < p->min_mv ? u : p->min_mv;
    p->sum_mvs += (uint64_t) u * n;
    p->seconds += n;
  }
  r->q->lived += n;
}

/* N seconds, of which the windows after the first are known to be without entry. */
static void
pass_windows (struct run *r, int64_t utc, uint32_t n)
{
  uint32_t period = r->c->period_s, left = period - into (utc, period);
  if (n < left) {
    fill_window (r, n);
    return;
  }
  fill_window (r, left);
  close_window (r, utc + left - period);
  fill_window (r, (n - left) % period);
}

/* Ten minutes and ten seconds. */

static void
close_ten_minutes (mw_kquality *q, unsigned phases, uint32_t times)
{
  bool low1 = false, low2 = false, high = false;
  for (unsigned ph = 0; ph < phases; ph++) {
    const mw_kquality_phase *p = &q->phase[ph];
    uint64_t s = p->seconds10;
    low1 |= p->sum10_mvs < s * PERCENT_MV (90);
    low2 |= p->sum10_mvs < s * PERCENT_MV (85);
    high |= p->sum10_mvs > s * PERCENT_MV (110);
    q->counter[MW_KC_THDU + ph] += p->thdu10 > s * MW_KTHD_LIMIT ? times : 0;
    q->counter[MW_KC_THDI + ph] += p->thdi10 > s * MW_KTHD_LIMIT ? times : 0;
  }
  q->counter[MW_KC_LOW1] += low1 ? times : 0;
  q->counter[MW_KC_LOW2] += low2 ? times : 0;
  q->counter[MW_KC_HIGH] += high ? times : 0;
  q->counter[MW_KC_UNBALANCE] +=
      q->unbalance > (uint64_t) q->unbalance_s * MW_KUNBALANCE_PPM ? times : 0;
}

static void
fill_ten_minutes (struct run *r, uint32_t n)
{
  mw_kquality *q = r->q;
  bool whole = r->in->phases == MW_PHASES;
  for (unsigned ph = 0; ph < r->in->phases; ph++) {
    mw_kquality_phase *p = &q->phase[ph];
    whole &= !is_out (q, ph);
    if (is_out (q, ph))
      continue;
    p->sum10_mvs += (uint64_t) r->in->voltage_mv[ph] * n;
    p->thdu10 += (uint64_t) r->in->thdu[ph] * n;
    p->thdi10 += (uint64_t) r->in->thdi[ph] * n;
    p->seconds10 += n;
  }
  if (whole) {
    q->unbalance += (uint64_t) mw_kunbalance_ppm (r->in->voltage_mv) * n;
    q->unbalance_s += n;
  }
  q->lived10 += n;
}

static void
pass_ten_minutes (struct run *r, int64_t utc, uint32_t n)
{
  uint32_t left = TEN_MINUTES - into (utc, TEN_MINUTES), whole;
  if (n < left) {
    fill_ten_minutes (r, n);
    return;
  }
  fill_ten_minutes (r, left);
  if (r->q->lived10 == TEN_MINUTES)
    close_ten_minutes (r->q, r->in->phases, 1);
  clear_ten_minutes (r->q);
  whole = (n - left) / TEN_MINUTES;
  if (whole) {
    fill_ten_minutes (r, TEN_MINUTES);
    close_ten_minutes (r->q, r->in->phases, whole);
    clear_ten_minutes (r->q);
  }
  fill_ten_minutes (r, (n - left) % TEN_MINUTES);
}

static void
count_frequency (mw_kquality *q, uint64_t sum, uint32_t times)
{
  if (sum < (uint64_t) LEAST_HZ_MS * TEN_SECONDS)
    q->counter[MW_KC_F1] += times;
  else if (sum > (uint64_t) MOST_HZ_MS * TEN_SECONDS)
    q->counter[MW_KC_F2] += times;
}

static void
pass_frequency (struct run *r, int64_t utc, uint32_t n)
{
  mw_kquality *q = r->q;
  uint64_t f = r->in->frequency_mhz;
  uint32_t left = TEN_SECONDS - into (utc, TEN_SECONDS);
  uint32_t first = least (n, left), rest = n - first;
  q->frequency += f * first;
  q->frequency_s += first;
  if (n < left)
    return;
  if (q->frequency_s == TEN_SECONDS)
    count_frequency (q, q->frequency, 1);
  count_frequency (q, f * TEN_SECONDS, rest / TEN_SECONDS);
  q->frequency_s = rest % TEN_SECONDS;
  q->frequency = f * q->frequency_s;
}

/* How many seconds from UTC on are one piece. */
static uint32_t
piece (const struct run *r, int64_t utc, uint32_t most)
{
  uint32_t n = most;
  for (unsigned i = 0; i <= MW_PHASES; i++)
    n = least (n, until_entered (&r->q->outage[i], r->c, utc));
  for (unsigned ph = 0; ph < r->in->phases; ph++)
    if (outside_mean (r, ph))
      n = least (n, r->c->period_s - into (utc, r->c->period_s));
  return n;
}

/* Will the running window be entered for PH when its rest is as now? */
static bool
ends_outside (const struct run *r, unsigned ph, uint32_t left)
{
  const mw_kquality_phase *p = &r->q->phase[ph];
  uint32_t more = is_out (r->q, ph) ? 0 : left, s = p->seconds + more;
  uint64_t sum = p->sum_mvs + (uint64_t) r->in->voltage_mv[ph] * more;
  return r->q->lived + left == r->c->period_s
         && (sum < (uint64_t) r->c->low_mean_mv * s || sum > (uint64_t) r->c->high_mean_mv * s);
}

uint32_t
mw_kquality_horizon (const mw_kquality *q, const mw_kquality_config *c, const mw_kmeasured *in,
                     int64_t utc)
{
  mw_kquality copy = *q; /* struct run may change it */
  struct run r = { &copy, c, in, NULL, NULL };
  uint32_t n = piece (&r, utc, UINT32_MAX), left = c->period_s - into (utc, c->period_s);
  for (unsigned ph = 0; ph < in->phases; ph++)
    if (ends_outside (&r, ph, left))
      n = least (n, left);
  return n ? n : 1;
}

void
mw_kquality_step (mw_kquality *q, const mw_kquality_config *c, const mw_kmeasured *in,
                  int64_t utc, uint32_t seconds, mw_kquality_log log, void *ctx)
{
  struct run r = { q, c, in, log, ctx };
  if (seconds == 0)
    return;
  follow_outages (&r, utc);
  for (unsigned ph = 0; ph < in->phases; ph++) {
    follow_deviation (&r, ph, utc, seconds);
    follow_sample (&r, ph);
  }
  enter_due_outages (&r, utc);
  while (seconds) {
    uint32_t n = piece (&r, utc, seconds);
    pass_windows (&r, utc, n);
    pass_ten_minutes (&r, utc, n);
    pass_frequency (&r, utc, n);
    utc += n;
    seconds -= n;
    enter_due_outages (&r, utc);
  }
}

void
mw_kquality_dark (mw_kquality *q, unsigned phases, int64_t from, int64_t to,
                  mw_kquality_log log, void *ctx)
{
  struct run r = { .q = q, .log = log, .ctx = ctx };
  clear_windows (q);
  if (to <= from)
    return;
  for (unsigned ph = 0; ph < phases; ph++) {
    end_deviation (&r, ph);
    q->phase[ph].sample_mv = 0;
  }
  if (!q->outage[0].out)
    begin_outage (&q->outage[0], from);
}

void
mw_kquality_clock (mw_kquality *q, int64_t delta)
{
  clear_windows (q);
  for (unsigned i = 0; i <= MW_PHASES; i++)
    q->outage[i].since += delta;
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    q->phase[ph].peak_utc += delta;
    q->phase[ph].last_utc += delta;
  }
  q->sag_utc = q->swell_utc = INT64_MIN;
}

void
mw_kquality_transient (mw_kquality *q, int64_t utc, uint32_t mv, uint32_t ms)
{
  bool sag = mv<PERCENT_MV (80), swell = mv> PERCENT_MV (120);
  int64_t *last = sag ? &q->sag_utc : &q->swell_utc;
  if ((!sag && !swell) || ms < 100 || ms > 1000 || *last == utc)
    return;
  *last = utc;
  q->counter[sag ? MW_KC_SAGS : MW_KC_SWELLS]++;
}

static uint64_t
root (uint64_t x)
{
  uint64_t r = 0, bit = (uint64_t) 1 << 62;
  while (bit > x)
    bit >>= 2;
  for (; bit; bit >>= 2) {
    if (x >= r + bit) {
      x -= r + bit;
      r = (r >> 1) + bit;
    } else {
      r >>= 1;
    }
  }
  return r;
}

/* With voltages a, b, c at 0, 120 and 240 degrees the positive sequence is (a + b + c) / 3 and
 * the negative one sqrt (a² + b² + c² - ab - bc - ca) / 3. */
uint32_t
mw_kunbalance_ppm (const uint32_t mv[MW_PHASES])
{
  int64_t a = (int64_t) mv[0] - mv[1], b = (int64_t) mv[1] - mv[2], c = (int64_t) mv[2] - mv[0];
  uint64_t sum = (uint64_t) mv[0] + mv[1] + mv[2];
  uint64_t square = (uint64_t) (a * a + b * b + c * c) / 2;
  if (sum == 0)
    return 0;
  return (uint32_t) (root (square << 16) * 1000000u / 256u / sum);
}
