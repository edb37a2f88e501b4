#include "appearance.h"

#include <adwaita.h>

#define DEFAULT_DPI (96 * 1024) /* of gtk-xft-dpi, when the system does not say */

static int text_size = 100;

void
mw_appearance_set_style (const char *style)
{
  AdwColorScheme scheme = g_strcmp0 (style, "dark") == 0    ? ADW_COLOR_SCHEME_FORCE_DARK
                          : g_strcmp0 (style, "light") == 0 ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                            : ADW_COLOR_SCHEME_DEFAULT;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

void
mw_appearance_set_text_size (int percent)
{
  GtkSettings *settings = gtk_settings_get_default ();
  int dpi;
  percent = CLAMP (percent, 100, 200);
  if (!settings || percent == text_size)
    return;
  text_size = percent; /* before anybody hears of it */
  gtk_settings_reset_property (settings, "gtk-xft-dpi");
  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL); /* the system's own */
  if (percent != 100)
    g_object_set (settings, "gtk-xft-dpi", (dpi > 0 ? dpi : DEFAULT_DPI) / 100 * percent, NULL);
}

int
mw_appearance_get_text_size (void)
{
  return text_size;
}

int
mw_appearance_scale (int pixels)
{
  return pixels * text_size / 100;
}

#define BASE "usual-width" /* of a column */

static void
fit_columns (GtkColumnView *view)
{
  GListModel *columns = gtk_column_view_get_columns (view);
  for (guint i = 0; i < g_list_model_get_n_items (columns); i++) {
    g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
    int base = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (column), BASE));
    if (!base) {
      base = gtk_column_view_column_get_fixed_width (column);
      g_object_set_data (G_OBJECT (column), BASE, GINT_TO_POINTER (base));
    }
    if (base > 0)
      gtk_column_view_column_set_fixed_width (column, mw_appearance_scale (base));
  }
}

void
mw_appearance_fit_columns (GtkColumnView *view)
{
  fit_columns (view);
  g_signal_connect_object (gtk_settings_get_default (), "notify::gtk-xft-dpi",
                           G_CALLBACK (fit_columns), view, G_CONNECT_SWAPPED);
}

void
mw_appearance_fit_paned (GtkPaned *paned)
{
  /* half as much: the page beside it grows too, the window does not */
  gtk_paned_set_position (paned, gtk_paned_get_position (paned) * (100 + text_size) / 200);
}
