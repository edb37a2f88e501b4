#include "health.h"

#include <glib/gi18n.h>

/* clang-format off */
static const struct {
  const char *obis;
  guint bit;
  MwHealthLevel level;
  const char *name, *advice;
} bits[] = {
  { MW_HEALTH_ERROR1, 8, MW_HEALTH_FAULT, N_("Program memory error"), N_("Replace the meter and have its readings examined.") },
  { MW_HEALTH_ERROR1, 9, MW_HEALTH_FAULT, N_("RAM error"), N_("The meter may work irregularly.") },
  { MW_HEALTH_ERROR1, 10, MW_HEALTH_FAULT, N_("Non-volatile memory error"), N_("The meter may work irregularly.") },
  { MW_HEALTH_ERROR1, 11, MW_HEALTH_FAULT, N_("Measurement system error"), N_("The measurement may be inaccurate.") },
  { MW_HEALTH_ERROR1, 12, MW_HEALTH_WARNING, N_("Watchdog error"), N_("The meter was restarted by its watchdog.") },
  { MW_HEALTH_ERROR1, 0, MW_HEALTH_WARNING, N_("Clock invalid"), N_("Set the time. Entries since then carry a doubtful time.") },
  { MW_HEALTH_ERROR1, 1, MW_HEALTH_WARNING, N_("Replace battery"), N_("The clock's reserve is used up.") },
  { MW_HEALTH_ERROR1, 16, MW_HEALTH_WARNING, N_("M-Bus channel 1 does not answer"), NULL },
  { MW_HEALTH_ERROR1, 17, MW_HEALTH_WARNING, N_("M-Bus channel 2 does not answer"), NULL },
  { MW_HEALTH_ERROR1, 18, MW_HEALTH_WARNING, N_("M-Bus channel 3 does not answer"), NULL },
  { MW_HEALTH_ERROR1, 19, MW_HEALTH_WARNING, N_("M-Bus channel 4 does not answer"), NULL },
  { MW_HEALTH_ERROR2, 8, MW_HEALTH_FAULT, N_("Program memory error"), N_("Replace the meter and have its readings examined.") },
  { MW_HEALTH_ERROR2, 9, MW_HEALTH_FAULT, N_("Back-up data checksum error"), NULL },
  { MW_HEALTH_ERROR2, 10, MW_HEALTH_FAULT, N_("Parameter checksum error"), N_("Compare the meter's parameters with what was programmed.") },
  { MW_HEALTH_ERROR2, 11, MW_HEALTH_FAULT, N_("Profile checksum error"), N_("Load profile entries may be damaged.") },
  { MW_HEALTH_ERROR2, 12, MW_HEALTH_FAULT, N_("Event log checksum error"), NULL },
  { MW_HEALTH_ERROR2, 13, MW_HEALTH_FAULT, N_("RAM error"), N_("The meter may work irregularly.") },
  { MW_HEALTH_ERROR2, 16, MW_HEALTH_FAULT, N_("RAM error"), N_("The meter may work irregularly.") },
  { MW_HEALTH_ERROR2, 17, MW_HEALTH_FAULT, N_("Non-volatile memory error"), N_("The meter may work irregularly.") },
  { MW_HEALTH_ERROR2, 18, MW_HEALTH_FAULT, N_("Measurement system error"), N_("The measurement may be inaccurate.") },
  { MW_HEALTH_ERROR2, 19, MW_HEALTH_WARNING, N_("Clock chip error"), NULL },
  { MW_HEALTH_ERROR2, 22, MW_HEALTH_WARNING, N_("Communication error"), NULL },
  { MW_HEALTH_ERROR2, 23, MW_HEALTH_NOTE, N_("Display error"), NULL },
  { MW_HEALTH_ERROR2, 24, MW_HEALTH_WARNING, N_("Replace battery"), N_("The clock's reserve is used up.") },
  { MW_HEALTH_ERROR2, 25, MW_HEALTH_WARNING, N_("Clock invalid"), N_("Set the time. Entries since then carry a doubtful time.") },
  { MW_HEALTH_ALARM1, 13, MW_HEALTH_FAULT, N_("Fraud attempt"), N_("See the fraud detection log: cover, magnet or wrong password.") },
  { MW_HEALTH_ALARM1, 8, MW_HEALTH_FAULT, N_("Program memory error"), N_("Replace the meter and have its readings examined.") },
  { MW_HEALTH_ALARM1, 9, MW_HEALTH_FAULT, N_("RAM error"), N_("The meter may work irregularly.") },
  { MW_HEALTH_ALARM1, 10, MW_HEALTH_FAULT, N_("Non-volatile memory error"), N_("The meter may work irregularly.") },
  { MW_HEALTH_ALARM1, 11, MW_HEALTH_FAULT, N_("Measurement system error"), N_("The measurement may be inaccurate.") },
  { MW_HEALTH_ALARM1, 12, MW_HEALTH_WARNING, N_("Watchdog error"), N_("The meter was restarted by its watchdog.") },
  { MW_HEALTH_ALARM1, 0, MW_HEALTH_WARNING, N_("Clock invalid"), N_("Set the time. Entries since then carry a doubtful time.") },
  { MW_HEALTH_ALARM1, 1, MW_HEALTH_WARNING, N_("Replace battery"), N_("The clock's reserve is used up.") },
  { MW_HEALTH_ALARM1, 16, MW_HEALTH_WARNING, N_("M-Bus channel 1 does not answer"), NULL },
  { MW_HEALTH_ALARM1, 17, MW_HEALTH_WARNING, N_("M-Bus channel 2 does not answer"), NULL },
  { MW_HEALTH_ALARM1, 18, MW_HEALTH_WARNING, N_("M-Bus channel 3 does not answer"), NULL },
  { MW_HEALTH_ALARM1, 19, MW_HEALTH_WARNING, N_("M-Bus channel 4 does not answer"), NULL },
  { MW_HEALTH_ALARM1, 20, MW_HEALTH_FAULT, N_("Fraud attempt, M-Bus channel 1"), NULL },
  { MW_HEALTH_ALARM1, 21, MW_HEALTH_FAULT, N_("Fraud attempt, M-Bus channel 2"), NULL },
  { MW_HEALTH_ALARM1, 22, MW_HEALTH_FAULT, N_("Fraud attempt, M-Bus channel 3"), NULL },
  { MW_HEALTH_ALARM1, 23, MW_HEALTH_FAULT, N_("Fraud attempt, M-Bus channel 4"), NULL },
};
/* clang-format on */

static gboolean
said (const GArray *items, const char *name)
{
  for (guint i = 0; i < items->len; i++)
    if (g_str_equal (g_array_index (items, MwHealthItem, i).name, name))
      return TRUE;
  return FALSE;
}

void
mw_health_append (GArray *items, const char *obis, guint32 value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bits); i++) {
    if (!g_str_equal (bits[i].obis, obis) || !(value >> bits[i].bit & 1u))
      continue;
    MwHealthItem item = { bits[i].level, _ (bits[i].name),
                          bits[i].advice ? _ (bits[i].advice) : NULL };
    if (!said (items, item.name))
      g_array_append_val (items, item);
  }
}

void
mw_health_append_bits (GArray *items, GPtrArray *names, guint32 value)
{
  static const MwHealthLevel levels[] = { [MW_SEVERITY_INFO] = MW_HEALTH_NOTE,
                                          [MW_SEVERITY_WARNING] = MW_HEALTH_WARNING,
                                          [MW_SEVERITY_ERROR] = MW_HEALTH_FAULT };
  for (guint i = 0; names && i < names->len; i++) {
    const MwStatusBit *bit = names->pdata[i];
    MwHealthItem item = { levels[bit->severity], bit->name, NULL };
    if (bit->bit < 32 && (value >> bit->bit & 1u) && !said (items, item.name))
      g_array_append_val (items, item);
  }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return (int) ((const MwHealthItem *) b)->level - (int) ((const MwHealthItem *) a)->level;
}

void
mw_health_sort (GArray *items)
{
  g_array_sort (items, compare); /* stable since GLib 2.32 */
}
