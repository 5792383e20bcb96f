#define _GNU_SOURCE /* dl_iterate_phdr, REG_RIP */
#include "watch.h"

#include <link.h>
#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>

#include "check_json.h"
#include "rb_internal.h"

static watch *volatile current;
static volatile sig_atomic_t ticks; /* since the machine was interrupted */
static uintptr_t library_start, library_end;

enum { TICK_MS = 5, STUCK_TICKS = WATCH_STUCK_MS / TICK_MS, HOPELESS_TICKS = WATCH_PATIENCE_MS / TICK_MS };

/* Finds the loaded object that Lua is in. */
static int find_library(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size;
    (void)context;
    uintptr_t lua = (uintptr_t)lua_newstate, start = UINTPTR_MAX, end = 0;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD) continue;
        uintptr_t at = object->dlpi_addr + part->p_vaddr;
        if (at < start) start = at;
        if (at + part->p_memsz > end) end = at + part->p_memsz;
    }
    if (lua < start || lua >= end) return 0;
    library_start = start;
    library_end = end;
    return 1;
}

static bool is_in_library(uintptr_t address) { return address >= library_start && address < library_end; }

static uintptr_t interrupted_at(const ucontext_t *context) {
#if defined(__x86_64__)
    return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uintptr_t)context->uc_mcontext.pc;
#else
#error "where does this processor keep the address of the next instruction?"
#endif
}

/* The C function at the top of a call. Lua tells it only by pushing it, which would disturb what is interrupted here, so
   this looks where Lua 5.4 keeps it. */
static lua_CFunction c_function(const lua_Debug *record) {
    const struct {
        lua_CFunction light; /* or the closure */
        uint8_t tag;
    } *value = *(const void *const *)record->i_ci;
    const struct {
        void *next;
        uint8_t tag, mark, upvalues;
        void *list;
        lua_CFunction function;
    } *closure = (const void *)value->light;
    enum { LIGHT = LUA_TFUNCTION | 1 << 4, CLOSURE = LUA_TFUNCTION | 2 << 4 | 1 << 6 };
    return value->tag == LIGHT ? value->light : value->tag == CLOSURE ? closure->function : NULL;
}

/* Whether the machine stands in a C function of Lua's library. */
static bool is_in_library_function(rb_machine *machine) {
    lua_Debug record;
    lua_State *L = machine ? machine->running : NULL;
    if (!L || !lua_getstack(L, 0, &record)) return false;
    lua_getinfo(L, "S", &record);
    return *record.what == 'C' && is_in_library((uintptr_t)c_function(&record));
}

static void report(rb_machine *machine) {
    lua_Debug record;
    lua_State *L = machine ? machine->running : NULL;
    if (!L || !lua_getstack(L, 0, &record)) finding("the machine does not stop, and no script is running");
    lua_getinfo(L, "Sl", &record);
    if (*record.what == 'C') finding("the script does not stop: it stands in one of our C functions");
    finding("the script does not stop: it stands in a Lua function, %s:%d", record.short_src, record.currentline);
}

static void on_tick(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)info;
    watch *watched = current;
    if (!watched) return;
    if (!watched->interrupted) {
        watched->interrupted = true;
        if (watched->interrupt) watched->interrupt();
        else if (watched->machine) rb_machine_interrupt(watched->machine, RB_INTERRUPT_TIME);
        return;
    }
    /* Where calls of library functions are slow, the count hook of a machine that is preempted is seconds away. */
    lua_State *running = watched->machine ? watched->machine->running : NULL;
    if (running) lua_sethook(running, rb_hook_may_raise, LUA_MASKCOUNT, 1);
    ticks++;
    if (ticks > HOPELESS_TICKS) report(watched->machine);
    /* Outside Lua's code a lock may be held, such as the allocator's: a later tick may find it elsewhere. */
    if (ticks < STUCK_TICKS || !is_in_library(interrupted_at(context)) || !is_in_library_function(watched->machine)) return;
    current = NULL;
    watch_end();
    siglongjmp(watched->stuck, 1);
}

static void set_timer(unsigned first, unsigned then) {
    struct itimerval timer = {.it_value = {first / 1000, first % 1000 * 1000}, .it_interval = {then / 1000, then % 1000 * 1000}};
    setitimer(ITIMER_PROF, &timer, NULL);
}

void watch_begin(watch *watched, unsigned milliseconds) {
    if (!library_end) {
        dl_iterate_phdr(find_library, NULL);
        struct sigaction action = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART};
        sigaction(SIGPROF, &action, NULL);
    }
    ticks = 0;
    watched->interrupted = false;
    current = watched;
    set_timer(milliseconds, TICK_MS);
}

void watch_end(void) {
    current = NULL;
    set_timer(0, 0);
}
