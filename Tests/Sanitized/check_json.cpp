#include "check_json.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

namespace {

bool is_sorted(element value) {
    array items;
    object members;
    if (value.get(items) == simdjson::SUCCESS) {
        for (element item : items) {
            if (!is_sorted(item)) return false;
        }
    } else if (value.get(members) == simdjson::SUCCESS) {
        std::string_view last;
        bool first = true;
        for (auto member : members) {
            if ((!first && member.key <= last) || !is_sorted(member.value)) return false;
            last = member.key;
            first = false;
        }
    }
    return true;
}

} // namespace

const char *json_problem(const char *text, size_t length) {
    simdjson::dom::parser parser;
    element value;
    auto error = parser.parse(text, length).get(value);
    if (error) return simdjson::error_message(error);
    return is_sorted(value) ? nullptr : "keys are not in order, or there twice";
}

bool json_has_string(const char *text, size_t length, const char *name) {
    simdjson::dom::parser parser;
    std::string_view found;
    return parser.parse(text, length)[name].get(found) == simdjson::SUCCESS;
}

void finding(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::fputs("FINDING: ", stderr);
    std::vfprintf(stderr, format, arguments);
    std::fputc('\n', stderr);
    va_end(arguments);
    std::abort();
}
