/* display.h: what the display shows and what its two keys do (Mx381 manual 4.4, 6.2). */
#ifndef MW_CORE_DISPLAY_H
#define MW_CORE_DISPLAY_H

#include "core/types.h"

#define MW_LIST_MAX 32

enum mw_list_id { MW_LIST_PORT, MW_LIST_GENERAL, MW_LIST_ALTERNATE, MW_N_LISTS };

/* A capture object of a read-out sequence: the value and how it is called. */
typedef struct mw_list_item {
  uint16_t value; /* MW_V_NONE: nothing that can be shown: "Error 11" */
  uint8_t obis[6];
} mw_list_item;

typedef struct mw_list {
  uint8_t n;
  mw_list_item item[MW_LIST_MAX];
} mw_list;

/* Cursors of Table 24, bit = flag - 1. */
#define MW_CURSOR_TARIFF(n) (1u << ((n) -1)) /* 1 … 4 */
#define MW_CURSOR_MBUS (1u << 4)
#define MW_CURSOR_SD (1u << 5)
#define MW_CURSOR_DLC (1u << 7)
#define MW_CURSOR_DRO (1u << 8)
#define MW_CURSOR_FF (1u << 9)
#define MW_CURSOR_SET (1u << 10)
#define MW_CURSOR_EC MW_CURSOR_SET /* one flag for both (Table 24) */

#define MW_ARROW_P_PLUS 1u
#define MW_ARROW_P_MINUS 2u
#define MW_ARROW_Q_PLUS 4u
#define MW_ARROW_Q_MINUS 8u

typedef struct mw_lcd {
  char obis[16];              /* "1.8.0", "C.1.0"; at most 5 characters and dots */
  char value[24];             /* "001234", "12.34", "Error 11"; 8 digits and dots */
  char unit[8];               /* "kWh", "kW" */
  uint16_t cursors, blinking; /* MW_CURSOR_ */
  uint8_t arrows;             /* MW_ARROW_ */
  uint8_t phases;             /* bit per phase with voltage */
  bool phases_blink;          /* wrong phase sequence */
  bool backlight;
  bool all_segments;
} mw_lcd;

enum mw_key { MW_KEY_SCROLL, MW_KEY_RESET };

enum mw_display_mode {
  MW_SHOW_AUTO,
  MW_SHOW_TEST,      /* all segments */
  MW_SHOW_DATA_MENU, /* Std data, P.01, P.02, End */
  MW_SHOW_SET_MENU,  /* Reset, Lcd test, End */
  MW_SHOW_MANUAL,
  MW_SHOW_LCD_TEST,
  MW_SHOW_LP_DATE,
  MW_SHOW_LP_TIME,
  MW_SHOW_LP_VALUE,
  MW_SHOW_STARTUP, /* all segments, 5 s after the supply returned */
  MW_SHOW_RESET,   /* reset mode, Figure 57 */
  MW_SHOW_RESET_RESULT,
};

typedef struct mw_display {
  uint8_t mode;
  uint8_t item;
  uint8_t profile;     /* 0, 1: P.01, P.02 */
  uint32_t record;     /* on show */
  uint32_t since;      /* uptime when the mode began */
  uint32_t key_time;   /* uptime of the last key */
  uint32_t down[2];    /* uptime when a key that is held was pressed, by enum mw_key */
  uint32_t busy_until; /* uptime until which the meter is being read */
  uint8_t held;        /* bit per key */
  bool both;           /* the keys that are held have been held together */
  bool armed;          /* Reset was released first, after rLEASE */
} mw_display;

const mw_list *mw_list_of (const mw_meter *m, enum mw_list_id which);
enum mw_err
mw_list_set (mw_meter *m, enum mw_list_id which, const mw_list_item *items, unsigned n);
/* Item I is value ID in the numbers of this firmware. */
void mw_list_rename (mw_meter *m, enum mw_list_id which, unsigned i, uint16_t id);
/* KEY is pressed, or released: what it does depends on how long it was held. */
void mw_display_hold (mw_meter *m, enum mw_key key, bool down);
/* KEY was held for SECONDS and is released: both in one. */
void mw_display_key (mw_meter *m, enum mw_key key, uint32_t seconds);
/* What is shown now. */
void mw_display_show (mw_meter *m, mw_lcd *out);
/* OBIS code as the display writes it (manual 4.4.1.9). */
void mw_display_obis (const uint8_t obis[6], char out[16]);
/* Mantissa × 10^scaler in FORMAT (width in the high, decimals in the low nibble). */
void mw_display_number (int64_t mantissa, int scaler, unsigned format, char out[24]);

/* Bits of MW_SET_DISPLAY_CONFIGURATION. */
#define MW_DISPLAY_NORMAL 1u /* the normal console menu; else the reduced one */
#define MW_DISPLAY_P01 2u    /* load profiles in the data menu */
#define MW_DISPLAY_P02 4u
#define MW_DISPLAY_DAY_FIRST 8u /* dd.mm.yy */

/* For the core. */
#define MW_DISPLAY_TEXT 64
void mw_display_defaults (mw_meter *m);
/* The string that ITEM stands for; 0 when it is none. */
size_t
mw_display_string (const mw_meter *m, const mw_list_item *item, char text[MW_DISPLAY_TEXT]);
void mw_display_item (const mw_meter *m, const mw_list_item *item, uint32_t since, mw_lcd *out);
void mw_display_value (const mw_meter *m, uint16_t id, const mw_value *v, mw_lcd *out);
/* Two digits each with SEPARATOR between: date or time. */
void mw_display_three (unsigned a, unsigned b, unsigned c, char separator, char *out);

#endif
