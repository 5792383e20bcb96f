/*
 * What a call costs in C alone: call bare|machine CALLS
 *
 * A script calls a function so often that yields, and is resumed with the reply. `bare`: Lua's own lua_yieldk and
 * lua_resume, the argument and the reply's text as they are. `machine`: the product's, which writes the argument as JSON
 * and reads the reply into a table. Prints the seconds that one call took.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rb.h"

static const char reply[] = "{\"id\":7,\"login\":\"ada\",\"name\":\"Ada\",\"enabled\":true,\"locked\":false}";

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *why) {
    fprintf(stderr, "call: %s\n", why);
    exit(1);
}

static int finish(lua_State *L, int status, lua_KContext context) {
    (void)L;
    (void)status;
    (void)context;
    return 1;
}

static int get(lua_State *L) { return lua_yieldk(L, lua_gettop(L), 0, finish); }

static double run_bare(const char *source, long calls) {
    lua_State *main = luaL_newstate();
    if (!main) fail("there is not enough memory");
    luaL_openlibs(main);
    lua_newtable(main);
    lua_pushcfunction(main, get);
    lua_setfield(main, -2, "get");
    lua_setglobal(main, "users");
    lua_State *L = lua_newthread(main);
    if (luaL_loadstring(L, source) != LUA_OK) fail(lua_tostring(L, -1));
    long made = 0, sum = 0;
    int count, status, arguments = 0;
    double start = now();
    while ((status = lua_resume(L, main, arguments, &count)) == LUA_YIELD) {
        made++;
        sum += lua_tointeger(L, -1);
        lua_pop(L, count);
        lua_pushlstring(L, reply, sizeof reply - 1);
        arguments = 1;
    }
    double taken = now() - start;
    if (status != LUA_OK) fail(lua_tostring(L, -1));
    if (made != calls || sum != 7 * calls) fail("the script did not make its calls");
    lua_close(main);
    return taken;
}

static double run_machine(const char *source, long calls) {
    rb_limits limits = {
        .memory = (uint64_t)128 << 20, .source = 1 << 20, .log = 1 << 20, .result = 1 << 20, .tasks = 10};
    rb_machine *machine = rb_machine_new(limits, 42);
    static const char names[] = "users.get";
    if (!machine || !rb_machine_bind(machine, names, sizeof names)) fail("there is not enough memory");
    if (!rb_machine_start(machine, "call.lua", source, strlen(source))) fail("the script cannot be compiled");
    long made = 0;
    rb_event event;
    double start = now();
    while ((event = rb_machine_step(machine)) == RB_EVENT_WAITING) {
        size_t length;
        const uint8_t *record = rb_machine_take_output(machine, &length);
        uint32_t id;
        memcpy(&id, record, sizeof id);
        made++;
        rb_machine_set_clock(machine, 0, 0);
        if (!rb_machine_reply(machine, id, 0, reply, sizeof reply - 1)) fail("the machine does not wait");
    }
    double taken = now() - start;
    if (event != RB_EVENT_FINISHED || made != calls) fail("the script did not make its calls");
    rb_machine_free(machine);
    return taken;
}

int main(int count, char **arguments) {
    long calls = count == 3 ? atol(arguments[2]) : 0;
    if (calls < 1) fail("usage: call bare|machine CALLS");
    char source[100];
    snprintf(source, sizeof source, "for _ = 1, %ld do users.get(7) end", calls);
    double taken;
    if (strcmp(arguments[1], "bare") == 0) taken = run_bare(source, calls);
    else if (strcmp(arguments[1], "machine") == 0) taken = run_machine(source, calls);
    else fail("usage: call bare|machine CALLS");
    printf("%.9g\n", taken / (double)calls);
    return 0;
}
