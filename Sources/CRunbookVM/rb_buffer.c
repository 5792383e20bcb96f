#include "rb_buffer.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_SPARE 64 /* bytes that are worth asking for beyond what is needed */

void rb_buffer_free(rb_buffer *buffer) {
    if (buffer->account) rb_account_give(buffer->account, buffer->capacity);
    free(buffer->bytes);
    buffer->bytes = NULL;
    buffer->length = buffer->capacity = 0;
    buffer->failed = buffer->starved = false;
}

void rb_buffer_clear(rb_buffer *buffer) {
    buffer->length = 0;
    buffer->failed = buffer->starved = false;
}

/* Gives the buffer a capacity; what it holds stays. */
static bool resize(rb_buffer *buffer, size_t capacity) {
    size_t more = capacity - buffer->capacity;
    if (buffer->account && !rb_account_take_any(buffer->account, more)) return false;
    uint8_t *bytes = realloc(buffer->bytes, capacity);
    if (!bytes) {
        if (buffer->account) rb_account_give(buffer->account, more);
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

bool rb_buffer_reserve(rb_buffer *buffer, size_t extra) {
    if (extra > SIZE_MAX / 2 - buffer->length || (buffer->limit && buffer->length + extra > buffer->limit)) {
        buffer->failed = true;
        return false;
    }
    size_t least = buffer->length + extra;
    if (buffer->capacity >= least) return true;
    /* Twice as much makes appending cheap. Where memory is short less will do, but no less than need be: each growth may
       copy all there is. */
    for (size_t spare = buffer->capacity ? buffer->capacity : 256; spare >= LEAST_SPARE; spare /= 2)
        if (resize(buffer, least + spare)) return true;
    if (resize(buffer, least)) return true;
    buffer->failed = buffer->starved = true;
    return false;
}

void rb_buffer_append(rb_buffer *buffer, const void *bytes, size_t length) {
    if (length == 0 || !rb_buffer_reserve(buffer, length)) return;
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

void rb_buffer_append_byte(rb_buffer *buffer, uint8_t byte) { rb_buffer_append(buffer, &byte, 1); }

void rb_buffer_append_text(rb_buffer *buffer, const char *text) { rb_buffer_append(buffer, text, strlen(text)); }

void rb_buffer_append_u32(rb_buffer *buffer, uint32_t value) {
    uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24)};
    rb_buffer_append(buffer, bytes, sizeof bytes);
}
