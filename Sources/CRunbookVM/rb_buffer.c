#include "rb_buffer.h"

#include <stdlib.h>
#include <string.h>

void rb_buffer_free(rb_buffer *buffer) {
    size_t limit = buffer->limit;
    free(buffer->bytes);
    memset(buffer, 0, sizeof *buffer);
    buffer->limit = limit;
}

void rb_buffer_clear(rb_buffer *buffer) {
    buffer->length = 0;
    buffer->failed = false;
}

bool rb_buffer_reserve(rb_buffer *buffer, size_t extra) {
    if (buffer->capacity - buffer->length >= extra && !(buffer->limit && buffer->length + extra > buffer->limit)) return true;
    if (extra > SIZE_MAX / 2 - buffer->length || (buffer->limit && buffer->length + extra > buffer->limit)) {
        buffer->failed = true;
        return false;
    }
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 256;
    if (capacity < buffer->length + extra) capacity = buffer->length + extra;
    uint8_t *bytes = realloc(buffer->bytes, capacity);
    if (!bytes) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
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
