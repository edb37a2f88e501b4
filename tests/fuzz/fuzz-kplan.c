/* Plans of the Kamstrup meter, without their check sum: what is accepted says something that a
 * meter can do at any time, and what is said holds until the next time that is said. */
#include <string.h>

#include "base/crc.h"
#include "core/kamstrup/kmeter.h"
#include "fuzz.h"

#define FIRST INT64_C (1774656000) /* 2026-03-28T00:00:00 */

static void
check_channel (const mw_kmeter *k, unsigned channel, int64_t local)
{
  mw_kplan_say s = mw_kplan_at (k, channel, local), later;
  unsigned most = channel ? 1 : MW_TARIFFS, least = channel ? 0 : 1;
  MUST (s.value == MW_KPLAN_SILENT || (s.value >= least && s.value <= most));
  MUST (s.value == MW_KPLAN_SILENT || s.since <= local);
  MUST (s.next > local);
  MUST (s.season <= 4 && s.day <= MW_KDAY_HOLIDAY);
  if (s.next == MW_WHEN_NEVER)
    return;
  later = mw_kplan_at (k, channel, s.next - 1);
  MUST (later.value == s.value && later.since == s.since && later.next == s.next);
}

static void
check_clock (mw_kmeter *k, int64_t utc)
{
  const mw_clock *c = &k->m.st.clock;
  k->m.st.clock.utc = utc;
  mw_kplan_dst_rules (k);
  MUST (!c->dst_enabled || (c->dst_begin.month >= 1 && c->dst_begin.month <= 12));
  MUST (!c->dst_enabled || (c->dst_end.hour < 24 && c->dst_end.minute < 60));
  mw_clock_refresh (&k->m);
  MUST (c->dst_next > utc);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const mw_kmodel model = { .name = "fuzz", .phases = 3 };
  static mw_kmeter k;
  uint8_t plan[MW_KPLAN_MAX];
  uint16_t crc;
  enum mw_kplan_kind kind;
  if (size < 2 || size > sizeof plan - 2)
    return 0;
  memcpy (plan, data, size);
  crc = mw_crc_x25 (plan, size);
  plan[size] = (uint8_t) (crc >> 8);
  plan[size + 1] = (uint8_t) crc;
  kind = (enum mw_kplan_kind) plan[0];
  if (mw_kplan_check (kind, plan, size + 2) != MW_OK)
    return 0;
  MUST (kind > MW_KPLAN_NONE && kind < MW_N_KPLANS);
  if (!k.model) {
    mw_kmeter_config config = { .model = &model };
    mw_kmeter_init (&k, &config);
    MUST (mw_kmeter_set (&k, MW_KV_DST_MODE, MW_KDST_PLAN) == MW_OK);
  }
  if (kind == MW_KPLAN_DST) {
    if (size + 2 > MW_KPLAN_DST_MAX)
      return 0;
    memcpy (k.plan.dst, plan, size + 2);
    k.plan.dst_len = (uint16_t) (size + 2);
    for (int64_t t = FIRST; t < FIRST + 60 * 7 * 86400; t += 7 * 86400 + 3601)
      check_clock (&k, t);
    return 0;
  }
  memcpy (k.plan.data, plan, size + 2);
  k.plan.len = (uint16_t) (size + 2);
  for (int64_t t = FIRST; t < FIRST + 400 * 86400; t += 23 * 86400 + 12347)
    for (unsigned channel = 0; channel < MW_KPLAN_CHANNELS; channel++)
      check_channel (&k, channel, t);
  return 0;
}
