/* fuzz.h: what a fuzz target is.  A target is one file with LLVMFuzzerTestOneInput; an
 * invariant that does not hold aborts.  Built plainly it is linked with smoke.c and run over
 * its corpus and over mutations of it; with -Dfuzz=true and clang, libFuzzer drives it. */
#ifndef MW_FUZZ_H
#define MW_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define MUST(condition)                                                                        \
  do {                                                                                         \
    if (!(condition)) {                                                                        \
      fprintf (stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);          \
      abort ();                                                                                \
    }                                                                                          \
  } while (0)

#endif
