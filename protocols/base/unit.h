/* unit.h: physical units, numbered as COSEM numbers them (Blue Book, class 3 Register,
 * scaler_unit).
 *
 * Other protocols map to these at their codec (KMP MWh becomes Wh with exponent + 6).
 */
#ifndef MW_UNIT_H
#define MW_UNIT_H

/* clang-format off */
#define MW_UNITS(ROW) \
  ROW (  1, YEAR,       "a")    ROW (  2, MONTH,    "mo")   ROW (  3, WEEK,      "wk") \
  ROW (  4, DAY,        "d")    ROW (  5, HOUR,     "h")    ROW (  6, MINUTE,    "min") \
  ROW (  7, SECOND,     "s")    ROW (  8, DEGREE,   "°")    ROW (  9, CELSIUS,   "°C") \
  ROW ( 10, CURRENCY,   "currency") \
  ROW ( 11, METRE,      "m")    ROW ( 12, MPS,      "m/s")  ROW ( 13, M3,        "m³") \
  ROW ( 14, M3_CORR,    "m³")   ROW ( 15, M3PH,     "m³/h") ROW ( 16, M3PH_CORR, "m³/h") \
  ROW ( 17, M3PD,       "m³/d") ROW ( 18, M3PD_CORR,"m³/d") ROW ( 19, LITRE,     "l") \
  ROW ( 20, KILOGRAM,   "kg")   ROW ( 21, NEWTON,   "N")    ROW ( 22, NEWTON_M,  "Nm") \
  ROW ( 23, PASCAL,     "Pa")   ROW ( 24, BAR,      "bar")  ROW ( 25, JOULE,     "J") \
  ROW ( 26, JPH,        "J/h")  ROW ( 27, W,        "W")    ROW ( 28, VA,        "VA") \
  ROW ( 29, VAR,        "var")  ROW ( 30, WH,       "Wh")   ROW ( 31, VAH,       "VAh") \
  ROW ( 32, VARH,       "varh") ROW ( 33, A,        "A")    ROW ( 34, COULOMB,   "C") \
  ROW ( 35, V,          "V")    ROW ( 36, VPM,      "V/m")  ROW ( 37, FARAD,     "F") \
  ROW ( 38, OHM,        "Ω")    ROW ( 39, OHM_M,    "Ωm²/m") ROW ( 40, WEBER,    "Wb") \
  ROW ( 41, TESLA,      "T")    ROW ( 42, APM,      "A/m")  ROW ( 43, HENRY,     "H") \
  ROW ( 44, HZ,         "Hz")   ROW ( 45, RAP,      "1/(Wh)") ROW ( 46, RRP,     "1/(varh)") \
  ROW ( 47, RSP,        "1/(VAh)") ROW ( 48, V2H,   "V²h")  ROW ( 49, A2H,       "A²h") \
  ROW ( 50, KGPS,       "kg/s") ROW ( 51, SIEMENS,  "S")    ROW ( 52, KELVIN,    "K") \
  ROW ( 53, RU2H,       "1/(V²h)") ROW ( 54, RI2H,  "1/(A²h)") ROW ( 55, RM3,    "1/m³") \
  ROW ( 56, PERCENT,    "%")    ROW ( 57, AH,       "Ah")   ROW ( 60, WHPM3,     "Wh/m³") \
  ROW ( 61, JPM3,       "J/m³") ROW ( 62, MOLPC,    "Mol %") ROW ( 63, GPM3,     "g/m³") \
  ROW ( 64, PAS,        "Pa s") ROW ( 65, JPKG,     "J/kg") ROW ( 70, DBM,       "dBm") \
  ROW ( 71, DBUV,       "dBµV") ROW ( 72, DB,       "dB") \
  ROW (253, RESERVED,   "")     ROW (254, OTHER,    "")     ROW (255, NONE,      "")
/* clang-format on */

enum mw_unit {
#define MW_UNIT_ROW(number, symbol, text) MW_UNIT_##symbol = number,
  MW_UNITS (MW_UNIT_ROW)
#undef MW_UNIT_ROW
};

/* The symbol of UNIT as printed after a number ("Wh"); "" for numbers without one. UTF-8,
 * static. */
const char *mw_unit_text (unsigned unit);

#endif
