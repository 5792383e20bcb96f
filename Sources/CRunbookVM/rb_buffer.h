/* A growing byte buffer. Appending never raises a Lua error: on exhausted memory it sets `failed` and keeps what it has. */
#ifndef RB_BUFFER_H
#define RB_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rb_account.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rb_buffer {
    uint8_t *bytes;
    size_t length;
    size_t capacity;
    size_t limit;        /* the most bytes it takes; 0 for no limit of its own */
    rb_account *account; /* where its memory counts; NULL for nowhere */
    bool failed;  /* an append found no memory, or passed the limit: the content is not to be used */
    bool starved; /* and it was the memory */
} rb_buffer;

void rb_buffer_free(rb_buffer *buffer);
/* Empties the buffer and keeps its memory. */
void rb_buffer_clear(rb_buffer *buffer);
/* Room for `extra` more bytes; false (and `failed`) without memory. */
bool rb_buffer_reserve(rb_buffer *buffer, size_t extra);
void rb_buffer_append(rb_buffer *buffer, const void *bytes, size_t length);
void rb_buffer_append_byte(rb_buffer *buffer, uint8_t byte);
void rb_buffer_append_text(rb_buffer *buffer, const char *text);
/* Little-endian, as everything in a frame. */
void rb_buffer_append_u32(rb_buffer *buffer, uint32_t value);

#ifdef __cplusplus
}
#endif
#endif
