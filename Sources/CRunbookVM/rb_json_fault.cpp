/* Where and why a text is not JSON. The parser only says that it is not; this reads a text that it has refused. */
#include "rb_json_codec.hpp"

#include <charconv>
#include <cstring>

namespace {

struct reader {
    const uint8_t *at; /* at the fault once there is one */
    const uint8_t *end;
    const char *why;
};

bool fail(reader &r, const uint8_t *at, const char *why) {
    r.at = at;
    r.why = why;
    return false;
}

bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

bool next_is(const reader &r, char byte) { return r.at < r.end && *r.at == static_cast<uint8_t>(byte); }

void skip_space(reader &r) {
    while (r.at < r.end && (*r.at == ' ' || *r.at == '\t' || *r.at == '\n' || *r.at == '\r')) r.at++;
}

const uint8_t *after_digits(const uint8_t *at, const uint8_t *end) {
    while (at < end && is_digit(*at)) at++;
    return at;
}

/* Whether a well-formed number that no float can hold is too large, not too small. */
bool is_overflow(const uint8_t *at, const uint8_t *end) {
    if (*at == '-') at++;
    const uint8_t *point = after_digits(at, end);
    long long magnitude = point - at;
    if (*at == '0' && point + 1 < end && *point == '.') {
        for (const uint8_t *zero = point + 1; zero < end && *zero == '0'; zero++) magnitude--;
    }
    while (point < end && (*point | 0x20) != 'e') point++;
    if (point == end) return magnitude > 0;
    bool negative = point[1] == '-';
    if (point[1] == '-' || point[1] == '+') point++;
    long long exponent = 0;
    for (point++; point < end && exponent < INT64_MAX / 16; point++) exponent = exponent * 10 + (*point - '0');
    return magnitude + (negative ? -exponent : exponent) > 0;
}

bool read_number(reader &r) {
    const uint8_t *start = r.at;
    const uint8_t *at = start + (*start == '-');
    const uint8_t *digits = at;
    at = after_digits(at, r.end);
    if (at == digits) return fail(r, at, "a minus sign without digits");
    if (*digits == '0' && at - digits > 1) return fail(r, digits, "a number with a leading zero");
    if (at < r.end && *at == '.') {
        const uint8_t *fraction = ++at;
        at = after_digits(at, r.end);
        if (at == fraction) return fail(r, at, "a number without digits after its point");
    }
    if (at < r.end && (*at | 0x20) == 'e') {
        at++;
        if (at < r.end && (*at == '+' || *at == '-')) at++;
        const uint8_t *exponent = at;
        at = after_digits(at, r.end);
        if (at == exponent) return fail(r, at, "a number without digits in its exponent");
    }
    double value;
    auto *first = reinterpret_cast<const char *>(start), *last = reinterpret_cast<const char *>(at);
    if (std::from_chars(first, last, value).ec == std::errc::result_out_of_range && is_overflow(start, at)) {
        return fail(r, start, "a number too large for a 64-bit float");
    }
    r.at = at;
    return true;
}

/* Four hexadecimal digits; `r.at` is behind the `\u`. */
bool read_unit(reader &r, unsigned &unit) {
    unit = 0;
    for (int digit = 0; digit < 4; digit++, r.at++) {
        unsigned byte = r.at < r.end ? *r.at : 0;
        unsigned letter = byte | 0x20;
        if (!is_digit(static_cast<uint8_t>(byte)) && (letter < 'a' || letter > 'f')) {
            return fail(r, r.at, "\\u without four hexadecimal digits");
        }
        unit = unit * 16 + (byte <= '9' ? byte - '0' : letter - 'a' + 10);
    }
    return true;
}

bool read_escape(reader &r) {
    const uint8_t *start = r.at++;
    if (r.at == r.end || !*r.at || !std::strchr("\"\\/bfnrtu", *r.at)) {
        return fail(r, start, "a backslash before a character that is not to be escaped");
    }
    if (*r.at++ != 'u') return true;
    unsigned unit;
    if (!read_unit(r, unit)) return false;
    if (unit < 0xD800 || unit > 0xDFFF) return true;
    unsigned low = 0;
    bool pair = unit < 0xDC00 && r.end - r.at >= 2 && r.at[0] == '\\' && r.at[1] == 'u';
    if (pair) {
        r.at += 2;
        if (!read_unit(r, low)) return false;
    }
    return (low >= 0xDC00 && low <= 0xDFFF) || fail(r, start, "half a surrogate pair");
}

bool read_character(reader &r) {
    size_t length = *r.at >= 0xF0 ? 4 : *r.at >= 0xE0 ? 3 : 2;
    if (static_cast<size_t>(r.end - r.at) < length ||
        !simdjson::validate_utf8(reinterpret_cast<const char *>(r.at), length)) {
        return fail(r, r.at, "bytes that are not UTF-8");
    }
    r.at += length;
    return true;
}

bool read_string(reader &r) {
    const uint8_t *start = r.at++;
    while (r.at < r.end && *r.at != '"') {
        if (*r.at < 0x20) return fail(r, r.at, "a control character in a string: write it as an escape such as \\n");
        if (*r.at == '\\') {
            if (!read_escape(r)) return false;
        } else if (*r.at >= 0x80) {
            if (!read_character(r)) return false;
        } else {
            r.at++;
        }
    }
    if (r.at == r.end) return fail(r, start, "a string without its closing quote");
    r.at++;
    return true;
}

bool read_word(reader &r) {
    for (const char *word : {"true", "false", "null"}) {
        size_t length = std::strlen(word);
        if (static_cast<size_t>(r.end - r.at) >= length && std::memcmp(r.at, word, length) == 0) {
            r.at += length;
            return true;
        }
    }
    if (static_cast<size_t>(r.end - r.at) >= 3 && std::memcmp(r.at, "\xEF\xBB\xBF", 3) == 0) {
        return fail(r, r.at, "a byte order mark");
    }
    return fail(r, r.at, "a value is due here");
}

bool read_value(reader &r, int depth);

bool read_items(reader &r, int depth, char close, const char *unclosed) {
    bool is_object = close == '}';
    const uint8_t *start = r.at++;
    skip_space(r);
    if (next_is(r, close)) {
        r.at++;
        return true;
    }
    for (;;) {
        if (is_object) {
            skip_space(r);
            if (r.at < r.end && *r.at != '"') return fail(r, r.at, "a key in double quotes is due here");
            if (r.at < r.end && !read_string(r)) return false;
            skip_space(r);
            if (r.at < r.end && *r.at != ':') return fail(r, r.at, "a colon is due here");
            if (r.at < r.end) r.at++;
        }
        if (r.at < r.end && !read_value(r, depth)) return false;
        if (r.at == r.end) return fail(r, start, unclosed);
        if (next_is(r, close)) break;
        if (!next_is(r, ',')) return fail(r, r.at, "a comma is due here, or the closing bracket");
        r.at++;
        if (r.at == r.end) return fail(r, start, unclosed);
    }
    r.at++;
    return true;
}

/* Ends behind the space that follows the value. At the text's very end only the caller knows what is missing. */
bool read_value(reader &r, int depth) {
    skip_space(r);
    if (r.at == r.end) return true;
    bool good;
    if ((*r.at == '{' || *r.at == '[') && depth == 0) {
        good = fail(r, r.at, "values nested too deep");
    } else if (*r.at == '{') {
        good = read_items(r, depth - 1, '}', "an object without its closing brace");
    } else if (*r.at == '[') {
        good = read_items(r, depth - 1, ']', "an array without its closing bracket");
    } else if (*r.at == '"') {
        good = read_string(r);
    } else if (*r.at == '-' || is_digit(*r.at)) {
        good = read_number(r);
    } else {
        good = read_word(r);
    }
    if (good) skip_space(r);
    return good;
}

} // namespace

rb::fault rb::find_fault(const uint8_t *bytes, size_t length, int depth) {
    reader r = {bytes, bytes + length, nullptr};
    skip_space(r);
    if (r.at == r.end) {
        fail(r, r.at, "the text is empty");
    } else if (read_value(r, depth) && r.at < r.end) {
        fail(r, r.at, "more text after the value");
    }
    rb::fault fault = {1, 1, r.why};
    for (const uint8_t *at = bytes; at < r.at; at++) {
        if (*at == '\n') {
            fault.line++;
            fault.column = 1;
        } else if ((*at & 0xC0) != 0x80) {
            fault.column++;
        }
    }
    return fault;
}
