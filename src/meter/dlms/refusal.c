/* refusal.c: what a refusal by the meter means. */
#include "meter/dlms/refusal.h"

#include "dlms/apdu.h"

/* Green Book 9.5, Data-Access-Result. */
char *
mw_words_refusal (int result)
{
  static const struct {
    int result;
    const char *words;
  } rows[] = {
    { MW_DAR_HARDWARE_FAULT, "the meter reports a hardware fault" },
    { MW_DAR_TEMPORARY_FAILURE, "the meter cannot do it just now; try again" },
    { MW_DAR_READ_WRITE_DENIED, "this client may not do that; another client may" },
    { MW_DAR_OBJECT_UNDEFINED, "this meter has no such object" },
    { MW_DAR_OBJECT_CLASS_INCONSISTENT, "the object is of another interface class" },
    { MW_DAR_OBJECT_UNAVAILABLE, "the object is there but not available" },
    { MW_DAR_TYPE_UNMATCHED, "the value has another data type than the attribute" },
    { MW_DAR_SCOPE_OF_ACCESS_VIOLATED, "this client may not see that object" },
    { MW_DAR_OTHER_REASON, "the meter gives no reason" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].result == result)
      return g_strdup_printf ("%s (%s)", mw_dar_name ((unsigned) result), rows[i].words);
  return g_strdup_printf ("%s (result %d)", mw_dar_name ((unsigned) result), result);
}
