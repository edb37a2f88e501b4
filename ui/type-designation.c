#include "type-designation.h"

#include <glib/gi18n.h>
#include <string.h>

/* Only what the manual says; its Table 30 is illegible in part, and nothing is guessed. */
static const struct {
  const char *code, *meaning;
} models[] = {
  { "ME381", N_ ("single phase, one measuring element") },
  { "MT381", N_ ("three phases, three measuring elements") },
  { "ME382", N_ ("single phase") },
  { "MT382", N_ ("three phases") },
}, connections[] = {
  { "D1", N_ ("direct connection, 85 A terminals") },
  { "D2", N_ ("direct connection, 120 A terminals") },
  { "T1", N_ ("through current transformers") },
}, modules[] = {
  { "4", N_ ("power-line communication") },
  { "g", N_ ("M-Bus master") },
  { "n", N_ ("P1 port") },
  { "Z", N_ ("load profile") },
};

void
mw_type_part_free (MwTypePart *part)
{
  g_free (part->code);
  g_free (part->meaning);
  g_free (part);
}

static void
add (GPtrArray *parts, const char *code, const char *meaning)
{
  MwTypePart *part = g_new (MwTypePart, 1);
  part->code = g_strdup (code);
  part->meaning = g_strdup (_ (meaning));
  g_ptr_array_add (parts, part);
}

static void
add_modules (GPtrArray *parts, const char *block)
{
  for (gsize i = 0; i < G_N_ELEMENTS (modules); i++)
    if (strstr (block, modules[i].code))
      add (parts, modules[i].code, modules[i].meaning);
}

GPtrArray *
mw_type_designation_explain (const char *text)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_type_part_free);
  g_auto (GStrv) blocks = g_strsplit (text ? text : "", "-", 4);
  guint n = g_strv_length (blocks);
  for (guint i = 0; i < n; i++)
    g_strstrip (blocks[i]);
  for (gsize i = 0; n > 0 && i < G_N_ELEMENTS (models); i++)
    if (strcmp (blocks[0], models[i].code) == 0)
      add (parts, models[i].code, models[i].meaning);
  if (parts->len == 0)
    return parts;
  for (gsize i = 0; n > 1 && i < G_N_ELEMENTS (connections); i++)
    if (g_str_has_prefix (blocks[1], connections[i].code))
      add (parts, connections[i].code, connections[i].meaning);
  const char *k = n > 3 ? strchr (blocks[3], 'K') : NULL;
  if (k)
    add_modules (parts, k);
  return parts;
}
