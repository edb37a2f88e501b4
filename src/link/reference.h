/* reference.h: the link `ref:` is in a library of its own, the only one that knows
 * firmware-ref.
 *
 * A program that wants it registers it at its start.  A meter lives as long as the program: who
 * connects to the same URI again finds the same meter, with what was written into it.
 */
#ifndef MW_LINK_REFERENCE_H
#define MW_LINK_REFERENCE_H

#include <glib.h>

G_BEGIN_DECLS

void mw_reference_link_register (void);
/* Take the meters that nobody is connected to away (tests; saves those with nvm=FILE). */
void mw_reference_link_forget (void);

G_END_DECLS

#endif
