/* catalogue-load.h: what the two files that load the catalogue share; for them alone. */
#ifndef MW_CATALOGUE_LOAD_H
#define MW_CATALOGUE_LOAD_H

#include <libxml/tree.h>
#include <string.h>

#include "database.h"

/* What the loading carries. */
typedef struct {
  MwStore *store;
  const char *family;
  int position; /* of the element in its list */
  GError **error;
} MwLoad;

typedef gboolean (*MwLoadElement) (MwLoad *load, const xmlNode *node);

/* Every child element NAME (NULL: any) of the element LIST of FAMILY. */
gboolean mw_load_each (MwLoad *load, const xmlNode *family, const char *list, const char *name,
                       MwLoadElement func);
/* The attribute's text, owned by the tree; NULL when absent. */
const char *mw_load_attr (const xmlNode *node, const char *name);
gint64 mw_load_attr_int (const xmlNode *node, const char *name, gint64 otherwise);
/* Run STMT, the insertion of a row.  A row that is there already, or refers to what is not, is
 * an error of the catalogue. */
gboolean mw_load_put (MwLoad *load, sqlite3_stmt *stmt);
/* Is TEXT (NULL: yes) a regular expression? */
gboolean mw_load_see_pattern (MwLoad *load, const char *text);
/* enum mw_unit of a symbol of base/unit.h; MW_UNIT_NONE when there is none. */
int mw_load_unit (const char *text);

/* What 005-kinds.sql keeps of FAMILY. */
gboolean mw_load_kinds (MwLoad *load, const xmlNode *family);

static inline gboolean
mw_load_is (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, name) == 0;
}

#endif
