/* xml-file.c: text and files, with all that is not trusted kept out. */
#include "check.h"
#include "plan-schema.h"
#include "xml.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <string.h>

#define PLAN_VERSION 1

G_DEFINE_QUARK (mw - plan - error - quark, mw_plan_error)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

/* The schema is parsed once for the whole process and only read after that. */
static xmlSchema *
schema (void)
{
  static gsize parsed;
  if (g_once_init_enter (&parsed)) {
    xmlSchemaParserCtxt *context =
        xmlSchemaNewMemParserCtxt (mw_plan_xsd, (int) strlen (mw_plan_xsd));
    xmlSchema *made = xmlSchemaParse (context);
    xmlSchemaFreeParserCtxt (context);
    g_assert (made != NULL);
    g_once_init_leave (&parsed, (gsize) made);
  }
  return (xmlSchema *) parsed;
}

typedef struct {
  char *message;
  int line;
} First;

static void
keep_first (void *data, xmlErrorPtr error)
{
  First *first = data;
  if (first->message)
    return;
  first->message = g_strstrip (g_strdup (error->message ? error->message : "not valid"));
  first->line = error->line;
}

static xmlDoc *
parse (const char *text, gsize len, const char *name, GError **error)
{
  First first = { 0 };
  xmlParserCtxt *context = xmlNewParserCtxt ();
  xmlDoc *doc = NULL;
  xmlSetStructuredErrorFunc (&first, keep_first);
  if (context)
    doc = xmlCtxtReadMemory (context, text, (int) len, name, NULL, XML_PARSE_NONET);
  xmlSetStructuredErrorFunc (NULL, NULL);
  xmlFreeParserCtxt (context);
  if (!doc)
    g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_XML,
                 "%s, line %d: this is not a whole XML file: %s", name, first.line,
                 first.message ? first.message : "it cannot be read");
  g_free (first.message);
  return doc;
}

/* Better words than a schema's for files that are of another kind or time. */
static gboolean
is_plan (const xmlDoc *doc, const char *name, GError **error)
{
  const xmlNode *root = xmlDocGetRootElement (doc);
  if (doc->intSubset || doc->extSubset) {
    g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_XML,
                 "%s has a document type, which plans do not have. It was not read.", name);
    return FALSE;
  }
  if (!root || strcmp ((const char *) root->name, "plan") != 0) {
    g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_XML,
                 "%s is not a plan: it begins with <%s>, a plan begins with <plan>.", name,
                 root ? (const char *) root->name : "nothing");
    return FALSE;
  }
  g_autofree char *version = (char *) xmlGetNoNsProp (root, (const xmlChar *) "version");
  if (version && g_ascii_strtoull (version, NULL, 10) > PLAN_VERSION) {
    g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_NEWER,
                 "%s was made by a newer version (format %s, this one reads %d). Open it with "
                 "that version, or update this one.",
                 name, version, PLAN_VERSION);
    return FALSE;
  }
  return TRUE;
}

static gboolean
validate (xmlDoc *doc, const char *name, GError **error)
{
  First first = { 0 };
  xmlSchemaValidCtxt *valid = xmlSchemaNewValidCtxt (schema ());
  xmlSchemaSetValidStructuredErrors (valid, keep_first, &first);
  gboolean ok = xmlSchemaValidateDoc (valid, doc) == 0;
  xmlSchemaFreeValidCtxt (valid);
  if (!ok)
    g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_SCHEMA, "%s, line %d: %s", name,
                 first.line, first.message ? first.message : "it is not as a plan must be");
  g_free (first.message);
  return ok;
}

MwPlan *
mw_plan_from_xml (const char *text, gsize len, const char *name, GError **error)
{
  if (len > MW_PLAN_FILE_MAX) {
    g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_FILE,
                 "%s has %" G_GSIZE_FORMAT " octets; a plan has at most %d. It was not read.",
                 name, len, MW_PLAN_FILE_MAX);
    return NULL;
  }
  g_autoptr (xmlDoc) doc = parse (text, len, name, error);
  if (!doc || !is_plan (doc, name, error) || !validate (doc, name, error))
    return NULL;
  g_autoptr (MwPlan) plan = mw_plan_from_tree (xmlDocGetRootElement (doc), name, error);
  if (!plan)
    return NULL;
  g_autoptr (GPtrArray) problems = mw_plan_check (plan, NULL);
  const MwPlanProblem *wrong = mw_plan_first_error (problems);
  if (wrong) {
    g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_CONTENT, "%s: %s%s%s", name, wrong->field,
                 *wrong->field ? ": " : "", wrong->reason);
    return NULL;
  }
  mw_plan_tidy (plan);
  return g_steal_pointer (&plan);
}

MwPlan *
mw_plan_load (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  GStatBuf info;
  gsize len;
  if (g_stat (path, &info) == 0 && info.st_size > MW_PLAN_FILE_MAX) {
    g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_FILE,
                 "%s has %" G_GINT64_FORMAT " octets; a plan has at most %d. It was not read.",
                 name, (gint64) info.st_size, MW_PLAN_FILE_MAX);
    return NULL;
  }
  if (!g_file_get_contents (path, &text, &len, &local)) {
    g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_FILE, "%s", local->message);
    return NULL;
  }
  return mw_plan_from_xml (text, len, name, error);
}

gboolean
mw_plan_save (const MwPlan *plan, const char *path, GError **error)
{
  g_autofree char *text = mw_plan_to_xml (plan);
  g_autoptr (GError) local = NULL;
  if (g_file_set_contents (path, text, -1, &local))
    return TRUE;
  g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_FILE, "The plan could not be saved: %s",
               local->message);
  return FALSE;
}
