#!/bin/bash
# sanitized.sh SOURCE FOLDER SUITE…: configures FOLDER with ASan, LeakSanitizer and UBSan, builds it and runs
# the suites there.  Any finding fails; suppressed are leaks of libraries alone (asan.supp).
set -euo pipefail
source=$1 folder=$2; shift 2
export ASAN_OPTIONS=detect_leaks=1:halt_on_error=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LSAN_OPTIONS="suppressions=$source/tests/lint/asan.supp:print_suppressions=0"
command -v ccache > /dev/null && export CC="${CC:-ccache gcc}"
export CC="${CC:-gcc}"
unset LD_PRELOAD MESON_TEST_ITERATION MALLOC_PERTURB_

# Does the machinery bite?  A program that leaks and shifts too far must be found out.
bait=$(mktemp -d)
trap 'rm -rf "$bait"' EXIT
printf '%s\n' '#include <stdlib.h>' '#include <string.h>' 'int main (int n, char **v) {' \
  ' if (n == 2) { char *p = malloc (100); memset (p, n, 100); p = NULL; return p != NULL; }' \
  ' return n == 3 ? 1 << (30 + n) : 0; }' > "$bait/bait.c"
$CC -g -fsanitize=address,undefined -fno-sanitize-recover=all -o "$bait/bait" "$bait/bait.c"
"$bait/bait" || { echo "A clean program does not run under the sanitizers."; exit 1; }
! "$bait/bait" leak 2> /dev/null || { echo "LeakSanitizer finds no leak here."; exit 1; }
! "$bait/bait" shift far 2> /dev/null || { echo "UBSan finds no fault here."; exit 1; }

[ -f "$folder/build.ninja" ] || meson setup "$folder" "$source" -Db_sanitize=address,undefined \
  -Db_lundef=false -Dwerror=false
nice ninja -C "$folder" > "$folder/sanitized.log" 2>&1 || { tail -40 "$folder/sanitized.log"; exit 1; }
suites=()
for suite in "$@"; do suites+=(--suite "$suite"); done
nice meson test -C "$folder" --no-rebuild --print-errorlogs --timeout-multiplier 5 "${suites[@]}"
# A finding in a program that a test had started may have ended as its mere exit status.
! grep -E '^SUMMARY: (Address|Leak|UndefinedBehavior)Sanitizer|runtime error:' "$folder/meson-logs/testlog.txt"
