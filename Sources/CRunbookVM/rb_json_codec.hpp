/*
 * What the two halves of the JSON codec share. Lua raises errors with longjmp, which skips destructors: whatever must
 * survive one lives in the codec object, and no frame that calls Lua holds an object with a destructor.
 */
#ifndef RB_JSON_CODEC_HPP
#define RB_JSON_CODEC_HPP

#include <cstdarg>
#include <cstddef>
#include <cstdint>

/* Errors come as codes: an exception could not cross the C frames above. */
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

extern "C" {
#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
}

#include "rb_json.h"

struct rb_json;

namespace rb {

/* The one member of an object that stands for a secret. */
inline constexpr char secret_key[] = "$secret";
inline constexpr size_t secret_key_length = sizeof secret_key - 1;

/* A text seen in this document, and the stack slot that holds its Lua string. */
struct seen_text {
    uint64_t hash;      /* of the text in the slot; 0: none */
    uint64_t candidate; /* of the last other text that fell on this slot: it moves in when it comes a second time */
    const char *text;   /* in the parser's string buffer */
};

/* How an object's member is to be written. */
enum class member_kind : uint8_t { null, no, yes, integer, number, string, table, secret, unwritable };

/* A member of an object that is being encoded. Strings and keys are anchored by the table that holds them. */
struct member {
    const void *identity; /* of the key's string object */
    const char *key;
    size_t key_length;
    union {
        lua_Integer integer;
        lua_Number number;
        const char *string;
        int slot; /* the stack index of a table; 0: it is to be fetched by its key */
        int type; /* of an unwritable value */
    };
    size_t length; /* of `string` */
    member_kind kind;
};

/* A stack of members: each object being written holds the topmost run of them. */
struct member_stack {
    member *items;
    size_t count;
    size_t capacity;
};

inline constexpr size_t shape_members = 16;
inline constexpr size_t shape_key = 40; /* Lua has longer texts more than once: they stand in other places each time */
inline constexpr size_t shape_text = 256;
inline constexpr size_t shape_step = 16; /* how many bytes of a shape's text are copied at once */

/* The keys of an object that has been written, sorted and as text, for the next object that has the same ones. A table
   in the registry keeps the keys, so that no other string can stand where one of them stood. */
struct shape {
    size_t count;      /* 0: there is none here */
    uint64_t encoding; /* the number of the last one that it was used in */
    int users;         /* objects being written with it in that one: it must not be made anew meanwhile */
    const void *identities[shape_members]; /* as Lua's traversal meets them */
    const char *keys[shape_members];
    size_t lengths[shape_members];
    uint8_t order[shape_members]; /* sorted: which of them comes when */
    uint16_t ends[shape_members]; /* sorted: where the key's text (`,"key":`) ends */
    char text[shape_text + shape_step];
};

inline constexpr size_t shapes = 32;
inline constexpr size_t shape_probes = 8; /* how many places one shape may be in */
inline constexpr size_t seen_keys = 256;
inline constexpr size_t seen_values = 512;

/* Writes a line into `error`, cut at its size without splitting a character. */
void report(char error[RB_JSON_ERROR_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Counts memory that is about to be taken, or says that it must not be. */
bool take(rb_json *codec, uint64_t bytes);
void give(rb_json *codec, uint64_t bytes);

/* The line and column (in characters, from 1) where a text stops to be JSON, and why. */
struct fault {
    size_t line;
    size_t column;
    const char *why;
};

/* Finds the first fault by the grammar of RFC 8259; `why` is NULL if there is none. */
fault find_fault(const uint8_t *bytes, size_t length, int depth);

} // namespace rb

struct rb_json {
    simdjson::dom::parser parser;
    rb_account *account;  /* where its memory counts; null for nowhere */
    uint64_t parser_size; /* of the parser's memory that is counted */
    bool parsing;         /* the parser's memory is in use */
    bool starved;         /* the last failure was one of memory */
    uint8_t *input;       /* the text with the padding that the parser reads beyond it */
    size_t input_capacity;
    rb::seen_text keys[rb::seen_keys];
    rb::seen_text values[rb::seen_values];
    rb::member_stack members;
    uint64_t encodings; /* how many there have been */
    uint32_t handles;   /* on secrets, that were made */
    rb::shape shapes[rb::shapes];
};

#endif
