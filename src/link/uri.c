/* uri.c: see uri.h.
 *
 * One table says of every parameter which schemes know it, what it may be and where it is kept;
 * reading, writing and the error texts come from it.
 */
#include "link/uri.h"
#include "link/link.h"

#include <stddef.h>
#include <string.h>

static const char *const schemes[] = { "serial", "tcp", "gsm", "ref", "replay", NULL };
static const char *const modes[] = { "", "optical", "module", "direct", NULL };
static const char *const framings[] = { "", "auto", "wrapper", "hdlc", "iec", "kmp", NULL };
static const char *const protocols[] = { "auto", "dlms", "iec", "kmp", "mbus", NULL };
static const char *const auths[] = { "",     "none", "low",    "high",  "md5",
                                     "sha1", "gmac", "sha256", "ecdsa", NULL };
static const char *const securities[] = {
  "", "none", "authenticated", "encrypted", "both", NULL
};
static const char *const echoes[] = { "auto", "on", "off", NULL };
static const char *const holds[] = { "", "no", "yes", NULL };
static const char *const speeds[] = { "300",   "600",   "1200",  "2400",   "4800", "9600",
                                      "19200", "38400", "57600", "115200", NULL };

enum kind { NUMBER, WORD, SPEED, FORMAT, ADDRESS, TITLE, TEXT, OPTION };

enum {
  SERIAL = 1 << MW_SCHEME_SERIAL,
  TCP = 1 << MW_SCHEME_TCP,
  GSM = 1 << MW_SCHEME_GSM,
  REF = 1 << MW_SCHEME_REF,
  REPLAY = 1 << MW_SCHEME_REPLAY,
  ANY = 0x1f,
  LINE = SERIAL | GSM
};

typedef struct param {
  const char *name;
  guint schemes;
  enum kind kind;
  size_t offset;
  guint min, max;
  int unset; /* the value of "not given" */
  const char *const *words;
  const char *form; /* what is said to who gets it wrong */
} param;

#define AT(field) offsetof (MwUri, field)
/* clang-format off */
static const param params[] = {
  { "mode",           SERIAL | REF | REPLAY, WORD, AT (mode),   0, 0, 0, modes, NULL },
  { "baud",           LINE,   SPEED,   AT (baud),           0, 0, 0, speeds, NULL },
  { "parity",         LINE,   FORMAT,  AT (format),         0, 0, 0, NULL, "8N1, 7E1 or 8E1" },
  { "max-baud",       SERIAL | REF, SPEED, AT (max_baud),   0, 0, 0, speeds, NULL },
  { "echo",           SERIAL | TCP, WORD, AT (echo),        0, 0, 0, echoes, NULL },
  { "switch-delay",   SERIAL | REF, NUMBER, AT (switch_ms), 1, 5000, 0, NULL, "milliseconds, 1 to 5000" },
  { "framing",        TCP | GSM | REF | REPLAY, WORD, AT (framing), 0, 0, 0, framings, NULL },
  { "number",         GSM,    TEXT,    AT (number),         0, 0, 0, NULL, "a telephone number" },
  { "hold",           GSM,    WORD,    AT (hold),           0, 0, 0, holds, NULL },
  { "generation",     REF,    OPTION,  0,                   0, 0, 0, NULL, "a letter, or of OMNIPOWER a variant: J, 2 or N2" },
  { "type-number",    REF,    OPTION,  0,                   0, 0, 0, NULL, "a type number" },
  { "head",           REF,    OPTION,  0,                   0, 0, 0, NULL, "echo or plain" },
  { "history",        REF,    OPTION,  0,                   0, 0, 0, NULL, "a number of days or hours, as 90d or 12h" },
  { "seed",           REF,    OPTION,  0,                   0, 0, 0, NULL, "a number" },
  { "serial",         REF,    OPTION,  0,                   0, 0, 0, NULL, "a serial number" },
  { "scenario",       REF,    OPTION,  0,                   0, 0, 0, NULL, "household, pv, workshop, idle or a file" },
  { "clock",          REF,    OPTION,  0,                   0, 0, 0, NULL, "a time as 2026-01-01T00:00:00Z" },
  { "speed",          REF,    OPTION,  0,                   0, 0, 0, NULL, "a factor" },
  { "nvm",            REF,    OPTION,  0,                   0, 0, 0, NULL, "a file" },
  { "protocol",       ANY,    WORD,    AT (protocol),       0, 0, 0, protocols, NULL },
  { "timeout",        ANY,    NUMBER,  AT (timeout_ms),     1, 600000, 0, NULL, "milliseconds, 1 to 600000" },
  { "retries",        ANY,    NUMBER,  AT (retries),        0, 100, -1, NULL, "a number, 0 to 100" },
  { "address",        ANY,    ADDRESS, AT (address_text),   0, 0, 0, NULL, "up to 32 digits or letters" },
  { "client",         ANY,    NUMBER,  AT (client),         0, 65535, -1, NULL, "a number, 0 to 65535" },
  { "logical-device", ANY,    NUMBER,  AT (logical_device), 0, 65535, -1, NULL, "a number, 0 to 65535" },
  { "auth",           ANY,    WORD,    AT (auth),           0, 0, 0, auths, NULL },
  { "suite",          ANY,    NUMBER,  AT (suite),          0, 2, -1, NULL, "0, 1 or 2" },
  { "security",       ANY,    WORD,    AT (security),       0, 0, 0, securities, NULL },
  { "system-title",   ANY,    TITLE,   AT (system_title),   0, 0, 0, NULL, "16 hexadecimal digits" },
};
/* clang-format on */

const char *
mw_scheme_name (MwScheme scheme)
{
  return schemes[scheme];
}

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list ap;
  va_start (ap, format);
  g_autofree char *text = g_strdup_vprintf (format, ap);
  va_end (ap);
  g_set_error_literal (error, MW_LINK_ERROR, MW_LINK_ERROR_URI, text);
  return FALSE;
}

/* "optical, module or direct" */
static char *
list_words (const char *const *words)
{
  GString *s = g_string_new (NULL);
  for (; *words; words++)
    if (**words)
      g_string_append_printf (s, "%s%s", s->len == 0 ? "" : words[1] ? ", " : " or ", *words);
  return g_string_free (s, FALSE);
}

static gboolean
wrong (const param *p, const char *value, GError **error)
{
  g_autofree char *words = p->words ? list_words (p->words) : g_strdup (p->form);
  return fail (error, "The parameter %s=%s is wrong: it must be %s.", p->name, value, words);
}

static gboolean
number_of (const char *text, guint min, guint max, guint *out)
{
  guint64 n;
  if (!g_ascii_string_to_unsigned (text, 10, min, max, &n, NULL))
    return FALSE;
  *out = (guint) n;
  return TRUE;
}

/* The index of VALUE in WORDS, -1 when it is none. An empty word stands for "not given". */
static int
index_of (const char *const *words, const char *value)
{
  for (int i = 0; words[i]; i++)
    if (*value && strcmp (words[i], value) == 0)
      return i;
  return -1;
}

static gboolean
set_format (MwUri *uri, const char *value)
{
  if (strlen (value) != 3 || !strchr ("78", value[0]) || !strchr ("NEO", value[1])
      || !strchr ("12", value[2]) || (value[0] == '7' && value[1] == 'N'))
    return FALSE;
  uri->format =
      (mw_line){ 0, (uint8_t) (value[0] - '0'), value[1], (uint8_t) (value[2] - '0') };
  return TRUE;
}

static gboolean
set_address (MwUri *uri, const char *value)
{
  size_t len = strlen (value);
  if (len == 0 || len > 32)
    return FALSE;
  gboolean digits = TRUE;
  for (const char *c = value; *c; c++) {
    if (!g_ascii_isalnum (*c))
      return FALSE;
    digits = digits && g_ascii_isdigit (*c);
  }
  guint64 n;
  uri->address = -1;
  if (digits && g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &n, NULL))
    uri->address = (gint64) n;
  g_free (uri->address_text);
  uri->address_text = g_strdup (value);
  return TRUE;
}

static gboolean
set_title (MwUri *uri, const char *value)
{
  if (strlen (value) != 16 || strspn (value, "0123456789abcdefABCDEF") != 16)
    return FALSE;
  g_free (uri->system_title);
  uri->system_title = g_ascii_strup (value, -1);
  return TRUE;
}

static gboolean
option_is_right (const char *name, const char *value)
{
  guint n;
  if (strcmp (name, "seed") == 0)
    return number_of (value, 0, G_MAXUINT, &n);
  if (strcmp (name, "history") == 0) {
    size_t len = strlen (value);
    g_autofree char *count = g_strndup (value, len ? len - 1 : 0);
    return len > 1 && strchr ("dh", value[len - 1]) && number_of (count, 0, 36500, &n);
  }
  if (strcmp (name, "speed") == 0) {
    char *end;
    double f = g_ascii_strtod (value, &end);
    return *value && !*end && f > 0 && f <= 1e6;
  }
  if (strcmp (name, "generation") == 0)
    return g_regex_match_simple ("^([A-Z][12]?|[12])$", value, 0, 0);
  return *value != 0;
}

static gboolean
set_text (char **field, const char *value)
{
  g_free (*field);
  *field = g_strdup (value);
  return *value != 0;
}

static gboolean
set_param (MwUri *uri, const param *p, const char *value, GError **error)
{
  void *field = (char *) uri + p->offset;
  gboolean right = FALSE;
  int word;
  switch (p->kind) {
  case NUMBER:
    right = number_of (value, p->min, p->max, field);
    break;
  case SPEED:
    right = index_of (speeds, value) >= 0 && number_of (value, 0, G_MAXUINT, field);
    break;
  case WORD:
    word = index_of (p->words, value);
    right = word >= 0;
    if (right)
      *(int *) field = word;
    break;
  case FORMAT:
    right = set_format (uri, value);
    break;
  case ADDRESS:
    right = set_address (uri, value);
    break;
  case TITLE:
    right = set_title (uri, value);
    break;
  case TEXT:
    right = set_text (field, value);
    break;
  case OPTION:
    right = option_is_right (p->name, value);
    g_hash_table_insert (uri->options, g_strdup (p->name), g_strdup (value));
    break;
  }
  return right || wrong (p, value, error);
}

static const param *
find_param (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (params); i++)
    if (strcmp (params[i].name, name) == 0)
      return &params[i];
  return NULL;
}

static gboolean
unknown_param (MwScheme scheme, const char *name, GError **error)
{
  static const char *const secrets[] = { "password", "pass",   "pin",  "key", "ek",
                                         "ak",       "secret", "guek", "gak", NULL };
  if (index_of (secrets, name) >= 0)
    return fail (error,
                 "A link address never holds a secret (%s=…): use --password-file, --key-file "
                 "or the key ring.",
                 name);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (params); i++)
    if (params[i].schemes & 1u << scheme)
      g_ptr_array_add (known, (gpointer) params[i].name);
  g_ptr_array_add (known, NULL);
  g_autofree char *words = list_words ((const char *const *) known->pdata);
  return fail (error, "A %s link has no parameter “%s”. It knows %s.", schemes[scheme], name,
               words);
}

static gboolean
parse_params (MwUri *uri, const char *query, GError **error)
{
  g_auto (GStrv) pairs = g_strsplit (query, "&", -1);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (char **pair = pairs; *pair; pair++) {
    if (!**pair)
      continue;
    char *equals = strchr (*pair, '=');
    if (!equals)
      return fail (error, "The parameter “%s” has no value; write %s=….", *pair, *pair);
    *equals = 0;
    g_autofree char *value = g_uri_unescape_string (equals + 1, NULL);
    const param *p = find_param (*pair);
    if (!p || !(p->schemes & 1u << uri->scheme))
      return unknown_param (uri->scheme, *pair, error);
    if (!g_hash_table_add (seen, *pair))
      return fail (error, "The parameter %s is given twice.", *pair);
    if (!value || !g_utf8_validate (value, -1, NULL))
      return wrong (p, equals + 1, error);
    if (!set_param (uri, p, value, error))
      return FALSE;
  }
  return TRUE;
}

/* HOST:PORT, [IPV6]:PORT */
static gboolean
parse_tcp (MwUri *uri, const char *text, GError **error)
{
  const char *colon = strrchr (text, ':');
  gboolean bracket = *text == '[';
  const char *end = bracket ? strchr (text, ']') : colon;
  if (!colon || !end || (bracket && end + 1 != colon) || colon == text)
    return fail (error,
                 "“tcp:%s” is not understood; write tcp:HOST:PORT, as tcp:10.0.0.5:4059 "
                 "or tcp:[::1]:4059.",
                 text);
  if (!number_of (colon + 1, 1, 65535, &uri->port))
    return fail (error, "“%s” is no TCP port; it must be a number, 1 to 65535.", colon + 1);
  if (!bracket && memchr (text, ':', (size_t) (colon - text)))
    return fail (error, "Write an IPv6 address in brackets, as tcp:[::1]:4059.");
  uri->target = g_strndup (text + bracket, (gsize) (end - text) - bracket);
  for (const char *c = uri->target; *c; c++)
    if (!g_ascii_isalnum (*c) && !strchr (bracket ? ":.%-_" : ".-_", *c))
      return fail (error, "“%s” is no host name or address.", uri->target);
  return *uri->target || fail (error, "The host is missing; write tcp:HOST:PORT.");
}

static gboolean
parse_target (MwUri *uri, const char *text, GError **error)
{
  static const char *const forms[] = { "serial:DEVICE", "tcp:HOST:PORT", "gsm:DEVICE?number=…",
                                       "ref:MODEL", "replay:FILE" };
  if (uri->scheme == MW_SCHEME_TCP)
    return parse_tcp (uri, text, error);
  g_free (uri->target);
  uri->target = g_uri_unescape_string (text, NULL);
  if (!uri->target || !*uri->target || !g_utf8_validate (uri->target, -1, NULL))
    return fail (error, "“%s:%s” is not understood; write %s.", schemes[uri->scheme], text,
                 forms[uri->scheme]);
  if (uri->scheme == MW_SCHEME_REF) {
    g_autofree char *model = uri->target;
    uri->target = g_ascii_strdown (model, -1);
  }
  return TRUE;
}

MwUri *
mw_uri_parse (const char *text, GError **error)
{
  g_autoptr (MwUri) uri = g_new0 (MwUri, 1);
  uri->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  uri->address = -1;
  uri->retries = uri->client = uri->logical_device = uri->suite = -1;
  const char *colon = strchr (text, ':');
  g_autofree char *name = colon ? g_ascii_strdown (text, colon - text) : NULL;
  int scheme = name ? index_of (schemes, name) : -1;
  if (scheme < 0) {
    fail (error,
          "“%s” is no link address; it begins with serial:, tcp:, gsm:, ref: or replay:.",
          text);
    return NULL;
  }
  uri->scheme = (MwScheme) scheme;
  const char *query = strchr (colon, '?');
  g_autofree char *target =
      query ? g_strndup (colon + 1, (gsize) (query - colon - 1)) : g_strdup (colon + 1);
  if (!parse_target (uri, target, error) || (query && !parse_params (uri, query + 1, error)))
    return NULL;
  if (uri->scheme == MW_SCHEME_GSM && !uri->number) {
    fail (error, "A gsm link needs the number to call: gsm:DEVICE?number=+4512345678.");
    return NULL;
  }
  return g_steal_pointer (&uri);
}

MwUri *
mw_uri_copy (const MwUri *uri)
{
  MwUri *copy = g_memdup2 (uri, sizeof *uri);
  copy->target = g_strdup (uri->target);
  copy->number = g_strdup (uri->number);
  copy->pin = g_strdup (uri->pin);
  copy->address_text = g_strdup (uri->address_text);
  copy->system_title = g_strdup (uri->system_title);
  copy->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter it;
  gpointer name, value;
  g_hash_table_iter_init (&it, uri->options);
  while (g_hash_table_iter_next (&it, &name, &value))
    g_hash_table_insert (copy->options, g_strdup (name), g_strdup (value));
  return copy;
}

void
mw_uri_free (MwUri *uri)
{
  if (!uri)
    return;
  g_free (uri->target);
  g_free (uri->number);
  if (uri->pin)
    memset (uri->pin, 0, strlen (uri->pin));
  g_free (uri->pin);
  g_free (uri->address_text);
  g_free (uri->system_title);
  g_clear_pointer (&uri->options, g_hash_table_unref);
  g_free (uri);
}

/* The value of P in URI as text; NULL when it was not given. */
static char *
param_text (const MwUri *uri, const param *p)
{
  const void *field = (const char *) uri + p->offset;
  int n;
  switch (p->kind) {
  case NUMBER:
  case SPEED:
    memcpy (&n, field, sizeof n);
    return n == p->unset ? NULL : g_strdup_printf ("%d", n);
  case WORD:
    memcpy (&n, field, sizeof n);
    return n ? g_strdup (p->words[n]) : NULL;
  case FORMAT:
    return uri->format.data_bits ? g_strdup_printf ("%d%c%d", uri->format.data_bits,
                                                    uri->format.parity, uri->format.stop_bits)
                                 : NULL;
  case ADDRESS:
  case TITLE:
  case TEXT:
    return g_strdup (*(char *const *) field);
  case OPTION:
    return g_strdup (g_hash_table_lookup (uri->options, p->name));
  }
  return NULL;
}

char *
mw_uri_format (const MwUri *uri)
{
  GString *s = g_string_new (schemes[uri->scheme]);
  gboolean v6 = uri->scheme == MW_SCHEME_TCP && strchr (uri->target, ':');
  g_string_append_c (s, ':');
  g_string_append (s, v6 ? "[" : "");
  if (uri->scheme == MW_SCHEME_TCP) /* nothing in a host name wants to be escaped */
    g_string_append (s, uri->target);
  else
    g_string_append_uri_escaped (s, uri->target, "/:@", TRUE);
  g_string_append (s, v6 ? "]" : "");
  if (uri->scheme == MW_SCHEME_TCP)
    g_string_append_printf (s, ":%u", uri->port);
  char separator = '?';
  for (size_t i = 0; i < G_N_ELEMENTS (params); i++) {
    g_autofree char *value = NULL;
    if (params[i].schemes & 1u << uri->scheme)
      value = param_text (uri, &params[i]);
    if (!value)
      continue;
    g_string_append_printf (s, "%c%s=", separator, params[i].name);
    g_string_append_uri_escaped (s, value, "/:+", TRUE);
    separator = '&';
  }
  return g_string_free (s, FALSE);
}

MwLinkMode
mw_uri_mode (const MwUri *uri)
{
  if (uri->mode != MW_MODE_UNSET)
    return uri->mode;
  return uri->scheme == MW_SCHEME_SERIAL ? MW_MODE_OPTICAL : MW_MODE_DIRECT;
}

MwFraming
mw_uri_framing (const MwUri *uri)
{
  gboolean given = uri->framing != MW_FRAMING_UNSET && uri->framing != MW_FRAMING_AUTO;
  if (given)
    return uri->framing;
  if (uri->scheme == MW_SCHEME_TCP || uri->scheme == MW_SCHEME_GSM)
    return MW_FRAMING_AUTO;
  gboolean direct_ref = uri->scheme == MW_SCHEME_REF && mw_uri_mode (uri) == MW_MODE_DIRECT;
  return direct_ref ? MW_FRAMING_WRAPPER : MW_FRAMING_HDLC;
}

char *
mw_uri_describe (const MwUri *uri)
{
  g_autofree char *model = g_ascii_strup (uri->target, -1);
  switch (uri->scheme) {
  case MW_SCHEME_SERIAL:
    return g_strdup_printf (mw_uri_mode (uri) == MW_MODE_OPTICAL  ? "optical head on %s"
                            : mw_uri_mode (uri) == MW_MODE_MODULE ? "module port on %s"
                                                                  : "serial port %s",
                            uri->target);
  case MW_SCHEME_TCP:
    return g_strdup_printf ("%s, port %u", uri->target, uri->port);
  case MW_SCHEME_GSM:
    return g_strdup_printf ("%s over the modem on %s", uri->number, uri->target);
  case MW_SCHEME_REF:
    return g_strdup_printf ("reference meter %s", model);
  case MW_SCHEME_REPLAY:
    return g_strdup_printf ("recording %s", uri->target);
  }
  return g_strdup (uri->target);
}
