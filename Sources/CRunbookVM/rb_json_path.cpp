/* What an encoding error says: the path to the culprit, and what is wrong with it. */
#include "rb_json_encoder.hpp"

#include <algorithm>
#include <cstdio>

using rb::encoder;
using rb::place;

namespace {

/* A path is at most about 100 bytes long: a cycle names two in its line of 256. */
constexpr size_t longest_half = 48;
constexpr size_t longest_key = 32;
constexpr size_t longest_step = longest_key + 16;

bool is_name(const char *key, size_t length) {
    if (length == 0 || length > longest_key || (key[0] >= '0' && key[0] <= '9')) return false;
    for (size_t at = 0; at < length; at++) {
        char lower = static_cast<char>(key[at] | 0x20);
        if (!(lower >= 'a' && lower <= 'z') && !(key[at] >= '0' && key[at] <= '9') && key[at] != '_') return false;
    }
    char word[longest_key + 3] = " ";
    std::memcpy(word + 1, key, length);
    word[length + 1] = ' ';
    return !std::strstr(" and break do else elseif end false for function goto if in local nil not or repeat return "
                        "then true until while ",
                        word);
}

/* Writes a step of the path as Lua would: `.name`, `[3]`, `["odd key"]`. Returns its length. */
size_t write_step(char step[longest_step], const place &at) {
    if (!at.key) {
        if (at.index == 0) return 0;
        return static_cast<size_t>(std::snprintf(step, longest_step, "[%lld]", static_cast<long long>(at.index)));
    }
    if (is_name(at.key, at.key_length)) {
        step[0] = '.';
        std::memcpy(step + 1, at.key, at.key_length);
        return at.key_length + 1;
    }
    bool is_text = simdjson::validate_utf8(at.key, at.key_length);
    size_t length = 2, next = 0;
    std::memcpy(step, "[\"", 2);
    while (next < at.key_length && length < longest_key) {
        auto byte = static_cast<uint8_t>(at.key[next++]);
        if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !is_text)) {
            length += static_cast<size_t>(std::snprintf(step + length, 5, "\\x%02X", byte));
        } else {
            if (byte == '"' || byte == '\\') step[length++] = '\\';
            step[length++] = static_cast<char>(byte);
            /* The rest of a character goes with its first byte. */
            while (next < at.key_length && (static_cast<uint8_t>(at.key[next]) & 0xC0) == 0x80 && is_text) {
                step[length++] = at.key[next++];
            }
        }
    }
    const char *close = next < at.key_length ? "…\"]" : "\"]";
    std::memcpy(step + length, close, std::strlen(close));
    return length + std::strlen(close);
}

/* The path through the outermost `depth` places; of a long one the middle is left out. */
struct path {
    char text[2 * longest_half + 2 * longest_step];
    size_t length;

    path(const encoder &e, int depth) : length(0) {
        char step[longest_step];
        size_t root = std::min(std::strlen(e.root), longest_half);
        while (root > 0 && (static_cast<uint8_t>(e.root[root]) & 0xC0) == 0x80) root--;
        append(e.root, root);
        int head = 0, tail = depth;
        for (; head < depth; head++) {
            size_t size = write_step(step, e.places[head]);
            if (length + size > longest_half) break;
            append(step, size);
        }
        for (size_t rest = 0; tail > head; tail--) {
            rest += write_step(step, e.places[tail - 1]);
            if (rest > longest_half && tail < depth) break;
        }
        if (tail > head) append("…", sizeof "…" - 1);
        for (; tail < depth; tail++) append(step, write_step(step, e.places[tail]));
        text[length] = 0;
    }

    void append(const char *bytes, size_t size) {
        std::memcpy(text + length, bytes, size);
        length += size;
    }
};

} // namespace

bool rb::fail(encoder &e, const char *what) {
    rb::report(e.error, "%s %s", path(e, e.depth).text, what);
    return false;
}

bool rb::fail_without_memory(encoder &e) {
    rb::report(e.error, "not enough memory to write %s as JSON", e.root);
    return false;
}

bool rb::fail_cycle(encoder &e, int depth) {
    rb::report(e.error, "%s is %s again: JSON cannot hold a cycle", path(e, e.depth).text, path(e, depth).text);
    return false;
}
