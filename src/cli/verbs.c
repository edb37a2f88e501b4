/* verbs.c: the table of verbs. */
#include <string.h>

#include "cli/cli.h"

/* clang-format off */
const MwVerb mw_verbs[] = {
  { "ports", "", "serial ports, with the optical heads that it recognises",
    NULL, mw_verb_ports },
  { "identify", "URI", "who the meter is: type, serial number, firmware, clock",
    NULL, mw_verb_identify },
  { "objects", "URI", "the list of objects of the association",
    "  --refresh   ask the meter even when the list is known", mw_verb_objects },
  { "read", "URI [REGISTER…|--profile NAME|--all]", "values of registers",
    "REGISTER is an OBIS code (1-0:1.8.0.255) or a name of the catalogue.\n"
    "  --profile NAME   the registers of a saved profile\n"
    "  --all            all registers of this type of meter (as without any)",
    mw_verb_read },
  { "get", "URI CLASS:OBIS:ATTR", "one attribute of any object",
    "Example: mw get tcp:10.0.0.5:4059 3:1-0:1.8.0.255:2\n"
    "A register of a Kamstrup meter is named by its number: kmp:3FF", mw_verb_get },
  { "set", "URI CLASS:OBIS:ATTR VALUE", "write one attribute, read it back, keep an audit record",
    "VALUE: u8:5 i16:-3 u32:100 enum:1 bool:true octet:0102 visible:abc null\n"
    "datetime:2026-01-31T12:00:00+01:00 array[…] structure{u8:1, u16:2}", mw_verb_set },
  { "action", "URI CLASS:OBIS:METHOD [VALUE]", "call a method, keep an audit record",
    "VALUE as for “set”. Example: mw action URI 8:0-0:1.0.0.255:1 i8:0", mw_verb_action },
  { "do", "URI ACTION", "what can be done to or with a meter",
    "ACTION:\n"
    "  iec1107-request   the data readout of IEC 62056-21, beside the protocol that is spoken",
    mw_verb_do },
  { "log", "URI LOGGER", "the rows of a logger (load-profile, events-standard, …)",
    "  --from T, --to T   2026-01-31, 2026-01-31T12:00, yesterday, -30d\n"
    "  --last N           the newest N rows\n"
    "  --new              what the database lacks", mw_verb_log },
  { "meters", "", "the meters in the database", NULL, mw_verb_meters },
  { "export", "METER LOGGER -o FILE", "stored rows of a logger as a file",
    "METER is a serial number or a label.\n"
    "  --format csv|pdf   otherwise by the file's name\n"
    "  -o FILE\n"
    "  --from T, --to T   as for “log”", mw_verb_export },
  { "plan", "WHAT …", "tariff and daylight-saving plans, on the desk and in the meter",
    "  mw plan check FILE            is it whole?  Line, field and reason when it is not\n"
    "  mw plan show FILE             the plan in words\n"
    "  mw plan diff A B              what is different in B\n"
    "  mw plan new KIND [-o FILE]    a plan to begin with: tariff, period, calendar, activity,\n"
    "                                dst; --year Y is the first year of a tariff plan\n"
    "  mw plan holidays CC YEAR [YEAR]   public holidays of a country: DK, SE, DE, …\n"
    "  mw plan simulate FILE         hours per tariff of this year\n"
    "    --year Y                    of another year\n"
    "    --at T                      what holds then, and the next change\n"
    "    --from T [--to T]           every change\n"
    "    --meter METER [--logger NAME] [--price 1=0.31 …]\n"
    "                                what its stored load profile would have registered\n"
    "    --zone +01:00, --dst eu|none|FILE   the clock; otherwise that of this machine\n"
    "  mw plan read URI [--kind KIND] [-o FILE]   the plan that the meter follows\n"
    "  mw plan program URI FILE      show the difference, program, read back, compare\n"
    "    --dry-run                   the difference alone\n"
    "    --yes                       do not ask",
    mw_verb_plan },
  { "decode", "[HEX|-]", "what the bytes of a frame or an APDU mean, in words",
    "  --kind KIND   hdlc, wrapper, iec62056-21, kmp, apdu, axdr; otherwise it is found out", mw_verb_decode },
  { NULL }
};
/* clang-format on */

const MwVerb *
mw_verb_find (const char *name)
{
  for (const MwVerb *verb = mw_verbs; verb->name; verb++)
    if (strcmp (verb->name, name) == 0)
      return verb;
  return NULL;
}
