#define _GNU_SOURCE /* mremap */
#include "rb_heap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* An object's serial stands in the word before it. */
static void set_serial(rb_heap *heap, void *block) { ((uint64_t *)block)[-1] = ++heap->serial; }

uint64_t rb_heap_serial(const void *block) { return ((const uint64_t *)block)[-1]; }

#if defined(__SANITIZE_ADDRESS__)
#define RB_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RB_SANITIZED 1
#endif
#endif

#ifdef RB_SANITIZED

/* One block of the C library's for each: the sanitizer then knows where each ends. */

void *rb_heap_allocate(rb_heap *heap, size_t size, rb_block kind) {
    if (size > PTRDIFF_MAX / 2 || !rb_account_take(heap->account, size + 16)) return NULL;
    char *base = malloc(size + 16);
    if (!base) {
        rb_account_give(heap->account, size + 16);
        return NULL;
    }
    if (kind == RB_BLOCK_OBJECT) set_serial(heap, base + 16);
    return base + 16;
}

void rb_heap_free(rb_heap *heap, void *block, size_t size) {
    rb_account_give(heap->account, size + 16);
    free((char *)block - 16);
}

void *rb_heap_resize(rb_heap *heap, void *block, size_t old_size, size_t new_size) {
    void *moved = rb_heap_allocate(heap, new_size, RB_BLOCK_PLAIN);
    if (!moved) return NULL;
    memcpy(moved, block, old_size < new_size ? old_size : new_size);
    rb_heap_free(heap, block, old_size);
    return moved;
}

bool rb_heap_give_back(rb_heap *heap) {
    (void)heap;
    return false;
}

void rb_heap_close(rb_heap *heap) { (void)heap; }

#else

#define PAGE ((size_t)8192)
#define PAGES 512 /* of a region */
#define HEADER_PAGES 4 /* the first of them */
#define REGION (PAGE * PAGES)
#define SMALL ((size_t)16384 - sizeof(uint64_t)) /* the largest block from a page; its object's serial fits too */
#define MEDIUM (REGION / 2 - HEADER)           /* the largest block that has pages to itself */
#define HEADER 16                              /* of a block that has no slot: room for a serial */
#define FINE 32 /* classes of sizes up to 512, 16 bytes apart; above there are four to each power of two */
#define ALONE UINT8_MAX /* the class of pages that hold one block */

typedef struct slot {
    struct slot *next;
} slot;

/* A run of pages that is cut into slots of one size, or holds one block. */
struct rb_span {
    slot *free;       /* slots that were used and are free again */
    rb_span *next, *previous; /* in its class, while it has room */
    uint32_t cut;     /* slots that were ever used: the others come after them */
    uint32_t used, count;
    uint16_t first, pages;
    uint8_t class, kind;
    bool is_partial;
};

/* Pages that are free are either warm, which means still the process's and counted, or given back. */
struct rb_region {
    rb_region *next;
    uint32_t free_pages, warm_pages;
    bool is_free[PAGES], is_warm[PAGES];
    uint16_t first[PAGES]; /* of the span that a page belongs to */
    rb_span spans[PAGES]; /* by their first page */
};

_Static_assert(sizeof(struct rb_region) <= HEADER_PAGES * PAGE, "a region's header has room in its pages");

static unsigned class_of(size_t size) {
    if (size <= 512) return (unsigned)((size + 15) / 16) - 1;
    unsigned power = 63 - (unsigned)__builtin_clzll(size - 1);
    return FINE + (power - 9) * 4 + (unsigned)((size - 1) >> (power - 2) & 3);
}

static size_t size_of(unsigned class) {
    if (class < FINE) return ((size_t)class + 1) * 16;
    unsigned power = 9 + (class - FINE) / 4;
    return ((size_t)1 << power) + ((class - FINE) % 4 + 1) * ((size_t)1 << (power - 2));
}

static unsigned pages_of(unsigned class) {
    size_t size = size_of(class);
    return size <= 512 ? 1 : size <= 1024 ? 2 : size <= 4096 ? 4 : 8;
}

static rb_region *region_of(const void *block) { return (rb_region *)((uintptr_t)block & ~(uintptr_t)(REGION - 1)); }
static char *page_at(rb_region *region, unsigned index) { return (char *)region + index * PAGE; }

static void *map(size_t length) {
    void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* --- regions, pages and spans --------------------------------------------------------------------------------------------- */

static rb_region *add_region(rb_heap *heap) {
    if (!rb_account_take(heap->account, HEADER_PAGES * PAGE)) return NULL;
    char *memory = map(REGION);
    if (memory && ((uintptr_t)memory & (REGION - 1)) != 0) {
        /* Not at a multiple of its size: twice as much has one in it. */
        munmap(memory, REGION);
        memory = map(2 * REGION);
        if (memory) {
            size_t before = (REGION - ((uintptr_t)memory & (REGION - 1))) & (REGION - 1);
            if (before > 0) munmap(memory, before);
            munmap(memory + before + REGION, REGION - before);
            memory += before;
        }
    }
    if (!memory) {
        rb_account_give(heap->account, HEADER_PAGES * PAGE);
        return NULL;
    }
    rb_region *region = (rb_region *)memory;
    for (unsigned page = HEADER_PAGES; page < PAGES; page++) region->is_free[page] = true;
    region->free_pages = PAGES - HEADER_PAGES;
    region->next = heap->regions;
    heap->regions = region;
    return region;
}

/* The first of `count` such pages in a row; 0 if there are none. */
static unsigned find_run(const bool is_such[PAGES], unsigned count) {
    unsigned run = 0;
    for (unsigned page = HEADER_PAGES; page < PAGES; page++) {
        run = is_such[page] ? run + 1 : 0;
        if (run == count) return page - count + 1;
    }
    return 0;
}

/* Free pages in a row, warm ones if there are any: they are counted already. */
static rb_region *find_pages(rb_heap *heap, unsigned count, unsigned *first) {
    if (heap->warm >= count)
        for (rb_region *region = heap->regions; region; region = region->next)
            if (region->warm_pages >= count && (*first = find_run(region->is_warm, count)) > 0) return region;
    for (rb_region *region = heap->regions; region; region = region->next)
        if (region->free_pages >= count && (*first = find_run(region->is_free, count)) > 0) return region;
    rb_region *region = add_region(heap);
    *first = HEADER_PAGES;
    return region;
}

static void enlist(rb_heap *heap, rb_span *span) {
    rb_span **list = &heap->partial[span->kind][span->class];
    span->previous = NULL;
    span->next = *list;
    if (*list) (*list)->previous = span;
    *list = span;
    span->is_partial = true;
}

static void delist(rb_heap *heap, rb_span *span) {
    if (span->next) span->next->previous = span->previous;
    if (span->previous) span->previous->next = span->next;
    else heap->partial[span->kind][span->class] = span->next;
    span->is_partial = false;
}

/* Free pages become those of the span that begins at `first`; false if the account has not got the cold ones among them. */
static bool take_pages(rb_heap *heap, rb_region *region, unsigned from, unsigned count, unsigned first) {
    unsigned cold = 0;
    for (unsigned page = from; page < from + count; page++) cold += !region->is_warm[page];
    if (!rb_account_take(heap->account, cold * PAGE)) return false;
    for (unsigned page = from; page < from + count; page++) {
        region->is_free[page] = region->is_warm[page] = false;
        region->first[page] = (uint16_t)first;
    }
    region->free_pages -= count;
    region->warm_pages -= count - cold;
    heap->warm -= count - cold;
    return true;
}

static void release_pages(rb_heap *heap, rb_region *region, unsigned from, unsigned count) {
    for (unsigned page = from; page < from + count; page++) region->is_free[page] = region->is_warm[page] = true;
    region->free_pages += count;
    region->warm_pages += count;
    heap->warm += count;
}

static rb_span *add_span(rb_heap *heap, unsigned class, rb_block kind, unsigned pages, uint32_t count) {
    unsigned first = 0;
    rb_region *region = find_pages(heap, pages, &first);
    if (!region) return NULL;
    if (!take_pages(heap, region, first, pages, first)) return NULL;
    rb_span *span = &region->spans[first];
    *span = (rb_span){.count = count, .class = (uint8_t)class, .kind = (uint8_t)kind, .first = (uint16_t)first, .pages = (uint16_t)pages};
    return span;
}

static rb_span *span_of(const void *block) {
    rb_region *region = region_of(block);
    return &region->spans[region->first[((uintptr_t)block & (REGION - 1)) / PAGE]];
}

/* --- small blocks --------------------------------------------------------------------------------------------------- */

static void remove_span(rb_heap *heap, rb_span *span) {
    delist(heap, span);
    release_pages(heap, region_of(span), span->first, span->pages);
}

static void *take_slot(rb_heap *heap, unsigned class, rb_block kind) {
    rb_span *span = heap->partial[kind][class];
    if (!span) {
        unsigned pages = pages_of(class);
        span = add_span(heap, class, kind, pages, (uint32_t)(pages * PAGE / size_of(class)));
        if (!span) return NULL;
        enlist(heap, span);
    } else if (span->used == 0) {
        heap->empty--;
    }
    slot *taken = span->free;
    if (taken) span->free = taken->next;
    else taken = (slot *)(page_at(region_of(span), span->first) + span->cut++ * size_of(class));
    if (++span->used == span->count) delist(heap, span);
    return taken;
}

static void return_slot(rb_heap *heap, void *block) {
    rb_span *span = span_of(block);
    slot *freed = (slot *)((char *)block - (span->kind == RB_BLOCK_OBJECT ? sizeof(uint64_t) : 0));
    freed->next = span->free;
    span->free = freed;
    span->used--;
    if (!span->is_partial) enlist(heap, span);
    /* One empty page of a size is kept: the next block is likely to want it. */
    if (span->used > 0) return;
    if (span->next || span->previous) remove_span(heap, span);
    else heap->empty++;
}

/* --- medium blocks: pages of their own ------------------------------------------------------------------------------- */

static unsigned pages_for(size_t size) { return (unsigned)((size + HEADER + PAGE - 1) / PAGE); }

static void *allocate_pages(rb_heap *heap, size_t size) {
    rb_span *span = add_span(heap, ALONE, RB_BLOCK_PLAIN, pages_for(size), 1);
    return span ? page_at(region_of(span), span->first) + HEADER : NULL;
}

/* Where it stands, if it gets smaller or the pages behind it are free. */
static bool resize_pages(rb_heap *heap, void *block, size_t size) {
    rb_span *span = span_of(block);
    rb_region *region = region_of(span);
    unsigned pages = pages_for(size), end = (unsigned)span->first + span->pages;
    if (pages < span->pages) {
        release_pages(heap, region, span->first + pages, span->pages - pages);
    } else if (pages > span->pages) {
        unsigned more = pages - span->pages;
        if (end + more > PAGES) return false;
        for (unsigned page = end; page < end + more; page++)
            if (!region->is_free[page]) return false;
        if (!take_pages(heap, region, end, more, span->first)) return false;
    }
    span->pages = (uint16_t)pages;
    return true;
}

/* --- large blocks --------------------------------------------------------------------------------------------------- */

static size_t length_of(size_t size) { return (size + HEADER + 4095) & ~(size_t)4095; }

static void *allocate_large(rb_heap *heap, size_t size) {
    size_t length = length_of(size);
    if (!rb_account_take(heap->account, length)) return NULL;
    char *memory = map(length);
    if (!memory) {
        rb_account_give(heap->account, length);
        return NULL;
    }
    return memory + HEADER;
}

/* Without copying: the system only moves the pages. */
static void *resize_large(rb_heap *heap, void *block, size_t old_size, size_t new_size) {
    size_t before = length_of(old_size), after = length_of(new_size);
    if (before == after) return block;
    if (after > before && !rb_account_take(heap->account, after - before)) return NULL;
    char *memory = mremap((char *)block - HEADER, before, after, MREMAP_MAYMOVE);
    if (memory == MAP_FAILED) {
        if (after > before) rb_account_give(heap->account, after - before);
        return NULL;
    }
    if (after < before) rb_account_give(heap->account, before - after);
    return memory + HEADER;
}

/* --- blocks --------------------------------------------------------------------------------------------------------- */

void *rb_heap_allocate(rb_heap *heap, size_t size, rb_block kind) {
    if (size > PTRDIFF_MAX / 2) return NULL;
    char *block;
    if (size > MEDIUM) {
        block = allocate_large(heap, size);
    } else if (size > SMALL) {
        block = allocate_pages(heap, size);
    } else if (kind == RB_BLOCK_PLAIN) {
        return take_slot(heap, class_of(size), kind);
    } else {
        block = take_slot(heap, class_of(size + sizeof(uint64_t)), kind);
        if (block) block += sizeof(uint64_t);
    }
    if (block && kind == RB_BLOCK_OBJECT) set_serial(heap, block);
    return block;
}

void rb_heap_free(rb_heap *heap, void *block, size_t size) {
    if (size <= SMALL) {
        return_slot(heap, block);
    } else if (size <= MEDIUM) {
        rb_span *span = span_of(block);
        release_pages(heap, region_of(span), span->first, span->pages);
    } else {
        munmap((char *)block - HEADER, length_of(size));
        rb_account_give(heap->account, length_of(size));
    }
}

void *rb_heap_resize(rb_heap *heap, void *block, size_t old_size, size_t new_size) {
    if (new_size > PTRDIFF_MAX / 2) return NULL;
    if (old_size > MEDIUM && new_size > MEDIUM) return resize_large(heap, block, old_size, new_size);
    if (old_size > SMALL && old_size <= MEDIUM && new_size > SMALL && new_size <= MEDIUM && resize_pages(heap, block, new_size))
        return block;
    if (old_size <= SMALL && new_size <= SMALL && class_of(old_size) == class_of(new_size)) return block;
    uint64_t limit = heap->account->limit;
    if (new_size < old_size) heap->account->limit = UINT64_MAX; /* what makes room is not refused */
    void *moved = rb_heap_allocate(heap, new_size, RB_BLOCK_PLAIN);
    heap->account->limit = limit;
    if (!moved) return NULL;
    memcpy(moved, block, old_size < new_size ? old_size : new_size);
    rb_heap_free(heap, block, old_size);
    return moved;
}

/* --- giving back ---------------------------------------------------------------------------------------------------- */

static void remove_empty_spans(rb_heap *heap) {
    for (unsigned kind = 0; kind < 2; kind++)
        for (unsigned class = 0; class < RB_HEAP_CLASSES; class++)
            for (rb_span *span = heap->partial[kind][class], *next; span; span = next) {
                next = span->next;
                if (span->used == 0) remove_span(heap, span);
            }
    heap->empty = 0;
}

static void cool(rb_heap *heap, rb_region *region) {
    for (unsigned page = HEADER_PAGES; page < PAGES; page++) {
        unsigned first = page;
        while (page < PAGES && region->is_warm[page]) region->is_warm[page++] = false;
        if (page == first) continue;
        madvise(page_at(region, first), (page - first) * PAGE, MADV_DONTNEED);
        rb_account_give(heap->account, (page - first) * PAGE);
        region->warm_pages -= page - first;
        heap->warm -= page - first;
    }
}

bool rb_heap_give_back(rb_heap *heap) {
    if (heap->empty > 0) remove_empty_spans(heap);
    if (heap->warm == 0) return false;
    for (rb_region **link = &heap->regions; *link;) {
        rb_region *region = *link;
        if (region->warm_pages > 0) cool(heap, region);
        if (region->free_pages == PAGES - HEADER_PAGES) {
            *link = region->next;
            munmap(region, REGION);
            rb_account_give(heap->account, HEADER_PAGES * PAGE);
        } else {
            link = &region->next;
        }
    }
    return true;
}

void rb_heap_close(rb_heap *heap) {
    while (heap->regions) {
        rb_region *region = heap->regions;
        heap->regions = region->next;
        munmap(region, REGION);
    }
}

#endif
