/* lists.c: the registers and loggers of a meter: by the catalogue's rows, and how they are
 * found by a word.
 */
#include "meter/meter-private.h"

MwRegisterInfo *
mw_register_info_copy (const MwRegisterInfo *from)
{
  MwRegisterInfo *to = g_memdup2 (from, sizeof *from);
  to->obis = g_strdup (from->obis);
  to->name = g_strdup (from->name);
  to->group = g_strdup (from->group);
  return to;
}

MwLoggerInfo *
mw_logger_info_copy (const MwLoggerInfo *from)
{
  MwLoggerInfo *to = g_memdup2 (from, sizeof *from);
  to->logger = g_strdup (from->logger);
  to->name = g_strdup (from->name);
  to->obis = g_strdup (from->obis);
  to->reason = g_strdup (from->reason);
  to->columns = from->columns ? g_array_ref (from->columns) : NULL;
  return to;
}

/* ---- the catalogue's rows ---- */

GPtrArray *
mw_catalogue_registers (MwMeter *self, GError **error)
{
  GPtrArray *list =
      mw_store_list_registers (self->store, self->info->family, self->info->type, error);
  if (list == NULL)
    mw_error_adopt (error, MW_SESSION_ERROR_STORE);
  return list;
}

GPtrArray *
mw_catalogue_loggers (MwMeter *self, GError **error)
{
  GPtrArray *list = mw_store_list_family_loggers (self->store, self->info->family, error);
  if (list == NULL)
    mw_error_adopt (error, MW_SESSION_ERROR_STORE);
  return list;
}

/* ---- finding ---- */

/* A code without "A-B:" means any medium and channel: meters number these as they like. */
static gboolean
same_obis (const char *text, const char *word, mw_obis wanted)
{
  mw_obis o;
  if (mw_obis_parse (text, strlen (text), &o) != MW_OK)
    return FALSE;
  if (strchr (word, ':') == NULL)
    o.v[0] = wanted.v[0], o.v[1] = wanted.v[1];
  return mw_obis_equal (o, wanted);
}

static gboolean
same_word (const char *a, const char *b)
{
  g_autofree char *x = a ? g_utf8_casefold (a, -1) : NULL;
  g_autofree char *y = g_utf8_casefold (b, -1);
  return x && strcmp (x, y) == 0;
}

const MwRegisterInfo *
mw_find_register (MwMeter *self, const char *word)
{
  mw_obis o;
  gboolean code = mw_obis_parse (word, strlen (word), &o) == MW_OK;
  for (guint i = 0; i < self->registers->len; i++) {
    const MwRegisterInfo *info = g_ptr_array_index (self->registers, i);
    if (code ? same_obis (info->obis, word, o)
             : same_word (info->obis, word) || same_word (info->name, word))
      return info;
  }
  return NULL;
}

const MwLoggerInfo *
mw_find_logger (MwMeter *self, const char *word)
{
  mw_obis o;
  gboolean code = mw_obis_parse (word, strlen (word), &o) == MW_OK;
  for (guint i = 0; i < self->loggers->len; i++) {
    const MwLoggerInfo *info = g_ptr_array_index (self->loggers, i);
    if (code ? same_obis (info->obis, word, o)
             : same_word (info->logger, word) || same_word (info->name, word))
      return info;
  }
  return NULL;
}
