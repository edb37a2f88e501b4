/* catalogue-kinds.c: loading what 005-kinds.sql keeps: models in generations, registers of KMP,
 * ranges, loggers, functions, configuration codes, display readings, type numbers. */
#include "catalogue-load.h"

/* Prepare the static text SQL, or return. */
#define PREPARE(load, sql)                                                                     \
  sqlite3_stmt *stmt = mw_db_prepare ((load)->store, sql, (load)->error);                      \
  if (!stmt)                                                                                   \
  return FALSE

static int
attr_hex (const xmlNode *node, const char *name)
{
  const char *text = mw_load_attr (node, name);

  return text ? (int) g_ascii_strtoull (text, NULL, 16) : 0;
}

static int
attr_is (const xmlNode *node, const char *name, const char *value)
{
  return g_strcmp0 (mw_load_attr (node, name), value) == 0;
}

/* The unit that a KMP unit is, and the power of ten that goes with it. */
static int
unit_of_kmp (const char *text, int *exponent)
{
  static const struct {
    const char *name;
    int unit, exponent;
  } known[] = {
    { "kWh", MW_UNIT_WH, 3 }, { "kvarh", MW_UNIT_VARH, 3 }, { "kVAh", MW_UNIT_VAH, 3 },
    { "kW", MW_UNIT_W, 3 },   { "kvar", MW_UNIT_VAR, 3 },   { "kVA", MW_UNIT_VA, 3 },
    { "d", MW_UNIT_DAY, 0 },
  };

  *exponent = 0;
  for (guint i = 0; text && i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i].name, text) == 0) {
      *exponent = known[i].exponent;
      return known[i].unit;
    }
  return mw_load_unit (text);
}

/* ---- what is recognised, what there is ---- */

static gboolean
load_kmp_type (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_kmp_type VALUES (?, ?, ?, ?, ?, ?, ?)";
  const char *word = mw_load_attr (node, "word");
  gboolean any = g_str_has_suffix (word, "xx");
  int low = (int) g_ascii_strtoull (word, NULL, 16) << (any ? 8 : 0);
  PREPARE (load, sql);

  mw_db_bind (stmt, "tdddttt", load->family, load->position, low, any ? low | 255 : low,
              mw_load_attr (node, "model"), mw_load_attr (node, "generations"),
              mw_load_attr (node, "name"));
  return mw_load_put (load, stmt);
}

static gboolean
load_recognised (MwLoad *load, const xmlNode *node)
{
  return !mw_load_is (node, "kmp-type") || load_kmp_type (load, node);
}

static gboolean
load_personality (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_personality VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
  PREPARE (load, sql);

  mw_db_bind (stmt, "tdttiiitd", load->family, load->position, mw_load_attr (node, "model"),
              mw_load_attr (node, "generation"), mw_load_attr_int (node, "variant", 0),
              mw_load_attr_int (node, "optical-baud", 0),
              mw_load_attr_int (node, "module-baud", 0), mw_load_attr (node, "protocols"),
              attr_is (node, "breaker", "yes"));
  return mw_load_put (load, stmt);
}

/* ---- registers and attributes ---- */

static gboolean
load_register (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_register VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                            "?, ?, ?, ?, ?, ?, ?, ?, ?)";
  const char *kind = mw_load_attr (node, "kind"), *access = mw_load_attr (node, "access");
  int more, unit = unit_of_kmp (mw_load_attr (node, "unit"), &more);
  PREPARE (load, sql);

  mw_db_bind (stmt, "tddtttdiitttttttttd", load->family, attr_hex (node, "id"), load->position,
              mw_load_attr (node, "name"), mw_load_attr (node, "group"),
              mw_load_attr (node, "obis"), unit, mw_load_attr_int (node, "exponent", 0) + more,
              mw_load_attr_int (node, "octets", 0), kind ? kind : "number",
              access ? access : "r", mw_load_attr (node, "min"), mw_load_attr (node, "max"),
              mw_load_attr (node, "choices"), mw_load_attr (node, "default"),
              mw_load_attr (node, "enum"), mw_load_attr (node, "bits"),
              mw_load_attr (node, "in"), mw_load_attr (node, "assigned") != NULL);
  return mw_load_put (load, stmt);
}

static gboolean
load_order (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_order VALUES (?, ?, ?, ?, ?)";
  PREPARE (load, sql);

  mw_db_bind (stmt, "tdttt", load->family, load->position, mw_load_attr (node, "registers"),
              mw_load_attr (node, "reason"), mw_load_attr (node, "in"));
  return mw_load_put (load, stmt);
}

static gboolean
load_attributes (MwLoad *load, const xmlNode *object)
{
  static const char sql[] =
      "INSERT INTO family_attribute VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT DO NOTHING" /* objects of two models */;

  for (const xmlNode *c = object->children; c; c = c->next) {
    if (!mw_load_is (c, "attribute"))
      continue;
    PREPARE (load, sql);
    mw_db_bind (stmt, "ttiittdittttt", load->family, mw_load_attr (object, "obis"),
                mw_load_attr_int (object, "class", 0), mw_load_attr_int (c, "n", 0),
                mw_load_attr (c, "type"), mw_load_attr (c, "access"),
                mw_load_unit (mw_load_attr (c, "unit")), mw_load_attr_int (c, "scaler", 0),
                mw_load_attr (c, "min"), mw_load_attr (c, "max"), mw_load_attr (c, "choices"),
                mw_load_attr (c, "enum"), mw_load_attr (c, "bits"));
    if (!mw_load_put (load, stmt))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load_words (MwLoad *load, const xmlNode *list)
{
  static const char sql[] = "INSERT INTO family_word VALUES (?, ?, ?, ?)";

  for (const xmlNode *c = list->children; c; c = c->next) {
    if (!mw_load_is (c, "item"))
      continue;
    PREPARE (load, sql);
    mw_db_bind (stmt, "ttit", load->family, mw_load_attr (list, "id"),
                mw_load_attr_int (c, "value", 0), mw_load_attr (c, "name"));
    if (!mw_load_put (load, stmt))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load_iec_line (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_iec_line VALUES (?, ?, ?, ?, ?, ?)";
  PREPARE (load, sql);

  mw_db_bind (stmt, "tdtdtt", load->family, load->position, mw_load_attr (node, "code"),
              attr_hex (node, "register"), mw_load_attr (node, "unit"),
              mw_load_attr (node, "in"));
  return mw_load_put (load, stmt);
}

/* ---- loggers ---- */

static gboolean
load_logger_parts (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_logger_part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
  int position = 0;

  for (const xmlNode *c = node->children; c; c = c->next) {
    if (c->type != XML_ELEMENT_NODE)
      continue;
    PREPARE (load, sql);
    mw_db_bind (stmt, "tddtttttt", load->family, load->position, position++,
                mw_load_attr (c, "registers"), mw_load_attr (c, "entries"),
                mw_load_attr (c, "octets"), mw_load_attr (c, "header"),
                mw_load_attr (c, "column"), mw_load_attr (c, "in"));
    if (!mw_load_put (load, stmt))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load_logger (MwLoad *load, const xmlNode *node)
{
  static const char sql[] =
      "INSERT INTO family_logger (family, position, logger, obis, name, kind, kmp, within, "
      "reason, assigned_reference) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  gint64 log = mw_load_attr_int (node, "kmp", 0);
  g_autofree char *own = g_strdup_printf ("kmp-log:%d", (int) log);
  const char *obis = mw_load_attr (node, "obis");
  PREPARE (load, sql);

  mw_db_bind (stmt, "tdttttittd", load->family, load->position, mw_load_attr (node, "id"),
              obis ? obis : own, mw_load_attr (node, "name"), mw_load_attr (node, "kind"), log,
              mw_load_attr (node, "in"), mw_load_attr (node, "reason"),
              mw_load_attr (node, "assigned") != NULL);
  return mw_load_put (load, stmt) && load_logger_parts (load, node);
}

/* ---- functions ---- */

static gboolean
load_unless (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_function_unless VALUES (?, ?, ?, ?, ?, ?)";
  int position = 0;

  for (const xmlNode *c = node->children; c; c = c->next) {
    if (!mw_load_is (c, "unless"))
      continue;
    PREPARE (load, sql);
    mw_db_bind (stmt, "tddttt", load->family, load->position, position++,
                mw_load_attr (c, "in"), mw_load_attr (c, "before"), mw_load_attr (c, "reason"));
    if (!mw_load_put (load, stmt))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load_function (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_function VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  PREPARE (load, sql);

  mw_db_bind (stmt, "tdttdttddt", load->family, load->position, mw_load_attr (node, "id"),
              mw_load_attr (node, "name"), attr_is (node, "available", "yes"),
              mw_load_attr (node, "reason"), mw_load_attr (node, "in"),
              attr_is (node, "port", "module"), attr_is (node, "breaker", "yes"),
              mw_load_attr (node, "manual"));
  return mw_load_put (load, stmt) && load_unless (load, node);
}

/* ---- configuration codes and display ---- */

static gboolean
load_choices (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_choice VALUES (?, ?, ?, ?, ?, ?)";
  int position = 0;

  for (const xmlNode *c = node->children; c; c = c->next) {
    if (!mw_load_is (c, "choice"))
      continue;
    PREPARE (load, sql);
    mw_db_bind (stmt, "ttdttt", load->family, mw_load_attr (node, "id"), position++,
                mw_load_attr (c, "code"), mw_load_attr (c, "name"), mw_load_attr (c, "in"));
    if (!mw_load_put (load, stmt))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load_setting (MwLoad *load, const xmlNode *node)
{
  static const char sql[] =
      "INSERT INTO family_setting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  PREPARE (load, sql);

  mw_db_bind (stmt, "ttdttiddttd", load->family, mw_load_attr (node, "id"), load->position,
              mw_load_attr (node, "letters"), mw_load_attr (node, "name"),
              mw_load_attr_int (node, "digits", 1), attr_hex (node, "register"),
              attr_is (node, "port", "module"), mw_load_attr (node, "fixed"),
              mw_load_attr (node, "in"), mw_load_attr (node, "assigned") != NULL);
  return mw_load_put (load, stmt) && load_choices (load, node);
}

static gboolean
load_display_list (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_display_list VALUES (?, ?, ?, ?, ?, ?)";
  PREPARE (load, sql);

  mw_db_bind (stmt, "tdttit", load->family, load->position, mw_load_attr (node, "id"),
              mw_load_attr (node, "name"), mw_load_attr_int (node, "most", 0),
              mw_load_attr (node, "in"));
  return mw_load_put (load, stmt);
}

static gboolean
load_display_reading (MwLoad *load, const xmlNode *node)
{
  static const char sql[] =
      "INSERT INTO family_display_reading VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
  PREPARE (load, sql);

  mw_db_bind (stmt, "tdtttddtt", load->family, load->position, mw_load_attr (node, "name"),
              mw_load_attr (node, "text"), mw_load_attr (node, "obis"),
              attr_hex (node, "register"), attr_is (node, "mandatory", "yes"),
              mw_load_attr (node, "note"), mw_load_attr (node, "in"));
  return mw_load_put (load, stmt);
}

/* ---- type numbers ---- */

static gboolean
load_type_codes (MwLoad *load, const xmlNode *position)
{
  static const char sql[] = "INSERT INTO family_type_code VALUES (?, ?, ?, ?, ?)";
  gsize length = (gsize) mw_load_attr_int (position, "length", 0);

  for (const xmlNode *c = position->children; c; c = c->next) {
    const char *value = mw_load_is (c, "code") ? mw_load_attr (c, "value") : NULL;
    if (!value)
      continue;
    if (strlen (value) != length) {
      g_set_error (load->error, MW_STORE_ERROR, MW_STORE_ERROR_CATALOGUE,
                   "The code “%s” does not fill its position of a type number.", value);
      return FALSE;
    }
    PREPARE (load, sql);
    mw_db_bind (stmt, "tditt", load->family, load->position,
                mw_load_attr_int (position, "at", 0), value, mw_load_attr (c, "name"));
    if (!mw_load_put (load, stmt))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load_type_position (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_type_position VALUES (?, ?, ?, ?, ?, ?, ?)";
  PREPARE (load, sql);

  mw_db_bind (stmt, "tdiitdd", load->family, load->position, mw_load_attr_int (node, "at", 0),
              mw_load_attr_int (node, "length", 0), mw_load_attr (node, "name"),
              attr_is (node, "open", "yes"), mw_load_attr (node, "assigned") != NULL);
  return mw_load_put (load, stmt) && load_type_codes (load, node);
}

static gboolean
load_type_number (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_type_number VALUES (?, ?, ?, ?, ?, ?)";
  gint64 next = 1, length = mw_load_attr_int (node, "length", 0);

  if (!mw_load_see_pattern (load, mw_load_attr (node, "pattern")))
    return FALSE;
  PREPARE (load, sql);
  mw_db_bind (stmt, "tdittt", load->family, load->position, length,
              mw_load_attr (node, "pattern"), mw_load_attr (node, "shape"),
              mw_load_attr (node, "name"));
  if (!mw_load_put (load, stmt))
    return FALSE;
  for (const xmlNode *c = node->children; c; c = c->next) {
    if (!mw_load_is (c, "position"))
      continue;
    if (mw_load_attr_int (c, "at", 0) != next)
      break;
    next += mw_load_attr_int (c, "length", 0);
    if (!load_type_position (load, c))
      return FALSE;
  }
  if (next == length + 1)
    return TRUE;
  g_set_error (load->error, MW_STORE_ERROR, MW_STORE_ERROR_CATALOGUE,
               "The positions of type number %s do not make %d characters.",
               mw_load_attr (node, "shape"), (int) length);
  return FALSE;
}

/* ---- all of them ---- */

static gboolean
see_models (MwLoad *load, const xmlNode *node)
{
  return mw_load_see_pattern (load, mw_load_attr (node, "type-number"));
}

gboolean
mw_load_kinds (MwLoad *load, const xmlNode *family)
{
  for (const xmlNode *c = family->children; c; c = c->next)
    if (mw_load_is (c, "enumeration") && !load_words (load, c))
      return FALSE;
  return mw_load_each (load, family, "recognise", NULL, load_recognised)
         && mw_load_each (load, family, "models", "model", see_models)
         && mw_load_each (load, family, "personalities", "personality", load_personality)
         && mw_load_each (load, family, "objects", "object", load_attributes)
         && mw_load_each (load, family, "registers", "register", load_register)
         && mw_load_each (load, family, "orders", "order", load_order)
         && mw_load_each (load, family, "iec-readout", "line", load_iec_line)
         && mw_load_each (load, family, "loggers", "logger", load_logger)
         && mw_load_each (load, family, "menu", "function", load_function)
         && mw_load_each (load, family, "configuration", "setting", load_setting)
         && mw_load_each (load, family, "display", "list", load_display_list)
         && mw_load_each (load, family, "display", "reading", load_display_reading)
         && mw_load_each (load, family, "type-numbers", "type-number", load_type_number);
}
