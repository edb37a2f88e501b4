/* classes-names: the table of interface classes against what the Blue Book numbers say. */
#include "check.h"
#include "dlms/classes.h"

static void
test_names (void)
{
  CHECK_STR (mw_class_name (7, 1), "Profile generic");
  CHECK_STR (mw_attribute_name (7, 1, 1), "logical_name");
  CHECK_STR (mw_attribute_name (7, 1, 2), "buffer");
  CHECK_STR (mw_attribute_name (7, 1, 8), "profile_entries");
  CHECK (mw_attribute_name (7, 1, 9) == NULL);
  CHECK (mw_attribute_name (7, 1, 0) == NULL);
  CHECK (mw_attribute_name (7, 1, -1) == NULL);
  CHECK_STR (mw_method_name (7, 1, 2), "capture");
  CHECK (mw_method_name (7, 1, 3) == NULL);
  CHECK_STR (mw_method_name (7, 0, 3), "get_buffer_by_range");
  CHECK (mw_method_name (1, 0, 1) == NULL);
  CHECK (mw_method_name (1, 0, -5) == NULL);
  CHECK (mw_class_name (2, 0) == NULL);
  CHECK_STR (mw_attribute_name (8, MW_CLASS_ANY_VERSION, 9), "clock_base");
  CHECK_EQ (MW_CLASS_CLOCK, 8);
  CHECK_EQ (MW_CLASS_DISCONNECT_CONTROL, 70);
}

/* Numbers of attributes and methods, as the Blue Book's class tables count them. */
static void
test_counts (void)
{
  /* clang-format off */
  static const struct { unsigned id, version; int attributes, methods; } rows[] = {
    { 1, 0, 2, 0 }, { 3, 0, 3, 1 }, { 4, 0, 5, 1 }, { 5, 0, 9, 2 }, { 6, 0, 4, 3 },
    { 7, 1, 8, 2 }, { 8, 0, 9, 6 }, { 9, 0, 2, 1 }, { 10, 0, 2, 3 }, { 11, 0, 2, 2 },
    { 15, 0, 8, 4 }, { 15, 1, 9, 4 }, { 15, 2, 11, 6 }, { 17, 0, 2, 1 }, { 18, 0, 7, 4 },
    { 19, 1, 9, 0 }, { 20, 0, 10, 1 }, { 21, 0, 4, 0 }, { 22, 0, 4, 0 }, { 23, 1, 9, 0 },
    { 27, 1, 4, 0 }, { 28, 0, 6, 0 }, { 29, 1, 6, 0 }, { 40, 0, 7, 1 }, { 41, 0, 6, 0 },
    { 42, 0, 10, 3 }, { 43, 0, 2, 0 }, { 44, 0, 5, 0 }, { 45, 0, 4, 0 }, { 47, 0, 8, 0 },
    { 50, 1, 15, 0 }, { 51, 0, 2, 1 }, { 52, 0, 5, 0 }, { 53, 0, 8, 1 }, { 55, 1, 3, 0 },
    { 56, 0, 2, 0 }, { 61, 0, 4, 2 }, { 62, 1, 6, 2 }, { 63, 0, 3, 0 }, { 64, 0, 5, 2 },
    { 64, 1, 6, 8 }, { 68, 0, 6, 2 }, { 70, 0, 4, 2 }, { 71, 0, 11, 0 }, { 72, 0, 12, 8 },
    { 72, 1, 14, 8 }, { 74, 0, 2, 0 }, { 111, 0, 19, 3 }, { 112, 0, 11, 3 },
    { 113, 0, 13, 5 }, { 115, 0, 6, 1 },
  };
  /* clang-format on */
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    CHECK_EQ (mw_attribute_count (rows[i].id, rows[i].version), rows[i].attributes);
    CHECK_EQ (mw_method_count (rows[i].id, rows[i].version), rows[i].methods);
  }
  CHECK_EQ (mw_attribute_count (9999, 0), 0);
}

CHECK_MAIN (test_names, test_counts)
