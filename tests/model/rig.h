/* rig.h: a reference meter and a COSEM client in one process, joined byte by byte in memory. */
#ifndef MW_TEST_RIG_H
#define MW_TEST_RIG_H

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/scenario.h"
#include "dlms/client.h"
#include "hal/host/nvm-file.h"
#include "models/model.h"
#include "ports/port.h"

#define RIG_ANSWER 400000u
#define RIG_START 1772323200 /* 2026-03-01T00:00:00Z */

typedef struct rig {
  mw_nvm_file nvm;
  mw_meter meter;
  mw_model model;
  mw_scenario scenario;
  mw_port port;
  union {
    mw_hdlc hdlc;
    mw_wrapper wrapper;
  } transport;
  mw_dlms_client client;
  mw_ms now;
  enum mw_port_kind kind;
  uint8_t rx[MW_PORT_PDU + 16], tx[MW_PORT_PDU + 16];
  uint8_t answer[RIG_ANSWER]; /* of the last get */
  size_t len;
  size_t wire; /* octets from the meter since the last look */
} rig;

static inline void
rig_meter (rig *r, enum mw_model_id id, int64_t utc)
{
  mw_meter_config config = { &r->nvm.nvm, (uint8_t) mw_model_phases (id), 1 };
  mw_model_config model = { id, "REF00042", NULL };
  mw_load load;
  mw_meter_init (&r->meter, &config);
  CHECK (mw_model_init (&r->model, &r->meter, &model) == MW_OK);
  CHECK (mw_meter_start (&r->meter, utc) == MW_OK);
  mw_model_started (&r->model);
  CHECK_EQ (r->model.refused, 0);
  mw_scenario_init (&r->scenario, MW_SCENARIO_HOUSEHOLD, 7, mw_model_phases (id));
  (void) mw_scenario_load (&r->scenario, mw_clock_local (&r->meter, utc), &load);
  mw_meter_load (&r->meter, &load);
}

static inline rig *
rig_new (enum mw_model_id id, enum mw_port_kind kind)
{
  rig *r = calloc (1, sizeof *r);
  r->kind = kind;
  CHECK (mw_nvm_file_open (&r->nvm, NULL, MW_METER_NVM, 4096) == MW_OK);
  rig_meter (r, id, RIG_START);
  mw_port_init (&r->port, &r->model, kind, 0);
  return r;
}

static inline void
rig_free (rig *r)
{
  mw_nvm_file_close (&r->nvm);
  free (r);
}

/* Power fails and returns SECONDS later: what was not saved is gone. */
static inline void
rig_restart (rig *r, int64_t seconds)
{
  int64_t utc = r->meter.st.clock.utc + seconds;
  mw_meter_stop (&r->meter);
  rig_meter (r, r->model.id, utc);
  mw_port_init (&r->port, &r->model, r->kind, r->now);
}

static inline void
rig_live (rig *r, uint64_t seconds)
{
  mw_scenario_run (&r->scenario, &r->meter, seconds);
}

/* Both ways until nobody has anything to say. */
static inline void
rig_carry (rig *r)
{
  for (bool moved = true; moved;) {
    mw_span s = mw_dlms_client_tx (&r->client);
    moved = s.len > 0;
    if (s.len) {
      mw_port_feed (&r->port, s.ptr, s.len, r->now);
      mw_dlms_client_tx_ack (&r->client, s.len, r->now);
    }
    s = mw_port_tx (&r->port);
    if (s.len) {
      size_t n = mw_dlms_client_feed (&r->client, s.ptr, s.len, r->now);
      r->wire += n;
      mw_port_tx_ack (&r->port, n, r->now);
      moved = n > 0 || moved;
    }
  }
}

/* Run the client to the end of what it does; the last RESULT, or 255 when it FAILED or stalls.
 * DATA of the first item is collected. */
static inline unsigned
rig_finish (rig *r)
{
  unsigned result = 254;
  r->len = 0;
  for (unsigned idle = 0; idle < 4000;) {
    mw_dlms_event e = mw_dlms_client_take_event (&r->client);
    switch (e.kind) {
    case MW_DLMS_NOTHING:
      rig_carry (r);
      e.kind = MW_DLMS_NOTHING;
      r->now += 1;
      mw_dlms_client_tick (&r->client, r->now);
      if (mw_port_deadline (&r->port) <= r->now)
        mw_port_tick (&r->port, r->now);
      idle++;
      break;
    case MW_DLMS_DATA:
      idle = 0;
      if (r->len + e.data.len <= sizeof r->answer)
        memcpy (r->answer + r->len, e.data.ptr, e.data.len);
      r->len += e.data.len;
      break;
    case MW_DLMS_RESULT:
      result = e.result;
      break;
    case MW_DLMS_FAILED:
      return 255;
    case MW_DLMS_DONE:
      return e.err ? 253 : result;
    default: /* associated, released */
      return 0;
    }
  }
  return 255;
}

/* A connection as CLIENT with PASSWORD (NULL: none); 0 when associated. */
static inline unsigned
rig_connect (rig *r, unsigned client, const char *password)
{
  mw_dlms_client_config config = { .max_pdu = MW_PORT_PDU };
  if (r->kind == MW_PORT_HDLC) {
    mw_hdlc_config t = { .role = MW_CLIENT,
                         .client = (uint8_t) client,
                         .servers = { MW_LOGICAL_DEVICE },
                         .n_servers = 1,
                         .physical = 17,
                         .address_bytes = 2,
                         .limits = { 2030, 2030, 7, 7 },
                         .rx_buf = r->rx,
                         .rx_cap = sizeof r->rx,
                         .tx_buf = r->tx,
                         .tx_cap = sizeof r->tx };
    mw_hdlc_init (&r->transport.hdlc, &t);
  } else {
    mw_wrapper_config t = { .role = MW_CLIENT,
                            .client = (uint16_t) client,
                            .servers = { MW_LOGICAL_DEVICE },
                            .n_servers = 1,
                            .rx_buf = r->rx,
                            .rx_cap = sizeof r->rx,
                            .tx_buf = r->tx,
                            .tx_cap = sizeof r->tx };
    mw_wrapper_init (&r->transport.wrapper, &t);
  }
  if (password) {
    config.mechanism = MW_AUTH_LOW;
    config.password = (mw_span){ (const uint8_t *) password, strlen (password) };
  }
  mw_port_reset (&r->port, r->now);
  mw_dlms_client_init (&r->client,
                       r->kind == MW_PORT_HDLC ? &r->transport.hdlc.transport
                                               : &r->transport.wrapper.transport,
                       &config);
  CHECK (mw_dlms_client_associate (&r->client, r->now) == MW_OK);
  return rig_finish (r);
}

static inline mw_dlms_attr
rig_attr (unsigned class_id, const char *obis, int index)
{
  mw_dlms_attr a = { .class_id = (uint16_t) class_id, .index = (int8_t) index };
  CHECK (mw_obis_parse (obis, strlen (obis), &a.ln) == MW_OK);
  return a;
}

static inline unsigned
rig_get_with (rig *r, mw_dlms_attr a, mw_dlms_selection access)
{
  mw_dlms_item item = { .attr = a, .access = access };
  CHECK (mw_dlms_client_get (&r->client, &item, 1, r->now) == MW_OK);
  return rig_finish (r);
}

static inline unsigned
rig_get (rig *r, unsigned class_id, const char *obis, int index)
{
  return rig_get_with (r, rig_attr (class_id, obis, index), (mw_dlms_selection){ 0 });
}

static inline unsigned
rig_set_of (rig *r, mw_dlms_attr a, mw_span value)
{
  mw_dlms_item item = { .attr = a, .value = value };
  CHECK (mw_dlms_client_set (&r->client, &item, 1, r->now) == MW_OK);
  return rig_finish (r);
}

static inline unsigned
rig_act_of (rig *r, mw_dlms_attr a, mw_span value)
{
  mw_dlms_item item = { .attr = a, .value = value };
  CHECK (mw_dlms_client_action (&r->client, &item, 1, r->now) == MW_OK);
  return rig_finish (r);
}

/* Octets written as hexadecimal digits; spaces are skipped. */
static inline mw_span
rig_hex (const char *text, uint8_t *buf, size_t cap)
{
  size_t n = 0;
  unsigned high = 0, digits = 0;
  for (; *text; text++) {
    const char *all = "0123456789abcdef", *p = strchr (all, *text);
    if (*text == ' ' || !p)
      continue;
    if (digits++ % 2 == 0)
      high = (unsigned) (p - all);
    else if (n < cap)
      buf[n++] = (uint8_t) (high << 4 | (unsigned) (p - all));
  }
  return (mw_span){ buf, n };
}

static inline unsigned
rig_set (rig *r, unsigned class_id, const char *obis, int index, const char *hex)
{
  uint8_t buf[1024];
  return rig_set_of (r, rig_attr (class_id, obis, index), rig_hex (hex, buf, sizeof buf));
}

static inline unsigned
rig_act (rig *r, unsigned class_id, const char *obis, int index, const char *hex)
{
  uint8_t buf[1024];
  return rig_act_of (r, rig_attr (class_id, obis, index), rig_hex (hex, buf, sizeof buf));
}

/* The whole number that was read last. */
static inline int64_t
rig_int (const rig *r)
{
  mw_cur c;
  mw_axdr_value v;
  int64_t n = INT64_MIN;
  mw_cur_init (&c, r->answer, r->len);
  mw_axdr_get (&c, &v);
  CHECK (mw_axdr_to_int (&v, &n) == MW_OK);
  return n;
}

#endif
