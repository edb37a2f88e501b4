/* quality.c: see quality.h.
 *
 * A voltage beyond a threshold runs a timer; when the timer reaches its time the sag, swell or
 * cut is declared (event, counter); when the voltage is back, it ends (event "normal",
 * duration, magnitude).  Between changes of the load the voltages are constant, so the timers
 * tell exactly how far one may step (mw_quality_horizon).
 */
#include "core/meter.h"

static uint32_t
threshold_mv (const mw_meter *m, unsigned setting)
{
  return m->setting[MW_SET_NOMINAL_VOLTAGE] * m->setting[setting];
}

/* Sags and swells are those of the mean over the time integral of the limit (1-0:12.31.129,
 * 12.35.129); 0: of the voltage itself. */
static uint32_t
integral_of (const mw_meter *m, unsigned swell)
{
  return m->setting[swell ? MW_SET_SWELL_INTEGRAL : MW_SET_SAG_INTEGRAL];
}

static uint32_t
seen_mv (const mw_meter *m, unsigned ph, enum mw_voltage_state s)
{
  bool swell = s == MW_U_SWELL;
  return s == MW_U_CUT || !integral_of (m, swell) ? m->load.voltage_mv[ph]
                                                  : m->st.quality.phase[ph].seen_mv[swell];
}

static bool
is_beyond (const mw_meter *m, unsigned ph, enum mw_voltage_state s)
{
  uint32_t u = seen_mv (m, ph, s);
  switch (s) {
  case MW_U_SAG:
    return u < threshold_mv (m, MW_SET_SAG_THRESHOLD);
  case MW_U_SWELL:
    return u > threshold_mv (m, MW_SET_SWELL_THRESHOLD);
  case MW_U_CUT:
    return u < threshold_mv (m, MW_SET_CUT_THRESHOLD);
  default:
    return false;
  }
}

static uint32_t
time_of (const mw_meter *m, enum mw_voltage_state s)
{
  return m->setting[s == MW_U_SAG     ? MW_SET_SAG_TIME
                    : s == MW_U_SWELL ? MW_SET_SWELL_TIME
                                      : MW_SET_CUT_TIME];
}

/* A sag or swell of PH is over: what it was. */
static void
close_excess (mw_meter *m, unsigned ph, bool swell)
{
  const mw_phase_quality *p = &m->st.quality.phase[ph];
  uint32_t lasted = p->beyond[swell ? MW_U_SWELL : MW_U_SAG];
  unsigned duration = swell ? MW_CNT_SWELL_DURATION_ANY : MW_CNT_SAG_DURATION_ANY;
  unsigned magnitude = swell ? MW_CNT_SWELL_MAGNITUDE_ANY : MW_CNT_SAG_MAGNITUDE_ANY;
  m->st.counter[duration] = m->st.counter[duration + 1 + ph] = lasted;
  m->st.counter[magnitude] = m->st.counter[magnitude + 1 + ph] = p->extreme_mv / 100;
  if (swell)
    m->st.quality.swells &= (uint8_t) ~(1u << ph);
  else
    m->st.quality.sags &= (uint8_t) ~(1u << ph);
}

static void
declare (mw_meter *m, unsigned ph, enum mw_voltage_state s)
{
  mw_quality *q = &m->st.quality;
  q->phase[ph].state = (uint8_t) s;
  m->changed = true;
  if (s == MW_U_CUT) {
    m->st.counter[MW_CNT_CUT_MAGNITUDE] = m->load.voltage_mv[ph] / 100;
    mw_event (m, MW_EVENT_MISSING_L1 + ph);
    mw_alarm_set (m, 1, MW_ALARM2_PHASE_FAILURE (ph), true);
    return;
  }
  if (s == MW_U_SAG) {
    m->st.counter[MW_CNT_SAG_L1 + ph]++;
    m->st.counter[MW_CNT_SAG_ANY] += q->sags == 0;
    q->sags |= (uint8_t) (1u << ph);
  } else {
    m->st.counter[MW_CNT_SWELL_L1 + ph]++;
    m->st.counter[MW_CNT_SWELL_ANY] += q->swells == 0;
    q->swells |= (uint8_t) (1u << ph);
  }
  mw_event (m, (s == MW_U_SAG ? MW_EVENT_UNDERVOLTAGE_L1 : MW_EVENT_OVERVOLTAGE_L1) + ph);
}

static void
declare_what_is_due (mw_meter *m, unsigned ph)
{
  mw_phase_quality *p = &m->st.quality.phase[ph];
  if (p->state != MW_U_CUT && p->beyond[MW_U_CUT] >= time_of (m, MW_U_CUT)) {
    if (p->state == MW_U_SAG)
      close_excess (m, ph, false);
    declare (m, ph, MW_U_CUT);
  } else if (p->state == MW_U_NORMAL && p->beyond[MW_U_SAG] >= time_of (m, MW_U_SAG)) {
    declare (m, ph, MW_U_SAG);
  } else if (p->state == MW_U_NORMAL && p->beyond[MW_U_SWELL] >= time_of (m, MW_U_SWELL)) {
    declare (m, ph, MW_U_SWELL);
  }
}

/* The voltage of PH changed: what it left is over. */
static void
leave_states (mw_meter *m, unsigned ph)
{
  mw_phase_quality *p = &m->st.quality.phase[ph];
  uint8_t state = p->state;
  bool over = state != MW_U_NORMAL && !is_beyond (m, ph, state);
  if (over && (state == MW_U_SAG || state == MW_U_SWELL))
    close_excess (m, ph, state == MW_U_SWELL);
  if (over && state == MW_U_CUT) {
    mw_alarm_set (m, 1, MW_ALARM2_PHASE_FAILURE (ph), false);
    mw_alarm_pulse (m, 1, MW_ALARM2_PHASE_RESUME (ph));
  }
  if (over) {
    p->state = MW_U_NORMAL;
    if (!is_beyond (m, ph, MW_U_SAG) && !is_beyond (m, ph, MW_U_SWELL))
      mw_event (m, MW_EVENT_NORMAL_L1 + ph);
  }
  for (unsigned s = MW_U_SAG; s <= MW_U_CUT; s++)
    if (!is_beyond (m, ph, s))
      p->beyond[s] = 0;
}

static void
follow_extreme (mw_meter *m, unsigned ph)
{
  mw_phase_quality *p = &m->st.quality.phase[ph];
  uint32_t u = seen_mv (m, ph, MW_U_SAG);
  if (is_beyond (m, ph, MW_U_SAG)) {
    if (p->beyond[MW_U_SAG] == 0 || u < p->extreme_mv)
      p->extreme_mv = u;
  } else if (is_beyond (m, ph, MW_U_SWELL)) {
    u = seen_mv (m, ph, MW_U_SWELL);
    if (p->beyond[MW_U_SWELL] == 0 || u > p->extreme_mv)
      p->extreme_mv = u;
  }
}

/* A power failure of SECONDS that began at UTC ended: I 0-2 a phase, 3 all, 4 any (manual
 * 6.12.1.10). */
static void
count_failure (mw_meter *m, unsigned i, uint64_t seconds, int64_t utc)
{
  static const uint8_t slot[5] = { 1, 2, 3, 0,
                                   4 }; /* counters are in the order all, L1-L3, any */
  mw_quality *q = &m->st.quality;
  uint32_t s = seconds > UINT32_MAX ? UINT32_MAX : (uint32_t) seconds;
  if (s >= m->setting[MW_SET_LONG_FAILURE]) {
    m->st.counter[MW_CNT_FAIL_LONG_ALL + slot[i]]++;
    m->st.counter[MW_CNT_FAIL_DURATION_ALL + slot[i]] = s;
    if (i == 4)
      mw_log_power_failure (m, s);
  } else {
    m->st.counter[MW_CNT_FAIL_ALL + slot[i]]++;
  }
  q->failure_time[i] = (mw_stamp){ utc, mw_clock_dst_at (m, utc) ? MW_CLOCK_DST : (uint8_t) 0 };
  m->changed = true;
}

static void
phase_lost (mw_meter *m, unsigned ph, uint64_t since, int64_t utc)
{
  mw_quality *q = &m->st.quality;
  q->phase[ph].lost = true;
  q->phase[ph].lost_since = since;
  q->phase[ph].lost_utc = utc;
  if (q->lost == 0) {
    q->lost_since = since;
    q->lost_utc = utc;
  }
  q->lost |= (uint8_t) (1u << ph);
}

static void
phase_back (mw_meter *m, unsigned ph)
{
  mw_quality *q = &m->st.quality;
  mw_phase_quality *p = &q->phase[ph];
  p->lost = false;
  count_failure (m, ph, m->st.total_s - p->lost_since, p->lost_utc);
  q->lost &= (uint8_t) ~(1u << ph);
  if (q->lost == 0)
    count_failure (m, 4, m->st.total_s - q->lost_since, q->lost_utc);
}

static void
follow_phase (mw_meter *m, unsigned ph)
{
  bool gone = is_beyond (m, ph, MW_U_CUT);
  bool was = m->st.quality.phase[ph].lost;
  leave_states (m, ph);
  follow_extreme (m, ph);
  if (gone && !was) {
    mw_event (m, MW_EVENT_PHASE_DOWN_L1 + ph);
    phase_lost (m, ph, m->st.total_s, m->st.clock.utc);
  } else if (!gone && was) {
    phase_back (m, ph);
    mw_event (m, MW_EVENT_PHASE_UP_L1 + ph);
  }
}

static void
check_currents (mw_meter *m)
{
  bool consumes = false, reverse = false;
  for (unsigned ph = 0; ph < m->phases; ph++) {
    consumes |= m->power.i_ma[ph] > 0;
    reverse |= m->power.p_mw[ph] < 0;
  }
  mw_alarm_set (m, 1, MW_ALARM2_UNEXPECTED,
                consumes && !m->st.disconnect.sw[MW_SWITCH_MAIN].output);
  mw_alarm_set (m, 1, MW_ALARM2_CURRENT_REVERSAL,
                reverse && m->setting[MW_SET_METHOD] != MW_METHOD_TWO_WAY);
}

void
mw_quality_load (mw_meter *m)
{
  mw_quality *q = &m->st.quality;
  if (!m->started || !m->powered)
    return;
  for (unsigned ph = 0; ph < m->phases; ph++)
    follow_phase (m, ph);
  if (m->load.reversed != q->reversed && m->phases == MW_PHASES) {
    q->reversed = m->load.reversed;
    if (q->reversed)
      mw_event (m, MW_EVENT_PHASE_SEQUENCE);
    mw_alarm_set (m, 1, MW_ALARM2_PHASE_SEQUENCE, q->reversed);
  }
  check_currents (m);
}

/* Would S be declared for PH, were its time over? */
static bool
is_pending (const mw_meter *m, unsigned ph, enum mw_voltage_state s)
{
  unsigned state = m->st.quality.phase[ph].state;
  return is_beyond (m, ph, s) && (s == MW_U_CUT ? state != MW_U_CUT : state == MW_U_NORMAL);
}

void
mw_quality_integrate (mw_meter *m)
{
  mw_quality *q = &m->st.quality;
  for (unsigned k = 0; k < 2; k++) {
    q->integral_s[k] = 0;
    for (unsigned ph = 0; ph < MW_PHASES; ph++) {
      q->phase[ph].sum_seen[k] = 0;
      q->phase[ph].seen_mv[k] = m->load.voltage_mv[ph];
    }
  }
}

/* N seconds of integral K passed; at its end its mean is what is seen. */
static void
integrate (mw_meter *m, unsigned k, uint32_t n)
{
  mw_quality *q = &m->st.quality;
  uint32_t length = integral_of (m, k);
  if (length == 0)
    return;
  q->integral_s[k] += n;
  for (unsigned ph = 0; ph < m->phases; ph++)
    q->phase[ph].sum_seen[k] += (uint64_t) m->load.voltage_mv[ph] * n;
  if (q->integral_s[k] < length)
    return;
  for (unsigned ph = 0; ph < m->phases; ph++) {
    q->phase[ph].seen_mv[k] = (uint32_t) (q->phase[ph].sum_seen[k] / q->integral_s[k]);
    q->phase[ph].sum_seen[k] = 0;
    leave_states (m, ph);
    follow_extreme (m, ph);
  }
  q->integral_s[k] = 0;
}

uint32_t
mw_quality_horizon (const mw_meter *m)
{
  uint32_t n = UINT32_MAX;
  for (unsigned k = 0; k < 2; k++)
    if (integral_of (m, k) && integral_of (m, k) - m->st.quality.integral_s[k] < n)
      n = integral_of (m, k) - m->st.quality.integral_s[k];
  for (unsigned ph = 0; ph < m->phases; ph++) {
    const mw_phase_quality *p = &m->st.quality.phase[ph];
    for (unsigned s = MW_U_SAG; s <= MW_U_CUT; s++) {
      uint32_t time = time_of (m, s), left = time > p->beyond[s] ? time - p->beyond[s] : 1;
      if (left < n && is_pending (m, ph, s))
        n = left;
    }
  }
  return n;
}

void
mw_quality_advance (mw_meter *m, uint32_t n)
{
  mw_quality *q = &m->st.quality;
  for (unsigned ph = 0; ph < m->phases; ph++) {
    mw_phase_quality *p = &q->phase[ph];
    p->sum_mvs += (uint64_t) m->load.voltage_mv[ph] * n;
    p->sum_peak_mvs += (uint64_t) m->load.voltage_mv[ph] * n;
    for (unsigned s = MW_U_SAG; s <= MW_U_CUT; s++)
      if (is_beyond (m, ph, s))
        p->beyond[s] += n;
    declare_what_is_due (m, ph);
  }
  q->seconds += n;
  q->peak_seconds += n;
  integrate (m, 0, n);
  integrate (m, 1, n);
}

/* Level 1 … 7 of an average voltage (manual Table 62). */
static unsigned
level_of (const mw_meter *m, uint32_t average_dv)
{
  int32_t nominal = (int32_t) m->setting[MW_SET_NOMINAL_VOLTAGE] * 10;
  int32_t permille = ((int32_t) average_dv - nominal) * 1000;
  static const int16_t floors[MW_LEVELS - 1] = { 100, 50, 0, -50, -100, -150 };
  if (permille > floors[0] * nominal)
    return 1;
  for (unsigned i = 1; i < MW_LEVELS - 1; i++)
    if (permille >= floors[i] * nominal)
      return i + 1;
  return MW_LEVELS;
}

static void
check_symmetry (mw_meter *m)
{
  mw_quality *q = &m->st.quality;
  uint32_t sum = 0, upper = m->setting[MW_SET_ASYMMETRY_UPPER],
           lower = m->setting[MW_SET_ASYMMETRY_LOWER];
  uint32_t nominal = m->setting[MW_SET_NOMINAL_VOLTAGE] * 10;
  bool asymmetric = false, low = false, high = false, missing;
  for (unsigned ph = 0; ph < MW_PHASES; ph++)
    sum += q->phase[ph].average_dv;
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    uint32_t u = q->phase[ph].average_dv;
    asymmetric |= u * 3000 > sum * upper || u * 3000 < sum * lower;
    low |= u * 100 < nominal * 70;
    high |= u * 100 > nominal * 128;
  }
  mw_alarm_set (m, 1, MW_ALARM2_ASYMMETRY, asymmetric);
  missing = asymmetric && low && high; /* manual 6.12.1.9 */
  if (missing && !q->neutral_missing)
    mw_event (m, MW_EVENT_MISSING_NEUTRAL);
  q->neutral_missing = missing;
  mw_alarm_set (m, 1, MW_ALARM2_MISSING_NEUTRAL, missing);
}

static void
end_aggregation (mw_meter *m)
{
  mw_quality *q = &m->st.quality;
  unsigned any = 0;
  for (unsigned ph = 0; ph < m->phases && q->seconds; ph++) {
    mw_phase_quality *p = &q->phase[ph];
    unsigned level;
    p->average_dv = (uint16_t) (p->sum_mvs / q->seconds / 100);
    p->sum_mvs = 0;
    level = level_of (m, p->average_dv);
    q->level[ph][level - 1]++;
    any |= 1u << (level - 1);
    mw_alarm_set (m, 1, MW_ALARM2_BAD_VOLTAGE (ph),
                  level == 1 || level >= 6); /* outside ±10 %, EN 50160 4.2.2 */
  }
  for (unsigned i = 0; i < MW_LEVELS; i++)
    q->level[MW_PHASES][i] += any >> i & 1;
  if (m->phases == MW_PHASES && q->seconds)
    check_symmetry (m);
  q->seconds = 0;
  q->next = mw_clock_next_boundary (m, m->st.clock.utc, MW_AGGREGATION_S);
}

static void
widen (uint16_t *peak, uint16_t *minimum, uint32_t u)
{
  if (u > *peak)
    *peak = (uint16_t) u;
  if (u < *minimum)
    *minimum = (uint16_t) u;
}

static void
end_peak_interval (mw_meter *m)
{
  mw_quality *q = &m->st.quality;
  uint32_t sum = 0;
  for (unsigned ph = 0; ph < m->phases && q->peak_seconds; ph++) {
    mw_phase_quality *p = &q->phase[ph];
    uint32_t u = (uint32_t) (p->sum_peak_mvs / q->peak_seconds / 100);
    p->sum_peak_mvs = 0;
    widen (&p->peak[0], &p->minimum[0], u);
    sum += u;
  }
  if (q->peak_seconds)
    widen (&q->all_peak[0], &q->all_minimum[0], sum / m->phases);
  q->peak_seconds = 0;
  q->next_peak = mw_clock_next_boundary (m, m->st.clock.utc, m->setting[MW_SET_PEAK_PERIOD]);
}

static void
next_day (uint16_t *peak, uint16_t *minimum)
{
  peak[1] = peak[0];
  peak[0] = 0;
  minimum[1] = minimum[0];
  minimum[0] = UINT16_MAX;
}

void
mw_quality_due (mw_meter *m)
{
  mw_quality *q = &m->st.quality;
  int64_t now = m->st.clock.utc;
  if (now >= q->next)
    end_aggregation (m);
  if (now >= q->next_peak)
    end_peak_interval (m);
  if (now < q->next_day)
    return;
  for (unsigned ph = 0; ph < m->phases; ph++)
    next_day (q->phase[ph].peak, q->phase[ph].minimum);
  next_day (q->all_peak, q->all_minimum);
  q->next_day = mw_clock_next_boundary (m, now, 86400);
}

void
mw_quality_restart (mw_meter *m)
{
  mw_quality *q = &m->st.quality;
  for (unsigned ph = 0; ph < MW_PHASES; ph++)
    q->phase[ph].sum_mvs = q->phase[ph].sum_peak_mvs = 0;
  q->seconds = q->peak_seconds = 0;
  q->next = mw_clock_next_boundary (m, m->st.clock.utc, MW_AGGREGATION_S);
  q->next_peak = mw_clock_next_boundary (m, m->st.clock.utc, m->setting[MW_SET_PEAK_PERIOD]);
  q->next_day = mw_clock_next_boundary (m, m->st.clock.utc, 86400);
}

void
mw_quality_defaults (mw_meter *m)
{
  mw_quality *q = &m->st.quality;
  for (unsigned ph = 0; ph < MW_PHASES; ph++)
    q->phase[ph].minimum[0] = q->phase[ph].minimum[1] = UINT16_MAX;
  q->all_minimum[0] = q->all_minimum[1] = UINT16_MAX;
  for (unsigned i = 0; i < 5; i++)
    q->failure_time[i] = (mw_stamp){ 0, MW_CLOCK_STATUS_ANY };
}

uint16_t
mw_voltage_peak (const mw_meter *m, unsigned ph, bool previous)
{
  const mw_quality *q = &m->st.quality;
  return ph < MW_PHASES ? q->phase[ph].peak[previous] : q->all_peak[previous];
}

uint16_t
mw_voltage_minimum (const mw_meter *m, unsigned ph, bool previous)
{
  const mw_quality *q = &m->st.quality;
  uint16_t u = ph < MW_PHASES ? q->phase[ph].minimum[previous] : q->all_minimum[previous];
  return u == UINT16_MAX ? 0 : u; /* nothing measured yet */
}

void
mw_quality_power_down (mw_meter *m)
{
  mw_alarm_set (m, 1, MW_ALARM2_POWER_FAILURE, true);
}

/* The meter was dark for DARK_S: a failure of all phases. */
void
mw_quality_power_up (mw_meter *m, int64_t dark_s)
{
  mw_quality *q = &m->st.quality;
  uint64_t dark = dark_s > 0 ? (uint64_t) dark_s : 0;
  uint64_t since = m->st.total_s - dark;
  int64_t utc = m->st.clock.utc - (int64_t) dark;

  mw_alarm_set (m, 1, MW_ALARM2_POWER_FAILURE, false);
  mw_alarm_pulse (m, 1, MW_ALARM2_POWER_RESUME);
  count_failure (m, 3, dark, utc);
  if (dark < MW_RECLOSING_S)
    m->st.counter[MW_CNT_FAIL_SHORT_ALL]++;
  for (unsigned ph = 0; ph < m->phases; ph++) {
    if (q->phase[ph].lost)
      continue; /* that failure began before and is counted when it ends */
    if (is_beyond (m, ph, MW_U_CUT))
      phase_lost (m, ph, since, utc);
    else
      count_failure (m, ph, dark, utc);
  }
  if (q->lost == 0)
    count_failure (m, 4, dark, utc);
  if (m->st.clock.utc >= q->next_day) /* a day ended in the dark */
    mw_quality_due (m);
  mw_quality_restart (m);
  mw_quality_integrate (m);
}

void
mw_meter_cover (mw_meter *m, enum mw_cover which, bool open)
{
  unsigned event = which == MW_COVER_METER ? MW_EVENT_COVER_OPEN : MW_EVENT_TERMINAL_OPEN;
  if (m->st.cover_open[which] == open)
    return;
  m->st.cover_open[which] = open;
  if (open)
    mw_counter_add (m, MW_CNT_COVER_OPENING, 1);
  mw_event (m, event + !open);
  m->changed = true;
  if (m->extension && m->extension->sensors)
    m->extension->sensors (m);
}

bool
mw_meter_cover_is_open (const mw_meter *m, enum mw_cover which)
{
  return m->st.cover_open[which];
}

void
mw_meter_magnet (mw_meter *m, bool present)
{
  if (m->st.magnet == present)
    return;
  m->st.magnet = present;
  mw_event (m, present ? MW_EVENT_MAGNET_ON : MW_EVENT_MAGNET_OFF);
  m->changed = true;
  if (m->extension && m->extension->sensors)
    m->extension->sensors (m);
}

void
mw_meter_watchdog (mw_meter *m)
{
  mw_counter_add (m, MW_CNT_WATCHDOG, 1);
  mw_event (m, MW_EVENT_WATCHDOG);
  mw_error_set (m, MW_ERROR_WATCHDOG, true);
  mw_error_set (m, MW_ERROR_WATCHDOG, false); /* it happened, it does not last */
  mw_alarm_pulse (m, 0, MW_ALARM1_WATCHDOG);
}

void
mw_meter_authentication_failed (mw_meter *m)
{
  mw_counter_add (m, MW_CNT_AUTH_FAILURES, 1);
  if (m->st.counter[MW_CNT_AUTH_FAILURES] % m->setting[MW_SET_AUTH_FAILURE_LIMIT] == 0)
    mw_event (m, MW_EVENT_AUTHENTICATION);
  m->changed = true;
}
