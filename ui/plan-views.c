#include "plan-views.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "holidays.h"

GtkWidget *
mw_plan_view_heading (const char *text)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_set_margin_top (label, 12);
  return label;
}

GtkWidget *
mw_plan_view_row (GtkBox *box)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_append (box, row);
  return row;
}

GtkWidget *
mw_plan_view_entry (GtkBox *box, const char *label)
{
  GtkWidget *row = mw_plan_view_row (box);
  GtkWidget *name = gtk_label_new (label);
  GtkWidget *entry = gtk_entry_new ();
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_width_chars (GTK_LABEL (name), 22);
  gtk_label_set_mnemonic_widget (GTK_LABEL (name), entry);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_widget_add_css_class (entry, "numeric");
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), entry);
  return entry;
}

GtkWidget *
mw_plan_view_choice (GtkBox *row, const char *label, const char *const *choices)
{
  GtkWidget *choice = gtk_drop_down_new_from_strings (choices);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_tooltip_text (choice, label);
  gtk_box_append (row, choice);
  return choice;
}

GtkWidget *
mw_plan_view_tariffs (GtkBox *row)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  for (int i = 1; i <= MW_PLAN_TARIFFS; i++) {
    g_autofree char *name = g_strdup_printf (_ ("Tariff %d"), i);
    g_strv_builder_add (names, name);
  }
  g_auto (GStrv) all = g_strv_builder_end (names);
  return mw_plan_view_choice (row, _ ("Paint with"), (const char *const *) all);
}

void
mw_plan_view_set_entry (GtkWidget *entry, const char *text)
{
  if (g_strcmp0 (g_object_get_data (G_OBJECT (entry), "shown"), text) == 0)
    return; /* what is being typed stays while something else is edited */
  g_object_set_data_full (G_OBJECT (entry), "shown", g_strdup (text), g_free);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_widget_remove_css_class (entry, "error");
  gtk_widget_set_tooltip_text (entry, NULL);
}

void
mw_plan_view_refuse (GtkWidget *entry, const char *why)
{
  gtk_widget_add_css_class (entry, "error");
  gtk_widget_set_tooltip_text (entry, why);
}

/* ---- holidays ---- */

GtkWidget *
mw_plan_view_countries (GtkBox *row)
{
  guint n;
  const MwHolidayCountry *country = mw_holiday_countries (&n);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  for (guint i = 0; i < n; i++)
    g_strv_builder_add (names, country[i].name);
  g_auto (GStrv) all = g_strv_builder_end (names);
  return mw_plan_view_choice (row, _ ("Country"), (const char *const *) all);
}

const char *
mw_plan_view_country (GtkWidget *countries)
{
  guint n;
  const MwHolidayCountry *country = mw_holiday_countries (&n);
  guint at = gtk_drop_down_get_selected (GTK_DROP_DOWN (countries));
  return at < n ? country[at].code : NULL;
}

typedef struct {
  GArray *holidays;
  MwPlanHolidayFunc func;
  gpointer data;
} Ask;

static void
on_answer (AdwMessageDialog *dialog, const char *response, Ask *ask)
{
  if (g_str_equal (response, "take"))
    ask->func (ask->holidays, ask->data);
}

static void
ask_free (gpointer data, GClosure *closure)
{
  Ask *ask = data;
  g_array_unref (ask->holidays);
  g_free (ask);
}

static GtkWidget *
holiday_list (GArray *holidays)
{
  GString *text = g_string_new (NULL);
  GtkWidget *label, *scrolled = gtk_scrolled_window_new ();
  for (guint i = 0; i < holidays->len; i++) {
    const MwHoliday *h = &g_array_index (holidays, MwHoliday, i);
    int year, month, day;
    mw_day_split (h->day, &year, &month, &day);
    g_string_append_printf (text, "%s%04d-%02d-%02d  %s", i ? "\n" : "", year, month, day,
                            h->name);
  }
  label = gtk_label_new (text->str);
  g_string_free (text, TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), label);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), 260);
  return scrolled;
}

void
mw_plan_view_holidays (GtkWidget *parent, const char *country, int first, int last,
                       MwPlanHolidayFunc func, gpointer data)
{
  Ask *ask = g_new0 (Ask, 1);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (parent));
  GtkWidget *dialog = adw_message_dialog_new (window, _ ("Take over these holidays?"), NULL);
  ask->holidays = mw_holidays (country, first, last);
  ask->func = func;
  ask->data = data;
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog),
                                      holiday_list (ask->holidays));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    "take", _ ("_Take over"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "take");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_answer), ask, ask_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
