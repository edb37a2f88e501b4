/* engine.h: what all protocol engines have in common.
 *
 * An engine does no I/O and owns no clock.  Time is a parameter: milliseconds of any monotonic
 * clock whose zero the caller chose.  Every engine has the same verbs:
 *
 *   _init      caller's memory, no allocation, ready to be used
 *   _feed      give it received bytes; it stops at an event and returns how many it took
 *   _tx        the bytes that it wants sent now (borrowed; empty when none)
 *   _tx_ack    the first N of them are sent
 *   _deadline  when _tick must be called at the latest; MW_NEVER when it waits for nothing
 *   _tick      the clock has moved
 *   _take_event  the next event, 0 when there is none
 *
 * The loop of a caller: while _tx is not empty, send and _tx_ack; take events; else wait for
 * bytes until _deadline; _feed what came, or _tick.
 */
#ifndef MW_ENGINE_H
#define MW_ENGINE_H

#include <stdint.h>

#include "cursor.h"
#include "errors.h"

typedef uint64_t mw_ms;
#define MW_NEVER UINT64_MAX

enum mw_role { MW_CLIENT, MW_SERVER, MW_N_ROLES };

#endif
