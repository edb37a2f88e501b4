/* objects_limits.c: single action schedules (class 22), limiters (71), supervision monitors
 * (21), control modes (70) (Mx381 manual 6.4, 6.10, 6.9). */
#include "models/objects.h"

#include <string.h>

/* --- script tables by name ------------------------------------------------------------------
 */

static const uint8_t tables[MW_N_TABLES][6] = {
  [MW_TABLE_BILLING] = { 0, 0, 10, 0, 1, 255 },
  [MW_TABLE_TARIFF] = { 0, 0, 10, 0, 100, 255 },
  [MW_TABLE_LOAD] = { 0, 0, 10, 0, 103, 255 },
  [MW_TABLE_DISCONNECT] = { 0, 0, 10, 0, 106, 255 },
  [MW_TABLE_METER_RESET] = { 0, 0, 10, 0, 0, 255 },
  [MW_TABLE_TEST_MODE] = { 0, 0, 10, 0, 101, 255 },
  [MW_TABLE_NORMAL_MODE] = { 0, 0, 10, 0, 102, 255 },
  [MW_TABLE_IMAGE] = { 0, 0, 10, 0, 107, 255 },
  [MW_TABLE_DISPLAY_TEST] = { 0, 0, 10, 1, 101, 255 },
  [MW_TABLE_MBUS_DISCONNECT] = { 0, 1, 10, 0, 106, 255 },
};

bool
mw_table_of (const uint8_t ln[6], enum mw_script_table *out)
{
  for (unsigned i = 0; i < MW_N_TABLES; i++)
    if (memcmp (tables[i], ln, 6) == 0) {
      *out = (enum mw_script_table) i;
      return true;
    }
  return false;
}

void
mw_table_name (enum mw_script_table table, uint8_t ln[6])
{
  memcpy (ln, tables[table], 6);
}

static void
put_script (mw_wr *w, enum mw_script_table table, uint16_t script)
{
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_octets (w, tables[table], 6);
  mw_axdr_put_u16 (w, script);
}

/* --- schedules ------------------------------------------------------------------------------
 */

static uint8_t
single (mw_model_link *l, const mw_model_attr *a, const mw_dlms_selection *sel,
        mw_dlms_stream *s)
{
  (void) l, (void) a, (void) s;
  return sel && sel->selector ? MW_DAR_SCOPE_OF_ACCESS_VIOLATED : MW_DAR_SUCCESS;
}

static void
put_times (mw_wr *w, const mw_schedule *schedule)
{
  mw_axdr_put_array (w, schedule->n);
  for (unsigned i = 0; i < schedule->n; i++) {
    mw_axdr_put_structure (w, 2);
    mw_axdr_put_civil_as (w, MW_AXDR_OCTET_STRING, 4, &schedule->time[i]);
    mw_axdr_put_civil_as (w, MW_AXDR_OCTET_STRING, 5, &schedule->time[i]);
  }
}

/* type (Blue Book, class 22): 1: one execution time, its date may have wildcards; 2, 3: all
 * with the same time, 4, 5: with different times; 3, 5 with wildcards in the date, 2, 4
 * without. */
static uint8_t
schedule_type (const mw_schedule *s)
{
  bool same = true, wild = false;
  for (unsigned i = 0; i < s->n; i++) {
    wild = wild || mw_when_repeats (&s->time[i]);
    same = same && s->time[i].hour == s->time[0].hour && s->time[i].minute == s->time[0].minute;
  }
  return s->n <= 1 ? 1 : (uint8_t) ((same ? 2 : 4) + (wild ? 1 : 0));
}

static void
schedule_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_schedule *schedule = &l->model->meter->st.schedule[a->arg >> 8];
  (void) s;
  if (a->n == 2)
    put_script (w, (enum mw_script_table) schedule->table, schedule->script);
  else if (a->n == 3)
    mw_axdr_put_enum (w, schedule_type (schedule));
  else
    put_times (w, schedule);
}

static bool
get_time (mw_cur *c, mw_civil *out)
{
  mw_civil time;
  mw_axdr_get_structure (c, 2);
  mw_span t = mw_axdr_get_octets (c), d = mw_axdr_get_octets (c);
  if (c->err || mw_axdr_civil (t.ptr, t.len, &time) != MW_OK
      || mw_axdr_civil (d.ptr, d.len, out) != MW_OK)
    return false;
  out->hour = time.hour;
  out->minute = time.minute;
  out->second = time.second;
  out->hundredths = time.hundredths;
  return true;
}

static uint8_t
schedule_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  mw_meter *m = l->model->meter;
  enum mw_schedule_id id = (enum mw_schedule_id) (a->arg >> 8);
  enum mw_script_table table;
  mw_civil times[MW_SCHEDULE_TIMES];
  if (a->n == 2) {
    mw_axdr_get_structure (c, 2);
    mw_obis ln = mw_axdr_get_obis (c);
    if (!mw_table_of (ln.v, &table))
      return MW_DAR_OTHER_REASON;
    return mw_model_dar (mw_schedule_set_script (m, id, table, (uint16_t) mw_axdr_get_int (c)));
  }
  uint32_t n = mw_axdr_get_array (c);
  for (uint32_t i = 0; i < n; i++)
    if (n > MW_SCHEDULE_TIMES || !get_time (c, &times[i]))
      return MW_DAR_OTHER_REASON;
  return mw_model_dar (mw_schedule_set (m, id, times, n));
}

const mw_model_handler mw_handler_schedule = { single, schedule_piece, schedule_write, NULL };

/* --- limiters -------------------------------------------------------------------------------
 */

static void
put_monitored (const mw_model *model, mw_wr *w, uint16_t value)
{
  static const mw_model_object nothing = { .class_id = 0 };
  uint16_t a = value == MW_V_NONE ? MW_MODEL_NO_ATTR : mw_model_attr_of_value (model, value);
  bool some = a != MW_MODEL_NO_ATTR;
  const mw_model_object *o = some ? &mw_model_objects[mw_model_attrs[a].object] : &nothing;
  mw_obis ln;
  memcpy (ln.v, o->ln, 6);
  mw_axdr_put_structure (w, 3);
  mw_axdr_put_u16 (w, o->class_id);
  mw_axdr_put_obis (w, ln);
  mw_axdr_put_i8 (w, (int8_t) (some ? mw_model_attrs[a].n : 0));
}

/* An object and attribute that can be monitored, or class 0: nothing. */
static bool
get_monitored (const mw_model *model, mw_cur *c, uint16_t *value)
{
  uint8_t dar;
  mw_dlms_attr attr = { 0 };
  mw_axdr_get_structure (c, 3);
  attr.class_id = (uint16_t) mw_axdr_get_int (c);
  attr.ln = mw_axdr_get_obis (c);
  attr.index = (int8_t) mw_axdr_get_int (c);
  *value = MW_V_NONE;
  if (attr.class_id == 0)
    return true;
  uint16_t a = mw_model_attr_find (model, &attr, &dar);
  if (a == MW_MODEL_NO_ATTR || mw_model_attrs[a].bind != MW_BIND_VALUE)
    return false;
  *value = mw_model_attrs[a].arg;
  return true;
}

/* A threshold has the type of the attribute that is monitored (Blue Book, classes 21 and 71);
 * SPARE when there is none. */
static unsigned
threshold_tag (const mw_model *model, uint16_t monitored, unsigned spare)
{
  uint16_t a =
      monitored == MW_V_NONE ? MW_MODEL_NO_ATTR : mw_model_attr_of_value (model, monitored);
  return a == MW_MODEL_NO_ATTR ? spare : mw_type_tag (mw_model_types[mw_model_attrs[a].type]);
}

/* Does a threshold of TAG follow in C? A preset of the catalogue may have any type. */
static bool
threshold_fits (const mw_model_link *l, mw_cur c, unsigned tag)
{
  mw_axdr_value v;
  mw_axdr_get (&c, &v);
  return l->internal || v.type == tag;
}

/* Has V room in the type TAG? */
static bool
has_room (int64_t v, unsigned tag)
{
  int size = mw_axdr_type_size (tag);
  bool negative = tag == MW_AXDR_INTEGER || tag == MW_AXDR_LONG || tag == MW_AXDR_DOUBLE_LONG
                  || tag == MW_AXDR_LONG64;
  if (size <= 0 || size >= 8)
    return true;
  int64_t span = INT64_C (1) << (8 * size - negative);
  return v < span && v >= (negative ? -span : 0);
}

static void
put_groups (mw_wr *w, const mw_limiter *limiter)
{
  mw_axdr_put_array (w, limiter->groups);
  for (unsigned i = 0; i < limiter->groups; i++)
    mw_axdr_put_u16 (w, limiter->group[i]);
}

static void
put_emergency (mw_wr *w, const mw_limiter *limiter)
{
  mw_axdr_put_structure (w, 3);
  mw_axdr_put_u16 (w, limiter->emergency_id);
  mw_axdr_put_civil (w, &limiter->emergency_start);
  mw_axdr_put_u32 (w, limiter->emergency_duration_s);
}

static void
limiter_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  mw_meter *m = l->model->meter;
  unsigned i = a->arg >> 8;
  const mw_limiter *limiter = mw_limiter_of (m, i);
  unsigned tag = threshold_tag (l->model, limiter->monitored, MW_AXDR_DOUBLE_LONG_UNSIGNED);
  (void) s;
  switch (a->n) {
  case 2:
    put_monitored (l->model, w, limiter->monitored);
    break;
  case 3:
    mw_axdr_put_int (w, tag, mw_limiter_threshold_active (m, i));
    break;
  case 4:
    mw_axdr_put_int (w, tag, limiter->threshold_normal);
    break;
  case 5:
    mw_axdr_put_int (w, tag, limiter->threshold_emergency);
    break;
  case 6:
    mw_axdr_put_u32 (w, limiter->min_over_s);
    break;
  case 7:
    mw_axdr_put_u32 (w, limiter->min_under_s);
    break;
  case 8:
    put_emergency (w, limiter);
    break;
  case 9:
    put_groups (w, limiter);
    break;
  case 10:
    mw_axdr_put_bool (w, mw_limiter_state_of (m, i)->emergency);
    break;
  default:
    mw_axdr_put_structure (w, 2);
    put_script (w, MW_TABLE_DISCONNECT, limiter->script_over);
    put_script (w, MW_TABLE_DISCONNECT, limiter->script_under);
  }
}

/* { script table, selector } of the disconnect scripts; selector 0: no action. */
static bool
get_script (mw_cur *c, uint16_t *script)
{
  enum mw_script_table table;
  mw_axdr_get_structure (c, 2);
  mw_obis ln = mw_axdr_get_obis (c);
  *script = (uint16_t) mw_axdr_get_int (c);
  return mw_table_of (ln.v, &table) && table == MW_TABLE_DISCONNECT && *script <= 2;
}

static bool
get_emergency (mw_cur *c, mw_limiter *next)
{
  mw_axdr_get_structure (c, 3);
  next->emergency_id = (uint16_t) mw_axdr_get_int (c);
  mw_span t = mw_axdr_get_octets (c);
  next->emergency_duration_s = (uint32_t) mw_axdr_get_int (c);
  return c->err == MW_OK && mw_axdr_civil (t.ptr, t.len, &next->emergency_start) == MW_OK;
}

static bool
get_groups (mw_cur *c, mw_limiter *next)
{
  uint32_t n = mw_axdr_get_array (c);
  if (n > MW_GROUPS_MAX)
    return false;
  next->groups = (uint8_t) n;
  for (uint32_t i = 0; i < n; i++)
    next->group[i] = (uint16_t) mw_axdr_get_int (c);
  return c->err == MW_OK;
}

static bool
get_limiter_part (const mw_model *model, unsigned n, mw_cur *c, mw_limiter *next)
{
  switch (n) {
  case 2:
    return get_monitored (model, c, &next->monitored);
  case 4:
    next->threshold_normal = mw_axdr_get_int (c);
    return true;
  case 5:
    next->threshold_emergency = mw_axdr_get_int (c);
    return true;
  case 6:
    next->min_over_s = (uint32_t) mw_axdr_get_int (c);
    return true;
  case 7:
    next->min_under_s = (uint32_t) mw_axdr_get_int (c);
    return true;
  case 8:
    return get_emergency (c, next);
  case 9:
    return get_groups (c, next);
  default:
    mw_axdr_get_structure (c, 2);
    return get_script (c, &next->script_over) && get_script (c, &next->script_under);
  }
}

static uint8_t
limiter_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  unsigned i = a->arg >> 8;
  mw_limiter next = *mw_limiter_of (l->model->meter, i);
  unsigned tag = threshold_tag (l->model, next.monitored, MW_AXDR_DOUBLE_LONG_UNSIGNED);
  if ((a->n == 4 || a->n == 5) && !threshold_fits (l, *c, tag))
    return MW_DAR_TYPE_UNMATCHED;
  if (!get_limiter_part (l->model, a->n, c, &next))
    return MW_DAR_OTHER_REASON;
  /* the thresholds take the type of what is monitored from now on: none may be cut */
  tag = threshold_tag (l->model, next.monitored, MW_AXDR_DOUBLE_LONG_UNSIGNED);
  if (!has_room (next.threshold_normal, tag) || !has_room (next.threshold_emergency, tag))
    return MW_DAR_OTHER_REASON;
  return mw_model_dar (mw_limiter_set (l->model->meter, i, &next));
}

const mw_model_handler mw_handler_limiter = { single, limiter_piece, limiter_write, NULL };

/* --- supervision monitors: one threshold each (manual 6.10.2) -------------------------------
 */

static void
monitor_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_monitor *monitor = mw_monitor_of (l->model->meter, a->arg >> 8);
  (void) s;
  if (a->n == 2) {
    mw_axdr_put_array (w, 1);
    mw_axdr_put_int (w, threshold_tag (l->model, monitor->monitored, MW_AXDR_LONG_UNSIGNED),
                     monitor->threshold);
  } else if (a->n == 3) {
    put_monitored (l->model, w, monitor->monitored);
  } else {
    mw_axdr_put_array (w, 1);
    mw_axdr_put_structure (w, 2);
    put_script (w, MW_TABLE_DISCONNECT, monitor->script_up);
    put_script (w, MW_TABLE_DISCONNECT, monitor->script_down);
  }
}

static uint8_t
monitor_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  mw_monitor next = *mw_monitor_of (l->model->meter, a->arg >> 8);
  bool ok = true;
  if (a->n == 3) {
    ok = get_monitored (l->model, c, &next.monitored);
  } else if (mw_axdr_get_array (c) != 1) {
    ok = false;
  } else if (a->n == 2) {
    if (!threshold_fits (l, *c,
                         threshold_tag (l->model, next.monitored, MW_AXDR_LONG_UNSIGNED)))
      return MW_DAR_TYPE_UNMATCHED;
    next.threshold = mw_axdr_get_int (c);
  } else {
    mw_axdr_get_structure (c, 2);
    ok = get_script (c, &next.script_up) && get_script (c, &next.script_down);
  }
  ok = ok
       && has_room (next.threshold,
                    threshold_tag (l->model, next.monitored, MW_AXDR_LONG_UNSIGNED));
  return ok ? mw_model_dar (mw_monitor_set (l->model->meter, a->arg >> 8, &next))
            : MW_DAR_OTHER_REASON;
}

const mw_model_handler mw_handler_monitor = { single, monitor_piece, monitor_write, NULL };

/* --- control modes --------------------------------------------------------------------------
 */

static void
switch_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  (void) s;
  mw_axdr_put_enum (w, mw_switch_of (l->model->meter, (enum mw_switch_id) a->arg)->mode);
}

static uint8_t
switch_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  return mw_model_dar (mw_switch_set_mode (l->model->meter, (enum mw_switch_id) a->arg,
                                           (unsigned) mw_axdr_get_int (c)));
}

const mw_model_handler mw_handler_switch_mode = { single, switch_piece, switch_write, NULL };
