/* catalogue.c: loading the meter catalogue (the XML files of db/catalogue) into its tables.
 *
 * The files come inside the program, or from the folder MW_CATALOGUE_DIR.  They are data from
 * outside all the same: no network, no entities, no document type, and catalogue.xsd must
 * agree. The tables are replaced whole, in one transaction, when the checksum over the files
 * differs from that of the last time.
 */
#include "catalogue-load.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>
#include <string.h>

/* Raise when the tables or what is made of the files changes. */
#define LOADER_VERSION "3"
#define SCHEMA_NAME "catalogue.xsd"

typedef struct {
  char *name;
  char *text;
  gsize len;
} File;

static void
file_free (File *file)
{
  g_free (file->name);
  g_free (file->text);
  g_free (file);
}

/* ---- the files ---- */

static void
add_file (GPtrArray *files, const char *name, const char *text, gsize len)
{
  File *file = g_new (File, 1);

  *file = (File){ g_strdup (name), g_memdup2 (text, len), len };
  g_ptr_array_add (files, file);
}

static gboolean
add_folder (GPtrArray *files, const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  const char *name;

  if (!dir)
    return FALSE;
  while ((name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *text = NULL;
    gsize len;
    if (!g_str_has_suffix (name, ".xml") && !g_str_has_suffix (name, ".xsd"))
      continue;
    if (!g_file_get_contents (path, &text, &len, error))
      return FALSE;
    add_file (files, name, text, len);
  }
  return TRUE;
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  const File *x = *(File *const *) a, *y = *(File *const *) b;

  return strcmp (x->name, y->name);
}

static GPtrArray *
collect_files (GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  const char *folder = g_getenv ("MW_CATALOGUE_DIR");

  if (folder && *folder) {
    if (!add_folder (files, folder, error)) {
      g_prefix_error (error, "The meter catalogue in MW_CATALOGUE_DIR cannot be read: ");
      return NULL;
    }
  } else {
    for (const MwEmbedded *e = mw_embedded_catalogue; e->name; e++)
      add_file (files, e->name, e->text, e->len);
  }
  g_ptr_array_sort (files, compare_files);
  return g_steal_pointer (&files);
}

static char *
checksum_of (GPtrArray *files)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, (const guchar *) LOADER_VERSION, -1);
  for (guint i = 0; i < files->len; i++) {
    const File *file = g_ptr_array_index (files, i);
    g_checksum_update (sum, (const guchar *) file->name, (gssize) strlen (file->name) + 1);
    g_checksum_update (sum, (const guchar *) file->text, (gssize) file->len);
  }
  return g_strdup (g_checksum_get_string (sum));
}

/* ---- small helpers over the tree ---- */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

/* The schema has seen that an attribute is one text node. */
const char *
mw_load_attr (const xmlNode *node, const char *name)
{
  const xmlAttr *a = xmlHasProp (node, (const xmlChar *) name);

  if (!a)
    return NULL;
  return a->children && a->children->content ? (const char *) a->children->content : "";
}

gint64
mw_load_attr_int (const xmlNode *node, const char *name, gint64 otherwise)
{
  const char *text = mw_load_attr (node, name);

  return text ? g_ascii_strtoll (text, NULL, 10) : otherwise;
}

static const xmlNode *
child (const xmlNode *node, const char *name)
{
  for (const xmlNode *c = node->children; c; c = c->next)
    if (mw_load_is (c, name))
      return c;
  return NULL;
}

int
mw_load_unit (const char *text)
{
  for (int unit = 1; text && unit < 255; unit++)
    if (strcmp (mw_unit_text ((unsigned) unit), text) == 0)
      return unit;
  return MW_UNIT_NONE;
}

/* ---- one kind of element each ---- */

gboolean
mw_load_put (MwLoad *load, sqlite3_stmt *stmt)
{
  g_autoptr (GError) failed = NULL;

  if (mw_db_run (load->store, stmt, &failed))
    return TRUE;
  if ((sqlite3_errcode (load->store->db) & 0xff) == SQLITE_CONSTRAINT)
    g_set_error (load->error, MW_STORE_ERROR, MW_STORE_ERROR_CATALOGUE,
                 "A row of family “%s” stands there twice or refers to one that is missing "
                 "(%s).",
                 load->family, sqlite3_errmsg (load->store->db));
  else
    g_propagate_error (load->error, g_steal_pointer (&failed));
  return FALSE;
}

gboolean
mw_load_each (MwLoad *load, const xmlNode *family, const char *list, const char *name,
              MwLoadElement func)
{
  const xmlNode *parent = child (family, list);

  load->position = 0;
  for (const xmlNode *c = parent ? parent->children : NULL; c; c = c->next)
    if (name ? mw_load_is (c, name) : c->type == XML_ELEMENT_NODE) {
      if (!func (load, c))
        return FALSE;
      load->position++;
    }
  return TRUE;
}

gboolean
mw_load_see_pattern (MwLoad *load, const char *text)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (GRegex) regex = text ? g_regex_new (text, 0, 0, &failed) : NULL;

  if (failed)
    g_set_error (load->error, MW_STORE_ERROR, MW_STORE_ERROR_CATALOGUE,
                 "“%s” is no regular expression (%s).", text, failed->message);
  return !failed;
}

static gboolean
load_recognise (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_recognise VALUES (?, ?, ?, ?)";
  sqlite3_stmt *stmt = mw_db_prepare (load->store, sql, load->error);

  if (mw_load_is (node, "kmp-type"))
    return TRUE;
  if (!stmt || !mw_load_see_pattern (load, mw_load_attr (node, "pattern")))
    return FALSE;
  mw_db_bind (stmt, "tdtt", load->family, load->position, (const char *) node->name,
              mw_load_attr (node, "pattern"));
  return mw_load_put (load, stmt);
}

static gboolean
load_model (MwLoad *load, const xmlNode *node)
{
  static const char model[] =
      "INSERT INTO family_model (family, id, name, device_type, position, type_number, "
      "generation_at, variant_at, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
  static const char type[] =
      "INSERT INTO family_type (family, model, designation) VALUES (?, ?, ?)";
  sqlite3_stmt *stmt = mw_db_prepare (load->store, model, load->error);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "ttttdtttt", load->family, mw_load_attr (node, "id"),
              mw_load_attr (node, "name"), mw_load_attr (node, "device-type"), load->position,
              mw_load_attr (node, "type-number"), mw_load_attr (node, "generation-at"),
              mw_load_attr (node, "variant-at"), mw_load_attr (node, "note"));
  if (!mw_load_put (load, stmt))
    return FALSE;
  for (const xmlNode *c = node->children; c; c = c->next)
    if (mw_load_is (c, "type")) {
      stmt = mw_db_prepare (load->store, type, load->error);
      if (!stmt)
        return FALSE;
      mw_db_bind (stmt, "ttt", load->family, mw_load_attr (node, "id"),
                  mw_load_attr (c, "designation"));
      if (!mw_load_put (load, stmt))
        return FALSE;
    }
  return TRUE;
}

static gboolean
load_class (MwLoad *load, const xmlNode *node)
{
  static const char class_sql[] = "INSERT INTO interface_class VALUES (?, ?, ?) "
                                  "ON CONFLICT DO NOTHING";
  static const char member[] = "INSERT INTO interface_attribute VALUES (?, ?, ?, ?, ?, ?) "
                               "ON CONFLICT DO NOTHING";
  sqlite3_stmt *stmt = mw_db_prepare (load->store, class_sql, load->error);
  gint64 id = mw_load_attr_int (node, "id", 0), version = mw_load_attr_int (node, "version", 0);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "iit", id, version, mw_load_attr (node, "name"));
  if (!mw_load_put (load, stmt))
    return FALSE;
  for (const xmlNode *c = node->children; c; c = c->next)
    if (mw_load_is (c, "attribute") || mw_load_is (c, "method")) {
      gint64 n = mw_load_attr_int (c, "n", 0);
      stmt = mw_db_prepare (load->store, member, load->error);
      if (!stmt)
        return FALSE;
      mw_db_bind (stmt, "iiittt", id, version, mw_load_is (c, "method") ? -n : n,
                  mw_load_attr (c, "name"), mw_load_attr (c, "access"),
                  mw_load_attr (c, "type"));
      if (!mw_load_put (load, stmt))
        return FALSE;
    }
  return TRUE;
}

/* "1..63" or "8" or "*" of one value group. */
static void
parse_range (const char *text, gint64 *low, gint64 *high)
{
  const char *dots = strstr (text, "..");

  *low = *text == '*' ? 0 : g_ascii_strtoll (text, NULL, 10);
  *high = *text == '*' ? 255 : dots ? g_ascii_strtoll (dots + 2, NULL, 10) : *low;
}

static gboolean
load_name (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_name VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                            "?, ?, ?, ?, ?, ?)";
  g_autoptr (GRegex) shape = g_regex_new (
      "^([0-9*]+)-([0-9*]+):([0-9*]+)\\.([0-9*]+)\\.([0-9*]+(?:\\.\\.[0-9]+)?)\\.([0-9*]+)$", 0,
      0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  sqlite3_stmt *stmt = mw_db_prepare (load->store, sql, load->error);
  gint64 r[12];

  if (!stmt)
    return FALSE;
  if (!g_regex_match (shape, mw_load_attr (node, "obis"), 0, &match)) {
    g_set_error (load->error, MW_STORE_ERROR, MW_STORE_ERROR_CATALOGUE,
                 "The catalogue has a name for “%s”, which is no OBIS pattern.",
                 mw_load_attr (node, "obis"));
    return FALSE;
  }
  for (int g = 0; g < 6; g++) {
    g_autofree char *part = g_match_info_fetch (match, g + 1);
    parse_range (part, &r[2 * g], &r[2 * g + 1]);
  }
  mw_db_bind (stmt, "tdiiiiiiiiiiiittd", load->family, load->position, r[0], r[1], r[2], r[3],
              r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11], mw_load_attr (node, "text"),
              mw_load_attr (node, "group"), mw_load_unit (mw_load_attr (node, "unit")));
  return mw_load_put (load, stmt);
}

static gboolean
load_object (MwLoad *load, const xmlNode *node)
{
  static const char sql[] =
      "INSERT INTO family_object VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?)";
  sqlite3_stmt *stmt = mw_db_prepare (load->store, sql, load->error);
  const char *models = mw_load_attr (node, "models"), *unit = NULL, *bits = NULL;
  g_autofree char *padded = models ? g_strdup_printf (" %s ", models) : NULL;
  gint64 exponent = 0;

  if (!stmt)
    return FALSE;
  for (const xmlNode *c = node->children; c; c = c->next)
    if (mw_load_is (c, "attribute") && mw_load_attr_int (c, "n", 0) == 2) {
      unit = mw_load_attr (c, "unit");
      exponent = mw_load_attr_int (c, "scaler", 0);
      bits = mw_load_attr (c, "bits");
    }
  mw_db_bind (stmt, "tdtiitttditd", load->family, load->position, mw_load_attr (node, "obis"),
              mw_load_attr_int (node, "class", 0), mw_load_attr_int (node, "version", 0),
              mw_load_attr (node, "name"), mw_load_attr (node, "group"), padded,
              mw_load_unit (unit), exponent, bits, mw_load_attr (node, "assigned") != NULL);
  return mw_load_put (load, stmt);
}

static gboolean
load_event (MwLoad *load, const xmlNode *node)
{
  static const char sql[] =
      "INSERT INTO family_event VALUES (?, ?, ?, ?, ?, nullif (trim (?), ''))";
  sqlite3_stmt *stmt = mw_db_prepare (load->store, sql, load->error);
  xmlChar *description;
  gboolean ok;

  if (!stmt)
    return FALSE;
  description = xmlNodeGetContent (node);
  mw_db_bind (stmt, "ttittt", load->family, mw_load_attr (node, "log"),
              mw_load_attr_int (node, "code", 0), mw_load_attr (node, "severity"),
              mw_load_attr (node, "name"), (const char *) description);
  ok = mw_load_put (load, stmt);
  xmlFree (description);
  return ok;
}

static gboolean
load_bits (MwLoad *load, const xmlNode *node)
{
  static const char sql[] = "INSERT INTO family_bit VALUES (?, ?, ?, ?, ?, ?)";

  for (const xmlNode *c = node->children; c; c = c->next)
    if (mw_load_is (c, "bit")) {
      sqlite3_stmt *stmt = mw_db_prepare (load->store, sql, load->error);
      if (!stmt)
        return FALSE;
      mw_db_bind (stmt, "ttittt", load->family, mw_load_attr (node, "id"),
                  mw_load_attr_int (c, "n", 0), mw_load_attr (c, "id"),
                  mw_load_attr (c, "severity"), mw_load_attr (c, "name"));
      if (!mw_load_put (load, stmt))
        return FALSE;
    }
  return TRUE;
}

/* ---- a family, a file ---- */

static gboolean
load_family (MwLoad *load, const xmlNode *node)
{
  static const char sql[] =
      "INSERT INTO family VALUES (?, (SELECT count (*) FROM family), ?, ?, "
      "?, ?)";
  sqlite3_stmt *stmt = mw_db_prepare (load->store, sql, load->error);

  if (!stmt)
    return FALSE;
  load->family = mw_load_attr (node, "id");
  mw_db_bind (stmt, "ttttt", load->family, mw_load_attr (node, "name"),
              mw_load_attr (node, "manufacturer"), mw_load_attr (node, "flag"),
              mw_load_attr (node, "protocol"));
  if (!mw_load_put (load, stmt))
    return FALSE;
  for (const xmlNode *c = node->children; c; c = c->next)
    if (mw_load_is (c, "bits") && !load_bits (load, c))
      return FALSE;
  return mw_load_each (load, node, "recognise", NULL, load_recognise)
         && mw_load_each (load, node, "models", "model", load_model)
         && mw_load_each (load, node, "classes", "class", load_class)
         && mw_load_each (load, node, "names", "name", load_name)
         && mw_load_each (load, node, "objects", "object", load_object)
         && mw_load_each (load, node, "events", "event", load_event)
         && mw_load_kinds (load, node);
}

static void
keep_first_message (void *data, xmlErrorPtr xml_error)
{
  char **message = data;

  if (!*message)
    *message = g_strdup_printf ("line %d: %s", xml_error->line, xml_error->message);
}

static xmlDoc *
parse (const File *file, xmlSchema *schema, GError **error)
{
  g_autoptr (xmlDoc) doc =
      xmlReadMemory (file->text, (int) file->len, file->name, NULL,
                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  g_autofree char *message = NULL;
  xmlSchemaValidCtxt *valid = NULL;
  gboolean ok;

  /* A document type could declare entities. */
  ok = doc && !doc->intSubset && !doc->extSubset;
  if (ok) {
    valid = xmlSchemaNewValidCtxt (schema);
    xmlSchemaSetValidStructuredErrors (valid, keep_first_message, &message);
    ok = xmlSchemaValidateDoc (valid, doc) == 0;
    xmlSchemaFreeValidCtxt (valid);
  }
  if (ok)
    return g_steal_pointer (&doc);
  g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_CATALOGUE,
               "The meter catalogue %s cannot be used: %s", file->name,
               message ? g_strchomp (message) : "it is no XML, or has a document type.");
  return NULL;
}

static xmlSchema *
parse_schema (GPtrArray *files, GError **error)
{
  xmlSchema *schema = NULL;

  for (guint i = 0; i < files->len && !schema; i++) {
    const File *file = g_ptr_array_index (files, i);
    xmlSchemaParserCtxt *context;
    if (strcmp (file->name, SCHEMA_NAME) != 0)
      continue;
    context = xmlSchemaNewMemParserCtxt (file->text, (int) file->len);
    schema = xmlSchemaParse (context);
    xmlSchemaFreeParserCtxt (context);
  }
  if (!schema)
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_CATALOGUE,
                         "The schema " SCHEMA_NAME " of the meter catalogue is missing or "
                         "damaged. Install the program again.");
  return schema;
}

static gboolean
load_files (MwStore *store, GPtrArray *files, xmlSchema *schema, GError **error)
{
  MwLoad load = { store, NULL, 0, error };

  for (guint i = 0; i < files->len; i++) {
    const File *file = g_ptr_array_index (files, i);
    g_autoptr (xmlDoc) doc = NULL;
    if (!g_str_has_suffix (file->name, ".xml"))
      continue;
    doc = parse (file, schema, error);
    if (!doc)
      return FALSE;
    for (const xmlNode *c = xmlDocGetRootElement (doc)->children; c; c = c->next)
      if (mw_load_is (c, "family") && !load_family (&load, c)) {
        g_prefix_error (error, "Meter catalogue %s: ", file->name);
        return FALSE;
      }
  }
  return TRUE;
}

/* ---- when it changed ---- */

static gboolean
is_loaded (MwStore *store, const char *checksum)
{
  static const char sql[] = "SELECT 1 FROM catalogue WHERE checksum = ?";
  MW_STMT *stmt = mw_db_prepare (store, sql, NULL);

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "t", checksum);
  return mw_db_step (store, stmt, NULL) == 1;
}

static gboolean
replace (MwStore *store, GPtrArray *files, const char *checksum, GError **error)
{
  static const char sql[] = "INSERT INTO catalogue VALUES (1, ?)";
  sqlite3_stmt *stmt = NULL;
  xmlSchema *schema = parse_schema (files, error);
  gboolean ok;

  if (!schema)
    return FALSE;
  ok = mw_db_exec (store,
                   "DELETE FROM family; DELETE FROM interface_class; "
                   "DELETE FROM interface_attribute; DELETE FROM catalogue",
                   error)
       && load_files (store, files, schema, error)
       && (stmt = mw_db_prepare (store, sql, error)) != NULL;
  xmlSchemaFree (schema);
  if (!ok)
    return FALSE;
  mw_db_bind (stmt, "t", checksum);
  return mw_db_run (store, stmt, error);
}

gboolean
mw_catalogue_load (MwStore *store, GError **error)
{
  g_autoptr (GPtrArray) files = collect_files (error);
  g_autofree char *checksum = NULL;

  if (!files)
    return FALSE;
  checksum = checksum_of (files);
  if (files->len == 0 || is_loaded (store, checksum))
    return TRUE;
  if (!mw_db_begin (store, error))
    return FALSE;
  /* Another program may have loaded it while we waited. */
  return mw_db_end (
      store, is_loaded (store, checksum) || replace (store, files, checksum, error), error);
}
