/* modem.h: a modem with a reference meter behind it, as a channel.
 *
 *   tool ── modem of the tool (protocols/modem) ~~ network ~~ module of the meter ── meter's
 * port └─ its own address BFh: signal
 *
 * What the tool sees is its own modem: commands until a call is up, then the meter's bytes. The
 * module in the meter is transparent (METERTOOL manual 3.2.2.2); it answers KMP at the address
 * of a base module and tells its signal strength in MW_KMP_MODULE_SIGNAL, which no public
 * source confirms (reference).
 */
#ifndef MW_HOST_MODEM_H
#define MW_HOST_MODEM_H

#include "host/refmeter.h"
#include "kmp/server.h"
#include "modem/server.h"

typedef struct mw_host_modem {
  mw_modem_server server;
  mw_kmp_server module;
  mw_channel meter;
  uint8_t far_signal;  /* at the meter, 0-31 */
  bool silent;         /* switched off */
  uint64_t drop_after; /* octets to the tool in this call, then the carrier goes; 0: never */
  uint64_t given;      /* octets to the tool in this call */
  uint8_t source;      /* of the octets handed out last */
  bool was_online;
} mw_host_modem;

extern const mw_channel_class mw_channel_modem;

/* C becomes the port of a modem in front of R. MODEM stays the caller's and must not move. */
void mw_host_modem_init (mw_host_modem *modem, mw_channel *c, mw_ref *r,
                         const mw_modem_network *network, mw_ms now);
/* "signal 9", "far-signal 9", "busy", "answer", "no-carrier", "no-dialtone", "no-answer",
 * "nothing", "drop", "drop-after N", "register N", "off", "on", "status": WORDS end with "".
 * False: not understood. */
bool mw_host_modem_command (mw_host_modem *modem, char *const *words, char *reply, size_t cap);
/* The outcome of a call by its word. */
bool mw_host_modem_outcome (const char *word, enum mw_modem_outcome *out);

#endif
