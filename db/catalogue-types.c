/* catalogue-types.c: type numbers position by position, configuration codes, the display. */
#include "catalogue-kind.h"

#include <string.h>

/* ---- type numbers ---- */

void
mw_type_position_free (MwTypePosition *part)
{
  if (!part)
    return;
  g_free (part->text);
  g_free (part->name);
  g_free (part->meaning);
  g_free (part->reason);
  g_free (part);
}

/* Which shape the number has; one that is found has NAME. */
typedef struct {
  char *family;
  int number;
  char *shape;
  char *name;
} Shape;

static void
shape_clear (Shape *shape)
{
  g_free (shape->family);
  g_free (shape->shape);
  g_free (shape->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shape, shape_clear)

static gboolean
find_shape (MwStore *store, const char *family, const char *plain, Shape *out, GString *lengths,
            GError **error)
{
  static const char sql[] = "SELECT t.family, t.position, t.shape, t.name, t.length, t.pattern "
                            "FROM family_type_number t JOIN family f ON f.id = t.family "
                            "WHERE ?1 IS NULL OR t.family = ?1 ORDER BY f.position, t.position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "t", family);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    g_autofree char *length = g_strdup (mw_db_text (stmt, 4));
    if (!strstr (lengths->str, length))
      g_string_append_printf (lengths, "%s%s", lengths->len ? ", " : "", length);
    if ((gsize) sqlite3_column_int (stmt, 4) != strlen (plain)
        || !g_regex_match_simple (mw_db_text (stmt, 5), plain, 0, 0))
      continue;
    out->family = mw_db_dup_text (stmt, 0);
    out->number = sqlite3_column_int (stmt, 1);
    out->shape = mw_db_dup_text (stmt, 2);
    out->name = mw_db_dup_text (stmt, 3);
    return TRUE;
  }
  return step == 0;
}

static gboolean
find_meaning (MwStore *store, const Shape *shape, int at, gboolean open, MwTypePosition *part,
              GError **error)
{
  static const char sql[] = "SELECT name FROM family_type_code "
                            "WHERE family = ? AND number = ? AND at = ? AND value = ?";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step;

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "tddt", shape->family, shape->number, at, part->text);
  step = mw_db_step (store, stmt, error);
  if (step == 1)
    part->meaning = mw_db_dup_text (stmt, 0);
  else if (open)
    part->reason = g_strdup_printf ("No public source says what “%s” means here.", part->text);
  else
    part->reason = g_strdup_printf (
        "“%s” is none of the codes of this position (%s) that the manual lists.", part->text,
        part->name);
  return step >= 0;
}

static gboolean
add_parts (MwStore *store, const Shape *shape, const char *plain, GPtrArray *parts,
           GError **error)
{
  static const char sql[] = "SELECT at, length, name, open, assigned_reference "
                            "FROM family_type_position WHERE family = ? AND number = ? "
                            "ORDER BY at";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "td", shape->family, shape->number);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwTypePosition *part = g_new0 (MwTypePosition, 1);
    int at = sqlite3_column_int (stmt, 0);
    g_ptr_array_add (parts, part);
    part->at = (guint) at;
    part->text = g_strndup (plain + at - 1, (gsize) sqlite3_column_int (stmt, 1));
    part->name = mw_db_dup_text (stmt, 2);
    part->assigned_reference = sqlite3_column_int (stmt, 4);
    if (!find_meaning (store, shape, at, sqlite3_column_int (stmt, 3), part, error))
      return FALSE;
  }
  return step == 0;
}

/* PLAIN with the dashes of SHAPE. */
static char *
dup_printed (const char *shape, const char *plain)
{
  GString *text = g_string_new (NULL);

  for (const char *s = shape; *s && *plain; s++)
    g_string_append_c (text, *s == '-' ? '-' : *plain++);
  return g_string_free (text, FALSE);
}

GPtrArray *
mw_store_decode_type_number (MwStore *store, const char *family, const char *type_number,
                             char **shape, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) parts = mw_new_list (mw_type_position_free);
  g_autoptr (GString) lengths = g_string_new (NULL);
  g_autofree char *plain = mw_kind_plain_number (type_number);
  g_auto (Shape) found = { 0 };

  if (shape)
    *shape = NULL;
  if (!find_shape (store, family, plain, &found, lengths, error))
    return NULL;
  if (!found.name) {
    g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_INVALID,
                 "“%s” has %u characters and is no type number that the catalogue knows: they "
                 "have %s characters and begin with 684, 685 or 686.",
                 type_number ? type_number : "", (guint) strlen (plain),
                 lengths->len ? lengths->str : "no");
    return NULL;
  }
  if (!add_parts (store, &found, plain, parts, error))
    return NULL;
  if (shape)
    *shape = dup_printed (found.shape, plain);
  return g_steal_pointer (&parts);
}

/* ---- configuration codes ---- */

static void
setting_choice_free (MwSettingChoice *choice)
{
  g_free (choice->code);
  g_free (choice->name);
  g_free (choice);
}

void
mw_setting_info_free (MwSettingInfo *info)
{
  if (!info)
    return;
  g_free (info->id);
  g_free (info->letters);
  g_free (info->name);
  g_free (info->fixed);
  g_clear_pointer (&info->choices, g_ptr_array_unref);
  g_free (info);
}

static gboolean
add_choices (MwStore *store, const MwWholeKind *kind, MwSettingInfo *info, GError **error)
{
  static const char sql[] = "SELECT code, name, within FROM family_choice "
                            "WHERE family = ? AND setting = ? ORDER BY position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "tt", kind->family, info->id);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwSettingChoice *choice;
    if (!mw_kind_agrees (mw_db_text (stmt, 2), kind, FALSE))
      continue;
    choice = g_new0 (MwSettingChoice, 1);
    choice->code = mw_db_dup_text (stmt, 0);
    choice->name = mw_db_dup_text (stmt, 1);
    g_ptr_array_add (info->choices, choice);
  }
  return step == 0;
}

static MwSettingInfo *
setting_of_row (sqlite3_stmt *stmt)
{
  MwSettingInfo *info = g_new0 (MwSettingInfo, 1);

  info->id = mw_db_dup_text (stmt, 0);
  info->letters = mw_db_dup_text (stmt, 1);
  info->name = mw_db_dup_text (stmt, 2);
  info->digits = (guint) sqlite3_column_int (stmt, 3);
  info->kmp_id = (guint16) sqlite3_column_int (stmt, 4);
  info->module_port = sqlite3_column_int (stmt, 5);
  info->fixed = mw_db_dup_text (stmt, 6);
  info->assigned_reference = sqlite3_column_int (stmt, 7);
  info->choices = mw_new_list (setting_choice_free);
  return info;
}

GPtrArray *
mw_store_list_settings (MwStore *store, const MwMeterKind *kind, GError **error)
{
  static const char sql[] =
      "SELECT id, letters, name, digits, register, module_port, fixed, assigned_reference, "
      "within FROM family_setting WHERE family = ? ORDER BY position";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) settings = mw_new_list (mw_setting_info_free);
  g_auto (MwWholeKind) whole = { 0 };
  MW_STMT *stmt = NULL;
  int step = -1;

  if (!mw_kind_complete (store, kind, &whole, error))
    return NULL;
  stmt = mw_db_prepare (store, sql, error);
  if (stmt)
    mw_db_bind (stmt, "t", whole.family);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwSettingInfo *info;
    if (!mw_kind_agrees (mw_db_text (stmt, 8), &whole, FALSE))
      continue;
    info = setting_of_row (stmt);
    g_ptr_array_add (settings, info);
    if (!add_choices (store, &whole, info, error))
      return NULL;
  }
  return step == 0 ? g_steal_pointer (&settings) : NULL;
}

static gboolean
is_number_of (const char *code, guint digits)
{
  return strlen (code) == digits && strspn (code, "0123456789") == digits;
}

char *
mw_store_dup_setting_meaning (MwStore *store, const MwMeterKind *kind, const char *id,
                              const char *code, char **reason)
{
  g_autoptr (GPtrArray) settings = mw_store_list_settings (store, kind, NULL);
  const MwSettingInfo *setting = NULL;
  const char *other = NULL;

  if (reason)
    *reason = NULL;
  for (guint i = 0; settings && i < settings->len && !setting; i++)
    if (g_str_equal (((MwSettingInfo *) settings->pdata[i])->id, id))
      setting = settings->pdata[i];
  for (guint i = 0; setting && i < setting->choices->len; i++) {
    const MwSettingChoice *choice = setting->choices->pdata[i];
    if (g_str_equal (choice->code, code))
      return g_strdup (choice->name);
    if (choice->code[0] == 'x')
      other = choice->name;
  }
  if (setting && other && is_number_of (code, setting->digits))
    return g_strdup_printf ("%s, %s", other, code);
  if (reason)
    *reason = setting ? g_strdup_printf ("“%s” is no code of %s.", code, setting->name)
                      : g_strdup_printf ("This meter has no configuration code %s.", id);
  return NULL;
}

/* ---- the display ---- */

void
mw_display_list_free (MwDisplayList *list)
{
  if (!list)
    return;
  g_free (list->id);
  g_free (list->name);
  g_free (list);
}

void
mw_display_reading_free (MwDisplayReading *reading)
{
  if (!reading)
    return;
  g_free (reading->name);
  g_free (reading->text);
  g_free (reading->obis);
  g_free (reading->note);
  g_free (reading);
}

GPtrArray *
mw_store_list_display_lists (MwStore *store, const MwMeterKind *kind, GError **error)
{
  static const char sql[] = "SELECT id, name, most, within FROM family_display_list "
                            "WHERE family = ? ORDER BY position";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) lists = mw_new_list (mw_display_list_free);
  g_auto (MwWholeKind) whole = { 0 };
  MW_STMT *stmt = NULL;
  int step = -1;

  if (!mw_kind_complete (store, kind, &whole, error))
    return NULL;
  stmt = mw_db_prepare (store, sql, error);
  if (stmt)
    mw_db_bind (stmt, "t", whole.family);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1)
    if (mw_kind_agrees (mw_db_text (stmt, 3), &whole, FALSE)) {
      MwDisplayList *list = g_new0 (MwDisplayList, 1);
      list->id = mw_db_dup_text (stmt, 0);
      list->name = mw_db_dup_text (stmt, 1);
      list->most = (guint) sqlite3_column_int (stmt, 2);
      g_ptr_array_add (lists, list);
    }
  return step == 0 ? g_steal_pointer (&lists) : NULL;
}

GPtrArray *
mw_store_list_display_readings (MwStore *store, const MwMeterKind *kind, GError **error)
{
  static const char sql[] =
      "SELECT name, text, obis, register, mandatory, note, within FROM family_display_reading "
      "WHERE family = ? ORDER BY position";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) readings = mw_new_list (mw_display_reading_free);
  g_auto (MwWholeKind) whole = { 0 };
  MW_STMT *stmt = NULL;
  int step = -1;

  if (!mw_kind_complete (store, kind, &whole, error))
    return NULL;
  stmt = mw_db_prepare (store, sql, error);
  if (stmt)
    mw_db_bind (stmt, "t", whole.family);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1)
    if (mw_kind_agrees (mw_db_text (stmt, 6), &whole, FALSE)) {
      MwDisplayReading *reading = g_new0 (MwDisplayReading, 1);
      reading->name = mw_db_dup_text (stmt, 0);
      reading->text = mw_db_dup_text (stmt, 1);
      reading->obis = mw_db_dup_text (stmt, 2);
      reading->kmp_id = (guint16) sqlite3_column_int (stmt, 3);
      reading->mandatory = sqlite3_column_int (stmt, 4);
      reading->note = mw_db_dup_text (stmt, 5);
      g_ptr_array_add (readings, reading);
    }
  return step == 0 ? g_steal_pointer (&readings) : NULL;
}
