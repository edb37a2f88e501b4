#include "lcd.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "cursor.h"
#include "lcd-text.h"

#define TAG_ARRAY 1
#define TAG_STRUCTURE 2
#define TAG_OCTET_STRING 9
#define TAG_INTEGER 15
#define TAG_LONG_UNSIGNED 18
#define MOST_ITEMS 127 /* a display list has 32 at most; longer lengths have another form */

#define TARIFF "0-0:96.14.0.255"
#define SWITCH "0-0:96.3.10.255"
#define DEAD_VOLTAGE 50.0 /* below it a phase is not there */

static void
item_free (gpointer data)
{
  MwLcdItem *item = data;
  g_free (item->obis);
  g_free (item);
}

/* capture_object_definition: class, logical name, attribute, data index (Blue Book, class 7).
 */
static MwLcdItem *
parse_item (mw_cur *c)
{
  gboolean good = mw_cur_u8 (c) == TAG_STRUCTURE && mw_cur_u8 (c) == 4
                  && mw_cur_u8 (c) == TAG_LONG_UNSIGNED;
  guint16 class_id = mw_cur_u16 (c);
  good = good && mw_cur_u8 (c) == TAG_OCTET_STRING && mw_cur_u8 (c) == 6;
  mw_span o = mw_cur_bytes (c, 6);
  good = good && mw_cur_u8 (c) == TAG_INTEGER;
  gint8 attribute = (gint8) mw_cur_u8 (c);
  good = good && mw_cur_u8 (c) == TAG_LONG_UNSIGNED;
  mw_cur_skip (c, 2);
  if (!good || c->err)
    return NULL;
  MwLcdItem *item = g_new0 (MwLcdItem, 1);
  item->class_id = class_id;
  item->attribute = attribute;
  item->obis = g_strdup_printf ("%u-%u:%u.%u.%u.%u", o.ptr[0], o.ptr[1], o.ptr[2], o.ptr[3],
                                o.ptr[4], o.ptr[5]);
  return item;
}

GPtrArray *
mw_lcd_parse_list (GBytes *raw)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (item_free);
  gsize len = 0;
  const guint8 *octets = raw ? g_bytes_get_data (raw, &len) : NULL;
  mw_cur c;
  mw_cur_init (&c, octets, len);
  if (mw_cur_u8 (&c) != TAG_ARRAY)
    return NULL;
  guint n = mw_cur_u8 (&c);
  if (n > MOST_ITEMS)
    return NULL;
  for (guint i = 0; i < n; i++) {
    MwLcdItem *item = parse_item (&c);
    if (!item)
      return NULL;
    g_ptr_array_add (items, item);
  }
  return mw_cur_end (&c) == MW_OK ? g_steal_pointer (&items) : NULL;
}

/* ---- flags ---- */

typedef struct {
  MwLcdLookup lookup;
  gpointer data;
} Source;

static gboolean
number (const Source *s, const char *obis, double *out)
{
  const MwReading *r = s->lookup (s->data, obis);
  if (!r || r->kind != MW_READING_DECIMAL)
    return FALSE;
  *out = mw_decimal_to_double (r->value);
  return TRUE;
}

/* The number of the active tariff: the default names are 0001 … 0008, a name of one's own ends
 * in its number or tells nothing here (manual 4.4.1.13). */
static guint
active_tariff (const Source *s)
{
  const MwReading *r = s->lookup (s->data, TARIFF);
  double n;
  if (number (s, TARIFF, &n))
    return n >= 1 && n <= 8 ? (guint) n : 0;
  if (!r || r->kind == MW_READING_REFUSED || !r->text || !*r->text)
    return 0;
  char last = r->text[strlen (r->text) - 1];
  return last >= '1' && last <= '8' ? (guint) (last - '0') : 0;
}

static gboolean
fault_is_shown (const Source *s)
{
  static const struct {
    const char *error, *filter;
  } rows[] = { { "0-0:97.97.0.255", "0-0:196.97.10.255" },
               { "0-0:97.97.1.255", "0-0:196.97.11.255" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    double error, hidden = 0;
    number (s, rows[i].filter, &hidden); /* bits that are not shown (manual 6.7.3) */
    if (number (s, rows[i].error, &error) && ((guint32) error & ~(guint32) hidden))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_disconnected (const Source *s)
{
  const MwReading *r = s->lookup (s->data, SWITCH);
  if (!r || r->kind == MW_READING_REFUSED)
    return FALSE;
  g_autofree char *text = mw_reading_dup_text (r);
  return g_str_equal (text, "0") || g_str_equal (text, "false");
}

static void
compose_cursors (const Source *s, MwLcd *out)
{
  guint tariff = active_tariff (s);
  if (tariff)
    out->cursors |= 1u << ((tariff - 1) % 4);
  if (tariff > 4) /* the fifth blinks in the place of the first */
    out->blinking = out->cursors;
  if (is_disconnected (s))
    out->cursors |= 1u << MW_LCD_SD;
  if (fault_is_shown (s))
    out->cursors |= 1u << MW_LCD_FF;
}

static void
compose_quantities (const Source *s, MwLcd *out)
{
  static const char *const voltages[] = { "1-0:32.7.0.255", "1-0:52.7.0.255",
                                          "1-0:72.7.0.255" };
  static const char *const powers[] = { "1-0:1.7.0.255", "1-0:2.7.0.255", "1-0:3.7.0.255",
                                        "1-0:4.7.0.255" };
  static const guint arrows[] = { MW_LCD_P_PLUS, MW_LCD_P_MINUS, MW_LCD_Q_PLUS,
                                  MW_LCD_Q_MINUS };
  double v;
  for (gsize i = 0; i < G_N_ELEMENTS (voltages); i++)
    if (number (s, voltages[i], &v) && v > DEAD_VOLTAGE)
      out->phases |= 1u << i;
  for (gsize i = 0; i < G_N_ELEMENTS (powers); i++)
    if (number (s, powers[i], &v) && v > 0)
      out->arrows |= arrows[i];
  /* U(L2) lags U(L1) by 120°; by 240° when two voltages are swapped. */
  if (out->phases == 7 && number (s, "1-0:81.7.10.255", &v))
    out->phases_blink = fabs (v - 240) < 60 || fabs (v + 120) < 60;
}

void
mw_lcd_compose (const MwLcdItem *item, MwLcdLookup lookup, gpointer data, MwLcd *out)
{
  Source s = { lookup, data };
  *out = (MwLcd){ 0 };
  compose_cursors (&s, out);
  compose_quantities (&s, out);
  if (item)
    mw_lcd_put_item (item, lookup, data, out);
}

/* ---- in words ---- */

static void
append (GString *text, const char *words)
{
  if (text->len)
    g_string_append (text, ", ");
  g_string_append (text, words);
}

static void
append_tariff (GString *text, const MwLcd *lcd)
{
  for (guint t = 0; t < 4; t++) {
    if (!(lcd->cursors & 1u << t))
      continue;
    guint number = lcd->blinking & 1u << t ? t + 5 : t + 1;
    g_autofree char *tariff = g_strdup_printf (_ ("tariff %u"), number);
    append (text, tariff);
  }
}

static void
append_flow (GString *text, const MwLcd *lcd)
{
  static const char *const names[] = { "P+", "P−", "Q+", "Q−" };
  GString *flow = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (lcd->arrows & 1u << i)
      g_string_append_printf (flow, "%s%s", flow->len ? " " : "", names[i]);
  if (flow->len) {
    g_autofree char *words = g_strdup_printf (_ ("power flow %s"), flow->str);
    append (text, words);
  }
  g_string_free (flow, TRUE);
}

char *
mw_lcd_dup_flags_text (const MwLcd *lcd)
{
  GString *text = g_string_new (NULL);
  append_tariff (text, lcd);
  append_flow (text, lcd);
  if (lcd->phases) {
    g_autofree char *words =
        g_strdup_printf (_ ("voltage on%s%s%s"), lcd->phases & 1 ? " L1" : "",
                         lcd->phases & 2 ? " L2" : "", lcd->phases & 4 ? " L3" : "");
    append (text, words);
  }
  if (lcd->phases_blink)
    append (text, _ ("phase sequence reversed"));
  if (lcd->cursors & 1u << MW_LCD_SD)
    append (text, _ ("disconnected"));
  if (lcd->cursors & 1u << MW_LCD_FF)
    append (text, _ ("fault"));
  return g_string_free (text, FALSE);
}

char *
mw_lcd_dup_text (const MwLcd *lcd)
{
  return g_strdup_printf ("%s %s%s%s", lcd->code, lcd->value, *lcd->unit ? " " : "", lcd->unit);
}
