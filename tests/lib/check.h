/* check.h: assertions for the unit tests of protocols/ and firmware-ref/, which also run under
 * wine and on a microcontroller and so use libc alone.
 *
 * A test file defines functions `static void test_x (void)` and ends with
 *   CHECK_MAIN (test_x, test_y)
 * A failed CHECK prints where and what, and the run goes on; main returns 1 when one failed.
 */
#ifndef MW_CHECK_H
#define MW_CHECK_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static unsigned check_done, check_failed;

static inline int
check_report (int ok, const char *file, int line, const char *what)
{
  check_done++;
  if (!ok) {
    check_failed++;
    if (check_failed <= 50)
      printf ("%s:%d: failed: %s\n", file, line, what);
  }
  return ok;
}

#define CHECK(expression) check_report (!!(expression), __FILE__, __LINE__, #expression)

#define CHECK_EQ(a, b)                                                                         \
  do {                                                                                         \
    int64_t check_a = (int64_t) (a), check_b = (int64_t) (b);                                  \
    if (!check_report (check_a == check_b, __FILE__, __LINE__, #a " == " #b))                  \
      printf ("    %" PRId64 " != %" PRId64 "\n", check_a, check_b);                           \
  } while (0)

#define CHECK_STR(a, b)                                                                        \
  do {                                                                                         \
    const char *check_a = (a), *check_b = (b);                                                 \
    if (!check_report (strcmp (check_a, check_b) == 0, __FILE__, __LINE__, #a " == " #b))      \
      printf ("    \"%s\" != \"%s\"\n", check_a, check_b);                                     \
  } while (0)

static inline void
check_mem (const void *a, size_t na, const void *b, size_t nb, const char *file, int line,
           const char *what)
{
  const uint8_t *p = a, *q = b;
  if (check_report (na == nb && (na == 0 || memcmp (a, b, na) == 0), file, line, what))
    return;
  printf ("    got  ");
  for (size_t i = 0; i < na && i < 64; i++)
    printf ("%02X", p[i]);
  printf (" (%u)\n    want ", (unsigned) na);
  for (size_t i = 0; i < nb && i < 64; i++)
    printf ("%02X", q[i]);
  printf (" (%u)\n", (unsigned) nb);
}

#define CHECK_MEM(a, na, b, nb) check_mem (a, na, b, nb, __FILE__, __LINE__, #a " == " #b)

typedef void (*check_test) (void);

#define CHECK_MAIN(...)                                                                        \
  int main (void)                                                                              \
  {                                                                                            \
    const check_test tests[] = { __VA_ARGS__ };                                                \
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)                                  \
      tests[i]();                                                                              \
    printf ("%u checks, %u failed\n", check_done, check_failed);                               \
    return check_failed || !check_done ? 1 : 0;                                                \
  }

#endif
