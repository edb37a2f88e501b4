/* lcd.h: what the meter's display shows, composed from what was read of it (Mx381 manual 4.4).
 *
 *   display list (capture objects of 0-0:21.0.1, 0-0:21.0.2) ──► items
 *   item + readings ──► code field, value field, unit, cursors, arrows, phases
 *
 * Pure: readings in, characters and flags out; no GTK.  Nothing here asks the meter: what was
 * not read is not shown, and `known` says so.
 */
#ifndef MW_LCD_H
#define MW_LCD_H

#include "records.h"

G_BEGIN_DECLS

#define MW_LCD_CODE_DIGITS 5  /* alphanumeric field 1: the OBIS code */
#define MW_LCD_VALUE_DIGITS 8 /* alphanumeric field 2: the value */
#define MW_LCD_SCROLL_S 10    /* an item's time in the automatic list (manual 4.4.1.11) */

/* Objects that the display depends on. */
#define MW_LCD_AUTOMATIC_LIST "0-0:21.0.1.255"
#define MW_LCD_MANUAL_LIST "0-0:21.0.2.255"
#define MW_LCD_LIST_CLASS 7
#define MW_LCD_LIST_ATTRIBUTE 3 /* capture objects */
#define MW_LCD_ENERGY_FORMAT "0-0:196.1.0.255"
#define MW_LCD_DEMAND_FORMAT "0-0:196.1.1.255"
#define MW_LCD_CONFIGURATION "0-0:196.1.3.255"

/* The cursors from left to right (manual Table 24); the seventh has no function. */
typedef enum {
  MW_LCD_T1,
  MW_LCD_T2,
  MW_LCD_T3,
  MW_LCD_T4,
  MW_LCD_MB,
  MW_LCD_SD,
  MW_LCD_SPARE,
  MW_LCD_DLC,
  MW_LCD_DRO,
  MW_LCD_FF,
  MW_LCD_SET,
  MW_LCD_N_CURSORS,
} MwLcdCursor;

enum { MW_LCD_P_PLUS = 1, MW_LCD_P_MINUS = 2, MW_LCD_Q_PLUS = 4, MW_LCD_Q_MINUS = 8 };

/* An entry of a display list. */
typedef struct {
  char *obis; /* "1-0:1.8.0.255" */
  guint16 class_id;
  gint8 attribute;
} MwLcdItem;

typedef struct {
  char code[24];         /* "1.8.0", "C.1.0" */
  char value[72];        /* "000123"; longer than eight digits: the display moves along it */
  char unit[8];          /* "kWh" */
  gboolean known;        /* the value was read */
  guint cursors;         /* bit per MwLcdCursor */
  guint blinking;        /* of cursors */
  guint arrows;          /* MW_LCD_P_PLUS … */
  guint phases;          /* bit per phase with voltage */
  gboolean phases_blink; /* the voltages rotate the wrong way */
} MwLcd;

/* A seven-segment digit with what stands behind it. */
typedef struct {
  guint8 segments; /* bit 0 is the top, clockwise, bit 6 the middle */
  gboolean dot, colon;
} MwLcdDigit;

/* The newest reading of an object, or NULL. */
typedef const MwReading *(*MwLcdLookup) (gpointer data, const char *obis);

/* Array of MwLcdItem from the capture objects of a display list as they were read (A-XDR); NULL
 * when RAW is no such list. */
GPtrArray *mw_lcd_parse_list (GBytes *raw);
/* ITEM NULL: the flags alone. */
void mw_lcd_compose (const MwLcdItem *item, MwLcdLookup lookup, gpointer data, MwLcd *out);
/* How long the automatic list stays at this item: a long text is moved along to its end. */
guint mw_lcd_seconds (const MwLcd *lcd);
/* The value field after SECONDS. */
void mw_lcd_value_at (const MwLcd *lcd, guint seconds, MwLcdDigit digits[MW_LCD_VALUE_DIGITS]);
/* TEXT from the left as N digits; a dot or colon stands behind the digit before it. */
void mw_lcd_digits (const char *text, MwLcdDigit *digits, guint n);
/* The flags in words: "Tariff 1, A+ and R+, voltage on L1 L2 L3"; free with g_free. */
char *mw_lcd_dup_flags_text (const MwLcd *lcd);
/* As the reference meter's `lcd` command says it: "1.8.0 000123 kWh". Free with g_free. */
char *mw_lcd_dup_text (const MwLcd *lcd);

G_END_DECLS

#endif
