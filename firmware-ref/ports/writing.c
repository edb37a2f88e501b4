/* writing.c: programming mode writes (W1, W5) of the optical port.
 *
 *   W1 12.31.0(85.0)   W1 0-0:1.0.0(260301143000)   W5 0-0:96.1.1(CUSTOMER 7)
 *
 * The programming mode gives the same services to COSEM objects as the other profiles, behind
 * the settings password of the port (Mx381 manual 5.5.1.1, 5.5.1.3): attribute 2 of what is one
 * value is written as it is read, in the unit in which it is read, with the checks of DLMS.
 * Refusals have the numbers of the manual's Table 26; ER04 without a password, ER05 for what
 * cannot be written.
 */
#include <string.h>

#include "ports/port.h"

static enum mw_iec_verdict
refuse (mw_wr *w, const char *code)
{
  mw_wr_bytes (w, code, strlen (code));
  return MW_IEC_ERROR;
}

/* N digits at TEXT as a number; false when they are none. */
static bool
digits (const uint8_t *text, size_t n, uint8_t *out)
{
  unsigned v = 0;
  for (size_t i = 0; i < n; i++) {
    if (text[i] < '0' || text[i] > '9')
      return false;
    v = v * 10 + text[i] - '0';
  }
  *out = (uint8_t) v;
  return true;
}

/* "yymmddhhmmss" or "yymmddhhmm", "yy-mm-dd", "hh:mm:ss". */
static bool
put_calendar (char type, mw_span text, mw_wr *w)
{
  mw_civil t = mw_civil_any ();
  uint8_t part[6] = { 0 };
  size_t step = type == 'T' ? 2 : 3, n = type == 'T' ? text.len / 2 : 3;
  if (text.len != (type == 'T' ? 2 * n : 8u) || n < 3 || n > 6 || n == 4)
    return false;
  for (size_t i = 0; i < n; i++)
    if (!digits (text.ptr + i * step, 2, &part[i])
        || (type != 'T' && i < 2 && text.ptr[i * 3 + 2] != (type == 'Y' ? '-' : ':')))
      return false;
  if (type == 'H') {
    t.hour = part[0];
    t.minute = part[1];
    t.second = part[2];
    mw_axdr_put_civil_as (w, MW_AXDR_OCTET_STRING, 4, &t);
    return part[0] < 24 && part[1] < 60 && part[2] < 60;
  }
  t.year = (uint16_t) (2000 + part[0]);
  t.month = part[1];
  t.day = part[2];
  if (type == 'T') {
    t.hour = part[3];
    t.minute = part[4];
    t.second = part[5];
    mw_axdr_put_civil (w, &t);
  } else {
    mw_axdr_put_civil_as (w, MW_AXDR_OCTET_STRING, 5, &t);
  }
  return true;
}

/* "85.0", "85.0*%", "12.345*kWh": in the unit that reading shows, whose scaler A has. */
static bool
put_number (uint16_t a, char letter, mw_span text, mw_wr *w)
{
  const uint8_t *star = memchr (text.ptr, '*', text.len);
  size_t n = star ? (size_t) (star - text.ptr) : text.len;
  int scaler = 0;
  unsigned unit = MW_UNIT_NONE;
  mw_decimal d;
  (void) mw_model_scaler (a, &scaler, &unit);
  bool kilo = unit == MW_UNIT_WH || unit == MW_UNIT_VARH || unit == MW_UNIT_VAH
              || unit == MW_UNIT_W || unit == MW_UNIT_VAR || unit == MW_UNIT_VA;
  if (star) {
    const char *name = mw_unit_text (unit);
    size_t skip = n + 1 + kilo, len = strlen (name);
    if (text.len != skip + len || (kilo && star[1] != 'k')
        || memcmp (text.ptr + skip, name, len) != 0)
      return false;
  }
  if (mw_decimal_parse ((const char *) text.ptr, n, &d) != MW_OK
      || mw_decimal_rescale (d, scaler - (kilo ? 3 : 0), &d) != MW_OK)
    return false;
  mw_axdr_put_int (w, mw_type_tag (letter), d.mantissa);
  return w->err == MW_OK;
}

static bool
put_value (uint16_t a, mw_span text, mw_wr *w)
{
  char letter = mw_model_types[mw_model_attrs[a].type];
  if (strchr ("HYT", letter))
    return put_calendar (letter, text, w);
  if (letter == 'o') {
    mw_axdr_put_octets (w, text.ptr, text.len);
    return true;
  }
  return strchr ("buUDiILqQe", letter) && put_number (a, letter, text, w);
}

/* Attribute 2 of "C.D.E" or "A-B:C.D.E" in front of the bracket. */
static bool
find (const mw_model *model, mw_span name, uint16_t *a)
{
  mw_obis obis;
  if (mw_obis_parse ((const char *) name.ptr, name.len, &obis) != MW_OK)
    return false;
  *a = mw_model_attr_of_obis (model, obis.v);
  if (*a == MW_MODEL_NO_ATTR && obis.v[0] == 1) { /* "C.1.0" means 0-0:96.1.0 */
    obis.v[0] = 0;
    *a = mw_model_attr_of_obis (model, obis.v);
  }
  return true;
}

static uint8_t
write (mw_model *model, uint16_t a, mw_span value)
{
  const mw_model_object *o = &mw_model_objects[mw_model_attrs[a].object];
  mw_model_link self = { .model = model, .level = MW_LEVEL_MANAGER, .local = true };
  mw_dlms_attr attr = { .class_id = o->class_id, .index = (int8_t) mw_model_attrs[a].n };
  mw_cur c = mw_cur_of (value);
  memcpy (attr.ln.v, o->ln, 6);
  return mw_model_ops.set (&self, &attr, NULL, &c);
}

enum mw_iec_verdict
mw_port_iec_write (void *ctx, const mw_iec_command *c, mw_wr *w)
{
  mw_model *model = ((mw_port *) ctx)->link.model;
  const uint8_t *open = c->data.len ? memchr (c->data.ptr, '(', c->data.len) : NULL;
  size_t n = open ? (size_t) (open - c->data.ptr) : 0;
  uint8_t buf[200];
  uint16_t a = MW_MODEL_NO_ATTR;
  mw_wr v;
  if (c->command != 'W' || (c->type != '1' && c->type != '5') || c->more)
    return refuse (w, "ER02"); /* not this kind of writing */
  if (c->level == 0)
    return refuse (w, "ER04");
  if (!open || c->data.ptr[c->data.len - 1] != ')'
      || !find (model, (mw_span){ c->data.ptr, n }, &a))
    return refuse (w, "ER11"); /* ident format failed */
  if (a == MW_MODEL_NO_ATTR)
    return refuse (w, "ER23"); /* ident not existing */
  if (!(mw_model_attrs[a].access & MW_ACCESS_WRITE))
    return refuse (w, "ER05");
  mw_wr_init (&v, buf, sizeof buf);
  if (!put_value (a, (mw_span){ open + 1, c->data.len - n - 2 }, &v) || v.err)
    return refuse (w, "ER31"); /* value format failed */
  switch (write (model, a, mw_wr_done (&v))) {
  case MW_DAR_SUCCESS:
    return MW_IEC_ACCEPTED;
  case MW_DAR_READ_WRITE_DENIED:
    return refuse (w, "ER05");
  case MW_DAR_HARDWARE_FAULT:
    return refuse (w, "ER01");
  default:
    return refuse (w, "ER31");
  }
}
