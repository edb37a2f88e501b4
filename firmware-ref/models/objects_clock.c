/* objects_clock.c: the clock (class 8; Mx381 manual 5.3). */
#include "models/objects.h"

uint8_t
mw_model_set_clock (mw_model *model, mw_cur *value)
{
  mw_civil t;
  mw_span octets = mw_axdr_get_octets (value);
  if (mw_axdr_civil (octets.ptr, octets.len, &t) != MW_OK)
    return MW_DAR_TYPE_UNMATCHED;
  return mw_model_dar (mw_clock_set_civil (model->meter, &t));
}

static void
clock_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_clock *clock = &l->model->meter->st.clock;
  (void) s;
  switch (a->arg) {
  case 3: /* Blue Book: local time to GMT, minutes; CET is -60 */
    mw_axdr_put_i16 (w, (int16_t) -clock->zone_min);
    break;
  case 4:
    mw_axdr_put_u8 (w, mw_clock_now (l->model->meter).status);
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
  default:
    mw_axdr_put_bool (w, clock->dst_enabled);
  }
}

static uint8_t
clock_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  mw_meter *m = l->model->meter;
  mw_civil t;
  if (a->arg == 5 || a->arg == 6) {
    mw_span octets = mw_axdr_get_octets (c);
    if (mw_axdr_civil (octets.ptr, octets.len, &t) != MW_OK)
      return MW_DAR_TYPE_UNMATCHED;
    return mw_model_dar (mw_clock_set_dst (m, a->arg == 6, &t));
  }
  int v = (int) mw_axdr_get_int (c);
  if (a->arg == 3)
    return mw_model_dar (mw_clock_set_parameter (m, MW_CLOCK_ZONE, -v));
  return mw_model_dar (mw_clock_set_parameter (
      m, a->arg == 7 ? MW_CLOCK_DST_DEVIATION : MW_CLOCK_DST_ENABLED, v));
}

const mw_model_handler mw_handler_clock = { NULL, clock_piece, clock_write, NULL };

/* Structure { date-time, date-time, date-time }: the time, and the interval in which
 * adjust_to_preset_time may set it. */
static uint8_t
preset (mw_meter *m, mw_cur *c)
{
  int64_t at[3];
  mw_axdr_get_structure (c, 3);
  for (int i = 0; i < 3; i++) {
    mw_civil t;
    mw_span octets = mw_axdr_get_octets (c);
    if (mw_axdr_civil (octets.ptr, octets.len, &t) != MW_OK
        || mw_civil_to_utc (&t, mw_clock_deviation (m), &at[i]) != MW_OK)
      return MW_DAR_TYPE_UNMATCHED;
  }
  return mw_model_dar (mw_clock_preset (m, at[0], at[1], at[2]));
}

uint8_t
mw_clock_method (mw_model_link *l, unsigned method, mw_cur *parameter)
{
  mw_meter *m = l->model->meter;
  switch (method) {
  case 1:
    return mw_model_dar (mw_clock_adjust_to (m, 900));
  case 2:
    return mw_model_dar (
        mw_clock_adjust_to (m, (uint32_t) mw_setting_get (m, MW_SET_MEASUREMENT_PERIOD1)));
  case 3:
    return mw_model_dar (mw_clock_adjust_to (m, 60));
  case 4:
    return mw_model_dar (mw_clock_adjust_to_preset (m));
  case 5:
    return preset (m, parameter);
  default: {
    mw_cur check = *parameter;
    if (!mw_type_check ("I", &check))
      return MW_DAR_TYPE_UNMATCHED;
    return mw_model_dar (mw_clock_shift (m, (int32_t) mw_axdr_get_int (parameter)));
  }
  }
}
