/* readout.c: what the meter says in the words of IEC 62056-21: the read-out of mode C, and the
 * answers of programming mode.
 *
 *   1.8.0(00012.345*kWh)      registers; energy 8.3, demand 6.3, in kilo units
 *   1.6.0(001.078*kW)(2603011015)   maxima with the time yymmddhhmm
 *   0.9.1(14:05:00)           time, date, texts, numbers
 *
 * The list is that of 0-0:21.0.0 (Mx381 manual 6.2.1).  R1 and R5 with "C.D.E()" or
 * "A-B:C.D.E()" read any object whose attribute 2 is one value; writing.c writes.
 */
#include "ports/port.h"

#include <string.h>

#define FORMAT_ENERGY 0x83u
#define FORMAT_DEMAND 0x63u

static void
put_text (mw_wr *w, const char *text)
{
  mw_wr_bytes (w, text, strlen (text));
}

static void
put_two (mw_wr *w, unsigned v)
{
  mw_wr_u8 (w, (uint8_t) ('0' + v / 10 % 10));
  mw_wr_u8 (w, (uint8_t) ('0' + v % 10));
}

/* --- values ---------------------------------------------------------------------------------
 */

static void
put_number (mw_wr *w, int64_t v, int scaler, unsigned unit)
{
  char text[MW_DECIMAL_TEXT];
  bool energy = unit == MW_UNIT_WH || unit == MW_UNIT_VARH || unit == MW_UNIT_VAH;
  bool power = unit == MW_UNIT_W || unit == MW_UNIT_VAR || unit == MW_UNIT_VA;
  if (energy || power)
    mw_display_number (v, scaler - 3, energy ? FORMAT_ENERGY : FORMAT_DEMAND, text);
  else if (!mw_decimal_format (mw_decimal_of (v, scaler, unit), text, sizeof text))
    text[0] = '\0';
  put_text (w, text);
  if (unit == MW_UNIT_NONE)
    return;
  mw_wr_u8 (w, '*');
  if (energy || power)
    mw_wr_u8 (w, 'k');
  put_text (w, mw_unit_text (unit));
}

static bool
printable (const mw_axdr_value *v)
{
  for (uint32_t i = 0; i < v->len; i++)
    if (v->ptr[i] < 0x20 || v->ptr[i] > 0x7e || strchr ("()/!*", v->ptr[i]))
      return false;
  return v->len > 0;
}

static void
put_octets (mw_wr *w, const mw_axdr_value *v)
{
  static const char digits[] = "0123456789ABCDEF";
  if (printable (v)) {
    mw_wr_bytes (w, v->ptr, v->len);
    return;
  }
  for (uint32_t i = 0; i < v->len; i++) {
    mw_wr_u8 (w, (uint8_t) digits[v->ptr[i] >> 4]);
    mw_wr_u8 (w, (uint8_t) digits[v->ptr[i] & 15]);
  }
}

/* hh:mm:ss, yy-mm-dd, or yymmddhhmm. */
static void
put_calendar (mw_wr *w, char type, const mw_civil *t)
{
  unsigned year = t->year == MW_YEAR_ANY ? 0 : t->year % 100u;
  if (type == 'H') {
    put_two (w, t->hour);
    mw_wr_u8 (w, ':');
    put_two (w, t->minute);
    mw_wr_u8 (w, ':');
    put_two (w, t->second);
    return;
  }
  put_two (w, year);
  if (type == 'Y')
    mw_wr_u8 (w, '-');
  put_two (w, t->month);
  if (type == 'Y')
    mw_wr_u8 (w, '-');
  put_two (w, t->day);
  if (type == 'T') {
    put_two (w, t->hour);
    put_two (w, t->minute);
  }
}

/* The value of attribute A in brackets; false when it is no single value. */
static bool
put_value (mw_model *model, uint16_t a, mw_wr *w)
{
  uint8_t buf[128];
  char type = mw_model_types[mw_model_attrs[a].type];
  int scaler = 0;
  unsigned unit = MW_UNIT_NONE;
  mw_cur c;
  mw_axdr_value v;
  mw_civil t;
  int64_t number;
  mw_cur_init (&c, buf, mw_model_read_small (model, a, buf, sizeof buf));
  mw_axdr_get (&c, &v);
  if (c.err || v.type == MW_AXDR_ARRAY || v.type == MW_AXDR_STRUCTURE)
    return false;
  (void) mw_model_scaler (a, &scaler, &unit);
  mw_wr_u8 (w, '(');
  if (strchr ("HYT", type) && mw_axdr_to_civil (&v, &t) == MW_OK)
    put_calendar (w, type, &t);
  else if (mw_axdr_to_int (&v, &number) == MW_OK)
    put_number (w, number, scaler, unit);
  else if (v.type == MW_AXDR_OCTET_STRING || v.type == MW_AXDR_VISIBLE_STRING)
    put_octets (w, &v);
  mw_wr_u8 (w, ')');
  return w->err == MW_OK;
}

/* Attribute A, and the capture time of an extended register after it. */
static bool
put_object (mw_model *model, uint16_t a, mw_wr *w)
{
  const mw_model_object *o = &mw_model_objects[mw_model_attrs[a].object];
  if (!(mw_model_attrs[a].access & MW_ACCESS_READ) || !put_value (model, a, w))
    return false;
  return o->class_id != 4 || put_value (model, (uint16_t) (o->first + 3u), w);
}

/* --- the read-out ---------------------------------------------------------------------------
 */

static bool
line (void *ctx, unsigned index, mw_wr *w)
{
  mw_port *p = ctx;
  mw_model *model = p->link.model;
  const mw_list *list = mw_list_of (model->meter, MW_LIST_PORT);
  char name[16];
  if (index == 0)
    mw_meter_contact (model->meter, p->kind == MW_PORT_OPTICAL);
  if (index >= list->n)
    return false;
  uint16_t a = model->kept.list[MW_LIST_PORT][index];
  mw_display_obis (list->item[index].obis, name);
  put_text (w, name);
  if (a == MW_MODEL_NO_ATTR || !put_object (model, a, w))
    put_text (w, "()");
  return true;
}

/* --- programming mode -----------------------------------------------------------------------
 */

static void
operand (void *ctx, mw_wr *w)
{
  (void) ctx, (void) w; /* the operand is empty: P1 is a plain password */
}

/* Passwords of the port, 0-0:20.0.0 attributes 7, 8 and 9 (manual 5.5.1.3). */
static bool
password (void *ctx, char type, mw_span text)
{
  static const uint16_t cells[] = { MW_CELL_0_0_20_0_0_255_19_7, MW_CELL_0_0_20_0_0_255_19_8,
                                    MW_CELL_0_0_20_0_0_255_19_9 };
  mw_port *p = ctx;
  mw_meter_contact (p->link.model->meter, p->kind == MW_PORT_OPTICAL);
  for (size_t i = 0; type == '1' && i < sizeof cells / sizeof cells[0]; i++) {
    mw_cur c = mw_cur_of (mw_model_cell_get (p->link.model, cells[i]));
    mw_span own = mw_axdr_get_octets (&c);
    if (own.len && own.len == text.len && memcmp (own.ptr, text.ptr, own.len) == 0)
      return true;
  }
  return false;
}

static enum mw_iec_verdict
refuse (mw_wr *w, const char *code)
{
  put_text (w, code);
  return MW_IEC_ERROR;
}

static enum mw_iec_verdict
read_object (void *ctx, const mw_iec_command *c, unsigned piece, mw_wr *w, bool *last)
{
  mw_port *p = ctx;
  mw_model *model = p->link.model;
  mw_obis obis;
  const uint8_t *bracket = c->data.len ? memchr (c->data.ptr, '(', c->data.len) : NULL;
  size_t n = bracket ? (size_t) (bracket - c->data.ptr) : c->data.len;
  (void) piece;
  *last = true;
  if (c->type != '1' && c->type != '5')
    return refuse (w, "ER02"); /* not this kind of reading */
  if (mw_obis_parse ((const char *) c->data.ptr, n, &obis) != MW_OK)
    return refuse (w, "ER11"); /* ident format failed: Mx381 manual Table 26 */
  uint16_t a = mw_model_attr_of_obis (model, obis.v);
  if (a == MW_MODEL_NO_ATTR && obis.v[0] == 1) { /* "C.1.0" means 0-0:96.1.0 */
    obis.v[0] = 0;
    a = mw_model_attr_of_obis (model, obis.v);
  }
  if (a == MW_MODEL_NO_ATTR)
    return refuse (w, "ER23");
  uint8_t text[200];
  mw_wr t;
  mw_wr_init (&t, text, sizeof text);
  if (!put_object (model, a, &t))
    return refuse (w, "ER11");
  mw_wr_span (w, mw_wr_done (&t));
  return MW_IEC_ACCEPTED;
}

const mw_iec_ops mw_port_iec_ops = { line, operand, password, read_object, mw_port_iec_write };
