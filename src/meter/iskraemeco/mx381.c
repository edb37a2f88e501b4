/* mx381.c: Iskraemeco ME381 and MT381 (Mx381 manual): IDIS package 2 meters, which the
 * catalogue knows object by object.  Registers, loggers and their names are its rows; the
 * object list need not be read.
 */
#include "meter/dlms/family.h"

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
  .registers = mw_catalogue_registers,
  .loggers = mw_catalogue_loggers,
  MW_DLMS_FAMILY_SLOTS,
  MW_DLMS_PLAN_SLOTS,
};
