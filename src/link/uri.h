/* uri.h: the name of a link, with everything that a session must know to use it.
 *
 *   serial:DEVICE   tcp:HOST:PORT   gsm:DEVICE?number=…   ref:MODEL   replay:FILE
 *
 * The grammar is in README.md beside this file.  A URI never holds a secret; a parameter
 * that looks like one is refused.  Values that were not given are 0 / NULL / the enum's _UNSET,
 * so that a session can tell "not said" from a choice.
 */
#ifndef MW_LINK_URI_H
#define MW_LINK_URI_H

#include <glib.h>

#include "base/line.h"

G_BEGIN_DECLS

typedef enum {
  MW_SCHEME_SERIAL,
  MW_SCHEME_TCP,
  MW_SCHEME_GSM,
  MW_SCHEME_REF,
  MW_SCHEME_REPLAY
} MwScheme;

typedef enum { MW_MODE_UNSET, MW_MODE_OPTICAL, MW_MODE_MODULE, MW_MODE_DIRECT } MwLinkMode;

typedef enum {
  MW_FRAMING_UNSET, /* as auto */
  MW_FRAMING_AUTO,
  MW_FRAMING_WRAPPER,
  MW_FRAMING_HDLC,
  MW_FRAMING_IEC,
  MW_FRAMING_KMP
} MwFraming;

typedef enum {
  MW_PROTOCOL_AUTO,
  MW_PROTOCOL_DLMS,
  MW_PROTOCOL_IEC,
  MW_PROTOCOL_KMP,
  MW_PROTOCOL_MBUS
} MwProtocol;

typedef enum {
  MW_URI_AUTH_UNSET,
  MW_URI_AUTH_NONE,
  MW_URI_AUTH_LOW,
  MW_URI_AUTH_HIGH,
  MW_URI_AUTH_MD5,
  MW_URI_AUTH_SHA1,
  MW_URI_AUTH_GMAC,
  MW_URI_AUTH_SHA256,
  MW_URI_AUTH_ECDSA
} MwAuth;

typedef enum {
  MW_SECURITY_UNSET,
  MW_SECURITY_NONE,
  MW_SECURITY_AUTHENTICATED,
  MW_SECURITY_ENCRYPTED,
  MW_SECURITY_BOTH
} MwSecurity;

typedef enum { MW_ECHO_AUTO, MW_ECHO_ON, MW_ECHO_OFF } MwEcho;

typedef enum { MW_HOLD_UNSET, MW_HOLD_NO, MW_HOLD_YES } MwHold;

typedef struct MwUri {
  MwScheme scheme;
  char *target; /* device, host, model or file */
  guint port;   /* tcp: 1-65535 */
  /* serial */
  MwLinkMode mode; /* as given; ask mw_uri_mode */
  guint baud;      /* 0: as the mode says */
  guint max_baud;  /* 0: as the meter offers */
  mw_line format;  /* parity=; data_bits 0: not given; baud is always 0 in here */
  MwEcho echo;
  guint switch_ms; /* switch-delay=: before the speed changes; 0: 300 */
  /* tcp */
  MwFraming framing; /* as given; ask mw_uri_framing */
  /* gsm */
  char *number;
  MwHold hold; /* leave the call up when the link is closed */
  char *pin;   /* of the SIM card; never in a text: whoever opens the link sets it */
  /* ref: MODEL's own options (generation, history, seed, …) by name; never NULL */
  GHashTable *options;
  /* common */
  MwProtocol protocol;
  guint timeout_ms;   /* 0: the protocol's own */
  int retries;        /* -1: not given */
  gint64 address;     /* -1: not given; the HDLC server, KMP, M-Bus or IEC address
                        (-1, too, when an IEC address is no number) */
  char *address_text; /* as it stands, for IEC ("00012345"); NULL */
  int client;         /* -1: not given */
  int logical_device; /* -1: not given */
  MwAuth auth;
  int suite; /* -1: not given */
  MwSecurity security;
  char *system_title; /* 16 hex digits, capitals; NULL */
} MwUri;

/* MW_LINK_ERROR_URI with a sentence that names the parameter and what it may be. */
MwUri *mw_uri_parse (const char *text, GError **error);
MwUri *mw_uri_copy (const MwUri *uri);
void mw_uri_free (MwUri *uri);
/* The URI with only what was given, in a fixed order: parsing it again gives an equal
 * value.  Free with g_free. */
char *mw_uri_format (const MwUri *uri);
/* What a person is told: "optical head on /dev/ttyUSB0", "10.0.0.5, port 4059",
 * "reference meter MT381".  Free with g_free. */
char *mw_uri_describe (const MwUri *uri);
const char *mw_scheme_name (MwScheme scheme);
/* How the link is begun: a serial port is an optical head (IEC 62056-21 opening at 300 baud)
 * unless it says otherwise; tcp and ref begin directly; ref:…?mode=optical has a head, too. */
MwLinkMode mw_uri_mode (const MwUri *uri);
/* What frames the bytes once the link is begun: AUTO for tcp that does not say; WRAPPER for
 * ref; HDLC for serial ports and for ref with mode=optical. */
MwFraming mw_uri_framing (const MwUri *uri);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwUri, mw_uri_free)

G_END_DECLS

#endif
