/*
 * How quick the JSON codec is, or lua-cjson: json CONTESTANT decode|encode FILE GOES
 *
 * The contestants are codec, codec-without-links and lua-cjson. Prints the seconds that one go took, of so many on the
 * text in the file or on what it stands for. One contestant in one process: none runs in memory that another has left.
 */
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include <lua.hpp>

extern "C" {
#include "rb_heap.h"
}
#include "rb_buffer.h"
#include "rb_json.h"

namespace {

[[noreturn]] void die(const char *what, const char *why) {
    std::fprintf(stderr, "json: %s: %s\n", what, why);
    std::exit(1);
}

/* The memory of the machine, which the codec works in; lua-cjson works in that of plain Lua. */
struct machine_memory {
    rb_account account = {};
    rb_heap heap = {};

    machine_memory() {
        account.limit = UINT64_MAX;
        heap.account = &account;
    }

    static void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
        rb_heap *heap = &static_cast<machine_memory *>(context)->heap;
        if (new_size == 0) {
            if (block) rb_heap_free(heap, block, old_size);
            return nullptr;
        }
        if (block) return rb_heap_resize(heap, block, old_size, new_size);
        bool is_object = old_size == LUA_TTABLE || old_size == LUA_TFUNCTION || old_size == LUA_TTHREAD;
        return rb_heap_allocate(heap, new_size, is_object ? RB_BLOCK_OBJECT : RB_BLOCK_PLAIN);
    }
};

struct codec_contestant {
    lua_State *L;
    unsigned flags;
    rb_json *codec = rb_json_new(nullptr);
    rb_buffer out = {};
    char error[RB_JSON_ERROR_MAX] = "";

    codec_contestant(lua_State *L, unsigned flags) : L(L), flags(flags) {
        if (!codec) die("cannot start", "not enough memory");
        rb_json_open_may_raise(L);
    }

    /* Pushes what the text stands for. */
    void decode(const std::string &text) {
        if (!rb_json_decode_may_raise(L, codec, text.data(), text.size(), flags, error)) die("decode", error);
    }

    /* Encodes the value on top. */
    void encode() {
        rb_buffer_clear(&out);
        if (!rb_json_encode_may_raise(L, codec, -1, "page", 0, &out, error)) die("encode", error);
    }
};

struct cjson_contestant {
    lua_State *L;

    explicit cjson_contestant(lua_State *L) : L(L) {
        lua_getglobal(L, "require");
        lua_pushliteral(L, "cjson");
        if (lua_pcall(L, 1, 1, 0) != LUA_OK) die("cannot load lua-cjson", lua_tostring(L, -1));
        lua_getfield(L, -1, "decode");
        lua_setglobal(L, "cjson_decode");
        lua_getfield(L, -1, "encode");
        lua_setglobal(L, "cjson_encode");
        lua_pop(L, 1);
    }

    void call(const char *function) {
        if (lua_pcall(L, 1, 1, 0) != LUA_OK) die(function, lua_tostring(L, -1));
    }

    void decode(const std::string &text) {
        lua_getglobal(L, "cjson_decode");
        lua_pushlstring(L, text.data(), text.size());
        call("decode");
    }

    void encode() {
        lua_getglobal(L, "cjson_encode");
        lua_pushvalue(L, -2);
        call("encode");
    }
};

/* Seconds for one go. */
template <typename T>
double measure(lua_State *L, T &&contestant, const std::string &text, bool encodes, int goes) {
    if (encodes) contestant.decode(text);
    lua_gc(L, LUA_GCCOLLECT);
    int top = lua_gettop(L);
    auto start = std::chrono::steady_clock::now();
    for (int go = 0; go < goes; go++) {
        if (encodes) contestant.encode();
        else contestant.decode(text);
        lua_settop(L, top);
    }
    std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    return taken.count() / goes;
}

} // namespace

int main(int count, char **arguments) {
    if (count != 5) die("usage", "json CONTESTANT decode|encode FILE GOES");
    std::string who = arguments[1], task = arguments[2];
    std::ifstream file(arguments[3], std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    int goes = std::atoi(arguments[4]);
    if (text.empty()) die(arguments[3], "there is nothing to read");
    if (goes < 1 || (task != "decode" && task != "encode")) die("usage", "json CONTESTANT decode|encode FILE GOES");
    machine_memory memory;
    lua_State *L = who == "lua-cjson" ? luaL_newstate() : lua_newstate(machine_memory::allocate, &memory);
    if (!L) die("cannot start", "not enough memory");
    luaL_openlibs(L);
    double seconds = 0;
    bool encodes = task == "encode";
    if (who == "codec") seconds = measure(L, codec_contestant(L, 0), text, encodes, goes);
    else if (who == "codec-without-links")
        seconds = measure(L, codec_contestant(L, RB_JSON_DROP_LINKS), text, encodes, goes);
    else if (who == "lua-cjson") seconds = measure(L, cjson_contestant(L), text, encodes, goes);
    else die("no such contestant", arguments[1]);
    std::printf("%.9g\n", seconds);
    return 0;
}
