/* catalogue-kind.h: which rows of the catalogue hold for a kind of meter; for db/ alone. */
#ifndef MW_CATALOGUE_KIND_H
#define MW_CATALOGUE_KIND_H

#include "database.h"

#define MW_GENERIC_FAMILY "dlms"

/* What a kind is, completed from its type number as far as that tells. */
typedef struct {
  const char *family; /* borrowed from the kind */
  char *model;        /* owned; "" where not known */
  char *generation;
  guint variant;
  const char *revision;
  const char *type_number;
} MwWholeKind;

/* Under the store's lock. */
gboolean
mw_kind_complete (MwStore *store, const MwMeterKind *kind, MwWholeKind *out, GError **error);
void mw_kind_clear (MwWholeKind *kind);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MwWholeKind, mw_kind_clear)

/* Does WITHIN (attribute in of the catalogue; NULL: yes) hold for KIND?  What is not known of
 * it: yes, or with SURE no. */
gboolean mw_kind_agrees (const char *within, const MwWholeKind *kind, gboolean sure);
/* TYPE_NUMBER in capitals without dashes, points and spaces; free it. */
char *mw_kind_plain_number (const char *type_number);

/* What a type number says of its model. */
typedef struct {
  char *model;
  char *name;
  char *generation;
  guint variant;
  char *note;
} MwNumberedModel;

void mw_numbered_model_clear (MwNumberedModel *model);
/* TRUE when nothing failed; OUT->model is NULL when FAMILY has no such model. */
gboolean mw_kind_model_of_number (MwStore *store, const char *family, const char *type_number,
                                  MwNumberedModel *out, GError **error);

/* The number in "kmp:40F"; -1 when WORD is none such. */
static inline int
mw_kmp_id_of_word (const char *word)
{
  return word && g_str_has_prefix (word, "kmp:") ? (int) g_ascii_strtoull (word + 4, NULL, 16)
                                                 : -1;
}

/* "417 1 2": an array of guint16. */
GArray *mw_kind_parse_ids (const char *text);

/* A list without rows, its elements freed by FUNC. */
static inline GPtrArray *
mw_new_list (gpointer func)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) func);
}

#endif
