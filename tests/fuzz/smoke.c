/* smoke.c: drives a fuzz target without a fuzzer: smoke [-n MUTATIONS] FILE...
 *
 * A .tsv file gives one input per column that is hexadecimal, a .log or .hex file one input of
 * all its hexadecimal digits, any other file its bytes.  Every input is run as it is, cut at
 * every length (the short ones), and in MUTATIONS deterministic mutations: the same in every
 * run and on every machine, so that a failure comes again. */
#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

#define INPUT_CAP 100000u
#define CUT_MAX 300u

static uint8_t input[INPUT_CAP], mutant[INPUT_CAP];
static uint32_t seed = 1;
static unsigned long runs, inputs;
static unsigned mutations = 200;

static uint32_t
next_random (void)
{
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

/* A copy of exactly N bytes, so that a sanitizer sees the first byte beyond. */
static void
run (const uint8_t *data, size_t n)
{
  uint8_t *copy = malloc (n ? n : 1);
  assert (copy);
  memcpy (copy, data, n);
  LLVMFuzzerTestOneInput (copy, n);
  free (copy);
  runs++;
}

/* One small change, as a line or a liar makes it. */
static size_t
mutate (uint8_t *p, size_t n)
{
  static const uint8_t interesting[] = { 0x00, 0xff, 0x7f, 0x80, 0x7e, 0x01, 0x82, 0x84 };
  size_t at = n ? next_random () % n : 0, len = n ? 1 + next_random () % 8 : 0;
  switch (next_random () % 6) {
  case 0:
    if (n)
      p[at] ^= (uint8_t) (1u << next_random () % 8);
    return n;
  case 1:
    if (n)
      p[at] = interesting[next_random () % sizeof interesting];
    return n;
  case 2: /* lost */
    if (at + len > n)
      len = n - at;
    memmove (p + at, p + at + len, n - at - len);
    return n - len;
  case 3: /* repeated */
    if (at + len > n)
      len = n - at;
    if (n + len > INPUT_CAP)
      return n;
    memmove (p + at + len, p + at, n - at);
    return n + len;
  case 4:
    return at;
  default: /* swapped with another place */
    if (n) {
      size_t other = next_random () % n;
      uint8_t v = p[at];
      p[at] = p[other];
      p[other] = v;
    }
    return n;
  }
}

static void
drive (size_t n)
{
  inputs++;
  run (input, n);
  for (size_t cut = 0; n <= CUT_MAX && cut < n; cut++)
    run (input, cut);
  for (unsigned i = 0; i < mutations; i++) {
    size_t len = n;
    memcpy (mutant, input, n);
    for (unsigned k = 1 + next_random () % 4; k; k--)
      len = mutate (mutant, len);
    run (mutant, len);
  }
}

/* The digits of TEXT up to a tab or LINE_END as bytes in `input`; false when anything else is
 * among them. */
static bool
take_hex (const char **text, bool whole, size_t *n)
{
  int high = -1;
  bool good = true;
  const char *p = *text;
  *n = 0;
  for (; *p && (whole || (*p != '\t' && *p != '\n')); p++) {
    char digit[2] = { *p, 0 };
    if (isspace ((unsigned char) *p) || *p == ':' || (uint8_t) *p >= 0x80)
      continue;
    if (!isxdigit ((unsigned char) *p)) {
      good = false;
      continue;
    }
    int d = (int) strtol (digit, NULL, 16);
    if (high >= 0 && *n < INPUT_CAP)
      input[(*n)++] = (uint8_t) (high << 4 | d);
    high = high >= 0 ? -1 : d;
  }
  *text = p;
  return good && high < 0 && *n > 0;
}

static void
drive_text (const char *text, bool whole)
{
  size_t n;
  while (*text) {
    if (take_hex (&text, whole, &n))
      drive (n);
    if (*text)
      text++;
  }
}

static bool
ends_with (const char *name, const char *end)
{
  size_t n = strlen (name), e = strlen (end);
  return n > e && strcmp (name + n - e, end) == 0;
}

static bool
drive_file (const char *name)
{
  static char text[2000000];
  FILE *f = fopen (name, "rb");
  if (!f) {
    perror (name);
    return false;
  }
  size_t n = fread (text, 1, sizeof text - 1, f);
  text[n] = 0;
  fclose (f);
  if (ends_with (name, ".tsv")) {
    drive_text (text, false);
  } else if (ends_with (name, ".log") || ends_with (name, ".hex")) {
    drive_text (text, true);
  } else {
    n = n < INPUT_CAP ? n : INPUT_CAP;
    memcpy (input, text, n);
    drive (n);
  }
  return true;
}

int
main (int argc, char **argv)
{
  bool good = true;
  for (int i = 1; i < argc; i++) {
    if (strcmp (argv[i], "-n") == 0 && i + 1 < argc)
      mutations = (unsigned) strtoul (argv[++i], NULL, 10);
    else
      good = drive_file (argv[i]) && good;
  }
  printf ("%lu inputs, %lu runs\n", inputs, runs);
  return !good || !inputs;
}
