/* catalogue-rules.c: what a value of a register or an attribute may be, before it is sent. */
#include "catalogue-kind.h"

#include <stdio.h>
#include <string.h>

void
mw_value_rule_free (MwValueRule *rule)
{
  if (!rule)
    return;
  g_free (rule->obis);
  g_free (rule->name);
  g_clear_pointer (&rule->choices, g_array_unref);
  g_clear_pointer (&rule->words, g_ptr_array_unref);
  g_clear_pointer (&rule->bits, g_ptr_array_unref);
  g_free (rule);
}

/* ---- what both kinds of rows have ---- */

static void
value_word_free (MwValueWord *word)
{
  g_free (word->name);
  g_free (word);
}

static gboolean
take_words (MwStore *store, const char *family, const char *list, MwValueRule *rule,
            GError **error)
{
  static const char sql[] = "SELECT value, name FROM family_word WHERE family = ? AND list = ? "
                            "ORDER BY value";
  MW_STMT *stmt = NULL;
  int step = -1;

  if (!list)
    return TRUE;
  stmt = mw_db_prepare (store, sql, error);
  if (stmt)
    mw_db_bind (stmt, "tt", family, list);
  rule->words = mw_new_list (value_word_free);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    MwValueWord *word = g_new0 (MwValueWord, 1);
    word->value = sqlite3_column_int64 (stmt, 0);
    word->name = mw_db_dup_text (stmt, 1);
    g_ptr_array_add (rule->words, word);
  }
  return step == 0;
}

static gboolean
take_bits (MwStore *store, const char *family, const char *list, MwValueRule *rule,
           GError **error)
{
  if (list)
    rule->bits = mw_store_list_bits (store, family, list, error);
  return !list || rule->bits;
}

/* Columns FIRST to FIRST + 4 of STMT: least, most, choices, enumeration, bits. */
static gboolean
take_limits (MwStore *store, const char *family, sqlite3_stmt *stmt, int first,
             MwValueRule *rule, GError **error)
{
  const char *choices = mw_db_text (stmt, first + 2);

  if (sqlite3_column_type (stmt, first) != SQLITE_NULL) {
    rule->has_min = TRUE;
    rule->min = sqlite3_column_int64 (stmt, first);
  }
  if (sqlite3_column_type (stmt, first + 1) != SQLITE_NULL) {
    rule->has_max = TRUE;
    rule->max = sqlite3_column_int64 (stmt, first + 1);
  }
  if (choices) {
    g_auto (GStrv) parts = g_strsplit (choices, " ", -1);
    rule->choices = g_array_new (FALSE, FALSE, sizeof (gint64));
    for (char **part = parts; *part; part++) {
      gint64 number = g_ascii_strtoll (*part, NULL, 10);
      g_array_append_val (rule->choices, number);
    }
  }
  return take_words (store, family, mw_db_text (stmt, first + 3), rule, error)
         && take_bits (store, family, mw_db_text (stmt, first + 4), rule, error);
}

/* ---- registers of KMP ---- */

/* What can be written at all has the range of its octets. */
static void
limit_by_octets (MwValueRule *rule)
{
  if (rule->text) {
    rule->has_max = TRUE;
    rule->max = rule->octets;
  } else if (!rule->choices && !rule->has_max && rule->octets && rule->octets < 8) {
    rule->has_min = rule->has_max = TRUE;
    rule->max = (G_GINT64_CONSTANT (1) << (8 * rule->octets)) - 1;
  }
}

static MwValueRule *
rule_of_register (MwStore *store, const char *family, sqlite3_stmt *stmt, GError **error)
{
  MwValueRule *rule = g_new0 (MwValueRule, 1);
  const char *obis = mw_db_text (stmt, 1), *kind = mw_db_text (stmt, 6),
             *access = mw_db_text (stmt, 7);

  rule->kmp_id = (guint16) sqlite3_column_int (stmt, 0);
  rule->obis = obis ? g_strdup (obis) : g_strdup_printf ("kmp:%X", rule->kmp_id);
  rule->attribute = 2;
  rule->name = mw_db_dup_text (stmt, 2);
  rule->unit = (guint8) sqlite3_column_int (stmt, 3);
  rule->exponent = (gint8) sqlite3_column_int (stmt, 4);
  rule->octets = (guint8) sqlite3_column_int (stmt, 5);
  rule->text = g_str_equal (kind, "text") || g_str_equal (kind, "octets");
  rule->module_port = g_str_equal (access, "module");
  rule->readable = rule->module_port || strchr (access, 'r');
  rule->writable = rule->module_port || strchr (access, 'w');
  rule->assigned_reference = sqlite3_column_int (stmt, 8);
  if (sqlite3_column_type (stmt, 9) != SQLITE_NULL) {
    rule->has_default = TRUE;
    rule->default_value = sqlite3_column_int64 (stmt, 9);
  }
  if (take_limits (store, family, stmt, 10, rule, error)) {
    limit_by_octets (rule);
    return rule;
  }
  mw_value_rule_free (rule);
  return NULL;
}

/* NULL without ERROR when there is none. */
static MwValueRule *
find_register (MwStore *store, const MwWholeKind *kind, const char *object, gint8 attribute,
               GError **error)
{
  static const char sql[] =
      "SELECT id, obis, name, unit, exponent, octets, kind, access, assigned_reference, "
      "preset, least, most, choices, enumeration, bits, within FROM family_register "
      "WHERE family = ?1 AND (id = ?2 OR obis = ?3 AND (kind = 'rtc') = ?4) ORDER BY position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  if (stmt)
    mw_db_bind (stmt, "tdtd", kind->family, mw_kmp_id_of_word (object), object, attribute == 5);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1)
    if (mw_kind_agrees (mw_db_text (stmt, 15), kind, FALSE))
      return rule_of_register (store, kind->family, stmt, error);
  return NULL;
}

/* ---- attributes of COSEM objects ---- */

/* The natural range of an integer type, when the catalogue sets none; a string or an array has
 * a length. */
static void
limit_by_type (MwValueRule *rule, const char *type)
{
  static const struct {
    const char *name;
    gint64 min, max;
  } known[] = {
    { "boolean", 0, 1 },
    { "unsigned", 0, G_MAXUINT8 },
    { "enum", 0, G_MAXUINT8 },
    { "integer", G_MININT8, G_MAXINT8 },
    { "long", G_MININT16, G_MAXINT16 },
    { "long-unsigned", 0, G_MAXUINT16 },
    { "double-long", G_MININT32, G_MAXINT32 },
    { "double-long-unsigned", 0, G_MAXUINT32 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (!g_str_equal (known[i].name, type))
      continue;
    if (!rule->has_min && !rule->choices)
      rule->min = known[i].min;
    if (!rule->has_max && !rule->choices)
      rule->max = known[i].max;
    rule->has_min = rule->has_max = !rule->choices || rule->has_min || rule->has_max;
    return;
  }
  rule->array = g_str_has_prefix (type, "array");
  rule->text = rule->array || strstr (type, "string");
}

static MwValueRule *
rule_of_attribute (MwStore *store, const char *family, sqlite3_stmt *stmt, gint8 attribute,
                   GError **error)
{
  MwValueRule *rule = g_new0 (MwValueRule, 1);
  const char *access = mw_db_text (stmt, 5), *type = mw_db_text (stmt, 6);

  rule->obis = mw_db_dup_text (stmt, 0);
  rule->class_id = (guint16) sqlite3_column_int (stmt, 1);
  rule->attribute = attribute;
  rule->name = mw_db_dup_text (stmt, 2);
  rule->unit = (guint8) sqlite3_column_int (stmt, 3);
  rule->exponent = (gint8) sqlite3_column_int (stmt, 4);
  rule->readable = access && strchr (access, 'r');
  rule->writable = access && strchr (access, 'w');
  rule->assigned_reference = sqlite3_column_int (stmt, 7);
  if (take_limits (store, family, stmt, 8, rule, error)) {
    limit_by_type (rule, type ? type : "");
    return rule;
  }
  mw_value_rule_free (rule);
  return NULL;
}

static MwValueRule *
find_attribute (MwStore *store, const MwMeterKind *kind, const char *object, guint16 class_id,
                gint8 attribute, GError **error)
{
  /* What the object does not say its interface class says. */
  static const char sql[] =
      "SELECT o.obis, o.class_id, o.name, coalesce (a.unit, 255), coalesce (a.exponent, 0), "
      "coalesce (a.access, c.access), coalesce (a.type, c.type), o.assigned_reference, "
      "a.least, a.most, a.choices, a.enumeration, a.bits FROM family_object o "
      "LEFT JOIN family_attribute a ON a.family = o.family AND a.obis = o.obis "
      "AND a.class_id = o.class_id AND a.n = ?4 "
      "LEFT JOIN interface_attribute c ON c.class_id = o.class_id AND c.version = o.version "
      "AND c.n = ?4 "
      "WHERE o.family = ?1 AND o.obis = ?2 AND (?3 = 0 OR o.class_id = ?3) "
      "AND (a.n IS NOT NULL OR c.n IS NOT NULL) AND (?5 IS NULL OR o.models IS NULL OR EXISTS "
      "(SELECT 1 FROM family_model m WHERE m.family = o.family "
      "AND substr (?5, 1, length (m.name)) = m.name "
      "AND instr (o.models, ' ' || m.id || ' '))) ORDER BY o.position LIMIT 1";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);

  if (!stmt)
    return NULL;
  mw_db_bind (stmt, "ttddt", kind->family, object, (int) class_id, (int) attribute,
              kind->type_number);
  return mw_db_step (store, stmt, error) == 1
             ? rule_of_attribute (store, kind->family, stmt, attribute, error)
             : NULL;
}

MwValueRule *
mw_store_get_value_rule (MwStore *store, const MwMeterKind *kind, const char *object,
                         guint16 class_id, gint8 attribute, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_auto (MwWholeKind) whole = { 0 };
  g_autoptr (GError) failed = NULL;
  MwValueRule *rule;

  if (!mw_kind_complete (store, kind, &whole, error))
    return NULL;
  rule = find_attribute (store, kind, object, class_id, attribute, &failed);
  if (!rule && !failed)
    rule = find_register (store, &whole, object, attribute, &failed);
  if (failed)
    g_propagate_error (error, g_steal_pointer (&failed));
  else if (!rule)
    g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND,
                 "The catalogue has no %s attribute %d for this meter.", object, attribute);
  return rule;
}

/* ---- values that depend on each other ---- */

void
mw_value_order_free (MwValueOrder *order)
{
  if (!order)
    return;
  g_array_unref (order->ids);
  g_free (order->reason);
  g_free (order);
}

GPtrArray *
mw_store_list_value_orders (MwStore *store, const MwMeterKind *kind, GError **error)
{
  static const char sql[] = "SELECT registers, reason, within FROM family_order "
                            "WHERE family = ? ORDER BY position";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autoptr (GPtrArray) orders = mw_new_list (mw_value_order_free);
  g_auto (MwWholeKind) whole = { 0 };
  MW_STMT *stmt = NULL;
  int step = -1;

  if (!mw_kind_complete (store, kind, &whole, error))
    return NULL;
  stmt = mw_db_prepare (store, sql, error);
  if (stmt)
    mw_db_bind (stmt, "t", whole.family);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1)
    if (mw_kind_agrees (mw_db_text (stmt, 2), &whole, FALSE)) {
      MwValueOrder *order = g_new0 (MwValueOrder, 1);
      order->ids = mw_kind_parse_ids (mw_db_text (stmt, 0));
      order->reason = mw_db_dup_text (stmt, 1);
      g_ptr_array_add (orders, order);
    }
  return step == 0 ? g_steal_pointer (&orders) : NULL;
}

/* ---- asking a rule ---- */

static void
append_number (GString *text, const MwValueRule *rule, gint64 number)
{
  char buffer[MW_DECIMAL_TEXT];

  mw_decimal_format (mw_decimal_of (number, rule->exponent, rule->unit), buffer, sizeof buffer);
  g_string_append (text, buffer);
}

static void
append_choices (GString *text, const MwValueRule *rule)
{
  guint n = rule->choices->len;

  for (guint i = 0; i < n; i++) {
    g_string_append (text, i == 0 ? "" : i + 1 == n ? " or " : ", ");
    append_number (text, rule, g_array_index (rule->choices, gint64, i));
  }
}

char *
mw_value_rule_dup_range (const MwValueRule *rule)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *unit = rule->array  ? " entries"
                     : rule->text ? " characters"
                                  : mw_unit_text (rule->unit);

  if (rule->choices)
    append_choices (text, rule);
  else if (rule->has_min && rule->has_max && rule->min == rule->max)
    append_number (text, rule, rule->min);
  else if (rule->has_min && rule->has_max) {
    append_number (text, rule, rule->min);
    g_string_append (text, " to ");
    append_number (text, rule, rule->max);
  } else if (rule->has_min || rule->has_max) {
    g_string_append (text, rule->has_min ? "at least " : "at most ");
    append_number (text, rule, rule->has_min ? rule->min : rule->max);
  } else {
    return NULL;
  }
  if (*unit)
    g_string_append_printf (text, "%s%s", *unit == ' ' ? "" : " ", unit);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_within (const MwValueRule *rule, gint64 number)
{
  for (guint i = 0; rule->choices && i < rule->choices->len; i++)
    if (g_array_index (rule->choices, gint64, i) == number)
      return TRUE;
  return !rule->choices && !(rule->has_min && number < rule->min)
         && !(rule->has_max && number > rule->max);
}

gboolean
mw_value_rule_check (const MwValueRule *rule, gint64 number, char **reason)
{
  g_autofree char *range = NULL;

  if (reason)
    *reason = NULL;
  if (!rule->writable) {
    if (reason)
      *reason = g_strdup_printf ("%s cannot be written.", rule->name);
    return FALSE;
  }
  if (is_within (rule, number))
    return TRUE;
  range = mw_value_rule_dup_range (rule);
  if (reason)
    *reason = g_strdup_printf ("%s can be %s.", rule->name, range);
  return FALSE;
}

gboolean
mw_value_rule_take (const MwValueRule *rule, mw_decimal value, gint64 *number, char **reason)
{
  mw_decimal scaled;

  if (reason)
    *reason = NULL;
  if (mw_decimal_rescale (value, rule->exponent, &scaled) == MW_OK) {
    *number = scaled.mantissa;
    return mw_value_rule_check (rule, scaled.mantissa, reason);
  }
  if (reason) {
    char step[MW_DECIMAL_TEXT];
    mw_decimal_format (mw_decimal_of (1, rule->exponent, rule->unit), step, sizeof step);
    *reason = g_strdup_printf ("%s is kept in steps of %s %s.", rule->name, step,
                               mw_unit_text (rule->unit));
    g_strchomp (*reason);
  }
  return FALSE;
}
