#include "functions.h"

#include <glib/gi18n.h>

/* clang-format off */
const MwFunction mw_functions[] = {
  { "overview", N_("Meter"), N_("Overview"), "mw-phasor-symbolic", "<Control>1",
    N_("The meter on one page: what it is, what it counts, whether its clock and its wiring are right."),
    N_("Ctrl+R reads the page again. Values that are not from this minute say so in the source line.") },
  { "meter-data", N_("View"), N_("Meter data"), "view-list-symbolic", "<Control>2",
    N_("Registers of your choice, read together. Keep a choice under a name and use it on the next meter."),
    N_("Drag registers between the lists, double-click them, or use the arrow buttons. Ctrl+F searches, Ctrl+R reads, Ctrl+C copies, Ctrl+S saves a CSV file.") },
  { "loggers", N_("View"), N_("Loggers"), "x-office-calendar-symbolic", "<Control>3",
    N_("Everything that the meter has logged: load profiles, billing values, events. Only what is new has to be read."),
    N_("Ctrl+R reads what is new in the chosen logger. Ctrl+S saves what is shown.") },
  { "load-profile", N_("View"), N_("Load profile"), "mw-chart-symbolic", "<Control>4",
    N_("Consumption over time, as a picture: of any stored meter, for any energy type."),
    N_("Mark an area to zoom in, turn the wheel, press + and −, 0 shows everything, Backspace goes back. Drag with Shift to pan, or use the arrow keys.") },
  { "readings", N_("View"), N_("Stored readings"), "document-open-recent-symbolic", "<Control>5",
    N_("Earlier readings of this meter, by date. No meter needs to be connected."),
    N_("Choose a date on the left. Ctrl+S saves the reading as a CSV file, Ctrl+P as a PDF report.") },
  { "tariff-plan", N_("Plans"), N_("Tariff plan"), "x-office-calendar-symbolic", NULL,
    N_("Which tariff holds when, for 25 years: seasons, holidays and days, written on the desk and put into the meter."),
    N_("Drag over days or hours to paint them. With keys: arrows move, Shift+arrows mark, 1 to 8 paint that tariff, Space paints as chosen. Ctrl+Z undoes, Shift+Ctrl+Z redoes, Ctrl+S saves.") },
  { "iec-request", N_("Tools"), N_("IEC1107 request"), "format-justify-left-symbolic", NULL,
    N_("The read-out of IEC 62056-21 as the meter sends it to any reader: every line with its code, value and meaning."),
    N_("Ctrl+R asks the meter. Ctrl+C copies the lines, Ctrl+S saves them as a CSV file.") },
  { "library", N_("Library"), N_("All meters"), "folder-documents-symbolic", "<Control>6",
    N_("Every meter that was ever read on this machine, with its readings and loggers."),
    N_("Type to search. Enter opens a meter. The pencil gives it a name of your own.") },
  { NULL },
};
/* clang-format on */

const MwFunction *
mw_function_find (const char *id)
{
  for (const MwFunction *f = mw_functions; f->id; f++)
    if (g_strcmp0 (f->id, id) == 0)
      return f;
  return NULL;
}
