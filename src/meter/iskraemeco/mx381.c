/* mx381.c: Iskraemeco ME381 and MT381 (Mx381 manual): IDIS package 2 meters, which the
 * catalogue knows object by object.  Registers, loggers and their names are its rows; the
 * object list need not be read.
 */
#include "meter/dlms/family.h"

static GPtrArray *
registers (MwMeter *self, GError **error)
{
  GPtrArray *list =
      mw_store_list_registers (self->store, mw_family_mx381.id, self->info->type, error);
  if (list == NULL)
    mw_error_adopt (error, MW_SESSION_ERROR_STORE);
  return list;
}

static GPtrArray *
loggers (MwMeter *self, GError **error)
{
  GPtrArray *list = mw_store_list_family_loggers (self->store, mw_family_mx381.id, error);
  if (list == NULL)
    mw_error_adopt (error, MW_SESSION_ERROR_STORE);
  return list;
}

/* The last eight characters of the logical device name are the serial number (Mx381 manual
 * 6.11.1), for a meter whose Device ID 1 is empty. */
static gboolean
identify (MwMeter *self, MwMeterInfo *draft, GError **error)
{
  if (!mw_dlms_family_identify (self, draft, error))
    return FALSE;
  if (draft->serial == NULL && draft->logical_name && strlen (draft->logical_name) == 16)
    draft->serial = g_strdup (draft->logical_name + 8);
  return TRUE;
}

const MwFamily mw_family_mx381 = {
  .id = "iskraemeco-mx381",
  .identify = identify,
  .registers = registers,
  .loggers = loggers,
};
