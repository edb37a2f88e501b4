/* register-item.h: a register with what is known of its value, as a row of the meter data page.
 */
#ifndef MW_REGISTER_ITEM_H
#define MW_REGISTER_ITEM_H

#include "workspace.h"

G_BEGIN_DECLS

#define MW_TYPE_REGISTER_ITEM (mw_register_item_get_type ())
G_DECLARE_FINAL_TYPE (MwRegisterItem, mw_register_item, MW, REGISTER_ITEM, GObject)

/* Copies what it needs of INFO. */
MwRegisterItem *mw_register_item_new (const MwRegisterInfo *info);
const char *mw_register_item_get_obis (MwRegisterItem *self);
const char *mw_register_item_get_name (MwRegisterItem *self);
const char *mw_register_item_get_group (MwRegisterItem *self);
gboolean mw_register_item_is_unverified (MwRegisterItem *self);
/* VALUE NULL: none is known. Emits "changed" when it shows otherwise. */
void mw_register_item_set_value (MwRegisterItem *self, const MwValue *value);
MwReading *mw_register_item_get_reading (MwRegisterItem *self); /* NULL: none */
gint64 mw_register_item_get_time (MwRegisterItem *self);
const char *mw_register_item_get_text (MwRegisterItem *self); /* "" when none */
const char *mw_register_item_get_unit (MwRegisterItem *self);
const char *mw_register_item_get_note (MwRegisterItem *self);   /* raw value, or why refused */
const char *mw_register_item_get_before (MwRegisterItem *self); /* NULL: not changed */
/* In the chosen list? */
gboolean mw_register_item_is_chosen (MwRegisterItem *self);
void mw_register_item_set_chosen (MwRegisterItem *self, gboolean chosen);

/* Do all words of NEEDLE stand in name, group or OBIS code? */
gboolean mw_register_item_matches (MwRegisterItem *self, const char *needle);

G_END_DECLS

#endif
