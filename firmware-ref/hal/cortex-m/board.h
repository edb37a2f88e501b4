/* board.h: what main.c needs of the MPS2-AN386 board: UART 0, the microsecond counter, memory.
 *
 * Registers: Arm CMSDK (DDI 0479) UART, AN386 FPGA system registers.  One thread, no interrupt
 * is waited for but the receiver's, which fills a ring.
 */
#ifndef MW_BOARD_H
#define MW_BOARD_H

#include "base/engine.h"
#include "hal/nvm.h"

/* UART 0 sends and receives; the divider is set once, for QEMU's lines have no speed. */
void board_open (void);
/* Received octets, at most CAP; 0 when none wait. */
size_t board_receive (uint8_t *buf, size_t cap);
void board_send (uint8_t octet);
/* Milliseconds since the start, in steps of 10. */
mw_ms board_now (void);
/* SIZE bytes of external RAM in pages of 4096, erased to FFh when MAGIC is not found. */
void board_memory (mw_nvm *out, uint32_t size);

#endif
