/* plan-tariff.c: the tariff plan (METERTOOL manual 3.5.6): seasons, holidays, days. */
#include <glib/gi18n.h>

#include "holidays.h"
#include "plan-grid.h"
#include "plan-preview.h"
#include "plan-text.h"
#include "plan-views.h"

#define N_DAYS (MW_N_TARIFF_SEASONS * MW_N_TARIFF_DAYS)

typedef struct {
  MwPlanDoc *doc;
  GtkWidget *box, *year, *all, *brush, *country, *calendar, *summer, *holiday;
  GtkWidget *tariff, *days, *day[N_DAYS], *preview;
  gboolean showing;
} View;

typedef enum { BRUSH_SUMMER, BRUSH_WINTER, BRUSH_HOLIDAY, BRUSH_NO_HOLIDAY } Brush;

static int
year_of (View *v)
{
  return gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (v->year));
}

static gboolean
all_years (View *v)
{
  return gtk_check_button_get_active (GTK_CHECK_BUTTON (v->all));
}

/* ---- what is shown ---- */

static void
show_calendar (View *v, const MwTariffPlan *plan, int year)
{
  int at = year - plan->first_year;
  for (int month = 1; month <= 12; month++)
    for (int dom = 1; dom <= 31; dom++) {
      guint8 value = MW_GRID_ABSENT;
      if (dom <= mw_days_of_month (year, month)) {
        MwDay day = mw_day (year, month, dom);
        int n = mw_day_of_year (day);
        value = mw_year_days_get (&plan->summer[at], n) ? MW_GRID_SUMMER : MW_GRID_WINTER;
        if (mw_year_days_get (&plan->holiday[at], n) || mw_day_weekday (day) == 7)
          value |= MW_GRID_HOLIDAY;
      }
      mw_plan_grid_set (MW_PLAN_GRID (v->calendar), (guint) month - 1, (guint) dom - 1, value);
    }
}

static void
show_days (View *v, const MwTariffPlan *plan)
{
  for (guint i = 0; i < N_DAYS; i++) {
    const guint8 *slots = plan->tariff[i / MW_N_TARIFF_DAYS][i % MW_N_TARIFF_DAYS];
    g_autofree char *text = mw_plan_text_slots (slots);
    mw_plan_view_set_entry (v->day[i], text);
    for (guint slot = 0; slot < MW_TARIFF_PLAN_SLOTS; slot++)
      mw_plan_grid_set (MW_PLAN_GRID (v->days), i, slot, slots[slot]);
  }
}

static void
show (View *v)
{
  const MwTariffPlan *plan = &mw_plan_doc_get_plan (v->doc)->u.tariff;
  if (v->showing)
    return;
  v->showing = TRUE;
  gtk_spin_button_set_range (GTK_SPIN_BUTTON (v->year), plan->first_year,
                             plan->first_year + plan->years - 1);
  v->showing = FALSE;
  int year = year_of (v), at = year - plan->first_year;
  g_autofree char *summer = mw_plan_text_days (&plan->summer[at], year);
  g_autofree char *holiday = mw_plan_text_days (&plan->holiday[at], year);
  show_calendar (v, plan, year);
  mw_plan_view_set_entry (v->summer, summer);
  mw_plan_view_set_entry (v->holiday, holiday);
  show_days (v, plan);
  mw_plan_preview_set (MW_PLAN_PREVIEW (v->preview), mw_plan_doc_get_plan (v->doc), year);
}

/* ---- what is done ---- */

static void
paint_day (MwTariffPlan *plan, int year, int month, int dom, Brush brush)
{
  int at = year - plan->first_year;
  if (dom > mw_days_of_month (year, month))
    return;
  int n = mw_day_of_year (mw_day (year, month, dom));
  if (brush <= BRUSH_WINTER)
    mw_year_days_set (&plan->summer[at], n, brush == BRUSH_SUMMER);
  else
    mw_year_days_set (&plan->holiday[at], n, brush == BRUSH_HOLIDAY);
}

static void
on_paint_calendar (MwPlanGrid *grid, guint r0, guint c0, guint r1, guint c1, guint value,
                   View *v)
{
  g_autoptr (MwPlan) plan = mw_plan_copy (mw_plan_doc_get_plan (v->doc));
  MwTariffPlan *t = &plan->u.tariff;
  Brush brush = value >= 1 && value <= 4
                    ? (Brush) value - 1
                    : (Brush) gtk_drop_down_get_selected (GTK_DROP_DOWN (v->brush));
  int first = all_years (v) ? t->first_year : year_of (v);
  int last = all_years (v) ? t->first_year + t->years - 1 : first;
  for (int year = first; year <= last; year++)
    for (guint i = r0 * 31 + c0; i <= r1 * 31 + c1; i++)
      paint_day (t, year, (int) (i / 31) + 1, (int) (i % 31) + 1, brush);
  mw_plan_doc_apply (v->doc, plan);
}

static void
on_paint_days (MwPlanGrid *grid, guint r0, guint c0, guint r1, guint c1, guint value, View *v)
{
  g_autoptr (MwPlan) plan = mw_plan_copy (mw_plan_doc_get_plan (v->doc));
  guint tariff = value ? value : gtk_drop_down_get_selected (GTK_DROP_DOWN (v->tariff)) + 1;
  for (guint r = r0; r <= r1; r++)
    for (guint c = c0; c <= c1; c++)
      plan->u.tariff.tariff[r / MW_N_TARIFF_DAYS][r % MW_N_TARIFF_DAYS][c] = (guint8) tariff;
  mw_plan_doc_apply (v->doc, plan);
}

static void
on_day_typed (GtkEntry *entry, View *v)
{
  g_autoptr (MwPlan) plan = mw_plan_copy (mw_plan_doc_get_plan (v->doc));
  for (guint i = 0; i < N_DAYS; i++)
    if (v->day[i] == GTK_WIDGET (entry)) {
      guint8 *slots = plan->u.tariff.tariff[i / MW_N_TARIFF_DAYS][i % MW_N_TARIFF_DAYS];
      if (mw_plan_text_parse_slots (gtk_editable_get_text (GTK_EDITABLE (entry)), slots))
        mw_plan_doc_apply (v->doc, plan);
      else
        mw_plan_view_refuse (GTK_WIDGET (entry),
                             _ ("Times in quarters of an hour with a tariff each, from 00:00 "
                                "on: “00:00 1, 07:00 2”."));
    }
}

static void
on_range_typed (GtkEntry *entry, View *v)
{
  g_autoptr (MwPlan) plan = mw_plan_copy (mw_plan_doc_get_plan (v->doc));
  MwTariffPlan *t = &plan->u.tariff;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  MwYearDays *days = GTK_WIDGET (entry) == v->summer ? t->summer : t->holiday;
  int first = all_years (v) ? t->first_year : year_of (v);
  int last = all_years (v) ? t->first_year + t->years - 1 : first;
  gboolean good = TRUE;
  for (int year = first; year <= last; year++)
    good = mw_plan_text_parse_days (text, year, &days[year - t->first_year]) && good;
  if (good)
    mw_plan_doc_apply (v->doc, plan);
  else
    mw_plan_view_refuse (GTK_WIDGET (entry),
                         _ ("Days as month-day, ranges with two dots: “03-31..10-26, 12-24”."));
}

static void
on_eu (View *v)
{
  g_autoptr (MwPlan) plan = mw_plan_copy (mw_plan_doc_get_plan (v->doc));
  MwTariffPlan *t = &plan->u.tariff;
  for (int i = 0; i < t->years; i++) {
    int year = t->first_year + i;
    MwDay first = mw_day_nth_weekday (year, 3, 7, 5), end = mw_day_nth_weekday (year, 10, 7, 5);
    if (!all_years (v) && year != year_of (v))
      continue;
    t->summer[i] = (MwYearDays){ 0 };
    for (MwDay day = first; day < end; day++)
      mw_year_days_set (&t->summer[i], mw_day_of_year (day), TRUE);
  }
  mw_plan_doc_apply (v->doc, plan);
}

static void
take_holidays (GArray *holidays, gpointer data)
{
  View *v = data;
  g_autoptr (MwPlan) plan = mw_plan_copy (mw_plan_doc_get_plan (v->doc));
  for (guint i = 0; i < holidays->len; i++) {
    MwDay day = g_array_index (holidays, MwHoliday, i).day;
    mw_year_days_set (&plan->u.tariff.holiday[mw_day_year (day) - plan->u.tariff.first_year],
                      mw_day_of_year (day), TRUE);
  }
  mw_plan_doc_apply (v->doc, plan);
}

static void
on_fill (View *v)
{
  const MwTariffPlan *t = &mw_plan_doc_get_plan (v->doc)->u.tariff;
  int first = all_years (v) ? t->first_year : year_of (v);
  int last = all_years (v) ? t->first_year + t->years - 1 : first;
  mw_plan_view_holidays (v->box, mw_plan_view_country (v->country), first, last, take_holidays,
                         v);
}

/* ---- how it is made ---- */

static void
add_button (GtkBox *row, const char *label, GCallback func, View *v)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  g_signal_connect_swapped (button, "clicked", func, v);
  gtk_box_append (row, button);
}

static void
make_year (View *v, GtkBox *box)
{
  const char *brushes[] = { _ ("Summer"), _ ("Winter"), _ ("Holiday"), _ ("No holiday"), NULL };
  GtkBox *row = GTK_BOX (mw_plan_view_row (box));
  v->year = gtk_spin_button_new_with_range (2000, 2000, 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (v->year), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Year"), -1);
  gtk_box_append (row, v->year);
  v->all = gtk_check_button_new_with_label (_ ("All years"));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (v->all), TRUE);
  gtk_box_append (row, v->all);
  v->brush = mw_plan_view_choice (row, _ ("Paint days as"), brushes);
  add_button (row, _ ("Summer as EU daylight saving"), G_CALLBACK (on_eu), v);
  row = GTK_BOX (mw_plan_view_row (box));
  v->country = mw_plan_view_countries (row);
  add_button (row, _ ("Fill holidays…"), G_CALLBACK (on_fill), v);
  v->calendar = mw_plan_grid_new (12, 31, TRUE, 19, _ ("Calendar of the year"));
  for (guint month = 0; month < 12; month++) {
    g_autoptr (GDateTime) date = g_date_time_new_utc (2024, (int) month + 1, 1, 0, 0, 0);
    g_autofree char *name = g_date_time_format (date, "%OB");
    mw_plan_grid_set_row_label (MW_PLAN_GRID (v->calendar), month, name);
  }
  gtk_box_append (box, v->calendar);
  v->summer = mw_plan_view_entry (box, _ ("Summer"));
  v->holiday = mw_plan_view_entry (box, _ ("Holidays"));
  g_signal_connect (v->calendar, "paint", G_CALLBACK (on_paint_calendar), v);
  g_signal_connect (v->summer, "activate", G_CALLBACK (on_range_typed), v);
  g_signal_connect (v->holiday, "activate", G_CALLBACK (on_range_typed), v);
  g_signal_connect_swapped (v->year, "value-changed", G_CALLBACK (show), v);
}

static void
make_days (View *v, GtkBox *box)
{
  const char *names[N_DAYS] = { _ ("Winter, weekday"),  _ ("Winter, Saturday"),
                                _ ("Winter, holiday"),  _ ("Summer, weekday"),
                                _ ("Summer, Saturday"), _ ("Summer, holiday") };
  v->tariff = mw_plan_view_tariffs (GTK_BOX (mw_plan_view_row (box)));
  v->days = mw_plan_grid_new (N_DAYS, MW_TARIFF_PLAN_SLOTS, FALSE, 26, _ ("Days"));
  mw_plan_grid_set_hours (MW_PLAN_GRID (v->days), TRUE);
  gtk_box_append (box, v->days);
  g_signal_connect (v->days, "paint", G_CALLBACK (on_paint_days), v);
  for (guint i = 0; i < N_DAYS; i++) {
    mw_plan_grid_set_row_label (MW_PLAN_GRID (v->days), i, names[i]);
    v->day[i] = mw_plan_view_entry (box, names[i]);
    g_signal_connect (v->day[i], "activate", G_CALLBACK (on_day_typed), v);
  }
}

GtkWidget *
mw_plan_view_tariff_new (MwPlanDoc *doc)
{
  View *v = g_new0 (View, 1);
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  v->box = GTK_WIDGET (box);
  v->doc = doc;
  g_object_set_data_full (G_OBJECT (box), "view", v, g_free);
  gtk_box_append (box, mw_plan_view_heading (_ ("Seasons and holidays")));
  make_year (v, box);
  gtk_box_append (box, mw_plan_view_heading (_ ("Days")));
  make_days (v, box);
  gtk_box_append (box, mw_plan_view_heading (_ ("The year as the meter follows it")));
  v->preview = mw_plan_preview_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (v->preview), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("The year as the meter follows it"), -1);
  gtk_box_append (box, v->preview);
  g_signal_connect_data (doc, "changed", G_CALLBACK (show), v, NULL, G_CONNECT_SWAPPED);
  show (v);
  return v->box;
}
