/* Lua values to JSON text. Tables are read raw, so no code of a script runs while its values are written. */
#include "rb_json_encoder.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace rb;

namespace {

constexpr char too_many[] = "is more than 500000 values with what stands before it: split it";
constexpr char too_deep[] = "is nested too deep: JSON is written up to 64 levels";
constexpr char no_stack[] = "cannot be written as JSON: no room on the Lua stack, as memory is used up or calls are "
                            "nested too deep";

/* MARK: Parts */

bool write_new_line(encoder &e) {
    size_t spaces = 2 * static_cast<size_t>(e.depth);
    char *to = room(e, spaces + 1);
    if (!to) return false;
    *to++ = '\n';
    std::memset(to, ' ', spaces);
    advance(e, to + spaces);
    return true;
}

bool write_text(encoder &e, const char *text, size_t length) {
    text_outcome outcome = write_string(e, text, length);
    if (outcome == text_outcome::not_text) {
        return fail(e, "is a string that is not UTF-8: JSON is text; encode bytes, as base64 does");
    }
    return outcome == text_outcome::written;
}

bool write_secret(encoder &e, uint32_t number) {
    if (!(e.flags & RB_JSON_SECRETS)) {
        return fail(e, "is a secret, which cannot be written as text: pass it to an operation as it is");
    }
    if (e.depth == RB_JSON_DEPTH) return fail(e, too_deep); /* in JSON it is an object */
    char text[48];
    int length = std::snprintf(text, sizeof text, "{\"%s\":%lu}", secret_key, static_cast<unsigned long>(number));
    return write(e, text, static_cast<size_t>(length));
}

/* One of the two metatables, looked up when the first value has any. */
const void *metatable(encoder &e, const void *&found, const char *name) {
    if (!found) {
        lua_getfield(e.L, LUA_REGISTRYINDEX, name);
        found = lua_topointer(e.L, -1);
        lua_pop(e.L, 1);
    }
    return found;
}

/* The secret at the stack's top; NULL if the value is something else. */
const rb_secret *to_secret(encoder &e) {
    if (lua_type(e.L, -1) != LUA_TUSERDATA || !lua_getmetatable(e.L, -1)) return nullptr;
    bool is_secret = lua_topointer(e.L, -1) == metatable(e, e.secrets, RB_SECRET_METATABLE);
    lua_pop(e.L, 1);
    return is_secret ? static_cast<const rb_secret *>(lua_touserdata(e.L, -1)) : nullptr;
}

bool fail_type(encoder &e, int type) {
    char what[96];
    std::snprintf(what, sizeof what, "is a %s, which JSON cannot hold", lua_typename(e.L, type));
    return fail(e, what);
}

bool write_value(encoder &e);
bool write_table(encoder &e, int index);

inline bool write_separator(encoder &e, bool first) {
    return (first || write_byte(e, ',')) && (!(e.flags & RB_JSON_PRETTY) || write_new_line(e));
}

/* Closes the innermost place. */
inline bool write_end(encoder &e, char close) {
    e.depth--;
    return (!(e.flags & RB_JSON_PRETTY) || write_new_line(e)) && write_byte(e, close);
}

/* Whether the keys of the table at `index` are 1..n in some order; reports what they are if not. */
bool has_array_keys(encoder &e, int index) {
    lua_Integer count = 0, largest = 0;
    bool strings = false, others = false;
    lua_pushnil(e.L);
    while (lua_next(e.L, index)) {
        lua_pop(e.L, 1);
        lua_Integer key = lua_isinteger(e.L, -1) ? lua_tointeger(e.L, -1) : 0;
        if (lua_type(e.L, -1) == LUA_TSTRING) {
            strings = true;
        } else if (key < 1) {
            others = true;
        } else {
            count++;
            largest = std::max(largest, key);
        }
    }
    place &here = e.places[e.depth - 1];
    here.key = nullptr;
    here.index = 0;
    if (others) return fail(e, "has keys that JSON cannot hold: they must be strings, or the numbers 1 to n");
    if (strings && count) {
        return fail(e, "has both strings and numbers as keys: JSON has objects and arrays, nothing between");
    }
    if (strings) return fail(e, "is an array but has strings as keys");
    if (largest == count) return true;
    for (here.index = 1; lua_rawgeti(e.L, index, here.index) != LUA_TNIL; here.index++) lua_pop(e.L, 1);
    lua_pop(e.L, 1);
    char what[128];
    std::snprintf(what, sizeof what,
                  "is nil, but %lld is a key too: put null in an array's holes, or make the keys strings with tostring",
                  static_cast<long long>(largest));
    return fail(e, what);
}

/* The first key and its value are on the stack. */
bool write_array(encoder &e, int index) {
    if (!write_byte(e, '[')) return false;
    place &here = e.places[e.depth - 1];
    /* Lua's traversal meets the elements in order unless the table was filled in another one. */
    do {
        if (!lua_isinteger(e.L, -2) || lua_tointeger(e.L, -2) != here.index + 1) {
            lua_Integer next = here.index + 1;
            if (!has_array_keys(e, index)) return false;
            for (here.index = next; lua_rawgeti(e.L, index, here.index) != LUA_TNIL; here.index++) {
                if (!write_separator(e, here.index == 1) || !write_value(e)) return false;
                lua_pop(e.L, 1);
            }
            break;
        }
        here.index++;
        if (!write_separator(e, here.index == 1) || !write_value(e)) return false;
        lua_pop(e.L, 1);
    } while (lua_next(e.L, index));
    return write_end(e, ']');
}

/* MARK: Objects */

/* What one object with very many members has made is given back. */
constexpr size_t kept_members = 4096;

/* How many of an object's tables may wait on the stack for their turn. */
constexpr int waiting_tables = 12;

/* The next free member of the codec's stack; NULL without memory. */
inline member *add_member(encoder &e) {
    member_stack &members = e.codec->members;
    if (members.count == members.capacity) {
        size_t capacity = members.capacity ? members.capacity * 2 : 64, more = capacity - members.capacity;
        bool counted = rb::take(e.codec, more * sizeof(member));
        auto *items = counted ? static_cast<member *>(std::realloc(members.items, capacity * sizeof(member))) : nullptr;
        if (!items) {
            if (counted) rb::give(e.codec, more * sizeof(member));
            e.codec->starved = true;
            fail_without_memory(e);
            return nullptr;
        }
        members.items = items;
        members.capacity = capacity;
    }
    return &members.items[members.count++];
}

bool comes_before(const member &one, const member &other) {
    int order = std::memcmp(one.key, other.key, std::min(one.key_length, other.key_length));
    return order != 0 ? order < 0 : one.key_length < other.key_length;
}

bool is_reserved(const member &m) {
    return m.key_length == secret_key_length && std::memcmp(m.key, secret_key, m.key_length) == 0;
}

/* Notes the value at the stack's top. */
void note_value(encoder &e, member &m) {
    lua_State *L = e.L;
    int type = lua_type(L, -1);
    m.kind = member_kind::unwritable;
    m.type = type;
    switch (type) {
    case LUA_TNIL: m.kind = member_kind::null; break;
    case LUA_TBOOLEAN: m.kind = lua_toboolean(L, -1) ? member_kind::yes : member_kind::no; break;
    case LUA_TTABLE:
        m.kind = member_kind::table;
        m.slot = 0;
        break;
    case LUA_TSTRING:
        m.kind = member_kind::string;
        m.string = lua_tolstring(L, -1, &m.length);
        break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, -1)) {
            m.kind = member_kind::integer;
            m.integer = lua_tointeger(L, -1);
        } else {
            m.kind = member_kind::number;
            m.number = lua_tonumber(L, -1);
        }
        break;
    case LUA_TLIGHTUSERDATA:
        if (!lua_touserdata(L, -1)) m.kind = member_kind::null;
        break;
    case LUA_TUSERDATA:
        if (const rb_secret *secret = to_secret(e)) {
            m.kind = member_kind::secret;
            m.integer = secret->number;
        }
        break;
    }
}

/* Writes the value of a member of the table at `index`. Writing a table may move the members: `m` is read before. */
bool write_noted(encoder &e, int index, const member &m) {
    switch (m.kind) {
    case member_kind::null: return write(e, "null", 4);
    case member_kind::no: return write(e, "false", 5);
    case member_kind::yes: return write(e, "true", 4);
    case member_kind::integer: return write_integer(e, m.integer);
    case member_kind::number: return write_number(e, m.number);
    case member_kind::string: return write_text(e, m.string, m.length);
    case member_kind::secret: return write_secret(e, static_cast<uint32_t>(m.integer));
    case member_kind::unwritable: return fail_type(e, m.type);
    case member_kind::table: break;
    }
    if (m.slot) return write_table(e, m.slot);
    lua_pushlstring(e.L, m.key, m.key_length);
    lua_rawget(e.L, index);
    if (!write_table(e, lua_gettop(e.L))) return false;
    lua_pop(e.L, 1);
    return true;
}

/* Where the shapes of objects whose first key is this one may be. */
size_t shape_home(const void *first) {
    return static_cast<size_t>(reinterpret_cast<uintptr_t>(first) * 0x9E3779B97F4A7C15u >> 32);
}

/* A shape that has, or at least begins with, the keys of these members; NULL if there is none. */
shape *find_shape(encoder &e, const member *members, size_t count, bool whole) {
    size_t home = shape_home(members[0].identity);
    for (size_t probe = 0; probe < shape_probes; probe++) {
        shape &shape = e.codec->shapes[(home + probe) % shapes];
        if (whole ? shape.count != count : shape.count < count) continue;
        size_t same = 0;
        while (same < count && shape.identities[same] == members[same].identity) same++;
        if (same == count) return &shape;
    }
    return nullptr;
}

/* A place for a new shape: a free one, else one that was not needed lately; NULL if objects are written with all. */
shape *free_shape(encoder &e, const void *first) {
    size_t home = shape_home(first);
    shape *found = nullptr;
    for (size_t probe = 0; probe < shape_probes; probe++) {
        shape &shape = e.codec->shapes[(home + probe) % shapes];
        if (shape.count == 0) return &shape;
        bool is_stale = shape.encoding != e.codec->encodings;
        if (is_stale ? !found || found->encoding == e.codec->encodings : !found && shape.users == 0) found = &shape;
    }
    return found;
}

/* Pushes the table that keeps the shapes' keys. A state that has none has made none of the shapes. */
void push_kept_keys(encoder &e) {
    if (lua_rawgetp(e.L, LUA_REGISTRYINDEX, e.codec) == LUA_TTABLE) return;
    lua_pop(e.L, 1);
    for (shape &shape : e.codec->shapes) shape.count = 0;
    lua_createtable(e.L, shapes, 0);
    lua_pushvalue(e.L, -1);
    lua_rawsetp(e.L, LUA_REGISTRYINDEX, e.codec);
}

/* Keeps the keys of the table at `index` for the shape. */
void keep_keys(encoder &e, const shape &shape, int index) {
    lua_State *L = e.L;
    push_kept_keys(e);
    lua_createtable(L, static_cast<int>(shape_members), 0);
    lua_Integer count = 0;
    for (lua_pushnil(L); lua_next(L, index);) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, ++count);
    }
    lua_rawseti(L, -2, &shape - e.codec->shapes + 1);
    lua_pop(L, 1);
}

/* The host takes each value for one of its own, which is far larger than its text. */
bool count_values(encoder &e, size_t more) {
    e.values += more;
    return !(e.flags & RB_JSON_SECRETS) || e.values <= RB_JSON_VALUES || fail(e, too_many);
}

/* Notes the members of the table at `index`, whose first key and value are on the stack, and finds the shape that they
   have, if it is known. */
bool note_members(encoder &e, int index, shape *&shape) {
    size_t base = e.codec->members.count, count = 0;
    int waiting = 0;
    shape = nullptr;
    do {
        if (!count_values(e, 1)) return false;
        member *m = add_member(e);
        if (!m) return false;
        m->identity = lua_topointer(e.L, -2);
        if (!shape || count >= shape->count || shape->identities[count] != m->identity) {
            if (lua_type(e.L, -2) != LUA_TSTRING) {
                has_array_keys(e, index); /* which it has not: this reports what it has */
                return false;
            }
            if (count == 0 || shape) shape = find_shape(e, e.codec->members.items + base, count + 1, false);
        }
        if (shape) {
            m->key = shape->keys[count];
            m->key_length = shape->lengths[count];
        } else {
            m->key = lua_tolstring(e.L, -2, &m->key_length);
        }
        count++;
        note_value(e, *m);
        if (m->kind == member_kind::table && waiting < waiting_tables) {
            waiting++;
            lua_insert(e.L, -2);
            m->slot = lua_gettop(e.L) - 1;
        } else {
            lua_pop(e.L, 1);
        }
    } while (lua_next(e.L, index));
    /* The shape may have more keys than these. */
    if (shape && shape->count != count) shape = find_shape(e, e.codec->members.items + base, count, true);
    return true;
}

/* Makes a shape of the members from `base` on, those of the table at `index`. False if they do not fit one, or their
   keys must not be written. */
bool make_shape(encoder &e, shape &shape, int index, size_t base) {
    const member *members = e.codec->members.items + base;
    size_t count = e.codec->members.count - base;
    if (count > shape_members) return false;
    shape.count = 0; /* half of one is none */
    for (size_t at = 0; at < count; at++) {
        size_t place = at;
        for (; place > 0 && comes_before(members[at], members[shape.order[place - 1]]); place--) {
            shape.order[place] = shape.order[place - 1];
        }
        shape.order[place] = static_cast<uint8_t>(at);
        shape.identities[at] = members[at].identity;
        shape.keys[at] = members[at].key;
        shape.lengths[at] = members[at].key_length;
    }
    char *to = shape.text;
    for (size_t at = 0; at < count; at++) {
        const member &m = members[shape.order[at]];
        size_t left = static_cast<size_t>(shape.text + shape_text - to);
        if (is_reserved(m) || m.key_length > shape_key || 6 * m.key_length + 4 > left) return false;
        if (at > 0) *to++ = ',';
        *to++ = '"';
        to = write_escaped(to, m.key, m.key_length);
        *to++ = '"';
        *to++ = ':';
        shape.ends[at] = static_cast<uint16_t>(to - shape.text);
    }
    if (!simdjson::validate_utf8(shape.text, static_cast<size_t>(to - shape.text))) return false;
    keep_keys(e, shape, index);
    shape.count = count;
    return true;
}

/* Writes the members from `base` on. */
bool write_shaped(encoder &e, int index, shape &shape, size_t base) {
    place &here = e.places[e.depth - 1];
    size_t start = 0;
    if (shape.encoding != e.codec->encodings) {
        shape.encoding = e.codec->encodings;
        shape.users = 0;
    }
    shape.users++;
    for (size_t at = 0; at < shape.count; at++) {
        const member &m = e.codec->members.items[base + shape.order[at]];
        here.key = m.key;
        here.key_length = m.key_length;
        size_t length = shape.ends[at] - start;
        char *to = room(e, length + shape_step);
        if (!to) return false;
        /* In steps of a fixed size, beyond the end: quicker than a call for a few bytes. */
        for (size_t step = 0; step < length; step += shape_step) {
            std::memcpy(to + step, shape.text + start + step, shape_step);
        }
        advance(e, to + length);
        start = shape.ends[at];
        if (!write_noted(e, index, m)) return false;
    }
    shape.users--;
    return true;
}

bool write_unshaped(encoder &e, int index, size_t base) {
    member_stack &members = e.codec->members;
    place &here = e.places[e.depth - 1];
    std::sort(members.items + base, members.items + members.count,
              [](const member &one, const member &other) { return comes_before(one, other); });
    size_t end = members.count;
    for (size_t at = base; at < end; at++) {
        const member &m = members.items[at];
        here.key = m.key;
        here.key_length = m.key_length;
        if (is_reserved(m)) return fail(e, "has a reserved name: it would be taken for a secret");
        if (!write_separator(e, at == base)) return false;
        text_outcome outcome = write_string(e, m.key, m.key_length);
        if (outcome == text_outcome::not_text) return fail(e, "has a name that is not UTF-8: JSON is text");
        if (outcome != text_outcome::written || !write(e, ": ", e.flags & RB_JSON_PRETTY ? 2 : 1)) return false;
        if (!write_noted(e, index, m)) return false;
    }
    return true;
}

/* The first key and its value are on the stack. */
bool write_object(encoder &e, int index) {
    size_t base = e.codec->members.count;
    shape *shape;
    if (!e.knows_shapes) {
        push_kept_keys(e);
        lua_pop(e.L, 1);
        e.knows_shapes = true;
    }
    if (!note_members(e, index, shape) || !write_byte(e, '{')) return false;
    if (e.flags & RB_JSON_PRETTY) {
        shape = nullptr;
    } else if (!shape) {
        shape = free_shape(e, e.codec->members.items[base].identity);
        if (shape && !make_shape(e, *shape, index, base)) shape = nullptr;
    }
    if (!(shape ? write_shaped(e, index, *shape, base) : write_unshaped(e, index, base))) return false;
    e.codec->members.count = base;
    return write_end(e, '}');
}

/* MARK: Values */

/* The table at `index`. After a failure more may be left on the stack; it is cleared in the end. */
bool write_table(encoder &e, int index) {
    lua_State *L = e.L;
    const void *table = lua_topointer(L, index);
    for (int level = 0; level < e.depth; level++) {
        if (e.places[level].table == table) return fail_cycle(e, level);
    }
    if (e.depth == RB_JSON_DEPTH) return fail(e, too_deep);
    if (!lua_checkstack(L, waiting_tables + LUA_MINSTACK)) {
        return fail(e, no_stack);
    }
    bool is_array = false;
    if (lua_getmetatable(L, index)) {
        is_array = lua_topointer(L, -1) == metatable(e, e.arrays, RB_ARRAY_METATABLE);
        lua_pop(L, 1);
    }
    int top = lua_gettop(L);
    lua_pushnil(L);
    if (!lua_next(L, index)) return write(e, "[]", 2);
    e.places[e.depth++] = {table, nullptr, 0, 0};
    bool is_object = !is_array && lua_type(L, -2) == LUA_TSTRING;
    if (!count_values(e, is_object ? 1 : lua_rawlen(L, index))) return false;
    if (!(is_object ? write_object(e, index) : write_array(e, index))) return false;
    lua_settop(L, top);
    return true;
}

/* The value at the stack's top; leaves it there. */
bool write_value(encoder &e) {
    if (lua_type(e.L, -1) == LUA_TTABLE) return write_table(e, lua_gettop(e.L));
    member m;
    note_value(e, m);
    return write_noted(e, 0, m);
}

} // namespace

bool rb_json_encode_may_raise(lua_State *L, rb_json *codec, int index, const char *root, unsigned flags,
                              rb_buffer *out, char error[RB_JSON_ERROR_MAX]) {
    int top = lua_gettop(L);
    index = lua_absindex(L, index);
    encoder e;
    e.L = L;
    e.codec = codec;
    e.flags = flags;
    e.out = out;
    e.root = root;
    e.error = error;
    e.depth = 0;
    e.values = 0;
    if (!lua_checkstack(L, LUA_MINSTACK)) return fail(e, no_stack);
    e.arrays = e.secrets = nullptr;
    e.knows_shapes = false;
    /* An error of Lua's may have ended the last encoding in the middle. */
    codec->members.count = 0;
    codec->encodings++;
    codec->starved = false;
    size_t before = out->length;
    lua_pushvalue(L, index);
    bool good = write_value(e);
    lua_settop(L, top);
    codec->members.count = 0;
    if (codec->members.capacity > kept_members) rb_json_give_back(codec);
    if (out->starved) codec->starved = true;
    if (!good) out->length = before;
    return good;
}
