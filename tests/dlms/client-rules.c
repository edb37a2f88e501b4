/* client-rules: what the client makes of answers, octet by octet; no server of ours is
 * involved: good ones, wrong ones, late ones, none. */
#include "dlms-pair.h"
#include "vectors.h"

#define AARQ_LOW                                                                               \
  "6036A1090607608574050801018A0207808B0760857405080201AC0A80083132333435363738BE10040E0100"   \
  "0000065F1F0400005E1F0400"
#define AARE_GOOD                                                                              \
  "6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400005E1F04000007"

static char heard[4000]; /* the events since the last look */

static void
add (const char *format, unsigned item, unsigned value)
{
  size_t at = strlen (heard);
  snprintf (heard + at, sizeof heard - at, format, item, value);
}

static void
listen (pair *p)
{
  mw_dlms_event e;
  while ((e = mw_dlms_client_take_event (&p->client)).kind != MW_DLMS_NOTHING) {
    if (e.kind == MW_DLMS_DATA) {
      add ("data%u:", e.item, 0);
      for (size_t i = 0; i < e.data.len; i++)
        add ("%02X", e.data.ptr[i], 0);
      add (" ", 0, 0);
    } else if (e.kind == MW_DLMS_RESULT) {
      add ("result%u=%u ", e.item, e.result);
      if (e.data_result)
        add ("return=%u ", e.data_result, 0);
    } else if (e.kind == MW_DLMS_DONE || e.kind == MW_DLMS_FAILED) {
      add (e.kind == MW_DLMS_DONE ? "done:" : "failed:", 0, 0);
      strcat (heard, mw_err_name (e.err));
      add (" ", 0, 0);
    } else {
      add (e.kind == MW_DLMS_ASSOCIATED ? "associated "
           : e.kind == MW_DLMS_RELEASED ? "released "
                                        : "notification ",
           0, 0);
    }
  }
}

/* The client has sent exactly this APDU; "" nothing. */
static void
sent (pair *p, const char *want)
{
  uint8_t octets[1000];
  size_t n = unhex (want, octets, sizeof octets);
  mw_span s = mw_dlms_client_tx (&p->client);
  CHECK_MEM (s.len > 8 ? s.ptr + 8 : s.ptr, s.len > 8 ? s.len - 8 : 0, octets, n);
  mw_dlms_client_tx_ack (&p->client, s.len, p->now);
  listen (p);
}

static void
answer (pair *p, const char *hex)
{
  uint8_t octets[1000], apdu[900];
  size_t n = unhex (hex, apdu, sizeof apdu);
  mw_wr w;
  mw_wr_init (&w, octets, sizeof octets);
  mw_wr_u16 (&w, 1);
  mw_wr_u16 (&w, 1);
  mw_wr_u16 (&w, 1);
  mw_wr_u16 (&w, (uint16_t) n);
  mw_wr_bytes (&w, apdu, n);
  for (size_t at = 0; at < mw_wr_len (&w);) {
    at += mw_dlms_client_feed (&p->client, octets + at, mw_wr_len (&w) - at, p->now);
    listen (p);
  }
}

static void
hears (const char *want, int line)
{
  check_report (strcmp (heard, want) == 0, __FILE__, line, want);
  if (strcmp (heard, want) != 0)
    printf ("    heard %s\n", heard);
  heard[0] = 0;
}
#define HEARS(want) hears (want, __LINE__)

static pair *
begin (const char *aare)
{
  setup u = { 0 };
  pair *p = pair_new (&u);
  heard[0] = 0;
  CHECK_EQ (mw_dlms_client_associate (&p->client, p->now), MW_OK);
  listen (p);
  sent (p, AARQ_LOW);
  answer (p, aare);
  return p;
}

static pair *
associated (void)
{
  pair *p = begin (AARE_GOOD);
  HEARS ("associated ");
  return p;
}

/* The first request has invoke-id 1, confirmed, high priority: C1h. */
static pair *
asked (const mw_dlms_item *items, size_t n)
{
  pair *p = associated ();
  CHECK_EQ (mw_dlms_client_get (&p->client, items, n, p->now), MW_OK);
  if (n == 1)
    sent (p, "C001C1 0003 0100010800FF 02 00");
  else
    sent (p, "C003C1 02 0003 0100010800FF 02 00 0001 00002A0000FF 02 00");
  return p;
}

static void
test_association (void)
{
  pair *p = associated ();
  CHECK_EQ (p->client.conformance, 0x5e1f);
  CHECK_EQ (p->client.server_max_pdu, 1024);
  free (p);
  p = begin ("6129A109060760857405080101A203020101A305A10302010D"
             "BE10040E0800065F1F0400005E1F04000007");
  HEARS ("failed:access ");
  CHECK_EQ (p->client.acse_diagnostic, 13);
  free (p);
  p = begin ("611FA109060760857405080101A203020101A305A103020101BE0604040E010601");
  HEARS ("failed:rejected ");
  CHECK_EQ (p->client.service_error_class, 6);
  CHECK_EQ (p->client.service_error_code, 1);
  free (p);
  static const char *const odd[] = {
    "6129A109060760857405080101A203020100A305A103020100BE10040E0800055F1F0400005E1F04000007",
    "6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400005E1F000B0007",
    "6117A109060760857405080101A203020100A305A103020100",
    "6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400005E1F040000",
    "612AA109060760857405080101A203020100A305A103020100BE10040E01000000065F1F0400007E1F04B0",
  };
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    p = begin (odd[i]);
    HEARS ("failed:protocol ");
    free (p);
  }
  p = begin ("D80101");
  HEARS ("failed:rejected ");
  free (p);
}

static void
test_get (void)
{
  const mw_dlms_item two[2] = { item_energy, item_name };
  pair *p = asked (two, 1);
  answer (p, "C401C1 00 0600000007");
  HEARS ("data0:0600000007 result0=0 done:ok ");
  mw_dlms_client_get (&p->client, two, 1, p->now);
  sent (p, "C001C2 0003 0100010800FF 02 00");
  answer (p, "C401C2 01 03");
  HEARS ("result0=3 done:ok ");
  free (p);
  p = asked (two, 2);
  answer (p, "C403C1 02 01 04 00 1107");
  HEARS ("result0=4 data1:1107 result1=0 done:ok ");
  free (p);
}

/* Blocks, cut wherever: inside the number of the list, a choice, a tag, a length. */
static void
test_blocks (void)
{
  const mw_dlms_item two[2] = { item_energy, item_name };
  pair *p = asked (two, 2);
  answer (p, "C402C1 00 00000001 00 01 02");
  sent (p, "C002C1 00000001");
  answer (p, "C402C1 00 00000002 00 00"); /* a block without octets */
  sent (p, "C002C1 00000002");
  answer (p, "C402C1 00 00000003 00 03 000600");
  sent (p, "C002C1 00000003");
  answer (p, "C402C1 00 00000004 00 04 00000700");
  sent (p, "C002C1 00000004");
  answer (p, "C402C1 01 00000005 00 04 0902ABCD");
  HEARS ("data0:0600 data0:000007 result0=0 data1:0902ABCD result1=0 done:ok ");
  sent (p, "");
  free (p);
}

static void
test_block_numbers (void)
{
  pair *p = asked (&item_energy, 1);
  answer (p, "C402C1 00 00000001 00 02 0600");
  sent (p, "C002C1 00000001");
  answer (p, "C402C1 00 00000001 00 02 0600"); /* the same again: passed over */
  HEARS ("data0:0600 ");
  sent (p, "");
  answer (p, "C402C1 01 00000002 00 03 000007");
  HEARS ("data0:000007 result0=0 done:ok ");
  free (p);
  p = asked (&item_energy, 1);
  answer (p, "C402C1 00 00000001 00 02 0600");
  sent (p, "C002C1 00000001");
  answer (p, "C402C1 01 00000003 00 03 000007"); /* one is missing */
  HEARS ("data0:0600 done:protocol ");
  free (p);
  p = asked (&item_energy, 1);
  answer (p, "C402C1 01 00000002 00 05 0600000007"); /* the first is not 1 */
  HEARS ("done:protocol ");
  free (p);
  p = asked (&item_energy, 1);
  answer (p, "C402C1 00 00000001 00 02 0600");
  answer (p, "C402C1 01 00000002 01 0F"); /* long-get-aborted */
  HEARS ("data0:0600 result0=15 done:ok ");
  free (p);
}

/* Green Book 9.3.3: the invoke-id says which request is answered. */
static void
test_invoke_id (void)
{
  pair *p = asked (&item_energy, 1);
  answer (p, "C401C2 00 0600000008");
  answer (p, "C501C1 00");
  answer (p, "C701C1 00 00");
  answer (p, "6303800100");
  answer (p, "FFFF");
  HEARS ("");
  answer (p, "C40141 00 0600000007"); /* the priority bit may differ */
  HEARS ("data0:0600000007 result0=0 done:ok ");
  answer (p, "C401C1 00 0600000009"); /* late: nothing is asked any more */
  HEARS ("");
  free (p);
}

static void
test_damaged (void)
{
  static const char *const rows[] = {
    "C401C1",
    "C401C1 00",
    "C401C1 00 06000000",
    "C401C1 00 060000000700",
    "C401C1 00 08",
    "C401C1 02",
    "C404C1 00",
    "C403C1 01 00 0600000007",
    "C402C1 01 00000001 00 04 06000000",
    "C402C1 01 00000001 00 02 0901",
    "C402C1 01 00000001 00 01 08",
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    pair *p = asked (&item_energy, 1);
    const char *end;
    answer (p, rows[i]);
    end = strstr (heard, "done:protocol ");
    if (!check_report (end && !strstr (heard, "result"), __FILE__, __LINE__, rows[i]))
      printf ("    heard %s\n", heard);
    heard[0] = 0;
    CHECK_EQ (mw_dlms_client_get (&p->client, &item_energy, 1, p->now), MW_OK);
    sent (p, "C001C2 0003 0100010800FF 02 00"); /* the association goes on */
    answer (p, "C401C2 00 0600000007");
    HEARS ("data0:0600000007 result0=0 done:ok ");
    free (p);
  }
}

/* Octets after the value, in a block: the value was told, the request still ends badly. */
static void
test_trailing (void)
{
  pair *p = asked (&item_energy, 1);
  answer (p, "C402C1 01 00000001 00 07 06000000070000");
  HEARS ("data0:0600000007 result0=0 done:protocol ");
  free (p);
}

static void
test_refused (void)
{
  pair *p = asked (&item_energy, 1);
  answer (p, "D80102");
  HEARS ("done:refused ");
  CHECK_EQ (p->client.exception.service, MW_SERVICE_NOT_SUPPORTED);
  mw_dlms_client_get (&p->client, &item_energy, 1, p->now);
  sent (p, "C001C2 0003 0100010800FF 02 00");
  answer (p, "0E050501"); /* ConfirmedServiceError: access, scope-of-access-violated */
  HEARS ("done:refused ");
  CHECK_EQ (p->client.service_error_class, 5);
  free (p);
}

static void
test_notification (void)
{
  pair *p = asked (&item_energy, 1);
  answer (p, "0F 00000001 00 1107");
  HEARS ("notification ");
  answer (p, "C2 00 0001 0000616200FF 02 0600000004");
  HEARS ("notification ");
  answer (p, "C401C1 00 0600000007");
  HEARS ("data0:0600000007 result0=0 done:ok ");
  answer (p, "0F 00000002 00 1107");
  HEARS ("notification ");
  free (p);
}

/* The clock goes on alone, from deadline to deadline, until the client gives up. */
static void
silence (pair *p, const char *want)
{
  for (int i = 0; i < 100 && !heard[0]; i++) {
    p->now = mw_dlms_client_deadline (&p->client);
    if (!CHECK (p->now != MW_NEVER))
      return;
    mw_dlms_client_tick (&p->client, p->now);
    listen (p);
  }
  HEARS (want);
}

static void
test_silence (void)
{
  pair *p = asked (&item_energy, 1);
  silence (p, "failed:timeout ");
  CHECK (p->now <= 1000 + MW_DLMS_TIMEOUT_MS);
  CHECK_EQ (mw_dlms_client_get (&p->client, &item_energy, 1, p->now), MW_ERR_STATE);
  free (p);
  p = asked (&item_energy, 1);
  answer (p, "C402C1 00 00000001 00 02 0600");
  sent (p, "C002C1 00000001");
  heard[0] = 0;
  silence (p, "failed:timeout ");
  free (p);
  p = asked (&item_energy, 1);
  answer (p, "C401C9 00 0600000007"); /* only answers to something else */
  silence (p, "failed:timeout ");
  free (p);
  p = associated ();
  CHECK_EQ (mw_dlms_client_release (&p->client, p->now), MW_OK);
  sent (p, "6203800100");
  silence (p, "released "); /* it may leave without the server's blessing */
  free (p);
}

/* An octet every five seconds is a slow line, not a silent one; octets without end that are no
 * answer are no line at all. */
static void
test_slow (void)
{
  pair *p = asked (&item_energy, 1);
  HEX (octets, "0001 0001 0001 0009 C401C1 00 0600000007");
  for (size_t i = 0; i < octets_len; i++) {
    p->now += 5000;
    mw_dlms_client_tick (&p->client, p->now);
    CHECK_EQ (mw_dlms_client_feed (&p->client, octets + i, 1, p->now), 1);
    listen (p);
  }
  HEARS ("data0:0600000007 result0=0 done:ok ");
  free (p);
  p = asked (&item_energy, 1);
  HEX (foreign, "0001 0005 0007 0003 C401C1"); /* between others */
  uint32_t fed = 0;
  for (; !heard[0] && fed < 1000000; fed++) {
    p->now += 1;
    mw_dlms_client_feed (&p->client, foreign, foreign_len, p->now);
    mw_dlms_client_tick (&p->client, p->now);
    listen (p);
  }
  CHECK (fed < 1000000);
  HEARS ("failed:timeout ");
  free (p);
  /* An APDU that is announced with 1,024 octets and comes at an octet a second. */
  p = asked (&item_energy, 1);
  HEX (promise, "0001 0001 0001 0400 C401C100");
  CHECK_EQ (mw_dlms_client_feed (&p->client, promise, promise_len, p->now), promise_len);
  for (fed = 0; !heard[0] && fed < 60000; fed++) {
    p->now += 1000;
    mw_dlms_client_feed (&p->client, promise, 1, p->now);
    mw_dlms_client_tick (&p->client, p->now);
    listen (p);
  }
  HEARS ("failed:timeout ");
  CHECK (fed <= (MW_DLMS_LONGEST_MS + MW_DLMS_TIMEOUT_MS) / 1000);
  free (p);
}

static void
test_set (void)
{
  mw_dlms_item set[2] = { item_free, item_locked };
  pair *p = associated ();
  set[0].value = set[1].value = (mw_span){ (const uint8_t *) "\x11\x07", 2 };
  mw_dlms_client_set (&p->client, set, 2, p->now);
  sent (p, "C104C1 02 0001 0000600100FF 02 00 0001 0000600101FF 02 00 02 1107 1107");
  answer (p, "C505C1 02 00 03");
  HEARS ("result0=0 result1=3 done:ok ");
  mw_dlms_client_set (&p->client, set, 1, p->now);
  sent (p, "C101C2 0001 0000600100FF 02 00 1107");
  answer (p, "C505C2 02 00 03"); /* two results for one value */
  HEARS ("done:protocol ");
  free (p);
}

/* A server of 20 octets: C1 02 …, then C1 03 …. */
static void
test_set_blocks (void)
{
  mw_dlms_item set = item_free;
  uint8_t value[14] = { 9, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
  set.value = (mw_span){ value, sizeof value };
  for (int way = 0; way < 4; way++) {
    pair *p = begin ("6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400"
                     "005E1F00180007");
    HEARS ("associated ");
    mw_dlms_client_set (&p->client, &set, 1, p->now);
    sent (p, "C102C1 0001 0000600100FF 02 00 00 00000001 05 090C010203");
    if (way == 0) {
      answer (p, "C502C1 00000001");
      sent (p, "C103C1 01 00000002 09 0405060708090A0B0C");
      answer (p, "C503C1 00 00000002");
      HEARS ("result0=0 done:ok ");
    } else if (way == 1) {
      answer (p, "C502C1 00000002"); /* another block than was sent */
      HEARS ("done:protocol ");
    } else if (way == 2) {
      answer (p, "C503C1 11 00000001"); /* long-set-aborted */
      HEARS ("result0=17 done:ok ");
    } else {
      answer (p, "C503C1 00 00000001"); /* success before it has all */
      HEARS ("done:protocol ");
    }
    sent (p, "");
    free (p);
  }
}

static void
test_action (void)
{
  mw_dlms_item act[2] = { item_script, item_script };
  pair *p = associated ();
  act[1].value = (mw_span){ (const uint8_t *) "\x12\x01\x02", 3 };
  mw_dlms_client_action (&p->client, act, 1, p->now);
  sent (p, "C301C1 0009 00000A0000FF 01 00");
  answer (p, "C701C1 00 00");
  HEARS ("result0=0 done:ok ");
  mw_dlms_client_action (&p->client, act, 2, p->now);
  sent (p, "C303C2 02 0009 00000A0000FF 01 0009 00000A0000FF 01 02 00 120102");
  answer (p, "C703C2 02 00 01 00 1107 03 00");
  HEARS ("data0:1107 result0=0 result1=3 done:ok ");
  mw_dlms_client_action (&p->client, act + 1, 1, p->now);
  sent (p, "C301C3 0009 00000A0000FF 01 01 120102");
  answer (p, "C701C3 00 01 01 03"); /* done, but what it returns may not be read */
  HEARS ("result0=0 return=3 done:ok ");
  mw_dlms_client_action (&p->client, act + 1, 1, p->now);
  sent (p, "C301C4 0009 00000A0000FF 01 01 120102");
  answer (p, "C702C4 00 00000001 02 0001");
  sent (p, "C302C4 00000001");
  answer (p, "C702C4 01 00000002 03 001107");
  HEARS ("data0:1107 result0=0 done:ok ");
  free (p);
}

/* Said twice, or with the wrong number of results. */
static void
test_answers_to_blocks (void)
{
  mw_dlms_item set[2] = { item_free, item_free };
  uint8_t value[14] = { 9, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
  set[0].value = set[1].value = (mw_span){ value, sizeof value };
  pair *p = begin ("6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400"
                   "005E1F00300007");
  HEARS ("associated ");
  mw_dlms_client_set (&p->client, set, 2, p->now);
  sent (p, "C105C1 02 0001 0000600100FF 02 00 0001 0000600100FF 02 00 00 00000001 12"
           "02 090C0102030405060708090A0B0C 090C01");
  answer (p, "C502C1 00000001");
  sent (p, "C103C1 01 00000002 0B 02030405060708090A0B0C");
  answer (p, "C502C1 00000001"); /* said twice */
  sent (p, "");
  HEARS ("");
  answer (p, "C504C1 01 00 00000002");
  HEARS ("done:protocol ");
  free (p);
}

static void
test_release (void)
{
  pair *p = associated ();
  mw_dlms_client_release (&p->client, p->now);
  sent (p, "6203800100");
  answer (p, "6303800100");
  HEARS ("released ");
  CHECK_EQ (mw_dlms_client_associate (&p->client, p->now), MW_OK);
  listen (p);
  sent (p, AARQ_LOW);
  answer (p, AARE_GOOD);
  HEARS ("associated ");
  free (p);
}

CHECK_MAIN (test_association, test_get, test_blocks, test_block_numbers, test_invoke_id,
            test_damaged, test_trailing, test_refused, test_notification, test_silence,
            test_slow, test_set, test_set_blocks, test_action, test_answers_to_blocks,
            test_release)
