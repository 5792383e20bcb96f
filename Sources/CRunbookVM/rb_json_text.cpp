/* Strings and numbers as JSON text. */
#include "rb_json_encoder.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace {

constexpr uint64_t every(uint8_t byte) { return ~uint64_t(0) / 255 * byte; }

/* The high bits of what is to be escaped among eight bytes; 0 if there is none (a set bit may name a neighbour). */
inline uint64_t escapes(uint64_t bytes) {
    uint64_t quotes = bytes ^ every('"'), backslashes = bytes ^ every('\\');
    return (((bytes - every(0x20)) & ~bytes) | ((quotes - every(1)) & ~quotes) |
            ((backslashes - every(1)) & ~backslashes)) &
           every(0x80);
}

/* Copies up to seven bytes, and says by set high bits which are to be escaped and which are not ASCII. */
inline void copy_short(char *to, const char *text, size_t length, uint64_t &escaped, uint64_t &high) {
    if (length >= 4) {
        uint32_t head, tail;
        std::memcpy(&head, text, 4);
        std::memcpy(&tail, text + length - 4, 4);
        std::memcpy(to, &head, 4);
        std::memcpy(to + length - 4, &tail, 4);
        uint64_t both = head | static_cast<uint64_t>(tail) << 32;
        escaped |= escapes(both);
        high |= both;
        return;
    }
    for (size_t at = 0; at < length; at++) {
        auto byte = static_cast<uint8_t>(text[at]);
        to[at] = text[at];
        escaped |= byte < 0x20 || byte == '"' || byte == '\\';
        high |= byte;
    }
}

} // namespace

char *rb::write_escaped(char *to, const char *text, size_t length) {
    static const char hex[] = "0123456789abcdef";
    for (const char *end = text + length; text < end; text++) {
        auto byte = static_cast<uint8_t>(*text);
        if (byte >= 0x20 && byte != '"' && byte != '\\') {
            *to++ = *text;
            continue;
        }
        *to++ = '\\';
        switch (byte) {
        case '"': *to++ = '"'; break;
        case '\\': *to++ = '\\'; break;
        case '\b': *to++ = 'b'; break;
        case '\f': *to++ = 'f'; break;
        case '\n': *to++ = 'n'; break;
        case '\r': *to++ = 'r'; break;
        case '\t': *to++ = 't'; break;
        default:
            std::memcpy(to, "u00", 3);
            to[3] = hex[byte >> 4];
            to[4] = hex[byte & 15];
            to += 5;
        }
    }
    return to;
}

rb::text_outcome rb::write_string(encoder &e, const char *text, size_t length) {
    char *to = room(e, length + 2);
    if (!to) return text_outcome::no_memory;
    *to++ = '"';
    uint64_t high = 0, escaped = 0;
    if (length >= 8) {
        /* The last step may go over bytes for the second time. */
        for (size_t at = 0;; at = std::min(at + 8, length - 8)) {
            uint64_t bytes;
            std::memcpy(&bytes, text + at, 8);
            std::memcpy(to + at, &bytes, 8);
            high |= bytes;
            escaped |= escapes(bytes);
            if (at == length - 8) break;
        }
    } else {
        copy_short(to, text, length, escaped, high);
    }
    if ((high & every(0x80)) && !simdjson::validate_utf8(text, length)) return text_outcome::not_text;
    if (!escaped) {
        to += length;
    } else {
        to = room(e, 6 * length + 2);
        if (!to) return text_outcome::no_memory;
        to = write_escaped(to + 1, text, length);
    }
    *to++ = '"';
    advance(e, to);
    return text_outcome::written;
}

bool rb::write_integer(encoder &e, lua_Integer value) {
    char *to = room(e, 24);
    if (!to) return false;
    advance(e, std::to_chars(to, to + 24, value).ptr);
    return true;
}

/* The shortest text that reads back as the same float, laid out as C's %.17g does, with `.0` if it would look like
   an integer. printf is no use: it follows the process's locale. */
bool rb::write_number(encoder &e, lua_Number value) {
    if (!std::isfinite(value)) {
        return fail(e, std::isnan(value) ? "is not a number (NaN), which JSON cannot hold"
                                         : "is infinite, which JSON cannot hold");
    }
    char *to = room(e, 48);
    if (!to) return false;
    char text[32];
    char *end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
    char *mark = static_cast<char *>(std::memchr(text, 'e', static_cast<size_t>(end - text)));
    int exponent = 0;
    std::from_chars(mark + 1 + (mark[1] == '+'), end, exponent);
    if (exponent < -4 || exponent >= 17) {
        std::memcpy(to, text, static_cast<size_t>(end - text));
        advance(e, to + (end - text));
        return true;
    }
    char *from = text;
    if (*from == '-') *to++ = *from++;
    char digits[24];
    int count = 0;
    for (; from < mark; from++) {
        if (*from != '.') digits[count++] = *from;
    }
    int whole = exponent + 1; /* how many digits stand before the point */
    if (whole <= 0) {
        *to++ = '0';
        *to++ = '.';
        for (int zero = whole; zero < 0; zero++) *to++ = '0';
        whole = 0;
    }
    for (int digit = 0; digit < std::max(whole, count); digit++) {
        if (digit == whole && whole > 0) *to++ = '.';
        *to++ = digit < count ? digits[digit] : '0';
    }
    if (whole >= count) {
        *to++ = '.';
        *to++ = '0';
    }
    advance(e, to);
    return true;
}
