/* JSON text to Lua values. The parser makes a flat tape of the text; here the tape becomes tables. */
#include "rb_json_codec.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

namespace {

/* From this many bytes on a text is decoded with the collector stopped and repeated texts looked up. Below it stopping
   costs more than it saves: starting the collector again forgets how long it meant to wait. */
constexpr size_t large_text = 16 * 1024;

/* The parser takes up to 14 times its text: one that a huge text has made is given back. */
constexpr size_t kept_capacity = 512 * 1024;
constexpr uint64_t parser_bytes = 14;

constexpr size_t largest_text = simdjson::SIMDJSON_MAXSIZE_BYTES;

constexpr size_t longest_seen = 40; /* Lua hashes and shares strings up to this length, and only copies longer ones */

struct decoder {
    lua_State *L;
    rb_json *codec;
    unsigned flags;
    element root;
    int arrays;  /* stack index of the arrays' metatable */
    int secrets; /* stack index of the secrets' metatable; 0: objects are only objects */
    int keys;    /* stack index before the first slot of a seen key; 0: none are kept */
    int values;  /* the same for string values */
    int pushed;  /* how many values the caller gets */
    bool failed; /* `error` says why */
    char *error;
};

/* MARK: Strings */

uint64_t load(const char *text) {
    uint64_t word;
    std::memcpy(&word, text, sizeof word);
    return word;
}

/* The last `length` (1 to 8) bytes of a text as a number. The parser's buffer may be read beyond a text's end. */
uint64_t load_some(const char *text, size_t length) { return load(text) & (~uint64_t(0) >> (64 - 8 * length)); }

/* Not 0. Texts that an attacker chooses may collide; they then only take each other's slot. */
uint64_t hash_of(const char *text, size_t length) {
    uint64_t hash = length * 0x9E3779B97F4A7C15u;
    size_t rest = length;
    while (rest > 8) {
        hash = (hash ^ load(text)) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 32;
        text += 8;
        rest -= 8;
    }
    if (rest > 0) hash ^= load_some(text, rest);
    hash *= 0xD6E8FEB86659FD93u;
    return (hash ^ (hash >> 32)) | 1;
}

/* Both have the same length; the parser stores it in the four bytes before a text. */
bool same_text(const char *seen, const char *text, size_t length) {
    uint32_t seen_length;
    std::memcpy(&seen_length, seen - sizeof seen_length, sizeof seen_length);
    return seen_length == length && std::memcmp(seen, text, length) == 0;
}

/* Pushes a text that has probably been pushed before: copying its stack slot is quicker than having Lua hash it. */
void push_seen(decoder &d, rb::seen_text &seen, int slot, uint64_t hash, const char *text, size_t length) {
    if (seen.hash == hash && same_text(seen.text, text, length)) {
        lua_pushvalue(d.L, slot);
        return;
    }
    lua_pushlstring(d.L, text, length);
    if (seen.hash == 0 || seen.candidate == hash) {
        lua_pushvalue(d.L, -1);
        lua_replace(d.L, slot);
        seen.hash = hash;
        seen.text = text;
    }
    seen.candidate = hash;
}

void push_key(decoder &d, const char *text, size_t length) {
    if (!d.keys || length - 1 >= longest_seen) {
        lua_pushlstring(d.L, text, length);
        return;
    }
    uint64_t hash = hash_of(text, length);
    size_t index = (hash >> 8) % rb::seen_keys;
    push_seen(d, d.codec->keys[index], d.keys + 1 + static_cast<int>(index), hash, text, length);
}

void push_text(decoder &d, const char *text, size_t length) {
    if (!d.values || length - 1 >= longest_seen) {
        lua_pushlstring(d.L, text, length);
        return;
    }
    uint64_t hash = hash_of(text, length);
    size_t index = (hash >> 8) % rb::seen_values;
    push_seen(d, d.codec->values[index], d.values + 1 + static_cast<int>(index), hash, text, length);
}

/* MARK: Tables */

void push_value(decoder &d, element value);

void push_empty_array(decoder &d, size_t size) {
    lua_createtable(d.L, static_cast<int>(size), 0);
    lua_pushvalue(d.L, d.arrays);
    lua_setmetatable(d.L, -2);
}

void push_array(decoder &d, array items) {
    push_empty_array(d, items.size());
    lua_Integer index = 0;
    for (element item : items) {
        push_value(d, item);
        lua_rawseti(d.L, -2, ++index);
    }
}

bool is_links(std::string_view key) { return key.size() == 5 && std::memcmp(key.data(), "links", 5) == 0; }

/* An object whose only member is `$secret` with a number that fits stands for a secret. */
bool push_secret(decoder &d, object members) {
    auto first = *members.begin();
    uint64_t number;
    if (first.key != std::string_view(rb::secret_key, rb::secret_key_length)) return false;
    if (first.value.get(number) != simdjson::SUCCESS || number > UINT32_MAX) return false;
    auto *secret = static_cast<rb_secret *>(lua_newuserdatauv(d.L, sizeof(rb_secret), 0));
    secret->number = static_cast<uint32_t>(number);
    secret->handle = ++d.codec->handles;
    lua_pushvalue(d.L, d.secrets);
    lua_setmetatable(d.L, -2);
    return true;
}

void push_object(decoder &d, object members) {
    if (d.secrets && members.size() == 1 && push_secret(d, members)) return;
    bool drop_links = d.flags & RB_JSON_DROP_LINKS;
    int count = 0;
    for (auto member : members) {
        count += !(member.value.is_null() || (drop_links && is_links(member.key)));
    }
    lua_createtable(d.L, 0, count);
    for (auto member : members) {
        if (drop_links && is_links(member.key)) continue;
        push_key(d, member.key.data(), member.key.size());
        /* Of members with the same key the last counts, also when it is null. */
        if (member.value.is_null()) {
            lua_pushnil(d.L);
        } else {
            push_value(d, member.value);
        }
        lua_rawset(d.L, -3);
    }
}

void push_value(decoder &d, element value) {
    switch (value.type()) {
    case element_type::OBJECT: push_object(d, value.get_object().value_unsafe()); break;
    case element_type::ARRAY: push_array(d, value.get_array().value_unsafe()); break;
    case element_type::STRING: {
        std::string_view text = value.get_string().value_unsafe();
        push_text(d, text.data(), text.size());
        break;
    }
    case element_type::INT64: lua_pushinteger(d.L, value.get_int64().value_unsafe()); break;
    case element_type::UINT64: lua_pushnumber(d.L, static_cast<lua_Number>(value.get_uint64().value_unsafe())); break;
    case element_type::DOUBLE: lua_pushnumber(d.L, value.get_double().value_unsafe()); break;
    case element_type::BOOL: lua_pushboolean(d.L, value.get_bool().value_unsafe()); break;
    case element_type::NULL_VALUE: lua_pushlightuserdata(d.L, nullptr); break;
    }
}

/* MARK: The whole text */

/* The last member of that name; false if there is none or it is null. */
bool find_member(element of, std::string_view name, element &found) {
    object members;
    if (of.get(members) != simdjson::SUCCESS) return false;
    bool any = false;
    for (auto member : members) {
        if (member.key != name) continue;
        found = member.value;
        any = !found.is_null();
    }
    return any;
}

/* Runs with the decoder as its only argument, protected when the collector is stopped. */
int push_all_may_raise(lua_State *L) {
    auto &d = *static_cast<decoder *>(lua_touserdata(L, -1));
    lua_pop(L, 1);
    int first = lua_gettop(L) + 1;
    int slots = d.keys ? static_cast<int>(rb::seen_keys + rb::seen_values) : 0;
    /* Each level holds its table, a key and a value; the rest is for metatables, results and what Lua calls need. */
    if (!lua_checkstack(L, slots + 3 * RB_JSON_DEPTH + 2 * LUA_MINSTACK)) {
        rb::report(d.error, "no room on the Lua stack to decode JSON: memory is used up, or calls are nested too deep");
        d.failed = true;
        return 0;
    }
    if (slots) {
        lua_settop(L, first - 1 + slots);
        d.keys = first - 1;
        d.values = d.keys + static_cast<int>(rb::seen_keys);
    }
    lua_getfield(L, LUA_REGISTRYINDEX, RB_ARRAY_METATABLE);
    d.arrays = lua_gettop(L);
    if (d.flags & RB_JSON_SECRETS) {
        lua_getfield(L, LUA_REGISTRYINDEX, RB_SECRET_METATABLE);
        d.secrets = lua_gettop(L);
    }

    element part;
    if (!(d.flags & RB_JSON_RESOURCES)) {
        push_value(d, d.root);
    } else if (find_member(d.root, "resources", part)) {
        push_value(d, part);
    } else {
        push_empty_array(d, 0);
    }
    if (d.flags & RB_JSON_PAGE) {
        if (find_member(d.root, "page", part)) {
            push_value(d, part);
        } else {
            lua_createtable(L, 0, 0);
        }
    }
    /* The results take the place of the slots and metatables below them. */
    int below = lua_gettop(L) - d.pushed - (first - 1);
    lua_rotate(L, first, d.pushed);
    lua_pop(L, below);
    return d.pushed;
}

/* MARK: Parsing */

/* Texts that follow each other, such as pages, are of about the same size. */
size_t with_slack(size_t length) { return std::min(std::max(length + length / 8, size_t(4096)), largest_text); }

bool reserve_input(rb_json *codec, size_t length) {
    if (codec->input && codec->input_capacity >= length) return true;
    std::free(codec->input);
    rb::give(codec, codec->input_capacity);
    codec->input = nullptr;
    codec->input_capacity = 0;
    size_t capacity = with_slack(length);
    if (!rb::take(codec, capacity)) return false;
    codec->input = static_cast<uint8_t *>(std::malloc(capacity + simdjson::SIMDJSON_PADDING));
    if (codec->input) {
        codec->input_capacity = capacity;
    } else {
        rb::give(codec, capacity);
    }
    return codec->input != nullptr;
}

bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/* The parser refuses integers beyond 64 bits, which JSON allows. This copies the text into the input with `e0` after
   each, which makes a float of it; with no output it only counts them. */
size_t mark_huge_integers(const uint8_t *bytes, size_t length, uint8_t *output) {
    size_t found = 0;
    bool in_string = false;
    for (size_t at = 0; at < length;) {
        size_t start = at;
        bool huge = false;
        if (in_string) {
            if (bytes[at] == '"') in_string = false;
            at += bytes[at] == '\\' && at + 1 < length ? 2 : 1;
        } else if (bytes[at] == '-' || is_digit(bytes[at])) {
            bool negative = bytes[at++] == '-';
            size_t digits = negative ? at : start;
            while (at < length && is_digit(bytes[at])) at++;
            bool integer = at == length || (bytes[at] != '.' && bytes[at] != 'e' && bytes[at] != 'E');
            size_t count = at - digits;
            huge = integer && (count > 19 || (count == 19 && negative &&
                                              std::memcmp(bytes + digits, "9223372036854775808", 19) > 0));
            while (!integer && at < length && (is_digit(bytes[at]) || std::strchr(".eE+-", bytes[at]))) {
                if (bytes[at] == 0) break; /* strchr finds it too */
                at++;
            }
        } else {
            if (bytes[at] == '"') in_string = true;
            at++;
        }
        if (output) {
            std::memcpy(output, bytes + start, at - start);
            output += at - start;
            if (huge) {
                std::memcpy(output, "e0", 2);
                output += 2;
            }
        }
        found += huge;
    }
    return found;
}

simdjson::error_code parse_up_to(rb_json *codec, size_t length, size_t depth, element &root) {
    if (codec->parser.max_depth() != depth || codec->parser.capacity() < length) {
        codec->parser = simdjson::dom::parser(); /* what it has goes before the new comes */
        rb::give(codec, codec->parser_size);
        codec->parser_size = 0;
        size_t capacity = with_slack(length);
        if (!rb::take(codec, capacity * parser_bytes)) return simdjson::MEMALLOC;
        codec->parser_size = capacity * parser_bytes;
        auto error = codec->parser.allocate(capacity, depth);
        if (error) {
            codec->parser = simdjson::dom::parser(); /* half of it may be allocated */
            rb::give(codec, codec->parser_size);
            codec->parser_size = 0;
            return error;
        }
    }
    return codec->parser.parse(codec->input, length, false).get(root);
}

/* The parser takes one level less than its limit, but does not count an empty array or object: at the limit it refuses
   texts that are allowed, above it takes some that are not. */
simdjson::error_code parse_input(rb_json *codec, size_t length, element &root) {
    std::memset(codec->input + length, ' ', simdjson::SIMDJSON_PADDING);
    auto error = parse_up_to(codec, length, RB_JSON_DEPTH, root);
    if (error != simdjson::DEPTH_ERROR || rb::find_fault(codec->input, length, RB_JSON_DEPTH).why) return error;
    return parse_up_to(codec, length, RB_JSON_DEPTH + 1, root);
}

simdjson::error_code parse(rb_json *codec, const uint8_t *bytes, size_t length, element &root) {
    if (length > largest_text) return simdjson::CAPACITY;
    if (!reserve_input(codec, length)) return simdjson::MEMALLOC;
    if (length) std::memcpy(codec->input, bytes, length);
    auto error = parse_input(codec, length, root);
    if (error != simdjson::NUMBER_ERROR) return error;
    size_t huge = mark_huge_integers(bytes, length, nullptr);
    if (huge == 0) return error;
    if (2 * huge > largest_text - length) return simdjson::CAPACITY;
    if (!reserve_input(codec, length + 2 * huge)) return simdjson::MEMALLOC;
    mark_huge_integers(bytes, length, codec->input);
    return parse_input(codec, length + 2 * huge, root);
}

/* The text is done with. */
void finish(rb_json *codec) {
    codec->parsing = false;
    if (codec->input_capacity > kept_capacity) rb_json_give_back(codec);
}

/* Once more after a collection if memory was short: what the script has dropped may be enough. */
simdjson::error_code parse_or_collect(lua_State *L, rb_json *codec, const uint8_t *bytes, size_t length, element &root) {
    auto error = parse(codec, bytes, length, root);
    if (error != simdjson::MEMALLOC) return error;
    lua_gc(L, LUA_GCCOLLECT);
    return parse(codec, bytes, length, root);
}

const char *name_of(element value) {
    switch (value.type()) {
    case element_type::OBJECT: return "an object";
    case element_type::ARRAY: return "an array";
    case element_type::STRING: return "a string";
    case element_type::BOOL: return "a boolean";
    case element_type::NULL_VALUE: return "null";
    default: return "a number";
    }
}

/* What the flags promise the caller about the text's form. */
bool has_form(element root, unsigned flags, char *error) {
    element part;
    if ((flags & (RB_JSON_RESOURCES | RB_JSON_PAGE)) && !root.is_object()) {
        rb::report(error, "the JSON text is %s where an object is due", name_of(root));
        return false;
    }
    if ((flags & RB_JSON_RESOURCES) && find_member(root, "resources", part) && !part.is_array()) {
        rb::report(error, "the JSON text's \"resources\" is %s where an array is due", name_of(part));
        return false;
    }
    if ((flags & RB_JSON_PAGE) && find_member(root, "page", part) && !part.is_object()) {
        rb::report(error, "the JSON text's \"page\" is %s where an object is due", name_of(part));
        return false;
    }
    return true;
}

void explain(simdjson::error_code code, const uint8_t *bytes, size_t length, char *error) {
    if (code == simdjson::MEMALLOC) {
        rb::report(error, "not enough memory to decode %zu bytes of JSON", length);
        return;
    }
    if (code == simdjson::CAPACITY) {
        rb::report(error, "%zu bytes of JSON are more than can be decoded at once (4 GB)", length);
        return;
    }
    rb::fault fault = rb::find_fault(bytes, length, RB_JSON_DEPTH);
    if (fault.why) {
        rb::report(error, "not JSON at line %zu, column %zu: %s", fault.line, fault.column, fault.why);
    } else {
        rb::report(error, "not JSON: %s", simdjson::error_message(code));
    }
}

} // namespace

int rb_json_decode_may_raise(lua_State *L, rb_json *codec, const char *bytes, size_t length, unsigned flags,
                             char error[RB_JSON_ERROR_MAX]) {
    auto *text = reinterpret_cast<const uint8_t *>(bytes);
    decoder d = {};
    d.L = L;
    d.codec = codec;
    d.flags = flags;
    d.pushed = flags & RB_JSON_PAGE ? 2 : 1;
    d.error = error;
    codec->starved = false;
    codec->parsing = true;
    if (auto code = parse_or_collect(L, codec, text, length, d.root)) {
        codec->starved = code == simdjson::MEMALLOC;
        finish(codec);
        explain(code, text, length, error);
        return 0;
    }
    if (!has_form(d.root, flags, error)) {
        finish(codec);
        return 0;
    }
    if (!lua_checkstack(L, LUA_MINSTACK)) {
        finish(codec);
        rb::report(error, "no room on the Lua stack to decode JSON: memory is used up, or calls are nested too deep");
        return 0;
    }
    if (length < large_text) {
        lua_pushlightuserdata(L, &d);
        push_all_may_raise(L);
        finish(codec);
        return d.failed ? 0 : d.pushed;
    }

    d.keys = 1; /* wanted; where is known when they are made */
    std::memset(codec->keys, 0, sizeof codec->keys);
    std::memset(codec->values, 0, sizeof codec->values);
    bool collects = lua_gc(L, LUA_GCISRUNNING) == 1;
    if (collects) lua_gc(L, LUA_GCSTOP);
    lua_pushcfunction(L, push_all_may_raise);
    lua_pushlightuserdata(L, &d);
    int status = lua_pcall(L, 1, LUA_MULTRET, 0);
    if (collects) lua_gc(L, LUA_GCRESTART);
    finish(codec);
    if (status == LUA_ERRMEM) return lua_error(L);
    if (status != LUA_OK) { /* too many nested calls */
        const char *message = lua_tostring(L, -1);
        rb::report(error, "cannot decode JSON here: %s", message ? message : "unknown error");
        lua_pop(L, 1);
        return 0;
    }
    return d.failed ? 0 : d.pushed;
}
