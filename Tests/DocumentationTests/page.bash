# Carries out the blocks of a page, one after the other, in one shell at a terminal. Reads the path of each from descriptor
# 3; says on the terminal where each begins and ends. A block ends at its first command that fails, which is kept beside it.
set -mE -o pipefail
# In a function or a script that was sourced there is more than one source.
trap '_code=$?; [ -n "$_failure" ] || _failure="$BASH_COMMAND (exit code $_code)"
if [ ${#BASH_SOURCE[@]} -gt 1 ]; then return $_code; fi' ERR

# Compares the exit code that the page tells with the one that was.
_ended_with() { [ "$1" = "$2" ]; }

while IFS= read -r _block <&3; do
    _failure=
    printf '\r═══ begins\n'
    . "$_block" 3<&-
    pwd >"$PAGE_ROOT/folder"
    # In a file, as a terminal would break a long line.
    printf '%s' "$_failure" >"$_block.failure"
    printf '\r\n═══ ended\n'
done
