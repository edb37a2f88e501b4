/* catalogue-meters.c: the registers, loggers and functions of one kind of meter. */
#include "catalogue-kind.h"

#include <string.h>

/* ---- registers ---- */

/* Objects of DLMS that hold one value: data, register, extended and demand register, clock. */
static gboolean
add_objects (MwStore *store, const MwMeterKind *kind, GPtrArray *registers, GError **error)
{
  static const char sql[] =
      "SELECT obis, class_id, name, \"group\", unit, exponent, assigned_reference "
      "FROM family_object WHERE family = ?1 AND class_id IN (1, 3, 4, 5, 8) "
      "AND (?2 IS NULL OR models IS NULL OR EXISTS (SELECT 1 FROM family_model m "
      "WHERE m.family = ?1 AND substr (?2, 1, length (m.name)) = m.name "
      "AND instr (models, ' ' || m.id || ' '))) ORDER BY position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "tt", kind->family, kind->type_number);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwRegisterInfo *info = g_new0 (MwRegisterInfo, 1);
    info->obis = mw_db_dup_text (stmt, 0);
    info->class_id = (guint16) sqlite3_column_int (stmt, 1);
    info->attribute = 2;
    info->name = mw_db_dup_text (stmt, 2);
    info->group = mw_db_dup_text (stmt, 3);
    info->unit = (guint8) sqlite3_column_int (stmt, 4);
    info->exponent = (gint8) sqlite3_column_int (stmt, 5);
    info->assigned_reference = sqlite3_column_int (stmt, 6);
    g_ptr_array_add (registers, info);
  }
  return step == 0;
}

/* A time stamp shares the OBIS code of its value; both are told apart as in COSEM, where it is
 * attribute 5 of the extended register. */
static gint8
attribute_of (const char *obis, const char *group, const char *kind)
{
  return obis && g_str_equal (kind, "rtc") && g_str_equal (group, "maxima") ? 5 : 2;
}

static MwRegisterInfo *
register_of_row (sqlite3_stmt *stmt)
{
  MwRegisterInfo *info = g_new0 (MwRegisterInfo, 1);
  const char *obis = mw_db_text (stmt, 1), *access = mw_db_text (stmt, 8);

  info->kmp_id = (guint16) sqlite3_column_int (stmt, 0);
  info->obis = obis ? g_strdup (obis) : g_strdup_printf ("kmp:%X", info->kmp_id);
  info->name = mw_db_dup_text (stmt, 2);
  info->group = mw_db_dup_text (stmt, 3);
  info->attribute = attribute_of (obis, info->group, mw_db_text (stmt, 7));
  info->unit = (guint8) sqlite3_column_int (stmt, 4);
  info->exponent = (gint8) sqlite3_column_int (stmt, 5);
  info->octets = (guint8) sqlite3_column_int (stmt, 6);
  info->module_port = g_str_equal (access, "module");
  info->writable = info->module_port || strchr (access, 'w') != NULL;
  info->assigned_reference = sqlite3_column_int (stmt, 9);
  return info;
}

static gboolean
add_registers (MwStore *store, const MwWholeKind *kind, GPtrArray *registers, GError **error)
{
  static const char sql[] =
      "SELECT id, obis, name, \"group\", unit, exponent, octets, kind, access, "
      "assigned_reference, within FROM family_register WHERE family = ? AND access <> 'w' "
      "ORDER BY position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "t", kind->family);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1)
    if (mw_kind_agrees (mw_db_text (stmt, 10), kind, FALSE))
      g_ptr_array_add (registers, register_of_row (stmt));
  return step == 0;
}

GPtrArray *
mw_store_list_kind_registers (MwStore *store, const MwMeterKind *kind, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) registers = mw_new_list (mw_register_info_free);
  g_auto (MwWholeKind) whole = { 0 };

  if (!mw_kind_complete (store, kind, &whole, error)
      || !add_objects (store, kind, registers, error)
      || !add_registers (store, &whole, registers, error))
    return NULL;
  return g_steal_pointer (&registers);
}

GPtrArray *
mw_store_list_registers (MwStore *store, const char *family, const char *type, GError **error)
{
  MwMeterKind kind = { .family = family, .type_number = type };

  return mw_store_list_kind_registers (store, &kind, error);
}

/* ---- loggers ---- */

/* Columns and depth: of each the first that agrees. */
static gboolean
add_logger_parts (MwStore *store, const MwWholeKind *kind, int position, MwLoggerInfo *info,
                  GError **error)
{
  static const char sql[] =
      "SELECT registers, entries, octets, header, \"column\", within FROM family_logger_part "
      "WHERE family = ? AND logger = ? ORDER BY position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "td", kind->family, position);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    const char *registers = mw_db_text (stmt, 0);
    if (!mw_kind_agrees (mw_db_text (stmt, 5), kind, FALSE))
      continue;
    if (registers && !info->columns) {
      info->columns = mw_kind_parse_ids (registers);
    } else if (!registers && !info->entries && !info->octets) {
      info->entries = (guint32) sqlite3_column_int64 (stmt, 1);
      info->octets = (guint32) sqlite3_column_int64 (stmt, 2);
      info->header = (guint8) sqlite3_column_int (stmt, 3);
      info->column = (guint8) sqlite3_column_int (stmt, 4);
    }
  }
  return step == 0;
}

/* The columns that the meter has no register for are not there. */
static gboolean
drop_columns (MwStore *store, const MwWholeKind *kind, MwLoggerInfo *info, GError **error)
{
  static const char sql[] = "SELECT within FROM family_register WHERE family = ? AND id = ?";

  for (guint i = 0; info->columns && i < info->columns->len;) {
    MW_STMT *stmt = mw_db_prepare (store, sql, error);
    int step = -1;
    if (stmt) {
      mw_db_bind (stmt, "td", kind->family, (int) g_array_index (info->columns, guint16, i));
      step = mw_db_step (store, stmt, error);
    }
    if (step < 0)
      return FALSE;
    if (step == 1 && mw_kind_agrees (mw_db_text (stmt, 0), kind, FALSE))
      i++;
    else
      g_array_remove_index (info->columns, i);
  }
  return TRUE;
}

static gboolean
has_logger (GPtrArray *loggers, const char *id)
{
  for (guint i = 0; i < loggers->len; i++)
    if (g_str_equal (((MwLoggerInfo *) loggers->pdata[i])->logger, id))
      return TRUE;
  return FALSE;
}

static MwLoggerInfo *
logger_of_row (sqlite3_stmt *stmt, gboolean there)
{
  MwLoggerInfo *info = g_new0 (MwLoggerInfo, 1);
  const char *reason = mw_db_text (stmt, 6);

  info->logger = mw_db_dup_text (stmt, 1);
  info->name = mw_db_dup_text (stmt, 2);
  info->obis = mw_db_dup_text (stmt, 3);
  info->events = sqlite3_column_int (stmt, 4);
  info->kmp_log = (guint8) sqlite3_column_int (stmt, 5);
  info->assigned_reference = sqlite3_column_int (stmt, 7);
  if (!there)
    info->reason = g_strdup (reason ? reason : "This meter does not have it.");
  return info;
}

static gboolean
add_loggers (MwStore *store, const MwWholeKind *kind, gboolean there, GPtrArray *loggers,
             GError **error)
{
  static const char sql[] =
      "SELECT position, logger, name, obis, kind = 'events', kmp, reason, assigned_reference, "
      "within FROM family_logger WHERE family = ? ORDER BY position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "t", kind->family);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwLoggerInfo *info;
    if (mw_kind_agrees (mw_db_text (stmt, 8), kind, FALSE) != there
        || has_logger (loggers, mw_db_text (stmt, 1)))
      continue;
    info = logger_of_row (stmt, there);
    g_ptr_array_add (loggers, info);
    if (!add_logger_parts (store, kind, sqlite3_column_int (stmt, 0), info, error)
        || !drop_columns (store, kind, info, error))
      return FALSE;
  }
  return step == 0;
}

GPtrArray *
mw_store_list_kind_loggers (MwStore *store, const MwMeterKind *kind, gboolean all,
                            GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) loggers = mw_new_list (mw_logger_info_free);
  g_auto (MwWholeKind) whole = { 0 };

  if (!mw_kind_complete (store, kind, &whole, error)
      || !add_loggers (store, &whole, TRUE, loggers, error)
      || (all && !add_loggers (store, &whole, FALSE, loggers, error)))
    return NULL;
  return g_steal_pointer (&loggers);
}

GPtrArray *
mw_store_list_family_loggers (MwStore *store, const char *family, GError **error)
{
  MwMeterKind kind = { .family = family };

  return mw_store_list_kind_loggers (store, &kind, FALSE, error);
}

guint32
mw_logger_info_depth (const MwLoggerInfo *logger, guint n)
{
  if (logger->entries || !logger->octets)
    return logger->entries;
  return logger->octets / (logger->header + logger->column * n);
}

/* ---- functions ---- */

void
mw_function_info_free (MwFunctionInfo *info)
{
  if (!info)
    return;
  g_free (info->id);
  g_free (info->name);
  g_free (info->reason);
  g_free (info->manual);
  g_free (info);
}

/* Is revision A ("K9") before B ("L1")?  Unknown: no. */
static gboolean
is_before (const char *a, const char *b)
{
  if (!a || !g_ascii_isupper (a[0]))
    return FALSE;
  if (a[0] != b[0])
    return a[0] < b[0];
  return g_ascii_strtoull (a + 1, NULL, 10) < g_ascii_strtoull (b + 1, NULL, 10);
}

/* The reason of the first "unless" that surely holds; NULL when none does. */
static gboolean
find_obstacle (MwStore *store, const MwWholeKind *kind, int function, char **reason,
               GError **error)
{
  static const char sql[] = "SELECT within, before, reason FROM family_function_unless "
                            "WHERE family = ? AND function = ? ORDER BY position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "td", kind->family, function);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    const char *before = mw_db_text (stmt, 1);
    if (!mw_kind_agrees (mw_db_text (stmt, 0), kind, TRUE)
        || (before && !is_before (kind->revision, before)))
      continue;
    *reason = mw_db_dup_text (stmt, 2);
    return TRUE;
  }
  return step == 0;
}

/* Why KIND lacks the function of the row; NULL when it has it. */
static gboolean
find_reason (MwStore *store, const MwWholeKind *kind, int breaker, sqlite3_stmt *stmt,
             char **reason, GError **error)
{
  const char *otherwise = mw_db_text (stmt, 4);

  *reason = NULL;
  if (!find_obstacle (store, kind, sqlite3_column_int (stmt, 0), reason, error))
    return FALSE;
  if (*reason)
    return TRUE;
  if (!sqlite3_column_int (stmt, 3) || !mw_kind_agrees (mw_db_text (stmt, 5), kind, FALSE))
    *reason = g_strdup (otherwise ? otherwise : "This meter does not have it.");
  else if (sqlite3_column_int (stmt, 7) && breaker == 0)
    *reason = g_strdup ("The type number says that this meter has no breaker.");
  return TRUE;
}

GPtrArray *
mw_store_list_functions (MwStore *store, const MwMeterKind *kind, GError **error)
{
  static const char sql[] =
      "SELECT position, id, name, available, reason, within, module_port, breaker, manual "
      "FROM family_function WHERE family = ? ORDER BY position";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) functions = mw_new_list (mw_function_info_free);
  g_auto (MwWholeKind) whole = { 0 };
  int breaker = mw_store_get_breaker (store, kind), step = -1;
  MW_STMT *stmt = NULL;

  if (!mw_kind_complete (store, kind, &whole, error))
    return NULL;
  stmt = mw_db_prepare (store, sql, error);
  if (stmt)
    mw_db_bind (stmt, "t", whole.family);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwFunctionInfo *info = g_new0 (MwFunctionInfo, 1);
    g_ptr_array_add (functions, info);
    info->id = mw_db_dup_text (stmt, 1);
    info->name = mw_db_dup_text (stmt, 2);
    info->module_port = sqlite3_column_int (stmt, 6);
    info->manual = mw_db_dup_text (stmt, 8);
    if (!find_reason (store, &whole, breaker, stmt, &info->reason, error))
      return NULL;
    info->available = info->reason == NULL;
  }
  return step == 0 ? g_steal_pointer (&functions) : NULL;
}

/* ---- the IEC 62056-21 read-out ---- */

void
mw_iec_line_free (MwIecLine *line)
{
  if (!line)
    return;
  g_free (line->code);
  g_free (line->obis);
  g_free (line->name);
  g_free (line->unit);
  g_free (line);
}

GPtrArray *
mw_store_list_iec_lines (MwStore *store, const MwMeterKind *kind, GError **error)
{
  static const char sql[] =
      "SELECT l.code, r.obis, l.id, r.name, l.unit, l.within FROM family_iec_line l "
      "JOIN family_register r ON r.family = l.family AND r.id = l.id "
      "WHERE l.family = ? ORDER BY l.position";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) lines = mw_new_list (mw_iec_line_free);
  g_auto (MwWholeKind) whole = { 0 };
  MW_STMT *stmt = NULL;
  int step = -1;

  if (!mw_kind_complete (store, kind, &whole, error))
    return NULL;
  stmt = mw_db_prepare (store, sql, error);
  if (stmt)
    mw_db_bind (stmt, "t", whole.family);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    const char *obis = mw_db_text (stmt, 1);
    MwIecLine *line;
    if (!mw_kind_agrees (mw_db_text (stmt, 5), &whole, FALSE))
      continue;
    line = g_new0 (MwIecLine, 1);
    line->code = mw_db_dup_text (stmt, 0);
    line->obis = obis ? g_strdup (obis)
                      : g_strdup_printf ("kmp:%X", (guint) sqlite3_column_int (stmt, 2));
    line->name = mw_db_dup_text (stmt, 3);
    line->unit = mw_db_dup_text (stmt, 4);
    g_ptr_array_add (lines, line);
  }
  return step == 0 ? g_steal_pointer (&lines) : NULL;
}
