/* describe_kmp_ascii.c: the KMP of meters from before 2006, in hexadecimal digits
 * (kmp/ascii.h), in words. */
#include "decode/describe_kmp.h"
#include "kmp/ascii.h"

static bool
is_digit (uint8_t ch)
{
  return (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'F');
}

bool
mw_kmp_is_ascii (mw_span data)
{
  size_t at = 1;
  if (!data.len
      || (data.ptr[0] != MW_KMP_ASCII_TO_METER && data.ptr[0] != MW_KMP_ASCII_FROM_METER))
    return false;
  while (at < data.len && is_digit (data.ptr[at]))
    at++;
  return at >= 7 && (at == data.len || data.ptr[at] == '\r');
}

/* The octet that the next two digits stand for. */
static unsigned
take_octet (mw_cur *c)
{
  mw_span s = mw_cur_bytes (c, 2);
  unsigned v = 0;
  for (size_t i = 0; i < s.len; i++) {
    if (!is_digit (s.ptr[i]))
      mw_cur_fail (c, MW_ERR_VALUE);
    v = v << 4 | (unsigned) (s.ptr[i] <= '9' ? s.ptr[i] - '0' : s.ptr[i] - 'A' + 10);
  }
  return v;
}

static uint32_t
take_number (mw_cur *c, unsigned octets)
{
  uint32_t v = 0;
  while (octets--)
    v = v << 8 | take_octet (c);
  return v;
}

static void
say_numbers (mw_say_out *d, mw_cur *c, const char *const *names, unsigned n)
{
  for (unsigned i = 0; i < n && mw_cur_left (c) >= 8; i++) {
    uint32_t v = take_number (c, 4);
    mw_say (d, c, "%s %" PRIu32, names[i], v);
  }
}

static void
say_memory_request (mw_say_out *d, mw_cur *c)
{
  uint32_t offset = take_number (c, 2);
  mw_say (d, c, "from %" PRIu32, offset);
  uint32_t length = take_number (c, 2);
  mw_say (d, c, "octets: %" PRIu32, length);
}

static void
say_data (mw_say_out *d, mw_cur *c, unsigned command, bool request)
{
  static const char *const readings[] = { "energy, kWh:",   "load:",       "hours:",
                                          "reset counter:", "peak power:", "customer number:" };
  static const char *const tariffs[] = { "energy, kWh:", "tariff 1, kWh:", "tariff 2, kWh:" };
  if (command == MW_KMP_ASCII_MEMORY && request)
    say_memory_request (d, c);
  if (command == MW_KMP_ASCII_READINGS && !request)
    say_numbers (d, c, readings, 6);
  if (command == MW_KMP_ASCII_TARIFFS && !request && mw_cur_left (c) >= 2) {
    unsigned block = take_octet (c);
    mw_say (d, c, "block %u", block);
    say_numbers (d, c, tariffs, 3);
  }
  if (mw_cur_left (c)) {
    mw_cur_skip (c, mw_cur_left (c));
    mw_say (d, c, "data, not known here");
  }
}

/* The check over what stands between FROM and the cursor. */
static void
say_check (mw_say_out *d, mw_cur *c, const uint8_t *from)
{
  mw_cur all;
  unsigned sum = 0;
  mw_cur_init (&all, from, (size_t) (c->at - from));
  while (mw_cur_left (&all))
    sum += take_octet (&all);
  unsigned want = (0x100u - (sum & 0xffu)) & 0xffu, got = take_octet (c);
  if (c->err)
    return;
  if (got == want)
    mw_say (d, c, "check: right");
  else
    mw_say_wrong (d, c, "check: wrong, the octets before give %02X", want);
}

void
mw_kmp_describe_ascii (mw_say_out *d, mw_cur *c)
{
  size_t n = 1;
  while (n < mw_cur_left (c) && is_digit (c->at[n]))
    n++;
  bool request = *c->at == MW_KMP_ASCII_TO_METER, ended = n < mw_cur_left (c);
  mw_say_head (d, c, n + ended, "telegram %s the meter, as before 2006",
               request ? "to" : "from");
  mw_cur_u8 (c);
  mw_say (d, c, "start");
  const uint8_t *from = c->at;
  unsigned address = take_octet (c);
  mw_say (d, c, "address %02X", address);
  unsigned command = take_octet (c);
  mw_say (d, c, "command %02X: %s", command,
          command == MW_KMP_ASCII_HELLO      ? "hello"
          : command == MW_KMP_ASCII_MEMORY   ? "memory"
          : command == MW_KMP_ASCII_READINGS ? "readings"
          : command == MW_KMP_ASCII_TARIFFS  ? "tariffs"
                                             : "not known here");
  if (n % 2 && n >= 7) {
    mw_cur data = mw_say_part (c, n - 7);
    say_data (d, &data, command, request);
    mw_say_rest (d, &data);
    say_check (d, c, from);
  } else {
    mw_cur_fail (c, MW_ERR_SHORT);
  }
  if (ended && mw_cur_peek (c) == '\r') {
    mw_cur_u8 (c);
    mw_say (d, c, "end");
  }
  mw_say_up (d);
}
