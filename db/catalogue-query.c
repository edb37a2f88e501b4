/* catalogue-query.c: what the catalogue says of families, registers, loggers, events and bits.
 */
#include "catalogue-kind.h"

#include <stdio.h>
#include <string.h>

/* ---- families ---- */

void
mw_family_info_free (MwFamilyInfo *info)
{
  if (!info)
    return;
  g_free (info->id);
  g_free (info->name);
  g_free (info->manufacturer);
  g_free (info->protocol);
  g_free (info);
}

GPtrArray *
mw_store_list_families (MwStore *store, GError **error)
{
  static const char sql[] =
      "SELECT id, name, manufacturer, protocol FROM family ORDER BY position";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) families =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_family_info_free);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwFamilyInfo *info = g_new0 (MwFamilyInfo, 1);
    info->id = mw_db_dup_text (stmt, 0);
    info->name = mw_db_dup_text (stmt, 1);
    info->manufacturer = mw_db_dup_text (stmt, 2);
    info->protocol = mw_db_dup_text (stmt, 3);
    g_ptr_array_add (families, info);
  }
  return step == 0 ? g_steal_pointer (&families) : NULL;
}

/* ---- events ---- */

char *
mw_store_dup_event_text (MwStore *store, const char *family, const char *logger, gint64 code,
                         char **description)
{
  static const char sql[] = "SELECT name, description FROM family_event "
                            "WHERE family = ? AND logger = ? AND code = ?";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MW_STMT *stmt = mw_db_prepare (store, sql, NULL);

  if (description)
    *description = NULL;
  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "tti", family, logger, code);
  if (mw_db_step (store, stmt, NULL) != 1)
    return NULL;
  if (description)
    *description = mw_db_dup_text (stmt, 1);
  return mw_db_dup_text (stmt, 0);
}

/* ---- bits ---- */

void
mw_status_bit_free (MwStatusBit *bit)
{
  if (!bit)
    return;
  g_free (bit->code);
  g_free (bit->name);
  g_free (bit);
}

static MwSeverity
severity_of_text (const char *text)
{
  return g_strcmp0 (text, "error") == 0     ? MW_SEVERITY_ERROR
         : g_strcmp0 (text, "warning") == 0 ? MW_SEVERITY_WARNING
                                            : MW_SEVERITY_INFO;
}

/* The bits that STMT, bound, selects: bit, code, name, severity. */
static GPtrArray *
take_bits (MwStore *store, sqlite3_stmt *stmt, GError **error)
{
  g_autoptr (GPtrArray) bits =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_status_bit_free);
  int step;

  while ((step = mw_db_step (store, stmt, error)) == 1) {
    MwStatusBit *bit = g_new0 (MwStatusBit, 1);
    bit->bit = (guint) sqlite3_column_int (stmt, 0);
    bit->code = mw_db_dup_text (stmt, 1);
    bit->name = mw_db_dup_text (stmt, 2);
    bit->severity = severity_of_text (mw_db_text (stmt, 3));
    g_ptr_array_add (bits, bit);
  }
  return step == 0 ? g_steal_pointer (&bits) : NULL;
}

GPtrArray *
mw_store_list_status_bits (MwStore *store, const char *family, const char *logger,
                           GError **error)
{
  /* The profile status of every capture profile of a family is one list. */
  static const char sql[] =
      "SELECT bit, code, b.name, severity FROM family_bit b "
      "JOIN family_logger l ON l.family = b.family WHERE b.family = ? AND l.logger = ? "
      "AND l.kind IN ('profile', 'billing') AND list = 'profile-status' ORDER BY bit";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "tt", family, logger);
  return take_bits (store, stmt, error);
}

GPtrArray *
mw_store_list_object_bits (MwStore *store, const char *family, const char *obis, GError **error)
{
  static const char sql[] =
      "SELECT bit, code, b.name, severity FROM family_bit b WHERE b.family = ?1 AND b.list = "
      "(SELECT bits FROM (SELECT bits, position FROM family_object WHERE family = ?1 AND obis "
      "= "
      "?2 AND bits IS NOT NULL UNION ALL SELECT bits, position FROM family_register "
      "WHERE family = ?1 AND (obis = ?2 OR id = ?3) AND bits IS NOT NULL) "
      "ORDER BY position LIMIT 1) ORDER BY bit";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "ttd", family, obis, mw_kmp_id_of_word (obis));
  return take_bits (store, stmt, error);
}

GPtrArray *
mw_store_list_bits (MwStore *store, const char *family, const char *list, GError **error)
{
  static const char sql[] = "SELECT bit, code, name, severity FROM family_bit "
                            "WHERE family = ? AND list = ? ORDER BY bit";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "tt", family, list);
  return take_bits (store, stmt, error);
}

char *
mw_store_dup_status_text (MwStore *store, const char *family, const char *logger,
                          guint32 status)
{
  g_autoptr (GPtrArray) bits = mw_store_list_status_bits (store, family, logger, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; bits && i < bits->len; i++) {
    const MwStatusBit *bit = g_ptr_array_index (bits, i);
    guint32 mask = bit->bit < 32 ? 1u << bit->bit : 0;
    if (status & mask)
      g_string_append_printf (text, "%s%s", text->len ? ", " : "", bit->name);
    status &= ~mask;
  }
  if (status)
    g_string_append_printf (text, "%s0x%02X", text->len ? ", " : "", status);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

guint32
mw_store_get_doubtful_mask (MwStore *store, const char *family, const char *logger)
{
  g_autoptr (GPtrArray) bits = mw_store_list_status_bits (store, family, logger, NULL);
  guint32 mask = 0;

  for (guint i = 0; bits && i < bits->len; i++) {
    const MwStatusBit *bit = g_ptr_array_index (bits, i);
    if (bit->severity != MW_SEVERITY_INFO && bit->bit < 32)
      mask |= 1u << bit->bit;
  }
  return mask;
}

/* ---- names ---- */

/* A name that the catalogue gives to this very object. */
static char *
name_of_object (MwStore *store, const char *family, const char *obis, char **group,
                guint8 *unit)
{
  static const char sql[] =
      "SELECT name, \"group\", unit FROM family_object WHERE family = ? AND obis = ? LIMIT 1";
  MW_STMT *stmt = mw_db_prepare (store, sql, NULL);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "tt", family, obis);
  if (mw_db_step (store, stmt, NULL) != 1)
    return NULL;
  *group = mw_db_dup_text (stmt, 1);
  *unit = (guint8) sqlite3_column_int (stmt, 2);
  return mw_db_dup_text (stmt, 0);
}

/* The name of a register of KMP, by its own word or the OBIS code that it has. */
static char *
name_of_register (MwStore *store, const char *family, const char *obis, char **group,
                  guint8 *unit)
{
  static const char sql[] = "SELECT name, \"group\", unit FROM family_register "
                            "WHERE family = ? AND (obis = ? OR id = ?) "
                            "ORDER BY kind = 'rtc', position LIMIT 1";
  MW_STMT *stmt = mw_db_prepare (store, sql, NULL);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "ttd", family, obis, mw_kmp_id_of_word (obis));
  if (mw_db_step (store, stmt, NULL) != 1)
    return NULL;
  *group = mw_db_dup_text (stmt, 1);
  *unit = (guint8) sqlite3_column_int (stmt, 2);
  return mw_db_dup_text (stmt, 0);
}

/* A name by the value groups: the family's own patterns first, then those of any meter. */
static char *
name_of_groups (MwStore *store, const char *family, const guint g[6], char **group,
                guint8 *unit)
{
  static const char sql[] =
      "SELECT text, \"group\", unit FROM family_name WHERE family IN (?1, '" MW_GENERIC_FAMILY
      "') "
      "AND ?2 BETWEEN a0 AND a1 AND ?3 BETWEEN b0 AND b1 AND ?4 BETWEEN c0 AND c1 "
      "AND ?5 BETWEEN d0 AND d1 AND ?6 BETWEEN e0 AND e1 AND ?7 BETWEEN f0 AND f1 "
      "ORDER BY family <> ?1, position LIMIT 1";
  MW_STMT *stmt = mw_db_prepare (store, sql, NULL);
  g_autoptr (GString) name = NULL;
  g_autofree char *e = g_strdup_printf ("%u", g[4]);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "tdddddd", family, (int) g[0], (int) g[1], (int) g[2], (int) g[3],
              (int) g[4], (int) g[5]);
  if (mw_db_step (store, stmt, NULL) != 1)
    return NULL;
  name = g_string_new (mw_db_text (stmt, 0));
  g_string_replace (name, "{e}", e, 0);
  *group = mw_db_dup_text (stmt, 1);
  *unit = (guint8) sqlite3_column_int (stmt, 2);
  return g_string_free (g_steal_pointer (&name), FALSE);
}

char *
mw_store_dup_object_name (MwStore *store, const char *family, const char *obis, char **group,
                          guint8 *unit)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autofree char *found_group = NULL;
  guint8 found_unit = MW_UNIT_NONE;
  char *name = NULL;
  guint g[6];

  family = family ? family : MW_GENERIC_FAMILY;
  if (obis)
    name = name_of_object (store, family, obis, &found_group, &found_unit);
  if (obis && !name)
    name = name_of_register (store, family, obis, &found_group, &found_unit);
  if (!name && obis
      && sscanf (obis, "%u-%u:%u.%u.%u.%u", &g[0], &g[1], &g[2], &g[3], &g[4], &g[5]) == 6)
    name = name_of_groups (store, family, g, &found_group, &found_unit);
  if (group)
    *group = g_steal_pointer (&found_group);
  if (unit)
    *unit = found_unit;
  return name;
}

char *
mw_store_dup_class_name (MwStore *store, guint16 class_id, int version)
{
  static const char sql[] = "SELECT name FROM interface_class WHERE id = ? "
                            "ORDER BY version = ? DESC, version LIMIT 1";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MW_STMT *stmt = mw_db_prepare (store, sql, NULL);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "dd", (int) class_id, version);
  return mw_db_step (store, stmt, NULL) == 1 ? mw_db_dup_text (stmt, 0) : NULL;
}

char *
mw_store_dup_attribute_name (MwStore *store, guint16 class_id, int n)
{
  static const char sql[] = "SELECT name FROM interface_attribute WHERE class_id = ? AND n = ? "
                            "ORDER BY version DESC LIMIT 1";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MW_STMT *stmt = mw_db_prepare (store, sql, NULL);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "dd", (int) class_id, n);
  return mw_db_step (store, stmt, NULL) == 1 ? mw_db_dup_text (stmt, 0) : NULL;
}
