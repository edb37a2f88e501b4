/* words.c: see words.h.  The words are short, in the field's terms, and never blame. */
#include "meter/dlms/words.h"

static gboolean
access_failed (MwWire *wire, GError **error)
{
  const mw_dlms_client *c = &wire->dlms;
  return mw_fail (error, MW_SESSION_ERROR_ACCESS,
                  "The meter did not accept the password of client %u. Give the password of "
                  "this meter and connect again; several wrong ones may lock it for a while.",
                  c->transport ? c->transport->client : wire->client);
}

static gboolean
association_rejected (MwWire *wire, GError **error)
{
  const mw_dlms_client *c = &wire->dlms;
  if (c->acse_source == 1
      && (c->acse_diagnostic == MW_DIAG_AUTHENTICATION_FAILURE
          || c->acse_diagnostic == MW_DIAG_AUTHENTICATION_REQUIRED
          || c->acse_diagnostic == MW_DIAG_MECHANISM_REQUIRED))
    return access_failed (wire, error);
  return mw_fail (error, MW_SESSION_ERROR_ACCESS,
                  "The meter refused the association of client %u (%s). Another client may be "
                  "allowed: say client=N in the link, and its password.",
                  wire->client,
                  c->acse_result ? mw_acse_diagnostic_name (c->acse_source, c->acse_diagnostic)
                                 : "no reason given");
}

gboolean
mw_words_connection_failed (MwWire *wire, enum mw_err err, GError **error)
{
  g_autofree char *where = mw_uri_describe (wire->channel->uri);
  switch (err) {
  case MW_ERR_TIMEOUT:
    return mw_channel_stopped (wire->channel, error);
  case MW_ERR_CLOSED:
    return mw_fail (error, MW_SESSION_ERROR_LINK,
                    "The meter on %s ended the connection. Connect again; if it does so every "
                    "time, another client or program may hold it.",
                    where);
  case MW_ERR_ACCESS:
    return access_failed (wire, error);
  case MW_ERR_REJECTED:
    return association_rejected (wire, error);
  default:
    return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                    "The conversation with the meter on %s broke off: %s. Try again; if it "
                    "happens every time, the trace shows where.",
                    where, mw_err_text (err));
  }
}

gboolean
mw_words_request_failed (MwWire *wire, enum mw_err err, GError **error)
{
  const mw_exception *x = &wire->dlms.exception;
  switch (err) {
  case MW_ERR_REFUSED:
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "The meter refused the request (%s, %s). This client may not be allowed to "
                    "do it.",
                    mw_exception_state_name (x->state), mw_exception_service_name (x->service));
  case MW_ERR_UNSUPPORTED:
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "The meter does not offer this service to client %u.", wire->client);
  case MW_ERR_SPACE:
    return mw_fail (error, MW_SESSION_ERROR_REFUSED,
                    "The request is longer than the meter takes.");
  case MW_ERR_STATE:
  case MW_ERR_VALUE:
    return mw_fail (error, MW_SESSION_ERROR_USAGE, "The request cannot be sent: %s.",
                    mw_err_text (err));
  default:
    return mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                    "The answer of the meter could not be understood: %s. The trace shows it.",
                    mw_err_text (err));
  }
}
