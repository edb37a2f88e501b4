/* verb-decode.c: mw decode. */
#include "cli/cli.h"
#include "cli/decode.h"

int
mw_verb_decode (MwCli *cli, int argc, char **argv)
{
  g_autofree char *kind = NULL;
  const GOptionEntry entries[] = { { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, NULL, NULL },
                                   { NULL } };
  g_autofree char *input = NULL;
  if (!mw_cli_parse (cli, entries, &argc, &argv) || !mw_cli_want (argc, argv, 0, 10000))
    return MW_EXIT_USAGE;
  if (argc > 1) /* digits in several words are one frame */
    input = g_strjoinv (" ", argv + 1);
  return mw_cli_decode (input, kind, cli->json);
}
