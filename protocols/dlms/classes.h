/* classes.h: the names of COSEM interface classes, their attributes and methods. */
#ifndef MW_CLASSES_H
#define MW_CLASSES_H

enum mw_class {
#define MW_CLASS(id, version, symbol, name, attributes, methods) MW_CLASS_##symbol = id,
#include "dlms/classes.def"
};

/* For VERSION when it is not known: the newest of the class is meant. */
#define MW_CLASS_ANY_VERSION 255u

/* The Blue Book's names ("Profile generic", "capture_objects", "reset"), static storage.  A
 * version that is not known is read as the newest.  NULL: no such class, attribute or method
 * (manufacturers' own have negative or higher numbers). */
const char *mw_class_name (unsigned class_id, unsigned version);
const char *mw_attribute_name (unsigned class_id, unsigned version, int index);
const char *mw_method_name (unsigned class_id, unsigned version, int index);
/* How many the class has, logical_name included; 0 for an unknown class. */
int mw_attribute_count (unsigned class_id, unsigned version);
int mw_method_count (unsigned class_id, unsigned version);

#endif
