#include "wiring-text.h"

#include <glib/gi18n.h>

static const struct {
  mw_wiring_kind kind;
  const char *title; /* one or two phase numbers */
  const char *advice;
} words[] = {
  { MW_WIRING_OK, N_ ("Wiring looks right"),
    N_ ("Rotation L1 L2 L3, every current with its voltage.") },
  { MW_WIRING_VOLTAGE_MISSING, N_ ("Voltage L%d missing"),
    N_ ("Check the fuse, the voltage terminal and the sliding bridge of this phase.") },
  { MW_WIRING_VOLTAGE_LOW, N_ ("Voltage L%d low"), NULL },
  { MW_WIRING_VOLTAGE_HIGH, N_ ("Voltage L%d high"), NULL },
  { MW_WIRING_NEUTRAL_SUSPECT, N_ ("The voltages have drifted apart"),
    N_ ("Check the neutral first: an interrupted one damages what is connected.") },
  { MW_WIRING_CURRENT_REVERSED, N_ ("Current L%d reversed"),
    N_ ("Change the two current wires of this phase (k and l, S1 and S2).") },
  { MW_WIRING_CURRENTS_SWAPPED, N_ ("Currents L%d and L%d swapped"),
    N_ ("Each of these currents is measured with the other's voltage.") },
  { MW_WIRING_CURRENTS_ROTATED, N_ ("All three currents one phase on"),
    N_ ("No current is measured with its own voltage: lead each to its phase.") },
  { MW_WIRING_VOLTAGES_SWAPPED, N_ ("Voltages L%d and L%d swapped"),
    N_ ("The voltages rotate backwards and two of them stand with the wrong current.") },
  { MW_WIRING_SEQUENCE_REVERSED, N_ ("Rotation L1 L3 L2"),
    N_ ("The phases rotate backwards. Motors run the wrong way; the energy is still right.") },
  { MW_WIRING_ANGLES_ODD, N_ ("The phase angles do not fit a load"),
    N_ ("A current is reversed or with the wrong voltage; more than one mistake fits. Check "
        "phase by phase.") },
  { MW_WIRING_EXPORT, N_ ("Energy flows out"),
    N_ ("Generation. If nothing generates here, the currents are reversed.") },
  { MW_WIRING_NO_CURRENT, N_ ("No current in L%d"),
    N_ ("Nothing switched on in this phase, or a current path is bridged or open.") },
  { MW_WIRING_NO_LOAD, N_ ("No load"),
    N_ ("The current wiring can be judged only with a load on each phase.") },
  { MW_WIRING_NO_ANGLES, N_ ("The currents cannot be judged"),
    N_ ("This meter gave no power, power factor or angle of each phase.") },
  { MW_WIRING_UNKNOWN, N_ ("Nothing measured yet"), NULL },
};

/* TEXT with its "%d" replaced by the phases in turn. */
static char *
with_phases (const char *text, const mw_wiring_hint *hint)
{
  const int phases[2] = { hint->a + 1, hint->b + 1 };
  GString *out = g_string_new (NULL);
  g_auto (GStrv) pieces = g_strsplit (text, "%d", 3);
  for (guint i = 0; pieces[i]; i++) {
    g_string_append (out, pieces[i]);
    if (pieces[i + 1] && i < 2)
      g_string_append_printf (out, "%d", phases[i]);
  }
  return g_string_free (out, FALSE);
}

char *
mw_wiring_hint_dup_title (const mw_wiring_hint *hint)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    if (words[i].kind != hint->kind)
      continue;
    g_autofree char *title = with_phases (_ (words[i].title), hint);
    if (hint->kind == MW_WIRING_VOLTAGE_LOW || hint->kind == MW_WIRING_VOLTAGE_HIGH)
      return g_strdup_printf (_ ("%s, %+.0f %%"), title, hint->value);
    return g_steal_pointer (&title);
  }
  return g_strdup ("");
}

const char *
mw_wiring_hint_get_advice (const mw_wiring_hint *hint)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].kind == hint->kind)
      return words[i].advice ? _ (words[i].advice) : NULL;
  return NULL;
}
