/* types.c: see types.h. */
#include "meter/types.h"

void
mw_object_info_free (MwObjectInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->obis);
  g_free (info->name);
  g_free (info->class_name);
  g_free (info);
}

void
mw_logger_status_free (MwLoggerStatus *status)
{
  if (status == NULL)
    return;
  g_free (status->logger);
  g_free (status);
}
