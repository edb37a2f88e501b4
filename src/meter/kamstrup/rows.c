/* rows.c: which registers and logs a Kamstrup meter has; see kamstrup.h.
 *
 * The catalogue knows.  Without it (no store), and of a meter that it knows by name alone, what
 * every Kamstrup meter has by the protocol is asked for, and what the meter lacks is left out.
 */
#include "meter/kamstrup/kamstrup.h"

#include <string.h>

/* Registers that software reads of any Kamstrup meter: energies, maxima, powers, voltages and
 * currents, counters, clock, identity. */
static const guint16 common[] = { 0x0001, 0x0002, 0x0003, 0x0004, 0x0013, 0x0017, 0x0027,
                                  0x0028, 0x002f, 0x03e9, 0x03eb, 0x03ec, 0x03f2, 0x03ff,
                                  0x0400, 0x0401, 0x0402, 0x0407, 0x0417, 0x041e, 0x041f,
                                  0x0420, 0x0422, 0x0434, 0x0435, 0x0436 };
/* The load profile of generation J and its energies (Kamstrup's data sheets of 382J). */
static const MwKmpLog common_log = { .log = MW_KMP_LOG_PROFILE,
                                     .n_ids = 5,
                                     .ids = { MW_KMP_RTC, 1, 2, 3, 4 } };

void
mw_kmp_row_free (MwKmpRow *row)
{
  if (row == NULL)
    return;
  mw_register_info_free (row->info);
  g_free (row);
}

void
mw_kmp_log_free (MwKmpLog *log)
{
  if (log == NULL)
    return;
  mw_logger_info_free (log->info);
  g_free (log);
}

void
mw_kam_free (MwKamstrup *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->logs, g_ptr_array_unref);
  g_free (self->type_number);
  g_free (self->note);
  g_free (self);
}

/* ---- what every one has ---- */

static void
on_common (gpointer user, guint16 id, const mw_kmp_value *value)
{
  GPtrArray *rows = user;
  const char *name = mw_kmp_register_name (id);
  MwKmpRow *row;
  if (value == NULL)
    return;
  row = g_new0 (MwKmpRow, 1);
  row->id = id;
  row->code = value->unit == MW_KMP_UNIT_BITS;
  row->info = g_new0 (MwRegisterInfo, 1);
  row->info->obis = g_strdup_printf ("kmp:%X", id);
  row->info->name = g_strdup (name ? name : row->info->obis);
  row->info->group = g_strdup ("other");
  row->info->unit = MW_UNIT_NONE;
  g_ptr_array_add (rows, row);
}

static gboolean
load_common (MwMeter *self, GError **error)
{
  MwKmpLog *log = g_memdup2 (&common_log, sizeof common_log);
  log->info = g_new0 (MwLoggerInfo, 1);
  log->info->logger = g_strdup ("load-profile");
  log->info->name = g_strdup ("Load profile");
  log->info->obis = g_strdup ("kmp-log:6");
  g_ptr_array_add (self->kamstrup->logs, log);
  return mw_kmp_wire_get (self->kmp, common, G_N_ELEMENTS (common), on_common,
                          self->kamstrup->rows, error);
}

/* ---- the catalogue ---- */

MwMeterKind
mw_kam_kind (MwMeter *self)
{
  MwMeterKind kind = mw_meter_kind_of (self->info);
  if (self->kamstrup == NULL)
    return kind;
  if (self->kamstrup->variant)
    kind.variant = self->kamstrup->variant;
  if (self->kamstrup->type_number)
    kind.type_number = self->kamstrup->type_number;
  return kind;
}

static gboolean
load_registers (MwMeter *self, const MwMeterKind *kind, GError **error)
{
  g_autoptr (GPtrArray) list = mw_store_list_kind_registers (self->store, kind, error);
  for (guint i = 0; list && i < list->len; i++) {
    const MwRegisterInfo *info = list->pdata[i];
    MwKmpRow *row;
    if (info->kmp_id == 0)
      continue;
    row = g_new0 (MwKmpRow, 1);
    row->id = info->kmp_id;
    row->code = -1;
    row->info = mw_register_info_copy (info);
    g_ptr_array_add (self->kamstrup->rows, row);
  }
  return list != NULL;
}

static gboolean
load_logs (MwMeter *self, const MwMeterKind *kind, GError **error)
{
  g_autoptr (GPtrArray) list = mw_store_list_kind_loggers (self->store, kind, FALSE, error);
  for (guint i = 0; list && i < list->len; i++) {
    const MwLoggerInfo *info = list->pdata[i];
    MwKmpLog *log;
    if (info->kmp_log == 0 || info->columns == NULL || info->columns->len == 0)
      continue;
    log = g_new0 (MwKmpLog, 1);
    log->log = info->kmp_log;
    log->info = mw_logger_info_copy (info);
    log->n_ids = MIN (info->columns->len, MW_STORE_MAX_COLUMNS);
    memcpy (log->ids, info->columns->data, log->n_ids * sizeof (guint16));
    g_ptr_array_add (self->kamstrup->logs, log);
  }
  return list != NULL;
}

gboolean
mw_kam_load_rows (MwMeter *self, GError **error)
{
  MwKamstrup *k = self->kamstrup;
  MwMeterKind kind = mw_kam_kind (self);
  k->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_kmp_row_free);
  k->logs = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_kmp_log_free);
  if (self->store && k->note == NULL && kind.model
      && (!load_registers (self, &kind, error) || !load_logs (self, &kind, error))) {
    mw_error_adopt (error, MW_SESSION_ERROR_STORE);
    return FALSE;
  }
  if (k->rows->len)
    return TRUE;
  if (k->note)
    mw_monitor_step (self->monitor, "%s", k->note);
  return load_common (self, error);
}

gboolean
mw_kam_is_code (MwMeter *self, guint16 id)
{
  MwKmpRow *row = (MwKmpRow *) mw_kam_find_id (self, id);
  MwMeterKind kind = mw_kam_kind (self);
  if (row == NULL || self->store == NULL)
    return FALSE;
  if (row->code < 0) {
    g_autofree char *word = g_strdup_printf ("kmp:%X", id);
    g_autoptr (MwValueRule) rule =
        mw_store_get_value_rule (self->store, &kind, word, 0, 0, NULL);
    row->code = rule && (rule->words || rule->bits);
  }
  return row->code;
}

/* ---- finding ---- */

gboolean
mw_kmp_parse_word (const char *word, guint16 *id)
{
  guint64 n;
  if (!g_str_has_prefix (word, "kmp:")
      || !g_ascii_string_to_unsigned (word + 4, 16, 1, G_MAXUINT16, &n, NULL))
    return FALSE;
  *id = (guint16) n;
  return TRUE;
}

const MwKmpRow *
mw_kam_find_id (MwMeter *self, guint16 id)
{
  GPtrArray *rows = self->kamstrup->rows;
  for (guint i = 0; rows && i < rows->len; i++)
    if (((MwKmpRow *) rows->pdata[i])->id == id)
      return rows->pdata[i];
  return NULL;
}

const MwKmpRow *
mw_kam_find_word (MwMeter *self, const char *obis)
{
  GPtrArray *rows = self->kamstrup->rows;
  for (guint i = 0; rows && i < rows->len; i++) {
    MwKmpRow *row = rows->pdata[i];
    if (strcmp (row->info->obis, obis) == 0)
      return row;
  }
  return NULL;
}

const MwKmpLog *
mw_kam_find_log (MwMeter *self, const char *logger)
{
  GPtrArray *logs = self->kamstrup->logs;
  for (guint i = 0; logs && i < logs->len; i++) {
    MwKmpLog *log = logs->pdata[i];
    if (strcmp (log->info->logger, logger) == 0)
      return log;
  }
  return NULL;
}
