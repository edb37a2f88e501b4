/* classes.c: see classes.h; the table is classes.def. */
#include "dlms/classes.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct class_row {
  uint16_t id;
  uint8_t version;
  const char *name, *attributes, *methods; /* names, each with its NUL; then an empty one */
} class_row;

static const class_row rows[] = {
#define MW_CLASS(id, version, symbol, name, attributes, methods)                               \
  { id, version, name, attributes, methods },
#define MW_CLASS_OLD(id, version, name, attributes, methods)                                   \
  { id, version, name, attributes, methods },
#include "dlms/classes.def"
};

/* The newest version of a class stands before the older ones. */
static const class_row *
find (unsigned class_id, unsigned version)
{
  const class_row *newest = NULL;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (rows[i].id != class_id)
      continue;
    if (rows[i].version == version)
      return &rows[i];
    if (!newest)
      newest = &rows[i];
  }
  return newest;
}

static const char *
nth (const char *names, int n)
{
  for (; n > 1 && *names; n--)
    names += strlen (names) + 1;
  return n == 1 && *names ? names : NULL;
}

static int
count (const char *names)
{
  int n = 0;
  for (; *names; names += strlen (names) + 1)
    n++;
  return n;
}

const char *
mw_class_name (unsigned class_id, unsigned version)
{
  const class_row *row = find (class_id, version);
  return row ? row->name : NULL;
}

const char *
mw_attribute_name (unsigned class_id, unsigned version, int index)
{
  const class_row *row = find (class_id, version);
  if (!row || index < 1)
    return NULL;
  return index == 1 ? "logical_name" : nth (row->attributes, index - 1);
}

const char *
mw_method_name (unsigned class_id, unsigned version, int index)
{
  const class_row *row = find (class_id, version);
  return row ? nth (row->methods, index) : NULL;
}

int
mw_attribute_count (unsigned class_id, unsigned version)
{
  const class_row *row = find (class_id, version);
  return row ? 1 + count (row->attributes) : 0;
}

int
mw_method_count (unsigned class_id, unsigned version)
{
  const class_row *row = find (class_id, version);
  return row ? count (row->methods) : 0;
}
