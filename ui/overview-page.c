#include "overview-page.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "health.h"
#include "lcd-card.h"
#include "phasor-diagram.h"
#include "type-designation.h"
#include "wiring-text.h"
#include "wiring.h"

#define CLOCK "0-0:1.0.0.255"
#define TARIFF "0-0:96.14.0.255"
#define SWITCH "0-0:96.3.10.255"
#define DRIFT_NOTABLE_S 10
#define WRAP_CHARS 34 /* so that two columns fit where there is room for them */

struct _MwOverviewPage {
  MwPage parent_instance;

  /* template */
  GtkGrid *identity;
  GtkGrid *now;
  MwLcdCard *display;
  GtkBox *health;
  GtkGrid *energy;
  GtkGrid *tariffs;
  GtkGrid *quantities;
  GtkBox *hints;
  MwPhasorDiagram *phasors;
  GtkLabel *power;
};

G_DEFINE_FINAL_TYPE (MwOverviewPage, mw_overview_page, MW_TYPE_PAGE)

/* ---- small parts ---- */

static void
empty (GtkWidget *box)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (box)))
    gtk_widget_unparent (child);
}

static GtkWidget *
make_label (const char *text, float xalign, const char *style)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  if (style)
    gtk_widget_add_css_class (label, style);
  return label;
}

/* A line "name  value" of a grid of facts; nothing when the value is not known. */
static void
add_fact (GtkGrid *grid, int *row, const char *name, const char *value, const char *style)
{
  if (!value || !*value)
    return;
  GtkWidget *label = make_label (name, 0, "dim-label");
  GtkWidget *text = make_label (value, 0, "numeric");
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (text), WRAP_CHARS);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_set_can_focus (text, FALSE);
  if (style)
    gtk_widget_add_css_class (text, style);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  label, NULL, -1);
  gtk_grid_attach (grid, label, 0, *row, 1, 1);
  gtk_grid_attach (grid, text, 1, *row, 1, 1);
  ++*row;
}

static char *
value_text (MwWorkspace *ws, const char *obis)
{
  const char *unit;
  const MwValue *value = mw_workspace_get_value (ws, obis);
  if (!value || value->reading->kind == MW_READING_REFUSED)
    return NULL;
  g_autofree char *number = mw_format_reading (value->reading, &unit);
  return *unit ? g_strdup_printf ("%s\u202f%s", number, unit) : g_steal_pointer (&number);
}

/* ---- identity ---- */

/* Position by position what the catalogue makes of the type number. */
static void
append_positions (GString *text, const GPtrArray *positions)
{
  for (guint i = 0; i < positions->len; i++) {
    const MwTypePosition *part = positions->pdata[i];
    g_string_append_printf (text, "%s%s  %s: %s", text->len ? "\n" : "", part->text, part->name,
                            part->meaning  ? part->meaning
                            : part->reason ? part->reason
                                           : _ ("not known"));
  }
}

static char *
explain_type (MwWorkspace *ws, const char *type)
{
  const MwMeterFacts *facts = mw_workspace_get_facts (ws);
  GString *text = g_string_new (NULL);
  if (facts->positions) {
    append_positions (text, facts->positions);
    return g_string_free (text, FALSE);
  }
  g_autoptr (GPtrArray) parts = mw_type_designation_explain (type);
  for (guint i = 0; i < parts->len; i++) {
    const MwTypePart *part = parts->pdata[i];
    g_string_append_printf (text, "%s%s  %s", i ? "\n" : "", part->code, part->meaning);
  }
  return g_string_free (text, FALSE);
}

static void
show_identity (MwOverviewPage *self, MwWorkspace *ws, const MwMeterInfo *meter)
{
  int row = 0;
  g_autofree char *parts = explain_type (ws, meter->type);
  g_autofree char *seen = meter->first_seen ? mw_format_time (meter->first_seen) : NULL;
  empty (GTK_WIDGET (self->identity));
  add_fact (self->identity, &row, _ ("Name"), meter->label, NULL);
  add_fact (self->identity, &row, _ ("Type"), meter->type, NULL);
  if (g_strcmp0 (mw_workspace_get_facts (ws)->shape, meter->type) != 0)
    add_fact (self->identity, &row, _ ("Type number"), mw_workspace_get_facts (ws)->shape,
              NULL);
  add_fact (self->identity, &row, "", parts, "dim-label");
  add_fact (self->identity, &row, _ ("Serial number"), meter->serial, NULL);
  add_fact (self->identity, &row, _ ("Manufacturer"), meter->manufacturer, NULL);
  add_fact (self->identity, &row, _ ("Logical device"), meter->logical_name, NULL);
  add_fact (self->identity, &row, _ ("Firmware"), meter->firmware, NULL);
  add_fact (self->identity, &row, _ ("First seen"), seen, NULL);
}

/* ---- now: clock, tariff, switch ---- */

static char *
drift_text (gint64 drift)
{
  if (drift == G_MININT64)
    return NULL;
  if (ABS (drift) <= 1)
    return g_strdup (_ ("agrees with this computer"));
  g_autofree char *time = mw_format_duration (drift);
  return drift > 0 ? g_strdup_printf (_ ("%s ahead of this computer"), time)
                   : g_strdup_printf (_ ("%s behind this computer"), time);
}

static char *
tariff_text (const MwValue *value)
{
  if (!value)
    return NULL;
  g_autofree char *text = mw_reading_dup_text (value->reading);
  if (value->reading->kind == MW_READING_DECIMAL)
    return g_strdup_printf (_ ("Tariff %s"), text);
  if (value->reading->kind == MW_READING_REFUSED)
    return NULL;
  if (strspn (text, "0123456789") == strlen (text) && *text) /* "0001" */
    return g_strdup_printf (_ ("Tariff %d"), atoi (text));
  return g_steal_pointer (&text);
}

static char *
switch_text (const MwValue *value)
{
  if (!value || value->reading->kind == MW_READING_REFUSED)
    return NULL;
  g_autofree char *text = mw_reading_dup_text (value->reading);
  if (strcmp (text, "true") == 0 || strcmp (text, "1") == 0)
    return g_strdup (_ ("connected"));
  if (strcmp (text, "false") == 0 || strcmp (text, "0") == 0)
    return g_strdup (_ ("disconnected"));
  return g_steal_pointer (&text);
}

static void
show_now (MwOverviewPage *self, MwWorkspace *ws)
{
  int row = 0;
  const MwValue *clock = mw_workspace_get_value (ws, CLOCK);
  gint64 drift = clock && clock->live
                     ? mw_session_get_clock_drift (mw_workspace_get_session (ws))
                     : G_MININT64;
  g_autofree char *time = value_text (ws, CLOCK);
  g_autofree char *deviates = drift_text (drift);
  g_autofree char *tariff = tariff_text (mw_workspace_get_value (ws, TARIFF));
  g_autofree char *state = switch_text (mw_workspace_get_value (ws, SWITCH));
  g_autofree char *frequency = value_text (ws, "1-0:14.7.0.255");
  gboolean notable = drift != G_MININT64 && ABS (drift) > DRIFT_NOTABLE_S;
  empty (GTK_WIDGET (self->now));
  add_fact (self->now, &row, _ ("Meter clock"), time, NULL);
  add_fact (self->now, &row, "", deviates, notable ? "hint-warning" : "dim-label");
  add_fact (self->now, &row, _ ("Tariff now"), tariff, NULL);
  add_fact (self->now, &row, _ ("Switch"), state, NULL);
  add_fact (self->now, &row, _ ("Frequency"), frequency, NULL);
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->now)), row > 0);
}

/* ---- troubles ---- */

static GtkWidget *
make_finding (const char *icon, const char *style, const char *title, const char *advice)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  GtkWidget *label = make_label (title, 0, NULL);
  gtk_widget_add_css_class (image, style);
  gtk_widget_set_valign (image, GTK_ALIGN_START);
  gtk_widget_set_margin_top (image, 2);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), WRAP_CHARS);
  gtk_box_append (GTK_BOX (texts), label);
  if (advice) {
    GtkWidget *more = make_label (advice, 0, "dim-label");
    gtk_widget_add_css_class (more, "caption");
    gtk_label_set_wrap (GTK_LABEL (more), TRUE);
    gtk_label_set_max_width_chars (GTK_LABEL (more), WRAP_CHARS);
    gtk_box_append (GTK_BOX (texts), more);
  }
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), texts);
  return box;
}

static gboolean
append_health (GArray *items, MwWorkspace *ws, const char *obis)
{
  const MwValue *value = mw_workspace_get_value (ws, obis);
  if (!value || value->reading->kind != MW_READING_DECIMAL)
    return FALSE;
  mw_health_append (items, obis, (guint32) value->reading->value.mantissa);
  return TRUE;
}

/* The status of a meter whose bits the catalogue names. */
static gboolean
append_status (GArray *items, MwWorkspace *ws)
{
  static const char *const registers[] = { MW_HEALTH_EVENT_STATUS, MW_HEALTH_STATUS };
  for (gsize i = 0; i < G_N_ELEMENTS (registers); i++) {
    const MwValue *value = mw_workspace_get_value (ws, registers[i]);
    if (!value || value->reading->kind != MW_READING_DECIMAL)
      continue;
    mw_health_append_bits (items, mw_workspace_get_facts (ws)->status_bits,
                           (guint32) value->reading->value.mantissa);
    return TRUE;
  }
  return FALSE;
}

static void
show_health (MwOverviewPage *self, MwWorkspace *ws)
{
  static const char *const icons[] = { "dialog-information-symbolic", "dialog-warning-symbolic",
                                       "dialog-error-symbolic" };
  static const char *const styles[] = { "dim-label", "hint-warning", "hint-fault" };
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (MwHealthItem));
  gboolean known = append_health (items, ws, MW_HEALTH_ERROR1);
  known = append_health (items, ws, MW_HEALTH_ERROR2) || known;
  known = append_health (items, ws, MW_HEALTH_ALARM1) || known;
  known = append_status (items, ws) || known;
  mw_health_sort (items);
  empty (GTK_WIDGET (self->health));
  for (guint i = 0; i < items->len; i++) {
    const MwHealthItem *item = &g_array_index (items, MwHealthItem, i);
    gtk_box_append (self->health, make_finding (icons[item->level], styles[item->level],
                                                item->name, item->advice));
  }
  if (known && items->len == 0)
    gtk_box_append (self->health, make_finding ("emblem-ok-symbolic", "hint-good",
                                                _ ("No error, no alarm"), NULL));
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->health)), known);
}

/* ---- energy ---- */

static void
add_energy (GtkGrid *grid, int *row, MwWorkspace *ws, const char *name, const char *obis)
{
  const char *unit;
  const MwValue *value = mw_workspace_get_value (ws, obis);
  if (!value || value->reading->kind != MW_READING_DECIMAL)
    return;
  g_autofree char *number = mw_format_reading (value->reading, &unit);
  GtkWidget *label = make_label (name, 0, NULL);
  GtkWidget *figure = make_label (number, 1, "figure");
  GtkWidget *units = make_label (unit, 0, "figure-unit");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_selectable (GTK_LABEL (figure), TRUE);
  gtk_widget_set_can_focus (figure, FALSE);
  if (value->before)
    gtk_widget_add_css_class (figure, "changed");
  gtk_grid_attach (grid, label, 0, *row, 1, 1);
  gtk_grid_attach (grid, figure, 1, *row, 1, 1);
  gtk_grid_attach (grid, units, 2, *row, 1, 1);
  ++*row;
}

static void
show_energy (MwOverviewPage *self, MwWorkspace *ws)
{
  static const struct {
    const char *obis, *name;
  } totals[] = {
    { "1-0:1.8.0.255", N_ ("Active energy A+, taken") },
    { "1-0:2.8.0.255", N_ ("Active energy A−, delivered") },
    { "1-0:3.8.0.255", N_ ("Reactive energy R+") },
    { "1-0:4.8.0.255", N_ ("Reactive energy R−") },
  };
  int row = 0, tariff_row = 0;
  empty (GTK_WIDGET (self->energy));
  empty (GTK_WIDGET (self->tariffs));
  for (gsize i = 0; i < G_N_ELEMENTS (totals); i++)
    add_energy (self->energy, &row, ws, _ (totals[i].name), totals[i].obis);
  for (guint t = 1; t <= 8; t++) {
    g_autofree char *obis = g_strdup_printf ("1-0:1.8.%u.255", t);
    g_autofree char *text = value_text (ws, obis);
    g_autofree char *name = g_strdup_printf (_ ("A+, tariff %u"), t);
    if (!text)
      continue;
    GtkWidget *label = make_label (name, 0, "dim-label");
    gtk_widget_set_hexpand (label, TRUE);
    gtk_grid_attach (self->tariffs, label, 0, tariff_row, 1, 1);
    gtk_grid_attach (self->tariffs, make_label (text, 1, "numeric"), 1, tariff_row++, 1, 1);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->tariffs), tariff_row > 0);
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->energy)), row > 0);
}

/* ---- quantities and wiring ---- */

static double
signed_total (MwWorkspace *ws, const char *plus, const char *minus)
{
  double p = mw_workspace_get_number (ws, plus), m = mw_workspace_get_number (ws, minus);
  if (isnan (p) && isnan (m))
    return NAN;
  return (isnan (p) ? 0 : p) - (isnan (m) ? 0 : m);
}

/* A meter that gives active power for each phase but no power factor says as much. */
static void
derive_factor (mw_wiring_phase *f)
{
  double apparent = f->u * f->i;
  if (isnan (f->pf) && !isnan (f->p) && isnan (f->q) && apparent > 1)
    f->pf = CLAMP (f->p / apparent, -1, 1);
}

void
mw_overview_collect_wiring (MwWorkspace *ws, mw_wiring *w)
{
  gboolean three = !isnan (mw_workspace_get_number (ws, "1-0:52.7.0.255"))
                   || mw_workspace_find_register (ws, "1-0:52.7.0.255");
  *w = mw_wiring_unknown (three ? 3 : 1);
  for (guint k = 0; k < w->phases; k++) {
    g_autofree char *u = g_strdup_printf ("1-0:%u.7.0.255", 32 + 20 * k);
    g_autofree char *i = g_strdup_printf ("1-0:%u.7.0.255", 31 + 20 * k);
    g_autofree char *pf = g_strdup_printf ("1-0:%u.7.0.255", 33 + 20 * k);
    g_autofree char *pp = g_strdup_printf ("1-0:%u.7.0.255", 21 + 20 * k);
    g_autofree char *pm = g_strdup_printf ("1-0:%u.7.0.255", 22 + 20 * k);
    g_autofree char *qp = g_strdup_printf ("1-0:%u.7.0.255", 23 + 20 * k);
    g_autofree char *qm = g_strdup_printf ("1-0:%u.7.0.255", 24 + 20 * k);
    w->phase[k].u = mw_workspace_get_number (ws, u);
    w->phase[k].i = mw_workspace_get_number (ws, i);
    w->phase[k].pf = mw_workspace_get_number (ws, pf);
    w->phase[k].p = signed_total (ws, pp, pm);
    w->phase[k].q = signed_total (ws, qp, qm);
    derive_factor (&w->phase[k]);
  }
  w->p = signed_total (ws, "1-0:1.7.0.255", "1-0:2.7.0.255");
  w->q = signed_total (ws, "1-0:3.7.0.255", "1-0:4.7.0.255");
  if (w->phases == 1 && isnan (w->phase[0].p)) { /* its only phase is the total */
    w->phase[0].p = w->p;
    w->phase[0].q = w->q;
  }
  double a12 = mw_workspace_get_number (ws, "1-0:81.7.10.255"); /* angle U(L2) - U(L1) */
  if (!isnan (a12)) {
    w->phase[0].u_angle = 0;
    w->phase[1].u_angle = -a12;
    w->phase[2].u_angle = -mw_workspace_get_number (ws, "1-0:81.7.20.255");
  }
}

static void
add_quantity (GtkGrid *grid, int row, const char *name, const char *const *values, guint n)
{
  gtk_grid_attach (grid, make_label (name, 0, "dim-label"), 0, row, 1, 1);
  for (guint k = 0; k < n; k++) {
    GtkWidget *label = make_label (values[k] ? values[k] : "–", 1, "numeric");
    gtk_widget_set_hexpand (label, TRUE);
    gtk_grid_attach (grid, label, (int) k + 1, row, 1, 1);
  }
}

static void
show_quantities (MwOverviewPage *self, MwWorkspace *ws, const mw_wiring *w)
{
  static const struct {
    const char *name;
    guint c; /* value group C for L1; 20 on for each phase */
  } rows[] = { { N_ ("Voltage"), 32 }, { N_ ("Current"), 31 }, { N_ ("Power factor"), 33 } };
  double phi[MW_WIRING_PHASES];
  int row = 1;
  empty (GTK_WIDGET (self->quantities));
  mw_wiring_angles (w, phi);
  for (guint k = 0; k < w->phases; k++) {
    g_autofree char *name = g_strdup_printf ("L%u", k + 1);
    gtk_grid_attach (self->quantities, make_label (name, 1, "heading"), (int) k + 1, 0, 1, 1);
  }
  for (gsize r = 0; r < G_N_ELEMENTS (rows); r++) {
    char *texts[MW_WIRING_PHASES] = { NULL };
    gboolean any = FALSE;
    for (guint k = 0; k < w->phases; k++) {
      g_autofree char *obis = g_strdup_printf ("1-0:%u.7.0.255", rows[r].c + 20 * k);
      texts[k] = value_text (ws, obis);
      any = any || texts[k];
    }
    if (any)
      add_quantity (self->quantities, row++, _ (rows[r].name), (const char *const *) texts,
                    w->phases);
    for (guint k = 0; k < w->phases; k++)
      g_free (texts[k]);
  }
  static const char *const roman[] = { NULL, "I", "II", "III", "IV" };
  char *angles[MW_WIRING_PHASES] = { NULL };
  for (guint k = 0; k < w->phases; k++)
    if (!isnan (phi[k]))
      angles[k] = g_strdup_printf ("%.0f° %s", phi[k], roman[mw_wiring_quadrant (phi[k])]);
  add_quantity (self->quantities, row, _ ("Angle, quadrant"), (const char *const *) angles,
                w->phases);
  for (guint k = 0; k < w->phases; k++)
    g_free (angles[k]);
}

static void
show_hints (MwOverviewPage *self, const mw_wiring *w)
{
  static const char *const icons[] = { "emblem-ok-symbolic", "dialog-information-symbolic",
                                       "dialog-warning-symbolic", "dialog-error-symbolic" };
  static const char *const styles[] = { "hint-good", "dim-label", "hint-warning",
                                        "hint-fault" };
  mw_wiring_hint hints[MW_WIRING_MAX_HINTS];
  size_t n = mw_wiring_examine (w, hints);
  empty (GTK_WIDGET (self->hints));
  for (size_t i = 0; i < n; i++) {
    g_autofree char *title = mw_wiring_hint_dup_title (&hints[i]);
    gtk_box_append (self->hints,
                    make_finding (icons[hints[i].severity], styles[hints[i].severity], title,
                                  mw_wiring_hint_get_advice (&hints[i])));
  }
}

static void
show_power (MwOverviewPage *self, MwWorkspace *ws)
{
  static const struct {
    const char *name, *obis;
  } items[] = { { "P+", "1-0:1.7.0.255" },
                { "P−", "1-0:2.7.0.255" },
                { "Q+", "1-0:3.7.0.255" },
                { "Q−", "1-0:4.7.0.255" } };
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++) {
    g_autofree char *value = value_text (ws, items[i].obis);
    if (value)
      g_string_append_printf (text, "%s%s %s", text->len ? "    " : "", items[i].name, value);
  }
  gtk_label_set_label (self->power, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->power), text->len > 0);
  g_string_free (text, TRUE);
}

static void
mw_overview_page_update (MwPage *page, MwChange what)
{
  MwOverviewPage *self = MW_OVERVIEW_PAGE (page);
  MwWorkspace *ws = mw_page_get_workspace (page);
  MwMeterInfo *meter = mw_workspace_get_meter (ws);
  gint64 at;
  mw_wiring wiring;
  mw_page_set_has_content (page, meter != NULL);
  if (!meter || !(what & (MW_CHANGE_METER | MW_CHANGE_VALUES)))
    return;
  g_auto (GStrv) registers = mw_workspace_dup_overview_registers (ws);
  MwSourceKind kind = mw_workspace_get_source (ws, (const char *const *) registers, &at);
  mw_page_set_source (page, kind, at, meter->reference, NULL);
  mw_overview_collect_wiring (ws, &wiring);
  show_identity (self, ws, meter);
  show_now (self, ws);
  show_health (self, ws);
  show_energy (self, ws);
  show_quantities (self, ws, &wiring);
  show_hints (self, &wiring);
  show_power (self, ws);
  mw_lcd_card_update (self->display, ws);
  mw_phasor_diagram_set_wiring (self->phasors, &wiring);
}

static void
mw_overview_page_read (MwPage *page)
{
  mw_workspace_read_overview (mw_page_get_workspace (page));
}

static void
mw_overview_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_OVERVIEW_PAGE);
  G_OBJECT_CLASS (mw_overview_page_parent_class)->dispose (object);
}

static void
mw_overview_page_class_init (MwOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = mw_overview_page_dispose;
  MW_PAGE_CLASS (klass)->update = mw_overview_page_update;
  MW_PAGE_CLASS (klass)->read = mw_overview_page_read;
  g_type_ensure (MW_TYPE_LCD_CARD);
  g_type_ensure (MW_TYPE_PHASOR_DIAGRAM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/meterwright/Meterwright/overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MwOverviewPage, identity);
  gtk_widget_class_bind_template_child (widget_class, MwOverviewPage, now);
  gtk_widget_class_bind_template_child (widget_class, MwOverviewPage, display);
  gtk_widget_class_bind_template_child (widget_class, MwOverviewPage, health);
  gtk_widget_class_bind_template_child (widget_class, MwOverviewPage, energy);
  gtk_widget_class_bind_template_child (widget_class, MwOverviewPage, tariffs);
  gtk_widget_class_bind_template_child (widget_class, MwOverviewPage, quantities);
  gtk_widget_class_bind_template_child (widget_class, MwOverviewPage, hints);
  gtk_widget_class_bind_template_child (widget_class, MwOverviewPage, phasors);
  gtk_widget_class_bind_template_child (widget_class, MwOverviewPage, power);
}

static void
mw_overview_page_init (MwOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
