#include "rb_json_codec.hpp"

#include "rb.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

/* MARK: The codec's life */

rb_json *rb_json_new(rb_account *account) {
    rb_json *codec = new (std::nothrow) rb_json;
    if (!codec) return nullptr;
    codec->account = account;
    codec->parser_size = 0;
    codec->parsing = codec->starved = false;
    codec->input = nullptr;
    codec->input_capacity = 0;
    codec->members = {};
    codec->encodings = 0;
    codec->handles = 0;
    std::memset(codec->shapes, 0, sizeof codec->shapes);
    return codec;
}

void rb_json_free(rb_json *codec) {
    if (!codec) return;
    /* An error of Lua's may have ended the last text in the middle. */
    codec->parsing = false;
    codec->members.count = 0;
    rb_json_give_back(codec);
    delete codec;
}

bool rb_json_give_back(rb_json *codec) {
    if (codec->parsing || codec->members.count > 0) return false;
    uint64_t size = codec->parser_size + codec->input_capacity + codec->members.capacity * sizeof(rb::member);
    std::free(codec->input);
    codec->input = nullptr;
    codec->input_capacity = 0;
    codec->parser = simdjson::dom::parser();
    codec->parser_size = 0;
    std::free(codec->members.items);
    codec->members = {};
    rb::give(codec, size);
    return size > 0;
}

bool rb_json_is_starved(const rb_json *codec) { return codec->starved; }

bool rb::take(rb_json *codec, uint64_t bytes) { return !codec->account || rb_account_take_any(codec->account, bytes); }

void rb::give(rb_json *codec, uint64_t bytes) {
    if (codec->account) rb_account_give(codec->account, bytes);
}

void rb::report(char error[RB_JSON_ERROR_MAX], const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = std::vsnprintf(error, RB_JSON_ERROR_MAX, format, arguments);
    va_end(arguments);
    if (length < RB_JSON_ERROR_MAX) return;
    size_t end = RB_JSON_ERROR_MAX - 4; /* room for an ellipsis */
    while (end > 0 && (static_cast<uint8_t>(error[end]) & 0xC0) == 0x80) end--;
    std::memcpy(error + end, "…", sizeof "…");
}

/* MARK: Metatables */

static int secret_to_string(lua_State *L) {
    lua_pushliteral(L, "‹secret›");
    return 1;
}

void rb_json_open_may_raise(lua_State *L) {
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "array");
    lua_setfield(L, -2, "__metatable");
    lua_setfield(L, LUA_REGISTRYINDEX, RB_ARRAY_METATABLE);

    lua_createtable(L, 0, 3);
    lua_pushliteral(L, "secret");
    lua_setfield(L, -2, "__name");
    lua_pushliteral(L, "secret");
    lua_setfield(L, -2, "__metatable");
    lua_pushcfunction(L, secret_to_string);
    lua_setfield(L, -2, "__tostring");
    lua_setfield(L, LUA_REGISTRYINDEX, RB_SECRET_METATABLE);
}

/* MARK: There and back */

namespace {

struct round_trip {
    rb_json *codec;
    const char *json;
    size_t length;
    unsigned flags;
    rb_buffer *out;
    char *error; /* empty while all is well */
};

int round_trip_may_raise(lua_State *L) {
    auto *trip = static_cast<round_trip *>(lua_touserdata(L, 1));
    rb_json_open_may_raise(L);
    int values =
        rb_json_decode_may_raise(L, trip->codec, trip->json, trip->length, trip->flags & ~RB_JSON_PRETTY, trip->error);
    for (int value = 1; value <= values; value++) {
        if (value > 1) rb_buffer_append_byte(trip->out, '\n');
        if (!rb_json_encode_may_raise(L, trip->codec, -1 - values + value, value == 1 ? "value" : "page", trip->flags,
                                      trip->out, trip->error)) {
            break;
        }
    }
    return 0;
}

} // namespace

/* A page is written on a line of its own after the value. */
char *rb_json_roundtrip(const char *json, size_t json_length, unsigned flags, size_t *length, char **error) {
    char failure[RB_JSON_ERROR_MAX] = "";
    rb_buffer out = {};
    rb_json *codec = rb_json_new(nullptr);
    lua_State *L = luaL_newstate();
    if (codec && L) {
        round_trip trip = {codec, json, json_length, flags, &out, failure};
        lua_pushcfunction(L, round_trip_may_raise);
        lua_pushlightuserdata(L, &trip);
        if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
            const char *message = lua_tostring(L, -1);
            rb::report(failure, "%s", message ? message : "not enough memory");
        }
        rb_buffer_append_byte(&out, 0);
    } else {
        out.failed = true;
    }
    if (L) lua_close(L);
    rb_json_free(codec);
    if (out.failed && !failure[0]) rb::report(failure, "not enough memory");
    if (failure[0]) {
        rb_buffer_free(&out);
        *error = strdup(failure);
        return nullptr;
    }
    *length = out.length - 1;
    return reinterpret_cast<char *>(out.bytes);
}
