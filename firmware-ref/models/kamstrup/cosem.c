/* cosem.c: objects of the DLMS side, and the COSEM server's questions about them. */
#include "models/kamstrup/cosem.h"

#include <string.h>

#include "dlms/classes.h"

/* --- objects --------------------------------------------------------------------------------
 */

static const mw_kobject fixed[] = {
  { MW_KOBJECT_CLOCK, 0, 8, { { 0, 1, 1, 0, 0, 255 } }, NULL, NULL, NULL },
  { MW_KOBJECT_ASSOCIATION, 0, 15, { { 0, 0, 40, 0, 0, 255 } }, NULL, NULL, NULL },
  { MW_KOBJECT_SAP, 0, 17, { { 0, 0, 41, 0, 0, 255 } }, NULL, NULL, NULL },
  { MW_KOBJECT_NAME, 0, 1, { { 0, 0, 42, 0, 0, 255 } }, NULL, NULL, NULL },
};
#define N_FIXED (sizeof fixed / sizeof fixed[0])

/* Has R a place of its own among the objects? */
static bool
shown (const mw_kamstrup *m, const mw_kregister *r)
{
  return mw_khas (r->in, m->p) && r->obis[5] && r->access & MW_KACCESS_READ;
}

static bool
is_class_1 (const mw_kregister *r)
{
  return r->kind != MW_KKIND_NUMBER || (r->unit == MW_KMP_UNIT_NUMBER && r->exponent == 0);
}

/* Of the registers with the code of LN the first that is no time is the value; a clock among
 * them says when it was so. */
static bool
of_registers (const mw_kamstrup *m, const mw_obis *ln, mw_kobject *out)
{
  const mw_kregister *value = NULL, *time = NULL;
  for (unsigned i = 0; i < mw_n_kregister_rows; i++) {
    const mw_kregister *r = &mw_kregister_rows[i];
    if (memcmp (r->obis, ln->v, 6) != 0 || !shown (m, r))
      continue;
    if (r->kind == MW_KKIND_RTC)
      time = time ? time : r;
    else if (r->kind != MW_KKIND_TIME && r->kind != MW_KKIND_DATE)
      value = value ? value : r;
  }
  if (!value)
    value = time, time = NULL;
  if (!value)
    return false;
  uint16_t class_id = time ? 4 : is_class_1 (value) ? 1 : 3;
  *out = (mw_kobject){ MW_KOBJECT_REGISTER, 0, class_id, *ln, value, time, NULL };
  return true;
}

static mw_kobject
of_logger (const mw_klogger *logger)
{
  mw_kobject o = { MW_KOBJECT_LOGGER, 1, 7, { { 0 } }, NULL, NULL, logger };
  memcpy (o.ln.v, logger->obis, 6);
  return o;
}

static bool
logger_shown (const mw_kamstrup *m, const mw_klogger *logger)
{
  return mw_khas (logger->in, m->p) && logger->obis[5] && mw_kamstrup_log (m, logger) >= 0;
}

static bool
is_fixed (const mw_obis *ln)
{
  for (unsigned i = 0; i < N_FIXED; i++)
    if (memcmp (fixed[i].ln.v, ln->v, 6) == 0)
      return true;
  return false;
}

bool
mw_kobject_find (const mw_kamstrup *m, const mw_obis *ln, mw_kobject *out)
{
  for (unsigned i = 0; i < N_FIXED; i++)
    if (memcmp (fixed[i].ln.v, ln->v, 6) == 0) {
      *out = fixed[i];
      return true;
    }
  for (unsigned i = 0; i < mw_n_kloggers; i++)
    if (memcmp (mw_kloggers[i].obis, ln->v, 6) == 0 && logger_shown (m, &mw_kloggers[i])) {
      *out = of_logger (&mw_kloggers[i]);
      return true;
    }
  return of_registers (m, ln, out);
}

/* Is there a logger with the code of R? */
static bool
taken (const mw_kamstrup *m, const mw_kregister *r)
{
  for (unsigned i = 0; i < mw_n_kloggers; i++)
    if (memcmp (mw_kloggers[i].obis, r->obis, 6) == 0 && logger_shown (m, &mw_kloggers[i]))
      return true;
  return false;
}

/* Object number AT of the order fixed, loggers, registers. */
static bool
object_at (const mw_kamstrup *m, unsigned at, mw_kobject *out)
{
  if (at < N_FIXED) {
    *out = fixed[at];
    return true;
  }
  at -= (unsigned) N_FIXED;
  if (at < mw_n_kloggers) {
    *out = of_logger (&mw_kloggers[at]);
    return logger_shown (m, &mw_kloggers[at]);
  }
  const mw_kregister *r = &mw_kregister_rows[at - mw_n_kloggers];
  mw_obis ln;
  memcpy (ln.v, r->obis, 6);
  return shown (m, r) && !is_fixed (&ln) && !taken (m, r) && of_registers (m, &ln, out)
         && out->value == r;
}

bool
mw_kobject_next (const mw_kamstrup *m, unsigned level, unsigned *at, mw_kobject *out)
{
  unsigned all = (unsigned) N_FIXED + mw_n_kloggers + mw_n_kregister_rows;
  while (*at < all)
    if (object_at (m, (*at)++, out) && mw_kobject_rights (out, level, 1))
      return true;
  return false;
}

/* --- access ---------------------------------------------------------------------------------
 */

/* What anybody may know: the clock, and who the meter is. */
static bool
is_public (const mw_kobject *o)
{
  return o->kind <= MW_KOBJECT_NAME
         || (o->kind == MW_KOBJECT_REGISTER
             && (o->value->bind == MW_KV_SERIAL || o->value->bind == MW_KV_TYPE_NUMBER));
}

static bool
writable (const mw_kobject *o, int n)
{
  switch (o->kind) {
  case MW_KOBJECT_CLOCK:
    return n == 2;
  case MW_KOBJECT_ASSOCIATION:
    return n == 7;
  case MW_KOBJECT_REGISTER:
    return n == 2 && o->value->access & (MW_KACCESS_WRITE | MW_KACCESS_MODULE);
  default:
    return false;
  }
}

uint8_t
mw_kobject_rights (const mw_kobject *o, unsigned level, int n)
{
  uint8_t rights = 1;
  if (level == MW_KAMSTRUP_NOBODY || (level == MW_KAMSTRUP_EVERYBODY && !is_public (o)))
    return 0;
  if (o->kind == MW_KOBJECT_ASSOCIATION && n == 7)
    rights = 0; /* the secret is not read */
  return level == MW_KAMSTRUP_UTILITY && writable (o, n) ? rights | 2u : rights;
}

/* --- association ----------------------------------------------------------------------------
 */

static uint8_t
associate (void *ctx, const mw_dlms_login *login)
{
  mw_kamstrup_link *l = ctx;
  if (login->context != MW_CONTEXT_LN)
    return MW_DIAG_CONTEXT_NOT_SUPPORTED;
  if (login->client_sap == MW_KAMSTRUP_PUBLIC) {
    if (login->mechanism != MW_AUTH_NONE)
      return MW_DIAG_MECHANISM_NOT_RECOGNISED;
    l->level = MW_KAMSTRUP_EVERYBODY;
  } else if (login->client_sap != MW_KAMSTRUP_CLIENT
             || login->logical_device != MW_KAMSTRUP_LOGICAL_DEVICE) {
    return MW_DIAG_NO_REASON;
  } else if (login->mechanism == MW_AUTH_NONE) {
    return MW_DIAG_AUTHENTICATION_REQUIRED;
  } else if (login->mechanism != MW_AUTH_LOW) {
    return MW_DIAG_MECHANISM_NOT_RECOGNISED;
  } else if (!mw_kamstrup_password_text (l->meter, login->secret)) {
    return MW_DIAG_AUTHENTICATION_FAILURE;
  } else {
    l->level = MW_KAMSTRUP_UTILITY;
  }
  l->client = login->client_sap;
  return MW_DIAG_NULL;
}

static void
released (void *ctx)
{
  mw_kamstrup_link *l = ctx;
  l->level = MW_KAMSTRUP_NOBODY;
  l->client = 0;
}

/* --- GET ------------------------------------------------------------------------------------
 */

/* The object that ATTR names; else *DAR. */
static bool
find (const mw_kamstrup_link *l, const mw_dlms_attr *attr, mw_kobject *o, uint8_t *dar)
{
  *dar = MW_DAR_OBJECT_UNDEFINED;
  if (!mw_kobject_find (l->meter, &attr->ln, o))
    return false;
  *dar = MW_DAR_OBJECT_CLASS_INCONSISTENT;
  return attr->class_id == o->class_id;
}

static unsigned
attributes (const mw_kobject *o)
{
  return (unsigned) mw_attribute_count (o->class_id, o->version);
}

static uint8_t
get_open (void *ctx, const mw_dlms_attr *attr, const mw_dlms_selection *access,
          mw_dlms_stream *s)
{
  mw_kamstrup_link *l = ctx;
  mw_kobject o;
  uint8_t dar;
  if (!find (l, attr, &o, &dar))
    return dar;
  if (attr->index < 1 || (unsigned) attr->index > attributes (&o)
      || !(mw_kobject_rights (&o, l->level, attr->index) & 1))
    return MW_DAR_READ_WRITE_DENIED;
  s->end = 1;
  if (o.kind == MW_KOBJECT_LOGGER && (attr->index == 2 || attr->index == 3))
    return mw_kprofile_open (l, &o, access, s);
  if (access && access->selector)
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  if (o.kind == MW_KOBJECT_ASSOCIATION && attr->index == 2)
    for (unsigned at = 0; mw_kobject_next (l->meter, l->level, &at, &o);)
      s->end++;
  return MW_DAR_SUCCESS;
}

static void
piece (mw_kamstrup_link *l, const mw_kobject *o, mw_dlms_stream *s, mw_wr *w)
{
  if (s->attr.index == 1)
    mw_axdr_put_obis (w, o->ln);
  else if (o->kind == MW_KOBJECT_LOGGER)
    mw_kprofile_piece (l, o, s, w);
  else
    mw_kobject_piece (l, o, s, w);
}

static size_t
get_next (void *ctx, mw_dlms_stream *s, uint8_t *buf, size_t cap)
{
  mw_kamstrup_link *l = ctx;
  uint8_t scratch[MW_KRECORD_MAX * 2 + 64];
  mw_kobject o;
  size_t n = 0;
  if (!mw_kobject_find (l->meter, &s->attr.ln, &o))
    s->result = MW_DAR_OBJECT_UNDEFINED;
  while (n < cap && !s->done && !s->result) {
    mw_wr w;
    mw_wr_init (&w, scratch, sizeof scratch);
    piece (l, &o, s, &w);
    mw_span whole = mw_wr_done (&w);
    if (whole.len == 0 && !s->result)
      s->result = MW_DAR_HARDWARE_FAULT;
    if (s->result)
      break;
    size_t take = whole.len - s->pos < cap - n ? whole.len - s->pos : cap - n;
    memcpy (buf + n, whole.ptr + s->pos, take);
    n += take;
    s->pos += (uint32_t) take;
    if (s->pos < whole.len)
      break;
    if (o.kind == MW_KOBJECT_LOGGER)
      mw_kprofile_passed (l, &o, s);
    else if (o.kind == MW_KOBJECT_ASSOCIATION)
      mw_kobject_passed (l, s);
    s->pos = 0;
    s->done = ++s->row >= s->end;
  }
  return n;
}

/* --- SET ------------------------------------------------------------------------------------
 */

static uint8_t
dar_of (enum mw_err err)
{
  switch (err) {
  case MW_OK:
    return MW_DAR_SUCCESS;
  case MW_ERR_ACCESS:
  case MW_ERR_REFUSED:
    return MW_DAR_READ_WRITE_DENIED;
  case MW_ERR_STORAGE:
    return MW_DAR_HARDWARE_FAULT;
  case MW_ERR_UNSUPPORTED:
    return MW_DAR_OBJECT_UNAVAILABLE;
  default:
    return MW_DAR_OTHER_REASON;
  }
}

static uint8_t
set_register (mw_kamstrup_link *l, const mw_kregister *r, const mw_axdr_value *v)
{
  mw_kmp_value value = { .id = r->id };
  int64_t n;
  enum mw_err err = MW_ERR_VALUE;
  if (v->type == MW_AXDR_OCTET_STRING || v->type == MW_AXDR_VISIBLE_STRING) {
    if (r->kind == MW_KKIND_TEXT || r->kind == MW_KKIND_OCTETS)
      err = mw_kmp_put_octets (&value, r->unit, v->ptr, v->len);
  } else if (mw_axdr_to_int (v, &n) == MW_OK) {
    mw_kmp_number raw = { n < 0, (uint64_t) (n < 0 ? -n : n), r->exponent };
    err = mw_kmp_put_raw (&value, r->unit, raw, r->octets);
  }
  return err ? MW_DAR_TYPE_UNMATCHED
             : dar_of (mw_kamstrup_write (l->meter, r, l->port, &value));
}

static uint8_t
set_clock (mw_kamstrup *m, const mw_axdr_value *v)
{
  mw_civil t;
  int64_t utc;
  if (mw_axdr_to_civil (v, &t) != MW_OK || !mw_civil_is_complete (&t))
    return MW_DAR_TYPE_UNMATCHED;
  if (t.deviation == MW_DEVIATION_ANY)
    return mw_kamstrup_set_clock (m, &t) ? dar_of (mw_meter_commit (&m->k->m))
                                         : MW_DAR_OTHER_REASON;
  if (mw_civil_to_utc (&t, 0, &utc) != MW_OK || !mw_kamstrup_set_utc (m, utc))
    return MW_DAR_OTHER_REASON;
  return dar_of (mw_meter_commit (&m->k->m));
}

static uint8_t
set_secret (mw_kamstrup *m, const mw_axdr_value *v)
{
  int64_t n = 0;
  if (v->type != MW_AXDR_OCTET_STRING)
    return MW_DAR_TYPE_UNMATCHED;
  for (uint32_t i = 0; i < v->len; i++) {
    if (v->ptr[i] < '0' || v->ptr[i] > '9' || v->len > 5)
      return MW_DAR_OTHER_REASON;
    n = n * 10 + (v->ptr[i] - '0');
  }
  if (v->len == 0)
    return MW_DAR_OTHER_REASON;
  enum mw_err err = mw_kmeter_set (m->k, MW_KV_PASSWORD, n);
  return dar_of (err ? err : mw_meter_commit (&m->k->m));
}

static uint8_t
set (void *ctx, const mw_dlms_attr *attr, const mw_dlms_selection *access, mw_cur *value)
{
  mw_kamstrup_link *l = ctx;
  mw_kobject o;
  mw_axdr_value v;
  uint8_t dar;
  if (!find (l, attr, &o, &dar))
    return dar;
  if (!(mw_kobject_rights (&o, l->level, attr->index) & 2))
    return MW_DAR_READ_WRITE_DENIED;
  if (access && access->selector)
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  mw_axdr_get (value, &v);
  if (value->err || mw_cur_left (value))
    return MW_DAR_TYPE_UNMATCHED;
  if (o.kind == MW_KOBJECT_CLOCK)
    return set_clock (l->meter, &v);
  if (o.kind == MW_KOBJECT_ASSOCIATION)
    return set_secret (l->meter, &v);
  return set_register (l, o.value, &v);
}

/* --- ACTION ---------------------------------------------------------------------------------
 */

/* None of these objects has a method that a client may call. */
static uint8_t
action (void *ctx, const mw_dlms_attr *method, mw_cur *parameter, mw_wr *reply)
{
  mw_kobject o;
  uint8_t dar;
  (void) parameter, (void) reply;
  return find (ctx, method, &o, &dar) ? MW_DAR_READ_WRITE_DENIED : dar;
}

const mw_dlms_ops mw_kamstrup_cosem = { associate, released, get_open, get_next, set, action };
