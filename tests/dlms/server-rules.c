/* server-rules: what the server answers to what, octet by octet, as the clauses of the Green
 * Book have it; no client of ours is involved. */
#include "dlms-pair.h"
#include "vectors.h"

#define AARQ "601DA109060760857405080101BE10040E01000000065F1F0400007E1F"
/* granted: what we offer of 007E1Fh; PDU 1024; VAA name 0007h */
#define AARE_GOOD                                                                              \
  "6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400005E1F04000007"

typedef struct bench {
  pair *p;
  uint16_t sap;
} bench;

static bench
begin (void)
{
  setup u = { .sap = 16 };
  bench b = { pair_new (&u), 16 };
  return b;
}

/* Give the server the APDU and return its answer in hexadecimal; "" when it is silent. */
static const char *
ask (bench *b, const char *hex)
{
  static char text[3000];
  uint8_t octets[1000];
  mw_wr w;
  mw_span answer;
  uint8_t apdu[900];
  size_t n = unhex (hex, apdu, sizeof apdu), at = 0;
  mw_wr_init (&w, octets, sizeof octets);
  mw_wr_u16 (&w, 1);
  mw_wr_u16 (&w, b->sap);
  mw_wr_u16 (&w, 1);
  mw_wr_u16 (&w, (uint16_t) n);
  mw_wr_bytes (&w, apdu, n);
  CHECK_EQ (mw_dlms_server_feed (&b->p->server, octets, mw_wr_len (&w), 5), mw_wr_len (&w));
  answer = mw_dlms_server_tx (&b->p->server);
  text[0] = 0;
  for (size_t i = 8; i < answer.len; i++)
    at += (size_t) snprintf (text + at, sizeof text - at, "%02X", answer.ptr[i]);
  mw_dlms_server_tx_ack (&b->p->server, answer.len, 5);
  CHECK_EQ (mw_dlms_server_tx (&b->p->server).len, 0);
  return text;
}

static void
answers (bench *b, const char *request, const char *want)
{
  char plain[1000];
  size_t n = 0;
  for (; *want; want++)
    if (*want != ' ')
      plain[n++] = *want;
  plain[n] = 0;
  const char *got = ask (b, request);
  check_report (strcmp (got, plain) == 0, __FILE__, __LINE__, request);
  if (strcmp (got, plain) != 0)
    printf ("    got  %s\n    want %s\n", got, plain);
}

/* Green Book 9.5, Exception-Response: state, service. */
static void
test_not_associated (void)
{
  bench b = begin ();
  answers (&b, "C001C1 0003 0100010800FF 02 00", "D8 01 01");
  answers (&b, "C101C1 0001 0000600100FF 02 00 1107", "D8 01 01");
  answers (&b, "C301C1 0009 00000A0000FF 01 00", "D8 01 01");
  answers (&b, "D9 00", "D8 02 02");
  answers (&b, "FF", "D8 02 02");
  answers (&b, "6203800100", "6303800100"); /* released all the same */
  answers (&b, "620380", "D8 01 03");
  free (b.p);
}

/* Green Book 9.4.4.1, 9.4.6.1. */
static void
test_association (void)
{
  bench b = begin ();
  answers (&b, AARQ "04B0", AARE_GOOD);
  answers (&b, "C001C1 0003 0100010800FF 02 00", "C401C1 00 06 0001E240");
  answers (&b, AARQ "04B0", AARE_GOOD); /* again: the one before is over */
  CHECK_EQ (b.p->meter.releases, 1);
  answers (&b, "6203800100", "6303800100");
  CHECK_EQ (b.p->meter.releases, 2);
  answers (&b, "C001C1 0003 0100010800FF 02 00", "D8 01 01");
  answers (&b, AARQ "0000", AARE_GOOD); /* 0: the client takes any length */
  b.sap = 1;                            /* another client on the same line is not associated */
  answers (&b, "C001C1 0003 0100010800FF 02 00", "D8 01 01");
  free (b.p);
}

static void
test_association_refused (void)
{
  bench b = begin ();
  /* short names: application-context-name-not-supported */
  answers (&b, "601DA109060760857405080102BE10040E01000000065F1F0400007E1F04B0",
           "6129A109060760857405080101A203020101A305A103020102"
           "BE10040E0800065F1F0400005E1F04000007");
  /* version 5, no common conformance, PDU of 11: initiate errors 1, 2, 3 */
  answers (&b, "601DA109060760857405080101BE10040E01000000055F1F0400007E1F04B0",
           "611FA109060760857405080101A203020101A305A103020101BE0604040E010601");
  answers (&b, "601DA109060760857405080101BE10040E01000000065F1F040018000004B0",
           "611FA109060760857405080101A203020101A305A103020101BE0604040E010602");
  answers (&b, AARQ "000B",
           "611FA109060760857405080101A203020101A305A103020101BE0604040E010603");
  /* high level security: authentication-mechanism-name-not-recognised */
  answers (&b,
           "6036A1090607608574050801018A0207808B0760857405080205AC0A80084B35366956616759"
           "BE10040E01000000065F1F0400007E1F04B0",
           "6129A109060760857405080101A203020101A305A10302010B"
           "BE10040E0800065F1F0400005E1F04000007");
  /* authentication asked for and no mechanism: ...-name-required */
  answers (&b, "6021A1090607608574050801018A020780BE10040E01000000065F1F0400007E1F04B0",
           "6129A109060760857405080101A203020101A305A10302010C"
           "BE10040E0800065F1F0400005E1F04000007");
  /* ACSE version 2 alone: provider, no-common-acse-version */
  answers (&b, "602180020640A109060760857405080101BE10040E01000000065F1F0400007E1F04B0",
           "6117A109060760857405080101A203020101A305A203020102");
  answers (&b, "601DA1", "6117A109060760857405080101A203020101A305A203020101");
  b.sap = 1; /* this client needs a password: authentication-required, -failure */
  answers (&b, AARQ "04B0",
           "6129A109060760857405080101A203020101A305A10302010E"
           "BE10040E0800065F1F0400005E1F04000007");
  answers (&b,
           "6036A1090607608574050801018A0207808B0760857405080201AC0A80083132333435363739"
           "BE10040E01000000065F1F0400007E1F04B0",
           "6129A109060760857405080101A203020101A305A10302010D"
           "BE10040E0800065F1F0400005E1F04000007");
  CHECK (!b.p->server.associated);
  answers (&b,
           "6036A1090607608574050801018A0207808B0760857405080201AC0A80083132333435363738"
           "BE10040E01000000065F1F0400007E1F04B0",
           AARE_GOOD);
  CHECK (b.p->server.associated);
  free (b.p);
}

/* Green Book 9.3.6, 9.4.6.3. */
static void
test_get (void)
{
  bench b = begin ();
  ask (&b, AARQ "0040"); /* answers of 64 octets */
  answers (&b, "C001C1 0003 0100010800FF 02 00", "C401C1 00 06 0001E240");
  answers (&b, "C001C2 0001 0000600909FF 02 00", "C401C2 01 04");
  answers (&b, "C00143 0001 0000600101FF 02 00", "C40143 01 03");
  answers (&b, "C001C1 0003 0100010800FF 00 00", "C401C1 01 0D");
  answers (&b,
           "C003C1 03 0003 0100010800FF 02 00 0001 0000600909FF 02 00"
           " 0003 0100010800FF 02 00",
           "C403C1 03 00 06 0001E240 01 04 00 06 0001E240");
  answers (&b, "C003C1 00", "C403C1 00");
  answers (&b, "C004C1 00000001", "D8 01 02");
  answers (&b, "C001C1 0003 0100010800FF 02", "D8 01 03");
  answers (&b, "C001C1 0003 0100010800FF 02 00 00", "D8 01 03");
  answers (&b, "C001C1 0003 0100010800FF 02 02", "D8 01 03");
  answers (&b, "C002C1 00000001", "C402C1 01 00000001 01 10"); /* no-long-get-in-progress */
  free (b.p);
}

static void
test_long_get (void)
{
  bench b = begin ();
  const char *profile = "C001C1 0007 0100630100FF 02 00";
  ask (&b, AARQ "0040");
  CHECK (strncmp (ask (&b, profile), "C402C10000000001003601280203090C", 32) == 0);
  CHECK (strncmp (ask (&b, "C002C1 00000001"), "C402C1000000000200", 18) == 0);
  answers (&b, "C002C1 00000001", "C402C1 01 00000001 01 13"); /* data-block-number-invalid */
  answers (&b, "C002C1 00000002", "C402C1 01 00000002 01 10"); /* and that was its end */
  ask (&b, profile);
  answers (&b, "C002C2 00000001", "C402C2 01 00000001 01 10"); /* another invoke-id */
  ask (&b, profile);
  answers (&b, "C001C2 0003 0100010800FF 02 00", "C401C2 00 06 0001E240");
  answers (&b, "C002C1 00000001", "C402C1 01 00000001 01 10"); /* given up by the other get */
  ask (&b, profile);
  ask (&b, "6203800100");
  answers (&b, "C002C1 00000001", "D8 01 01");
  free (b.p);
}

/* Green Book 9.3.7, 9.4.6.4. */
static void
test_set (void)
{
  bench b = begin ();
  ask (&b, AARQ "04B0");
  answers (&b, "C101C1 0001 0000600100FF 02 00 1107", "C501C1 00");
  answers (&b, "C101C1 0001 0000600101FF 02 00 1107", "C501C1 03");
  answers (&b, "C104C1 02 0001 0000600100FF 02 00 0001 0000600101FF 02 00 02 1108 1109",
           "C505C1 02 00 03");
  CHECK_MEM (b.p->meter.value, b.p->meter.value_len, "\x11\x08", 2);
  answers (&b, "C104C1 02 0001 0000600100FF 02 00 0001 0000600101FF 02 00 01 1108", "D8 01 03");
  answers (&b, "C102C1 0001 0000600100FF 02 00 00 00000001 01 11", "C502C1 00000001");
  answers (&b, "C103C1 01 00000002 01 2A", "C503C1 00 00000002");
  CHECK_MEM (b.p->meter.value, b.p->meter.value_len, "\x11\x2a", 2);
  answers (&b, "C105C1 02 0001 0000600101FF 02 00 0001 0000600100FF 02 00 00 00000001 02 0211",
           "C502C1 00000001");
  answers (&b, "C103C1 01 00000002 03 011155", "C504C1 02 03 00 00000002");
  CHECK_MEM (b.p->meter.value, b.p->meter.value_len, "\x11\x55", 2);
  CHECK_EQ (b.p->meter.sets, 4);
  free (b.p);
}

static void
test_long_set (void)
{
  bench b = begin ();
  const char *first = "C102C1 0001 0000600100FF 02 00 00 00000001 01 11";
  ask (&b, AARQ "04B0");
  answers (&b, "C103C1 01 00000002 01 2A", "C503C1 12 00000002"); /* no-long-set-in-progress */
  answers (&b, first, "C502C1 00000001");
  answers (&b, "C103C1 01 00000003 01 2A", "C503C1 13 00000003"); /* number invalid */
  answers (&b, "C103C1 01 00000002 01 2A", "C503C1 12 00000002"); /* and that was its end */
  answers (&b, "C102C1 0001 0000600100FF 02 00 00 00000002 01 11", "C503C1 13 00000002");
  ask (&b, first);
  answers (&b, "C103C2 01 00000002 01 2A", "C503C2 12 00000002"); /* another invoke-id */
  ask (&b, first);
  answers (&b, "C306C1 01 00000002 01 2A", "C701C1 10 00"); /* no long action */
  /* whole, but no value: type-unmatched; a list of another number: aborted */
  answers (&b, "C102C1 0001 0000600100FF 02 00 01 00000001 01 11", "C503C1 0C 00000001");
  answers (&b, "C105C1 01 0001 0000600100FF 02 00 01 00000001 03 021101", "C503C1 11 00000001");
  CHECK_EQ (b.p->meter.sets, 0);
  free (b.p);
}

/* Service class unconfirmed (bit 6 of invoke-id-and-priority): done, not answered. */
static void
test_unconfirmed (void)
{
  bench b = begin ();
  ask (&b, AARQ "04B0");
  answers (&b, "C10101 0001 0000600100FF 02 00 1107", "");
  answers (&b, "C30101 0009 00000A0000FF 01 01 1107", "");
  CHECK_EQ (b.p->meter.sets, 1);
  CHECK_EQ (b.p->meter.actions, 1);
  answers (&b, "C00101 0003 0100010800FF 02 00", "C40101 00 06 0001E240");
  free (b.p);
}

/* Green Book 9.3.8, 9.4.6.5. */
static void
test_action (void)
{
  bench b = begin ();
  ask (&b, AARQ "04B0");
  answers (&b, "C301C1 0009 00000A0000FF 02 00", "C701C1 00 00");
  answers (&b, "C301C1 0009 00000A0000FF 01 01 120102", "C701C1 00 01 00 120102");
  answers (&b, "C301C1 0009 00000A0009FF 01 00", "C701C1 04 00");
  answers (&b, "C303C1 02 0009 00000A0000FF 01 0009 00000A0009FF 01 02 1107 00",
           "C703C1 02 00 01 00 1107 04 00");
  answers (&b, "C304C1 0009 00000A0000FF 01 00 00000001 01 11", "C704C1 00000001");
  answers (&b, "C306C1 01 00000002 01 2A", "C701C1 00 01 00 112A");
  answers (&b, "C306C1 01 00000003 01 2A", "C701C1 10 00"); /* no-long-action-in-progress */
  answers (&b, "C304C1 0009 00000A0000FF 01 00 00000001 01 11", "C704C1 00000001");
  answers (&b, "C306C1 01 00000009 01 2A", "C701C1 0F 00"); /* long-action-aborted */
  answers (&b, "C302C1 00000001", "C701C1 10 00");
  answers (&b, "C309C1 00", "D8 01 02");
  ask (&b, AARQ "000F"); /* answers of 15 octets: blocks */
  answers (&b, "C301C1 0009 00000A0000FF 01 01 0908 0102030405060708",
           "C702C1 00 00000001 06 000100090801");
  answers (&b, "C302C1 00000001", "C702C1 00 00000002 06 020304050607");
  answers (&b, "C302C1 00000002", "C702C1 01 00000003 01 08");
  ask (&b, "C301C1 0009 00000A0000FF 01 01 0908 0102030405060708");
  answers (&b, "C302C1 00000004", "C701C1 0F 00");
  free (b.p);
}

/* Two requests in one delivery: the second waits until the first answer has left. */
static void
test_pipelined (void)
{
  static const char frame[] = "0001 0010 0001 000D C001C1 0003 0100010800FF 02 00";
  bench b = begin ();
  uint8_t octets[64];
  size_t one, taken;
  ask (&b, AARQ "04B0");
  one = unhex (frame, octets, sizeof octets);
  memcpy (octets + one, octets, one);
  octets[one + 10] = 0xc2;
  taken = mw_dlms_server_feed (&b.p->server, octets, 2 * one, 5);
  mw_span s = mw_dlms_server_tx (&b.p->server);
  CHECK (s.len > 10 && s.ptr[10] == 0xc1);
  for (int i = 0; i < 3; i++) /* nothing is lost, whoever asks again and again */
    taken += mw_dlms_server_feed (&b.p->server, octets + taken, 2 * one - taken, 5);
  mw_dlms_server_tick (&b.p->server, 6);
  mw_dlms_server_tx_ack (&b.p->server, mw_dlms_server_tx (&b.p->server).len, 7);
  taken += mw_dlms_server_feed (&b.p->server, octets + taken, 2 * one - taken, 8);
  CHECK_EQ (taken, 2 * one);
  s = mw_dlms_server_tx (&b.p->server);
  CHECK (s.len > 10 && s.ptr[10] == 0xc2);
  free (b.p);
}

CHECK_MAIN (test_not_associated, test_association, test_association_refused, test_get,
            test_long_get, test_set, test_long_set, test_unconfirmed, test_action,
            test_pipelined)
