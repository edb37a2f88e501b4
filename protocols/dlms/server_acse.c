/* server_acse.c: who may associate, and what is negotiated (Green Book 9.4.4.1, 9.4.6.1). */
#include <string.h>

#include "dlms/server_parts.h"

/* The shortest APDU a client may ask for (Green Book 9.4.6.1: pdu-size-too-short below). */
#define SHORTEST_PDU 12u
#define DLMS_VERSION 6u
#define VAA_NAME_LN 7u

enum { SOURCE_USER = 1, SOURCE_PROVIDER = 2 };
enum { PROVIDER_NO_REASON = 1, PROVIDER_NO_COMMON_VERSION = 2 };
enum { CLASS_INITIATE = 6, VERSION_TOO_LOW = 1, INCOMPATIBLE = 2, PDU_TOO_SHORT = 3 };

typedef struct verdict {
  uint8_t source, diagnostic;
  uint8_t initiate_error; /* of class initiate; 0: none */
} verdict;

static const verdict accepted = { SOURCE_USER, MW_DIAG_NULL, 0 };

/* What can be refused without asking who it is. */
static verdict
check_form (const mw_dlms_server *s, const mw_acse *a)
{
  const mw_initiate *i = &a->initiate;
  if (a->has_protocol_version && !(a->protocol_version & 0x80))
    return (verdict){ SOURCE_PROVIDER, PROVIDER_NO_COMMON_VERSION, 0 };
  if (a->context != MW_CONTEXT_LN)
    return (verdict){ SOURCE_USER, MW_DIAG_CONTEXT_NOT_SUPPORTED, 0 };
  if (i->kind != MW_INITIATE_PLAIN || a->user_information.ptr[0] != MW_APDU_INITIATE_REQUEST)
    return (verdict){ SOURCE_USER, MW_DIAG_NO_REASON, 0 };
  if (i->version < DLMS_VERSION)
    return (verdict){ SOURCE_USER, MW_DIAG_NO_REASON, VERSION_TOO_LOW };
  if (i->max_pdu && i->max_pdu < SHORTEST_PDU)
    return (verdict){ SOURCE_USER, MW_DIAG_NO_REASON, PDU_TOO_SHORT };
  if (!(i->conformance & s->config.conformance))
    return (verdict){ SOURCE_USER, MW_DIAG_NO_REASON, INCOMPATIBLE };
  return accepted;
}

static verdict
check_client (mw_dlms_server *s, const mw_acse *a)
{
  mw_dlms_login login = { .client_sap = s->transport->client,
                          .logical_device = s->transport->server,
                          .mechanism = a->has_mechanism ? a->mechanism : MW_AUTH_NONE,
                          .secret = a->authentication,
                          .context = a->context };
  if (a->has_requirements && (a->requirements & 0x80) && !a->has_mechanism)
    return (verdict){ SOURCE_USER, MW_DIAG_MECHANISM_REQUIRED, 0 };
  if (login.mechanism > MW_AUTH_LOW)
    return (verdict){ SOURCE_USER, MW_DIAG_MECHANISM_NOT_RECOGNISED, 0 };
  s->mechanism = login.mechanism;
  return (verdict){ SOURCE_USER, s->ops->associate (s->ctx, &login), 0 };
}

static void
answer (mw_dlms_server *s, verdict v)
{
  uint8_t buf[32];
  mw_wr user, w = mw_transport_room (s->transport); /* not bound by what it negotiates */
  mw_initiate i = { .version = DLMS_VERSION, .vaa_name = VAA_NAME_LN };
  mw_acse aare = { .tag = MW_APDU_AARE, .context = MW_CONTEXT_LN };
  aare.diagnostic_source = v.source;
  aare.diagnostic = v.diagnostic;
  aare.result = s->associated ? MW_ACSE_ACCEPTED : MW_ACSE_REJECTED;
  i.conformance = s->conformance;
  i.max_pdu = s->config.max_pdu;
  i.error_service = 1; /* initiateError */
  i.error_class = CLASS_INITIATE;
  i.error_code = v.initiate_error;
  mw_wr_init (&user, buf, sizeof buf);
  if (v.initiate_error)
    mw_service_error_put (&user, &i);
  else
    mw_initiate_response_put (&user, &i);
  if (v.source == SOURCE_USER)
    aare.user_information = mw_wr_done (&user);
  mw_acse_encode (&w, &aare);
  server_send (s, &w);
}

/* An AARQ within an association ends that one: the client has lost it. */
void
server_on_aarq (mw_dlms_server *s, mw_span octets)
{
  mw_acse a;
  verdict v;
  server_drop (s);
  if (mw_acse_decode (octets, &a)) {
    answer (s, (verdict){ SOURCE_PROVIDER, PROVIDER_NO_REASON, 0 });
    return;
  }
  s->conformance = a.initiate.conformance & s->config.conformance;
  v = check_form (s, &a);
  if (v.diagnostic == MW_DIAG_NULL)
    v = check_client (s, &a);
  if (v.diagnostic == MW_DIAG_NULL) {
    s->associated = true;
    s->client_sap = s->transport->client;
    s->logical_device = s->transport->server;
    s->client_max_pdu = a.initiate.max_pdu;
  }
  if (!s->associated || a.initiate.response_allowed)
    answer (s, v);
}

/* Green Book 9.4.4.2: released, whoever asks; RLRE with reason normal. */
void
server_on_rlrq (mw_dlms_server *s, mw_span octets)
{
  mw_acse a, rlre = { .tag = MW_APDU_RLRE, .has_reason = true };
  mw_wr w;
  if (mw_acse_decode (octets, &a)) {
    server_except (s, MW_STATE_NOT_ALLOWED, MW_SERVICE_OTHER_REASON);
    return;
  }
  server_drop (s);
  w = server_room (s);
  mw_acse_encode (&w, &rlre);
  server_send (s, &w);
}
