/*
 * The heap against a model of it: heap [SECONDS]. Blocks of all sizes are allocated, resized and freed by chance, each
 * filled with a byte of its own that must still stand there whenever it is looked at. AddressSanitizer's builds have another
 * heap in its place, so that this is built without.
 */
#include "rb_heap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BLOCKS 3000
#define STEPS 40000
#define SEEDS 6 /* at the least, however slow the machine is */
#define SPAN (96 << 10) /* no less than a small block can cost: pages for its size, and the header of their region */

typedef struct model {
    unsigned char *bytes;
    size_t size;
    rb_block kind;
    unsigned char fill;
    uint64_t serial;
} model;

static uint64_t seed, state;
static rb_account account;
static rb_heap heap;
static model blocks[BLOCKS];
static uint64_t last_serial;

static void require(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "heap: with seed %llu: %s\n", (unsigned long long)seed, what);
    abort();
}

static uint64_t chance(uint64_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

/* Mostly small; some next to where slots end and pages begin, and where pages end and blocks of the system's begin. */
static size_t some_size(void) {
    switch (chance(12)) {
    case 0: return 1 + chance(20000);
    case 1: return 16384 - 40 + chance(80);
    case 2: return 1 + chance(300000);
    case 3: return chance(8) == 0 ? (2 << 20) - 60 + chance(120) : 1 + chance(70000);
    case 4: return chance(16) == 0 ? 1 + chance(6 << 20) : 1 + chance(512);
    case 5:
    case 6: return 1 + chance(2000);
    default: return 1 + chance(128);
    }
}

static void fill(model *block) {
    block->fill = (unsigned char)chance(256);
    memset(block->bytes, block->fill, block->size);
}

static void look_at(const model *block, size_t size) {
    for (size_t i = 0; i < size; i++) require(block->bytes[i] == block->fill, "a block's bytes have changed");
    if (block->kind == RB_BLOCK_OBJECT)
        require(rb_heap_serial(block->bytes) == block->serial, "an object's serial has changed");
}

static void allocate(model *block) {
    size_t size = some_size();
    rb_block kind = chance(3) == 0 ? RB_BLOCK_OBJECT : RB_BLOCK_PLAIN;
    unsigned char *bytes = rb_heap_allocate(&heap, size, kind);
    if (!bytes) {
        if (chance(4) == 0) rb_heap_give_back(&heap);
        return;
    }
    require((uintptr_t)bytes % (kind == RB_BLOCK_OBJECT ? 8 : 16) == 0, "a block is not aligned");
    *block = (model){.bytes = bytes, .size = size, .kind = kind};
    if (kind == RB_BLOCK_OBJECT) {
        block->serial = rb_heap_serial(bytes);
        require(block->serial > last_serial, "serials do not rise");
        last_serial = block->serial;
    }
    fill(block);
}

static void release(model *block) {
    look_at(block, block->size);
    rb_heap_free(&heap, block->bytes, block->size);
    block->bytes = NULL;
}

/* Whether it got smaller, which is not refused at the limit either. */
static bool resize(model *block) {
    look_at(block, block->size);
    size_t size = chance(3) > 0 ? 1 + block->size / 2 : some_size();
    bool shrinks = size <= block->size;
    unsigned char *bytes = rb_heap_resize(&heap, block->bytes, block->size, size);
    if (!bytes) {
        require(!shrinks, "a block could not be made smaller");
        look_at(block, block->size);
        return false;
    }
    block->bytes = bytes;
    look_at(block, shrinks ? size : block->size);
    block->size = size;
    fill(block);
    return shrinks;
}

static void run(void) {
    state = seed * 0x9E3779B97F4A7C15u;
    account = (rb_account){.limit = (8 + chance(64)) << 20};
    heap = (rb_heap){.account = &account};
    memset(blocks, 0, sizeof blocks);
    last_serial = 0;
    for (unsigned step = 0; step < STEPS; step++) {
        model *block = &blocks[chance(BLOCKS)];
        uint64_t most = account.used > account.limit ? account.used : account.limit;
        if (!block->bytes) allocate(block);
        else if (block->kind == RB_BLOCK_OBJECT || chance(2) == 0) release(block);
        else if (resize(block)) most += SPAN;
        require(account.used <= most, "the account is beyond its limit");
        if (chance(5000) == 0) rb_heap_give_back(&heap);
    }
    for (model *block = blocks; block < blocks + BLOCKS; block++)
        if (block->bytes) release(block);
    rb_heap_give_back(&heap);
    require(account.used == 0, "the account is not back at 0");
    require(!heap.regions && heap.warm == 0 && heap.empty == 0, "pages are left");
    rb_heap_close(&heap);
}

int main(int count, char **arguments) {
    long seconds = count > 1 ? strtol(arguments[1], NULL, 10) : 2;
    time_t end = time(NULL) + seconds;
    for (seed = 1; seed <= SEEDS || time(NULL) < end; seed++) run();
    return 0;
}
