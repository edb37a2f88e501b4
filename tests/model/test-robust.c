/* test-robust.c: whatever is written, asked or sent, the meter stays whole.
 *
 * Values of the right type with arbitrary content go to every attribute, arbitrary parameters
 * to every method, arbitrary octets to the ports; then time passes.  Afterwards every attribute
 * is still readable and of its type, and the meter restarts.  The sequence is fixed by its
 * seed.
 */
#include "rig.h"

static uint64_t state = 88172645463325252u;

static uint32_t
any (uint32_t below)
{
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t) (state >> 20) % below;
}

static const char *
end_of (const char *type)
{
  unsigned open = 0;
  do {
    open += *type == '(';
    open -= *type == ')';
    type++;
  } while (open || *type == '(');
  return type;
}

static void
put_octets (mw_wr *w, size_t n)
{
  uint8_t buf[64];
  for (size_t i = 0; i < n; i++)
    buf[i] = (uint8_t) (any (3) ? any (64) : 0xff);
  mw_axdr_put_octets (w, buf, n);
}

/* A logical name that is there, mostly. */
static void
put_name (mw_wr *w)
{
  mw_obis ln;
  memcpy (ln.v, mw_model_objects[any (mw_model_n_objects)].ln, 6);
  if (any (8) == 0)
    ln.v[any (6)] = (uint8_t) any (256);
  mw_axdr_put_obis (w, ln);
}

static void
put_any (mw_wr *w, const char *type)
{
  static const uint8_t lengths[] = { 0, 1, 2, 4, 6, 8, 9, 16, 40 };
  switch (*type) {
  case 'a': {
    uint32_t n = any (4) ? any (5) : any (20);
    mw_axdr_put_array (w, n);
    for (uint32_t i = 0; i < n; i++)
      put_any (w, type + 2);
    break;
  }
  case 's': {
    uint32_t n = 0;
    for (const char *p = type + 2; *p != ')'; p = end_of (p))
      n++;
    mw_axdr_put_structure (w, n);
    for (const char *p = type + 2; *p != ')'; p = end_of (p))
      put_any (w, p);
    break;
  }
  case 'T':
    put_octets (w, 12);
    break;
  case 'Y':
    put_octets (w, 5);
    break;
  case 'H':
    put_octets (w, 4);
    break;
  case 'o':
  case 'v':
    if (any (2))
      put_name (w);
    else
      put_octets (w, lengths[any (sizeof lengths)]);
    break;
  case '?':
    mw_axdr_put_i8 (w, (int8_t) any (256));
    break;
  default:
    mw_axdr_put_int (w, mw_type_tag (*type), any (3) ? (int64_t) any (12) : (int64_t) state);
  }
}

static mw_dlms_attr
attr_of (unsigned i, int index)
{
  const mw_model_object *o = &mw_model_objects[i];
  mw_dlms_attr a = { .class_id = o->class_id, .index = (int8_t) index };
  memcpy (a.ln.v, o->ln, 6);
  return a;
}

static void
write_something (mw_model_link *l)
{
  uint8_t buf[4000];
  mw_wr w;
  mw_cur c;
  unsigned i = any (mw_model_n_objects);
  const mw_model_object *o = &mw_model_objects[i];
  const mw_model_attr *a = &mw_model_attrs[o->first + any (o->count)];
  mw_dlms_attr attr = attr_of (i, a->n);
  mw_wr_init (&w, buf, sizeof buf);
  put_any (&w, mw_model_types + a->type);
  mw_span s = mw_wr_done (&w);
  if (s.len == 0)
    return;
  if (any (20) == 0)
    s.len = any ((uint32_t) s.len); /* cut off */
  c = mw_cur_of (s);
  unsigned dar = mw_model_ops.set (l, &attr, NULL, &c);
  CHECK (strcmp (mw_dar_name (dar), "unknown") != 0);
}

static void
call_something (mw_model_link *l)
{
  static const char *const types[] = { "i",      "U",        "u",     "I",     "e",      "o",
                                       "s(UYu)", "s(oa(u))", "s(oD)", "s(Do)", "s(TTT)", "?" };
  uint8_t buf[1000], reply[64];
  mw_wr w, answer;
  mw_cur c;
  unsigned i = any (mw_model_n_objects);
  mw_dlms_attr method = attr_of (i, 1 + (int) any (8));
  if (method.class_id == 8)
    return; /* the clock would wander out of all history */
  mw_wr_init (&w, buf, sizeof buf);
  mw_wr_init (&answer, reply, sizeof reply);
  put_any (&w, types[any (sizeof types / sizeof types[0])]);
  c = mw_cur_of (any (10) ? mw_wr_done (&w) : (mw_span){ buf, 0 });
  unsigned dar = mw_model_ops.action (l, &method, &c, &answer);
  CHECK (strcmp (mw_dar_name (dar), "unknown") != 0);
}

/* Every attribute, in pieces of arbitrary size. */
static void
read_everything (rig *r, mw_model_link *l)
{
  static uint8_t value[RIG_ANSWER];
  for (unsigned i = 0; i < mw_model_n_objects; i++)
    for (unsigned k = 0; k < mw_model_objects[i].count; k++) {
      const mw_model_attr *a = &mw_model_attrs[mw_model_objects[i].first + k];
      mw_dlms_attr attr = attr_of (i, a->n);
      mw_dlms_stream s = { .attr = attr };
      size_t n = 0;
      if (!(mw_model_objects[i].models & 1u << r->model.id) || !(a->access & MW_ACCESS_READ)
          || mw_model_objects[i].class_id == 15)
        continue;
      CHECK_EQ (mw_model_ops.get_open (l, &attr, NULL, &s), MW_DAR_SUCCESS);
      while (!s.done && !s.result && n + 300 < sizeof value)
        n += mw_model_ops.get_next (l, &s, value + n, MW_DLMS_PIECE_MIN + any (200));
      mw_cur c;
      mw_cur_init (&c, value, n);
      bool ok = s.done && !s.result && mw_type_check (mw_model_types + a->type, &c);
      if (!check_report (ok, __FILE__, __LINE__, "readable after all that"))
        printf ("    %u %u-%u:%u.%u.%u attribute %d\n", attr.class_id, attr.ln.v[0],
                attr.ln.v[1], attr.ln.v[2], attr.ln.v[3], attr.ln.v[4], a->n);
    }
}

static void
test_values (void)
{
  for (unsigned id = 0; id < MW_N_MODELS; id++) {
    rig *r = rig_new ((enum mw_model_id) id, MW_PORT_WRAPPER);
    mw_model_link l = { .model = &r->model, .level = MW_LEVEL_MANAGER, .client = 1 };
    for (unsigned round = 0; round < 60; round++) {
      for (unsigned i = 0; i < 150; i++) {
        write_something (&l);
        call_something (&l);
      }
      rig_live (r, 1 + any (4000));
    }
    read_everything (r, &l);
    rig_restart (r, 100);
    read_everything (r, &l);
    rig_free (r);
  }
}

static void
test_octets (void)
{
  static const enum mw_port_kind kinds[] = { MW_PORT_OPTICAL, MW_PORT_HDLC, MW_PORT_WRAPPER };
  for (unsigned k = 0; k < 3; k++) {
    rig *r = rig_new (MW_MT381, kinds[k]);
    for (unsigned i = 0; i < 3000; i++) {
      uint8_t buf[64];
      size_t n = any (sizeof buf);
      for (size_t j = 0; j < n; j++)
        buf[j] = (uint8_t) (any (4) ? any (256)
                                    : (uint32_t) "\x7e\x00\x01/?!\r\n\x06\x7e"[any (10)]);
      mw_port_feed (&r->port, buf, n, r->now);
      for (mw_span s; (s = mw_port_tx (&r->port)).len > 0;)
        mw_port_tx_ack (&r->port, s.len, r->now);
      r->now += any (2000);
      mw_port_tick (&r->port, r->now);
    }
    r->kind = kinds[k] == MW_PORT_OPTICAL ? MW_PORT_HDLC : kinds[k];
    mw_port_init (&r->port, &r->model, r->kind, r->now); /* and it still answers */
    CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
    CHECK_EQ (rig_get (r, 8, "0-0:1.0.0.255", 2), 0);
    rig_free (r);
  }
}

CHECK_MAIN (test_values, test_octets)
