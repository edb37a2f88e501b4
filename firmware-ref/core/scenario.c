/* scenario.c: generated loads; the text format is in scenario-text.c.
 *
 * Noise is a hash of seed, minute and purpose, so that the load of a minute can be told without
 * those before it.
 */
#include "core/scenario.h"

#include <string.h>

#include "core/meter.h"

#define DAY_S 86400
#define ONE 1073741824 /* 1.0 as mw_sin_q30 has it */

/* Watts of all phases by hour of the day. */
/* clang-format off */
static const uint16_t working_day[24] = {
  180, 160, 150, 150, 160, 240, 620, 780, 420, 300, 280, 320,
  420, 360, 300, 320, 480, 820, 1150, 1280, 1100, 860, 520, 280 };
static const uint16_t weekend[24] = {
  240, 190, 160, 150, 150, 160, 240, 420, 720, 860, 780, 820,
  1050, 900, 640, 580, 620, 860, 1120, 1200, 1080, 900, 640, 380 };
static const uint16_t workshop[24] = {
  220, 220, 220, 220, 220, 260, 1200, 6800, 8200, 8600, 7400, 8400,
  4200, 8200, 8800, 8000, 5200, 1800, 600, 320, 260, 240, 220, 220 };
static const uint8_t winter_percent[12] = { 128, 124, 114, 102, 92, 84, 82, 84, 92, 104, 116, 126 };
static const uint8_t share_percent[MW_PHASES] = { 44, 33, 23 };
/* Sunrise and sunset in minutes of normal time, and percent of the peak power, by month. */
static const uint16_t sunrise[12] = { 470, 430, 375, 315, 265, 240, 250, 290, 335, 380, 425, 462 };
static const uint16_t sunset[12] = { 995, 1045, 1090, 1135, 1180, 1205, 1200, 1155, 1095, 1030, 985, 970 };
static const uint8_t sun_percent[12] = { 32, 48, 68, 84, 94, 100, 98, 90, 76, 55, 36, 27 };
/* clang-format on */
#define PV_PEAK_W 5200
/* Bounds within which a current is computed without overflow. */
#define LEAST_MV 1000
#define MOST_W 1000000

/* A number that nobody can tell from a random one (the finaliser of MurmurHash3). */
static uint32_t
noise (uint32_t seed, uint32_t slot, uint32_t purpose)
{
  uint32_t x = seed * 0x9e3779b9u ^ slot * 0x85ebca6bu ^ purpose * 0xc2b2ae35u;
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  return x ^ x >> 16;
}

enum {
  N_LEVEL,
  N_FRIDGE,
  N_KETTLE,
  N_OVEN,
  N_CLOUD,
  N_VOLTAGE,
  N_ANGLE,
  N_WEATHER,
  N_FREQUENCY
};

struct moment {
  uint32_t seed, minute; /* minutes since 1970 */
  int month, weekday, hour, minute_of_day;
};

static struct moment
moment_of (const mw_scenario *s, int64_t local)
{
  int32_t days = (int32_t) (local / DAY_S);
  int year, month, day;
  mw_date_from_days (days, &year, &month, &day);
  return (struct moment){ s->seed,
                          (uint32_t) (local / 60),
                          month,
                          mw_weekday_from_days (days),
                          (int) (local % DAY_S / 3600),
                          (int) (local % DAY_S / 60) };
}

/* The hourly table, straight between the middles of the hours, in W. */
static int32_t
from_table (const uint16_t table[24], const struct moment *t)
{
  int at = (t->minute_of_day + 1440 - 30) % 1440;
  int hour = at / 60, into = at % 60;
  return (table[hour] * (60 - into) + table[(hour + 1) % 24] * into) / 60;
}

static int32_t
household (const struct moment *t, unsigned ph)
{
  int32_t w = from_table (t->weekday >= 6 ? weekend : working_day, t);
  uint32_t fridge = noise (t->seed, ph, N_FRIDGE) % 60;
  w = w * winter_percent[t->month - 1] / 100 * share_percent[ph] / 100;
  w = w * (int32_t) (70 + noise (t->seed, t->minute / 7, N_LEVEL + 16 * ph) % 60) / 100;
  if ((t->minute + fridge) % 60 < 18)
    w += 85;
  if (t->hour >= 6 && t->hour < 23) { /* something that heats water, now and then */
    uint32_t k = noise (t->seed, t->minute / 12, N_KETTLE + 16 * ph);
    if (k % 100 < 4 && t->minute % 12 < 3 + (k >> 8) % 5)
      w += 1900 + (int32_t) ((k >> 16) % 300);
  }
  if (ph == 1 && (t->hour == 12 || t->hour == 18)
      && noise (t->seed, t->minute / 1440, N_OVEN) % 3)
    w += t->minute % 4 < 2 ? 2200 : 0;
  return w;
}

static int32_t
sun (const struct moment *t, unsigned phases)
{
  int32_t rise = sunrise[t->month - 1], set = sunset[t->month - 1], at = t->minute_of_day;
  int64_t w;
  uint32_t weather = noise (t->seed, t->minute / 1440, N_WEATHER) % 100;
  uint32_t cloud = noise (t->seed, t->minute / 9, N_CLOUD) % 100;
  if (at <= rise || at >= set)
    return 0;
  w = (int64_t) PV_PEAK_W * sun_percent[t->month - 1] / 100;
  w = w * (at - rise) * (set - at) * 4 / ((int64_t) (set - rise) * (set - rise));
  if (weather < 30) /* an overcast day */
    w = w * (12 + cloud / 5) / 100;
  else if (weather < 70 && cloud < 45)
    w = w * (35 + cloud) / 100;
  return (int32_t) (w / phases);
}

static int32_t
watts (const mw_scenario *s, const struct moment *t, unsigned ph)
{
  int32_t w;
  switch (s->kind) {
  case MW_SCENARIO_HOUSEHOLD:
    w = household (t, ph);
    return s->phases == 1 ? w * 100 / share_percent[0] : w;
  case MW_SCENARIO_PV:
    return household (t, ph) - sun (t, s->phases);
  case MW_SCENARIO_WORKSHOP:
    w = t->weekday >= 6 ? 260 : from_table (workshop, t);
    w = w / s->phases * (int32_t) (80 + noise (t->seed, t->minute / 3, N_LEVEL + 16 * ph) % 40);
    return w / 100;
  default:
    return ph == 0 ? 25 : 0;
  }
}

int32_t
mw_scenario_cosine (int phi_ddeg)
{
  return mw_sin_q30 (phi_ddeg + 900);
}

uint32_t
mw_scenario_current (int32_t w, uint32_t voltage_mv, int phi_ddeg)
{
  int64_t size = w < 0 ? -(int64_t) w : w;
  int64_t cosine = mw_scenario_cosine (phi_ddeg), ma;
  if (cosine < 0)
    cosine = -cosine;
  if (cosine < ONE / 100 || voltage_mv < LEAST_MV || size > MOST_W)
    return 0;
  ma = size * 1000000 * 1024 / voltage_mv * (ONE / 1024) / cosine;
  return ma > UINT32_MAX ? UINT32_MAX : (uint32_t) ma;
}

static int16_t
angle (const mw_scenario *s, const struct moment *t, unsigned ph, int32_t w)
{
  int base = s->kind == MW_SCENARIO_WORKSHOP ? 280 : s->kind == MW_SCENARIO_IDLE ? 0 : 90;
  int phi = base;
  if (base)
    phi += (int) (noise (t->seed, t->minute / 5, N_ANGLE + 16 * ph) % 60);
  return (int16_t) (w < 0 ? 1800 - phi / 4 : phi);
}

static void
generate (const mw_scenario *s, const struct moment *t, mw_load *out)
{
  memset (out, 0, sizeof *out);
  out->frequency_mhz = 49970 + noise (t->seed, t->minute / 2, N_FREQUENCY) % 60;
  for (unsigned ph = 0; ph < s->phases; ph++) {
    int32_t w = watts (s, t, ph);
    uint32_t u = 229000 + noise (t->seed, t->minute / 10, N_VOLTAGE + 16 * ph) % 4000;
    out->voltage_mv[ph] = (uint32_t) ((int32_t) u - w / 2); /* half a volt for each kW */
    out->phi_ddeg[ph] = angle (s, t, ph, w);
    out->current_ma[ph] = mw_scenario_current (w, out->voltage_mv[ph], out->phi_ddeg[ph]);
  }
}

void
mw_scenario_init (mw_scenario *s, enum mw_scenario_kind kind, uint32_t seed, unsigned phases)
{
  memset (s, 0, sizeof *s);
  s->kind = kind;
  s->seed = seed;
  s->phases = phases == 1 ? 1 : MW_PHASES;
}

bool
mw_scenario_by_name (const char *name, enum mw_scenario_kind *out)
{
  static const char *const names[] = { "idle", "household", "pv", "workshop" };
  for (unsigned i = 0; i < 4; i++)
    if (strcmp (name, names[i]) == 0) {
      *out = (enum mw_scenario_kind) i;
      return true;
    }
  return false;
}

static bool
is_in_force (const mw_scenario_line *l, int64_t local)
{
  int64_t second = local % DAY_S;
  if (l->event != MW_SCENARIO_LOAD)
    return false;
  if (l->days == 0)
    return local >= l->at && local < l->until;
  if (!(l->days >> (mw_weekday_from_days ((int32_t) (local / DAY_S)) - 1) & 1))
    return false;
  return l->at <= l->until ? second >= l->at && second < l->until
                           : second >= l->at || second < l->until; /* over midnight */
}

/* The distortion whose square is SQUARE, 0.01 %. */
static uint16_t
distortion (uint32_t square)
{
  uint32_t root = 0;
  for (uint32_t bit = 1u << 15; bit; bit >>= 1)
    if ((root | bit) * (root | bit) <= square)
      root |= bit;
  return (uint16_t) root;
}

static void
apply (const mw_scenario_line *l, unsigned phases, mw_load *out)
{
  for (unsigned ph = 0; ph < phases; ph++) {
    if (!(l->phases >> ph & 1))
      continue;
    if (l->set & MW_LINE_VOLTAGE)
      out->voltage_mv[ph] = l->voltage_mv;
    if (l->set & MW_LINE_ANGLE)
      out->phi_ddeg[ph] = l->phi_ddeg;
    if (l->set & MW_LINE_CURRENT)
      out->current_ma[ph] = l->current_ma;
    if (l->set & MW_LINE_THDU)
      out->thdu_cpct[ph] = distortion (l->thdu_square);
    if (l->set & MW_LINE_THDI)
      out->thdi_cpct[ph] = distortion (l->thdi_square);
    if (l->set & MW_LINE_POWER) {
      bool turn = (l->power_w < 0) != (out->phi_ddeg[ph] > 900 || out->phi_ddeg[ph] < -900);
      if (turn)
        out->phi_ddeg[ph] =
            (int16_t) ((out->phi_ddeg[ph] >= 0 ? 1800 : -1800) - out->phi_ddeg[ph]);
      out->current_ma[ph] =
          mw_scenario_current (l->power_w, out->voltage_mv[ph], out->phi_ddeg[ph]);
    }
  }
  if (l->set & MW_LINE_FREQUENCY)
    out->frequency_mhz = l->frequency_mhz;
  if (l->set & MW_LINE_REVERSED)
    out->reversed = true;
}

/* How long until line L begins, ends or happens, seen from LOCAL. */
static uint32_t
until_edge (const mw_scenario_line *l, int64_t local, uint32_t most)
{
  int64_t now = l->days ? local % DAY_S : local;
  int64_t edges[2] = { l->at, l->until };
  for (unsigned i = 0; i < 2; i++)
    if (edges[i] > now && edges[i] - now < most)
      most = (uint32_t) (edges[i] - now);
  return most;
}

uint32_t
mw_scenario_load (const mw_scenario *s, int64_t local, mw_load *out)
{
  struct moment t = moment_of (s, local);
  uint32_t n = 60 - (uint32_t) (local % 60);
  generate (s, &t, out);
  for (unsigned i = 0; i < s->lines; i++) {
    if (is_in_force (&s->line[i], local))
      apply (&s->line[i], s->phases, out);
    n = until_edge (&s->line[i], local, n);
  }
  return n;
}

static void
perform (mw_meter *m, const mw_scenario_line *l)
{
  enum mw_scenario_event event = (enum mw_scenario_event) l->event;
  switch (event) {
  case MW_SCENARIO_POWER_OFF:
  case MW_SCENARIO_POWER_ON:
    mw_meter_power (m, event == MW_SCENARIO_POWER_ON);
    break;
  case MW_SCENARIO_COVER_OPEN:
  case MW_SCENARIO_COVER_CLOSE:
    mw_meter_cover (m, MW_COVER_METER, event == MW_SCENARIO_COVER_OPEN);
    break;
  case MW_SCENARIO_TERMINAL_OPEN:
  case MW_SCENARIO_TERMINAL_CLOSE:
    mw_meter_cover (m, MW_COVER_TERMINAL, event == MW_SCENARIO_TERMINAL_OPEN);
    break;
  case MW_SCENARIO_MAGNET_ON:
  case MW_SCENARIO_MAGNET_OFF:
    mw_meter_magnet (m, event == MW_SCENARIO_MAGNET_ON);
    break;
  case MW_SCENARIO_TRANSIENT:
    if (m->extension && m->extension->transient)
      m->extension->transient (m, l->voltage_mv, l->transient_ms);
    break;
  default:
    break;
  }
}

void
mw_scenario_run (const mw_scenario *s, mw_meter *m, uint64_t seconds)
{
  while (seconds) {
    int64_t local = mw_clock_local (m, m->st.clock.utc);
    mw_load load;
    uint32_t n = mw_scenario_load (s, local, &load);
    for (unsigned i = 0; i < s->lines; i++)
      if (s->line[i].event != MW_SCENARIO_LOAD && s->line[i].at == local)
        perform (m, &s->line[i]);
    mw_meter_load (m, &load);
    n = seconds < n ? (uint32_t) seconds : n;
    mw_meter_run (m, n);
    seconds -= n;
  }
}
