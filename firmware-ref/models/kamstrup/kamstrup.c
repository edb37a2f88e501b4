/* kamstrup.c: the life of a personality: type numbers, presets, and whose memory it is. */
#include "models/kamstrup/kamstrup.h"

#include <string.h>

const mw_kpersonality *
mw_kamstrup_personality (const mw_kamstrup *meter)
{
  return &mw_kpersonalities[meter->p];
}

/* --- type numbers ---------------------------------------------------------------------------
 */

/* TEXT without dashes and spaces, in OUT; its length, 0 when it is none. */
static size_t
bare (const char *text, char out[MW_KAMSTRUP_TYPE_MAX + 1])
{
  size_t n = 0;
  for (; *text; text++) {
    bool good = (*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'Z');
    if (*text == '-' || *text == ' ')
      continue;
    if (!good || n == MW_KAMSTRUP_TYPE_MAX)
      return 0;
    out[n++] = *text;
  }
  out[n] = '\0';
  return n == 10 || n == 12 || n == 13 || n == 18 ? n : 0;
}

/* Does TYPE, of N characters, name personality P?  684, 685, 686 and a digit tell the direct
 * and CT meters with one, two and three phases; of 13 characters the seventh is the generation,
 * of 18 the fifth and sixth the connection, the ninth the generation and the tenth the variant.
 */
static bool
names (const mw_kpersonality *p, const char *type, size_t n)
{
  const char *usual = p->type_number;
  if (strlen (usual) != n)
    return strncmp (type, usual, 3) == 0 && strlen (usual) != 18 && n != 18;
  if (n == 18)
    return memcmp (type, usual, 6) == 0 && type[8] == usual[8] && type[9] == usual[9];
  return memcmp (type, usual, 4) == 0 && type[6] == usual[6];
}

/* "omnipower-3p" and "omnipower-aron" are. */
static bool
related (const mw_kpersonality *a, const mw_kpersonality *b)
{
  size_t n = strcspn (a->model, "-");
  return n == strcspn (b->model, "-") && memcmp (a->model, b->model, n) == 0
         && a->phases == b->phases && a->ct == b->ct;
}

int
mw_kamstrup_of_type (unsigned personality, const char *text, const char **why)
{
  const mw_kpersonality *asked = &mw_kpersonalities[personality];
  char type[MW_KAMSTRUP_TYPE_MAX + 1];
  size_t n = bare (text, type);
  *why = n ? "that type number is of another model or generation"
           : "a type number has 10, 12, 13 or 18 digits and capital letters";
  if (n && names (asked, type, n))
    return (int) personality;
  for (unsigned i = 0; n == 18 && i < mw_n_kpersonalities; i++)
    if (related (asked, &mw_kpersonalities[i]) && names (&mw_kpersonalities[i], type, n))
      return (int) i;
  return -1;
}

/* --- life -----------------------------------------------------------------------------------
 */

/* Settings begin with what the catalogue says. */
static void
presets (mw_kamstrup *m)
{
  for (unsigned i = 0; i < mw_n_kregister_rows; i++) {
    const mw_kregister *r = &mw_kregister_rows[i];
    const mw_kvalue_info *info = mw_kvalue_info_of (r->bind);
    mw_decimal d;
    bool setting = r->bind >= MW_KV_FIRST_SETTING && r->bind < MW_KV_SETTINGS_END;
    if (!r->limit || !info || !setting || !mw_khas (r->in, m->p)
        || !(r->access & (MW_KACCESS_WRITE | MW_KACCESS_MODULE)))
      continue;
    int exponent = r->exponent + mw_kamstrup_prefix (r->unit, NULL);
    d = mw_decimal_of (mw_klimits[r->limit].preset, exponent, MW_UNIT_NONE);
    if (mw_decimal_rescale (d, info->exponent, &d) == MW_OK)
      (void) mw_kmeter_set (m->k, r->bind, d.mantissa);
  }
}

/* The meter number is the serial number until somebody programs another (METERTOOL manual
 * 3.4.5.3): its last eight digits, and all of them as text. */
static void
meter_number (mw_kmeter *k, uint32_t serial)
{
  char text[10];
  (void) mw_kmeter_set (k, MW_KV_METER_NUMBER1, serial % 100000000u);
  for (unsigned i = sizeof text; i > 0; i--, serial /= 10)
    text[i - 1] = (char) ('0' + serial % 10);
  (void) mw_kmeter_set_text (k, MW_KV_TOTAL_METER_NUMBER, text, sizeof text);
  (void) mw_kmeter_set_text (k, MW_KV_REFERENCE, "REF", 3);
}

/* The position "breaker" of a type number of N characters, from 1; 0: it has none. */
static size_t
breaker_at (size_t n)
{
  return n == 18 ? 12 : n == 13 ? 9 : 0;
}

/* Does the type number say that this meter is without the breaker that others of it have? */
static bool
is_without_breaker (const mw_kpersonality *p, const char *type, size_t n)
{
  size_t at = breaker_at (n);
  return p->breaker && at && type[at - 1] == '0';
}

enum mw_err
mw_kamstrup_init (mw_kamstrup *m, mw_kmeter *k, const mw_kamstrup_config *config)
{
  const mw_kpersonality *p = &mw_kpersonalities[config->personality];
  char type[MW_KAMSTRUP_TYPE_MAX + 1];
  size_t n = bare (config->type_number ? config->type_number : p->type_number, type);
  if (!n)
    return MW_ERR_VALUE;
  memset (m, 0, sizeof *m);
  m->k = k;
  m->p = config->personality;
  mw_kmeter_init (k, &(mw_kmeter_config){ .nvm = config->nvm,
                                          .model = &mw_kmodels[m->p],
                                          .serial = config->serial,
                                          .type_number = p->kmp_type,
                                          .software = p->kmp_revision,
                                          .no_breaker = is_without_breaker (p, type, n) });
  presets (m);
  meter_number (k, config->serial);
  (void) mw_kmeter_set (k, MW_KV_PASSWORD, config->password);
  (void) mw_kmeter_set (k, MW_KV_KMP_ADDRESS, config->address);
  (void) mw_kmeter_set_text (k, MW_KV_COMPLETE_TYPE, type, n);
  memcpy (m->kept.model, p->model, strlen (p->model));
  m->kept.generation = p->generation;
  m->kept.variant = p->variant;
  memcpy (m->kept.type, type, n);
  mw_store_attach (&k->m.store, MW_AREA_USER0, &m->kept, sizeof m->kept);
  return MW_OK;
}

bool
mw_kamstrup_fits (const mw_kamstrup *m)
{
  const mw_kpersonality *p = mw_kamstrup_personality (m);
  return strncmp (m->kept.model, p->model, sizeof m->kept.model) == 0
         && m->kept.generation == p->generation && m->kept.variant == p->variant;
}
