/*
 * Walking a table in a fixed order. Lua's own order depends on addresses and on a seed that is drawn; ours is the same
 * wherever the keys are the same, and does not depend on what else is in the table:
 *
 *   integers from 1 on, the other numbers, strings by their bytes, false, true, null, functions of the library,
 *   secrets, then tables, functions and coroutines in the order in which they were made
 *
 * Handles on the same secret stand in the order in which they were made too.
 */
#include "rb_internal.h"

#include <string.h>

enum { RANK_POSITIVE, RANK_NUMBER, RANK_STRING, RANK_FALSE, RANK_TRUE, RANK_NULL, RANK_LIBRARY, RANK_SECRET, RANK_OBJECT };

typedef struct rb_key {
    union {
        lua_Integer integer; /* also the number of an object */
        double number;
        const char *text; /* anchored in the table itself, or on the stack */
    } as;
    uint64_t length; /* of a text; of a number, whether it is an integer; of a secret, its handle */
    uint32_t rank;
} rb_key;

/* What is compared first, for most keys differ in it. */
typedef struct rb_mark {
    uint64_t prefix;
    uint32_t rank;
    uint32_t at;
} rb_mark;

/* A loop over keys that are no sequence: which it has visited. */
typedef struct rb_loop {
    lua_Integer sequence, position; /* the length of the sequence before them, and where the last step was */
    lua_Integer count;
    const void *last; /* the key of the last step, if it is an object or a text */
    uint32_t order[]; /* the places of the keys among the gathered ones */
} rb_loop;

#define FEW 64 /* keys that are sorted without taking memory, and kept without a table */

static rb_key describe_may_raise(lua_State *L, int index) {
    rb_key key = {.rank = RANK_OBJECT};
    size_t length = 0;
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        key.length = (uint64_t)lua_isinteger(L, index);
        if (key.length) key.as.integer = lua_tointeger(L, index);
        else key.as.number = lua_tonumber(L, index);
        key.rank = key.length && key.as.integer >= 1 ? RANK_POSITIVE : RANK_NUMBER;
        break;
    case LUA_TSTRING:
        key.rank = RANK_STRING;
        key.as.text = lua_tolstring(L, index, &length);
        key.length = length;
        break;
    case LUA_TBOOLEAN: key.rank = lua_toboolean(L, index) ? RANK_TRUE : RANK_FALSE; break;
    case LUA_TLIGHTUSERDATA: key.rank = RANK_NULL; break;
    case LUA_TUSERDATA: {
        const rb_secret *secret = luaL_testudata(L, index, RB_SECRET_METATABLE);
        key.rank = RANK_SECRET;
        if (secret) {
            key.as.integer = secret->number;
            key.length = secret->handle;
        }
        break;
    }
    case LUA_TFUNCTION: {
        lua_Integer number = rb_library_number(L, index);
        if (number > 0) {
            key.rank = RANK_LIBRARY;
            key.as.integer = number;
            break;
        }
        key.as.integer = (lua_Integer)rb_serial_of(L, index);
        break;
    }
    default: key.as.integer = (lua_Integer)rb_serial_of(L, index); break;
    }
    return key;
}

static int compare_integers(lua_Integer a, lua_Integer b) { return a < b ? -1 : a > b; }

static int compare_keys(const rb_key *a, const rb_key *b) {
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    if (a->rank == RANK_STRING) {
        int order = memcmp(a->as.text, b->as.text, a->length < b->length ? a->length : b->length);
        return order != 0 ? order : a->length < b->length ? -1 : a->length > b->length;
    }
    if (a->rank == RANK_NUMBER && !(a->length && b->length)) {
        /* Lua makes integers of all floats that are whole and fit: one that is equal after rounding is beyond them. */
        double left = a->length ? (double)a->as.integer : a->as.number, right = b->length ? (double)b->as.integer : b->as.number;
        return left < right ? -1 : left > right;
    }
    int order = compare_integers(a->as.integer, b->as.integer);
    return order == 0 && a->rank == RANK_SECRET ? compare_integers((lua_Integer)a->length, (lua_Integer)b->length) : order;
}

/* How many bytes all keys that are texts begin with alike. */
static size_t common_length(const rb_key *keys, size_t count) {
    const rb_key *first = NULL;
    size_t common = 0;
    for (size_t i = 0; i < count; i++) {
        if (keys[i].rank != RANK_STRING) continue;
        if (!first) {
            first = &keys[i];
            common = first->length;
        }
        if (common > keys[i].length) common = keys[i].length;
        size_t alike = 0;
        while (alike < common && keys[i].as.text[alike] == first->as.text[alike]) alike++;
        common = alike;
    }
    return common;
}

/* Never greater than that of a key that comes later. */
static uint64_t prefix_of(const rb_key *key, size_t common) {
    if (key->rank == RANK_NUMBER) return 0;
    if (key->rank != RANK_STRING) return (uint64_t)key->as.integer;
    const unsigned char *text = (const unsigned char *)key->as.text + common;
    size_t left = key->length - common;
    uint64_t prefix = 0;
    if (left >= sizeof prefix) {
        memcpy(&prefix, text, sizeof prefix);
        return __builtin_bswap64(prefix); /* all machines that this runs on are little-endian */
    }
    for (size_t i = 0; i < left; i++) prefix |= (uint64_t)text[i] << (56 - 8 * i);
    return prefix;
}

static inline bool is_before(const rb_key *keys, const rb_mark *a, const rb_mark *b) {
    if (a->rank != b->rank) return a->rank < b->rank;
    if (a->prefix != b->prefix) return a->prefix < b->prefix;
    return compare_keys(&keys[a->at], &keys[b->at]) < 0;
}

/* Sorts the marks by comparing them; `space` has room for as many. */
static void merge_marks(const rb_key *keys, rb_mark *marks, rb_mark *space, size_t count) {
    const size_t run = 8;
    for (size_t start = 0; start < count; start += run) {
        size_t end = start + run < count ? start + run : count;
        for (size_t i = start + 1; i < end; i++) {
            rb_mark mark = marks[i];
            size_t j = i;
            for (; j > start && is_before(keys, &mark, &marks[j - 1]); j--) marks[j] = marks[j - 1];
            marks[j] = mark;
        }
    }
    for (size_t width = run; width < count; width *= 2) {
        for (size_t start = 0; start + width < count; start += 2 * width) {
            size_t middle = start + width, end = middle + width < count ? middle + width : count;
            if (!is_before(keys, &marks[middle], &marks[middle - 1])) continue; /* in order already */
            memcpy(space, marks + start, width * sizeof *marks);
            size_t left = 0, right = middle, out = start;
            while (left < width && right < end)
                marks[out++] = is_before(keys, &marks[right], &space[left]) ? marks[right++] : space[left++];
            memcpy(marks + out, space + left, (width - left) * sizeof *marks);
        }
    }
}

#define DIGITS 9 /* bytes of a mark, the rank being the highest */

static inline unsigned digit_of(const rb_mark *mark, int digit) {
    return digit < DIGITS - 1 ? (unsigned)(mark->prefix >> (8 * digit)) & 0xff : mark->rank;
}

/* Sorts the marks by their bytes, from the lowest on; those that are alike by comparing their keys. */
static void distribute_marks(const rb_key *keys, rb_mark *marks, rb_mark *space, size_t count) {
    uint64_t differing = 0; /* bits of prefixes */
    bool ranks_differ = false;
    for (size_t i = 1; i < count; i++) {
        differing |= marks[i].prefix ^ marks[0].prefix;
        ranks_differ |= marks[i].rank != marks[0].rank;
    }
    rb_mark *from = marks, *to = space;
    for (int digit = 0; digit < DIGITS; digit++) {
        if (digit < DIGITS - 1 ? !(differing >> (8 * digit) & 0xff) : !ranks_differ) continue;
        uint32_t places[256] = {0}, place = 0;
        for (size_t i = 0; i < count; i++) places[digit_of(&from[i], digit)]++;
        for (int value = 0; value < 256; value++) {
            uint32_t here = places[value];
            places[value] = place;
            place += here;
        }
        for (size_t i = 0; i < count; i++) to[places[digit_of(&from[i], digit)]++] = from[i];
        rb_mark *swap = from;
        from = to;
        to = swap;
    }
    if (from != marks) memcpy(marks, from, count * sizeof *marks);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count; end++)
            if (marks[end].prefix != marks[start].prefix || marks[end].rank != marks[start].rank) break;
        if (end > start + 1) merge_marks(keys, marks + start, space, end - start);
    }
}

/* Writes the order of `count` keys; `marks` has room for twice as many. */
static void sort_keys(const rb_key *keys, rb_mark *marks, size_t count, uint32_t *order) {
    size_t common = common_length(keys, count);
    for (size_t i = 0; i < count; i++) marks[i] = (rb_mark){prefix_of(&keys[i], common), keys[i].rank, (uint32_t)i};
    (count < 256 ? merge_marks : distribute_marks)(keys, marks, marks + count, count);
    for (size_t i = 0; i < count; i++) order[i] = marks[i].at;
}

static rb_loop *push_loop_may_raise(lua_State *L, lua_Integer sequence, lua_Integer count) {
    rb_loop *loop = lua_newuserdatauv(L, sizeof *loop + (size_t)count * sizeof *loop->order, 0);
    loop->sequence = sequence;
    loop->position = 0;
    loop->count = count;
    loop->last = NULL;
    return loop;
}

/* Makes room behind what the buffer holds; Lua's own memory would be garbage at once, and much of it. */
static void *reserve_may_raise(lua_State *L, rb_buffer *space, size_t bytes) {
    if (!rb_buffer_reserve(space, bytes)) {
        lua_gc(L, LUA_GCCOLLECT);
        space->failed = space->starved = false;
        if (!rb_buffer_reserve(space, bytes)) {
            rb_buffer_free(space);
            rb_kill_may_raise(L, RB_DEAD_MEMORY);
        }
    }
    return space->bytes + space->length;
}

/* Describes the key on top behind those in the buffer, and adds it to the array at `gathered`. */
static void add_key_may_raise(lua_State *L, rb_buffer *space, int gathered, lua_Integer count) {
    if (count > INT32_MAX / 4) {
        rb_buffer_free(space);
        luaL_error(L, "a table of so many keys cannot be walked in order");
    }
    *(rb_key *)reserve_may_raise(L, space, sizeof(rb_key)) = describe_may_raise(L, -1);
    space->length += sizeof(rb_key);
    lua_pushvalue(L, -1);
    lua_rawseti(L, gathered, count);
}

/* Goes on with a walk that has gathered FEW keys above `base` and stands at one more, on top of them. In their place it
   pushes an rb_loop and an array of all keys; returns how many. */
static lua_Integer push_many_keys_may_raise(lua_State *L, int index, int base, lua_Integer sequence) {
    rb_buffer *space = &rb_of(L)->scratch;
    const int gathered = base + FEW + 1;
    lua_Integer count = 0;
    rb_buffer_clear(space);
    lua_createtable(L, 4 * FEW, 0);
    lua_insert(L, gathered);
    for (int i = 1; i <= FEW; i++) {
        lua_pushvalue(L, base + i);
        add_key_may_raise(L, space, gathered, ++count);
        lua_pop(L, 1);
    }
    for (;;) {
        add_key_may_raise(L, space, gathered, ++count);
        if (!lua_next(L, index)) break;
        lua_pop(L, 1);
    }
    rb_loop *loop = push_loop_may_raise(L, sequence, count);
    rb_mark *marks = reserve_may_raise(L, space, 2 * (size_t)count * sizeof *marks);
    sort_keys((const rb_key *)space->bytes, marks, (size_t)count, loop->order);
    if (space->capacity > RB_BUFFER_KEPT) rb_buffer_free(space);
    lua_replace(L, base + 1);
    lua_pushvalue(L, gathered);
    lua_replace(L, base + 2);
    lua_settop(L, base + 2);
    return count;
}

/*
 * Looks through the table at `index`. Returns the length of the sequence 1..n that its keys begin with, and sets `*others`
 * to how many more there are. If there are any an rb_loop is pushed, and behind it they themselves, or for more than FEW an
 * array of them.
 */
static lua_Integer push_keys_may_raise(lua_State *L, int index, lua_Integer *others) {
    lua_Integer sequence = 0, count = 0;
    luaL_checkstack(L, FEW + 8, "too many values");
    int base = lua_gettop(L);
    lua_pushnil(L);
    while (count <= FEW && lua_next(L, index)) {
        lua_pop(L, 1);
        /* Lua itself visits a sequence first, and in order. */
        if (count == 0 && lua_isinteger(L, -1) && lua_tointeger(L, -1) == sequence + 1) sequence++;
        else if (count++ < FEW) lua_pushvalue(L, -1);
    }
    *others = count;
    if (count > FEW) {
        *others = push_many_keys_may_raise(L, index, base, sequence);
    } else if (count > 0) {
        rb_key keys[FEW];
        rb_mark marks[2 * FEW];
        for (int i = 0; i < (int)count; i++) keys[i] = describe_may_raise(L, base + 1 + i);
        rb_loop *loop = push_loop_may_raise(L, sequence, count);
        sort_keys(keys, marks, (size_t)count, loop->order);
        lua_insert(L, base + 1);
    }
    return sequence;
}

/* The same, but pushes an array of the keys in order. */
static lua_Integer push_array_of_keys_may_raise(lua_State *L, int index, lua_Integer *others) {
    index = lua_absindex(L, index);
    int base = lua_gettop(L);
    lua_Integer sequence = push_keys_may_raise(L, index, others);
    lua_createtable(L, (int)*others, 0);
    if (*others > 0) {
        const rb_loop *loop = lua_touserdata(L, base + 1);
        for (lua_Integer i = 0; i < *others; i++) {
            if (*others > FEW) lua_rawgeti(L, base + 2, (lua_Integer)loop->order[i] + 1);
            else lua_pushvalue(L, base + 2 + (int)loop->order[i]);
            lua_rawseti(L, -2, i + 1);
        }
    }
    lua_replace(L, base + 1);
    lua_settop(L, base + 1);
    return sequence;
}

/* Pushes the key at that place of the order, from what belongs to the running step. */
static void push_key(lua_State *L, const rb_loop *loop, lua_Integer place) {
    uint32_t at = loop->order[place];
    if (loop->count > FEW) lua_rawgeti(L, lua_upvalueindex(2), (lua_Integer)at + 1);
    else lua_pushvalue(L, lua_upvalueindex(2 + (int)at));
}

/* How many of the ordered keys, of the loop or of the array at `keys`, come before the value at `index`, or are it. */
static lua_Integer count_up_to_may_raise(lua_State *L, const rb_loop *loop, int keys, lua_Integer others, int index) {
    rb_key wanted = describe_may_raise(L, index);
    lua_Integer low = 0, high = others;
    while (low < high) {
        lua_Integer middle = low + (high - low) / 2;
        if (loop) push_key(L, loop, middle);
        else lua_rawgeti(L, keys, middle + 1);
        rb_key key = describe_may_raise(L, -1);
        int order = compare_keys(&key, &wanted);
        lua_pop(L, 1);
        if (order <= 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* --- pairs ------------------------------------------------------------------------------------------------------- */

/* Upvalues of pairs: the steps of loops over short lists, and over records. */
#define LIST_STEPS lua_upvalueindex(1)
#define RECORD_STEPS lua_upvalueindex(2)

#define SHORT 64 /* the lists of up to as many elements share a step for each length */

/* The step of a loop over 1..n, its upvalue. What was removed since the loop began is not visited. */
static int step_through_sequence(lua_State *L) {
    lua_Integer length = lua_tointeger(L, lua_upvalueindex(1)), position = lua_tointeger(L, 2);
    if (lua_type(L, 1) != LUA_TTABLE) luaL_checktype(L, 1, LUA_TTABLE);
    while (position >= 0 && position < length) {
        lua_pushinteger(L, ++position);
        if (lua_rawgeti(L, 1, position) != LUA_TNIL) return 2;
        lua_pop(L, 2);
    }
    lua_pushnil(L);
    return 1;
}

static void push_sequence_step_may_raise(lua_State *L, lua_Integer length) {
    if (length <= SHORT && lua_rawgeti(L, LIST_STEPS, length + 1) != LUA_TNIL) return;
    lua_pushinteger(L, length);
    lua_pushcclosure(L, step_through_sequence, 1);
    if (length > SHORT) return;
    lua_pushvalue(L, -1);
    lua_rawseti(L, LIST_STEPS, length + 1);
}

/* Whether the key at 2 is that of the loop's last step; else the loop was left and is taken up elsewhere. */
static bool is_at(lua_State *L, const rb_loop *loop) {
    if (loop->position == 0) return lua_isnoneornil(L, 2);
    if (loop->position <= loop->sequence) return lua_isinteger(L, 2) && lua_tointeger(L, 2) == loop->position;
    if (loop->last) return lua_topointer(L, 2) == loop->last;
    push_key(L, loop, loop->position - loop->sequence - 1);
    bool is_last = lua_rawequal(L, 2, -1);
    lua_pop(L, 1);
    return is_last;
}

static lua_Integer find_position_may_raise(lua_State *L, const rb_loop *loop) {
    if (lua_isnoneornil(L, 2)) return 0;
    lua_Integer index = lua_isinteger(L, 2) ? lua_tointeger(L, 2) : 0;
    if (index >= 1 && index <= loop->sequence) return index;
    return loop->sequence + count_up_to_may_raise(L, loop, 0, loop->count, 2);
}

/* The step of any other loop. Upvalues: an rb_loop, and the keys or an array of them. */
static int step_through_keys(lua_State *L) {
    rb_loop *loop = lua_touserdata(L, lua_upvalueindex(1));
    if (lua_type(L, 1) != LUA_TTABLE) luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2); /* without a key there would be another value at 2 soon */
    lua_Integer end = loop->sequence + loop->count;
    if (!is_at(L, loop)) loop->position = find_position_may_raise(L, loop);
    while (loop->position < end) {
        lua_Integer position = ++loop->position;
        if (position <= loop->sequence) lua_pushinteger(L, position);
        else push_key(L, loop, position - loop->sequence - 1);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL) {
            loop->last = lua_topointer(L, -2);
            return 2;
        }
        lua_pop(L, 2); /* removed since the loop began: not visited */
    }
    lua_pushnil(L);
    return 1;
}

/* Whether the keys of that loop, behind its sequence, go on with it: Lua may keep numbers at any place. */
static bool is_list(lua_State *L, const rb_loop *loop) {
    uint32_t last = loop->order[loop->count - 1];
    if (loop->count > FEW) lua_rawgeti(L, 3, (lua_Integer)last + 1);
    else lua_pushvalue(L, 3 + (int)last);
    bool is_list = lua_isinteger(L, -1) && lua_tointeger(L, -1) == loop->sequence + loop->count;
    lua_pop(L, 1);
    return is_list;
}

/* Reads the keys of that loop if they are those of a record. */
static bool is_record(lua_State *L, const rb_loop *loop, rb_fields *fields) {
    if (!rb_of(L)->knows_tables || loop->sequence > 0 || loop->count > RB_FIELDS) return false;
    fields->count = (uint32_t)loop->count;
    for (uint32_t i = 0; i < fields->count; i++) {
        size_t length;
        if (lua_type(L, 3 + (int)i) != LUA_TSTRING) return false;
        fields->names[i] = lua_tolstring(L, 3 + (int)i, &length);
        if (length > RB_NAME_LENGTH) return false;
        fields->lengths[i] = (uint8_t)length;
    }
    return true;
}

/* Pushes the step of a loop over the value at 1. Which one depends on the table's keys alone: whether a look at where Lua
   keeps them was enough differs from run to run. */
static void push_step_may_raise(lua_State *L) {
    lua_Integer others = 0, sequence = 0;
    bool is_table = lua_istable(L, 1); /* else the first step raises */
    if (is_table && !rb_table_is_list(L, 1, &sequence)) {
        rb_fields fields;
        bool is_known = rb_table_is_record(L, 1, &fields);
        if (is_known && rb_push_record_step_may_raise(L, &fields, RECORD_STEPS)) return;
        sequence = push_keys_may_raise(L, 1, &others); /* an rb_loop at 2, and the keys from 3 on */
        const rb_loop *loop = others > 0 ? lua_touserdata(L, 2) : NULL;
        if (loop && is_list(L, loop)) {
            sequence += others;
            others = 0;
        } else if (loop && !is_known && is_record(L, loop, &fields)) {
            if (rb_push_record_step_may_raise(L, &fields, RECORD_STEPS)) return;
        }
    }
    if (others == 0) push_sequence_step_may_raise(L, sequence);
    else lua_pushcclosure(L, step_through_keys, lua_gettop(L) - 1);
}

static int finish_pairs(lua_State *L, int status, lua_KContext context) {
    (void)L;
    (void)status;
    (void)context;
    return 3;
}

static int base_pairs(lua_State *L) {
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_callk(L, 1, 3, 0, finish_pairs);
        return 3;
    }
    lua_settop(L, 1);
    push_step_may_raise(L);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

/* --- next -------------------------------------------------------------------------------------------------------- */

/*
 * `next` has only the last key to go by, and must not sort at every step: the keys of the tables walked last are kept.
 * A walk begins anew with nil; what is added to a table in the midst of one may be left out, as in Lua.
 */
#define WALKS 4

typedef struct rb_walk {
    const void *table;
    lua_Integer sequence, others, position; /* how many of the keys up to where the last step was */
    const void *last;                       /* the key of that step, if it is an object or a text */
} rb_walk;

typedef struct rb_walks {
    rb_walk walks[WALKS];
    int oldest;
} rb_walks;

/* The kept tables and their keys; upvalue 1 are the walks. */
#define ANCHORS lua_upvalueindex(2)

static void forget_may_raise(lua_State *L, rb_walks *kept, int number) {
    kept->walks[number].table = NULL;
    for (int i = 1; i <= 2; i++) {
        lua_pushboolean(L, 0);
        lua_rawseti(L, ANCHORS, 2 * number + i);
    }
}

static int find_walk(const rb_walks *kept, const void *table) {
    for (int i = 0; i < WALKS; i++)
        if (kept->walks[i].table == table) return i;
    return -1;
}

/* Begins a walk of the table at 1. */
static int begin_walk_may_raise(lua_State *L, rb_walks *kept) {
    int number = kept->oldest;
    kept->oldest = (number + 1) % WALKS;
    rb_walk *walk = &kept->walks[number];
    walk->table = NULL;
    walk->position = 0;
    walk->last = NULL;
    walk->sequence = push_array_of_keys_may_raise(L, 1, &walk->others);
    lua_rawseti(L, ANCHORS, 2 * number + 2);
    lua_pushvalue(L, 1);
    lua_rawseti(L, ANCHORS, 2 * number + 1);
    walk->table = lua_topointer(L, 1);
    return number;
}

/* Pushes the first key of the table at 1, or nothing if it is empty. */
static bool push_first_may_raise(lua_State *L) {
    rb_key first = {0};
    bool found = false;
    lua_pushnil(L); /* at 3: the first so far */
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        lua_pop(L, 1);
        rb_key key = describe_may_raise(L, -1);
        if (!found || compare_keys(&key, &first) < 0) {
            first = key;
            lua_pushvalue(L, -1);
            lua_replace(L, 3);
            found = true;
        }
    }
    return found;
}

static int key_and_value(lua_State *L) {
    lua_pushvalue(L, -1);
    lua_rawget(L, 1);
    return 2;
}

/* Whether the key at 2 is that of the walk's last step; its keys are at 3. */
static bool was_last(lua_State *L, const rb_walk *walk) {
    if (walk->last) return lua_topointer(L, 2) == walk->last;
    if (walk->position <= walk->sequence) return false;
    lua_rawgeti(L, 3, walk->position - walk->sequence);
    bool was_last = lua_rawequal(L, -1, 2);
    lua_pop(L, 1);
    return was_last;
}

/* next(table [, key]): the key after it in the order above, whether or not the key itself is still there. */
static int base_next(lua_State *L) {
    rb_walks *kept = lua_touserdata(L, lua_upvalueindex(1));
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    bool is_first = lua_isnil(L, 2);
    if (is_first || (lua_isinteger(L, 2) && lua_tointeger(L, 2) >= 1 && lua_tointeger(L, 2) < LUA_MAXINTEGER)) {
        lua_Integer following = is_first ? 1 : lua_tointeger(L, 2) + 1;
        if (is_first) {
            int stale = find_walk(kept, lua_topointer(L, 1));
            if (stale >= 0) forget_may_raise(L, kept, stale);
        }
        lua_pushinteger(L, following);
        if (lua_rawgeti(L, 1, following) != LUA_TNIL) return 2;
        lua_settop(L, 2);
    }
    if (is_first) return push_first_may_raise(L) ? key_and_value(L) : 1;

    int number = find_walk(kept, lua_topointer(L, 1));
    if (number < 0) number = begin_walk_may_raise(L, kept);
    rb_walk *walk = &kept->walks[number];
    lua_rawgeti(L, ANCHORS, 2 * number + 2); /* at 3 */
    lua_Integer position = 0;
    if (lua_isinteger(L, 2) && lua_tointeger(L, 2) >= 1 && lua_tointeger(L, 2) <= walk->sequence) {
        position = lua_tointeger(L, 2);
    } else if (walk->others > 0) {
        position = walk->position;
        if (!was_last(L, walk)) position = walk->sequence + count_up_to_may_raise(L, NULL, 3, walk->others, 2);
    } else {
        position = walk->sequence;
    }
    while (position < walk->sequence + walk->others) {
        position++;
        if (position <= walk->sequence) lua_pushinteger(L, position);
        else lua_rawgeti(L, 3, position - walk->sequence);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL) {
            walk->position = position;
            walk->last = lua_topointer(L, -2);
            return 2;
        }
        lua_pop(L, 2);
    }
    forget_may_raise(L, kept, number);
    lua_pushnil(L);
    return 1;
}

/* --- a part of the keys ------------------------------------------------------------------------------------------ */

#define LOOK_EVERY 4096 /* keys between two looks at whether the run is to end */

lua_Integer rb_count_entries_may_raise(lua_State *L, int index, bool *is_list) {
    lua_Integer count = 0, last = 0;
    *is_list = true;
    if (rb_table_is_list(L, index, &count)) return count;
    count = 0;
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (++count % LOOK_EVERY == 0) rb_look_may_raise(L);
        lua_Integer key = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
        if (key < 1) *is_list = false;
        if (key > last) last = key;
    }
    *is_list = *is_list && last == count;
    return count;
}

/* The first keys of a walk in order. Twice as many as are wanted are gathered, and then the later half is dropped. */
typedef struct rb_choice {
    size_t count, most, room;
    rb_key *keys;
    rb_mark *marks;
    uint32_t *order, *slots; /* where in the array of gathered keys each one stands */
} rb_choice;

static rb_choice push_choice_may_raise(lua_State *L, size_t count, size_t most) {
    size_t room = count < 2 * most ? count : 2 * most;
    size_t each = sizeof(rb_key) + 2 * sizeof(rb_mark) + 2 * sizeof(uint32_t);
    rb_choice choice = {.most = most, .room = room, .keys = lua_newuserdatauv(L, room * each + 1, 0)};
    choice.marks = (rb_mark *)(choice.keys + room);
    choice.order = (uint32_t *)(choice.marks + 2 * room);
    choice.slots = choice.order + room;
    for (size_t i = 0; i < room; i++) choice.slots[i] = (uint32_t)i + 1;
    return choice;
}

/* Sorts what is gathered. Only the first ones of `order` count from then on. */
static void sort_choice(rb_choice *choice) {
    sort_keys(choice->keys, choice->marks, choice->count, choice->order);
}

/* Brings the first ones to the front; the slots of the others are free. */
static void drop_later(rb_choice *choice) {
    sort_choice(choice);
    rb_key *keys = (rb_key *)choice->marks; /* done with: there is room for more than as many */
    uint32_t *slots = (uint32_t *)(keys + choice->room);
    for (size_t i = 0; i < choice->count; i++) {
        keys[i] = choice->keys[choice->order[i]];
        slots[i] = choice->slots[choice->order[i]];
    }
    memcpy(choice->keys, keys, choice->count * sizeof *keys);
    memcpy(choice->slots, slots, choice->count * sizeof *slots);
    choice->count = choice->most;
}

_Static_assert(2 * sizeof(rb_mark) >= sizeof(rb_key) + sizeof(uint32_t), "the marks' room holds the keys and their slots");

void rb_push_first_keys_may_raise(lua_State *L, int index, lua_Integer count, lua_Integer most, bool only_strings) {
    int base = lua_gettop(L);
    rb_choice choice = push_choice_may_raise(L, (size_t)count, (size_t)most);
    lua_createtable(L, (int)choice.room, 0);
    const int gathered = base + 2;
    size_t seen = 0;
    bool is_full = false; /* then no key counts that comes after the last of the first ones */
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (++seen % LOOK_EVERY == 0) rb_look_may_raise(L);
        if (only_strings && lua_type(L, -1) != LUA_TSTRING) continue;
        rb_key key = describe_may_raise(L, -1);
        if (is_full && compare_keys(&key, &choice.keys[choice.most - 1]) > 0) continue;
        if (choice.count == choice.room) {
            drop_later(&choice);
            is_full = true;
            if (compare_keys(&key, &choice.keys[choice.most - 1]) > 0) continue;
        }
        choice.keys[choice.count] = key;
        lua_pushvalue(L, -1);
        lua_rawseti(L, gathered, choice.slots[choice.count]);
        choice.count++;
    }
    sort_choice(&choice);
    size_t kept = choice.count < choice.most ? choice.count : choice.most;
    lua_createtable(L, (int)kept, 0);
    for (size_t i = 0; i < kept; i++) {
        lua_rawgeti(L, gathered, choice.slots[choice.order[i]]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_replace(L, base + 1);
    lua_settop(L, base + 1);
}

void rb_order_open_may_raise(lua_State *L) {
    rb_table_open_may_raise(L);
    lua_newtable(L);
    lua_newtable(L);
    lua_pushcclosure(L, base_pairs, 2);
    lua_setglobal(L, "pairs");
    rb_walks *kept = lua_newuserdatauv(L, sizeof *kept, 0);
    memset(kept, 0, sizeof *kept);
    lua_createtable(L, 2 * WALKS, 0);
    lua_pushcclosure(L, base_next, 2);
    lua_setglobal(L, "next");
}

void rb_push_sorted_keys_may_raise(lua_State *L, int index) {
    lua_Integer others;
    push_array_of_keys_may_raise(L, index, &others);
}
