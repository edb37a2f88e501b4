/* iec.c: what a Kamstrup meter says in the words of IEC 62056-21.
 *
 *   0.0.0(14410000)          numbers of the meter: as many digits as they have
 *   1.8.0(0036886*kWh)       registers, cut off at the decimals that the line shows
 *   1.6.0(1.078*kW)
 *
 * The read-out of modes A and C has the lines of METERTOOL manual 3.5.5, Figures 42 and 43, in
 * the catalogue (ktables.h, mw_kiec_lines); ctx is the mw_kamstrup_link.  In programming mode
 * R1 and R5 read the lines and every register that has an OBIS code, "C.D.E()" or
 * "A-B:C.D.E()", and after the password W1 and W5 write those that the port may write.
 */
#include "models/kamstrup/kamstrup.h"

#include <string.h>

static void
put_text (mw_wr *w, const char *text)
{
  mw_wr_bytes (w, text, strlen (text));
}

/* --- values ---------------------------------------------------------------------------------
 */

/* "kWh", "Mvarh": the power of ten in front. */
static int
prefix_of (const char *unit)
{
  bool prefixed = unit[0] && unit[1];
  return prefixed && unit[0] == 'k' ? 3 : prefixed && unit[0] == 'M' ? 6 : 0;
}

/* NUMBER × 10^EXPONENT with DECIMALS, at least DIGITS before the point. */
static void
put_number (mw_wr *w, int64_t number, int exponent, unsigned digits, unsigned decimals)
{
  char text[40];
  uint64_t n = number < 0 ? (uint64_t) -number : (uint64_t) number;
  unsigned at = sizeof text, count = 0;
  for (; exponent < -(int) decimals; exponent++)
    n /= 10;
  for (; exponent > -(int) decimals; exponent--)
    n *= 10;
  for (; count < decimals || n || count < decimals + (digits ? digits : 1); count++, n /= 10) {
    if (decimals && count == decimals)
      text[--at] = '.';
    if (at <= 1)
      break;
    text[--at] = (char) ('0' + n % 10);
  }
  if (number < 0)
    text[--at] = '-';
  mw_wr_bytes (w, text + at, sizeof text - at);
}

/* yy-mm-dd hh:mm:ss of a clock; empty when it never was. */
static void
put_clock (const mw_kamstrup *m, mw_wr *w, const mw_kvalue *v)
{
  static const char between[] = "-- ::";
  mw_stamp stamp = { .utc = v->number, .status = v->status };
  mw_civil t = mw_clock_civil (&m->k->m, stamp);
  unsigned part[6] = { t.year % 100u, t.month, t.day, t.hour, t.minute, t.second };
  if (v->status == MW_CLOCK_STATUS_ANY)
    return;
  for (unsigned i = 0; i < 6; i++) {
    if (i)
      mw_wr_u8 (w, (uint8_t) between[i - 1]);
    put_number (w, part[i], 0, 2, 0);
  }
}

static bool
put_value (const mw_kamstrup *m, mw_wr *w, const mw_kregister *r, unsigned digits,
           unsigned decimals, const char *unit)
{
  mw_kvalue v;
  if (!(r->access & MW_KACCESS_READ) || mw_kamstrup_value (m, r, &v) != MW_OK)
    return false;
  mw_wr_u8 (w, '(');
  if (v.kind == MW_KVALUE_TEXT || v.kind == MW_KVALUE_OCTETS)
    mw_wr_bytes (w, v.octets, v.len);
  else if (v.kind == MW_KVALUE_RTC)
    put_clock (m, w, &v);
  else
    put_number (w, v.number, v.exponent - prefix_of (unit), digits, decimals);
  if (unit[0]) {
    mw_wr_u8 (w, '*');
    put_text (w, unit);
  }
  mw_wr_u8 (w, ')');
  return w->err == MW_OK;
}

/* --- the read-out ---------------------------------------------------------------------------
 */

static bool
line (void *ctx, unsigned index, mw_wr *w)
{
  mw_kamstrup_link *l = ctx;
  for (unsigned i = 0; i < mw_n_kiec_lines; i++) {
    const mw_kiec_line *row = &mw_kiec_lines[i];
    const mw_kregister *r = mw_kregister_find (l->meter->p, row->id);
    if (!mw_khas (row->in, l->meter->p) || !r || index--)
      continue;
    put_text (w, row->code);
    return put_value (l->meter, w, r, row->digits, row->decimals, row->unit)
           || w->err; /* one that does not fit is left out by the server */
  }
  return false;
}

/* --- programming mode -----------------------------------------------------------------------
 */

static void
operand (void *ctx, mw_wr *w)
{
  (void) ctx, (void) w; /* the operand is empty: P1 is a plain password */
}

static bool
password (void *ctx, char type, mw_span text)
{
  mw_kamstrup_link *l = ctx;
  return type == '1' && mw_kamstrup_password_text (l->meter, text);
}

static enum mw_iec_verdict
refuse (mw_wr *w, const char *code)
{
  put_text (w, code);
  return MW_IEC_ERROR;
}

/* The line with CODE, when the read-out has one. */
static const mw_kiec_line *
line_of (const mw_kamstrup *m, mw_span code)
{
  for (unsigned i = 0; i < mw_n_kiec_lines; i++) {
    const mw_kiec_line *row = &mw_kiec_lines[i];
    if (mw_khas (row->in, m->p) && strlen (row->code) == code.len
        && memcmp (row->code, code.ptr, code.len) == 0)
      return row;
  }
  return NULL;
}

/* The register with the OBIS code; a short one leaves medium and channel open. */
static const mw_kregister *
register_of (const mw_kamstrup *m, mw_span code)
{
  const mw_kiec_line *row = line_of (m, code);
  mw_obis obis;
  bool whole = code.len && memchr (code.ptr, ':', code.len);
  if (row)
    return mw_kregister_find (m->p, row->id);
  if (mw_obis_parse ((const char *) code.ptr, code.len, &obis) != MW_OK)
    return NULL;
  for (unsigned i = 0; i < mw_n_kregister_rows; i++) {
    const mw_kregister *r = &mw_kregister_rows[i];
    if (mw_khas (r->in, m->p) && memcmp (r->obis + 2, obis.v + 2, 3) == 0 && r->obis[5]
        && (!whole || memcmp (r->obis, obis.v, 2) == 0))
      return r;
  }
  return NULL;
}

static mw_span
code_of (mw_span data)
{
  const uint8_t *bracket = data.len ? memchr (data.ptr, '(', data.len) : NULL;
  return (mw_span){ data.ptr, bracket ? (size_t) (bracket - data.ptr) : data.len };
}

/* Decimals, and the unit with k before it for energies and powers. */
static const char *
unit_of (const mw_kregister *r, unsigned *decimals)
{
  const char *unit = mw_kmp_unit_text (r->unit);
  *decimals = r->exponent < 0 ? (unsigned) -r->exponent : 0;
  return r->kind == MW_KKIND_NUMBER && unit && r->unit != MW_KMP_UNIT_NUMBER ? unit : "";
}

static enum mw_iec_verdict
read_register (void *ctx, const mw_iec_command *c, unsigned piece, mw_wr *w, bool *last)
{
  mw_kamstrup_link *l = ctx;
  mw_span code = code_of (c->data);
  const mw_kiec_line *row = line_of (l->meter, code);
  const mw_kregister *r = register_of (l->meter, code);
  unsigned decimals, digits = row ? row->digits : 0;
  (void) piece;
  *last = true;
  if (c->type != '1' && c->type != '5')
    return refuse (w, "ER02"); /* not this kind of reading */
  if (!r)
    return refuse (w, "ER03");
  const char *unit = unit_of (r, &decimals);
  if (row)
    unit = row->unit, decimals = row->decimals;
  uint8_t text[200];
  mw_wr t;
  mw_wr_init (&t, text, sizeof text);
  if (!put_value (l->meter, &t, r, digits, decimals, unit))
    return refuse (w, "ER11");
  mw_wr_span (w, mw_wr_done (&t));
  return MW_IEC_ACCEPTED;
}

/* TEXT, "12.5*kW" or text, as register R has it. */
static enum mw_err
value_of (const mw_kregister *r, mw_span text, mw_kmp_value *out)
{
  const uint8_t *star = text.len ? memchr (text.ptr, '*', text.len) : NULL;
  mw_decimal d;
  unsigned base;
  out->id = r->id;
  if (r->kind == MW_KKIND_TEXT)
    return mw_kmp_put_text (out, (const char *) text.ptr, text.len);
  size_t n = star ? (size_t) (star - text.ptr) : text.len;
  enum mw_err err = mw_decimal_parse ((const char *) text.ptr, n, &d);
  if (err)
    return err;
  d.exponent = (int8_t) (d.exponent + mw_kamstrup_prefix (r->unit, &base));
  d.unit = (uint8_t) base;
  return mw_kmp_put_number (out, d, r->unit, r->exponent, r->octets);
}

static enum mw_iec_verdict
write_register (void *ctx, const mw_iec_command *c, mw_wr *w)
{
  mw_kamstrup_link *l = ctx;
  mw_span code = code_of (c->data);
  const mw_kregister *r = register_of (l->meter, code);
  mw_kmp_value v = { 0 };
  if (c->command != 'W' || (c->type != '1' && c->type != '5'))
    return refuse (w, "ER02");
  if (!c->level)
    return refuse (w, "ER05");
  if (!r || c->data.len < code.len + 2)
    return refuse (w, "ER03");
  mw_span text = { code.ptr + code.len + 1, c->data.len - code.len - 2 };
  if (value_of (r, text, &v) != MW_OK)
    return refuse (w, "ER12");
  switch (mw_kamstrup_write (l->meter, r, l->port, &v)) {
  case MW_OK:
    return MW_IEC_ACCEPTED;
  case MW_ERR_ACCESS:
    return refuse (w, "ER05");
  default:
    return refuse (w, "ER12");
  }
}

const mw_iec_ops mw_kamstrup_iec = { line, operand, password, read_register, write_register };
