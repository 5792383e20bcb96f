// A library that is loaded into the program before the C library's own functions are found, and ends it, or its worker,
// in the midst of its work: right before the nth commit of its store or request to a server, or when the commit is
// made or the answer has arrived and the program has not heard of it yet.
//
// The program is the one that people use; nothing in it knows of this. What is asked for stands in the environment:
//
//   KILL_PROBE=kill@request:3   at the third request: kill (this process), worker (its worker), or stop (with SIGSTOP)
//   KILL_PROBE_LOG=FILE         each moment that is passed goes there, a line such as "request 3"
//   KILL_PROBE_HOST=NAME        what the machine is called, as if the process ran on another one
//   KILL_PROBE_LATER=SECONDS    how much later than it is every clock is; after `stop` from the moment it goes on, else
//                               from the beginning
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum moment { COMMIT, COMMITTED, REQUEST, ANSWER, MOMENTS };

static const char *const names[MOMENTS] = {"commit", "committed", "request", "answer"};

static _Atomic int passed[MOMENTS];
static _Atomic int wanted_moment = -1;
static int wanted_number;
static char action;  // the first letter; 0 for none
static int log_file = -1;
static long later;  // seconds
static _Atomic long offset;
// Whether this process has the right to write to its store, and whether it has written anything since.
static _Atomic bool may_write, is_writing;
// Whether it is about to stand still, which it does not with the right to write: nobody else would have it then.
static _Atomic bool is_stopping;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_read)(int, void *, size_t);

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    real_write = REAL(write);
    real_read = REAL(read);
    const char *path = getenv("KILL_PROBE_LOG"), *wish = getenv("KILL_PROBE"), *seconds = getenv("KILL_PROBE_LATER");
    if (path) log_file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (seconds) later = atol(seconds);
    char what[16], when[16];
    int number;
    if (wish && sscanf(wish, "%15[^@]@%15[^:]:%d", what, when, &number) == 3) {
        for (int moment = 0; moment < MOMENTS; moment++) {
            if (strcmp(when, names[moment]) == 0) wanted_moment = moment;
        }
        wanted_number = number;
        action = what[0];
    }
    if (action != 's') offset = later;
}

static void note(const char *text, int number) {
    if (log_file < 0) return;
    char line[32];
    int length = snprintf(line, sizeof line, "%s %d\n", text, number);
    ssize_t written = real_write(log_file, line, (size_t)length);
    (void)written;
}

// The worker is the program's only child.
static void kill_worker(void) {
    DIR *processes = opendir("/proc");
    if (!processes) return;
    for (struct dirent *entry; (entry = readdir(processes));) {
        int process = atoi(entry->d_name);
        if (process <= 0) continue;
        char path[32], text[512];
        snprintf(path, sizeof path, "/proc/%d/stat", process);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        ssize_t count = real_read(file, text, sizeof text - 1);
        close(file);
        if (count <= 0) continue;
        text[count] = 0;
        const char *end = strrchr(text, ')');
        char state;
        int parent;
        if (!end || sscanf(end + 1, " %c %d", &state, &parent) != 2) continue;
        if (parent == getpid() && state != 'Z' && kill(process, SIGKILL) == 0) note("killed worker", process);
    }
    closedir(processes);
}

static void pass(enum moment moment) {
    int number = atomic_fetch_add(&passed[moment], 1) + 1;
    note(names[moment], number);
    if (moment != (enum moment)wanted_moment || number != wanted_number) return;
    switch (action) {
    case 'k':
        note("killed", getpid());
        kill(getpid(), SIGKILL);
        for (;;) pause();  // until the signal has reached this thread too
    case 'w': kill_worker(); break;
    case 's':
        is_stopping = true;
        while (may_write) usleep(100);
        note("stopped", getpid());
        kill(getpid(), SIGSTOP);
        offset = later;
        is_stopping = false;
        note("continued", getpid());
        break;
    default: break;
    }
}

// MARK: What is watched

static bool is_of_store(int file, const char *ending) {
    char link[32], path[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t count = readlink(link, path, sizeof path), length = (ssize_t)strlen(ending);
    return count > length && memcmp(path + count - length, ending, (size_t)length) == 0;
}

static bool is_connection(int file) {
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    return getpeername(file, (struct sockaddr *)&address, &size) == 0 && address.sin_family == AF_INET;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
    if (is_of_store(file, "-wal") && !atomic_exchange(&is_writing, true)) pass(COMMIT);
    return REAL(pwrite64)(file, bytes, count, place);
}

// SQLite's right to write is a lock on the first byte behind the head of a file of its own. It is given back at the end of
// each commit, when all is in the file and synchronised, if that was asked for.
static bool is_right_to_write(int file, int command, const struct flock *lock) {
    enum { HEAD = 120 };
    return command == F_SETLK && lock->l_start == HEAD && is_of_store(file, "-shm");
}

static int lock_or_unlock(int file, int command, struct flock *lock, int (*real)(int, int, ...)) {
    if (lock->l_type == F_UNLCK) {
        int code = real(file, command, lock);
        may_write = false;
        if (atomic_exchange(&is_writing, false)) pass(COMMITTED);
        return code;
    }
    for (;;) {
        may_write = true;
        if (!is_stopping) break;
        may_write = false;
        usleep(100);
    }
    int code = real(file, command, lock);
    if (code != 0) may_write = false;
    return code;
}

int fcntl64(int file, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);  // a number has the same place
    va_end(rest);
    if (!is_right_to_write(file, command, argument)) return REAL(fcntl64)(file, command, argument);
    return lock_or_unlock(file, command, argument, REAL(fcntl64));
}

int fcntl(int file, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    if (!is_right_to_write(file, command, argument)) return REAL(fcntl)(file, command, argument);
    return lock_or_unlock(file, command, argument, REAL(fcntl));
}

ssize_t write(int file, const void *bytes, size_t count) {
    if (is_connection(file)) pass(REQUEST);
    return real_write(file, bytes, count);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    if (is_connection(file)) pass(REQUEST);
    return REAL(writev)(file, parts, count);
}

static ssize_t answered(int file, ssize_t count) {
    if (count > 0 && is_connection(file)) pass(ANSWER);
    return count;
}

ssize_t read(int file, void *bytes, size_t count) { return answered(file, real_read(file, bytes, count)); }

ssize_t recv(int file, void *bytes, size_t count, int flags) {
    return answered(file, REAL(recv)(file, bytes, count, flags));
}

// MARK: Another machine, another time

int uname(struct utsname *name) {
    int code = REAL(uname)(name);
    const char *host = getenv("KILL_PROBE_HOST");
    if (code == 0 && host) snprintf(name->nodename, sizeof name->nodename, "%s", host);
    return code;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int code = REAL(clock_gettime)(clock, time);
    if (code == 0) time->tv_sec += offset;
    return code;
}
