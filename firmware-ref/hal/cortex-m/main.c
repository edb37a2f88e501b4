/* main.c: the reference meter MT381 as the firmware of a Cortex-M4: UART 0 is its optical head.
 *
 * The same core, model and port as on a desktop, with their memory laid out at compile time:
 * what `arm-none-eabi-size` says of this image is what the meter needs.  The board's clock chip
 * is not read: a life begins at the time below, said to be doubtful by nobody but this line.
 */
#include "board.h"
#include "core/scenario.h"
#include "ports/port.h"

#define BIRTH 1767225600 /* 2026-01-01T00:00:00Z */
#define HISTORY_S (2u * 86400u)

static mw_nvm nvm;
static mw_meter meter;
static mw_model model;
static mw_port port;
static mw_scenario scenario;

static uint8_t
even_parity (uint8_t octet)
{
  octet &= 0x7f;
  return (uint8_t) (octet | (__builtin_parity (octet) ? 0x80 : 0));
}

static void
carry (mw_ms now)
{
  uint8_t buf[64];
  mw_span out;
  size_t n = board_receive (buf, sizeof buf);
  bool seven = mw_port_line (&port).data_bits == 7; /* the UART knows 8N1 alone */

  for (size_t i = 0; seven && i < n; i++)
    buf[i] &= 0x7f;
  if (n)
    mw_port_feed (&port, buf, n, now);
  while ((out = mw_port_tx (&port)).len) {
    seven = mw_port_line (&port).data_bits == 7;
    board_send (seven ? even_parity (out.ptr[0]) : out.ptr[0]);
    mw_port_tx_ack (&port, 1, now);
  }
}

int
main (void)
{
  mw_meter_config config = { &nvm, 3, 1 };
  mw_model_config personality = { MW_MT381, "REF00386", NULL };
  mw_ms started;
  uint32_t lived = 0;

  board_open ();
  board_memory (&nvm, MW_METER_NVM);
  mw_scenario_init (&scenario, MW_SCENARIO_HOUSEHOLD, 1, 3);
  mw_meter_init (&meter, &config);
  if (mw_model_init (&model, &meter, &personality) || mw_meter_start (&meter, BIRTH))
    return 1;
  mw_model_started (&model);
  mw_scenario_run (&scenario, &meter, HISTORY_S);
  started = board_now ();
  mw_port_init (&port, &model, MW_PORT_OPTICAL, started);
  for (;;) {
    mw_ms now = board_now ();
    uint32_t seconds = (uint32_t) ((now - started) / 1000) - lived;

    if (seconds)
      mw_scenario_run (&scenario, &meter, seconds);
    lived += seconds;
    carry (now);
    if (mw_port_deadline (&port) <= now)
      mw_port_tick (&port, now);
  }
}
