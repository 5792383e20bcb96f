# What scripts/sanitize and scripts/fuzz share: the compiler, and the machine's objects. Sourced from the project's root.
#
#   begin NAME FLAGS…     looks for clang, makes .build/NAME and sets $clang, $build and the flags of what follows
#   compile SOURCE [FLAGS…]   compiles SOURCE unless its object is newer than it and every header; sets $object
#   compile_machine       compiles Sources/CRunbookVM, and Lua if its source was given; sets $machine
#   link OUTPUT OBJECT…   links with the machine
#   set_surroundings      tells programs where the prelude is and which names are bound
#   c_targets, target_flags   the fuzz targets, and what their compiling needs besides
#
# Lua is Debian's, which no sanitizer looks into. With RUNBOOK_LUA_SOURCE naming a folder of Lua's own .c files, those are
# built with the sanitizers, Lua's assertions and its checks of how its interface is used, and linked instead.

c_targets=(Tests/Fuzz/json_decode.cpp Tests/Fuzz/json_encode.cpp Tests/Fuzz/machine.c Tests/Fuzz/worker_frames.c)
target_flags=(-ISources/CRunbookConfine/include -ISources/runbook-vm)

begin() {
    name=$1
    shift
    flags=("$@")
    build=$PWD/.build/$name
    mkdir -p "$build"
    local swift
    swift=$(command -v swift || true)
    clang=
    [ -z "$swift" ] || clang=$(dirname "$(readlink -f "$swift")")/clang
    [ -x "$clang" ] || clang=$(command -v clang || true)
    [ -n "$clang" ] || fail "there is no clang: install Swift from https://www.swift.org/install/linux, or Debian's clang"
    linker=()
    [ ! -x "$(dirname "$clang")/ld.lld" ] || linker=(-fuse-ld=lld)
    local runtime
    runtime=$("$clang" "${flags[@]}" -print-resource-dir)
    for part in asan ${needs_fuzzer:+fuzzer}; do
        compgen -G "$runtime/lib/*/libclang_rt.$part*.a" >/dev/null ||
            fail "$clang lacks a runtime of its sanitizers ($part): install Swift from https://www.swift.org/install/linux"
    done
    # shellcheck disable=SC2207 # flags hold no spaces
    includes=(-ISources/CRunbookVM -ISources/CRunbookVM/include -ITests/Sanitized $(pkg-config --cflags lua5.4 simdjson))
    headers=$(newest Sources/runbook-vm/* Sources/CRunbookVM/*.h Sources/CRunbookVM/*.hpp \
        Sources/CRunbookVM/include/*.h Tests/Sanitized/*.h Tests/Sanitized/build.sh)
}

fail() {
    echo "$0: $1" >&2
    exit 1
}

newest() {
    local found=$1 file
    for file; do [ "$found" -nt "$file" ] || found=$file; done
    echo "$found"
}

compile() {
    local source=$1 language
    shift
    object=$build/$(basename "$source").o
    [ "$object" -nt "$source" ] && [ "$object" -nt "$headers" ] && return
    case $source in *.cpp) language=(-std=c++17) ;; *) language=(-std=gnu11) ;; esac
    # Of the machine's own sources the build of the package warns.
    case $source in Tests/*) language+=(-Wall -Wextra -Werror) ;; *) language+=(-w) ;; esac
    "$clang" "${language[@]}" "${flags[@]}" "${includes[@]}" "$@" -c "$source" -o "$object"
}

compile_machine() {
    machine=()
    local source
    for source in Sources/CRunbookVM/*.c Sources/CRunbookVM/*.cpp Tests/Sanitized/{watch,fake_host}.c \
        Tests/Sanitized/check_json.cpp; do
        compile "$source"
        machine+=("$object")
    done
    if [ -z "${RUNBOOK_LUA_SOURCE:-}" ]; then
        # shellcheck disable=SC2207
        lua=($(pkg-config --libs lua5.4))
        return
    fi
    local objects=() library=$build/liblua-sanitized.so
    for source in "$RUNBOOK_LUA_SOURCE"/*.c; do
        case $source in */lua.c | */luac.c | */loadlib.c | */linit.c) continue ;; esac
        compile "$source" -w -fPIC -DLUA_COMPAT_5_3 -DLUA_USE_POSIX -DLUA_USE_APICHECK -DLUAI_ASSERT
        objects+=("$object")
    done
    # A library of its own: where the machine stands in Lua's code is told by the library's place in memory.
    "$clang" "${flags[@]}" "${linker[@]}" -shared "${objects[@]}" -o "$library" -lm
    lua=("$library" -Wl,-rpath,"$build")
}

link() {
    local output=$1
    shift
    "$clang++" "${flags[@]}" "${linker[@]}" "$@" "${machine[@]}" "${lua[@]}" -lsimdjson -o "$output"
}

set_surroundings() {
    export RUNBOOK_FUZZ_NAMES=$build/names RUNBOOK_FUZZ_PRELUDE=$build/prelude.lua
    # With a page break between two parts, as the host joins them.
    local parts=Sources/RunbookHost/Prelude
    { cat $parts/prelude.lua; printf '\f'; cat $parts/session.lua; printf '\f'; cat $parts/csv.lua; } >"$RUNBOOK_FUZZ_PRELUDE"
    grep -ohE '"[a-z_0-9]+\.[a-z_]+", apiName' Sources/Operations/Catalogue/*.swift | cut -d '"' -f 2 >"$RUNBOOK_FUZZ_NAMES" ||
        fail "the catalogue of operations names none that can be read from Sources/Operations/Catalogue"
    # Findings with a place in the source need the symbolizer that belongs to the compiler.
    export ASAN_OPTIONS=${ASAN_OPTIONS:-allocator_may_return_null=1} UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
    [ ! -x "$(dirname "$clang")/llvm-symbolizer" ] || export ASAN_SYMBOLIZER_PATH=$(dirname "$clang")/llvm-symbolizer
}
