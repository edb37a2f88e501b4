/* client-server: whole dialogues in memory over HDLC and over the wrapper: every chunk size,
 * every PDU size, lists that only partly succeed, blocks both ways, refusals, aborted lines. */
#include "dlms-pair.h"

static void
long_value (mw_dlms_item *item, uint8_t *buf, size_t octets, uint8_t seed)
{
  mw_wr w;
  uint8_t content[METER_VALUE];
  for (size_t i = 0; i < octets; i++)
    content[i] = (uint8_t) (i * 13 + seed);
  mw_wr_init (&w, buf, octets + 8);
  mw_axdr_put_octets (&w, content, octets);
  item->value = mw_wr_done (&w);
}

/* Read everything, write, act, leave. */
static void
whole_dialogue (pair *p)
{
  static uint8_t want[4000], buf[600];
  mw_dlms_item items[4] = { item_name, item_absent, item_energy, item_locked };
  size_t n;
  if (!pair_associate (p))
    return;
  pair_get (p, &item_energy, 1);
  CHECK_EQ (p->note.err, MW_OK);
  CHECK_MEM (p->note.data[0], p->note.len[0], "\x06\x00\x01\xe2\x40", 5);

  pair_get (p, items, 4);
  CHECK_EQ (p->note.err, MW_OK);
  CHECK_MEM (p->note.data[0], p->note.len[0], "\x09\x10MWTEST0000000001", 18);
  CHECK_EQ (p->note.result[1], MW_DAR_OBJECT_UNDEFINED);
  CHECK_EQ (p->note.len[1], 0);
  CHECK_EQ (p->note.len[2], 5);
  CHECK_EQ (p->note.result[3], MW_DAR_READ_WRITE_DENIED);
  for (unsigned i = 0; i < 4; i++)
    CHECK_EQ (p->note.results[i], 1);

  pair_get (p, &item_profile, 1);
  n = profile_octets (want, sizeof want, 0, p->meter.rows);
  CHECK_MEM (p->note.data[0], p->note.len[0], want, n);

  mw_dlms_item set[2] = { item_free, item_locked };
  long_value (&set[0], buf, 300, 3);
  set[1].value = (mw_span){ (const uint8_t *) "\x11\x07", 2 };
  pair_set (p, set, 2);
  CHECK_EQ (p->note.err, MW_OK);
  CHECK_EQ (p->note.result[0], MW_DAR_SUCCESS);
  CHECK_EQ (p->note.result[1], MW_DAR_READ_WRITE_DENIED);
  CHECK_MEM (p->meter.value, p->meter.value_len, set[0].value.ptr, set[0].value.len);

  mw_dlms_item act = item_script;
  act.value = set[0].value;
  pair_action (p, &act, 1);
  CHECK_EQ (p->note.err, MW_OK);
  CHECK_MEM (p->note.data[0], p->note.len[0], act.value.ptr, act.value.len);

  note_clear (p);
  CHECK_EQ (mw_dlms_client_release (&p->client, p->now), MW_OK);
  pair_run (p);
  CHECK_EQ (p->note.released, 1);
  CHECK_EQ (p->meter.releases, 1);
  CHECK (!p->server.associated);
}

static void
test_chunks (void)
{
  for (size_t chunk = 1; chunk <= 64; chunk++)
    for (int hdlc = 0; hdlc < 2; hdlc++) {
      setup u = { .hdlc = hdlc, .chunk = chunk };
      pair *p = pair_new (&u);
      whole_dialogue (p);
      free (p);
    }
}

/* A second association after the first, on the same engines. */
static void
test_again (void)
{
  for (int hdlc = 0; hdlc < 2; hdlc++) {
    setup u = { .hdlc = hdlc };
    pair *p = pair_new (&u);
    whole_dialogue (p);
    p->meter.releases = 0;
    note_clear (p);
    whole_dialogue (p);
    free (p);
  }
}

/* The client takes only so many octets: every answer in blocks, of a value, of a list. */
static void
test_get_blocks (void)
{
  static uint8_t want[4000];
  for (uint16_t pdu = 12; pdu <= 200; pdu++)
    for (size_t piece = 64; piece <= 1024; piece += 479) {
      setup u = { .client_pdu = pdu, .piece_cap = piece };
      pair *p = pair_new (&u);
      mw_dlms_item items[5] = { item_name, item_profile, item_absent, item_energy,
                                item_profile };
      size_t n = profile_octets (want, sizeof want, 0, 40);
      if (!pair_associate (p))
        return;
      pair_get (p, &item_profile, 1);
      CHECK_EQ (p->note.err, MW_OK);
      CHECK_MEM (p->note.data[0], p->note.len[0], want, n);
      pair_get (p, items, 5);
      CHECK_EQ (p->note.err, MW_OK);
      CHECK_EQ (p->note.len[0], 18);
      CHECK_MEM (p->note.data[1], p->note.len[1], want, n);
      CHECK_EQ (p->note.result[2], MW_DAR_OBJECT_UNDEFINED);
      CHECK_EQ (p->note.len[3], 5);
      CHECK_MEM (p->note.data[4], p->note.len[4], want, n);
      free (p);
    }
}

/* A value around the length at which a normal response no longer fits. */
static void
test_get_edges (void)
{
  static uint8_t buf[400];
  for (uint16_t pdu = 40; pdu <= 300; pdu += 52)
    for (size_t octets = pdu - 24u; octets <= pdu + 4u; octets++) {
      setup u = { .client_pdu = pdu };
      pair *p = pair_new (&u);
      mw_dlms_item item = item_free;
      mw_dlms_item two[2] = { item_free, item_energy };
      long_value (&item, buf, octets, 1);
      memcpy (p->meter.value, item.value.ptr, item.value.len);
      p->meter.value_len = item.value.len;
      pair_associate (p);
      pair_get (p, &item, 1);
      CHECK_MEM (p->note.data[0], p->note.len[0], item.value.ptr, item.value.len);
      pair_get (p, two, 2);
      CHECK_MEM (p->note.data[0], p->note.len[0], item.value.ptr, item.value.len);
      CHECK_EQ (p->note.len[1], 5);
      free (p);
    }
}

/* The server takes only so many octets: values leave in blocks. */
static void
test_set_blocks (void)
{
  static uint8_t buf[2][600];
  for (uint16_t pdu = 30; pdu <= 200; pdu++) {
    setup u = { .server_pdu = pdu, .client_pdu = (uint16_t) (pdu / 2 + 10) };
    pair *p = pair_new (&u);
    mw_dlms_item set[3] = { item_free, item_locked, item_free }, act[2];
    long_value (&set[0], buf[0], 200, (uint8_t) pdu);
    long_value (&set[2], buf[1], 333, 7);
    set[1].value = (mw_span){ (const uint8_t *) "\x11\x07", 2 };
    if (!pair_associate (p))
      return;
    pair_set (p, set, 1);
    CHECK_EQ (p->note.err, MW_OK);
    CHECK_EQ (p->note.result[0], MW_DAR_SUCCESS);
    CHECK_MEM (p->meter.value, p->meter.value_len, set[0].value.ptr, set[0].value.len);
    pair_set (p, set, 3);
    CHECK_EQ (p->note.err, MW_OK);
    CHECK_EQ (p->note.results[0] + p->note.results[1] + p->note.results[2], 3);
    CHECK_EQ (p->note.result[1], MW_DAR_READ_WRITE_DENIED);
    CHECK_EQ (p->meter.sets, 3);
    CHECK_MEM (p->meter.value, p->meter.value_len, set[2].value.ptr, set[2].value.len);

    act[0] = act[1] = item_script;
    act[0].value = set[2].value;
    pair_action (p, act, 1); /* blocks both ways */
    CHECK_EQ (p->note.err, MW_OK);
    CHECK_MEM (p->note.data[0], p->note.len[0], set[2].value.ptr, set[2].value.len);
    pair_action (p, act, 2);
    CHECK_EQ (p->note.err, MW_OK);
    CHECK_EQ (p->meter.actions, 3);
    CHECK_MEM (p->note.data[0], p->note.len[0], set[2].value.ptr, set[2].value.len);
    CHECK_EQ (p->note.len[1], 0);
    CHECK_EQ (p->note.results[1], 1);
    free (p);
  }
}

/* More items than one request takes: the client sends several. */
static void
test_long_lists (void)
{
  for (int multiple = 0; multiple < 2; multiple++) {
    uint32_t conformance = MW_CONF_ALL_LN & ~(multiple ? 0u : (uint32_t) MW_CONF_MULTIPLE);
    setup u = { .server_pdu = 64, .server_conformance = conformance };
    pair *p = pair_new (&u);
    mw_dlms_item items[20];
    for (int i = 0; i < 20; i++)
      items[i] = i % 3 ? item_energy : item_absent;
    pair_associate (p);
    CHECK_EQ (!!(p->client.conformance & MW_CONF_MULTIPLE), multiple);
    pair_get (p, items, 20);
    CHECK_EQ (p->note.err, MW_OK);
    for (unsigned i = 0; i < 20; i++) {
      CHECK_EQ (p->note.results[i], 1);
      CHECK_EQ (p->note.result[i], i % 3 ? MW_DAR_SUCCESS : MW_DAR_OBJECT_UNDEFINED);
      CHECK_EQ (p->note.len[i], i % 3 ? 5 : 0);
    }
    free (p);
  }
}

static void
test_selective (void)
{
  static uint8_t want[4000];
  uint8_t buf[64];
  mw_wr w;
  setup u = { .hdlc = true };
  pair *p = pair_new (&u);
  mw_dlms_item item = item_profile;
  mw_wr_init (&w, buf, sizeof buf);
  mw_profile_entry_put (&w, 11, 20, 1, 0);
  item.access.selector = MW_SELECT_ENTRY;
  item.access.parameters = mw_wr_done (&w);
  pair_associate (p);
  pair_get (p, &item, 1);
  size_t n = profile_octets (want, sizeof want, 10, 20);
  CHECK_MEM (p->note.data[0], p->note.len[0], want, n);
  item.access.selector = 3;
  pair_get (p, &item, 1);
  CHECK_EQ (p->note.result[0], MW_DAR_TYPE_UNMATCHED);
  free (p);
  u.server_conformance = MW_CONF_ALL_LN & ~(uint32_t) MW_CONF_SELECTIVE;
  p = pair_new (&u);
  pair_associate (p);
  pair_get (p, &item, 1);
  CHECK_EQ (p->note.result[0], MW_DAR_SCOPE_OF_ACCESS_VIOLATED);
  free (p);
}

/* An association that needs no AARQ, and a client for which the server has none. */
static void
test_preestablished (void)
{
  for (int hdlc = 0; hdlc < 2; hdlc++) {
    setup u = { .hdlc = hdlc, .sap = 102, .preestablished = 102 };
    pair *p = pair_new (&u);
    CHECK_EQ (mw_dlms_client_associate (&p->client, p->now), MW_OK);
    pair_run (p);
    CHECK_EQ (p->note.associated, 1);
    pair_get (p, &item_energy, 1);
    CHECK_EQ (p->note.err, MW_OK);
    CHECK_EQ (p->note.len[0], 5);
    CHECK (p->server.associated);
    note_clear (p);
    CHECK_EQ (mw_dlms_client_release (&p->client, p->now), MW_OK);
    pair_run (p);
    CHECK_EQ (p->note.released, 1);
    free (p);
    u.preestablished = 103;
    p = pair_new (&u);
    mw_dlms_client_associate (&p->client, p->now);
    pair_run (p);
    pair_get (p, &item_energy, 1);
    CHECK_EQ (p->note.err, MW_ERR_REFUSED);
    free (p);
  }
}

static void
refused (setup u, enum mw_err err, uint8_t diagnostic)
{
  for (int hdlc = 0; hdlc < 2; hdlc++) {
    u.hdlc = hdlc;
    pair *p = pair_new (&u);
    CHECK_EQ (mw_dlms_client_associate (&p->client, p->now), MW_OK);
    pair_run (p);
    CHECK_EQ (p->note.failed, 1);
    CHECK_EQ (p->note.err, err);
    CHECK_EQ (p->client.acse_diagnostic, diagnostic);
    CHECK (!p->server.associated);
    CHECK_EQ (mw_dlms_client_get (&p->client, &item_name, 1, p->now), MW_ERR_STATE);
    free (p);
  }
}

static void
test_refused (void)
{
  refused ((setup){ .password = "wrong" }, MW_ERR_ACCESS, MW_DIAG_AUTHENTICATION_FAILURE);
  refused ((setup){ .password = "" }, MW_ERR_ACCESS, MW_DIAG_AUTHENTICATION_REQUIRED);
  refused ((setup){ .sap = 33 }, MW_ERR_REJECTED, MW_DIAG_NO_REASON);
  refused ((setup){ .client_conformance = MW_CONF_READ }, MW_ERR_REJECTED, MW_DIAG_NO_REASON);
  refused ((setup){ .client_pdu = 11 }, MW_ERR_REJECTED, MW_DIAG_NO_REASON);
}

/* Services that were not negotiated are not sent, and refused when they are. */
static void
test_conformance (void)
{
  setup u = { .server_conformance = MW_CONF_GET, .sap = 16, .password = "" };
  pair *p = pair_new (&u);
  mw_dlms_item set = item_free;
  set.value = (mw_span){ (const uint8_t *) "\x11\x07", 2 };
  pair_associate (p);
  CHECK_EQ (p->client.conformance, MW_CONF_GET);
  pair_set (p, &set, 1);
  CHECK_EQ (p->note.err, MW_ERR_UNSUPPORTED);
  p->client.conformance |= MW_CONF_SET | MW_CONF_MULTIPLE; /* a client that does not listen */
  pair_set (p, &set, 1);
  CHECK_EQ (p->note.err, MW_ERR_REFUSED);
  CHECK_EQ (p->client.exception.service, MW_SERVICE_NOT_SUPPORTED);
  CHECK_EQ (p->meter.sets, 0);
  mw_dlms_item two[2] = { item_name, item_name };
  pair_get (p, two, 2);
  CHECK_EQ (p->note.err, MW_ERR_REFUSED);
  pair_get (p, &item_name, 1); /* the association is still there */
  CHECK_EQ (p->note.err, MW_OK);
  CHECK_EQ (p->note.len[0], 18);
  free (p);

  u = (setup){ .server_conformance = MW_CONF_GET | MW_CONF_SET,
               .client_pdu = 64,
               .server_pdu = 64 };
  p = pair_new (&u);
  pair_associate (p);
  pair_get (p, &item_profile, 1); /* too long, and no blocks */
  CHECK_EQ (p->note.result[0], MW_DAR_DATA_BLOCK_UNAVAILABLE);
  uint8_t buf[200];
  long_value (&set, buf, 100, 1);
  pair_set (p, &set, 1);
  CHECK_EQ (p->note.err, MW_ERR_UNSUPPORTED);
  free (p);
}

/* The meter cannot read on: before anything left, and in the middle of the blocks. */
static void
test_read_fails (void)
{
  for (uint32_t after = 1; after < 12; after++)
    for (int list = 0; list < 2; list++) {
      setup u = { .client_pdu = 100, .piece_cap = 64 };
      pair *p = pair_new (&u);
      mw_dlms_item items[3] = { item_name, item_profile, item_energy };
      p->meter.fail_after = after;
      pair_associate (p);
      if (list)
        pair_get (p, items, 3);
      else
        pair_get (p, &item_profile, 1);
      CHECK_EQ (p->note.err, MW_OK);
      CHECK_EQ (p->note.result[list], MW_DAR_HARDWARE_FAULT);
      CHECK_EQ (p->note.results[list], 1);
      if (list)
        CHECK_EQ (p->note.results[2], 1);
      pair_get (p, &item_energy, 1);
      CHECK_EQ (p->note.len[0], 5);
      free (p);
    }
}

/* A value longer than the server can gather. */
static void
test_store_full (void)
{
  static uint8_t buf[2100];
  setup u = { .server_pdu = 100, .store_cap = 500 };
  pair *p = pair_new (&u);
  mw_dlms_item set = item_free;
  long_value (&set, buf, 2000, 1);
  pair_associate (p);
  pair_set (p, &set, 1);
  CHECK_EQ (p->note.err, MW_OK);
  CHECK_EQ (p->note.result[0], MW_DAR_LONG_SET_ABORTED);
  CHECK_EQ (p->meter.sets, 0);
  set.attr = item_script.attr;
  pair_action (p, &set, 1);
  CHECK_EQ (p->note.result[0], MW_ACTION_LONG_ABORTED);
  CHECK_EQ (p->meter.actions, 0);
  long_value (&set, buf, 300, 1);
  set.attr = item_free.attr;
  pair_set (p, &set, 1);
  CHECK_EQ (p->note.result[0], MW_DAR_SUCCESS);
  free (p);
}

/* The line dies after every number of octets: the client always comes to an end. */
static void
test_cut_off (void)
{
  for (int hdlc = 0; hdlc < 2; hdlc++) {
    uint32_t whole, step = hdlc ? 37 : 7;
    setup u = { .hdlc = hdlc, .client_pdu = 128, .chunk = 16 };
    pair *p = pair_new (&u);
    pair_associate (p);
    pair_get (p, &item_profile, 1);
    whole = p->carried;
    free (p);
    for (uint32_t cut = 1; cut < whole; cut += step) {
      p = pair_new (&u);
      p->cut_after = cut;
      CHECK_EQ (mw_dlms_client_associate (&p->client, p->now), MW_OK);
      pair_run (p);
      if (!p->note.failed && p->note.associated
          && mw_dlms_client_get (&p->client, &item_profile, 1, p->now) == MW_OK)
        pair_run (p);
      CHECK_EQ (p->note.failed, 1);
      CHECK (p->note.err == MW_ERR_TIMEOUT || p->note.err == MW_ERR_CLOSED);
      free (p);
    }
  }
}

static void
test_inactivity (void)
{
  for (int hdlc = 0; hdlc < 2; hdlc++) {
    setup u = { .hdlc = hdlc, .inactivity_ms = 60000 };
    pair *p = pair_new (&u);
    pair_associate (p);
    p->now += 59000;
    mw_dlms_server_tick (&p->server, p->now);
    CHECK (p->server.associated);
    p->now += 2000;
    mw_dlms_server_tick (&p->server, p->now);
    CHECK (!p->server.associated);
    CHECK_EQ (p->meter.releases, 1);
    free (p);
  }
}

/* More than 127 items: their number takes two octets, also where a block ends between them. */
static void
test_many_items (void)
{
  for (uint16_t pdu = 12; pdu < 20; pdu++) {
    setup u = { .client_pdu = pdu, .server_pdu = 4000 };
    pair *p = pair_new (&u);
    mw_dlms_item items[150];
    for (int i = 0; i < 150; i++)
      items[i] = i % 2 ? item_energy : item_absent;
    pair_associate (p);
    pair_get (p, items, 150);
    CHECK_EQ (p->note.err, MW_OK);
    CHECK_EQ (p->note.results[0] + p->note.results[30] + p->note.results[31], 2 + 119);
    CHECK_EQ (p->note.len[31], 60 * 5);
    free (p);
  }
}

/* What has no room anywhere is refused in words, before anything is carried out. */
static void
test_no_room (void)
{
  static uint8_t buf[300];
  setup u = { .server_pdu = 12 };
  pair *p = pair_new (&u);
  mw_dlms_item set = item_free, items[4] = { item_name, item_name, item_name, item_name };
  pair_associate (p);
  pair_get (p, &item_name, 1); /* 13 octets for a server that takes 12 */
  CHECK_EQ (p->note.err, MW_ERR_SPACE);
  long_value (&set, buf, 50, 1);
  pair_set (p, &set, 1);
  CHECK_EQ (p->note.err, MW_ERR_SPACE);
  free (p);
  u = (setup){ .store_cap = 30 }; /* the server cannot keep four descriptors */
  p = pair_new (&u);
  pair_associate (p);
  pair_get (p, items, 4);
  CHECK_EQ (p->note.err, MW_ERR_REFUSED);
  CHECK_EQ (p->client.exception.service, MW_SERVICE_PDU_TOO_LONG);
  free (p);
  u = (setup){ .client_pdu = 40, .server_conformance = MW_CONF_GET | MW_CONF_MULTIPLE };
  p = pair_new (&u);
  pair_associate (p);
  pair_get (p, items, 4); /* too long a list, and no blocks */
  CHECK_EQ (p->note.err, MW_ERR_REFUSED);
  free (p);
  u = (setup){ .piece_cap = 64 };
  p = pair_new (&u);
  mw_dlms_item act = item_script, many[20];
  long_value (&act, buf, 200, 1);
  pair_associate (p);
  pair_action (p, &act, 1); /* carried out; what it returns has no room */
  CHECK_EQ (p->note.result[0], MW_DAR_SUCCESS);
  CHECK_EQ (p->note.data_result[0], MW_DAR_DATA_BLOCK_UNAVAILABLE);
  CHECK_EQ (p->meter.actions, 1);
  for (int i = 0; i < 20; i++)
    many[i] = item_script;
  pair_action (p, many, 20);
  CHECK_EQ (p->note.err, MW_ERR_REFUSED);
  CHECK_EQ (p->meter.actions, 1);
  free (p);
}

/* A model that neither gives anything nor ends does not hold the server up. */
static void
test_silent_model (void)
{
  setup u = { 0 };
  pair *p = pair_new (&u);
  p->meter.silent = true;
  pair_associate (p);
  pair_get (p, &item_profile, 1);
  CHECK_EQ (p->note.result[0], MW_DAR_OTHER_REASON);
  pair_get (p, &item_energy, 1);
  CHECK_EQ (p->note.len[0], 5);
  mw_dlms_server_reset (&p->server);
  CHECK (!p->server.associated);
  CHECK_EQ (p->meter.releases, 1);
  free (p);
}

/* A noisy line: the profile arrives right, or the client says that it failed; at one octet in
 * ten thousand it arrives. */
static void
test_noise (void)
{
  static uint8_t want[PAIR_DATA];
  static const uint32_t rates[] = { 50, 100, 200, 1000, 5000 };
  uint32_t hurt = 0;
  for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
    for (uint32_t seed = 1; seed <= 5; seed++) {
      setup u = { .hdlc = true, .chunk = 64 };
      pair *p = pair_new (&u);
      size_t n = profile_octets (want, sizeof want, 0, 1500);
      p->meter.rows = 1500;
      if (!pair_associate (p))
        return;
      p->noise = rates[i];
      p->seed = seed * 77777;
      pair_get (p, &item_profile, 1);
      hurt += p->hurt;
      if (rates[i] <= 100)
        CHECK_EQ (p->note.done, 1);
      if (p->note.done)
        CHECK_MEM (p->note.data[0], p->note.len[0], want, n);
      else
        CHECK_EQ (p->note.failed, 1);
      free (p);
    }
  CHECK (hurt > 100);
}

/* Release in the middle of a long get. */
static void
test_release_within (void)
{
  for (int hdlc = 0; hdlc < 2; hdlc++) {
    setup u = { .hdlc = hdlc, .client_pdu = 64, .chunk = 20 };
    pair *p = pair_new (&u);
    pair_associate (p);
    note_clear (p);
    mw_dlms_client_get (&p->client, &item_profile, 1, p->now);
    for (int i = 0; i < 30; i++) {
      pair_carry (p);
      pair_note (p);
    }
    CHECK (p->note.len[0] > 0 && !p->note.done);
    CHECK_EQ (mw_dlms_client_release (&p->client, p->now), MW_OK);
    CHECK_EQ (mw_dlms_client_release (&p->client, p->now), MW_ERR_STATE);
    pair_run (p);
    CHECK_EQ (p->note.released, 1);
    CHECK_EQ (p->note.done + p->note.failed, 0);
    CHECK (!p->server.associated);
    free (p);
  }
}

static void
test_wrong_calls (void)
{
  setup u = { .hdlc = true };
  pair *p = pair_new (&u);
  CHECK_EQ (mw_dlms_client_get (&p->client, &item_name, 1, p->now), MW_ERR_STATE);
  CHECK_EQ (mw_dlms_client_release (&p->client, p->now), MW_ERR_STATE);
  pair_associate (p);
  CHECK_EQ (mw_dlms_client_associate (&p->client, p->now), MW_ERR_STATE);
  CHECK_EQ (mw_dlms_client_get (&p->client, &item_name, 0, p->now), MW_ERR_VALUE);
  CHECK_EQ (mw_dlms_client_set (&p->client, &item_name, 1, p->now), MW_ERR_VALUE);
  CHECK_EQ (mw_dlms_client_get (&p->client, &item_name, 1, p->now), MW_OK);
  CHECK_EQ (mw_dlms_client_get (&p->client, &item_name, 1, p->now), MW_ERR_STATE);
  free (p);
}

CHECK_MAIN (test_chunks, test_again, test_get_blocks, test_get_edges, test_set_blocks,
            test_long_lists, test_selective, test_preestablished, test_refused,
            test_conformance, test_read_fails, test_store_full, test_cut_off, test_inactivity,
            test_many_items, test_no_room, test_silent_model, test_noise, test_release_within,
            test_wrong_calls)
