/*
 * Counts what a program does with memory; preloaded into it (LD_PRELOAD). At the program's end the counts are written to
 * the file that COUNTS_FILE names, as one JSON object:
 *
 *   allocations   blocks that the C library was asked for, new or resized; Swift's objects are among them
 *   Lua blocks    the same of Lua's allocator, which is the machine's own heap
 *   bytes copied  those that memcpy and memmove copied, 512 or more at once: shorter ones are values being moved about,
 *                 which the compiler decides on, and most of which it copies in place
 *
 * It also holds the clock still that Lua seeds its hashes with, so that each run of a program meets the same collisions.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <lua.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static atomic_ullong allocations, blocks, copied;

static void count(atomic_ullong *counter, unsigned long long amount) {
    atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

/* --- the C library's allocator: it has these names for whoever puts something in front of it ---------------------------- */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
    count(&allocations, 1);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(&allocations, 1);
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
    count(&allocations, 1);
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    count(&allocations, 1);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    void *taken = memalign(alignment, size);
    if (!taken) return ENOMEM;
    *block = taken;
    return 0;
}

/* --- copying ---------------------------------------------------------------------------------------------------------- */

typedef void *copying(void *to, const void *from, size_t length);
static copying *real_memcpy, *real_memmove;

static void count_copy(size_t length) {
    if (length >= 512) count(&copied, length);
}

/* As early as anything copies: other libraries' initialisers may run before this one's. */
static copying *find(copying **known, const char *name) {
    if (!*known) *known = (copying *)dlsym(RTLD_NEXT, name);
    return *known;
}

void *memcpy(void *restrict to, const void *restrict from, size_t length) {
    count_copy(length);
    return find(&real_memcpy, "memcpy")(to, from, length);
}

void *memmove(void *to, const void *from, size_t length) {
    count_copy(length);
    return find(&real_memmove, "memmove")(to, from, length);
}

/* What those become in code that is built with _FORTIFY_SOURCE, as Debian's is. */
void *__memcpy_chk(void *to, const void *from, size_t length, size_t room) {
    if (length > room) abort();
    return memcpy(to, from, length);
}

void *__memmove_chk(void *to, const void *from, size_t length, size_t room) {
    if (length > room) abort();
    return memmove(to, from, length);
}

/* --- Lua -------------------------------------------------------------------------------------------------------------- */

/* One for all: every machine brings the same. */
static _Atomic(lua_Alloc) real_allocator;

static void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
    if (new_size > 0) count(&blocks, 1);
    return atomic_load_explicit(&real_allocator, memory_order_relaxed)(context, block, old_size, new_size);
}

lua_State *lua_newstate(lua_Alloc allocator, void *context) {
    lua_State *(*make)(lua_Alloc, void *) = (lua_State * (*)(lua_Alloc, void *)) dlsym(RTLD_NEXT, "lua_newstate");
    atomic_store(&real_allocator, allocator);
    return make(allocate, context);
}

time_t time(time_t *result) {
    time_t now = 1700000000;
    if (result) *result = now;
    return now;
}

/* --- the end ---------------------------------------------------------------------------------------------------------- */

__attribute__((destructor)) static void report(void) {
    unsigned long long a = allocations, b = blocks, c = copied;
    const char *path = getenv("COUNTS_FILE");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "{\"allocations\": %llu, \"Lua blocks\": %llu, \"bytes copied\": %llu}\n", a, b, c);
    fclose(file);
}
