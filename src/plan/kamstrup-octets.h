/* kamstrup-octets.h: a plan as the octets that a Kamstrup meter keeps.
 *
 * No public source has the layout of the makers; this is that of the reference meter, as its
 * own documentation gives it (firmware-ref/core/kamstrup/kplan.h), written again here: the two
 * sides share no code.
 */
#ifndef MW_PLAN_KAMSTRUP_OCTETS_H
#define MW_PLAN_KAMSTRUP_OCTETS_H

#include "plan.h"

G_BEGIN_DECLS

#define MW_KAM_PLAN_MAX 2720

/* How the meter calls what it holds: PLAN_KIND. 0: not one of its plans. */
guint mw_kam_plan_kind (MwPlanKind kind);

/* NULL with ERROR (MW_SESSION_ERROR_REFUSED) when it cannot be said in octets.  A DST plan by
 * rule becomes a list of 20 years from the year before FIRST_YEAR on; one without years has no
 * octets. */
GBytes *mw_kam_plan_encode (const MwPlan *plan, int first_year, GError **error);
/* SELECTED: the tariff plan of a calendar plan that is in use, from 0.  ERROR:
 * MW_SESSION_ERROR_PROTOCOL. */
MwPlan *mw_kam_plan_decode (GBytes *octets, guint selected, GError **error);

G_END_DECLS

#endif
