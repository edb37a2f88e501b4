/* board.c: see board.h.  Start-up code and vectors stand here too. */
#include "board.h"

#include <string.h>

#define REG(address) (*(volatile uint32_t *) (address))

#define UART0 0x40004000u
#define UART_DATA REG (UART0)
#define UART_STATE REG (UART0 + 4) /* 1 transmitter full, 2 receiver full, 8 receiver overrun  \
                                    */
#define UART_CONTROL REG (UART0 + 8) /* 1 transmit, 2 receive, 8 receive interrupt */
#define UART_INTERRUPT REG (UART0 + 12)
#define UART_DIVIDER REG (UART0 + 16)
#define CLOCK_HZ 25000000u
#define FPGA_100HZ REG (0x40028014u)
#define NVIC_ENABLE REG (0xE000E100u)
#define CPACR REG (0xE000ED88u)

#define MEMORY 0x21000000u
#define PAGE 4096u
#define RING 4096u

static volatile uint8_t ring[RING];
static volatile uint16_t ring_in, ring_out;

extern uint32_t image_data_from, image_data, image_data_end, image_bss, image_bss_end,
    image_stack;
int main (void);
void reset_handler (void);
void uart0_receive (void);

/* The interrupt is acknowledged before the data is drained: a byte that comes in between raises
 * it again. */
void
uart0_receive (void)
{
  UART_INTERRUPT = 2;
  while (UART_STATE & 2u) {
    ring[ring_in % RING] = (uint8_t) UART_DATA;
    ring_in++;
  }
}

static void
halt (void)
{
  for (;;)
    ;
}

void
reset_handler (void)
{
  CPACR |= 0xfu << 20; /* the floating point unit, which the compiler may use */
  __asm volatile("dsb\n isb");
  memcpy (&image_data, &image_data_from,
          (size_t) ((char *) &image_data_end - (char *) &image_data));
  memset (&image_bss, 0, (size_t) ((char *) &image_bss_end - (char *) &image_bss));
  main ();
  halt ();
}

typedef void (*vector) (void);
/* clang-format off */
__attribute__ ((section (".vectors"), used)) static const struct {
  void *stack;
  vector vectors[47];
} table = { &image_stack, {
  reset_handler, halt, halt, halt, halt, halt, 0, 0, 0, 0, halt, halt, 0, halt, halt,
  uart0_receive,
} };
/* clang-format on */

void
board_open (void)
{
  UART_DIVIDER = CLOCK_HZ / 9600;
  UART_CONTROL = 1u | 2u | 8u;
  NVIC_ENABLE = 1;
}

size_t
board_receive (uint8_t *buf, size_t cap)
{
  size_t n = 0;
  while (n < cap && ring_out != ring_in)
    buf[n++] = ring[ring_out++ % RING];
  return n;
}

void
board_send (uint8_t octet)
{
  while (UART_STATE & 1u)
    ;
  UART_DATA = octet;
}

mw_ms
board_now (void)
{
  return (mw_ms) FPGA_100HZ * 10;
}

/* ---- memory ---- */

static uint8_t *
memory (uint32_t offset)
{
  return (uint8_t *) (MEMORY + offset);
}

static enum mw_err
memory_read (mw_nvm *nvm, uint32_t offset, void *buf, uint32_t len)
{
  if (offset > nvm->size || len > nvm->size - offset)
    return MW_ERR_STORAGE;
  memcpy (buf, memory (offset), len);
  return MW_OK;
}

/* As flash: bits can be cleared alone. */
static enum mw_err
memory_write (mw_nvm *nvm, uint32_t offset, const void *data, uint32_t len)
{
  const uint8_t *p = data;
  if (offset > nvm->size || len > nvm->size - offset)
    return MW_ERR_STORAGE;
  for (uint32_t i = 0; i < len; i++)
    memory (offset)[i] &= p[i];
  return MW_OK;
}

static enum mw_err
memory_erase (mw_nvm *nvm, uint32_t offset)
{
  if (offset % nvm->page_size || offset >= nvm->size)
    return MW_ERR_STORAGE;
  memset (memory (offset), 0xff, nvm->page_size);
  return MW_OK;
}

static enum mw_err
memory_sync (mw_nvm *nvm)
{
  (void) nvm;
  return MW_OK;
}

void
board_memory (mw_nvm *out, uint32_t size)
{
  *out = (mw_nvm){ size, PAGE, memory_read, memory_write, memory_erase, memory_sync };
  for (uint32_t at = 0; at < size; at += PAGE) /* external RAM comes up as zeros */
    memory_erase (out, at);
}
