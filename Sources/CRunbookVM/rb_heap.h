/*
 * The memory of one machine's Lua state: small blocks from pages of one size each, large ones straight from the system.
 *
 * Why not the C library's: it counts what the system really gives, holes between blocks included, so that the limit on
 * memory is one on what the process takes; and it stamps each object with its number, which is the same in every run,
 * where an address is not.
 */
#ifndef RB_HEAP_H
#define RB_HEAP_H

#include <stddef.h>

#include "rb_account.h"

#define RB_HEAP_CLASSES 52

typedef struct rb_region rb_region;
typedef struct rb_span rb_span;

typedef struct rb_heap {
    rb_account *account;
    rb_region *regions;
    rb_span *partial[2][RB_HEAP_CLASSES]; /* pages with room: of plain blocks, of objects */
    uint64_t serial;                      /* of the last object */
    uint64_t warm;                        /* pages that are free and still counted */
    uint64_t empty;                       /* pages with slots of which none is used */
} rb_heap;

/* What Lua says of a new block: objects get a serial. */
typedef enum rb_block { RB_BLOCK_PLAIN = 0, RB_BLOCK_OBJECT = 1 } rb_block;

/* NULL if the account has not got as much, or the system. `size` is not 0. */
void *rb_heap_allocate(rb_heap *heap, size_t size, rb_block kind);
/* Moves a plain block; NULL leaves it as it is. To a smaller size it never fails. */
void *rb_heap_resize(rb_heap *heap, void *block, size_t old_size, size_t new_size);
void rb_heap_free(rb_heap *heap, void *block, size_t size);
/* Gives pages that hold nothing back to the system; whether there were any. */
bool rb_heap_give_back(rb_heap *heap);
/* The serial of an object. */
uint64_t rb_heap_serial(const void *block);
/* Once all blocks are freed. */
void rb_heap_close(rb_heap *heap);

#endif
