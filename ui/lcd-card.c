#include "lcd-card.h"

#include <glib/gi18n.h>

#include "format.h"
#include "lcd-view.h"

struct _MwLcdCard {
  AdwBin parent_instance;

  /* template */
  MwLcdView *view;
  GtkDropDown *list;
  GtkToggleButton *play;
  GtkWidget *previous;
  GtkWidget *next;
  GtkLabel *place;
  GtkLabel *name;

  /* owned */
  MwWorkspace *workspace;
  GPtrArray *items; /* of the list that is chosen; NULL: not known */
  guint index;
  guint seconds; /* that the item has been on show while playing */
  guint tick;
};

G_DEFINE_FINAL_TYPE (MwLcdCard, mw_lcd_card, ADW_TYPE_BIN)

static const MwReading *
look_up (gpointer data, const char *obis)
{
  const MwValue *value = mw_workspace_get_value (data, obis);
  return value ? value->reading : NULL;
}

static const MwLcdItem *
shown_item (MwLcdCard *self)
{
  return self->items && self->index < self->items->len ? self->items->pdata[self->index] : NULL;
}

static char *
age_text (const MwValue *value)
{
  if (!value)
    return g_strdup (_ ("not read"));
  g_autofree char *time =
      value->live ? mw_format_time_near (value->at) : mw_format_time (value->at);
  return g_strdup_printf (value->live ? _ ("as read at %s") : _ ("as stored on %s"), time);
}

static void
show_item (MwLcdCard *self)
{
  MwLcd lcd;
  const MwLcdItem *item = shown_item (self);
  guint n = self->items ? self->items->len : 0;
  mw_lcd_compose (item, look_up, self->workspace, &lcd);
  mw_lcd_view_show (self->view, &lcd, self->seconds);
  const MwRegisterInfo *info =
      item ? mw_workspace_find_register (self->workspace, item->obis) : NULL;
  g_autofree char *age =
      item ? age_text (mw_workspace_get_value (self->workspace, item->obis)) : NULL;
  g_autofree char *place =
      item ? g_strdup_printf (_ ("%u of %u · %s"), self->index + 1, n, age) : g_strdup ("");
  gtk_label_set_label (self->name, info   ? info->name
                                   : item ? item->obis
                                          : _ ("Nothing stands in this list"));
  gtk_label_set_label (self->place, place);
  gtk_widget_set_sensitive (self->previous, n > 1);
  gtk_widget_set_sensitive (self->next, n > 1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->play), n > 0);
}

static void
load_list (MwLcdCard *self)
{
  const char *obis =
      gtk_drop_down_get_selected (self->list) == 1 ? MW_LCD_MANUAL_LIST : MW_LCD_AUTOMATIC_LIST;
  const MwValue *value = mw_workspace_get_value (self->workspace, obis);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  if (value)
    self->items = mw_lcd_parse_list (value->reading->raw);
  if (!self->items || self->index >= self->items->len)
    self->index = 0;
}

void
mw_lcd_card_update (MwLcdCard *self, MwWorkspace *workspace)
{
  g_set_object (&self->workspace, workspace);
  load_list (self);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          mw_workspace_get_value (workspace, MW_LCD_AUTOMATIC_LIST) != NULL);
  show_item (self);
}

/* ---- going through the list ---- */

static void
go (MwLcdCard *self, int by)
{
  guint n = self->items ? self->items->len : 0;
  if (n == 0)
    return;
  self->index = (self->index + n + (guint) (by + (int) n)) % n;
  self->seconds = 0;
  show_item (self);
}

static void
on_previous (MwLcdCard *self)
{
  go (self, -1);
}

static void
on_next (MwLcdCard *self)
{
  go (self, 1);
}

static gboolean
on_second (gpointer data)
{
  MwLcdCard *self = data;
  MwLcd lcd;
  mw_lcd_compose (shown_item (self), look_up, self->workspace, &lcd);
  if (++self->seconds >= mw_lcd_seconds (&lcd))
    go (self, 1);
  else if (mw_lcd_seconds (&lcd) > MW_LCD_SCROLL_S)
    show_item (self); /* a long text moves on */
  return G_SOURCE_CONTINUE;
}

/* Plays only while it is seen. */
static void
set_ticking (MwLcdCard *self, gboolean on)
{
  if (on && !self->tick)
    self->tick = g_timeout_add_seconds (1, on_second, self);
  else if (!on)
    g_clear_handle_id (&self->tick, g_source_remove);
}

static void
on_play (MwLcdCard *self)
{
  gboolean on = gtk_toggle_button_get_active (self->play);
  gtk_button_set_icon_name (GTK_BUTTON (self->play), on ? "media-playback-pause-symbolic"
                                                        : "media-playback-start-symbolic");
  set_ticking (self, on && gtk_widget_get_mapped (GTK_WIDGET (self)));
}

static void
on_list (MwLcdCard *self)
{
  if (!self->workspace)
    return;
  self->index = 0;
  self->seconds = 0;
  load_list (self);
  show_item (self);
}

static void
mw_lcd_card_map (GtkWidget *widget)
{
  MwLcdCard *self = MW_LCD_CARD (widget);
  GTK_WIDGET_CLASS (mw_lcd_card_parent_class)->map (widget);
  set_ticking (self, gtk_toggle_button_get_active (self->play));
}

static void
mw_lcd_card_unmap (GtkWidget *widget)
{
  set_ticking (MW_LCD_CARD (widget), FALSE);
  GTK_WIDGET_CLASS (mw_lcd_card_parent_class)->unmap (widget);
}

static void
mw_lcd_card_dispose (GObject *object)
{
  MwLcdCard *self = MW_LCD_CARD (object);
  set_ticking (self, FALSE);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_LCD_CARD);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (mw_lcd_card_parent_class)->dispose (object);
}

static void
mw_lcd_card_class_init (MwLcdCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_lcd_card_dispose;
  widget_class->map = mw_lcd_card_map;
  widget_class->unmap = mw_lcd_card_unmap;
  g_type_ensure (MW_TYPE_LCD_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/lcd-card.ui");
  gtk_widget_class_bind_template_child (widget_class, MwLcdCard, view);
  gtk_widget_class_bind_template_child (widget_class, MwLcdCard, list);
  gtk_widget_class_bind_template_child (widget_class, MwLcdCard, play);
  gtk_widget_class_bind_template_child (widget_class, MwLcdCard, previous);
  gtk_widget_class_bind_template_child (widget_class, MwLcdCard, next);
  gtk_widget_class_bind_template_child (widget_class, MwLcdCard, place);
  gtk_widget_class_bind_template_child (widget_class, MwLcdCard, name);
  gtk_widget_class_bind_template_callback (widget_class, on_previous);
  gtk_widget_class_bind_template_callback (widget_class, on_next);
  gtk_widget_class_bind_template_callback (widget_class, on_play);
  gtk_widget_class_bind_template_callback (widget_class, on_list);
}

static void
mw_lcd_card_init (MwLcdCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
