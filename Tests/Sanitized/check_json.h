/* Whether what the machine puts out is JSON, in the eyes of another parser. */
#ifndef CHECK_JSON_H
#define CHECK_JSON_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* NULL for a JSON text whose objects have their keys in order; else what is wrong. */
const char *json_problem(const char *text, size_t length);

/* Whether the text is an object that has the member `name`, a string. */
bool json_has_string(const char *text, size_t length, const char *name);

/* Reports a finding and ends the program, as a sanitizer does. */
void finding(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#ifdef __cplusplus
}
#endif
#endif
