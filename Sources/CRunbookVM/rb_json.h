/*
 * The JSON codec: reply bytes become Lua tables directly, arguments become JSON directly.
 *
 * Decoding: arrays get the metatable of registry key RB_ARRAY_METATABLE (also empty ones); `null` is absent in an
 * object, and the `null` constant (light userdata NULL) in an array or alone; integers that fit 64 bits stay
 * integers. Tables are made once, at their exact size; the collector is stopped meanwhile. Nesting up to
 * RB_JSON_DEPTH. Refused: whatever RFC 8259 refuses, lone surrogates, invalid UTF-8.
 *
 * Encoding: object keys are written sorted by their bytes, so equal values have equal text. Refused, with the path of
 * the culprit (`user.tags[3]`): strings that are not UTF-8, cycles, nesting over RB_JSON_DEPTH, NaN and infinity,
 * functions, threads and userdata other than `null` and secrets, arrays with holes, keys that are neither all strings
 * nor 1..n, and the reserved key "$secret". An empty table is written `[]`.
 */
#ifndef RB_JSON_H
#define RB_JSON_H

#include <lua5.4/lua.h>

#include "rb_buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RB_JSON_DEPTH 64
#define RB_JSON_VALUES 500000 /* of what goes to the host (RB_JSON_SECRETS) in one text */
#define RB_JSON_ERROR_MAX 256
#define RB_ARRAY_METATABLE "rb.array"
#define RB_SECRET_METATABLE "rb.secret"

enum rb_json_flags {
    RB_JSON_DROP_LINKS = 1, /* decode: leave out every object's member `links` */
    RB_JSON_RESOURCES = 2,  /* decode: of the top object push only `resources`, an empty array if absent or null */
    RB_JSON_PAGE = 4,       /* decode: push a second value, the top object's `page`, an empty table if absent */
    RB_JSON_SECRETS = 8,    /* both ways: {"$secret":N} is a secret handle; else decoding takes it as an object, encoding refuses */
    RB_JSON_PRETTY = 16     /* encode: over several lines, two spaces a level */
};

/* The opaque value a script holds in place of a password: full userdata with metatable RB_SECRET_METATABLE. */
typedef struct rb_secret {
    uint32_t number; /* the host's number for it; the text never enters the machine */
    uint32_t handle; /* which of the handles that were made it is: those of one secret are values of their own */
} rb_secret;

/* A parser that is used again and again, and the encoder's scratch memory. */
typedef struct rb_json rb_json;

rb_json *rb_json_new(rb_account *account); /* which may be NULL; NULL without memory */
void rb_json_free(rb_json *codec);

/* Frees what is kept for the next text only; whether there was any. Not in the midst of a text. */
bool rb_json_give_back(rb_json *codec);

/* Whether the last failure was that memory, or the account, is used up. */
bool rb_json_is_starved(const rb_json *codec);

/* Creates the two metatables in the registry (the array's has `__metatable = "array"`, the secret's `__tostring` gives
   "‹secret›", `__name = "secret"`, `__metatable = "secret"`). */
void rb_json_open_may_raise(lua_State *L);

/* Pushes the value (and the page, with RB_JSON_PAGE) and returns how many values it pushed; or pushes nothing, writes
   one line into `error` and returns 0. Raises only when Lua's memory is exhausted, and leaks nothing when it does. */
int rb_json_decode_may_raise(lua_State *L, rb_json *codec, const char *bytes, size_t length, unsigned flags,
                             char error[RB_JSON_ERROR_MAX]);

/* Appends the text of the value at `index`; or writes one line that names the culprit's path, starting with `root`,
   into `error` and returns false. Calls no metamethod. Raises only when Lua's memory is exhausted. */
bool rb_json_encode_may_raise(lua_State *L, rb_json *codec, int index, const char *root, unsigned flags,
                              rb_buffer *out, char error[RB_JSON_ERROR_MAX]);

#ifdef __cplusplus
}
#endif
#endif
