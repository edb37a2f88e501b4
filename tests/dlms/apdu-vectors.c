/* apdu-vectors: octets of other hands decoded, and encoded again to the same octets.
 *
 * pwitab_dlms-cosem_2021.tsv, amshan_han_push.tsv, compact_array.tsv, named.tsv and the
 * captures of dumps/ with the decode that stands beside them (tests/vectors/README.md). */
#include "dlms/acse.h"
#include "dlms/apdu.h"
#include "vectors.h"

static mw_span
span (const uint8_t *octets, size_t n)
{
  return (mw_span){ octets, n };
}

/* Decode as what the first octet says and write it again. */
static enum mw_err
round_trip (const uint8_t *octets, size_t n, mw_wr *w)
{
  mw_apdu apdu;
  mw_acse acse;
  mw_initiate initiate;
  mw_notification notification;
  enum mw_err err;
  switch (octets[0]) {
  case 0x01:
  case 0x08:
    err = mw_initiate_decode (span (octets, n), &initiate);
    if (!err && octets[0] == 1)
      mw_initiate_request_put (w, &initiate);
    else if (!err)
      mw_initiate_response_put (w, &initiate);
    return err;
  case 0x0f:
    err = mw_notification_decode (span (octets, n), &notification);
    if (!err)
      mw_notification_encode (w, &notification);
    return err;
  case 0x60:
  case 0x61:
  case 0x62:
  case 0x63:
    err = mw_acse_decode (span (octets, n), &acse);
    return err ? err : mw_acse_encode (w, &acse);
  default:
    err = mw_apdu_decode (span (octets, n), &apdu);
    return err ? err : mw_apdu_encode (w, &apdu);
  }
}

static void
is_same (const uint8_t *octets, size_t n, const char *what)
{
  static uint8_t buf[ROW_MAX];
  mw_wr w;
  mw_wr_init (&w, buf, sizeof buf);
  if (!CHECK (round_trip (octets, n, &w) == MW_OK))
    printf ("    %s\n", what);
  CHECK_MEM (buf, mw_wr_len (&w), octets, n);
}

/* Rows of these tests are whole APDUs; those of tests that expect a refusal are damaged, hold
 * another tag, or are what that library has not got: they need only not be accepted and then
 * written differently. */
static void
test_pwitab (void)
{
  static row r;
  static uint8_t octets[ROW_MAX], buf[ROW_MAX];
  FILE *f = vectors_open ("pwitab_dlms-cosem_2021.tsv");
  unsigned good = 0, odd = 0;
  while (row_next (f, &r)) {
    size_t n = r.columns > 4 ? unhex (r.column[4], octets, sizeof octets) : 0;
    bool message = strstr (r.column[0], "test_asce") || strstr (r.column[0], "test_xdlms");
    bool refused = strstr (r.column[2], "raises") || strstr (r.column[2], "wrong_")
                   || strstr (r.column[2], "Global");
    if (!message || n < 4 || octets[0] == 0x09 || octets[0] == 0x02 || octets[0] == 0x80)
      continue;
    if (strcmp (r.column[3], "data") != 0 && strcmp (r.column[3], "dlms_data") != 0
        && strcmp (r.column[3], "data2") != 0)
      continue;
    if (octets[0] == 0x01 && octets[1] == 0x02)
      continue; /* an access selection by itself: below */
    if (!refused) {
      is_same (octets, n, r.column[2]);
      good++;
      continue;
    }
    mw_wr w;
    mw_wr_init (&w, buf, sizeof buf);
    if (round_trip (octets, n, &w) == MW_OK)
      CHECK_MEM (buf, mw_wr_len (&w), octets, n);
    odd++;
  }
  fclose (f);
  CHECK (good >= 60);
  CHECK (odd >= 40);
}

/* --- fields, as the clauses name them ------------------------------------------------ */

static void
test_aarq_fields (void)
{
  HEX (low, "6036a1090607608574050801018a0207808b0760857405080201ac0a80083132333435363738"
            "be10040e01000000065f1f0400007e1f04b0");
  HEX (ciphered, "6066a109060760857405080103a60a04084d4d4d0000bc614e8a0207808b0760857405080201"
                 "ac0a80083132333435363738be34043221303001234567801302ff8a7874133d414ced25b425"
                 "34d28db0047720606b175bd52211be6841db204d39ee6fdb8e356855");
  mw_acse a;
  CHECK_EQ (mw_acse_decode (span (low, low_len), &a), MW_OK);
  CHECK_EQ (a.context, MW_CONTEXT_LN);
  CHECK_EQ (a.mechanism, MW_AUTH_LOW);
  CHECK_MEM (a.authentication.ptr, a.authentication.len, "12345678", 8);
  CHECK_EQ (a.initiate.kind, MW_INITIATE_PLAIN);
  CHECK_EQ (a.initiate.conformance, 0x007e1f);
  CHECK (a.initiate.conformance & MW_CONF_GET && a.initiate.conformance & MW_CONF_ACTION);
  CHECK (!(a.initiate.conformance & MW_CONF_READ));
  CHECK_EQ (a.initiate.max_pdu, 1200);
  CHECK (a.initiate.response_allowed);
  CHECK_EQ (mw_acse_decode (span (ciphered, ciphered_len), &a), MW_OK);
  CHECK_EQ (a.context, MW_CONTEXT_LN_CIPHERED);
  CHECK_EQ (a.calling_title.len, 8);
  CHECK_EQ (a.initiate.kind, MW_INITIATE_CIPHERED);
}

static void
test_aare_fields (void)
{
  HEX (good, "6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400"
             "00501f01f40007");
  HEX (version, "611fa109060760857405080101a203020101a305a103020101be0604040e010601");
  HEX (high, "6142a109060760857405080101a203020100a305a10302010e8802078089076085740508020"
             "5aa0a8008503677524a323146be10040e0800065f1f040000501f01f40007");
  mw_acse a;
  CHECK_EQ (mw_acse_decode (span (good, good_len), &a), MW_OK);
  CHECK_EQ (a.result, 0);
  CHECK_EQ (a.initiate.max_pdu, 500);
  CHECK_EQ (a.initiate.vaa_name, 7);
  CHECK_EQ (mw_acse_decode (span (version, version_len), &a), MW_OK);
  CHECK_EQ (a.result, 1);
  CHECK_EQ (a.initiate.kind, MW_INITIATE_ERROR);
  CHECK_STR (mw_service_error_name (a.initiate.error_class, a.initiate.error_code),
             "dlms-version-too-low");
  CHECK_EQ (mw_acse_decode (span (high, high_len), &a), MW_OK);
  CHECK_EQ (a.mechanism, MW_AUTH_GMAC);
  CHECK_STR (mw_acse_diagnostic_name (a.diagnostic_source, a.diagnostic),
             "authentication-required");
  CHECK_MEM (a.authentication.ptr, a.authentication.len, "P6wRJ21F", 8);
}

static void
test_get_fields (void)
{
  HEX (range, "c001c100070100630100ff0201010204020412000809060000010000ff0f02120000090c07e20601"
              "ff000300ffff8880090c07e50106ff000300ffffc4000100");
  mw_apdu a;
  mw_profile_select s;
  mw_civil t;
  uint8_t buf[100];
  mw_wr w;
  CHECK_EQ (mw_apdu_decode (span (range, range_len), &a), MW_OK);
  CHECK_EQ (a.attr.class_id, 7);
  CHECK (mw_obis_equal (a.attr.ln, MW_OBIS (1, 0, 99, 1, 0, 255)));
  CHECK_EQ (mw_profile_select_decode (&a.access, &s), MW_OK);
  CHECK_EQ (s.selector, MW_SELECT_RANGE);
  CHECK_EQ (s.sort.class_id, 8);
  CHECK_EQ (s.columns, 0);
  CHECK_EQ (mw_axdr_to_civil (&s.from, &t), MW_OK);
  CHECK_EQ (t.deviation, 120); /* FF88h = -120: summer time in Sweden */
  CHECK_EQ (t.status, MW_CLOCK_DST);
  mw_wr_init (&w, buf, sizeof buf);
  mw_civil from = t, to;
  CHECK_EQ (mw_axdr_to_civil (&s.to, &to), MW_OK);
  mw_profile_range_put (&w, &s.sort, &from, &to, NULL, 0);
  CHECK_MEM (buf, mw_wr_len (&w), a.access.parameters.ptr, a.access.parameters.len);
}

static void
test_select_entry (void)
{
  HEX (entry, "0204 06 00000001 06 00000000 12 0002 12 0003");
  HEX (columns, "0204 0204 12 0008 0906 0000010000FF 0F02 12 0000 00 00"
                "     01 01 0204 12 0003 0906 0100010800FF 0F02 12 0000");
  mw_dlms_selection access = { MW_SELECT_ENTRY, { entry, entry_len } };
  mw_profile_select s;
  uint8_t buf[64];
  mw_wr w;
  CHECK_EQ (mw_profile_select_decode (&access, &s), MW_OK);
  CHECK_EQ (s.from_entry, 1);
  CHECK_EQ (s.to_entry, 0);
  CHECK_EQ (s.from_column, 2);
  CHECK_EQ (s.to_column, 3);
  mw_wr_init (&w, buf, sizeof buf);
  mw_profile_entry_put (&w, 1, 0, 2, 3);
  CHECK_MEM (buf, mw_wr_len (&w), entry, entry_len);
  access = (mw_dlms_selection){ MW_SELECT_RANGE, { columns, columns_len } };
  CHECK_EQ (mw_profile_select_decode (&access, &s), MW_OK);
  CHECK_EQ (s.from.type, MW_AXDR_NULL_DATA);
  CHECK_EQ (s.columns, 1);
  mw_cur c = mw_cur_of (s.column_list);
  CHECK_EQ (mw_capture_object_get (&c).class_id, 3);
  CHECK_EQ (mw_cur_end (&c), MW_OK);
  mw_capture_object clock = s.sort, energy = { 3, MW_OBIS (1, 0, 1, 8, 0, 255), 2, 0 };
  mw_civil from = mw_civil_from_utc (0, 60, 0), to = mw_civil_from_utc (86400, 60, 0);
  uint8_t long_buf[120];
  mw_wr_init (&w, long_buf, sizeof long_buf);
  mw_profile_range_put (&w, &clock, &from, &to, &energy, 1);
  mw_dlms_selection written = { MW_SELECT_RANGE, mw_wr_done (&w) };
  CHECK_EQ (mw_profile_select_decode (&written, &s), MW_OK);
  CHECK_EQ (s.columns, 1);
  CHECK_EQ (mw_axdr_to_civil (&s.to, &from), MW_OK);
  CHECK_EQ (from.day, 2);
  access.parameters.len--;
  CHECK (mw_profile_select_decode (&access, &s) != MW_OK);
  access.selector = 9;
  CHECK_EQ (mw_profile_select_decode (&access, &s), MW_ERR_UNSUPPORTED);
}

/* Every form of every service, written by hand from Green Book 9.5. */
static void
test_forms (void)
{
  static const char *const forms[] = {
    "C001C1 0003 0100010800FF 02 00",
    "C001C1 0007 0100630100FF 02 01 02 0204 0600000001 0600000000 120001 120000",
    "C002C1 00000007",
    "C003C1 02 0003 0100010800FF 02 00 0007 0100630100FF 02 01 02 0204 0600000001"
    "0600000000 120001 120000",
    "C401C1 00 0600000001",
    "C401C1 01 04",
    "C402C1 00 00000001 00 03 010203",
    "C402C1 01 00000002 01 13",
    "C403C1 02 00 1105 01 04",
    "C403C1 00",
    "C101C1 0001 0000600100FF 02 00 1107",
    "C102C1 0001 0000600100FF 02 00 00 00000001 02 0902",
    "C103C1 01 00000002 02 0102",
    "C104C1 01 0001 0000600100FF 02 00 01 1107",
    "C105C1 01 0001 0000600100FF 02 00 00 00000001 02 0109",
    "C501C1 00",
    "C502C1 00000001",
    "C503C1 03 00000002",
    "C504C1 02 00 03 00000002",
    "C505C1 02 00 03",
    "C301C1 0009 00000A0000FF 01 00",
    "C301C1 0009 00000A0000FF 01 01 120001",
    "C302C1 00000001",
    "C303C1 01 0009 00000A0000FF 01 01 120001",
    "C304C1 0009 00000A0000FF 01 00 00000001 02 0901",
    "C305C1 01 0009 00000A0000FF 01 00 00000001 02 0109",
    "C306C1 01 00000002 01 AA",
    "C701C1 00 00",
    "C701C1 00 01 00 1107",
    "C701C1 00 01 01 04",
    "C702C1 01 00000001 04 00010011",
    "C703C1 02 00 00 03 01 00 1101",
    "C704C1 00000001",
    "620380 0100",
    "6200",
    "6300",
    "6203 80 01 00",
  };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    uint8_t octets[200];
    size_t n = unhex (forms[i], octets, sizeof octets);
    is_same (octets, n, forms[i]);
    for (size_t cut = 0; cut < n; cut++) { /* cut anywhere: refused, never accepted */
      uint8_t buf[200];
      mw_wr w;
      mw_wr_init (&w, buf, sizeof buf);
      CHECK (cut == 0 || round_trip (octets, cut, &w) != MW_OK);
    }
    octets[n] = 0; /* one octet too many */
    uint8_t buf[200];
    mw_wr w;
    mw_wr_init (&w, buf, sizeof buf);
    CHECK (round_trip (octets, n + 1, &w) != MW_OK);
  }
}

static void
test_exception (void)
{
  HEX (plain, "D8 01 02");
  HEX (counter, "D8 02 06 00000123");
  mw_exception e;
  uint8_t buf[16];
  mw_wr w;
  CHECK_EQ (mw_exception_decode (span (plain, plain_len), &e), MW_OK);
  CHECK_STR (mw_exception_state_name (e.state), "service-not-allowed");
  CHECK_STR (mw_exception_service_name (e.service), "service-not-supported");
  CHECK_EQ (mw_exception_decode (span (counter, counter_len), &e), MW_OK);
  CHECK_EQ (e.invocation_counter, 0x123);
  mw_wr_init (&w, buf, sizeof buf);
  mw_exception_encode (&w, &e);
  CHECK_MEM (buf, mw_wr_len (&w), counter, counter_len);
  CHECK_EQ (mw_exception_decode (span (counter, counter_len - 1), &e), MW_ERR_SHORT);
}

static void
test_event (void)
{
  static const char *const rows[] = {
    "C2 00 0001 0000616200FF 02 0600000004",
    "C2 01 0C 07E4020F06011922FF800000 0001 0000616200FF 02 00"
  };
  for (size_t i = 0; i < 2; i++) {
    uint8_t octets[64], buf[64];
    size_t n = unhex (rows[i], octets, sizeof octets);
    mw_notification e;
    mw_wr w;
    CHECK_EQ (mw_notification_decode (span (octets, n), &e), MW_OK);
    CHECK_EQ (e.attr.class_id, 1);
    CHECK_EQ (e.has_time, i == 1);
    mw_wr_init (&w, buf, sizeof buf);
    mw_notification_encode (&w, &e);
    CHECK_MEM (buf, mw_wr_len (&w), octets, n);
  }
}

static void
test_names (void)
{
  CHECK_STR (mw_dar_name (3), "read-write-denied");
  CHECK_STR (mw_dar_name (5), "unknown");
  CHECK_STR (mw_action_result_name (15), "long-action-aborted");
  CHECK_STR (mw_action_result_name (19), "unknown");
  CHECK_STR (mw_apdu_name (0xc0), "get-request");
  CHECK (mw_apdu_name (0xff) == NULL);
  CHECK_STR (mw_conformance_name (19), "get");
  CHECK (mw_conformance_name (0) == NULL);
  CHECK_STR (mw_acse_mechanism_name (1), "low");
}

/* --- values -------------------------------------------------------------------------- */

/* Walk the value and write every event again. */
static void
value_is_same (mw_span value, const char *what)
{
  static uint8_t buf[4000];
  mw_axdr_walk walk;
  enum mw_axdr_event e;
  mw_wr w;
  mw_wr_init (&w, buf, sizeof buf);
  mw_axdr_walk_init (&walk, value.ptr, value.len);
  while ((e = mw_axdr_walk_next (&walk)) == MW_AXDR_VALUE || e == MW_AXDR_OPEN
         || e == MW_AXDR_CLOSE)
    if (e != MW_AXDR_CLOSE)
      mw_axdr_put (&w, &walk.value);
  if (!CHECK (e == MW_AXDR_END))
    printf ("    %s\n", what);
  CHECK_MEM (buf, mw_wr_len (&w), value.ptr, value.len);
}

/* Push lists of meters: the header rows (no_list_…) and bodies (NOTIFICATION_BODY_…). */
static void
test_amshan (void)
{
  static row r;
  static uint8_t octets[ROW_MAX], apdu[ROW_MAX];
  FILE *f = vectors_open ("amshan_han_push.tsv");
  unsigned bodies = 0, headers = 0;
  while (row_next (f, &r)) {
    size_t n = r.columns > 4 ? unhex (r.column[4], octets, sizeof octets) : 0;
    if (strstr (r.column[3], "NOTIFICATION_BODY")) {
      mw_notification notification;
      mw_wr w;
      value_is_same (span (octets, n), r.column[3]);
      mw_wr_init (&w, apdu, sizeof apdu);
      mw_wr_bytes (&w, "\x0f\x40\0\0\0\0", 6);
      mw_wr_bytes (&w, octets, n);
      CHECK_EQ (mw_notification_decode (mw_wr_done (&w), &notification), MW_OK);
      bodies++;
    } else if (n > 8 && memcmp (octets, "\xe6\xe7\x00\x0f", 4) == 0) {
      mw_notification notification;
      octets[n++] = 0; /* null-data for the body that is in another row */
      CHECK_EQ (mw_notification_decode (span (octets + 3, n - 3), &notification), MW_OK);
      if (notification.has_time)
        CHECK_EQ (notification.time.deviation, MW_DEVIATION_ANY);
      headers++;
    }
  }
  fclose (f);
  CHECK (bodies >= 12);
  CHECK (headers >= 8);
}

/* "[{1,100},{2,200}]" of a compact-array, by the table reader and by the walk. */
static void
table_text (const uint8_t *octets, size_t n, char *out)
{
  mw_axdr_value values[8];
  uint8_t keep[300];
  mw_axdr_table t;
  mw_axdr_table_init (&t, values, 8, keep, sizeof keep);
  mw_axdr_table_feed (&t, octets, n);
  out += sprintf (out, "[");
  while (mw_axdr_table_next (&t)) {
    out += sprintf (out, "%s{", t.rows > 1 ? "," : "");
    for (uint32_t i = 0; i < t.columns; i++) {
      mw_axdr_value *v = &values[i];
      int64_t number;
      out += sprintf (out, "%s%s", i ? "," : "", v->type == MW_AXDR_ENUM ? "enum " : "");
      if (mw_axdr_to_int (v, &number) == MW_OK)
        out += sprintf (out, "%d", (int) number);
      for (uint32_t k = 0; v->type == MW_AXDR_OCTET_STRING && k < v->len; k++)
        out += sprintf (out, "%02x", v->ptr[k]);
    }
    out += sprintf (out, "}");
  }
  sprintf (out, "]");
  CHECK (t.done && !t.err);
}

/* The table read and written again: the same octets. */
static void
compact_is_same (mw_span value)
{
  mw_axdr_value values[8];
  uint8_t keep[300], contents[200], whole[250];
  mw_axdr_table t;
  mw_wr inner, w;
  size_t described = 2u + value.ptr[2]; /* 02 n and n types */
  mw_axdr_table_init (&t, values, 8, keep, sizeof keep);
  mw_axdr_table_feed (&t, value.ptr, value.len);
  mw_wr_init (&inner, contents, sizeof contents);
  while (mw_axdr_table_next (&t))
    for (uint32_t i = 0; i < t.columns; i++)
      mw_axdr_put_bare (&inner, &values[i]);
  mw_wr_init (&w, whole, sizeof whole);
  mw_axdr_put_compact (&w, value.ptr + 1, described, (uint32_t) mw_wr_len (&inner));
  mw_wr_span (&w, mw_wr_done (&inner));
  CHECK_MEM (whole, mw_wr_len (&w), value.ptr, value.len);
}

static void
test_compact (void)
{
  static row r;
  FILE *f = vectors_open ("compact_array.tsv");
  unsigned rows = 0;
  while (row_next (f, &r)) {
    uint8_t octets[200];
    char text[200];
    mw_apdu a;
    size_t n = unhex (r.column[1], octets, sizeof octets);
    if (n == 0)
      continue; /* the head of the table */
    CHECK_EQ (mw_apdu_decode (span (octets, n), &a), MW_OK);
    table_text (a.data.ptr, a.data.len, text);
    CHECK_STR (text, r.column[2]);
    compact_is_same (a.data);
    is_same (octets, n, r.column[0]);
    rows++;
  }
  fclose (f);
  CHECK_EQ (rows, 2);
}

/* --- captures ------------------------------------------------------------------------ */

static size_t
read_text (const char *name, char *buf, size_t cap)
{
  FILE *f = vectors_open (name);
  size_t n = f ? fread (buf, 1, cap - 1, f) : 0;
  buf[n] = 0;
  if (f)
    fclose (f);
  return n;
}

/* How the decoder of the captures writes an octet-string: name of an object, time or text. */
static bool
octets_are (const mw_axdr_value *v, const char *want)
{
  char text[300];
  mw_civil t;
  if (v->len == 12 && mw_axdr_to_civil (v, &t) == MW_OK) {
    snprintf (text, sizeof text, "%04u-%02u-%02u %02u:%02u:%02u", t.year, t.month, t.day,
              t.hour, t.minute, t.second);
    return strcmp (text, want) == 0;
  }
  if (v->len == 6) {
    snprintf (text, sizeof text, "%u.%u.%u.%u.%u.%u", v->ptr[0], v->ptr[1], v->ptr[2],
              v->ptr[3], v->ptr[4], v->ptr[5]);
    return strcmp (text, want) == 0;
  }
  return strlen (want) == v->len && memcmp (want, v->ptr, v->len) == 0;
}

static bool
tag_is (unsigned type, const char *tag)
{
  static const struct {
    unsigned type;
    const char *tag;
  } tags[] = { { 1, "ARRAY" }, { 2, "STRUCTURE" },   { 6, "UINT32" },        { 18, "UINT16" },
               { 15, "INT8" }, { 16, "INT16" },      { 17, "UINT8" },        { 22, "ENUM" },
               { 5, "INT32" }, { 9, "OCTETSTRING" }, { 10, "VISIBLESTRING" } };
  for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
    if (tags[i].type == type)
      return strcmp (tags[i].tag, tag) == 0;
  return false;
}

/* The next element of the XML with its Qty or Value; elements of the notification passed. */
static char *
next_element (char *xml, char *tag, char *value)
{
  for (char *p = strchr (xml, '<'); p; p = strchr (p + 1, '<')) {
    char *end = strchr (p, '>'), *from;
    if (!isupper ((unsigned char) p[1]) || !end || !isupper ((unsigned char) p[2]))
      continue;
    sscanf (p + 1, "%31[A-Za-z0-9]", tag);
    if (islower ((unsigned char) tag[1]) || islower ((unsigned char) tag[2]))
      continue; /* DataNotification, DateTime … */
    *end = 0;
    from = strchr (p, '"');
    sscanf (from ? from + 1 : "", "%255[^\"]", value);
    return end + 1;
  }
  return NULL;
}

/* Every value of the APDU is what the XML beside the capture says. */
static void
capture_is (mw_span apdu, const char *xml_name, unsigned at_least)
{
  static char xml[60000];
  char *at = xml, tag[32], value[256];
  unsigned values = 0;
  mw_notification notification;
  mw_axdr_walk w;
  enum mw_axdr_event e;
  read_text (xml_name, xml, sizeof xml);
  CHECK_EQ (mw_notification_decode (apdu, &notification), MW_OK);
  mw_axdr_walk_init (&w, notification.data.ptr, notification.data.len);
  while ((e = mw_axdr_walk_next (&w)) == MW_AXDR_VALUE || e == MW_AXDR_OPEN
         || e == MW_AXDR_CLOSE) {
    int64_t number;
    if (e == MW_AXDR_CLOSE)
      continue;
    value[0] = 0;
    at = next_element (at, tag, value);
    if (!CHECK (at != NULL))
      return;
    CHECK (tag_is (w.value.type, tag));
    values++;
    if (e == MW_AXDR_OPEN)
      CHECK_EQ (w.value.len, atoi (value));
    else if (mw_axdr_to_int (&w.value, &number) == MW_OK)
      CHECK_EQ (number, atoll (value));
    else if (!CHECK (octets_are (&w.value, value)))
      printf ("    %s: %s\n", xml_name, value);
  }
  CHECK (e == MW_AXDR_END);
  CHECK (next_element (at, tag, value) == NULL);
  CHECK (values >= at_least);
  value_is_same (notification.data, xml_name);
}

/* A frame of the HAN: after E6 E7 00, before the FCS and the flag. */
static void
han_capture (const char *log, const char *xml, unsigned at_least)
{
  static char text[40000];
  static uint8_t octets[10000];
  size_t n, at;
  read_text (log, text, sizeof text);
  n = unhex (text, octets, sizeof octets);
  for (at = 0; at + 3 < n && memcmp (octets + at, "\xe6\xe7\x00", 3) != 0; at++) {
  }
  if (CHECK (at + 6 < n))
    capture_is (span (octets + at + 3, n - at - 6), xml, at_least);
}

/* What the log shows after "Decrypted: N bytes". */
static void
decrypted_capture (const char *log, const char *xml, unsigned at_least)
{
  static char text[60000];
  static uint8_t octets[10000];
  const char *at;
  size_t n;
  read_text (log, text, sizeof text);
  at = strstr (text, "Decrypted: ");
  if (!CHECK (at != NULL))
    return;
  n = (size_t) atoi (at + 11);
  CHECK_EQ (unhex (strchr (at, '\n'), octets, n), n);
  capture_is (span (octets, n), xml, at_least);
}

static void
test_captures (void)
{
  han_capture ("dumps/hdlc_kaifa_ma304h3e.log", "dumps/hdlc_kaifa_ma304h3e_decoded.xml", 14);
  han_capture ("dumps/hdlc_norway_han_1phase.log", "dumps/hdlc_norway_han_1phase_decoded.xml",
               40);
  han_capture ("dumps/hdlc_norway_han_3phase.log", "dumps/hdlc_norway_han_3phase_decoded.xml",
               130);
  decrypted_capture ("dumps/hdlc_kamstrup_omnipower_decoded.log",
                     "dumps/hdlc_kamstrup_omnipower_decoded.xml", 66);
  decrypted_capture ("dumps/hdlc_landis_gyr_e450_decoded.log",
                     "dumps/hdlc_landis_gyr_e450_decoded.xml", 34);
}

/* These meters put attribute descriptors without type tags into a structure: that is no A-XDR
 * (Green Book 9.5, Data), and is refused rather than guessed at. */
static void
test_no_axdr (void)
{
  static const char *const logs[] = { "dumps/raw_egd_example.log",
                                      "dumps/raw_sagecom_xt211.log" };
  for (size_t i = 0; i < 2; i++) {
    static char text[20000];
    static uint8_t octets[5000];
    mw_notification notification;
    size_t skip, n;
    read_text (logs[i], text, sizeof text);
    skip = (uint8_t) text[0] == 0xef ? 3 : 0; /* a byte order mark */
    n = unhex (text + skip, octets, sizeof octets);
    CHECK (n > 300);
    CHECK (mw_notification_decode (span (octets, n), &notification) != MW_OK);
  }
}

static void
test_named (void)
{
  HEX (initiate, "01011000112233445566778899AABBCCDDEEFF0000065F1F0400007E1F04B0");
  HEX (get, "C0010000080000010000FF0200");
  mw_initiate i;
  mw_apdu a;
  is_same (initiate, initiate_len, "initiate with dedicated key");
  is_same (get, get_len, "get of the clock");
  CHECK_EQ (mw_initiate_decode (span (initiate, initiate_len), &i), MW_OK);
  CHECK_EQ (i.dedicated_key.len, 16);
  CHECK_EQ (mw_apdu_decode (span (get, get_len), &a), MW_OK);
  CHECK_EQ (a.attr.class_id, 8);
  CHECK_EQ (a.invoke, 0);
}

CHECK_MAIN (test_pwitab, test_aarq_fields, test_aare_fields, test_get_fields, test_select_entry,
            test_forms, test_exception, test_event, test_names, test_amshan, test_compact,
            test_captures, test_no_axdr, test_named)
