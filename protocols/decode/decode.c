/* decode.c: the table of what is recognised, and the choice among it; see decode.h.
 *
 * Another protocol is one row here and one file beside.
 */
#include "decode/decode.h"

#include <string.h>

#include "decode/say.h"

/* clang-format off */
static const struct {
  const char *name;
  const char *title;
  bool (*looks_like) (mw_span data);
  void (*describe) (mw_say_out *d, mw_cur *c);
} kinds[] = {
  { "hdlc",        "HDLC frames (IEC 62056-46)",       mw_looks_like_hdlc,    mw_describe_hdlc },
  { "wrapper",     "TCP wrapper (IEC 62056-47)",       mw_looks_like_wrapper, mw_describe_wrapper },
  { "iec62056-21", "telegram of IEC 62056-21",         mw_looks_like_iec,     mw_describe_iec },
  { "kmp",         "frames of KMP (Kamstrup)",         mw_looks_like_kmp,     mw_describe_kmp },
  { "apdu",        "COSEM APDU (IEC 62056-53)",        mw_looks_like_apdu,    mw_describe_llc_apdu },
  { "axdr",        "COSEM data in A-XDR",              mw_looks_like_axdr,    mw_describe_axdr },
};
/* clang-format on */

#define N_KINDS (sizeof kinds / sizeof *kinds)

const char *
mw_decode_kind_name (unsigned n)
{
  return n < N_KINDS ? kinds[n].name : NULL;
}

const char *
mw_decode_kind_title (unsigned n)
{
  return n < N_KINDS ? kinds[n].title : NULL;
}

static unsigned
describe (unsigned kind, mw_span data, const mw_say_out *out)
{
  mw_say_out d = *out;
  mw_cur c = mw_cur_of (data);
  d.base = d.said = data.ptr;
  kinds[kind].describe (&d, &c);
  mw_say_rest (&d, &c);
  return d.wrong;
}

/* The first kind that explains everything; else the first that it looks like. */
static unsigned
choose (mw_span data, const mw_say_out *out)
{
  mw_say_out rehearsal = *out;
  unsigned first = N_KINDS;
  rehearsal.line = NULL;
  for (unsigned kind = 0; kind < N_KINDS; kind++) {
    if (!kinds[kind].looks_like (data))
      continue;
    if (!describe (kind, data, &rehearsal))
      return kind;
    if (first == N_KINDS)
      first = kind;
  }
  return first;
}

mw_decode_result
mw_decode (mw_span data, const char *kind, uint8_t *work, size_t work_cap, mw_decode_cb *line,
           void *ctx)
{
  mw_say_out out = { .line = line, .ctx = ctx, .work = work, .work_cap = work_cap };
  mw_decode_result result = { 0 };
  unsigned n = N_KINDS;
  if (!data.len)
    return result;
  if (!kind)
    n = choose (data, &out);
  for (unsigned i = 0; kind && i < N_KINDS; i++)
    if (strcmp (kinds[i].name, kind) == 0)
      n = i;
  if (n == N_KINDS)
    return result;
  result.kind = kinds[n].name;
  result.wrong = describe (n, data, &out);
  return result;
}
