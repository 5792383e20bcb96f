/*
 * os.time, os.date and os.clock, which read the journal's clock, so that a replay reads what the run read. All times are UTC:
 * a run must read the same on every machine.
 */
#include "rb_internal.h"

#include <limits.h>
#include <math.h>

#define SECONDS_A_DAY 86400

/* Upvalues of what reads the clock: the primitive that calls the host, and the library's own function if there is one. */
#define CALL lua_upvalueindex(1)

typedef struct rb_now {
    lua_Integer unix_milliseconds, run_milliseconds;
} rb_now;

static lua_Integer member(lua_State *L, const char *name, lua_Integer other) {
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    int is_integer;
    lua_Integer value = lua_tointegerx(L, -1, &is_integer);
    lua_pop(L, 1);
    return is_integer ? value : other;
}

/* The host's answer on top of the stack; the last known time if it has none. */
static rb_now take_now_may_raise(lua_State *L) {
    rb_now now = {rb_of(L)->unix_milliseconds, rb_of(L)->run_milliseconds};
    if (lua_istable(L, -1)) {
        now.unix_milliseconds = member(L, "unix", now.unix_milliseconds);
        now.run_milliseconds = member(L, "run", now.run_milliseconds);
    }
    lua_pop(L, 1);
    return now;
}

/* Asks the host for the time, or where no call can be made pushes nothing known, and goes on with `then`. */
static int ask_clock_may_raise(lua_State *L, lua_KFunction then) {
    if (rb_of(L)->current && rb_can_yield(L)) {
        lua_pushvalue(L, CALL);
        lua_pushliteral(L, "clock");
        lua_callk(L, 1, 1, 0, then);
    } else {
        lua_pushnil(L);
    }
    return then(L, LUA_OK, 0);
}

static lua_Integer seconds_of(lua_Integer milliseconds) {
    return milliseconds / 1000 - (milliseconds % 1000 < 0);
}

/* --- os.time ----------------------------------------------------------------------------------------------------- */

static lua_Integer floor_divide(lua_Integer value, lua_Integer by) { return value / by - (value % by < 0); }

/* Days since 1970 of a date in the proleptic Gregorian calendar; the month is from 0 to 11, the day may be any. */
static lua_Integer days_from_date(lua_Integer year, lua_Integer month, lua_Integer day) {
    if (month < 2) year--;
    lua_Integer era = floor_divide(year, 400), year_of_era = year - era * 400;
    lua_Integer day_of_year = (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void set_member_may_raise(lua_State *L, const char *name, lua_Integer value) {
    lua_pushinteger(L, value);
    lua_setfield(L, 1, name);
}

/* A field of the table at 1, less `offset`; `missing` < 0 if there must be one. */
static lua_Integer field_may_raise(lua_State *L, const char *name, lua_Integer missing, lua_Integer offset) {
    int is_integer, type = lua_getfield(L, 1, name);
    lua_Integer value = lua_tointegerx(L, -1, &is_integer);
    if (!is_integer) {
        if (type != LUA_TNIL) return luaL_error(L, "field '%s' is not an integer", name);
        if (missing < 0) return luaL_error(L, "field '%s' missing in date table", name);
        value = missing + offset;
    }
    if (value < INT_MIN + offset || value > INT_MAX + offset) return luaL_error(L, "field '%s' is out-of-bound", name);
    lua_pop(L, 1);
    return value - offset;
}

/* Writes the fields of the time back, as C's mktime does. */
static void normalize_may_raise(lua_State *L, lua_Integer time) {
    lua_Integer days = floor_divide(time, SECONDS_A_DAY), seconds = time - days * SECONDS_A_DAY;
    /* The year is at most one off by its mean length. */
    lua_Integer year = 1970 + floor_divide(days * 400, 146097);
    while (days_from_date(year, 0, 1) > days) year--;
    while (days_from_date(year + 1, 0, 1) <= days) year++;
    if (year - 1900 < INT_MIN || year - 1900 > INT_MAX)
        luaL_error(L, "time result cannot be represented in this installation");
    lua_Integer month = 11;
    while (days_from_date(year, month, 1) > days) month--;
    set_member_may_raise(L, "year", year);
    set_member_may_raise(L, "month", month + 1);
    set_member_may_raise(L, "day", days - days_from_date(year, month, 1) + 1);
    set_member_may_raise(L, "hour", seconds / 3600);
    set_member_may_raise(L, "min", seconds / 60 % 60);
    set_member_may_raise(L, "sec", seconds % 60);
    set_member_may_raise(L, "yday", days - days_from_date(year, 0, 1) + 1);
    set_member_may_raise(L, "wday", (days % 7 + 7 + 4) % 7 + 1); /* 1970 began on a Thursday */
    lua_pushboolean(L, false);
    lua_setfield(L, 1, "isdst");
}

static int finish_time(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    lua_pushinteger(L, seconds_of(take_now_may_raise(L).unix_milliseconds));
    return 1;
}

static int os_time(lua_State *L) {
    if (lua_isnoneornil(L, 1)) return ask_clock_may_raise(L, finish_time);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_Integer year = field_may_raise(L, "year", -1, 1900) + 1900, month = field_may_raise(L, "month", -1, 1),
                day = field_may_raise(L, "day", -1, 0), hour = field_may_raise(L, "hour", 12, 0),
                minute = field_may_raise(L, "min", 0, 0), second = field_may_raise(L, "sec", 0, 0);
    lua_Integer carried = floor_divide(month, 12);
    lua_Integer time = days_from_date(year + carried, month - carried * 12, day) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second;
    normalize_may_raise(L, time);
    lua_pushinteger(L, time);
    return 1;
}

/* --- os.clock, os.date ------------------------------------------------------------------------------------------- */

static int finish_clock(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    lua_pushnumber(L, (lua_Number)take_now_may_raise(L).run_milliseconds / 1000);
    return 1;
}

static int os_clock(lua_State *L) { return ask_clock_may_raise(L, finish_clock); }

static int date_at_may_raise(lua_State *L) {
    const char *format = luaL_optstring(L, 1, "%c");
    if (*format != '!') {
        lua_pushliteral(L, "!");
        if (lua_isnoneornil(L, 1)) lua_pushstring(L, format);
        else lua_pushvalue(L, 1);
        lua_concat(L, 2);
        lua_replace(L, 1);
    }
    return rb_call_library_may_raise(L, 2);
}

static int finish_date(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    rb_now now = take_now_may_raise(L);
    lua_settop(L, 1);
    lua_pushinteger(L, seconds_of(now.unix_milliseconds));
    return date_at_may_raise(L);
}

static int os_date(lua_State *L) {
    luaL_optstring(L, 1, "%c");
    if (!lua_isnoneornil(L, 2)) return date_at_may_raise(L);
    lua_settop(L, 1);
    return ask_clock_may_raise(L, finish_date);
}

void rb_time_open_may_raise(lua_State *L) {
    /* Processes, files, the environment and the locale are the host's. */
    static const char *const removed[] = {"execute", "exit", "getenv", "remove", "rename", "setlocale", "tmpname", NULL};
    lua_getglobal(L, LUA_OSLIBNAME);
    rb_remove_fields_may_raise(L, removed);
    rb_call_open_may_raise(L);
    lua_getfield(L, -1, "call");
    lua_remove(L, -2);
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, os_time, 1);
    lua_setfield(L, -3, "time");
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, os_clock, 1);
    lua_setfield(L, -3, "clock");
    lua_getfield(L, -2, "date");
    lua_pushcclosure(L, os_date, 2);
    lua_setfield(L, -2, "date");
    lua_pop(L, 1);
}
