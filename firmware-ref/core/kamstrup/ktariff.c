/* ktariff.c: see ktariff.h.
 *
 * A change of the plan is known by the local time at which it stands.  The one that was carried
 * out last is remembered: as long as the plan points at the same one, a command holds.
 */
#include "core/kamstrup/kmeter.h"

void
mw_ktariff_defaults (mw_kmeter *k)
{
  mw_kcontrol *c = &k->st.control;
  *c = (mw_kcontrol){ .tariff = 1, .next = MW_WHEN_NEVER };
  for (unsigned i = 0; i < MW_KPLAN_CHANNELS; i++)
    c->since[i] = INT64_MIN;
  for (unsigned i = 0; i < MW_KLOADS; i++)
    c->active_at[i] = MW_WHEN_NEVER;
}

/* A delay that differs between meters, relays and days. */
static int64_t
delay_of (const mw_kmeter *k, unsigned relay, int64_t since)
{
  uint32_t x =
      k->id.serial * 0x9e3779b9u ^ (uint32_t) since * 0x85ebca6bu ^ relay * 0xc2b2ae35u;
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  return x % (uint32_t) (mw_kset (k, MW_KV_LOAD_DELAY) + 1);
}

static void
set_relay (mw_kmeter *k, unsigned relay, bool active)
{
  k->st.control.load[relay] = active;
  k->st.control.active_at[relay] = MW_WHEN_NEVER;
  k->m.changed = true;
}

static void
shift_relay (mw_kmeter *k, unsigned relay, bool active, int64_t since)
{
  mw_kcontrol *c = &k->st.control;
  int64_t delay = delay_of (k, relay, since);
  if (!active || c->load[relay] || delay == 0)
    set_relay (k, relay, active);
  else
    c->active_at[relay] = k->m.st.clock.utc + delay;
}

/* Relays whose delay is over, or all that wait. */
static void
end_delays (mw_kmeter *k, bool all)
{
  mw_kcontrol *c = &k->st.control;
  for (unsigned i = 0; i < MW_KLOADS; i++)
    if (c->active_at[i] != MW_WHEN_NEVER && (all || c->active_at[i] <= k->m.st.clock.utc))
      set_relay (k, i, true);
}

static void
carry_out (mw_kmeter *k, unsigned channel, uint8_t value, int64_t since)
{
  if (channel == 0)
    k->st.control.tariff = value;
  else
    shift_relay (k, channel - 1, value != 0, since);
}

/* Carry out what the plan says now; FORCED: also what has been carried out before. */
static void
follow_plan (mw_kmeter *k, bool forced)
{
  mw_kcontrol *c = &k->st.control;
  int64_t now = k->m.st.clock.utc, local = mw_clock_local (&k->m, now);
  c->next = MW_WHEN_NEVER;
  c->planned = false;
  end_delays (k, false);
  for (unsigned i = 0; i < MW_KPLAN_CHANNELS; i++) {
    mw_kplan_say s;
    if (i == 0 && mw_kset (k, MW_KV_TARIFF_SOURCE) != MW_KTARIFF_BY_PLAN)
      continue;
    s = mw_kplan_at (k, i, local);
    if (s.next != MW_WHEN_NEVER && now + (s.next - local) < c->next)
      c->next = now + (s.next - local);
    if (i == 0) {
      c->season = s.season;
      c->day_kind = s.day;
      c->planned = s.value != MW_KPLAN_SILENT;
    }
    if (s.value == MW_KPLAN_SILENT || (s.since == c->since[i] && !forced))
      continue;
    carry_out (k, i, s.value, s.since);
    c->since[i] = s.since;
  }
  if (c->next != MW_WHEN_NEVER && k->m.st.clock.dst_next < c->next)
    c->next = k->m.st.clock.dst_next; /* the same local time may come again */
  for (unsigned i = 0; i < MW_KLOADS; i++)
    c->next = c->active_at[i] < c->next ? c->active_at[i] : c->next;
}

/* Table 10. */
static void
follow_inputs (mw_kmeter *k)
{
  mw_kcontrol *c = &k->st.control;
  unsigned at = 0;
  if (mw_kset (k, MW_KV_TARIFF_SOURCE) != MW_KTARIFF_INPUTS)
    return;
  for (unsigned port = 0; port < 2; port++)
    if (mw_kset (k, MW_KV_PORT1_FUNCTION + port) == MW_KPORT_TARIFF)
      at |= c->inputs & 1u << port;
  c->tariff = (uint8_t) (mw_kset (k, MW_KV_TARIFF_INVERTED) ? 4 - at : 1 + at);
}

bool
mw_ktariff_is_used (const mw_kmeter *k)
{
  return mw_kset (k, MW_KV_TARIFF_SOURCE) == MW_KTARIFF_INPUTS || k->st.control.planned;
}

void
mw_ktariff_due (mw_kmeter *k)
{
  if (k->m.st.clock.utc >= k->st.control.next)
    follow_plan (k, false);
}

void
mw_ktariff_power_up (mw_kmeter *k)
{
  follow_plan (k, false);
  end_delays (k, true);
  follow_inputs (k);
}

void
mw_ktariff_refresh (mw_kmeter *k)
{
  follow_plan (k, true);
  follow_inputs (k);
  k->m.changed = true;
}

enum mw_err
mw_ktariff_command (mw_kmeter *k, unsigned tariff)
{
  if (tariff < 1 || tariff > MW_TARIFFS)
    return MW_ERR_VALUE;
  k->st.control.tariff = (uint8_t) tariff;
  k->m.changed = true;
  return MW_OK;
}

enum mw_err
mw_kload_command (mw_kmeter *k, unsigned relay, bool active)
{
  if (relay >= MW_KLOADS)
    return MW_ERR_VALUE;
  set_relay (k, relay, active);
  return MW_OK;
}

void
mw_kport_pulses (mw_kmeter *k, unsigned port, uint32_t n)
{
  if (port < 2 && k->m.powered && mw_kset (k, MW_KV_PORT1_FUNCTION + port) == MW_KPORT_PULSE)
    k->reg.pulses[port] += n;
}

void
mw_kport_input (mw_kmeter *k, unsigned port, bool on)
{
  mw_kcontrol *c = &k->st.control;
  unsigned bit = 1u << port;
  if (port >= 2 || on == ((c->inputs & bit) != 0))
    return;
  c->inputs = (uint8_t) (c->inputs ^ bit);
  k->m.changed = true;
  if (!k->m.powered)
    return;
  switch (mw_kset (k, MW_KV_PORT1_FUNCTION + port)) {
  case MW_KPORT_TARIFF:
    follow_inputs (k);
    break;
  case MW_KPORT_PULSE:
    mw_kport_pulses (k, port, on);
    break;
  case MW_KPORT_ALARM:
    mw_kmeter_status (k, MW_KSTATUS_ALARM, on);
    break;
  default:
    break;
  }
}
