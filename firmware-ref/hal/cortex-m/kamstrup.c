/* kamstrup.c: a Kamstrup meter as the firmware of a Cortex-M4: UART 0 is what a transparent
 * module passes on, KMP and IEC 62056-21 (and of OMNIPOWER HDLC), whichever begins.
 *
 * The same core, personality and port as on a desktop, with their memory laid out at compile
 * time.  The meter is the OMNIPOWER of three phases, which has most of everything.
 */
#include "board.h"
#include "core/scenario.h"
#include "ports/kport.h"

#define BIRTH 1767225600 /* 2026-01-01T00:00:00Z */
#define HISTORY_S 86400u
#define SERIAL 22000386u

static mw_nvm nvm;
static mw_kmeter meter;
static mw_kamstrup model;
static mw_kport port;
static mw_scenario scenario;

static void
carry (mw_ms now)
{
  uint8_t buf[64];
  mw_span out;
  size_t n = board_receive (buf, sizeof buf);

  if (n)
    mw_kport_feed (&port, buf, n, now);
  while ((out = mw_kport_tx (&port)).len) {
    board_send (out.ptr[0]);
    mw_kport_tx_ack (&port, 1, now);
  }
}

int
main (void)
{
  int personality = mw_kpersonality_find ("omnipower-3p", 'N', 1);
  mw_kamstrup_config config = {
    .nvm = &nvm, .serial = SERIAL, .password = MW_KMP_PIN, .address = MW_KMP_METER
  };
  mw_ms started;
  uint32_t lived = 0;

  board_open ();
  board_memory (&nvm, MW_KMETER_NVM);
  mw_scenario_init (&scenario, MW_SCENARIO_HOUSEHOLD, 1, 3);
  config.personality = (unsigned) personality;
  if (personality < 0 || mw_kamstrup_init (&model, &meter, &config)
      || mw_kmeter_start (&meter, BIRTH))
    return 1;
  mw_scenario_run (&scenario, &meter.m, HISTORY_S);
  started = board_now ();
  mw_kport_init (&port, &model, MW_KPORT_TRANSPARENT, started);
  for (;;) {
    mw_ms now = board_now ();
    uint32_t seconds = (uint32_t) ((now - started) / 1000) - lived;

    if (seconds)
      mw_scenario_run (&scenario, &meter.m, seconds);
    lived += seconds;
    carry (now);
    if (mw_kport_deadline (&port) <= now)
      mw_kport_tick (&port, now);
  }
}
