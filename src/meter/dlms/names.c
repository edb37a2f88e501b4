/* names.c: what things are called: the catalogue knows, or the Blue Book in it. */
#include "meter/meter-private.h"

char *
mw_names_class (MwMeter *self, guint16 class_id)
{
  char *name = self->store ? mw_store_dup_class_name (self->store, class_id, -1) : NULL;
  return name ? name : g_strdup_printf ("class %u", class_id);
}

char *
mw_names_obis (mw_obis ln)
{
  char text[MW_OBIS_TEXT];
  mw_obis_format (ln, text, sizeof text);
  return g_strdup (text);
}

char *
mw_names_object (MwMeter *self, mw_obis ln)
{
  char text[MW_OBIS_TEXT];
  mw_obis_format (ln, text, sizeof text);
  if (self->store == NULL)
    return NULL;
  return mw_store_dup_object_name (self->store, self->info ? self->info->family : NULL, text,
                                   NULL, NULL);
}
