/*
 * Lua values to JSON. The input is a small program for a stack machine that builds values of every kind, also those
 * that no JSON can hold, with little memory. The encoder refuses a value and says where, or it writes JSON which the
 * decoder takes and which, encoded again, is the same.
 */
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "check_json.h"
#include "rb_json_codec.hpp"

extern "C" {
#include <lualib.h>
}

namespace {

/* The bytes of the program that have not been read; zeros follow them. */
struct program {
    const uint8_t *at, *end;

    bool is_over() const { return at >= end; }
    uint8_t byte() { return is_over() ? 0 : *at++; }
    uint64_t word() {
        uint64_t word = 0;
        for (int i = 0; i < 8; i++) word |= static_cast<uint64_t>(byte()) << (8 * i);
        return word;
    }
    const char *bytes(size_t wanted, size_t &length) {
        length = wanted < static_cast<size_t>(end - at) ? wanted : static_cast<size_t>(end - at);
        const char *text = reinterpret_cast<const char *>(at);
        at += length;
        return text;
    }
};

/* Memory with a limit, as a machine's. */
struct budget {
    size_t left;
};

void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
    auto *memory = static_cast<budget *>(context);
    size_t before = block ? old_size : 0;
    if (new_size == 0) {
        std::free(block);
        memory->left += before;
        return nullptr;
    }
    if (new_size > before && new_size - before > memory->left) return nullptr;
    void *moved = std::realloc(block, new_size);
    if (moved) memory->left = memory->left + before - new_size;
    return moved;
}

constexpr int most_values = 60;

const char *const names[] = {"id", "login", "name", "email", "links", "$secret", "page", "resources", "a", "b",
                             "c\n", "\"", "end", "Ñandú", "a longer name that Lua does not share among its strings", ""};

int do_nothing(lua_State *) { return 0; }

/* Whether the value may be a key. */
bool is_key(lua_State *L, int index) {
    if (lua_isnil(L, index)) return false;
    return lua_type(L, index) != LUA_TNUMBER || lua_tonumber(L, index) == lua_tonumber(L, index);
}

void push_text(lua_State *L, program &code, uint8_t kind) {
    size_t length;
    if (kind & 1) {
        const char *text = code.bytes(code.byte(), length);
        lua_pushlstring(L, text, length);
    } else {
        lua_pushstring(L, names[code.byte() % 16]);
    }
}

/* One instruction. */
void run_may_raise(lua_State *L, program &code, int base) {
    uint8_t operation = code.byte();
    int height = lua_gettop(L) - base;
    bool room = height < most_values;
    if (room && operation < 0x60) {
        switch (operation % 16) {
        case 0: lua_pushnil(L); return;
        case 1: lua_pushboolean(L, operation & 16); return;
        case 2: lua_pushlightuserdata(L, operation & 16 ? &code : nullptr); return;
        case 3: lua_pushinteger(L, static_cast<int8_t>(code.byte())); return;
        case 4: lua_pushinteger(L, static_cast<lua_Integer>(code.word())); return;
        case 5: {
            uint64_t bits = code.word();
            double value;
            std::memcpy(&value, &bits, sizeof value);
            lua_pushnumber(L, value);
            return;
        }
        case 6:
        case 7: push_text(L, code, operation); return;
        case 8:
        case 9:
            lua_newtable(L);
            if (operation & 1) luaL_setmetatable(L, RB_ARRAY_METATABLE);
            return;
        case 10: {
            auto *secret = static_cast<rb_secret *>(lua_newuserdatauv(L, sizeof(rb_secret), 0));
            secret->number = code.byte() * 0x01010101u;
            if (operation & 16) luaL_setmetatable(L, RB_SECRET_METATABLE);
            return;
        }
        case 11: lua_pushcfunction(L, do_nothing); return;
        case 12: lua_newthread(L); return;
        default:
            if (height > 0) lua_pushvalue(L, base + 1 + code.byte() % height);
            else lua_newtable(L);
            return;
        }
    }
    int table = height > 1 ? lua_gettop(L) - 1 : 0;
    switch (operation % 8) {
    case 0: /* table key value → table */
        if (height > 2 && lua_istable(L, -3) && is_key(L, -2)) lua_rawset(L, -3);
        else if (height > 0) lua_pop(L, 1);
        return;
    case 1: /* table value → table, appended */
    case 2:
        if (table && lua_istable(L, table)) lua_rawseti(L, table, static_cast<lua_Integer>(lua_rawlen(L, table)) + 1);
        return;
    case 3: /* table value → table, under a name */
    case 4:
        if (table && lua_istable(L, table)) {
            push_text(L, code, operation);
            lua_insert(L, -2);
            lua_rawset(L, table);
        }
        return;
    case 5: /* value → nested in tables */
        for (int level = code.byte() % 70; height > 0 && level > 0; level--) {
            lua_newtable(L);
            lua_insert(L, -2);
            if (operation & 8) lua_setfield(L, -2, names[level % 16]);
            else lua_rawseti(L, -2, 1);
        }
        return;
    case 6: /* many members */
        if (height > 0 && lua_istable(L, -1)) {
            int count = code.byte() % 64;
            for (int i = 0; i < count; i++) {
                lua_pushinteger(L, i);
                if (operation & 8) {
                    lua_pushfstring(L, "%c%d", 'a' + (i * 7) % 26, i);
                    lua_insert(L, -2);
                    lua_rawset(L, -3);
                } else {
                    lua_rawseti(L, -2, operation & 16 ? i + 1 : count - i);
                }
            }
        }
        return;
    default: /* a metatable, or a value less */
        if (height > 0 && lua_istable(L, -1) && (operation & 8)) {
            lua_createtable(L, 0, 1);
            if (operation & 16) {
                lua_pushliteral(L, "k");
                lua_setfield(L, -2, "__mode");
            }
            lua_setmetatable(L, -2);
        } else if (height > 0) {
            lua_pop(L, 1);
        }
    }
}

struct trial {
    program code;
    rb_json *codec;
    rb_buffer *out;
    unsigned flags;
    rb_buffer again[2]; /* what was written for what was read; here, as an error of Lua's skips whoever would free them */
};

const char before[] = "before";
constexpr size_t before_length = sizeof before - 1;

void check_refusal(const rb_buffer *out, const char *error) {
    size_t length = strnlen(error, RB_JSON_ERROR_MAX);
    if (length == 0 || length == RB_JSON_ERROR_MAX) finding("refused without a reason");
    if (!simdjson::validate_utf8(error, length)) finding("the reason is not UTF-8: %s", error);
    if (std::strncmp(error, "value", 5) != 0 && std::strncmp(error, "not enough memory", 17) != 0) {
        finding("the path is missing: %s", error);
    }
    if (out->length != before_length) finding("something was written all the same: %s", error);
}

int try_may_raise(lua_State *L) {
    auto &t = *static_cast<trial *>(lua_touserdata(L, 1));
    char error[RB_JSON_ERROR_MAX] = "";
    if (!lua_checkstack(L, most_values + 200)) return 0; /* no memory for it */
    rb_json_open_may_raise(L);
    lua_pushnil(L);
    int base = lua_gettop(L);
    while (!t.code.is_over()) run_may_raise(L, t.code, base);
    int height = lua_gettop(L);
    bool written = rb_json_encode_may_raise(L, t.codec, -1, "value", t.flags, t.out, error);
    if (lua_gettop(L) != height) finding("the encoder leaves values on the stack");
    if (!written) {
        check_refusal(t.out, error);
        return 0;
    }
    if (t.out->failed || t.out->length <= before_length || std::memcmp(t.out->bytes, before, before_length) != 0) {
        finding("what stood before is gone");
    }
    const char *text = reinterpret_cast<const char *>(t.out->bytes) + before_length;
    size_t length = t.out->length - before_length;
    if (const char *problem = json_problem(text, length)) {
        finding("wrote what is not JSON (%s): %.*s", problem, static_cast<int>(length), text);
    }
    /* Once read, members that are null are gone: from then on nothing changes. */
    for (int round = 0; round < 2; round++) {
        if (rb_json_decode_may_raise(L, t.codec, text, length, t.flags & RB_JSON_SECRETS, error) != 1) {
            if (std::strncmp(error, "not JSON", 8) != 0) break;
            finding("does not take what it wrote: %s: %.*s", error, static_cast<int>(length), text);
        }
        rb_buffer &again = t.again[round];
        if (!rb_json_encode_may_raise(L, t.codec, -1, "value", t.flags, &again, error)) {
            if (rb_json_is_starved(t.codec)) break;
            finding("refuses what it decoded: %s", error);
        }
        bool same = again.length == length && std::memcmp(again.bytes, text, length) == 0;
        if (round == 1 && !same) finding("wrote %.*s, then something else", static_cast<int>(length), text);
        text = reinterpret_cast<const char *>(again.bytes);
        length = again.length;
    }
    return 0;
}

} // namespace

/* The first byte holds the encoder's flags, whether its output has a limit and whether its memory is counted; the second
   how much memory there is. */
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    rb_buffer out = {};
    unsigned choice = data[0], memory = data[1];
    if (choice & 4) out.limit = before_length + (choice & 3) * 40;
    budget left = {memory < 128 ? 16u << 20 : 8192u + 512u * (memory - 128)};
    rb_account account = {};
    account.limit = left.left;
    if (choice & 32) out.account = &account;
    rb_buffer_append_text(&out, before);
    if (out.failed) finding("there is no room for a few bytes");
    trial t = {{data + 2, data + size}, rb_json_new(out.account), &out, choice & (RB_JSON_SECRETS | RB_JSON_PRETTY), {}};
    lua_State *L = lua_newstate(allocate, &left);
    if (L) {
        lua_pushcfunction(L, try_may_raise);
        lua_pushlightuserdata(L, &t);
        int status = lua_pcall(L, 1, 0, 0);
        if (status != LUA_OK && status != LUA_ERRMEM) {
            const char *message = lua_tostring(L, -1);
            finding("an error was raised: %s", message ? message : "no text");
        }
        lua_close(L);
    }
    rb_json_free(t.codec);
    for (rb_buffer &again : t.again) rb_buffer_free(&again);
    rb_buffer_free(&out);
    if (account.used != 0) finding("%zu bytes are still counted", static_cast<size_t>(account.used));
    return 0;
}
