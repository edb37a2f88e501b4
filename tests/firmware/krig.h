/* krig.h: a Kamstrup meter with a memory of its own, for the tests of core/kamstrup: an
 * OMNIPOWER with the logs of its technical description (Tables 11 - 13), direct or with
 * transformers. */
#ifndef MW_KRIG_H
#define MW_KRIG_H

#include "core/kamstrup/kmeter.h"
#include "rig.h"

typedef struct krig {
  mw_kmeter k;
  mw_nvm_file nvm;
} krig;

/* clang-format off */
static const uint16_t krig_debiting[] = {
  MW_KV_RTC, MW_KV_HOURS, MW_KV_DEBITING_COUNT, MW_KV_THRESHOLD_COUNT, MW_KV_PULSE_IN1,
  MW_KV_RATIO, MW_KV_A14, MW_KV_A23, MW_KV_R12, MW_KV_R34,
  MW_KV_A14_T1, MW_KV_A14_T2, MW_KV_A14_T3, MW_KV_A14_T4,
  MW_KV_R12_T1, MW_KV_R12_T2, MW_KV_R12_T3, MW_KV_R12_T4, MW_KV_E14, MW_KV_E23,
  MW_KV_P14_MAX, MW_KV_P14_MAX_RTC, MW_KV_P14_ACC, MW_KV_P14_ACC_T1, MW_KV_P14_ACC_T2,
  MW_KV_Q12_MAX, MW_KV_Q12_MAX_RTC, MW_KV_Q12_ACC, MW_KV_P14_MAX_T1, MW_KV_P14_MAX_RTC_T1,
  MW_KV_P14_MAX_T2, MW_KV_P14_MAX_RTC_T2, MW_KV_Q12_MAX_T1, MW_KV_Q12_MAX_RTC_T1,
  MW_KV_Q12_MAX_T2, MW_KV_Q12_MAX_RTC_T2, MW_KV_S14_MAX, MW_KV_S14_MAX_RTC, MW_KV_S23_MAX,
  MW_KV_S23_MAX_RTC };
static const uint16_t krig_debiting2[] = {
  MW_KV_RTC, MW_KV_HOURS, MW_KV_A14, MW_KV_A23, MW_KV_R12, MW_KV_R34,
  MW_KV_A14_T1, MW_KV_A14_T2, MW_KV_A14_T3, MW_KV_A14_T4,
  MW_KV_A23_T1, MW_KV_A23_T2, MW_KV_A23_T3, MW_KV_A23_T4,
  MW_KV_R12_T1, MW_KV_R12_T2, MW_KV_R12_T3, MW_KV_R12_T4,
  MW_KV_R34_T1, MW_KV_R34_T2, MW_KV_R34_T3, MW_KV_R34_T4 };
static const uint16_t krig_clock[] = { MW_KV_RTC, MW_KV_OLD_RTC, MW_KV_NEW_RTC };
static const uint16_t krig_event[] = { MW_KV_RTC, MW_KV_EVENT };
static const uint16_t krig_change[] = { MW_KV_RTC, MW_KV_EVENT, MW_KV_OLD, MW_KV_NEW };
static const uint16_t krig_ratio[] = { MW_KV_RTC, MW_KV_OLD, MW_KV_NEW };
static const uint16_t krig_profile[] = { MW_KV_RTC, MW_KV_LOGGER_STATUS, MW_KV_A14, MW_KV_A23,
  MW_KV_R12, MW_KV_R34 };
static const uint16_t krig_cutoff[] = { MW_KV_RTC, MW_KV_CUTOFF_STATE, MW_KV_CUTOFF_FEEDBACK };
static const uint16_t krig_quality[] = { MW_KV_RTC, MW_KV_VQ_PHASE, MW_KV_VQ_EVENT, MW_KV_VQ_MEAN,
  MW_KV_VQ_MAX, MW_KV_VQ_MIN };
static const uint16_t krig_counters[] = { MW_KV_RTC, MW_KV_VQC_F1, MW_KV_VQC_F2, MW_KV_VQC_LOW1,
  MW_KV_VQC_LOW2, MW_KV_VQC_HIGH, MW_KV_VQC_RAPID, MW_KV_VQC_UNBALANCE, MW_KV_VQC_LONG,
  MW_KV_VQC_SHORT, MW_KV_VQC_THDU_L1, MW_KV_VQC_THDU_L2, MW_KV_VQC_THDU_L3, MW_KV_VQC_THDI_L1,
  MW_KV_VQC_THDI_L2, MW_KV_VQC_THDI_L3, MW_KV_VQC_SAGS, MW_KV_VQC_SWELLS };
static const uint16_t krig_voltage[] = { MW_KV_RTC, MW_KV_VOLTAGE_EVENT, MW_KV_U_L1, MW_KV_U_L2,
  MW_KV_U_L3 };
static const uint16_t krig_neutral[] = { MW_KV_RTC, MW_KV_U_L1, MW_KV_U_L2, MW_KV_U_L3 };
static const uint16_t krig_analysis[] = { MW_KV_RTC, MW_KV_P14, MW_KV_AN_U_L1, MW_KV_AN_I_L1 };
#define KRIG_LOG(array, entries) { array, sizeof array / sizeof *array, entries, 0 }
#define KRIG_LOGS \
  .log = { [MW_KLOG_DEBITING] = KRIG_LOG (krig_debiting, 36), \
           [MW_KLOG_DEBITING2] = KRIG_LOG (krig_debiting2, 175), \
           [MW_KLOG_CLOCK] = KRIG_LOG (krig_clock, 200), \
           [MW_KLOG_STATUS] = KRIG_LOG (krig_event, 200), \
           [MW_KLOG_RATIO] = KRIG_LOG (krig_ratio, 50), \
           [MW_KLOG_PROFILE_EVENT] = KRIG_LOG (krig_change, 50), \
           [MW_KLOG_CUTOFF] = KRIG_LOG (krig_cutoff, 200), \
           [MW_KLOG_NEUTRAL] = KRIG_LOG (krig_neutral, 45), \
           [MW_KLOG_ANALYSIS] = { krig_analysis, 4, 0, 256 * 1024 }, \
           [MW_KLOG_LOAD_PROFILE] = { krig_profile, 6, 16800, 640 * 1024 }
/* voltage quality of an OMNIPOWER, of a 382 */
#define KRIG_OMNIPOWER \
  , [MW_KLOG_QUALITY] = KRIG_LOG (krig_quality, 1000), \
    [MW_KLOG_COUNTERS] = KRIG_LOG (krig_counters, 366) }
#define KRIG_382 \
  , [MW_KLOG_QUALITY] = KRIG_LOG (krig_voltage, 200) }
static const mw_kmodel krig_direct = { .name = "omnipower-3p", .phases = 3, .breaker = true, .startup_mw = 2300,
  .plan = MW_KPLAN_CALENDAR, KRIG_LOGS KRIG_OMNIPOWER };
static const mw_kmodel krig_ct = { .name = "omnipower-ct", .phases = 3, .ct = true,
  .startup_mw = 600, .plan = MW_KPLAN_CALENDAR, KRIG_LOGS KRIG_OMNIPOWER };
static const mw_kmodel krig_aron = { .name = "omnipower-aron", .phases = 3, .aron = true,
  .startup_mw = 2300, .plan = MW_KPLAN_CALENDAR, KRIG_LOGS KRIG_OMNIPOWER };
static const mw_kmodel krig_tariff = { .name = "k382", .phases = 3, .breaker = true, .startup_mw = 2300,
  .plan = MW_KPLAN_TARIFF, KRIG_LOGS KRIG_382 };
static const mw_kmodel krig_period = { .name = "k382l", .phases = 3, .breaker = true, .startup_mw = 2300,
  .plan = MW_KPLAN_PERIOD, KRIG_LOGS KRIG_382 };
/* clang-format on */

/* Not started. */
static inline krig *
krig_make (const mw_kmodel *model)
{
  krig *r = calloc (1, sizeof *r);
  mw_kmeter_config c = { &r->nvm.nvm, model, 12345678, 684, 0x4131, 0x1234 };
  CHECK_EQ (mw_nvm_file_open (&r->nvm, NULL, MW_KMETER_NVM, 4096), MW_OK);
  mw_kmeter_init (&r->k, &c);
  mw_kmeter_set (&r->k, MW_KV_VQ_LOW_SINGLE, 1840); /* round 200 V are not worth a remark */
  mw_kmeter_set (&r->k, MW_KV_EVENT_UNDER, 20);
  return r;
}

static inline krig *
krig_new (const mw_kmodel *model, const char *time)
{
  krig *r = krig_make (model);
  CHECK_EQ (mw_kmeter_start (&r->k, utc_of (time)), MW_OK);
  return r;
}

static inline void
krig_free (krig *r)
{
  mw_nvm_file_close (&r->nvm);
  free (r);
}

/* Power is cut without a warning, and comes back at UTC: only the memory is left. */
static inline void
krig_cut (krig *r, int64_t utc)
{
  mw_kmeter_config c = r->k.id;
  mw_kmeter_init (&r->k, &c);
  CHECK_EQ (mw_kmeter_start (&r->k, utc), MW_OK);
}

static inline void
krig_load (krig *r, double volt, uint32_t ma, int phi)
{
  mw_load l = load_of (volt, ma, phi);
  mw_kmeter_load (&r->k, &l);
}

static inline void
krig_until (krig *r, const char *time)
{
  int64_t left = utc_of (time) - r->k.m.st.clock.utc;
  CHECK (left >= 0);
  if (left > 0)
    mw_kmeter_run (&r->k, (uint32_t) left);
}

static inline int64_t
number (const krig *r, unsigned id)
{
  return mw_kmeter_number (&r->k, id);
}

/* Column with value ID of entry ENTRY of LOG. */
static inline int64_t
logged (krig *r, enum mw_klog log, uint32_t entry, unsigned id)
{
  mw_kentry e;
  mw_kvalue v = { 0 };
  bool found = false;
  if (!CHECK (mw_klog_read (&r->k, log, entry, &e) == MW_OK))
    return -1;
  for (unsigned i = 0; i < mw_klog_n (&r->k, log); i++)
    if (mw_klog_column (&r->k, log, i) == id) {
      CHECK_EQ (mw_kentry_value (&r->k, &e, i, &v), MW_OK);
      found = true;
    }
  CHECK (found);
  return v.number;
}

#endif
