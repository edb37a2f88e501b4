/* apdu.h: the xDLMS services with logical names: GET, SET, ACTION, notifications, exceptions.
 *
 * Green Book 9.3 (services), 9.4.6 (protocol), 9.5 (abstract syntax).  A decoded APDU borrows
 * from the octets it was read from.  Decode and encode of one message stand in one file:
 *   apdu_get.c apdu_set.c apdu_action.c   requests and responses, with blocks and lists
 *   apdu_select.c                         selective access to a profile
 *   apdu_misc.c                           exception, data- and event-notification
 */
#ifndef MW_APDU_H
#define MW_APDU_H

#include "dlms/axdr.h"

/* clang-format off */
/* First octet of an APDU (Green Book 9.5, COSEMpdu). */
enum mw_apdu_tag {
  MW_APDU_INITIATE_REQUEST = 0x01,
  MW_APDU_INITIATE_RESPONSE = 0x08,
  MW_APDU_CONFIRMED_SERVICE_ERROR = 0x0e,
  MW_APDU_DATA_NOTIFICATION = 0x0f,
  MW_APDU_AARQ = 0x60, MW_APDU_AARE = 0x61, MW_APDU_RLRQ = 0x62, MW_APDU_RLRE = 0x63,
  MW_APDU_GET_REQUEST = 0xc0, MW_APDU_SET_REQUEST = 0xc1,
  MW_APDU_EVENT_NOTIFICATION = 0xc2, MW_APDU_ACTION_REQUEST = 0xc3,
  MW_APDU_GET_RESPONSE = 0xc4, MW_APDU_SET_RESPONSE = 0xc5, MW_APDU_ACTION_RESPONSE = 0xc7,
  MW_APDU_EXCEPTION_RESPONSE = 0xd8,
};

/* Data-Access-Result, and Action-Result where the third column says so. */
#define MW_DAR_ROWS(ROW) \
  ROW (  0, SUCCESS,                   "success") \
  ROW (  1, HARDWARE_FAULT,            "hardware-fault") \
  ROW (  2, TEMPORARY_FAILURE,         "temporary-failure") \
  ROW (  3, READ_WRITE_DENIED,         "read-write-denied") \
  ROW (  4, OBJECT_UNDEFINED,          "object-undefined") \
  ROW (  9, OBJECT_CLASS_INCONSISTENT, "object-class-inconsistent") \
  ROW ( 11, OBJECT_UNAVAILABLE,        "object-unavailable") \
  ROW ( 12, TYPE_UNMATCHED,            "type-unmatched") \
  ROW ( 13, SCOPE_OF_ACCESS_VIOLATED,  "scope-of-access-violated") \
  ROW ( 14, DATA_BLOCK_UNAVAILABLE,    "data-block-unavailable") \
  ROW ( 15, LONG_GET_ABORTED,          "long-get-aborted") \
  ROW ( 16, NO_LONG_GET_IN_PROGRESS,   "no-long-get-in-progress") \
  ROW ( 17, LONG_SET_ABORTED,          "long-set-aborted") \
  ROW ( 18, NO_LONG_SET_IN_PROGRESS,   "no-long-set-in-progress") \
  ROW ( 19, DATA_BLOCK_NUMBER_INVALID, "data-block-number-invalid") \
  ROW (250, OTHER_REASON,              "other-reason")
/* clang-format on */

enum mw_dar {
#define MW_DAR_ROW(number, symbol, name) MW_DAR_##symbol = number,
  MW_DAR_ROWS (MW_DAR_ROW)
#undef MW_DAR_ROW
};
/* Action-Result has its own names for these two (Green Book 9.5). */
#define MW_ACTION_LONG_ABORTED 15u
#define MW_ACTION_NO_LONG_IN_PROGRESS 16u

/* The standard's names ("object-undefined"); "unknown" for other numbers. Static storage. */
const char *mw_dar_name (unsigned result);
const char *mw_action_result_name (unsigned result);

/* The first octet of an APDU in words ("get-request"); NULL for other octets. Also for the
 * ciphered ones (glo-, ded-, general-), which this library names and does not decode. */
const char *mw_apdu_name (unsigned tag);

/* An attribute, or a method, of one object: what the standard calls a descriptor. */
typedef struct mw_dlms_attr {
  uint16_t class_id;
  mw_obis ln;
  int8_t index; /* attribute or method number */
} mw_dlms_attr;

/* Selective access: SELECTOR 0 means none; PARAMETERS is one A-XDR value. */
typedef struct mw_dlms_selection {
  uint8_t selector;
  mw_span parameters;
} mw_dlms_selection;

void mw_dlms_attr_put (mw_wr *w, const mw_dlms_attr *a);
mw_dlms_attr mw_dlms_attr_get (mw_cur *c);
/* Descriptor and optional access selection, as GET and SET have them. */
void mw_dlms_selection_put (mw_wr *w, const mw_dlms_selection *s);
mw_dlms_selection mw_dlms_selection_get (mw_cur *c);

/* --- requests and responses --------------------------------------------------------------- */

/* The second octet: which form of the service. */
enum mw_get_form { MW_GET_NORMAL = 1, MW_GET_NEXT = 2, MW_GET_LIST = 3 };
enum mw_get_answer {
  MW_GET_ANSWER_NORMAL = 1,
  MW_GET_ANSWER_BLOCK = 2,
  MW_GET_ANSWER_LIST = 3
};
enum mw_set_form {
  MW_SET_NORMAL = 1,
  MW_SET_FIRST_BLOCK = 2,
  MW_SET_BLOCK = 3,
  MW_SET_LIST = 4,
  MW_SET_LIST_FIRST_BLOCK = 5,
};
enum mw_set_answer {
  MW_SET_ANSWER_NORMAL = 1,
  MW_SET_ANSWER_BLOCK = 2,
  MW_SET_ANSWER_LAST_BLOCK = 3,
  MW_SET_ANSWER_LAST_BLOCK_LIST = 4,
  MW_SET_ANSWER_LIST = 5,
};
enum mw_action_form {
  MW_ACTION_NORMAL = 1,
  MW_ACTION_NEXT = 2,
  MW_ACTION_LIST = 3,
  MW_ACTION_FIRST_BLOCK = 4,
  MW_ACTION_LIST_FIRST_BLOCK = 5,
  MW_ACTION_BLOCK = 6,
};
enum mw_action_answer {
  MW_ACTION_ANSWER_NORMAL = 1,
  MW_ACTION_ANSWER_BLOCK = 2,
  MW_ACTION_ANSWER_LIST = 3,
  MW_ACTION_ANSWER_NEXT = 4,
};

/* invoke-id-and-priority: bits 0-3 invoke-id, 6 confirmed, 7 high priority. */
#define MW_INVOKE_ID 0x0fu
#define MW_INVOKE_CONFIRMED 0x40u
#define MW_INVOKE_HIGH 0x80u

/* Any GET-, SET- or ACTION-request or -response.  Which members hold something is said by tag
 * and form; the others are zero. */
typedef struct mw_apdu {
  uint8_t tag;
  uint8_t form;
  uint8_t invoke; /* invoke-id-and-priority */
  uint8_t result; /* Data-Access-Result or Action-Result */
  bool has_data;  /* a response: DATA is there, RESULT is not an error of the read */
  bool last_block;
  uint8_t data_result;      /* ACTION response: return parameters refused with this */
  mw_dlms_attr attr;        /* normal and first-block requests */
  mw_dlms_selection access; /* GET normal, SET normal and first-block */
  uint32_t block;           /* block number */
  uint32_t count;           /* lists: number of entries of LIST (and of DATA) */
  mw_span list; /* lists: descriptors (requests), results (responses), not counted */
  mw_span data; /* a value with its tag; the raw data of a block; a list's values */
} mw_apdu;

/* Decode. MW_ERR_UNSUPPORTED: the form is none of the standard's; every other error: what the
 * octets lack.  The descriptors of a list and the values of a list are checked for being
 * whole. */
enum mw_err mw_apdu_decode (mw_span octets, mw_apdu *out);
/* Encode what mw_apdu_decode would read. */
enum mw_err mw_apdu_encode (mw_wr *w, const mw_apdu *a);

/* The parts, one per service; mw_apdu_decode and mw_apdu_encode call them. C is after the tag
 * and form. */
void mw_apdu_get_request (mw_cur *c, mw_apdu *a);
void mw_apdu_get_response (mw_cur *c, mw_apdu *a);
void mw_apdu_set_request (mw_cur *c, mw_apdu *a);
void mw_apdu_set_response (mw_cur *c, mw_apdu *a);
void mw_apdu_action_request (mw_cur *c, mw_apdu *a);
void mw_apdu_action_response (mw_cur *c, mw_apdu *a);
void mw_apdu_put_get_request (mw_wr *w, const mw_apdu *a);
void mw_apdu_put_get_response (mw_wr *w, const mw_apdu *a);
void mw_apdu_put_set_request (mw_wr *w, const mw_apdu *a);
void mw_apdu_put_set_response (mw_wr *w, const mw_apdu *a);
void mw_apdu_put_action_request (mw_wr *w, const mw_apdu *a);
void mw_apdu_put_action_response (mw_wr *w, const mw_apdu *a);

/* One entry of an ACTION response: result and optional return parameters. */
typedef struct mw_action_reply {
  uint8_t result;      /* Action-Result */
  uint8_t data_result; /* Data-Access-Result of the return parameters */
  bool has_data;
  mw_span data;
} mw_action_reply;
mw_action_reply mw_action_reply_get (mw_cur *c);
void mw_action_reply_put (mw_wr *w, const mw_action_reply *r);

/* --- selective access to a profile (Blue Book, class 7) ------------------------------------
 */

/* What a column of a profile captures. */
typedef struct mw_capture_object {
  uint16_t class_id;
  mw_obis ln;
  int8_t index;
  uint16_t data_index;
} mw_capture_object;

void mw_capture_object_put (mw_wr *w, const mw_capture_object *o);
mw_capture_object mw_capture_object_get (mw_cur *c);

enum mw_profile_selector { MW_SELECT_NONE = 0, MW_SELECT_RANGE = 1, MW_SELECT_ENTRY = 2 };

typedef struct mw_profile_select {
  uint8_t selector; /* enum mw_profile_selector */
  /* range_descriptor */
  mw_capture_object sort; /* restricting_object, mostly the clock */
  mw_axdr_value from, to; /* of whatever type; null-data: no limit */
  uint32_t columns;       /* selected_values; 0: all */
  mw_span column_list;    /* COLUMNS structures: read them with mw_capture_object_get */
  /* entry_descriptor: numbers from 1; 0 as a "to" means the last there is */
  uint32_t from_entry, to_entry;
  uint16_t from_column, to_column;
} mw_profile_select;

/* The parameters of an access selection (also with selector 0). */
enum mw_err mw_profile_select_decode (const mw_dlms_selection *access, mw_profile_select *out);
/* FROM and TO as clock times: civil times with deviation. COLUMNS may be 0. */
void mw_profile_range_put (mw_wr *w, const mw_capture_object *sort, const mw_civil *from,
                           const mw_civil *to, const mw_capture_object *columns, size_t n);
void mw_profile_entry_put (mw_wr *w, uint32_t from_entry, uint32_t to_entry,
                           uint16_t from_column, uint16_t to_column);

/* --- the rest ------------------------------------------------------------------------------
 */

/* Exception-Response (Green Book 9.5). */
enum mw_exception_state { MW_STATE_NOT_ALLOWED = 1, MW_STATE_UNKNOWN = 2 };
enum mw_exception_service {
  MW_SERVICE_NOT_POSSIBLE = 1,
  MW_SERVICE_NOT_SUPPORTED = 2,
  MW_SERVICE_OTHER_REASON = 3,
  MW_SERVICE_PDU_TOO_LONG = 4,
  MW_SERVICE_DECIPHERING = 5,
  MW_SERVICE_INVOCATION_COUNTER = 6,
};
typedef struct mw_exception {
  uint8_t state, service;
  uint32_t invocation_counter; /* with MW_SERVICE_INVOCATION_COUNTER */
} mw_exception;
enum mw_err mw_exception_decode (mw_span octets, mw_exception *out);
void mw_exception_encode (mw_wr *w, const mw_exception *e);
const char *mw_exception_state_name (unsigned state);
const char *mw_exception_service_name (unsigned service);

/* Data-Notification and Event-Notification-Request. */
typedef struct mw_notification {
  uint8_t tag;
  uint32_t long_invoke; /* data-notification: bits 0-23 number, 28-31 flags */
  bool has_time;
  mw_civil time;
  mw_dlms_attr attr; /* event-notification */
  mw_span data;      /* one A-XDR value */
} mw_notification;
enum mw_err mw_notification_decode (mw_span octets, mw_notification *out);
void mw_notification_encode (mw_wr *w, const mw_notification *n);

#endif
