/* The describer, for what it finds and as each kind it knows: every byte covered, every line
 * inside the data, and never more lines than a small multiple of the bytes. */
#include <string.h>

#include "decode/decode.h"
#include "fuzz.h"

static uint8_t work[4096];

typedef struct cover {
  const uint8_t *base;
  size_t size;
  size_t reached; /* all bytes before this one are covered */
  unsigned long lines;
} cover;

static void
on_line (void *ctx, const mw_decode_line *line)
{
  cover *c = ctx;
  c->lines++;
  MUST (strlen (line->text) < MW_DECODE_TEXT && line->text[0]);
  if (line->reassembled) {
    MUST (line->bytes >= work && line->bytes + line->length <= work + sizeof work);
    return;
  }
  MUST (line->bytes == c->base + line->offset && line->offset + line->length <= c->size);
  MUST (line->offset <= c->reached); /* no hole */
  if (line->offset + line->length > c->reached)
    c->reached = line->offset + line->length;
}

static void
describe (const uint8_t *data, size_t size, const char *kind)
{
  cover c = { data, size, 0, 0 };
  mw_decode_result r =
      mw_decode ((mw_span){ data, size }, kind, work, sizeof work, on_line, &c);
  if (!r.kind) {
    MUST (c.lines == 0);
    return;
  }
  MUST (c.reached == size);
  MUST (c.lines <= 12 * size + 100);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  describe (data, size, NULL);
  for (unsigned i = 0; size && mw_decode_kind_name (i); i++)
    describe (data, size, mw_decode_kind_name (i));
  return 0;
}
