/* What the parts of the encoder share. */
#ifndef RB_JSON_ENCODER_HPP
#define RB_JSON_ENCODER_HPP

#include <cstring>

#include "rb_json_codec.hpp"

namespace rb {

/* A table being written, and where in it the writing is: together they are the path. */
struct place {
    const void *table;
    const char *key; /* NULL: at an element, not a member */
    size_t key_length;
    lua_Integer index; /* 0: at no element yet */
};

struct encoder {
    lua_State *L;
    rb_json *codec;
    unsigned flags;
    rb_buffer *out;
    const void *arrays;  /* the arrays' metatable; NULL: not looked up yet */
    const void *secrets; /* the secrets' */
    bool knows_shapes;   /* the codec's shapes are those of this state */
    const char *root;
    char *error;
    size_t values; /* written so far */
    int depth; /* how many places are in use */
    place places[RB_JSON_DEPTH];
};

/* Reports what is wrong with the value at the current place, and returns false. */
bool fail(encoder &e, const char *what);

/* Reports that the value at the current place is again the one that the first `depth` places lead to; returns false. */
bool fail_cycle(encoder &e, int depth);

bool fail_without_memory(encoder &e);

/* MARK: Bytes */

/* Where the next `extra` bytes go; NULL without memory. */
inline char *room(encoder &e, size_t extra) {
    rb_buffer *out = e.out;
    if (out->capacity - out->length < extra && !rb_buffer_reserve(out, extra)) {
        fail_without_memory(e);
        return nullptr;
    }
    return reinterpret_cast<char *>(out->bytes + out->length);
}

inline void advance(encoder &e, const char *end) {
    e.out->length = static_cast<size_t>(reinterpret_cast<const uint8_t *>(end) - e.out->bytes);
}

inline bool write(encoder &e, const char *bytes, size_t length) {
    char *to = room(e, length);
    if (!to) return false;
    std::memcpy(to, bytes, length);
    advance(e, to + length);
    return true;
}

inline bool write_byte(encoder &e, char byte) {
    char *to = room(e, 1);
    if (!to) return false;
    *to = byte;
    advance(e, to + 1);
    return true;
}

/* MARK: Strings and numbers */

enum class text_outcome { written, no_memory, not_text };

/* Writes a string with its quotes. Without memory the error is written; for what is not UTF-8 it is not. */
text_outcome write_string(encoder &e, const char *text, size_t length);

/* Writes what stands between the quotes, at most six bytes for one, and returns its end. */
char *write_escaped(char *to, const char *text, size_t length);

bool write_integer(encoder &e, lua_Integer value);
bool write_number(encoder &e, lua_Number value);

} // namespace rb

#endif
