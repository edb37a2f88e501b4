/* acse.h: the association: AARQ, AARE, RLRQ, RLRE in BER, and the xDLMS Initiate inside them.
 *
 * Green Book 9.4.2 (application context and mechanism names), 9.4.4, 9.5 (ACSE-APDU,
 * InitiateRequest, InitiateResponse, ConfirmedServiceError); ISO/IEC 8650-1, 8825-1.
 */
#ifndef MW_ACSE_H
#define MW_ACSE_H

#include "dlms/apdu.h"

/* Application context 2.16.756.5.8.1.x. */
enum mw_acse_context {
  MW_CONTEXT_LN = 1,
  MW_CONTEXT_SN = 2,
  MW_CONTEXT_LN_CIPHERED = 3,
  MW_CONTEXT_SN_CIPHERED = 4,
};
/* Authentication mechanism 2.16.756.5.8.2.x. */
enum mw_acse_mechanism {
  MW_AUTH_NONE = 0,
  MW_AUTH_LOW = 1,
  MW_AUTH_HIGH = 2,
  MW_AUTH_MD5 = 3,
  MW_AUTH_SHA1 = 4,
  MW_AUTH_GMAC = 5,
  MW_AUTH_SHA256 = 6,
  MW_AUTH_ECDSA = 7,
};
enum mw_acse_result {
  MW_ACSE_ACCEPTED = 0,
  MW_ACSE_REJECTED = 1,
  MW_ACSE_REJECTED_FOR_NOW = 2
};
/* Result-source-diagnostic, acse-service-user. */
enum mw_acse_diagnostic {
  MW_DIAG_NULL = 0,
  MW_DIAG_NO_REASON = 1,
  MW_DIAG_CONTEXT_NOT_SUPPORTED = 2,
  MW_DIAG_MECHANISM_NOT_RECOGNISED = 11,
  MW_DIAG_MECHANISM_REQUIRED = 12,
  MW_DIAG_AUTHENTICATION_FAILURE = 13,
  MW_DIAG_AUTHENTICATION_REQUIRED = 14,
};
const char *mw_acse_diagnostic_name (unsigned source, unsigned diagnostic);
const char *mw_acse_mechanism_name (unsigned mechanism);

/* clang-format off */
/* Conformance: bit 0 of the standard is the most significant of 24 (Green Book 9.4.6.1). */
#define MW_CONF_ROWS(ROW) \
  ROW ( 1, GENERAL_PROTECTION,     "general-protection") \
  ROW ( 2, GENERAL_BLOCK,          "general-block-transfer") \
  ROW ( 3, READ,                   "read") \
  ROW ( 4, WRITE,                  "write") \
  ROW ( 5, UNCONFIRMED_WRITE,      "unconfirmed-write") \
  ROW ( 6, DELTA_VALUE,            "delta-value-encoding") \
  ROW ( 8, ATTRIBUTE_0_SET,        "attribute0-supported-with-set") \
  ROW ( 9, PRIORITY,               "priority-mgmt-supported") \
  ROW (10, ATTRIBUTE_0_GET,        "attribute0-supported-with-get") \
  ROW (11, BLOCK_GET,              "block-transfer-with-get-or-read") \
  ROW (12, BLOCK_SET,              "block-transfer-with-set-or-write") \
  ROW (13, BLOCK_ACTION,           "block-transfer-with-action") \
  ROW (14, MULTIPLE,               "multiple-references") \
  ROW (15, INFORMATION_REPORT,     "information-report") \
  ROW (16, DATA_NOTIFICATION,      "data-notification") \
  ROW (17, ACCESS,                 "access") \
  ROW (18, PARAMETERIZED,          "parameterized-access") \
  ROW (19, GET,                    "get") \
  ROW (20, SET,                    "set") \
  ROW (21, SELECTIVE,              "selective-access") \
  ROW (22, EVENT_NOTIFICATION,     "event-notification") \
  ROW (23, ACTION,                 "action")
enum mw_conformance {
#define MW_CONF_ROW(bit, symbol, name) MW_CONF_##symbol = 1 << (23 - (bit)),
  MW_CONF_ROWS (MW_CONF_ROW)
#undef MW_CONF_ROW
};
/* clang-format on */

/* All that this library speaks with logical names: 1C1F2Dh… less what is ciphered. */
#define MW_CONF_ALL_LN                                                                         \
  (MW_CONF_GET | MW_CONF_SET | MW_CONF_ACTION | MW_CONF_SELECTIVE | MW_CONF_MULTIPLE           \
   | MW_CONF_BLOCK_GET | MW_CONF_BLOCK_SET | MW_CONF_BLOCK_ACTION | MW_CONF_PRIORITY           \
   | MW_CONF_EVENT_NOTIFICATION)

/* The name of bit BIT (0-23, the standard's count); NULL for a reserved one. */
const char *mw_conformance_name (unsigned bit);

/* Which of the Initiate forms stands in the user-information. */
enum mw_initiate_kind {
  MW_INITIATE_NONE,
  MW_INITIATE_PLAIN,    /* InitiateRequest 01h or InitiateResponse 08h, decoded below */
  MW_INITIATE_ERROR,    /* ConfirmedServiceError 0Eh, decoded below */
  MW_INITIATE_CIPHERED, /* anything else: only USER_INFORMATION holds it */
};

typedef struct mw_initiate {
  uint8_t kind;
  mw_span dedicated_key; /* requests */
  bool response_allowed; /* requests; true unless said otherwise */
  bool has_quality;
  uint8_t quality;
  uint8_t version; /* 6 */
  uint32_t conformance;
  uint16_t max_pdu;  /* the sender's longest APDU to receive; 0: no limit */
  uint16_t vaa_name; /* responses; 7 with logical names */
  uint8_t error_service, error_class, error_code; /* ConfirmedServiceError */
} mw_initiate;

enum mw_err mw_initiate_decode (mw_span octets, mw_initiate *out);
void mw_initiate_request_put (mw_wr *w, const mw_initiate *i);
void mw_initiate_response_put (mw_wr *w, const mw_initiate *i);
void mw_service_error_put (mw_wr *w, const mw_initiate *i);
const char *mw_service_error_name (unsigned error_class, unsigned error_code);

/* AARQ, AARE, RLRQ or RLRE. Absent fields are empty spans. */
typedef struct mw_acse {
  uint8_t tag; /* MW_APDU_AARQ … */
  bool has_protocol_version;
  uint8_t protocol_version; /* the bits, version 1 is 80h */
  uint8_t context;          /* enum mw_acse_context; 0: another name */
  mw_span context_name;     /* the OBJECT IDENTIFIER's contents */
  mw_span called_title, called_qualifier, calling_title, calling_qualifier; /* AARQ */
  mw_span responding_title, responding_qualifier;                           /* AARE */
  bool has_requirements; /* sender- or responder-acse-requirements */
  uint8_t requirements;  /* 80h: authentication */
  bool has_mechanism;
  uint8_t mechanism; /* enum mw_acse_mechanism; 255: another name */
  bool has_authentication;
  mw_span
      authentication; /* password or challenge: calling- or responding-authentication-value */
  uint8_t result;     /* AARE */
  uint8_t diagnostic_source; /* AARE: 1 acse-service-user, 2 acse-service-provider */
  uint8_t diagnostic;        /* AARE */
  bool has_reason;
  uint8_t reason;           /* RLRQ, RLRE */
  mw_span user_information; /* the xDLMS APDU inside */
  mw_initiate initiate;     /* user_information decoded, when it is plain */
} mw_acse;

enum mw_err mw_acse_decode (mw_span octets, mw_acse *out);
/* user_information is written as it stands (see mw_initiate_..._put). */
enum mw_err mw_acse_encode (mw_wr *w, const mw_acse *a);

#endif
