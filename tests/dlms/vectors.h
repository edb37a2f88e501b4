/* vectors.h: the vector files of tests/vectors/dlms: rows of tab-separated columns, hexadecimal
 * octets.  Libc alone; the folder is MW_VECTORS. */
#ifndef MW_TEST_VECTORS_H
#define MW_TEST_VECTORS_H

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define ROW_COLUMNS 8
#define ROW_MAX 40000

typedef struct row {
  char text[ROW_MAX];
  char *column[ROW_COLUMNS];
  size_t columns;
} row;

static inline FILE *
vectors_open (const char *name)
{
  char path[512];
  FILE *f;
  snprintf (path, sizeof path, "%s/%s", MW_VECTORS, name);
  f = fopen (path, "rb");
  CHECK (f != NULL);
  return f;
}

/* The next row that is no comment. */
static inline bool
row_next (FILE *f, row *r)
{
  while (f && fgets (r->text, sizeof r->text, f)) {
    char *p = r->text;
    r->text[strcspn (r->text, "\r\n")] = '\0';
    if (r->text[0] == '#')
      continue;
    for (r->columns = 0; r->columns < ROW_COLUMNS && p; r->columns++) {
      char *tab = strchr (p, '\t');
      r->column[r->columns] = p;
      if (tab)
        *tab++ = '\0';
      p = tab;
    }
    return true;
  }
  return false;
}

/* Octets of TEXT, whatever stands between the digits; stops at what is no hexadecimal digit
 * and no space. */
static inline size_t
unhex (const char *text, uint8_t *out, size_t cap)
{
  size_t n = 0;
  int high = -1;
  for (; *text; text++) {
    char digit[2] = { *text, 0 };
    if (isspace ((unsigned char) *text) || *text == ':')
      continue;
    if (!isxdigit ((unsigned char) *text))
      break;
    int d = (int) strtol (digit, NULL, 16);
    if (high < 0) {
      high = d;
    } else if (n < cap) {
      out[n++] = (uint8_t) (high << 4 | d);
      high = -1;
    }
  }
  return n;
}

/* Octets of a literal. */
#define HEX(name, text)                                                                        \
  uint8_t name[sizeof (text)];                                                                 \
  size_t name##_len = unhex (text, name, sizeof name);                                         \
  (void) name##_len

#endif
