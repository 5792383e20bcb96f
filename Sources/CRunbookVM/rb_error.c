/* Error tables, tracebacks, and the JSON that tells the host of a failure. */
#include "rb_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TRACEBACK_LEVELS 24

static const char *field(lua_State *L, int index, const char *name) {
    lua_pushstring(L, name);
    lua_rawget(L, index);
    return lua_type(L, -1) == LUA_TSTRING || lua_type(L, -1) == LUA_TNUMBER ? lua_tostring(L, -1) : NULL;
}

/* `users.get: not_found (404): no such user`. */
static int error_tostring(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    const char *operation = field(L, 1, "operation"), *kind = field(L, 1, "kind"), *status = field(L, 1, "status"),
               *message = field(L, 1, "message");
    luaL_Buffer text;
    luaL_buffinit(L, &text);
    if (operation) {
        luaL_addstring(&text, operation);
        luaL_addstring(&text, ": ");
    }
    luaL_addstring(&text, kind ? kind : "error");
    if (status) {
        luaL_addstring(&text, " (");
        luaL_addstring(&text, status);
        luaL_addstring(&text, ")");
    }
    if (message) {
        luaL_addstring(&text, ": ");
        luaL_addstring(&text, message);
    }
    luaL_pushresult(&text);
    return 1;
}

void rb_error_open_may_raise(lua_State *L) {
    luaL_newmetatable(L, RB_ERROR_METATABLE);
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "error");
    lua_setfield(L, -2, "__name");
    lua_pushliteral(L, "error");
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

int rb_raise_may_raise(lua_State *L, const char *kind, const char *operation, const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    lua_createtable(L, 0, 4);
    lua_pushstring(L, kind);
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, operation);
    lua_setfield(L, -2, "operation");
    lua_pushstring(L, message);
    lua_setfield(L, -2, "message");
    lua_Debug record;
    if (rb_position(L, &record)) {
        lua_pushfstring(L, "%s:%d", record.short_src, record.currentline);
        lua_setfield(L, -2, "where");
    }
    luaL_setmetatable(L, RB_ERROR_METATABLE);
    return lua_error(L);
}

/* --- JSON without Lua's memory: it may be exhausted --------------------------------------------------------------- */

void rb_append_json_string(rb_buffer *out, const char *text, size_t length) {
    static const char digits[] = "0123456789abcdef";
    rb_buffer_append_byte(out, '"');
    for (size_t i = 0; i < length;) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\') {
            char escape[2] = {'\\', (char)byte};
            rb_buffer_append(out, escape, 2);
            i++;
        } else if (byte < 0x20 || byte == 0x7f) {
            char escape[6] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
            rb_buffer_append(out, escape, 6);
            i++;
        } else if (byte < 0x80) {
            rb_buffer_append_byte(out, byte);
            i++;
        } else {
            /* Well-formed UTF-8 as it is, each other byte as U+FFFD: an error's text may be anything. */
            size_t count = byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
            if (byte >= 0xf5) count = 0;
            bool valid = count > 0 && i + count <= length;
            for (size_t k = 1; valid && k < count; k++) valid = ((unsigned char)text[i + k] & 0xc0) == 0x80;
            if (valid && count == 3) {
                unsigned char second = (unsigned char)text[i + 1];
                valid = !(byte == 0xe0 && second < 0xa0) && !(byte == 0xed && second >= 0xa0);
            }
            if (valid && count == 4) {
                unsigned char second = (unsigned char)text[i + 1];
                valid = !(byte == 0xf0 && second < 0x90) && !(byte == 0xf4 && second >= 0x90);
            }
            if (valid) {
                rb_buffer_append(out, text + i, count);
                i += count;
            } else {
                rb_buffer_append(out, "\xef\xbf\xbd", 3);
                i++;
            }
        }
    }
    rb_buffer_append_byte(out, '"');
}

static void append_member(rb_buffer *out, const char *name, const char *text, size_t length) {
    rb_buffer_append_byte(out, ',');
    rb_append_json_string(out, name, strlen(name));
    rb_buffer_append_byte(out, ':');
    rb_append_json_string(out, text, length);
}

/* ,"where":"file:line","traceback":["file:line: in function 'name'",…] */
static void append_position(rb_buffer *out, lua_State *L) {
    lua_Debug record;
    char line[LUA_IDSIZE + 160];
    if (rb_position(L, &record)) {
        int length = snprintf(line, sizeof line, "%s:%d", record.short_src, record.currentline);
        append_member(out, "where", line, (size_t)length);
    }
    rb_buffer_append_text(out, ",\"traceback\":[");
    int shown = 0;
    for (int level = 0; lua_getstack(L, level, &record); level++) {
        lua_getinfo(L, "Slnt", &record);
        bool is_script = record.currentline > 0 && strcmp(record.source, RB_PRELUDE_SOURCE) != 0;
        lua_Debug caller;
        bool from_prelude = lua_getstack(L, level + 1, &caller) && lua_getinfo(L, "S", &caller) &&
                            strcmp(caller.source, RB_PRELUDE_SOURCE) == 0;
        bool is_named_c = *record.what == 'C' && record.name != NULL && !from_prelude;
        if (!is_script && !is_named_c) continue;
        if (shown++ > 0) rb_buffer_append_byte(out, ',');
        if (shown > TRACEBACK_LEVELS) {
            rb_append_json_string(out, "…", strlen("…"));
            break;
        }
        int length;
        if (is_named_c) length = snprintf(line, sizeof line, "[built in]: in function '%.100s'", record.name);
        else if (*record.what == 'm') length = snprintf(line, sizeof line, "%s:%d: in main chunk", record.short_src, record.currentline);
        else if (record.name) length = snprintf(line, sizeof line, "%s:%d: in function '%.100s'", record.short_src, record.currentline, record.name);
        else length = snprintf(line, sizeof line, "%s:%d: in a function that begins at line %d", record.short_src, record.currentline, record.linedefined);
        if (length >= (int)sizeof line) length = (int)sizeof line - 1;
        rb_append_json_string(out, line, (size_t)length);
    }
    rb_buffer_append_byte(out, ']');
}

/* --- failures ---------------------------------------------------------------------------------------------------- */

typedef struct rb_description {
    bool is_error_table; /* raised by a call, not by the script */
    bool has_json;
} rb_description;

/* Leaves the error's text on the stack, and its JSON in the payload if it is a table that has one. */
static int describe_may_raise(lua_State *L) {
    rb_machine *machine = rb_of(L);
    rb_description *description = lua_touserdata(L, 2);
    if (lua_istable(L, 1) && lua_getmetatable(L, 1)) {
        luaL_getmetatable(L, RB_ERROR_METATABLE);
        description->is_error_table = lua_rawequal(L, -1, -2);
    }
    lua_settop(L, 1);
    if (lua_istable(L, 1)) {
        char error[RB_JSON_ERROR_MAX];
        /* With the handles of its secrets: what has one is no less wanted for that. */
        description->has_json =
            rb_json_encode_may_raise(L, machine->codec, 1, "error", RB_JSON_SECRETS, &machine->payload, error) &&
            machine->payload.length <= RB_VALUE_MAX;
    }
    /* A table that cannot be shown as a whole says at least its message. */
    if (lua_istable(L, 1) && !description->has_json && luaL_getmetafield(L, 1, "__tostring") == LUA_TNIL &&
        field(L, 1, "message"))
        return 1;
    rb_tostring_may_raise(L, 1, NULL);
    return 1;
}

void rb_report_failure(rb_machine *machine, lua_State *failed) {
    lua_State *L = machine->L;
    rb_buffer *out = &machine->payload;
    rb_description description = {0};
    rb_open_reserve(machine);
    rb_buffer_clear(out);
    if (failed != L) lua_xmove(failed, L, 1); /* the error; the frames of `failed` stay for the traceback */
    rb_buffer_append_text(out, "{\"value\":");
    lua_pushcfunction(L, describe_may_raise);
    lua_insert(L, -2);
    lua_pushlightuserdata(L, &description);
    size_t length = 0;
    const char *text = NULL;
    if (lua_pcall(L, 2, 1, 0) == LUA_OK) text = lua_tolstring(L, -1, &length);
    if (rb_is_dying(machine, failed)) { /* the payload tells of the limit already */
        lua_pop(L, 1);
        rb_close_reserve(machine);
        return;
    }
    if (length > RB_MESSAGE_MAX) length = RB_MESSAGE_MAX;
    if (!description.has_json || out->failed) {
        rb_buffer_clear(out);
        rb_buffer_append_text(out, "{\"value\":null");
    }
    if (!text) {
        text = "an error whose text could not be made";
        length = strlen(text);
    }
    append_member(out, "kind", description.is_error_table ? "call" : "error", description.is_error_table ? 4 : 5);
    append_member(out, "message", text, length);
    lua_pop(L, 1);
    append_position(out, failed);
    rb_buffer_append_byte(out, '}');
    rb_close_reserve(machine);
}

void rb_report_limit(rb_machine *machine, lua_State *L, rb_death death) {
    static const char *const names[] = {"", "time", "cancelled", "memory", "log", "result", "source", "tasks"};
    rb_buffer *out = &machine->report;
    lua_Debug record;
    /* A task that the prelude made has no place in the script; the main one waits for it where the script does. */
    rb_task *main = rb_task_find(machine, 1);
    if (!rb_position(L, &record) && main) L = main->L;
    rb_buffer_clear(out);
    rb_buffer_append_text(out, "{\"kind\":\"limit\",\"limit\":\"");
    rb_buffer_append_text(out, names[death]);
    rb_buffer_append_byte(out, '"');
    append_position(out, L);
    rb_buffer_append_byte(out, '}');
}
