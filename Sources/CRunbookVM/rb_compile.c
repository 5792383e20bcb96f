/* Compiling without running: syntax checks, and bytecode for the analysis of globals. */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "rb_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct rb_compilation {
    const char *name, *source;
    size_t length;
    rb_buffer bytecode;
} rb_compilation;

static int write_bytecode(lua_State *L, const void *bytes, size_t length, void *context) {
    (void)L;
    rb_buffer *out = context;
    rb_buffer_append(out, bytes, length);
    return out->failed;
}

static int compile_may_raise(lua_State *L) {
    rb_compilation *compilation = lua_touserdata(L, 1);
    lua_pushfstring(L, "@%s", compilation->name);
    if (luaL_loadbufferx(L, compilation->source, compilation->length, lua_tostring(L, -1), "t") != LUA_OK) return lua_error(L);
    if (lua_dump(L, write_bytecode, &compilation->bytecode, 0) != 0) return luaL_error(L, "not enough memory");
    return 0;
}

uint8_t *rb_compile(const char *name, const char *source, size_t source_length, size_t *length, char **error) {
    rb_compilation compilation = {name, source, source_length, {0}};
    *error = NULL;
    *length = 0;
    lua_State *L = luaL_newstate();
    if (!L) {
        *error = strdup("not enough memory");
        return NULL;
    }
    lua_pushcfunction(L, compile_may_raise);
    lua_pushlightuserdata(L, &compilation);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
        const char *text = lua_tostring(L, -1);
        *error = strdup(text ? text : "syntax error");
        rb_buffer_free(&compilation.bytecode);
    } else {
        *length = compilation.bytecode.length;
    }
    lua_close(L);
    return compilation.bytecode.bytes;
}

void rb_free(void *pointer) { free(pointer); }
