/* log.c: logs of the core as loggers with registers. */
#include "models/kamstrup/kamstrup.h"

int
mw_kamstrup_log (const mw_kamstrup *m, const mw_klogger *logger)
{
  if (!logger || mw_klog_n (m->k, (enum mw_klog) logger->id) == 0)
    return -1;
  return logger->id;
}

/* The register that the catalogue names for a column, else any that shows it. */
const mw_kregister *
mw_kamstrup_log_register (const mw_kamstrup *m, const mw_klogger *logger, unsigned i)
{
  unsigned bind = mw_klog_column (m->k, (enum mw_klog) logger->id, i);
  for (unsigned c = 0; c < logger->n_columns; c++) {
    const mw_kregister *r = mw_kregister_find (m->p, mw_kcolumns[logger->columns + c]);
    if (r && r->bind == bind)
      return r;
  }
  return mw_kregister_of_bind (m->p, (uint16_t) bind);
}

/* Where R stands in LOG; -1: nowhere.  The time of an entry is there always. */
static int
column_of (const mw_kamstrup *m, enum mw_klog log, const mw_kregister *r)
{
  unsigned n = mw_klog_n (m->k, log);
  for (unsigned i = 0; i < n; i++)
    if (mw_klog_column (m->k, log, i) == r->bind)
      return (int) i;
  return -1;
}

static enum mw_err
fetch (mw_kamstrup_link *l, enum mw_klog log, uint32_t id)
{
  if (l->entry_there && l->entry.log == log && l->entry.id == id)
    return MW_OK;
  enum mw_err err = mw_klog_read (l->meter->k, log, id, &l->entry);
  l->entry_there = err == MW_OK;
  return err;
}

enum mw_err
mw_kamstrup_log_value (mw_kamstrup_link *l, enum mw_klog log, uint32_t id,
                       const mw_kregister *r, mw_kmp_value *out)
{
  const mw_kamstrup *m = l->meter;
  int column = column_of (m, log, r);
  mw_kvalue v = { .kind = MW_KVALUE_RTC };
  bool time = r->bind == MW_KV_RTC || r->bind == MW_KV_DATE || r->bind == MW_KV_TIME;
  enum mw_err err = column < 0 && !time ? MW_ERR_UNSUPPORTED : fetch (l, log, id);
  if (err)
    return err;
  v.number = l->entry.time.utc;
  v.status = l->entry.time.status;
  if (column >= 0)
    err = mw_kentry_value (m->k, &l->entry, (unsigned) column, &v);
  return err ? err : mw_kamstrup_show (m, r, &v, true, out);
}
