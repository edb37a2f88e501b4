/* test-publish.c: what the models publish: every object of the manual's Annex 1 with its class,
 * every attribute of it readable and of its type, what is writable written, the rest refused.
 */
#include <stdio.h>

#include "other-values.h"
#include "rig.h"

#define OBJECTS 700

typedef struct published {
  uint16_t class_id;
  uint8_t version;
  mw_obis ln;
  uint8_t n; /* attributes */
  int8_t index[20];
  uint8_t rights[20];
} published;

static published list[OBJECTS];

/* The object list as the client sees it, decoded here alone. */
static size_t
decode_list (const rig *r)
{
  mw_cur c;
  mw_cur_init (&c, r->answer, r->len);
  uint32_t n = mw_axdr_get_array (&c);
  for (uint32_t i = 0; i < n && i < OBJECTS; i++) {
    published *p = &list[i];
    memset (p, 0, sizeof *p);
    mw_axdr_get_structure (&c, 4);
    p->class_id = (uint16_t) mw_axdr_get_int (&c);
    p->version = (uint8_t) mw_axdr_get_int (&c);
    p->ln = mw_axdr_get_obis (&c);
    mw_axdr_get_structure (&c, 2);
    p->n = (uint8_t) mw_axdr_get_array (&c);
    for (unsigned k = 0; k < p->n; k++) {
      mw_axdr_get_structure (&c, 3);
      p->index[k] = (int8_t) mw_axdr_get_int (&c);
      p->rights[k] = (uint8_t) mw_axdr_get_int (&c);
      (void) mw_axdr_take (&c);
    }
    (void) mw_axdr_take (&c); /* methods */
  }
  CHECK (mw_cur_end (&c) == MW_OK);
  return n;
}

static const published *
find (size_t n, unsigned class_id, mw_obis ln)
{
  for (size_t i = 0; i < n; i++)
    if (list[i].class_id == class_id && mw_obis_equal (list[i].ln, ln))
      return &list[i];
  return NULL;
}

static size_t
read_list (rig *r)
{
  CHECK_EQ (rig_get (r, 15, "0-0:40.0.0.255", 2), 0);
  return decode_list (r);
}

/* Every row of Annex 1, and nothing that it does not have but the clients' associations. */
static void
annex (enum mw_model_id id)
{
  rig *r = rig_new (id, MW_PORT_WRAPPER);
  char line[256], name[128], obis[40], models[40];
  unsigned class_id, version;
  size_t rows = 0, n;
  FILE *f = fopen (ANNEX_FILE, "r");
  CHECK (f != NULL);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  n = read_list (r);
  while (f && fgets (line, sizeof line, f)) {
    mw_obis ln;
    if (line[0] == '#')
      continue;
    CHECK_EQ (sscanf (line, "%127[^\t]\t%39[^\t]\t%u\t%u\t%39[^\n]", name, obis, &class_id,
                      &version, models),
              5);
    CHECK (mw_obis_parse (obis, strlen (obis), &ln) == MW_OK);
    bool here = strstr (models, mw_model_name (id)) != NULL;
    const published *p = find (n, class_id, ln);
    if (!check_report ((p != NULL) == here, __FILE__, __LINE__, "published"))
      printf ("    %s %s\n", obis, name);
    if (p)
      CHECK_EQ (p->version, version);
    rows += here;
  }
  if (f)
    fclose (f);
  CHECK_EQ (n, rows + 3);
  if (id == MW_MT381)
    CHECK_EQ (rows, 591);
  rig_free (r);
}

static void
test_annex (void)
{
  annex (MW_MT381);
  annex (MW_ME381);
}

static const mw_model_attr *
row_of (const rig *r, const published *p, int index)
{
  uint8_t dar;
  mw_dlms_attr a = { p->class_id, p->ln, (int8_t) index };
  uint16_t i = mw_model_attr_find (&r->model, &a, &dar);
  return i == MW_MODEL_NO_ATTR ? NULL : &mw_model_attrs[i];
}

/* Read attribute K of P: it is of the type that the catalogue says; its result. */
static unsigned
read_one (rig *r, const published *p, unsigned k)
{
  mw_dlms_attr a = { p->class_id, p->ln, p->index[k] };
  unsigned result = rig_get_with (r, a, (mw_dlms_selection){ 0 });
  const mw_model_attr *row = row_of (r, p, a.index);
  mw_cur c;
  char text[MW_OBIS_TEXT] = "";
  (void) mw_obis_format (p->ln, text, sizeof text);
  if (!(p->rights[k] & MW_ACCESS_READ)) {
    CHECK_EQ (result, MW_DAR_READ_WRITE_DENIED);
    return result;
  }
  mw_cur_init (&c, r->answer, r->len);
  bool ok = result == 0 && r->len <= sizeof r->answer
            && (a.index == 1 ? mw_obis_equal (mw_axdr_get_obis (&c), p->ln)
                             : row && mw_type_check (mw_model_types + row->type, &c));
  if (!check_report (ok, __FILE__, __LINE__, "readable and of its type"))
    printf ("    %u %s attribute %d: result %u, %u octets, type %s\n", p->class_id, text,
            a.index, result, (unsigned) r->len, row ? mw_model_types + row->type : "");
  return result;
}

static void
read_all (enum mw_model_id id, enum mw_port_kind kind)
{
  rig *r = rig_new (id, kind);
  unsigned attributes = 0;
  rig_live (r, 2 * 86400);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  size_t n = read_list (r);
  for (size_t i = 0; i < n; i++)
    for (unsigned k = 0; k < list[i].n; k++, attributes++)
      (void) read_one (r, &list[i], k);
  CHECK (attributes > (id == MW_MT381 ? 2000u : 1800u));
  rig_free (r);
}

static void
test_read_wrapper (void)
{
  read_all (MW_MT381, MW_PORT_WRAPPER);
  read_all (MW_ME381, MW_PORT_WRAPPER);
}

static void
test_read_hdlc (void)
{
  read_all (MW_MT381, MW_PORT_HDLC);
}

/* Writing back what was read is accepted where there is the right, and refused elsewhere. */
static void
write_one (rig *r, const published *p, unsigned k)
{
  static uint8_t value[20000];
  static const uint8_t wrong[] = { MW_AXDR_FLOAT64, 0, 0, 0, 0, 0, 0, 0, 0 };
  mw_dlms_attr a = { p->class_id, p->ln, p->index[k] };
  char text[MW_OBIS_TEXT] = "";
  bool may = p->rights[k] & MW_ACCESS_WRITE;
  unsigned want = may ? 0 : MW_DAR_READ_WRITE_DENIED, got;
  (void) mw_obis_format (p->ln, text, sizeof text);
  if (!(p->rights[k] & MW_ACCESS_READ) || read_one (r, p, k) != 0 || r->len > sizeof value)
    return;
  size_t len = r->len;
  memcpy (value, r->answer, len);
  got = rig_set_of (r, a, (mw_span){ value, len });
  if (!check_report (got == want, __FILE__, __LINE__, "written back, or refused"))
    printf ("    %u %s attribute %d: %u, not %u\n", p->class_id, text, a.index, got, want);
  CHECK_EQ (rig_set_of (r, a, (mw_span){ wrong, sizeof wrong }),
            may ? MW_DAR_TYPE_UNMATCHED : MW_DAR_READ_WRITE_DENIED);
  CHECK_EQ (read_one (r, p, k), 0);
  bool moves = p->class_id == 7 || p->class_id == 8; /* a cleared buffer, the time */
  bool own =
      strncmp (text, "0-0:26.5", 8) == 0 || strstr (text, "128.60.") || strstr (text, "97.98");
  if (may && !moves && !own)
    CHECK_MEM (r->answer, r->len, value, len);
}

static void
write_all (enum mw_model_id id)
{
  rig *r = rig_new (id, MW_PORT_WRAPPER);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  size_t n = read_list (r);
  for (size_t i = 0; i < n; i++) {
    if (list[i].class_id == 7 && list[i].ln.v[2] == 99)
      continue; /* buffers: written in test-profile.c */
    for (unsigned k = 0; k < list[i].n; k++)
      write_one (r, &list[i], k);
  }
  rig_free (r);
}

static void
test_write (void)
{
  write_all (MW_MT381);
  write_all (MW_ME381);
}

/* What is read after a write is what was written, but for what is a command: clearing errors
 * and alarms, crediting, the clock that goes on, and a frame length that is confirmed
 * (5.5.4.9). */
static bool
is_command (const published *p, int n)
{
  char text[MW_OBIS_TEXT] = "";
  (void) mw_obis_format (p->ln, text, sizeof text);
  return p->class_id == 8 || (p->class_id == 20 && n == 10) || strncmp (text, "0-0:97.", 7) == 0
         || strncmp (text, "1-0:96.24", 9) == 0 || strcmp (text, "0-0:128.60.30.255") == 0
         || strcmp (text, "0-0:26.5.0.255") == 0;
}

/* Is the one value that A takes the one that it has? */
static bool
has_one_value (const mw_model_attr *a)
{
  const mw_model_limit *limit = &mw_model_limits[a->limit];
  return a->limit && (limit->n_choices == 1 || limit->least == limit->most);
}

/* Another value is accepted and read back; then one beyond the range is refused and the other
 * one stays. */
static void
write_another (rig *r, const published *p, unsigned k, unsigned *written, unsigned *beyond)
{
  static uint8_t value[2048];
  mw_dlms_attr a = { p->class_id, p->ln, p->index[k] };
  const mw_model_attr *row = row_of (r, p, a.index);
  char text[MW_OBIS_TEXT] = "";
  (void) mw_obis_format (p->ln, text, sizeof text);
  if (!row || !(p->rights[k] & MW_ACCESS_WRITE) || !(p->rights[k] & MW_ACCESS_READ)
      || read_one (r, p, k) != 0 || has_one_value (row))
    return;
  mw_span other = another (r, (uint16_t) (row - mw_model_attrs), value, sizeof value);
  if (other.len == 0 || strcmp (text, "0-0:15.0.2.255") == 0) /* an array of less than two */
    return;
  unsigned got = rig_set_of (r, a, other);
  bool ok = got == 0 && read_one (r, p, k) == 0
            && (is_command (p, a.index)
                || (r->len == other.len && memcmp (r->answer, other.ptr, other.len) == 0));
  if (!check_report (ok, __FILE__, __LINE__, "another value written and read back"))
    printf ("    %u %s attribute %d: %u\n", p->class_id, text, a.index, got);
  *written += 1;
  const mw_model_limit *limit = &mw_model_limits[row->limit];
  unsigned tag = mw_type_tag (mw_model_types[row->type]);
  if (is_command (p, a.index) || !row->limit || !strchr ("uUDiILe", mw_model_types[row->type])
      || limit->most >= (INT64_C (1) << (8 * mw_axdr_type_size (tag) - 1)) - 1)
    return;
  uint8_t buf[12];
  mw_wr w;
  mw_wr_init (&w, buf, sizeof buf);
  mw_axdr_put_int (&w, tag, limit->most + 1);
  CHECK_EQ (rig_set_of (r, a, mw_wr_done (&w)), MW_DAR_OTHER_REASON);
  CHECK_EQ (read_one (r, p, k), 0);
  CHECK_MEM (r->answer, r->len, other.ptr, other.len);
  *beyond += 1;
}

static void
others (enum mw_model_id id)
{
  unsigned written = 0, beyond = 0;
  rig *r = rig_new (id, MW_PORT_WRAPPER);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  size_t n = read_list (r);
  for (size_t i = 0; i < n; i++)
    for (unsigned k = 0; k < list[i].n; k++)
      write_another (r, &list[i], k, &written, &beyond);
  printf ("%s: %u other values written, %u refused\n", mw_model_name (id), written, beyond);
  CHECK (written > 200 && beyond > 55);
  rig_free (r);
}

static void
test_others (void)
{
  others (MW_MT381);
  others (MW_ME381);
}

/* Beyond its range every number is refused and stays. */
static void
test_ranges (void)
{
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  unsigned ranges = 0;
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  size_t n = read_list (r);
  for (size_t i = 0; i < n; i++)
    for (unsigned k = 0; k < list[i].n; k++) {
      const mw_model_attr *row = row_of (r, &list[i], list[i].index[k]);
      if (!row || !row->limit || !(list[i].rights[k] & MW_ACCESS_WRITE)
          || !strchr ("uUDiILe", mw_model_types[row->type]))
        continue;
      const mw_model_limit *limit = &mw_model_limits[row->limit];
      unsigned tag = mw_type_tag (mw_model_types[row->type]);
      uint8_t buf[12];
      mw_wr w;
      if (limit->most == INT64_MAX
          || limit->most >= (INT64_C (1) << 8 * mw_axdr_type_size (tag)) - 1)
        continue;
      mw_wr_init (&w, buf, sizeof buf);
      mw_axdr_put_int (&w, tag, limit->most + 1);
      mw_dlms_attr a = { list[i].class_id, list[i].ln, list[i].index[k] };
      CHECK_EQ (rig_set_of (r, a, mw_wr_done (&w)), MW_DAR_OTHER_REASON);
      ranges++;
    }
  CHECK (ranges > 60);
  rig_free (r);
}

/* Objects and attributes that are not there. */
static void
test_unknown (void)
{
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_get (r, 3, "1-0:99.99.9.255", 2), MW_DAR_OBJECT_UNDEFINED);
  CHECK_EQ (rig_get (r, 4, "1-0:1.8.0.255", 2), MW_DAR_OBJECT_CLASS_INCONSISTENT);
  CHECK_EQ (rig_get (r, 3, "1-0:1.8.0.255", 9), MW_DAR_READ_WRITE_DENIED);
  CHECK_EQ (rig_set (r, 3, "1-0:1.8.0.255", 1, "0906010001080 0ff"), MW_DAR_READ_WRITE_DENIED);
  CHECK_EQ (rig_act (r, 3, "1-0:1.8.0.255", 7, "0f00"), MW_DAR_OBJECT_UNDEFINED);
  rig_free (r);
}

/* Register values, scalers and units against the core. */
static void
test_scaler (void)
{
  rig *r = rig_new (MW_MT381, MW_PORT_WRAPPER);
  rig_live (r, 86400);
  CHECK_EQ (rig_connect (r, 1, "12345678"), 0);
  CHECK_EQ (rig_get (r, 3, "1-0:1.8.0.255", 2), 0);
  CHECK (rig_int (r) > 1000);
  CHECK_EQ (rig_int (r), mw_energy_wh (&r->meter, MW_Q_AP, 0));
  CHECK_EQ (rig_get (r, 3, "1-0:1.8.0.255", 3), 0);
  CHECK_MEM (r->answer, r->len, "\x02\x02\x0f\x00\x16\x1e", 6);
  CHECK_EQ (rig_get (r, 3, "1-0:32.7.0.255", 2), 0);
  CHECK (rig_int (r) > 2000 && rig_int (r) < 2600); /* 0.1 V */
  CHECK_EQ (rig_get (r, 3, "1-0:32.7.0.255", 3), 0);
  CHECK_MEM (r->answer, r->len, "\x02\x02\x0f\xff\x16\x23", 6);
  CHECK_EQ (rig_get (r, 3, "1-0:14.7.0.255", 2), 0);
  CHECK (rig_int (r) > 4900 && rig_int (r) < 5100); /* 0.01 Hz */
  CHECK_EQ (rig_get (r, 8, "0-0:1.0.0.255", 2), 0);
  /* 2026-03-02T01:00:00+01:00: COSEM counts the deviation to UTC, -60 */
  CHECK_MEM (r->answer, r->len, "\x09\x0c\x07\xea\x03\x02\x01\x01\x00\x00\x00\xff\xc4\x00", 14);
  rig_free (r);
}

CHECK_MAIN (test_annex, test_read_wrapper, test_read_hdlc, test_write, test_others, test_ranges,
            test_unknown, test_scaler)
