/* objects_calendar.c: activity calendar (class 20) and special days (class 11) (Mx381 manual
 * 5.4.2, 5.4.3).
 *
 * The passive calendar is written attribute by attribute: names, seasons, weeks, days.
 */
#include "models/objects.h"

#include <string.h>

mw_name
mw_name_get (mw_cur *c)
{
  mw_name name = { 0 };
  mw_span s = mw_axdr_get_octets (c);
  if (s.len > MW_NAME_MAX)
    mw_cur_fail (c, MW_ERR_SPACE);
  else if (s.len)
    memcpy (name.text, s.ptr, s.len);
  name.len = (uint8_t) (s.len > MW_NAME_MAX ? MW_NAME_MAX : s.len);
  return name;
}

void
mw_name_put (mw_wr *w, const mw_name *name)
{
  mw_axdr_put_octets (w, name->text, name->len);
}

static const mw_calendar *
calendar_of (mw_model_link *l, const mw_model_attr *a)
{
  return a->n < 6 ? mw_calendar_active (l->model->meter)
                  : mw_calendar_passive (l->model->meter);
}

/* --- reading --------------------------------------------------------------------------------
 */

/* Attributes 2 … 5 and 6 … 9 are name, seasons, weeks, days. */
enum { NAME, SEASONS, WEEKS, DAYS, ACTIVATION };
static int
part_of (const mw_model_attr *a)
{
  return a->n == 10 ? ACTIVATION : (a->n - 2) % 4;
}

static unsigned
elements (const mw_calendar *c, int part)
{
  return part == SEASONS ? c->seasons : part == WEEKS ? c->weeks : part == DAYS ? c->days : 0;
}

static uint8_t
calendar_open (mw_model_link *l, const mw_model_attr *a, const mw_dlms_selection *sel,
               mw_dlms_stream *s)
{
  if (sel && sel->selector)
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  s->end = 1 + elements (calendar_of (l, a), part_of (a));
  return MW_DAR_SUCCESS;
}

static void
put_day (mw_wr *w, const mw_day *day)
{
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_u8 (w, day->id);
  mw_axdr_put_array (w, day->n);
  for (unsigned i = 0; i < day->n; i++) {
    const mw_action *act = &day->action[i];
    uint8_t time[4] = { act->hour, act->minute, act->second, 0 }, ln[6];
    mw_table_name ((enum mw_script_table) act->table, ln);
    mw_axdr_put_structure (w, 3);
    mw_axdr_put_octets (w, time, sizeof time);
    mw_axdr_put_octets (w, ln, sizeof ln);
    mw_axdr_put_u16 (w, act->script);
  }
}

static void
put_element (mw_wr *w, const mw_calendar *c, int part, unsigned i)
{
  if (part == SEASONS) {
    mw_axdr_put_structure (w, 3);
    mw_name_put (w, &c->season[i].name);
    mw_axdr_put_civil (w, &c->season[i].start);
    mw_name_put (w, &c->season[i].week);
  } else if (part == WEEKS) {
    mw_axdr_put_structure (w, 8);
    mw_name_put (w, &c->week[i].name);
    for (unsigned d = 0; d < 7; d++)
      mw_axdr_put_u8 (w, c->week[i].day[d]);
  } else {
    put_day (w, &c->day[i]);
  }
}

static void
calendar_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_calendar *c = calendar_of (l, a);
  int part = part_of (a);
  if (part == ACTIVATION)
    mw_axdr_put_civil (w, &l->model->meter->st.calendar.activation);
  else if (part == NAME)
    mw_name_put (w, &c->name);
  else if (s->row == 0)
    mw_axdr_put_array (w, s->end - 1);
  else if (s->row - 1 < elements (c, part))
    put_element (w, c, part, s->row - 1);
  else
    s->result = MW_DAR_LONG_GET_ABORTED; /* written meanwhile */
}

/* --- writing --------------------------------------------------------------------------------
 */

static bool
get_time (mw_cur *c, mw_action *act)
{
  mw_span t = mw_axdr_get_octets (c);
  if (t.len != 4 || t.ptr[0] > 23 || t.ptr[1] > 59)
    return false;
  act->hour = t.ptr[0];
  act->minute = t.ptr[1];
  act->second = t.ptr[2] > 59 ? 0 : t.ptr[2];
  return true;
}

static bool
get_day (mw_cur *c, mw_day *day)
{
  mw_axdr_get_structure (c, 2);
  day->id = (uint8_t) mw_axdr_get_int (c);
  uint32_t n = mw_axdr_get_array (c);
  if (n > MW_ACTIONS_MAX)
    return false;
  day->n = (uint8_t) n;
  for (uint32_t i = 0; i < n; i++) {
    mw_action *act = &day->action[i];
    enum mw_script_table table;
    mw_axdr_get_structure (c, 3);
    if (!get_time (c, act))
      return false;
    mw_obis ln = mw_axdr_get_obis (c);
    if (!mw_table_of (ln.v, &table))
      return false;
    act->table = (uint8_t) table;
    act->script = (uint16_t) mw_axdr_get_int (c);
  }
  return true;
}

static bool
get_season (mw_cur *c, mw_season *season)
{
  mw_axdr_get_structure (c, 3);
  season->name = mw_name_get (c);
  mw_span t = mw_axdr_get_octets (c);
  season->week = mw_name_get (c);
  return c->err == MW_OK && mw_axdr_civil (t.ptr, t.len, &season->start) == MW_OK;
}

static bool
get_week (mw_cur *c, mw_week *week)
{
  mw_axdr_get_structure (c, 8);
  week->name = mw_name_get (c);
  for (unsigned d = 0; d < 7; d++)
    week->day[d] = (uint8_t) mw_axdr_get_int (c);
  return c->err == MW_OK;
}

static bool
get_part (mw_cur *c, int part, mw_calendar *out)
{
  bool ok = true;
  if (part == NAME) {
    out->name = mw_name_get (c);
    return c->err == MW_OK;
  }
  uint32_t n = mw_axdr_get_array (c);
  for (uint32_t i = 0; i < n && ok; i++)
    ok = part == SEASONS ? get_season (c, &out->season[i])
         : part == WEEKS ? get_week (c, &out->week[i])
                         : get_day (c, &out->day[i]);
  if (part == SEASONS)
    out->seasons = (uint8_t) n;
  else if (part == WEEKS)
    out->weeks = (uint8_t) n;
  else
    out->days = (uint8_t) n;
  return ok;
}

static uint8_t
calendar_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  mw_meter *m = l->model->meter;
  int part = part_of (a);
  if (part == ACTIVATION) {
    mw_civil t;
    mw_span octets = mw_axdr_get_octets (c);
    if (mw_axdr_civil (octets.ptr, octets.len, &t) != MW_OK)
      return MW_DAR_TYPE_UNMATCHED;
    return mw_model_dar (mw_calendar_set_activation (m, &t));
  }
  mw_calendar next = *mw_calendar_passive (m);
  if (!get_part (c, part, &next))
    return MW_DAR_OTHER_REASON;
  return mw_model_dar (mw_calendar_set_passive (m, &next));
}

const mw_model_handler mw_handler_calendar = { calendar_open, calendar_piece, calendar_write,
                                               NULL };

uint8_t
mw_calendar_method (mw_model_link *l)
{
  return mw_model_dar (mw_calendar_activate (l->model->meter));
}

/* --- special days ---------------------------------------------------------------------------
 */

static uint8_t
days_open (mw_model_link *l, const mw_model_attr *a, const mw_dlms_selection *sel,
           mw_dlms_stream *s)
{
  (void) a;
  if (sel && sel->selector)
    return MW_DAR_SCOPE_OF_ACCESS_VIOLATED;
  s->end = 1u + mw_special_days_of (l->model->meter)->n;
  return MW_DAR_SUCCESS;
}

static void
days_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_special_days *days = mw_special_days_of (l->model->meter);
  (void) a;
  if (s->row == 0) {
    mw_axdr_put_array (w, s->end - 1);
  } else if (s->row - 1 < days->n) {
    const mw_special_day *d = &days->day[s->row - 1];
    mw_axdr_put_structure (w, 3);
    mw_axdr_put_u16 (w, d->index);
    mw_axdr_put_civil_as (w, MW_AXDR_OCTET_STRING, 5, &d->date);
    mw_axdr_put_u8 (w, d->day_id);
  } else {
    s->result = MW_DAR_LONG_GET_ABORTED;
  }
}

static bool
get_special_day (mw_cur *c, mw_special_day *d)
{
  mw_axdr_get_structure (c, 3);
  d->index = (uint16_t) mw_axdr_get_int (c);
  mw_span date = mw_axdr_get_octets (c);
  d->day_id = (uint8_t) mw_axdr_get_int (c);
  return c->err == MW_OK && mw_axdr_civil (date.ptr, date.len, &d->date) == MW_OK;
}

static uint8_t
days_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  mw_special_days days = { 0 };
  uint32_t n = mw_axdr_get_array (c);
  (void) a;
  for (uint32_t i = 0; i < n; i++)
    if (!get_special_day (c, &days.day[i]))
      return MW_DAR_OTHER_REASON;
  days.n = (uint8_t) n;
  return mw_model_dar (mw_special_days_set (l->model->meter, &days));
}

const mw_model_handler mw_handler_special_days = { days_open, days_piece, days_write, NULL };

uint8_t
mw_special_days_method (mw_model_link *l, unsigned method, mw_cur *parameter)
{
  mw_special_day day;
  mw_cur check = *parameter;
  if (!mw_type_check (method == 1 ? "s(UYu)" : "U", &check))
    return MW_DAR_TYPE_UNMATCHED;
  if (method == 2)
    return mw_model_dar (
        mw_special_day_delete (l->model->meter, (uint16_t) mw_axdr_get_int (parameter)));
  if (!get_special_day (parameter, &day))
    return MW_DAR_OTHER_REASON;
  return mw_model_dar (mw_special_day_insert (l->model->meter, &day));
}
