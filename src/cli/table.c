/* table.c: a table of text with aligned columns.  Widths are those of characters as a terminal
 * shows them, near enough for the letters and units of meters. */
#include <string.h>

#include "cli/cli.h"

struct MwTable {
  char *align;
  guint n_columns;
  GPtrArray *rows; /* of char ** */
};

static void
add_cells (MwTable *table, va_list args, const char *first)
{
  char **cells = g_new0 (char *, table->n_columns + 1);
  const char *cell = first;
  for (guint i = 0; i < table->n_columns; i++) {
    cells[i] = g_strdup (cell ? cell : "");
    if (cell)
      cell = va_arg (args, const char *);
  }
  g_ptr_array_add (table->rows, cells);
}

MwTable *
mw_table_new_empty (const char *align)
{
  MwTable *table = g_new0 (MwTable, 1);
  table->align = g_strdup (align);
  table->n_columns = (guint) strlen (align);
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return table;
}

MwTable *
mw_table_new (const char *align, ...)
{
  MwTable *table = mw_table_new_empty (align);
  va_list args;
  va_start (args, align);
  add_cells (table, args, va_arg (args, const char *));
  va_end (args);
  return table;
}

void
mw_table_add (MwTable *table, ...)
{
  va_list args;
  va_start (args, table);
  add_cells (table, args, va_arg (args, const char *));
  va_end (args);
}

void
mw_table_take (MwTable *table, char **cells)
{
  g_ptr_array_add (table->rows, cells);
}

static guint
width_of (const char *cell)
{
  return (guint) g_utf8_strlen (cell, -1);
}

static void
print_row (const MwTable *table, char **cells, const guint *widths)
{
  GString *line = g_string_new (NULL);
  for (guint c = 0; c < table->n_columns && cells[c]; c++) {
    guint pad = widths[c] - width_of (cells[c]);
    if (c)
      g_string_append (line, "  ");
    if (table->align[c] == 'r')
      g_string_append_printf (line, "%*s", (int) pad, "");
    g_string_append (line, cells[c]);
    if (table->align[c] != 'r')
      g_string_append_printf (line, "%*s", (int) pad, "");
  }
  g_strchomp (line->str);
  puts (line->str);
  g_string_free (line, TRUE);
}

void
mw_table_print (MwTable *table)
{
  g_autofree guint *widths = g_new0 (guint, table->n_columns);
  for (guint r = 0; r < table->rows->len; r++) {
    char **cells = table->rows->pdata[r];
    for (guint c = 0; c < table->n_columns && cells[c]; c++)
      widths[c] = MAX (widths[c], width_of (cells[c]));
  }
  for (guint r = 0; r < table->rows->len; r++)
    print_row (table, table->rows->pdata[r], widths);
  g_ptr_array_unref (table->rows);
  g_free (table->align);
  g_free (table);
}
