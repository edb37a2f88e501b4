/* reference.h: the link `ref:` is in a library of its own, the only one that knows
 * firmware-ref.
 *
 * A program that wants it calls this at its start.
 */
#ifndef MW_LINK_REFERENCE_H
#define MW_LINK_REFERENCE_H

void mw_reference_link_register (void);

#endif
