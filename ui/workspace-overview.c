/* workspace-overview.c: what the Overview reads, in one go. */
#include <string.h>

#include "health.h"
#include "lcd.h"
#include "workspace-private.h"

/* What the Overview reads: identity, clock, tariff, switch, troubles, quantities, totals, how
 * the display writes. */
static const char *const overview_registers[] = {
  "0-0:1.0.0.255",      "1-0:0.2.0.255",     "0-0:96.1.0.255",       "0-0:96.1.1.255",
  "0-0:96.14.0.255",    "0-0:96.3.10.255",   "0-0:97.97.0.255",      "0-0:97.97.1.255",
  "0-0:97.98.0.255",    "1-0:32.7.0.255",    "1-0:52.7.0.255",       "1-0:72.7.0.255",
  "1-0:31.7.0.255",     "1-0:51.7.0.255",    "1-0:71.7.0.255",       "1-0:33.7.0.255",
  "1-0:53.7.0.255",     "1-0:73.7.0.255",    "1-0:13.7.0.255",       "1-0:21.7.0.255",
  "1-0:41.7.0.255",     "1-0:61.7.0.255",    "1-0:22.7.0.255",       "1-0:42.7.0.255",
  "1-0:62.7.0.255",     "1-0:23.7.0.255",    "1-0:43.7.0.255",       "1-0:63.7.0.255",
  "1-0:24.7.0.255",     "1-0:44.7.0.255",    "1-0:64.7.0.255",       "1-0:1.7.0.255",
  "1-0:2.7.0.255",      "1-0:3.7.0.255",     "1-0:4.7.0.255",        "1-0:14.7.0.255",
  "1-0:81.7.10.255",    "1-0:81.7.20.255",   "1-0:1.8.0.255",        "1-0:2.8.0.255",
  "1-0:3.8.0.255",      "1-0:4.8.0.255",     "1-0:1.8.1.255",        "1-0:1.8.2.255",
  "1-0:1.8.3.255",      "1-0:1.8.4.255",     MW_LCD_ENERGY_FORMAT,   MW_LCD_DEMAND_FORMAT,
  MW_LCD_CONFIGURATION, "0-0:196.97.10.255", MW_HEALTH_EVENT_STATUS, MW_HEALTH_STATUS,
  "0-0:196.97.11.255",
};

#define SWITCH_ATTRIBUTE "70:0-0:96.3.10.255:2" /* disconnect control, output state */
#define LIST_ATTRIBUTE(obis) "7:" obis ":3"     /* its capture objects */

static const char *const display_lists[] = { MW_LCD_AUTOMATIC_LIST, MW_LCD_MANUAL_LIST };

/* Meters that say how their display writes have lists of what it shows. */
static gboolean
has_display_lists (MwWorkspace *self)
{
  return mw_workspace_find_register (self, MW_LCD_ENERGY_FORMAT) != NULL;
}

static void
add_once (GPtrArray *words, const char *word)
{
  for (guint i = 0; i < words->len; i++)
    if (g_str_equal (words->pdata[i], word))
      return;
  g_ptr_array_add (words, g_strdup (word));
}

/* What stands on the display, as far as it is known. */
static void
add_display_items (MwWorkspace *self, GPtrArray *words)
{
  for (gsize l = 0; l < G_N_ELEMENTS (display_lists); l++) {
    const MwValue *value = mw_workspace_get_value (self, display_lists[l]);
    g_autoptr (GPtrArray) items = value ? mw_lcd_parse_list (value->reading->raw) : NULL;
    for (guint i = 0; items && i < items->len; i++) {
      const MwLcdItem *item = items->pdata[i];
      if (mw_workspace_find_register (self, item->obis))
        add_once (words, item->obis);
    }
  }
}

char **
mw_workspace_dup_overview_registers (MwWorkspace *self)
{
  GPtrArray *words = g_ptr_array_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (overview_registers); i++) {
    const MwRegisterInfo *info = mw_workspace_find_register (self, overview_registers[i]);
    if (info)
      g_ptr_array_add (words, g_strdup (info->obis));
  }
  add_display_items (self, words);
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (words, FALSE);
}

/* One go for the whole page: registers, the switch, and once in a connection the lists of the
 * display, so that they are kept beside the values. */
static void
read_overview_now (MwWorkspace *self)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) registers = mw_workspace_dup_overview_registers (self);
  for (guint i = 0; registers[i]; i++)
    g_ptr_array_add (words, g_strdup (registers[i]));
  if (self->meter->family && g_str_has_prefix (self->meter->family, "iskraemeco"))
    g_ptr_array_add (words, g_strdup (SWITCH_ATTRIBUTE));
  if (has_display_lists (self) && !self->lists_kept) {
    g_ptr_array_add (words, g_strdup (LIST_ATTRIBUTE (MW_LCD_AUTOMATIC_LIST)));
    g_ptr_array_add (words, g_strdup (LIST_ATTRIBUTE (MW_LCD_MANUAL_LIST)));
    self->lists_kept = TRUE;
  }
  g_ptr_array_add (words, NULL);
  mw_workspace_read (self, (const char *const *) words->pdata, "overview");
}

static void ask_display_list (MwWorkspace *self);

static void
on_display_list (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MwWorkspace) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwReading) reading = mw_session_get_finish (MW_SESSION (source), result, &error);
  if (reading)
    mw_workspace_take_reading (self, reading, mw_workspace_now (self), TRUE);
  if (mw_workspace_end_job (self, error) && mw_workspace_is_connected (self))
    ask_display_list (self);
}

/* Which objects stand on the display must be known before they can be read together. */
static void
ask_display_list (MwWorkspace *self)
{
  for (gsize l = 0; has_display_lists (self) && l < G_N_ELEMENTS (display_lists); l++) {
    if (mw_workspace_get_value (self, display_lists[l]))
      continue;
    mw_session_get_async (self->session, MW_LCD_LIST_CLASS, display_lists[l],
                          MW_LCD_LIST_ATTRIBUTE, mw_workspace_begin_job (self), on_display_list,
                          g_object_ref (self));
    return;
  }
  read_overview_now (self);
}

void
mw_workspace_read_overview (MwWorkspace *self)
{
  g_auto (GStrv) registers = mw_workspace_dup_overview_registers (self);
  if (registers[0] && mw_workspace_is_connected (self))
    ask_display_list (self);
}

/* ---- the IEC1107 request ---- */

static void
on_iec (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MwWorkspace) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwReadout) readout =
      mw_session_iec_request_finish (MW_SESSION (source), result, &error);
  if (readout) {
    g_clear_pointer (&self->iec_readout, mw_readout_unref);
    self->iec_readout = mw_readout_ref (readout);
  }
  mw_workspace_end_job (self, error);
  if (readout)
    g_signal_emit_by_name (self, "stored", NULL);
}

void
mw_workspace_request_iec (MwWorkspace *self)
{
  if (mw_workspace_is_connected (self))
    mw_session_iec_request_async (self->session, mw_workspace_begin_job (self), on_iec,
                                  g_object_ref (self));
}

MwReadout *
mw_workspace_get_iec_readout (MwWorkspace *self)
{
  return self->iec_readout;
}
