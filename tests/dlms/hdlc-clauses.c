/* One end of HDLC against bytes written by hand from IEC 62056-46 and ISO/IEC 13239, and
 * against the frames of vectors/dlms: what it must send, byte for byte, and what it must do.
 * The check sequences here come from a bitwise CRC of this file's own. */
#include "dlms/hdlc.h"
#include "vectors.h"

static uint8_t rx[4096], tx[4096];
static mw_hdlc link_;
static mw_transport *t;
static mw_ms now;

/* --- bytes by hand --- */

static uint16_t
crc_bitwise (const uint8_t *p, size_t n)
{
  unsigned crc = 0xffff;
  for (size_t i = 0; i < n; i++) {
    crc ^= p[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc & 1 ? crc >> 1 ^ 0x8408 : crc >> 1;
  }
  return (uint16_t) ~crc;
}

static size_t
put_crc (uint8_t *p, size_t n)
{
  uint16_t crc = crc_bitwise (p + 1, n - 1);
  p[n] = (uint8_t) crc;
  p[n + 1] = (uint8_t) (crc >> 8);
  return n + 2;
}

/* A frame: ADDRESSES (destination and source) and control in hexadecimal, INFO in hexadecimal.
 */
static size_t
frame (uint8_t *out, const char *header, const char *info, bool segmented)
{
  uint8_t h[16], body[3000];
  size_t hn = unhex (header, h, sizeof h), bn = unhex (info, body, sizeof body);
  size_t length = 2 + hn + (bn ? 2 + bn : 0) + 2, n = 0;
  out[n++] = 0x7e;
  out[n++] = (uint8_t) (0xa0 | (segmented ? 8 : 0) | length >> 8);
  out[n++] = (uint8_t) length;
  memcpy (out + n, h, hn);
  n += hn;
  if (bn) {
    n = put_crc (out, n);
    memcpy (out + n, body, bn);
    n += bn;
  }
  n = put_crc (out, n);
  out[n++] = 0x7e;
  return n;
}

static void
feed (const char *header, const char *info)
{
  uint8_t f[3100];
  size_t n = frame (f, header, info, false);
  CHECK_EQ (mw_transport_feed (t, f, n, now), n);
}

static void
feed_segment (const char *header, const char *info)
{
  uint8_t f[3100];
  size_t n = frame (f, header, info, true);
  CHECK_EQ (mw_transport_feed (t, f, n, now), n);
}

static void
feed_hex (const char *hex)
{
  uint8_t f[3100];
  size_t n = unhex (hex, f, sizeof f);
  CHECK_EQ (mw_transport_feed (t, f, n, now), n);
}

/* It sends exactly this frame, and it is acknowledged. */
static void
sends (const char *header, const char *info)
{
  uint8_t want[3100];
  size_t n = frame (want, header, info, false);
  mw_span s = mw_transport_tx (t);
  CHECK_MEM (s.ptr, s.len, want, n);
  mw_transport_tx_ack (t, s.len, now);
}

static void
sends_hex (const char *hex)
{
  uint8_t want[3100];
  size_t n = unhex (hex, want, sizeof want);
  mw_span s = mw_transport_tx (t);
  CHECK_MEM (s.ptr, s.len, want, n);
  mw_transport_tx_ack (t, s.len, now);
}

static void
sends_nothing (void)
{
  CHECK_EQ (mw_transport_tx (t).len, 0);
}

static void
event_is (enum mw_transport_event want)
{
  CHECK_EQ (mw_transport_take_event (t), want);
}

/* The clock moves on to the next deadline, which is AT ms from then. */
static void
wait_ms (mw_ms at)
{
  mw_ms deadline = mw_transport_deadline (t);
  CHECK_EQ (deadline, now + at);
  now = deadline;
  mw_transport_tick (t, now);
}

static void
pass_ms (mw_ms ms)
{
  now += ms;
  mw_transport_tick (t, now);
}

static void
send_hex (const char *hex)
{
  uint8_t apdu[3000];
  size_t n = unhex (hex, apdu, sizeof apdu);
  CHECK_EQ (mw_transport_send (t, (mw_span){ apdu, n }, t->role == MW_CLIENT, now), MW_OK);
}

static void
apdu_is (enum mw_transport_event event, const char *hex)
{
  uint8_t want[3000];
  size_t n = unhex (hex, want, sizeof want);
  event_is (event);
  mw_span s = mw_transport_apdu (t);
  CHECK_MEM (s.ptr, s.len, want, n);
}

/* --- the ends --- */

static mw_hdlc_config
config (enum mw_role role)
{
  mw_hdlc_config c = { .role = role,
                       .client = 16,
                       .servers = { 1, 16 },
                       .n_servers = 2,
                       .physical = 17,
                       .address_bytes = 2,
                       .rx_buf = rx,
                       .rx_cap = sizeof rx,
                       .tx_buf = tx,
                       .tx_cap = sizeof tx };
  return c;
}

static void
begin (const mw_hdlc_config *c)
{
  now = 1000;
  mw_hdlc_init (&link_, c);
  t = &link_.transport;
}

/* Addresses: client 16 is 21h; logical device 1, physical device 17 is 02h 23h. */
#define TO_SERVER "0223 21 "
#define TO_CLIENT "21 0223 "
/* Control fields with P/F = 1. */
#define SNRM "93"
#define UA "73"
#define DISC "53"
#define DM "1f"
#define FRMR "97"

static void
client_up (const mw_hdlc_config *c, const char *ua_info)
{
  begin (c);
  CHECK_EQ (mw_transport_open (t, now), MW_OK);
  mw_span s = mw_transport_tx (t);
  mw_transport_tx_ack (t, s.len, now);
  feed (TO_CLIENT UA, ua_info);
  event_is (MW_TRANSPORT_UP);
}

static void
server_up (const mw_hdlc_config *c, const char *snrm_info)
{
  begin (c);
  feed (TO_SERVER SNRM, snrm_info);
  event_is (MW_TRANSPORT_UP);
  mw_span s = mw_transport_tx (t);
  CHECK (s.len > 0);
  mw_transport_tx_ack (t, s.len, now);
}

/* --- connection and the vectors (IEC 62056-46 6.4.4.4.3) --- */

static void
test_client_vectors (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  begin (&c);
  CHECK_EQ (mw_transport_open (t, now), MW_OK);
  sends_hex ("7ea00802232193bd647e"); /* without parameters: the defaults */
  feed_hex ("7ea01f21022373e6c781801205019a06019a070400000001080400000001cca27e");
  event_is (MW_TRANSPORT_UP);
  CHECK_EQ (t->client, 16);
  CHECK_EQ (t->server, 1);
  CHECK_EQ (link_.limits.info_tx, 128); /* 154 offered, 128 proposed: the smaller */
  send_hex ("601da109060760857405080101be10040e01000000065f1f0400001e1dffff");
  sends_hex (
      "7ea02c02232110af9fe6e600601da109060760857405080101be10040e01000000065f1f0400001e1dffffc5"
      "e47e");
  feed_hex ("7ea0382102233034e7e6e7006129a109060760857405080101a203020100a305a103020100be10040e"
            "0800065"
            "f1f0400001e1d04c80007b86a7e");
  event_is (MW_TRANSPORT_SENT);
  apdu_is (MW_TRANSPORT_APDU,
           "6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f04"
           "00001e1d04c80007");
  sends_nothing ();
  CHECK_EQ (mw_transport_deadline (t), MW_NEVER);
  mw_transport_shut (t, now);
  sends (TO_SERVER DISC, "");
  feed (TO_CLIENT UA, "");
  event_is (MW_TRANSPORT_DOWN);
  CHECK_EQ (t->err, MW_OK);
}

static void
test_server_connection (void)
{
  mw_hdlc_config c = config (MW_SERVER);
  c.limits = (mw_hdlc_limits){ 2030, 2030, 7, 7 };
  begin (&c);
  feed_hex ("7ea00802232193bd647e"); /* no parameters: 128 and 1 (6.4.4.4.3.2) */
  event_is (MW_TRANSPORT_UP);
  CHECK_EQ (t->client, 16);
  CHECK_EQ (t->server, 1);
  sends (TO_CLIENT UA, "");
  CHECK_EQ (link_.limits.info_tx, 128);
  CHECK_EQ (link_.limits.window_tx, 1);
  /* A second SNRM begins anew; parameters in another order, one absent, one unknown. */
  feed (TO_SERVER SNRM, "81 80 11 08 01 02 06 02 01 2c 07 04 00000003 09 02 0000");
  event_is (MW_TRANSPORT_DOWN);
  event_is (MW_TRANSPORT_UP);
  /* Its sending is our receiving: it receives 300 in windows of 2; it sends 128 in windows
   * of 3. Ours: we send 300, window 2, receive 128, window 3. */
  sends (TO_CLIENT UA, "81 80 13 05 02 01 2c 06 01 80 07 04 00000002 08 04 00000003");
  CHECK_EQ (link_.limits.info_tx, 300);
  CHECK_EQ (link_.limits.info_rx, 128);
  feed (TO_SERVER DISC, "");
  event_is (MW_TRANSPORT_DOWN);
  sends (TO_CLIENT UA, "");
  feed (TO_SERVER DISC, ""); /* not connected: DM (6.4.4.6) */
  sends (TO_CLIENT DM, "");
  feed (TO_SERVER "10", "e6e600 c001"); /* nor are I, RR and UI with P, which gets no answer */
  sends (TO_CLIENT DM, "");
  feed (TO_SERVER "11", "");
  sends (TO_CLIENT DM, "");
  feed (TO_SERVER SNRM, "81 80 03 05 01 00"); /* an information field of no byte */
  sends (TO_CLIENT DM, "");
  event_is (MW_TRANSPORT_NONE);
}

static void
test_rejected (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  begin (&c);
  mw_transport_open (t, now);
  sends_hex ("7ea00802232193bd647e");
  feed (TO_CLIENT DM, "");
  event_is (MW_TRANSPORT_FAILED);
  CHECK_EQ (t->err, MW_ERR_REJECTED);
  client_up (&c, "");
  feed (TO_CLIENT DM, "");
  event_is (MW_TRANSPORT_FAILED);
  CHECK_EQ (t->err, MW_ERR_CLOSED);
}

/* --- time --- */

static void
test_silence (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  c.response_ms = 700;
  c.retries = 2;
  begin (&c);
  mw_transport_open (t, now);
  for (unsigned i = 0; i < 3; i++) {
    sends_hex ("7ea00802232193bd647e");
    wait_ms (700);
  }
  event_is (MW_TRANSPORT_FAILED);
  CHECK_EQ (t->err, MW_ERR_TIMEOUT);
  sends_nothing ();
  CHECK_EQ (mw_transport_deadline (t), MW_NEVER);
  /* No retries, and a line that needs its time: 10 bytes of 1042 us before silence counts. */
  c.retries = MW_HDLC_NO_RETRIES;
  c.byte_us = 1042;
  begin (&c);
  mw_transport_open (t, now);
  sends_hex ("7ea00802232193bd647e");
  wait_ms (11 + 700);
  event_is (MW_TRANSPORT_FAILED);
}

static void
test_inactivity (void)
{
  mw_hdlc_config c = config (MW_SERVER);
  server_up (&c, "");
  wait_ms (MW_HDLC_INACTIVITY_MS);
  event_is (MW_TRANSPORT_DOWN);
  CHECK_EQ (t->err, MW_ERR_TIMEOUT);
  c.inactivity_ms = 5000;
  server_up (&c, "");
  pass_ms (4000);
  feed (TO_SERVER "11", "");
  sends (TO_CLIENT "11", "");
  wait_ms (5000);
  event_is (MW_TRANSPORT_DOWN);
}

static void
test_gap (void)
{
  uint8_t f[64];
  size_t n = frame (f, TO_SERVER SNRM, "", false);
  mw_hdlc_config c = config (MW_SERVER);
  c.inter_octet_ms = 25;
  begin (&c);
  mw_transport_feed (t, f, 5, now);
  wait_ms (25); /* broken off (IEC 62056-46 6.4.4.3.3) */
  mw_transport_feed (t, f + 5, n - 5, now);
  event_is (MW_TRANSPORT_NONE);
  feed (TO_SERVER SNRM, "");
  event_is (MW_TRANSPORT_UP);
}

static void
test_turn (void)
{
  mw_hdlc_config c = config (MW_SERVER);
  c.turn_ms = 20;
  begin (&c);
  feed (TO_SERVER SNRM, "");
  event_is (MW_TRANSPORT_UP);
  sends_nothing ();
  wait_ms (20);
  sends (TO_CLIENT UA, "");
}

/* --- damage --- */

static void
test_every_bit (void)
{
  uint8_t f[64];
  mw_hdlc_config c = config (MW_SERVER);
  size_t n = frame (f, TO_SERVER SNRM, "81 80 06 05 01 40 06 01 40", false);
  for (size_t bit = 0; bit < 8 * n; bit++) {
    f[bit / 8] ^= (uint8_t) (1u << bit % 8);
    begin (&c);
    mw_transport_feed (t, f, n, now);
    event_is (MW_TRANSPORT_NONE);
    sends_nothing ();
    pass_ms (MW_HDLC_INTER_OCTET_MS);
    event_is (MW_TRANSPORT_NONE);
    feed (TO_SERVER SNRM, ""); /* and nothing of it stays in the way */
    event_is (MW_TRANSPORT_UP);
    f[bit / 8] ^= (uint8_t) (1u << bit % 8);
  }
  for (size_t len = 0; len < n; len++) {
    begin (&c);
    mw_transport_feed (t, f, len, now);
    event_is (MW_TRANSPORT_NONE);
    pass_ms (MW_HDLC_INTER_OCTET_MS);
    feed (TO_SERVER SNRM, "");
    event_is (MW_TRANSPORT_UP);
  }
}

/* A good frame behind bytes that look like the beginning of many. */
static void
test_resynchronise (void)
{
  static const char *const noise[] = {
    "7e",         "7e7e7e7e", "00ff55", "7ea0",
    "7ea7ff",     "7ea0087e", "7ea008", "7ea7fe0223219300007e",
    "2f3f210d0a", "7e7ea0",   "a07e"
  };
  uint8_t f[3000];
  mw_hdlc_config c = config (MW_SERVER);
  for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
    size_t n = unhex (noise[i], f, sizeof f);
    begin (&c);
    mw_transport_feed (t, f, n, now);
    feed (TO_SERVER SNRM, "");
    pass_ms (MW_HDLC_INTER_OCTET_MS);
    event_is (MW_TRANSPORT_UP);
  }
  /* 1.5 MB of beginnings: the stack must not grow with them, nor the time run away. */
  begin (&c);
  for (size_t i = 0; i < sizeof f; i++)
    f[i] = (uint8_t[]){ 0x7e, 0xa7, 0xff }[i % 3];
  for (unsigned i = 0; i < 500; i++)
    CHECK_EQ (mw_transport_feed (t, f, sizeof f, now), sizeof f);
  pass_ms (MW_HDLC_INTER_OCTET_MS);
  feed (TO_SERVER SNRM, "");
  event_is (MW_TRANSPORT_UP);
}

/* Two frames share a flag (ISO/IEC 13239 4.3.1). */
static void
test_shared_flag (void)
{
  uint8_t f[128];
  mw_hdlc_config c = config (MW_SERVER);
  begin (&c);
  size_t n = frame (f, TO_SERVER DISC, "", false);
  n = n - 1 + frame (f + n - 1, TO_SERVER SNRM, "", false);
  CHECK_EQ (mw_transport_feed (t, f, n, now), n);
  event_is (MW_TRANSPORT_UP);
  sends (TO_CLIENT UA, "");
}

/* --- addresses (6.4.2) --- */

static void
test_addresses (void)
{
  mw_hdlc_config c = config (MW_SERVER);
  begin (&c);
  feed ("03 21 " SNRM, ""); /* one byte */
  event_is (MW_TRANSPORT_UP);
  sends ("21 03 " UA, "");
  feed ("0002 0023 21 " SNRM, ""); /* four bytes, and the same client takes over */
  event_is (MW_TRANSPORT_DOWN);
  event_is (MW_TRANSPORT_UP);
  sends ("21 0002 0023 " UA, "");
  feed ("02fd 25 " SNRM, ""); /* calling: whoever is there tells its address */
  event_is (MW_TRANSPORT_DOWN);
  event_is (MW_TRANSPORT_UP);
  CHECK_EQ (t->client, 18);
  sends ("25 0223 " UA, "");
  feed ("2023 21 " SNRM, ""); /* the other logical device, 16 */
  event_is (MW_TRANSPORT_DOWN);
  event_is (MW_TRANSPORT_UP);
  CHECK_EQ (t->server, 16);
  sends ("21 2023 " UA, "");
  static const char *const foreign[] = { "0423 21 " SNRM,      "0225 21 " SNRM, "05 21 " SNRM,
                                         "0002 0025 21 " SNRM, "02ff 21 " SNRM, "2023 23 11" };
  for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
    feed (foreign[i], "");
    event_is (MW_TRANSPORT_NONE);
    sends_nothing ();
  }
  CHECK_EQ (link_.counts.foreign, sizeof foreign / sizeof *foreign);
  feed ("020203 21 " SNRM, ""); /* three bytes are no address */
  event_is (MW_TRANSPORT_NONE);
  /* UI to all stations: taken, never answered. */
  feed ("ff 21 13", "e6e600 0f00");
  apdu_is (MW_TRANSPORT_NOTICE, "0f00");
  sends_nothing ();
}

static void
test_client_addresses (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  c.physical = MW_HDLC_ADDR_CALLING;
  begin (&c);
  CHECK_EQ (mw_transport_open (t, now), MW_OK);
  sends ("02fd 21 " SNRM, "");
  feed ("23 0223 " UA, ""); /* for another client */
  feed ("21 0423 " UA, ""); /* from another server */
  event_is (MW_TRANSPORT_NONE);
  feed (TO_CLIENT UA, "");
  event_is (MW_TRANSPORT_UP);
  send_hex ("c0");
  sends (TO_SERVER "10", "e6e600c0"); /* it told its address */
  c.physical = 200;                   /* does not fit 7 bits */
  begin (&c);
  CHECK_EQ (mw_transport_open (t, now), MW_ERR_VALUE);
}

/* --- I frames (6.4.4.5) --- */

#define LIMITS_3 "81 80 12 05 01 04 06 01 04 07 04 00000003 08 04 00000003"

/* Information fields of 4 bytes, window 3: the segments, the poll bits, go-back-N. */
static void
test_server_window (void)
{
  mw_hdlc_config c = config (MW_SERVER);
  c.limits = (mw_hdlc_limits){ 4, 4, 3, 3 };
  server_up (&c, LIMITS_3);
  feed_segment (TO_SERVER "00", "e6e600 c0");
  sends_nothing (); /* P = 0: the client goes on */
  feed (TO_SERVER "12", "01");
  apdu_is (MW_TRANSPORT_APDU, "c001");
  send_hex ("11223344556677889900aabbcc"); /* 3 + 13 bytes: four frames of 4 */
  uint8_t f[64];
  static const char *const control[] = { "40", "42", "54" }; /* N(R) = 2, F in the third */
  static const char *const piece[] = { "e6e70011", "22334455", "66778899" };
  for (unsigned round = 0; round < 2; round++) {
    for (unsigned i = 0; i < 3; i++) {
      char header[20];
      snprintf (header, sizeof header, TO_CLIENT "%s", control[i]);
      size_t n = frame (f, header, piece[i], true);
      mw_span s = mw_transport_tx (t);
      CHECK_MEM (s.ptr, s.len, f, n);
      mw_transport_tx_ack (t, s.len, now);
    }
    sends_nothing ();
    if (round == 0) { /* the client has none of them: RR with N(R) = 0, P */
      feed (TO_SERVER "11", "");
      CHECK_EQ (link_.counts.repeated, 3);
    }
  }
  feed (TO_SERVER "51", ""); /* it has two: N(R) = 2 */
  size_t n = frame (f, TO_CLIENT "44", "66778899", true);
  mw_span s = mw_transport_tx (t);
  CHECK_MEM (s.ptr, s.len, f, n);
  mw_transport_tx_ack (t, s.len, now);
  sends (TO_CLIENT "56", "00aabbcc"); /* the last: not segmented, F */
  event_is (MW_TRANSPORT_NONE);
  feed (TO_SERVER "99", ""); /* REJ N(R) = 4: it has all, so there is nothing to repeat */
  event_is (MW_TRANSPORT_SENT);
  sends (TO_CLIENT "51", "");
}

/* The answer is lost: the client repeats its request, which must not be carried out twice. */
static void
test_request_twice (void)
{
  mw_hdlc_config c = config (MW_SERVER);
  server_up (&c, "");
  feed (TO_SERVER "10", "e6e600 c3");
  apdu_is (MW_TRANSPORT_APDU, "c3");
  send_hex ("c7");
  sends (TO_CLIENT "30", "e6e700c7");
  feed (TO_SERVER "10", "e6e600 c3");
  event_is (MW_TRANSPORT_NONE);
  sends (TO_CLIENT "30", "e6e700c7");
  feed (TO_SERVER "32", "e6e600 c3"); /* the next request acknowledges the answer */
  event_is (MW_TRANSPORT_SENT);
  apdu_is (MW_TRANSPORT_APDU, "c3");
}

/* A server that has no answer yet says RR after a while; or at once, when it never will. */
static void
test_slow_server (void)
{
  mw_hdlc_config c = config (MW_SERVER);
  server_up (&c, "");
  feed (TO_SERVER "10", "e6e600 c3");
  apdu_is (MW_TRANSPORT_APDU, "c3");
  sends_nothing ();
  wait_ms (MW_HDLC_HOLD_MS);
  sends (TO_CLIENT "31", "");
  feed (TO_SERVER "11", "");
  sends (TO_CLIENT "31", "");
  send_hex ("c7");
  sends_nothing (); /* not its turn */
  feed (TO_SERVER "11", "");
  sends (TO_CLIENT "30", "e6e700c7");
  feed (TO_SERVER "32", "e6e600 c1");
  event_is (MW_TRANSPORT_SENT);
  event_is (MW_TRANSPORT_APDU);
  mw_hdlc_pass (&link_, now);
  sends (TO_CLIENT "51", "");
}

static void
test_client_waits (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  c.answer_ms = 160;
  client_up (&c, "");
  send_hex ("c3");
  sends (TO_SERVER "10", "e6e600c3");
  for (unsigned i = 0; i < 4; i++) { /* RR: it has the request, and no answer yet */
    feed (TO_CLIENT "31", "");
    event_is (i ? MW_TRANSPORT_NONE : MW_TRANSPORT_SENT);
    sends_nothing ();
    if (i == 3)
      break;
    wait_ms (MW_HDLC_POLL_MS);
    sends (TO_SERVER "11", "");
  }
  wait_ms (10); /* 160 ms since the first RR */
  event_is (MW_TRANSPORT_FAILED);
  CHECK_EQ (t->err, MW_ERR_TIMEOUT);
}

/* Where to put what is not read, and RNR of the other side (6.4.4.5.4). */
static void
test_busy (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  client_up (&c, "");
  send_hex ("c3");
  sends (TO_SERVER "10", "e6e600c3");
  feed (TO_CLIENT "15", ""); /* RNR, N(R) = 0: not taken */
  event_is (MW_TRANSPORT_NONE);
  sends_nothing ();
  wait_ms (MW_HDLC_POLL_MS);
  sends (TO_SERVER "11", "");
  feed (TO_CLIENT "15", "");
  wait_ms (MW_HDLC_POLL_MS);
  sends (TO_SERVER "11", "");
  feed (TO_CLIENT "11", ""); /* ready: the request again */
  sends (TO_SERVER "10", "e6e600c3");
  c = config (MW_SERVER);
  server_up (&c, "");
  mw_hdlc_set_busy (&link_, true);
  feed (TO_SERVER "10", "e6e600 c3");
  event_is (MW_TRANSPORT_NONE);
  sends (TO_CLIENT "15", "");
  mw_hdlc_set_busy (&link_, false);
  feed (TO_SERVER "11", "");
  sends (TO_CLIENT "11", "");
}

/* --- a late last frame: asked twice, answered twice (FIELD: seconds late) --- */

static void
test_late_last_frame (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  client_up (&c, "");
  send_hex ("c0");
  sends (TO_SERVER "10", "e6e600c0");
  feed_segment (TO_CLIENT "20", "e6e700c4"); /* the first of two, and then it is late */
  event_is (MW_TRANSPORT_SENT);
  wait_ms (MW_HDLC_RESPONSE_MS);
  sends (TO_SERVER "31", ""); /* what do you have after 0? */
  pass_ms (900);
  feed (TO_CLIENT "32", "05"); /* the late frame */
  apdu_is (MW_TRANSPORT_APDU, "c405");
  send_hex ("c1");
  sends (TO_SERVER "52", "e6e600c1");
  feed (TO_CLIENT "32", "05"); /* the answer to the second asking: nothing new */
  event_is (MW_TRANSPORT_NONE);
  sends_nothing (); /* and nothing is repeated for it */
  feed (TO_CLIENT "54", "e6e700c5");
  event_is (MW_TRANSPORT_SENT);
  apdu_is (MW_TRANSPORT_APDU, "c5");
  /* From here on each exchange runs once. */
  send_hex ("c2");
  sends (TO_SERVER "74", "e6e600c2");
  feed (TO_CLIENT "76", "e6e700c6");
  event_is (MW_TRANSPORT_SENT);
  apdu_is (MW_TRANSPORT_APDU, "c6");
  CHECK_EQ (link_.counts.timeouts, 1);
  CHECK_EQ (link_.counts.repeated, 0);
}

/* The request was lost: after a silence the client asks, and only then repeats it. */
static void
test_lost_request (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  client_up (&c, "");
  send_hex ("c3");
  sends (TO_SERVER "10", "e6e600c3");
  wait_ms (MW_HDLC_RESPONSE_MS);
  sends (TO_SERVER "11", "");
  feed (TO_CLIENT "11", "");
  sends (TO_SERVER "10", "e6e600c3");
  feed (TO_CLIENT "30", "e6e700c7");
  event_is (MW_TRANSPORT_SENT);
  apdu_is (MW_TRANSPORT_APDU, "c7");
  /* Silence for good: 2, 4, 8, 8 s. */
  send_hex ("c3");
  sends (TO_SERVER "32", "e6e600c3");
  wait_ms (2000);
  sends (TO_SERVER "31", "");
  wait_ms (4000);
  sends (TO_SERVER "31", "");
  wait_ms (8000);
  sends (TO_SERVER "31", "");
  wait_ms (8000);
  event_is (MW_TRANSPORT_FAILED);
  CHECK_EQ (t->err, MW_ERR_TIMEOUT);
}

/* Bytes of a damaged window keep the response time from running out under it. */
static void
test_busy_line (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  c.response_ms = 300;
  client_up (&c, "");
  send_hex ("c3");
  sends (TO_SERVER "10", "e6e600c3");
  for (unsigned i = 0; i < 10; i++) {
    now += 100;
    feed_hex ("0055aa");
    mw_transport_tick (t, now);
    sends_nothing ();
  }
  wait_ms (MW_HDLC_INTER_OCTET_MS);
  sends (TO_SERVER "11", "");
}

/* Ticks every 100 ms, with noise before each, until the engine gives up; the time of it. */
static mw_ms
drip_until_failed (const char *noise, mw_ms limit)
{
  mw_ms begun = now;
  while (now < begun + limit) {
    while (mw_transport_tx (t).len)
      mw_transport_tx_ack (t, mw_transport_tx (t).len, now);
    now += 100;
    feed_hex (noise);
    mw_transport_tick (t, now);
    if (mw_transport_take_event (t) == MW_TRANSPORT_FAILED)
      return now - begun;
  }
  return limit;
}

/* Noise without a pause, too little of it to be told by its amount, does not hold the client
 * for ever: neither when it calls, nor when it waits for an answer. */
static void
test_dripping_line (void)
{
  static const char *const noise[] = { "00", "7e", "7ea7ff0321", "7ea0" };
  for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
    mw_hdlc_config c = config (MW_CLIENT);
    c.response_ms = 300;
    c.retries = 1;
    begin (&c);
    mw_transport_open (t, now);
    CHECK (drip_until_failed (noise[i], 600000) < 10000);
    CHECK_EQ (t->err, MW_ERR_TIMEOUT);
    c.byte_us = 1042;
    client_up (&c, "");
    send_hex ("c3");
    CHECK (drip_until_failed (noise[i], 600000) < 120000);
    CHECK_EQ (t->err, MW_ERR_TIMEOUT);
  }
}

/* --- violations: FRMR (6.4.3.8, 6.4.4.7) --- */

static void
test_frmr (void)
{
  mw_hdlc_config c = config (MW_SERVER);
  server_up (&c, "");
  feed (TO_SERVER "bf", ""); /* a control field of no frame: W */
  sends (TO_CLIENT FRMR, "bf 00 01");
  feed (TO_SERVER "11", ""); /* until SNRM or DISC, FRMR again */
  sends (TO_CLIENT FRMR, "bf 00 01");
  event_is (MW_TRANSPORT_NONE);
  feed (TO_SERVER SNRM, "");
  event_is (MW_TRANSPORT_DOWN);
  event_is (MW_TRANSPORT_UP);
  sends (TO_CLIENT UA, "");
  feed (TO_SERVER "71", ""); /* RR with N(R) = 3, which was never sent: Z */
  sends (TO_CLIENT FRMR, "71 00 08");
  server_up (&c, "");
  feed (TO_SERVER "11", "00"); /* RR with information: W X */
  sends (TO_CLIENT FRMR, "11 00 03");
  feed (TO_SERVER DISC, "");
  event_is (MW_TRANSPORT_DOWN);
  sends (TO_CLIENT UA, "");
  c.limits = (mw_hdlc_limits){ 4, 4, 1, 1 };
  server_up (&c, LIMITS_3);
  feed (TO_SERVER "10", "e6e600 c0c1"); /* five bytes where four were agreed: Y */
  sends (TO_CLIENT FRMR, "10 00 04");
  c = config (MW_CLIENT);
  client_up (&c, "");
  feed (TO_CLIENT FRMR, "10 00 01");
  event_is (MW_TRANSPORT_FAILED);
  CHECK_EQ (t->err, MW_ERR_PROTOCOL);
}

/* Every message in every state: no answer from a client that has not the line, a violation is
 * an end, and the link can always be opened again. */
static void
test_every_message (void)
{
  static const char *const controls[] = { "10", "32", "f0", "11", "f1", "15", "19",
                                          "93", "53", "73", "1f", "97", "13", "bf",
                                          "ef", "00", "01", "83", "43" };
  for (unsigned role = 0; role < MW_N_ROLES; role++)
    for (unsigned state = 0; state < 3; state++)
      for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
        char header[20];
        mw_hdlc_config c = config ((enum mw_role) role);
        snprintf (header, sizeof header, "%s%s", role ? TO_SERVER : TO_CLIENT, controls[i]);
        if (role)
          server_up (&c, "");
        else
          client_up (&c, "");
        if (state == 0) /* down */
          begin (&c);
        else if (state == 2 && role) /* refusing */
          feed (TO_SERVER "bf", "");
        else if (state == 2) /* hanging up */
          mw_transport_shut (t, now);
        feed (header, i % 3 == 0 ? "e6e600c3" : "");
        unsigned events = 0;
        while (mw_transport_take_event (t))
          events++;
        CHECK (events <= 3);
        mw_span s = mw_transport_tx (t);
        if (state == 0 && !role)
          CHECK_EQ (s.len, 0);
        mw_transport_tx_ack (t, s.len, now);
        if (role) {
          feed (TO_SERVER SNRM, "");
          while (mw_transport_take_event (t))
            ;
          CHECK (t->up);
        } else if (link_.state == MW_HDLC_DOWN) {
          CHECK_EQ (mw_transport_open (t, now), MW_OK);
        }
      }
}

/* --- LLC, UI --- */

static void
test_llc (void)
{
  mw_hdlc_config c = config (MW_SERVER);
  server_up (&c, "");
  feed (TO_SERVER "10", "e6e700 c3"); /* a response, where a command belongs: discarded */
  event_is (MW_TRANSPORT_NONE);
  c = config (MW_CLIENT);
  client_up (&c, "");
  send_hex ("c3");
  sends (TO_SERVER "10", "e6e600c3");
  feed (TO_CLIENT "30", "c7010203");
  event_is (MW_TRANSPORT_SENT);
  event_is (MW_TRANSPORT_FAILED);
  CHECK_EQ (t->err, MW_ERR_PROTOCOL);
}

static void
test_ui (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  begin (&c); /* a listener that never connects: pushed data */
  feed_segment (TO_CLIENT "13", "e6e700 0f00");
  feed (TO_CLIENT "13", "0102");
  apdu_is (MW_TRANSPORT_NOTICE, "0f000102");
  feed (TO_CLIENT "13", "e00102"); /* without LLC bytes, as some meters push */
  apdu_is (MW_TRANSPORT_NOTICE, "e00102");
  sends_nothing ();
  static const uint8_t apdu[] = { 0x0f };
  CHECK_EQ (mw_hdlc_send_ui (&link_, (mw_span){ apdu, 1 }, true, now), MW_OK);
  sends ("ff 21 03", "e6e600 0f");
  CHECK_EQ (mw_hdlc_send_ui (&link_, (mw_span){ apdu, 0 }, true, now), MW_ERR_VALUE);
  uint8_t long_apdu[200] = { 0 };
  CHECK_EQ (mw_hdlc_send_ui (&link_, (mw_span){ long_apdu, 126 }, false, now), MW_ERR_SPACE);
  CHECK_EQ (mw_hdlc_send_ui (&link_, (mw_span){ long_apdu, 125 }, false, now), MW_OK);
}

static void
test_misuse (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  begin (&c);
  static const uint8_t apdu[4100];
  CHECK_EQ (mw_transport_send (t, (mw_span){ apdu, 1 }, true, now), MW_ERR_STATE);
  CHECK_EQ (mw_wr_left (&(mw_wr){ 0 }), 0);
  mw_wr room = mw_transport_room (t);
  CHECK_EQ (mw_wr_left (&room), 0);
  client_up (&c, "");
  CHECK_EQ (mw_transport_open (t, now), MW_ERR_STATE);
  CHECK_EQ (mw_transport_send (t, (mw_span){ apdu, 0 }, true, now), MW_ERR_VALUE);
  CHECK_EQ (mw_transport_send (t, (mw_span){ apdu, sizeof tx - 2 }, true, now), MW_ERR_SPACE);
  CHECK_EQ (mw_transport_send (t, (mw_span){ apdu, sizeof tx - 3 }, true, now), MW_OK);
  CHECK_EQ (mw_transport_send (t, (mw_span){ apdu, 1 }, true, now), MW_ERR_STATE);
}

/* Hanging up in the middle of the server's turn: DISC goes out when the line is free. */
static void
test_shut_in_the_middle (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  client_up (&c, "");
  send_hex ("c0");
  sends (TO_SERVER "10", "e6e600c0");
  feed_segment (TO_CLIENT "20", "e6e700c4");
  event_is (MW_TRANSPORT_SENT);
  mw_transport_shut (t, now);
  sends_nothing ();
  feed_segment (TO_CLIENT "32", "01"); /* F: the line is ours */
  event_is (MW_TRANSPORT_NONE);
  sends (TO_SERVER DISC, "");
  wait_ms (MW_HDLC_RESPONSE_MS);
  sends (TO_SERVER DISC, "");
  wait_ms (MW_HDLC_RESPONSE_MS);
  event_is (MW_TRANSPORT_DOWN);
  CHECK_EQ (t->err, MW_ERR_TIMEOUT);
}

static void
test_keepalive (void)
{
  mw_hdlc_config c = config (MW_CLIENT);
  c.keepalive_ms = 30000;
  client_up (&c, "");
  wait_ms (30000);
  sends (TO_SERVER "11", "");
  feed (TO_CLIENT "11", "");
  wait_ms (30000 + MW_HDLC_POLL_MS);
  sends (TO_SERVER "11", "");
}

CHECK_MAIN (test_client_vectors, test_server_connection, test_rejected, test_silence,
            test_inactivity, test_gap, test_turn, test_every_bit, test_resynchronise,
            test_shared_flag, test_addresses, test_client_addresses, test_server_window,
            test_request_twice, test_slow_server, test_client_waits, test_busy,
            test_late_last_frame, test_lost_request, test_busy_line, test_dripping_line,
            test_frmr, test_every_message, test_llc, test_ui, test_misuse,
            test_shut_in_the_middle, test_keepalive)
