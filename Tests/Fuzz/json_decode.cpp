/*
 * JSON from a server, whatever it sends. The first byte chooses the flags and, by its highest bit, little memory; the rest is
 * the text:
 *  - what the codec writes for it, it reads again and writes the same,
 *  - the codec's parser and its explanation of faults agree on what is JSON,
 *  - as the reply to a call the text ends the script well or with an error, however it is to be read.
 */
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "check_json.h"
#include "fake_host.h"
#include "rb_json_codec.hpp"

namespace {

/* Round trips; returns the text, to be freed, or NULL if it was refused. */
char *round_trip(const char *text, size_t text_length, unsigned flags, size_t &length) {
    char *error = nullptr;
    char *result = rb_json_roundtrip(text, text_length, flags, &length, &error);
    if (result) return result;
    if (!error || !*error || std::strlen(error) >= RB_JSON_ERROR_MAX) finding("refused without a reason");
    if (!simdjson::validate_utf8(error, std::strlen(error))) finding("the reason is not UTF-8: %s", error);
    /* A fault that the parser finds and the explanation does not. */
    if (std::strncmp(error, "not JSON: ", 10) == 0) finding("%s, but there is no fault in it", error);
    rb_free(error);
    return nullptr;
}

void check_round_trip(const char *text, size_t text_length, unsigned flags) {
    size_t length, again_length;
    char *result = round_trip(text, text_length, flags, length);
    bool is_json = !rb::find_fault(reinterpret_cast<const uint8_t *>(text), text_length, RB_JSON_DEPTH).why;
    if (result && !is_json) finding("taken for JSON, which it is not: %.*s", static_cast<int>(text_length), text);
    if (!result) return;
    if (!(flags & RB_JSON_PAGE)) {
        if (const char *problem = json_problem(result, length)) finding("wrote what is not JSON (%s): %s", problem, result);
        char *again = round_trip(result, length, flags & (RB_JSON_SECRETS | RB_JSON_PRETTY), again_length);
        if (!again) finding("refuses what it wrote: %s", result);
        if (again_length != length || std::memcmp(result, again, length) != 0) finding("wrote %s, then %s", result, again);
        rb_free(again);
    }
    rb_free(result);
}

struct answer {
    unsigned flags;
    const char *text;
    size_t length;
};

void give(void *context, const fake_call *, fake_reply *reply) {
    auto *given = static_cast<answer *>(context);
    *reply = {given->flags, given->text, given->length};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    unsigned flags = *data;
    /* Exactly as long as the text: reading beyond it is seen. */
    size_t length = size - 1;
    auto *text = static_cast<char *>(std::malloc(length ? length : 1));
    if (!text) std::abort();
    std::memcpy(text, data + 1, length);
    check_round_trip(text, length, flags & 31);

    static const char names[] = "a.b";
    static const char prelude[] = "local rb = ... encode = rb.encode decode = rb.decode";
    static const char source[] = "local x, y = a.b() local t = encode { x, y } local again = encode(decode(t)) "
                                 "assert(again == t, again) return x";
    answer given = {flags & (15 | RB_REPLY_ERROR | RB_REPLY_NOTHING), text, length};
    fake_run run = {};
    run.names = names;
    run.names_length = sizeof names;
    run.prelude = prelude;
    run.prelude_length = sizeof prelude - 1;
    run.name = "reply.lua";
    run.source = source;
    run.source_length = sizeof source - 1;
    run.limits.memory = 64 << 20;
    run.limits.result = 16 << 20;
    run.limits.tasks = 2;
    run.milliseconds = 5000;
    if (flags & 128) run.room = 1 + 64 * (length & 1023);
    run.answer = give;
    run.context = &given;
    fake_host_run(&run);
    rb_buffer_free(&run.transcript);
    std::free(text);
    return 0;
}
