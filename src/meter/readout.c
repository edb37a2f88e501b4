/* readout.c: reading registers and loggers of any meter: which ones, the family's reading of
 * them, and keeping what came: the whole of it or nothing.
 */
#include "meter/meter-private.h"

/* ---- which registers ---- */

static gboolean
add_word (MwMeter *self, GPtrArray *wanted, const char *word, GError **error)
{
  const MwRegisterInfo *info = mw_find_register (self, word);
  g_autoptr (GError) failure = NULL;
  MwRegisterInfo *extra;
  if (info) {
    g_ptr_array_add (wanted, mw_register_info_copy (info));
    return TRUE;
  }
  extra =
      self->family->find_register ? self->family->find_register (self, word, &failure) : NULL;
  if (extra) {
    g_ptr_array_add (wanted, extra);
    return TRUE;
  }
  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return mw_fail (error, MW_SESSION_ERROR_USAGE, "This meter has no register “%s”. %s", word,
                  self->family->objects ? "“mw objects” lists what it has."
                                        : "“mw read” without a name shows those that it has.");
}

static gboolean
add_words (MwMeter *self, GPtrArray *wanted, const char *const *words, GError **error)
{
  for (guint i = 0; words[i]; i++)
    if (!add_word (self, wanted, words[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
add_profile (MwMeter *self, GPtrArray *wanted, const char *name, GError **error)
{
  MwRegisterProfile *profile = NULL;
  gboolean good;
  if (self->store)
    profile = mw_store_load_register_profile (self->store, self->info->family, name, NULL);
  if (profile == NULL)
    return mw_fail (error, MW_SESSION_ERROR_USAGE,
                    "There is no register profile “%s” for this type of meter. Save one first, "
                    "or name the registers.",
                    name);
  good = add_words (self, wanted, (const char *const *) profile->registers, error);
  mw_register_profile_free (profile);
  return good;
}

static gboolean
choose (MwMeter *self, GPtrArray *wanted, const char *const *registers, const char *profile,
        GError **error)
{
  self->reading_all = registers == NULL && profile == NULL;
  if (registers)
    return add_words (self, wanted, registers, error);
  if (profile)
    return add_profile (self, wanted, profile, error);
  for (guint i = 0; i < self->registers->len; i++)
    g_ptr_array_add (wanted, mw_register_info_copy (self->registers->pdata[i]));
  return TRUE;
}

/* ---- the read-out ---- */

static gboolean
store_readout (MwMeter *self, MwReadout *readout, GError **error)
{
  if (self->store == NULL || !self->save)
    return TRUE;
  readout->id = mw_store_save_readout (self->store, readout, error);
  if (readout->id)
    return TRUE;
  mw_error_adopt (error, MW_SESSION_ERROR_STORE);
  return FALSE;
}

void
mw_meter_finish_readout (MwMeter *self, MwReadout *readout, const char *profile)
{
  readout->meter = mw_meter_info_ref (self->info);
  readout->at = g_get_real_time () / G_USEC_PER_SEC;
  readout->link = g_strdup (self->uri);
  readout->profile = g_strdup (profile);
  readout->meter_clock = self->clock_utc;
}

static MwReadout *
read_out (MwMeter *self, const char *const *registers, const char *profile, GError **error)
{
  g_autoptr (GPtrArray) wanted =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_register_info_free);
  g_autoptr (MwReadout) readout = mw_readout_new ();
  if (!choose (self, wanted, registers, profile, error))
    return NULL;
  mw_monitor_step (self->monitor, "Reading %u registers…", wanted->len);
  if (!self->family->read (self, wanted, readout, error))
    return NULL;
  mw_meter_finish_readout (self, readout, profile);
  return g_steal_pointer (&readout);
}

MwReadout *
mw_meter_read_words (MwMeter *self, const char *const *words, MwMonitor *monitor,
                     GError **error)
{
  mw_meter_begin (self, monitor);
  return read_out (self, words, NULL, error);
}

MwReadout *
mw_meter_read (MwMeter *self, const char *const *registers, const char *profile,
               MwMonitor *monitor, GError **error)
{
  g_autoptr (MwReadout) readout = NULL;
  mw_meter_begin (self, monitor);
  readout = read_out (self, registers, profile, error);
  if (readout == NULL || !store_readout (self, readout, error))
    return NULL;
  return g_steal_pointer (&readout);
}

/* ---- loggers ---- */

static const MwLoggerInfo *
logger_of (MwMeter *self, const char *logger, GError **error)
{
  const MwLoggerInfo *info = mw_find_logger (self, logger);
  GString *names;
  if (info)
    return info;
  names = g_string_new (NULL);
  for (guint i = 0; i < self->loggers->len; i++)
    g_string_append_printf (names, "%s%s", i ? ", " : "",
                            ((MwLoggerInfo *) self->loggers->pdata[i])->logger);
  if (self->loggers->len == 0)
    mw_fail (error, MW_SESSION_ERROR_USAGE,
             "This meter has no logger “%s”; over %s it gives no loggers at all.", logger,
             self->talk->name);
  else
    mw_fail (error, MW_SESSION_ERROR_USAGE, "This meter has no logger “%s”. It has: %s.",
             logger, names->str);
  g_string_free (names, TRUE);
  return NULL;
}

static gboolean
store_series (MwMeter *self, MwSeries *series, GBytes *raw, GError **error)
{
  if (self->store == NULL || !self->save || series->n_rows == 0
      || mw_store_save_series (self->store, series, raw, NULL, error))
    return TRUE;
  mw_error_adopt (error, MW_SESSION_ERROR_STORE);
  return FALSE;
}

MwSeries *
mw_meter_log (MwMeter *self, const char *logger, const MwLogWindow *window, MwMonitor *monitor,
              GError **error)
{
  g_autoptr (MwSeries) series = NULL;
  g_autoptr (GBytes) raw = NULL;
  const MwLoggerInfo *info;

  mw_meter_begin (self, monitor);
  info = logger_of (self, logger, error);
  if (info == NULL)
    return NULL;
  series = self->family->log (self, info, window, &raw, error);
  if (series == NULL || !store_series (self, series, raw, error))
    return NULL;
  return g_steal_pointer (&series);
}

MwLoggerStatus *
mw_meter_logger_status (MwMeter *self, const char *logger, MwMonitor *monitor, GError **error)
{
  const MwLoggerInfo *info;
  mw_meter_begin (self, monitor);
  info = logger_of (self, logger, error);
  return info ? self->family->status (self, info, error) : NULL;
}
