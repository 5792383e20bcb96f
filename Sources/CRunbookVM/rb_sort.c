/*
 * table.sort. Lua's own chooses its pivots by the clock for more than a hundred elements, so that the calls of a
 * comparator differ from run to run, and takes quadratic time where the choice is unlucky. This one merges: the same calls
 * each time, and never more than n log n of them.
 */
#include "rb_internal.h"

#include <limits.h>
#include <string.h>

#define RUN 1024           /* elements that are sorted on Lua's stack; longer lists are merged from as many */
#define CHECK_EVERY 0xffff /* elements merged between two looks at whether the run is to end */

/* Where things stand on the stack: while a run is sorted its elements, while runs are merged their first elements. */
enum { LIST = 1, COMPARATOR = 2, ELEMENTS = 3, MERGED = 4, LEFT = 5, RIGHT = 6 };

typedef struct rb_sort {
    lua_State *L;
    bool compared;
    uint32_t merged; /* since the last look */
} rb_sort;

/* Whether the value at `a` must come before the value at `b`. */
static bool is_less_may_raise(const rb_sort *sort, int a, int b) {
    lua_State *L = sort->L;
    if (!sort->compared) return lua_compare(L, a, b, LUA_OPLT);
    lua_pushvalue(L, COMPARATOR);
    lua_pushvalue(L, a);
    lua_pushvalue(L, b);
    lua_call(L, 2, 1);
    bool is_less = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return is_less;
}

static void note_merged_may_raise(rb_sort *sort, size_t count) {
    sort->merged += (uint32_t)count;
    if (sort->merged <= CHECK_EVERY) return;
    sort->merged = 0;
    rb_look_may_raise(sort->L);
}

/* Orders the indices of `count` values on the stack. */
static void sort_run_may_raise(rb_sort *sort, uint16_t *order, size_t count) {
    uint16_t space[RUN];
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start + width < count; start += 2 * width) {
            size_t middle = start + width, end = middle + width < count ? middle + width : count;
            if (!is_less_may_raise(sort, order[middle], order[middle - 1])) continue; /* in order already */
            memcpy(space, order + start, width * sizeof *order);
            size_t left = 0, right = middle, out = start;
            while (left < width && right < end)
                order[out++] = is_less_may_raise(sort, order[right], space[left]) ? order[right++] : space[left++];
            memcpy(order + out, space + left, (width - left) * sizeof *order);
        }
    }
    note_merged_may_raise(sort, count);
}

/* Fetches the elements after `start` and pushes them, and sorts their indices. */
static void fetch_run_may_raise(rb_sort *sort, uint16_t *order, lua_Integer start, size_t count) {
    lua_State *L = sort->L;
    luaL_checkstack(L, RUN + 8, "too many elements");
    int base = lua_gettop(L);
    for (size_t i = 0; i < count; i++) {
        lua_geti(L, LIST, start + (lua_Integer)i + 1);
        order[i] = (uint16_t)(base + 1 + (int)i);
    }
    /* Lua finds a faulty comparator by chance, and not with fewer than four; one that says `<=` is told each time. */
    if (count > 3 && sort->compared && is_less_may_raise(sort, base + 1, base + 1))
        luaL_error(L, "invalid order function for sorting");
    sort_run_may_raise(sort, order, count);
}

/* Takes the value at `head` as the next of the merged ones, and fetches the one after it from the run. */
static void take_may_raise(lua_State *L, int head, lua_Integer *at, lua_Integer end, lua_Integer out) {
    lua_pushvalue(L, head);
    lua_rawseti(L, MERGED, out);
    if (++*at > end) return;
    lua_rawgeti(L, ELEMENTS, *at);
    lua_replace(L, head);
}

/* Merges the sorted runs start+1…middle and middle+1…end of ELEMENTS into MERGED. */
static void merge_may_raise(rb_sort *sort, lua_Integer start, lua_Integer middle, lua_Integer end) {
    lua_State *L = sort->L;
    lua_Integer left = start + 1, right = middle + 1, out = start + 1;
    lua_settop(L, MERGED);
    lua_rawgeti(L, ELEMENTS, left);
    lua_rawgeti(L, ELEMENTS, right);
    while (left <= middle && right <= end) {
        if (is_less_may_raise(sort, RIGHT, LEFT)) take_may_raise(L, RIGHT, &right, end, out++);
        else take_may_raise(L, LEFT, &left, middle, out++);
    }
    while (left <= middle) take_may_raise(L, LEFT, &left, middle, out++);
    while (right <= end) take_may_raise(L, RIGHT, &right, end, out++);
    note_merged_may_raise(sort, (size_t)(end - start));
}

static void sort_long_list_may_raise(rb_sort *sort, lua_Integer length) {
    lua_State *L = sort->L;
    uint16_t order[RUN];
    lua_newtable(L);
    lua_newtable(L);
    for (lua_Integer start = 0; start < length; start += RUN) {
        size_t count = length - start < RUN ? (size_t)(length - start) : RUN;
        fetch_run_may_raise(sort, order, start, count);
        for (size_t i = 0; i < count; i++) {
            lua_pushvalue(L, order[i]);
            lua_rawseti(L, ELEMENTS, start + (lua_Integer)i + 1);
        }
        lua_settop(L, MERGED);
    }
    for (lua_Integer width = RUN; width < length; width *= 2) {
        for (lua_Integer start = 0; start < length; start += 2 * width) {
            lua_Integer middle = start + width < length ? start + width : length;
            merge_may_raise(sort, start, middle, middle + width < length ? middle + width : length);
        }
        lua_settop(L, MERGED);
        lua_rotate(L, ELEMENTS, 1); /* what was merged are the elements of the next round */
    }
    for (lua_Integer i = 1; i <= length; i++) {
        lua_rawgeti(L, ELEMENTS, i);
        lua_seti(L, LIST, i);
    }
}

/* A table, or what behaves like one. */
static void check_list_may_raise(lua_State *L) {
    if (lua_istable(L, LIST)) return;
    static const char *const needed[] = {"__index", "__newindex", "__len"};
    for (int i = 0; i < 3; i++)
        if (luaL_getmetafield(L, LIST, needed[i]) == LUA_TNIL) luaL_checktype(L, LIST, LUA_TTABLE);
}

static int table_sort(lua_State *L) {
    check_list_may_raise(L);
    lua_settop(L, COMPARATOR);
    lua_Integer length = luaL_len(L, LIST);
    if (length < 2) return 0;
    luaL_argcheck(L, length < INT_MAX, 1, "array too big");
    rb_sort sort = {.L = L, .compared = !lua_isnil(L, COMPARATOR)};
    if (sort.compared) luaL_checktype(L, COMPARATOR, LUA_TFUNCTION);
    if (length > RUN) {
        sort_long_list_may_raise(&sort, length);
        return 0;
    }
    uint16_t order[RUN];
    fetch_run_may_raise(&sort, order, 0, (size_t)length);
    for (lua_Integer i = 1; i <= length; i++) {
        if (order[i - 1] == COMPARATOR + i) continue; /* it stands there already */
        lua_pushvalue(L, order[i - 1]);
        lua_seti(L, LIST, i);
    }
    return 0;
}

void rb_sort_open_may_raise(lua_State *L) {
    lua_getglobal(L, LUA_TABLIBNAME);
    lua_pushcfunction(L, table_sort);
    lua_setfield(L, -2, "sort");
    lua_pop(L, 1);
}
