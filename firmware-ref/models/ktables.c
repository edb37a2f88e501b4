/* ktables.c: finding one's way in the tables of Kamstrup meters. */
#include "models/ktables.h"

#include <string.h>

int
mw_kpersonality_find (const char *model, char generation, unsigned variant)
{
  int found = -1;

  for (unsigned i = 0; i < mw_n_kpersonalities; i++) {
    const mw_kpersonality *p = &mw_kpersonalities[i];
    if (strcmp (p->model, model) != 0 || (generation && p->generation != generation)
        || (variant && p->variant != variant))
      continue;
    /* The generations stand in their order: without one the last; without a variant the first.
     */
    if (found < 0 || p->generation > mw_kpersonalities[found].generation)
      found = (int) i;
  }
  return found;
}

const mw_kregister *
mw_kregister_find (unsigned personality, uint16_t id)
{
  unsigned low = 0, high = mw_n_kregister_rows;

  while (low < high) {
    unsigned middle = (low + high) / 2;
    if (mw_kregister_rows[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < mw_n_kregister_rows && mw_kregister_rows[low].id == id; low++)
    if (mw_khas (mw_kregister_rows[low].in, personality))
      return &mw_kregister_rows[low];
  return NULL;
}

const mw_kregister *
mw_kregister_of_bind (unsigned personality, uint16_t bind)
{
  for (unsigned i = 0; i < mw_n_kregister_rows; i++)
    if (mw_kregister_rows[i].bind == bind && mw_khas (mw_kregister_rows[i].in, personality))
      return &mw_kregister_rows[i];
  return NULL;
}

const mw_klogger *
mw_klogger_find (unsigned personality, uint8_t log)
{
  for (unsigned i = 0; i < mw_n_kloggers; i++)
    if (mw_kloggers[i].log == log && mw_khas (mw_kloggers[i].in, personality))
      return &mw_kloggers[i];
  return NULL;
}

const mw_klogger *
mw_klogger_of_id (unsigned personality, unsigned id)
{
  for (unsigned i = 0; i < mw_n_kloggers; i++)
    if (mw_kloggers[i].id == id && mw_khas (mw_kloggers[i].in, personality))
      return &mw_kloggers[i];
  return NULL;
}

uint32_t
mw_klogger_depth (const mw_klogger *logger, unsigned n)
{
  if (logger->entries)
    return logger->entries;
  return logger->octets / (logger->header + logger->column * n);
}
