/* objects_identity.c: who the meter is and how it is (Mx381 manual 6.11, 5.2.5, 6.13.1). */
#include "models/objects.h"

#include <string.h>

/* MC, T1 (102 single phase, 103 polyphase), T2 (disconnector, load management, multi utility),
 * serial number: manual 6.11.1. */
void
mw_model_logical_device_name (const mw_model *model, uint8_t out[16])
{
  size_t n = strlen (model->serial);
  memcpy (out, model->id == MW_ME381 ? "ISK10207" : "ISK10307", 8);
  memset (out + 8, '0', 8);
  memcpy (out + 16 - n, model->serial, n);
}

/* Manufacturer, software tag RM (reference meter), device, revision: manual 6.11.6.1. */
static const char *
firmware (const mw_model *model, bool core)
{
  if (model->id == MW_ME381)
    return core ? "ISKRCME381100100" : "ISKRMME381100100";
  return core ? "ISKRCMT381100100" : "ISKRMMT381100100";
}

static void
identity_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  uint8_t name[16];
  (void) s;
  switch (a->arg) {
  case MW_ID_SERIAL:
    mw_axdr_put_octets (w, l->model->serial, strlen (l->model->serial));
    break;
  case MW_ID_LDN:
    mw_model_logical_device_name (l->model, name);
    mw_axdr_put_octets (w, name, sizeof name);
    break;
  case MW_ID_CORE:
  case MW_ID_MODULE:
    mw_axdr_put_octets (w, firmware (l->model, a->arg == MW_ID_CORE), 16);
    break;
  case MW_ID_CORE_SIGNATURE:
    mw_axdr_put_octets (w, mw_model_core_signature, 16);
    break;
  case MW_ID_MODULE_SIGNATURE:
    mw_axdr_put_octets (w, mw_model_signature, 16);
    break;
  default:
    mw_axdr_put_u32 (
        w, mw_crc32 (0, mw_model_objects, mw_model_n_objects * sizeof mw_model_objects[0]));
  }
}
const mw_model_handler mw_handler_identity = { NULL, identity_piece, NULL, NULL };

static uint32_t
status_of (const mw_meter *m, unsigned which)
{
  uint32_t v = 0;
  switch (which) {
  case MW_STATUS_SYSTEM: /* bit 0 an error, 1 an alarm, 2 clock invalid, 3 disconnected */
    return (uint32_t) ((m->st.events.error[0] | m->st.events.error[1]) != 0)
           | (uint32_t) ((m->st.events.alarm[0] | m->st.events.alarm[1]) != 0) << 1
           | (uint32_t) m->st.clock.invalid << 2
           | (uint32_t) !mw_switch_of (m, MW_SWITCH_MAIN)->output << 3;
  case MW_STATUS_EVENT: /* a bit per log that has had an event since power-up */
    for (unsigned i = 0; i < MW_N_LOGS; i++)
      v |= (uint32_t) (m->st.events.last_code[i] != 0) << i;
    return v;
  case MW_STATUS_MODE: /* 1: test */
    return m->st.test_mode;
  case MW_STATUS_DEVICE: /* bit 0 test mode, 1 FF is shown */
    return (uint32_t) m->st.test_mode | (uint32_t) mw_error_shown (m) << 1;
  default: /* bit 8 parameters locked (manual 6.13.1.3), by the meter cover (6.5.7) */
    return (uint32_t) !mw_meter_cover_is_open (m, MW_COVER_METER) << 8
           | (uint32_t) mw_meter_cover_is_open (m, MW_COVER_METER)
           | (uint32_t) mw_meter_cover_is_open (m, MW_COVER_TERMINAL) << 1;
  }
}

static void
status_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  (void) s;
  mw_axdr_put_int (w, mw_type_tag (mw_model_types[a->type]),
                   status_of (l->model->meter, a->arg));
}
const mw_model_handler mw_handler_status = { NULL, status_piece, NULL, NULL };

/* Size and octets in use: 0 the whole memory, 1 state, 2 and 3 load profiles, 4 billing. */
static void
partition_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_meter *m = l->model->meter;
  static const uint8_t profile[] = { 0, 0, MW_PROFILE_LOAD1, MW_PROFILE_LOAD2,
                                     MW_PROFILE_BILLING1 };
  uint32_t size = m->store.nvm->size, used = MW_METER_NVM;
  (void) s;
  if (a->arg == 1) {
    size = m->store.half_size;
    used = m->store.at;
  } else if (a->arg > 1) {
    const mw_ring *ring = &m->profile_ring[profile[a->arg]];
    size = ring->slots * ring->width;
    used = mw_profile_count (m, (enum mw_profile_id) profile[a->arg]) * ring->width;
  }
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_u32 (w, size);
  mw_axdr_put_u32 (w, used);
}
const mw_model_handler mw_handler_partition = { NULL, partition_piece, NULL, NULL };

/* What lies in the memory at the range of 0-0:128.41.0, at most 64 octets. */
static void
spy_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  uint8_t buf[64];
  mw_nvm *nvm = l->model->meter->store.nvm;
  mw_cur c = mw_cur_of (mw_model_cell_get (l->model, MW_CELL_0_0_128_41_0_255_1_2));
  (void) a, (void) s;
  mw_axdr_get_structure (&c, 2);
  uint32_t offset = (uint32_t) mw_axdr_get_int (&c), len = (uint32_t) mw_axdr_get_int (&c);
  if (len > sizeof buf)
    len = sizeof buf;
  if (offset >= nvm->size || len > nvm->size - offset
      || nvm->read (nvm, offset, buf, len) != MW_OK)
    len = 0;
  mw_axdr_put_octets (w, buf, len);
}
const mw_model_handler mw_handler_flash_spy = { NULL, spy_piece, NULL, NULL };

/* Seconds since power-up and in all; how often the state was rewritten. */
static void
performance_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_meter *m = l->model->meter;
  (void) s;
  if (a->arg == 1) {
    mw_axdr_put_u32 (w, m->store.generation);
    return;
  }
  mw_axdr_put_structure (w, 2);
  mw_axdr_put_u32 (w, m->uptime);
  mw_axdr_put_u32 (w, (uint32_t) m->st.total_s);
}
const mw_model_handler mw_handler_performance = { NULL, performance_piece, NULL, NULL };

static void
stamp_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_meter *m = l->model->meter;
  int64_t utc = l->model->started;
  mw_civil t =
      mw_clock_civil (m, (mw_stamp){ utc, mw_clock_dst_at (m, utc) ? MW_CLOCK_DST : 0 });
  (void) a, (void) s;
  mw_axdr_put_civil (w, &t);
}
const mw_model_handler mw_handler_stamp = { NULL, stamp_piece, NULL, NULL };

/* MC, T1 in one octet, T2 in the next half octet, serial number in 28 bits: manual 6.11.2. */
static void
title_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  uint8_t title[8] = { 'I', 'S', 'K', 0 };
  uint32_t number = 0;
  (void) a, (void) s;
  for (const char *p = l->model->serial; *p; p++)
    if (*p >= '0' && *p <= '9')
      number = number * 10 + (uint32_t) (*p - '0');
  title[3] = l->model->id == MW_ME381 ? 102 : 103;
  title[4] = (uint8_t) (0x70 | (number >> 24 & 0x0f));
  title[5] = (uint8_t) (number >> 16);
  title[6] = (uint8_t) (number >> 8);
  title[7] = (uint8_t) number;
  mw_axdr_put_octets (w, title, sizeof title);
}
const mw_model_handler mw_handler_system_title = { NULL, title_piece, NULL, NULL };
