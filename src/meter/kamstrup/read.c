/* read.c: the register read-out; see kamstrup.h. */
#include "meter/kamstrup/kamstrup.h"

#include <string.h>

/* "kmp:3FF" that is not among the rows: asked for nevertheless. */
MwRegisterInfo *
mw_kam_find_register (MwMeter *self, const char *word, GError **error)
{
  MwRegisterInfo *info;
  const char *name;
  guint16 id;
  if (!mw_kmp_parse_word (word, &id))
    return NULL;
  if (mw_kam_find_id (self, id))
    return mw_register_info_copy (mw_kam_find_id (self, id)->info);
  name = mw_kmp_register_name (id);
  info = g_new0 (MwRegisterInfo, 1);
  info->obis = g_strdup_printf ("kmp:%X", id);
  info->name = g_strdup (name ? name : info->obis);
  info->group = g_strdup ("other");
  info->unit = MW_UNIT_NONE;
  return info;
}

typedef struct {
  MwMeter *meter;
  GPtrArray *wanted; /* of MwRegisterInfo */
  guint16 *ids;
  MwReading **readings; /* one per wanted */
  guint n_done;
  gint64 started;
} Plan;

static void
tell_progress (Plan *plan)
{
  gint64 elapsed = g_get_monotonic_time () - plan->started;
  guint all = plan->wanted->len, done = plan->n_done;
  int left = -1;
  if (elapsed > G_USEC_PER_SEC && done >= 8)
    left = (int) (elapsed * (all - done) / done / G_USEC_PER_SEC);
  mw_monitor_progress (plan->meter->monitor, (double) done / all, left);
}

static void
note_clock (MwMeter *self, const mw_kmp_value *value)
{
  mw_civil t;
  gint64 utc;
  if (value == NULL || mw_kmp_value_civil (value, &t) != MW_OK
      || !mw_kam_to_utc (&t, &utc, &self->deviation))
    return;
  self->clock_utc = utc;
  self->clock_drift = utc - g_get_real_time () / G_USEC_PER_SEC;
}

static void
on_value (gpointer user, guint16 id, const mw_kmp_value *value)
{
  Plan *plan = user;
  if (id == MW_KMP_RTC)
    note_clock (plan->meter, value);
  for (guint i = 0; i < plan->wanted->len; i++) {
    if (plan->ids[i] != id || plan->readings[i])
      continue;
    plan->readings[i] = mw_kam_reading (plan->meter, plan->wanted->pdata[i], value);
    plan->n_done++;
    mw_monitor_reading (plan->meter->monitor, plan->readings[i]);
  }
  tell_progress (plan);
}

static guint16
id_of (MwMeter *self, const MwRegisterInfo *info)
{
  const MwKmpRow *row = mw_kam_find_word (self, info->obis);
  guint16 id = 0;
  if (info->kmp_id)
    return info->kmp_id;
  if (row)
    return row->id;
  mw_kmp_parse_word (info->obis, &id);
  return id;
}

/* The ids to be asked for: each once, and the clock with them. */
static GArray *
distinct_ids (const Plan *plan)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint16));
  guint16 clock = MW_KMP_RTC;
  gboolean has_clock = FALSE;
  for (guint i = 0; i < plan->wanted->len; i++) {
    gboolean twice = FALSE;
    for (guint k = 0; k < i; k++)
      twice |= plan->ids[k] == plan->ids[i];
    has_clock |= plan->ids[i] == clock;
    if (!twice)
      g_array_append_val (ids, plan->ids[i]);
  }
  if (!has_clock)
    g_array_append_val (ids, clock);
  return ids;
}

/* Some columns of logs are no registers that can be read by themselves. */
static gboolean
is_of_logs_alone (MwMeter *self, guint16 id, const MwReading *reading)
{
  GPtrArray *logs = self->kamstrup->logs;
  if (reading->kind != MW_READING_REFUSED || !self->reading_all)
    return FALSE;
  for (guint i = 0; i < logs->len; i++) {
    const MwKmpLog *log = logs->pdata[i];
    for (guint c = 0; c < log->n_ids; c++)
      if (log->ids[c] == id)
        return TRUE;
  }
  return FALSE;
}

gboolean
mw_kam_read (MwMeter *self, GPtrArray *wanted, MwReadout *readout, GError **error)
{
  g_autofree guint16 *ids = g_new0 (guint16, wanted->len + 1);
  g_autofree MwReading **readings = g_new0 (MwReading *, wanted->len + 1);
  Plan plan = { self, wanted, ids, readings, 0, g_get_monotonic_time () };
  g_autoptr (GArray) distinct = NULL;
  gboolean good;
  for (guint i = 0; i < wanted->len; i++)
    ids[i] = id_of (self, wanted->pdata[i]);
  distinct = distinct_ids (&plan);
  good = mw_kmp_wire_get (self->kmp, (const guint16 *) distinct->data, distinct->len, on_value,
                          &plan, error);
  for (guint i = 0; i < wanted->len; i++) {
    if (good && readings[i] && !is_of_logs_alone (self, ids[i], readings[i]))
      g_ptr_array_add (readout->readings, readings[i]);
    else
      g_clear_pointer (&readings[i], mw_reading_unref);
  }
  return good;
}
