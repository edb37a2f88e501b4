/* types.c: does a written value have the type and the size that its attribute asks for?
 *
 * A type is a text of letters (tables.h).  It is a constant of the firmware, at most five
 * levels deep, and so the recursion is.
 */
#include "models/model.h"

unsigned
mw_type_tag (char letter)
{
  static const struct {
    char letter;
    uint8_t tag;
  } tags[] = {
    { 'b', MW_AXDR_BOOLEAN },         { 'u', MW_AXDR_UNSIGNED },
    { 'U', MW_AXDR_LONG_UNSIGNED },   { 'D', MW_AXDR_DOUBLE_LONG_UNSIGNED },
    { 'i', MW_AXDR_INTEGER },         { 'I', MW_AXDR_LONG },
    { 'L', MW_AXDR_DOUBLE_LONG },     { 'q', MW_AXDR_LONG64 },
    { 'Q', MW_AXDR_LONG64_UNSIGNED }, { 'e', MW_AXDR_ENUM },
    { 'o', MW_AXDR_OCTET_STRING },    { 'v', MW_AXDR_VISIBLE_STRING },
    { 't', MW_AXDR_BIT_STRING },      { 'T', MW_AXDR_OCTET_STRING },
    { 'Y', MW_AXDR_OCTET_STRING },    { 'H', MW_AXDR_OCTET_STRING },
    { 'a', MW_AXDR_ARRAY },           { 's', MW_AXDR_STRUCTURE },
  };
  for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
    if (tags[i].letter == letter)
      return tags[i].tag;
  return MW_AXDR_NULL_DATA;
}

static bool
calendar_check (char letter, const mw_axdr_value *v)
{
  mw_civil t;
  uint32_t len = letter == 'T' ? 12 : letter == 'Y' ? 5 : 4;
  return v->len == len && mw_axdr_civil (v->ptr, v->len, &t) == MW_OK;
}

/* The text after the type that begins at TYPE. */
static const char *
type_end (const char *type)
{
  unsigned open = 0;
  do {
    if (*type == '(')
      open++;
    else if (*type == ')')
      open--;
    type++;
  } while (open > 0 || *type == '(');
  return type;
}

static bool
check_one (const char *type, mw_cur *c)
{
  if (*type == '?')
    return mw_axdr_take (c).len > 0;
  mw_axdr_value v;
  mw_axdr_get (c, &v);
  if (c->err || v.type != mw_type_tag (*type))
    return false;
  switch (*type) {
  case 'a':
    for (uint32_t i = 0; i < v.len; i++)
      if (!check_one (type + 2, c))
        return false;
    return true;
  case 's': {
    const char *part = type + 2;
    uint32_t parts = 0;
    for (; *part != ')'; part = type_end (part), parts++)
      if (parts >= v.len || !check_one (part, c))
        return false;
    return parts == v.len;
  }
  case 'T':
  case 'Y':
  case 'H':
    return calendar_check (*type, &v);
  default:
    return true;
  }
}

/* C holds exactly one value of TYPE; it is read to its end. */
bool
mw_type_check (const char *type, mw_cur *c)
{
  return check_one (type, c) && mw_cur_left (c) == 0 && c->err == MW_OK;
}

static bool
chosen (const mw_model_limit *limit, int64_t v)
{
  for (unsigned i = 0; i < limit->n_choices; i++)
    if (mw_model_choices[limit->choices + i] == v)
      return true;
  return limit->n_choices == 0;
}

bool
mw_limit_check (const mw_model_attr *a, mw_span value)
{
  const mw_model_limit *limit = &mw_model_limits[a->limit];
  if (a->limit == 0)
    return true;
  mw_cur c = mw_cur_of (value);
  mw_axdr_value v;
  mw_axdr_get (&c, &v);
  int64_t n;
  if (mw_axdr_to_int (&v, &n) == MW_OK)
    return n >= limit->least && n <= limit->most && chosen (limit, n);
  return (int64_t) v.len <= limit->most && (int64_t) v.len >= limit->least;
}
