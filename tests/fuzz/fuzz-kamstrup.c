/* A whole Kamstrup meter behind its ports takes any octets.
 *
 * The first byte of the input chooses the meter and how the rest comes to it: as octets on the
 * line, as the APDU of a KMP frame that is right, as the APDU of an associated DLMS client.
 * After it the meter still says who it is, and its clock has a date. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "hal/host/nvm-file.h"
#include "ports/kport.h"

enum { OCTETS, KMP, DLMS, N_WAYS };

typedef struct bench {
  mw_nvm_file nvm;
  mw_kmeter meter;
  mw_kamstrup model;
  mw_kport port;
} bench;

static bench *
bench_new (const char *model, char generation)
{
  bench *b = calloc (1, sizeof *b);
  MUST (b && mw_nvm_file_open (&b->nvm, NULL, MW_KMETER_NVM, 4096) == MW_OK);
  mw_kamstrup_config config = {
    .nvm = &b->nvm.nvm, .serial = 1, .password = MW_KMP_PIN, .address = MW_KMP_METER
  };
  config.personality = (unsigned) mw_kpersonality_find (model, generation, 1);
  if (model[0] == 'k')
    config.personality = (unsigned) mw_kpersonality_find (model, generation, 0);
  MUST (mw_kamstrup_init (&b->model, &b->meter, &config) == MW_OK);
  MUST (mw_kmeter_start (&b->meter, 1772323200) == MW_OK);
  mw_kmeter_run (&b->meter, 2 * 86400);
  return b;
}

/* Octets to the port, what it says is dropped; how much it was. */
static size_t
push (bench *b, const uint8_t *octets, size_t n)
{
  size_t said = 0;
  mw_span out;
  mw_kport_feed (&b->port, octets, n, 0);
  while ((out = mw_kport_tx (&b->port)).len) {
    MUST (out.ptr);
    said += out.len;
    mw_kport_tx_ack (&b->port, out.len, 0);
  }
  return said;
}

static size_t
push_kmp (bench *b, const uint8_t *apdu, size_t n)
{
  uint8_t frame[2 * 300];
  mw_wr w;
  mw_wr_init (&w, frame, sizeof frame);
  mw_kmp_frame_encode (&w, MW_KMP_TO_METER, (uint8_t) b->port.kmp.config.address,
                       (mw_span){ apdu, n < 250 ? n : 250 });
  mw_span whole = mw_wr_done (&w);
  return push (b, whole.ptr, whole.len);
}

static void
push_dlms (bench *b, const uint8_t *apdu, size_t n)
{
  static const uint8_t aarq[] = {
    0,    1,    0,    19,   0,    16,   0,    53,   0x60, 0x33, 0xa1, 0x09, 0x06,
    0x07, 0x60, 0x85, 0x74, 0x05, 0x08, 0x01, 0x01, 0x8a, 0x02, 0x07, 0x80, 0x8b,
    0x07, 0x60, 0x85, 0x74, 0x05, 0x08, 0x02, 0x01, 0xac, 0x07, 0x80, 0x05, '1',
    '2',  '3',  '4',  '5',  0xbe, 0x10, 0x04, 0x0e, 0x01, 0x00, 0x00, 0x00, 0x06,
    0x5f, 0x1f, 0x04, 0x00, 0x00, 0x1e, 0x1d, 0xff, 0xff,
  };
  uint8_t head[8] = { 0, 1, 0, 19, 0, 16, (uint8_t) (n >> 8), (uint8_t) n };
  mw_kport_init (&b->port, &b->model, MW_KPORT_WRAPPER, 0);
  (void) push (b, aarq, sizeof aarq);
  MUST (b->port.server.associated);
  (void) push (b, head, sizeof head);
  (void) push (b, apdu, n);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static bench *benches[3];
  static const uint8_t get_type[] = { MW_KMP_GET_TYPE };
  if (!benches[0]) {
    benches[0] = bench_new ("k382", 'K');
    benches[1] = bench_new ("omnipower-3p", 'N');
    benches[2] = bench_new ("k351b", 'B');
  }
  if (size < 2 || size > 2000)
    return 0;
  bench *b = benches[data[0] % 3];
  unsigned way = data[0] / 3 % N_WAYS;
  mw_kport_init (&b->port, &b->model, MW_KPORT_TRANSPARENT, 0);
  if (way == OCTETS)
    (void) push (b, data + 1, size - 1);
  else if (way == KMP)
    (void) push_kmp (b, data + 1, size - 1);
  else
    push_dlms (b, data + 1, size - 1);
  mw_kport_init (&b->port, &b->model, MW_KPORT_TRANSPARENT, 0);
  MUST (push_kmp (b, get_type, sizeof get_type) >= 9);
  MUST (b->meter.m.st.clock.utc >= 946684800); /* 2000 */
  return 0;
}
