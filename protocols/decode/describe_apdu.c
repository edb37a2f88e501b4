/* describe_apdu.c: xDLMS APDUs in words: GET, SET, ACTION, notifications, exceptions (Green
 * Book 9.3, 9.5). */
#include "dlms/apdu.h"

#include "decode/say.h"

bool
mw_looks_like_apdu (mw_span data)
{
  return mw_apdu_name (data.ptr[0]) != NULL || mw_has_llc (data);
}

void
mw_describe_llc_apdu (mw_say_out *d, mw_cur *c)
{
  mw_describe_llc (d, c);
  mw_describe_apdu (d, c);
}

static void
say_invoke (mw_say_out *d, mw_cur *c)
{
  uint8_t v = mw_cur_u8 (c);
  mw_say (d, c, "invoke-id %u, %s, priority %s", v & MW_INVOKE_ID,
          v & MW_INVOKE_CONFIRMED ? "confirmed" : "unconfirmed",
          v & MW_INVOKE_HIGH ? "high" : "normal");
}

static void
say_descriptor (mw_say_out *d, mw_cur *c, const char *member)
{
  char name[MW_OBIS_TEXT];
  uint16_t class = mw_cur_u16 (c);
  mw_say (d, c, "class %u", class);
  mw_obis ln = mw_obis_read (c);
  mw_obis_format (ln, name, sizeof name);
  mw_say (d, c, "logical name %s", name);
  int8_t index = (int8_t) mw_cur_u8 (c);
  mw_say (d, c, "%s %d%s", member, index, index == 0 ? " (all of them)" : "");
}

static const char *
selector_name (unsigned selector)
{
  return selector == 1   ? " (of a profile: by range)"
         : selector == 2 ? " (of a profile: by entry)"
                         : "";
}

static void
say_selection (mw_say_out *d, mw_cur *c)
{
  uint8_t present = mw_cur_u8 (c);
  if (present > 1)
    mw_say_wrong (d, c, "selective access: presence is %u, neither 0 nor 1", present);
  else
    mw_say (d, c, "selective access: %s", present ? "present" : "none");
  if (present != 1 || c->err != MW_OK)
    return;
  uint8_t selector = mw_cur_u8 (c);
  mw_say (d, c, "selector %u%s", selector, selector_name (selector));
  mw_describe_axdr (d, c);
}

static void
say_data (mw_say_out *d, mw_cur *c)
{
  if (mw_cur_left (c))
    mw_describe_axdr (d, c);
  else
    mw_cur_fail (c, MW_ERR_SHORT);
}

static void
say_result (mw_say_out *d, mw_cur *c, bool action)
{
  uint8_t v = mw_cur_u8 (c);
  mw_say (d, c, "result %u: %s", v, action ? mw_action_result_name (v) : mw_dar_name (v));
}

/* Get-Data-Result: CHOICE of data and data-access-result. */
static void
say_data_or_result (mw_say_out *d, mw_cur *c)
{
  uint8_t choice = mw_cur_u8 (c);
  if (choice == 0) {
    mw_say (d, c, "choice: data");
    say_data (d, c);
  } else if (choice == 1) {
    mw_say (d, c, "choice: data-access-result");
    say_result (d, c, false);
  } else {
    mw_say_wrong (d, c, "choice %u, neither data (0) nor result (1)", choice);
    mw_cur_fail (c, MW_ERR_VALUE);
  }
}

static uint32_t
say_count (mw_say_out *d, mw_cur *c, const char *of)
{
  uint32_t n = mw_axdr_length (c);
  mw_say (d, c, "%" PRIu32 " %s", n, of);
  return c->err == MW_OK ? n : 0;
}

/* N elements, each of which takes at least one byte or fails the cursor. */
#define FOR_EACH(c, i, n) for (uint32_t i = 0; i < (n) && (c)->err == MW_OK; i++)

static void
say_selected_list (mw_say_out *d, mw_cur *c)
{
  uint32_t n = say_count (d, c, "attributes");
  FOR_EACH (c, i, n)
  {
    mw_say_head (d, c, 0, "attribute %" PRIu32 " of the list", i + 1);
    say_descriptor (d, c, "attribute");
    say_selection (d, c);
    mw_say_up (d);
  }
}

static void
say_method_list (mw_say_out *d, mw_cur *c)
{
  uint32_t n = say_count (d, c, "methods");
  FOR_EACH (c, i, n) say_descriptor (d, c, "method");
}

static void
say_values (mw_say_out *d, mw_cur *c)
{
  uint32_t n = say_count (d, c, "values");
  FOR_EACH (c, i, n) say_data (d, c);
}

static void
say_results (mw_say_out *d, mw_cur *c)
{
  uint32_t n = say_count (d, c, "results");
  FOR_EACH (c, i, n) say_result (d, c, false);
}

/* last-block and block-number, as in DataBlock-SA and DataBlock-G. */
static void
say_block_head (mw_say_out *d, mw_cur *c)
{
  uint8_t last = mw_cur_u8 (c);
  mw_say (d, c, "last block: %s", last ? "yes" : "no");
  uint32_t number = mw_cur_u32 (c);
  mw_say (d, c, "block number %" PRIu32, number);
}

static void
say_raw (mw_say_out *d, mw_cur *c)
{
  char text[80];
  uint32_t n = mw_axdr_length (c);
  mw_say (d, c, "raw data of the block: %" PRIu32 " bytes", n);
  mw_span raw = mw_cur_bytes (c, n);
  mw_say (d, c, "raw data, a piece of the value: %s", mw_say_bytes (text, sizeof text, raw));
}

static void
say_block (mw_say_out *d, mw_cur *c)
{
  say_block_head (d, c);
  say_raw (d, c);
}

static void
say_block_number (mw_say_out *d, mw_cur *c)
{
  uint32_t number = mw_cur_u32 (c);
  mw_say (d, c, "block number %" PRIu32, number);
}

/* --- forms: what stands after invoke-id-and-priority --- */

static void
get_normal (mw_say_out *d, mw_cur *c)
{
  say_descriptor (d, c, "attribute");
  say_selection (d, c);
}

static void
get_answer_block (mw_say_out *d, mw_cur *c)
{
  say_block_head (d, c);
  uint8_t choice = mw_cur_u8 (c);
  if (choice == 1) {
    mw_say (d, c, "choice: data-access-result");
    say_result (d, c, false);
    return;
  }
  if (choice)
    mw_say_wrong (d, c, "choice %u, neither raw data (0) nor result (1)", choice);
  else
    mw_say (d, c, "choice: raw data");
  say_raw (d, c);
}

static void
get_answer_list (mw_say_out *d, mw_cur *c)
{
  uint32_t n = say_count (d, c, "results");
  FOR_EACH (c, i, n) say_data_or_result (d, c);
}

static void
set_normal (mw_say_out *d, mw_cur *c)
{
  get_normal (d, c);
  say_data (d, c);
}

static void
set_first_block (mw_say_out *d, mw_cur *c)
{
  get_normal (d, c);
  say_block (d, c);
}

static void
set_list (mw_say_out *d, mw_cur *c)
{
  say_selected_list (d, c);
  say_values (d, c);
}

static void
set_list_first_block (mw_say_out *d, mw_cur *c)
{
  say_selected_list (d, c);
  say_block (d, c);
}

static void
set_answer_normal (mw_say_out *d, mw_cur *c)
{
  say_result (d, c, false);
}

static void
set_answer_last (mw_say_out *d, mw_cur *c)
{
  say_result (d, c, false);
  say_block_number (d, c);
}

static void
set_answer_last_list (mw_say_out *d, mw_cur *c)
{
  say_results (d, c);
  say_block_number (d, c);
}

static void
action_normal (mw_say_out *d, mw_cur *c)
{
  say_descriptor (d, c, "method");
  uint8_t present = mw_cur_u8 (c);
  mw_say (d, c, "parameters: %s", present ? "present" : "none");
  if (present)
    say_data (d, c);
}

static void
action_list (mw_say_out *d, mw_cur *c)
{
  say_method_list (d, c);
  say_values (d, c);
}

static void
action_first_block (mw_say_out *d, mw_cur *c)
{
  say_descriptor (d, c, "method");
  say_block (d, c);
}

static void
action_list_first_block (mw_say_out *d, mw_cur *c)
{
  say_method_list (d, c);
  say_block (d, c);
}

static void
action_answer_normal (mw_say_out *d, mw_cur *c)
{
  say_result (d, c, true);
  uint8_t present = mw_cur_u8 (c);
  mw_say (d, c, "return parameters: %s", present ? "present" : "none");
  if (present)
    say_data_or_result (d, c);
}

static void
action_answer_list (mw_say_out *d, mw_cur *c)
{
  uint32_t n = say_count (d, c, "results");
  FOR_EACH (c, i, n) action_answer_normal (d, c);
}

/* clang-format off */
typedef struct form {
  uint8_t tag, form;
  const char *name;
  void (*say) (mw_say_out *d, mw_cur *c);
} form;

static const form forms[] = {
  { 0xc0, 1, "get-request-normal",                 get_normal },
  { 0xc0, 2, "get-request-next",                   say_block_number },
  { 0xc0, 3, "get-request-with-list",              say_selected_list },
  { 0xc4, 1, "get-response-normal",                say_data_or_result },
  { 0xc4, 2, "get-response-with-datablock",        get_answer_block },
  { 0xc4, 3, "get-response-with-list",             get_answer_list },
  { 0xc1, 1, "set-request-normal",                 set_normal },
  { 0xc1, 2, "set-request-with-first-datablock",   set_first_block },
  { 0xc1, 3, "set-request-with-datablock",         say_block },
  { 0xc1, 4, "set-request-with-list",              set_list },
  { 0xc1, 5, "set-request-with-list-and-first-datablock", set_list_first_block },
  { 0xc5, 1, "set-response-normal",                set_answer_normal },
  { 0xc5, 2, "set-response-datablock",             say_block_number },
  { 0xc5, 3, "set-response-last-datablock",        set_answer_last },
  { 0xc5, 4, "set-response-last-datablock-with-list", set_answer_last_list },
  { 0xc5, 5, "set-response-with-list",             say_results },
  { 0xc3, 1, "action-request-normal",              action_normal },
  { 0xc3, 2, "action-request-next-pblock",         say_block_number },
  { 0xc3, 3, "action-request-with-list",           action_list },
  { 0xc3, 4, "action-request-with-first-pblock",   action_first_block },
  { 0xc3, 5, "action-request-with-list-and-first-pblock", action_list_first_block },
  { 0xc3, 6, "action-request-with-pblock",         say_block },
  { 0xc7, 1, "action-response-normal",             action_answer_normal },
  { 0xc7, 2, "action-response-with-pblock",        say_block },
  { 0xc7, 3, "action-response-with-list",          action_answer_list },
  { 0xc7, 4, "action-response-next-pblock",        say_block_number },
};
/* clang-format on */

static void
describe_service (mw_say_out *d, mw_cur *c, unsigned tag)
{
  uint8_t which = mw_cur_u8 (c);
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    if (forms[i].tag != tag || forms[i].form != which)
      continue;
    mw_say (d, c, "form %u: %s", which, forms[i].name);
    say_invoke (d, c);
    forms[i].say (d, c);
    return;
  }
  mw_say_wrong (d, c, "form %u, which the service does not have", which);
  mw_cur_fail (c, MW_ERR_VALUE);
}

/* --- notifications, exceptions --- */

static void
say_time (mw_say_out *d, mw_cur *c)
{
  char text[MW_CIVIL_TEXT];
  mw_civil t;
  bool tagged = mw_cur_left (c) > 1 && c->at[0] == MW_AXDR_OCTET_STRING && c->at[1] == 12;
  if (tagged) { /* as Kaifa's meters send it; the standard has no tag here */
    mw_cur_u8 (c);
    mw_say (d, c, "tag of an octet-string, which the standard does not put here");
  }
  uint32_t n = mw_axdr_length (c);
  mw_span octets = mw_cur_bytes (c, n);
  if (n == 0)
    mw_say (d, c, "date-time: none");
  else if (mw_axdr_civil (octets.ptr, octets.len, &t) == MW_OK
           && mw_civil_format (&t, text, sizeof text))
    mw_say (d, c, "date-time: %s", text);
  else
    mw_say_wrong (d, c, "date-time of %" PRIu32 " bytes that is none", n);
}

static void
describe_data_notification (mw_say_out *d, mw_cur *c)
{
  uint32_t v = mw_cur_u32 (c);
  mw_say (d, c, "long invoke-id %" PRIu32 ", %s, %s, priority %s", v & 0xffffff,
          v & 0x40000000 ? "confirmed" : "unconfirmed",
          v & 0x20000000 ? "break on error" : "continue on error",
          v & 0x80000000 ? "high" : "normal");
  say_time (d, c);
  say_data (d, c);
}

static void
describe_event_notification (mw_say_out *d, mw_cur *c)
{
  uint8_t present = mw_cur_u8 (c);
  mw_say (d, c, "time: %s", present ? "present" : "none");
  if (present)
    say_time (d, c);
  say_descriptor (d, c, "attribute");
  say_data (d, c);
}

static void
describe_exception (mw_say_out *d, mw_cur *c)
{
  uint8_t state = mw_cur_u8 (c);
  mw_say (d, c, "state error %u: %s", state, mw_exception_state_name (state));
  uint8_t service = mw_cur_u8 (c);
  mw_say (d, c, "service error %u: %s", service, mw_exception_service_name (service));
  if (service != MW_SERVICE_INVOCATION_COUNTER)
    return;
  uint32_t counter = mw_cur_u32 (c);
  mw_say (d, c, "invocation counter %" PRIu32, counter);
}

/* clang-format off */
static const struct {
  uint8_t tag;
  void (*say) (mw_say_out *d, mw_cur *c);
} apdus[] = {
  { MW_APDU_INITIATE_REQUEST,        mw_describe_initiate_request },
  { MW_APDU_INITIATE_RESPONSE,       mw_describe_initiate_response },
  { MW_APDU_CONFIRMED_SERVICE_ERROR, mw_describe_service_error },
  { MW_APDU_DATA_NOTIFICATION,       describe_data_notification },
  { MW_APDU_EVENT_NOTIFICATION,      describe_event_notification },
  { MW_APDU_EXCEPTION_RESPONSE,      describe_exception },
};
/* clang-format on */

static void
describe_body (mw_say_out *d, mw_cur *c, unsigned tag)
{
  char text[80];
  for (size_t i = 0; i < sizeof apdus / sizeof *apdus; i++)
    if (apdus[i].tag == tag) {
      apdus[i].say (d, c);
      return;
    }
  if (tag >= MW_APDU_GET_REQUEST && tag <= MW_APDU_ACTION_RESPONSE) {
    describe_service (d, c, tag);
    return;
  }
  if (mw_describe_protected (d, c, tag))
    return;
  mw_span rest = mw_cur_bytes (c, mw_cur_left (c));
  mw_say (d, c, "contents, %u bytes: %s", (unsigned) rest.len,
          mw_say_bytes (text, sizeof text, rest));
}

void
mw_describe_apdu (mw_say_out *d, mw_cur *c)
{
  int tag = mw_cur_peek (c);
  if (tag >= MW_APDU_AARQ && tag <= MW_APDU_RLRE) {
    mw_describe_acse (d, c);
    return;
  }
  const char *name = tag < 0 ? NULL : mw_apdu_name ((unsigned) tag);
  mw_cur_u8 (c);
  if (!name) {
    mw_say_wrong (d, c, "%02X begins no APDU", tag < 0 ? 0u : (unsigned) tag);
    mw_cur_fail (c, MW_ERR_VALUE);
    return;
  }
  mw_say (d, c, "%s", name);
  unsigned depth = d->depth++;
  if (depth < MW_SAY_DEPTH)
    describe_body (d, c, (unsigned) tag);
  mw_say_rest (d, c);
  d->depth = depth;
}
