/* cosem_attributes.c: attributes of clock, association, SAP assignment and registers. */
#include "models/kamstrup/cosem.h"

#include <string.h>

#include "dlms/classes.h"

/* --- values ---------------------------------------------------------------------------------
 */

static unsigned
tag_of (unsigned octets, bool negative)
{
  if (octets <= 1)
    return negative ? MW_AXDR_LONG : MW_AXDR_UNSIGNED;
  if (octets <= 2)
    return negative ? MW_AXDR_DOUBLE_LONG : MW_AXDR_LONG_UNSIGNED;
  if (octets <= 4)
    return negative ? MW_AXDR_LONG64 : MW_AXDR_DOUBLE_LONG_UNSIGNED;
  return negative ? MW_AXDR_LONG64 : MW_AXDR_LONG64_UNSIGNED;
}

static void
put_number (mw_wr *w, const mw_kmp_value *v)
{
  mw_kmp_number n;
  if (mw_kmp_value_raw (v, &n) != MW_OK || n.mantissa > INT64_MAX) {
    mw_axdr_put_null (w);
    return;
  }
  mw_axdr_put_int (w, tag_of (v->octets, n.negative),
                   n.negative ? -(int64_t) n.mantissa : (int64_t) n.mantissa);
}

/* A date-time; null-data for one that never was. */
static void
put_clock (mw_wr *w, const mw_kmp_value *v)
{
  mw_civil t;
  if (mw_kmp_value_civil (v, &t) == MW_OK && mw_civil_is_complete (&t))
    mw_axdr_put_civil (w, &t);
  else
    mw_axdr_put_null (w);
}

void
mw_kobject_put (mw_wr *w, const mw_kregister *r, const mw_kmp_value *v)
{
  if (r->kind == MW_KKIND_RTC)
    put_clock (w, v);
  else if (r->kind == MW_KKIND_TEXT || r->kind == MW_KKIND_OCTETS)
    mw_axdr_put_octets (w, v->data, v->octets);
  else
    put_number (w, v);
}

static void
put_register (const mw_kamstrup *m, mw_wr *w, const mw_kregister *r)
{
  mw_kmp_value v;
  if (mw_kamstrup_read (m, r, &v) == MW_OK)
    mw_kobject_put (w, r, &v);
  else
    mw_axdr_put_null (w);
}

static void
register_piece (const mw_kamstrup *m, const mw_kobject *o, int n, mw_wr *w)
{
  unsigned unit;
  int prefix = mw_kamstrup_prefix (o->value->unit, &unit);
  switch (n) {
  case 2:
    put_register (m, w, o->value);
    break;
  case 3:
    mw_axdr_put_structure (w, 2);
    mw_axdr_put_i8 (w, (int8_t) (o->value->exponent + prefix));
    mw_axdr_put_enum (w, (uint8_t) unit);
    break;
  case 5:
    put_register (m, w, o->time);
    break;
  default:
    mw_axdr_put_null (w); /* status */
  }
}

/* --- clock ----------------------------------------------------------------------------------
 */

static void
clock_piece (const mw_kamstrup *m, int n, mw_wr *w)
{
  const mw_meter *meter = &m->k->m;
  const mw_clock *clock = &meter->st.clock;
  mw_civil t = mw_clock_civil (meter, mw_clock_now (meter));
  switch (n) {
  case 2:
    mw_axdr_put_civil (w, &t);
    break;
  case 3: /* Blue Book: local time to GMT, minutes; CET is -60 */
    mw_axdr_put_i16 (w, (int16_t) -clock->zone_min);
    break;
  case 4:
    mw_axdr_put_u8 (w, mw_clock_now (meter).status);
    break;
  case 5:
    mw_axdr_put_civil (w, &clock->dst_begin);
    break;
  case 6:
    mw_axdr_put_civil (w, &clock->dst_end);
    break;
  case 7:
    mw_axdr_put_i8 (w, clock->dst_min);
    break;
  case 8:
    mw_axdr_put_bool (w, clock->dst_enabled);
    break;
  default:
    mw_axdr_put_enum (w, 1); /* clock_base: an internal crystal */
  }
}

/* --- association ----------------------------------------------------------------------------
 */

static void
put_attribute (mw_wr *w, int n, uint8_t rights, bool selective)
{
  mw_axdr_put_structure (w, 3);
  mw_axdr_put_i8 (w, (int8_t) n);
  mw_axdr_put_enum (w, rights);
  if (!selective) {
    mw_axdr_put_null (w);
    return;
  }
  mw_axdr_put_array (w, 2);
  mw_axdr_put_i8 (w, MW_SELECT_RANGE);
  mw_axdr_put_i8 (w, MW_SELECT_ENTRY);
}

static void
put_object (mw_wr *w, unsigned level, const mw_kobject *o)
{
  int n = mw_attribute_count (o->class_id, o->version);
  mw_axdr_put_structure (w, 4);
  mw_axdr_put_u16 (w, o->class_id);
  mw_axdr_put_u8 (w, o->version);
  mw_axdr_put_obis (w, o->ln);
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_array (w, (uint32_t) n);
  for (int i = 1; i <= n; i++)
    put_attribute (w, i, mw_kobject_rights (o, level, i),
                   o->kind == MW_KOBJECT_LOGGER && i == 2);
  mw_axdr_put_array (w, 0); /* methods */
}

/* Piece ROW of the object list: the next object from state[0] on. */
static void
list_piece (const mw_kamstrup_link *l, mw_dlms_stream *s, mw_wr *w)
{
  mw_kobject o;
  unsigned at = (unsigned) s->state[0];
  if (s->row == 0)
    mw_axdr_put_array (w, s->end - 1);
  else if (mw_kobject_next (l->meter, l->level, &at, &o))
    put_object (w, l->level, &o);
  else
    s->result = MW_DAR_LONG_GET_ABORTED;
}

void
mw_kobject_passed (const mw_kamstrup_link *l, mw_dlms_stream *s)
{
  mw_kobject o;
  unsigned at = (unsigned) s->state[0];
  if (s->row == 0)
    return;
  (void) mw_kobject_next (l->meter, l->level, &at, &o);
  s->state[0] = at;
}

/* 2.16.756.5.8.ARC.LEAF as a structure of its parts. */
static void
put_name (mw_wr *w, uint8_t arc, uint8_t leaf)
{
  mw_axdr_put_structure (w, 7);
  mw_axdr_put_u8 (w, 2);
  mw_axdr_put_u8 (w, 16);
  mw_axdr_put_u16 (w, 756);
  mw_axdr_put_u8 (w, 5);
  mw_axdr_put_u8 (w, 8);
  mw_axdr_put_u8 (w, arc);
  mw_axdr_put_u8 (w, leaf);
}

static void
put_context (const mw_dlms_server *server, mw_wr *w)
{
  uint32_t conformance = server ? server->conformance : MW_CONF_ALL_LN;
  uint8_t bits[3] = { (uint8_t) (conformance >> 16), (uint8_t) (conformance >> 8),
                      (uint8_t) conformance };
  mw_axdr_put_structure (w, 6);
  mw_axdr_put_bits (w, bits, 24);
  mw_axdr_put_u16 (w, server ? server->config.max_pdu : 0);
  mw_axdr_put_u16 (w, server ? server->client_max_pdu : 0);
  mw_axdr_put_u8 (w, 6); /* DLMS version */
  mw_axdr_put_i8 (w, 0); /* quality of service */
  mw_axdr_put_octets (w, "", 0);
}

static void
association_piece (mw_kamstrup_link *l, mw_dlms_stream *s, mw_wr *w)
{
  switch (s->attr.index) {
  case 2:
    list_piece (l, s, w);
    break;
  case 3:
    mw_axdr_put_structure (w, 2);
    mw_axdr_put_i8 (w, (int8_t) l->client);
    mw_axdr_put_u16 (w, l->server ? l->server->logical_device : MW_KAMSTRUP_LOGICAL_DEVICE);
    break;
  case 4:
    put_name (w, 1, MW_CONTEXT_LN);
    break;
  case 5:
    put_context (l->server, w);
    break;
  case 6:
    put_name (w, 2, l->level == MW_KAMSTRUP_UTILITY ? MW_AUTH_LOW : MW_AUTH_NONE);
    break;
  default:
    mw_axdr_put_enum (w, 2); /* associated, as the one who asks is */
  }
}

/* --- identity -------------------------------------------------------------------------------
 */

/* "KAM", zeros and the serial number: 16 octets, as the standard's device names are. */
static void
put_device_name (const mw_kamstrup *m, mw_wr *w)
{
  uint8_t name[16];
  uint32_t n = m->k->id.serial;
  memcpy (name, "KAM", 3);
  for (unsigned i = sizeof name; i > 3; i--, n /= 10)
    name[i - 1] = (uint8_t) ('0' + n % 10);
  mw_axdr_put_octets (w, name, sizeof name);
}

static void
put_saps (const mw_kamstrup *m, mw_wr *w)
{
  mw_axdr_put_array (w, 1);
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_u16 (w, MW_KAMSTRUP_LOGICAL_DEVICE);
  put_device_name (m, w);
}

void
mw_kobject_piece (mw_kamstrup_link *l, const mw_kobject *o, mw_dlms_stream *s, mw_wr *w)
{
  switch (o->kind) {
  case MW_KOBJECT_CLOCK:
    clock_piece (l->meter, s->attr.index, w);
    break;
  case MW_KOBJECT_ASSOCIATION:
    association_piece (l, s, w);
    break;
  case MW_KOBJECT_SAP:
    put_saps (l->meter, w);
    break;
  case MW_KOBJECT_NAME:
    put_device_name (l->meter, w);
    break;
  default:
    register_piece (l->meter, o, s->attr.index, w);
  }
}
