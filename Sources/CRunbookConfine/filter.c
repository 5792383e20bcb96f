/*
 * The allow-list. What is not on it kills the process, so a mistake here is seen at once and not as an odd errno.
 *
 * Left out on purpose:
 *   sendmsg, recvmsg         their addresses and descriptors lie in memory, where a filter cannot look: recvmsg could
 *                            take in descriptors, sendmsg could address another socket
 *   mprotect                 malloc needs it for further arenas only, of which there are none; without it the
 *                            relocated tables stay read-only
 *   rt_sigaction             handlers are installed before the confinement
 *   futex, but for waking    there is one thread and nobody to wait for; C++ wakes nobody when it has initialised
 *                            something
 *   poll, nanosleep          the worker waits by reading its socket
 *   getrandom                a run's randomness is the host's to give, so that it can be replayed
 */
#define _GNU_SOURCE
#include "filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#define RB_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define RB_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef RB_AUDIT_ARCH

/* Numbers from here on are the x32 calls of x86_64, which mean other calls than the same numbers below; no other
   architecture has any. */
#define RB_X32_BIT 0x40000000U

typedef struct filter {
    struct sock_filter code[256];
    unsigned short count;
} filter;

static void emit(filter *program, uint16_t code, uint8_t if_true, uint8_t if_false, uint32_t operand) {
    if (program->count < sizeof program->code / sizeof *program->code) {
        program->code[program->count] = (struct sock_filter)BPF_JUMP(code, operand, if_true, if_false);
    }
    program->count++;
}

static void load(filter *program, size_t offset) { emit(program, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset); }
static void answer(filter *program, uint32_t action) { emit(program, BPF_RET | BPF_K, 0, 0, action); }

static void load_low(filter *program, int argument) {
    load(program, offsetof(struct seccomp_data, args) + 8 * (size_t)argument);
}
static void load_high(filter *program, int argument) {
    load(program, offsetof(struct seccomp_data, args) + 8 * (size_t)argument + 4);
}

/* A block: what is asked of one system call. It ends in an answer, so that nothing runs on into the next. */
static unsigned short begin(filter *program, uint32_t number) {
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, number);
    return (unsigned short)(program->count - 1);
}
static void end(filter *program, unsigned short start) {
    answer(program, SECCOMP_RET_ALLOW);
    if (start < sizeof program->code / sizeof *program->code) {
        program->code[start].jf = (uint8_t)(program->count - start - 1);
    }
}

/* The kernel takes an `int` argument's lower half only, so the upper one may hold anything. */
static void require_equal(filter *program, int argument, uint32_t value) {
    load_low(program, argument);
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, value);
    answer(program, SECCOMP_RET_KILL_PROCESS);
}
static void require_below(filter *program, int argument, uint32_t bound) {
    load_low(program, argument);
    emit(program, BPF_JMP | BPF_JGE | BPF_K, 0, 1, bound);
    answer(program, SECCOMP_RET_KILL_PROCESS);
}
/* A `long` or a pointer is looked at whole: no bits but those of `mask`. */
static void require_bits_within(filter *program, int argument, uint32_t mask) {
    load_high(program, argument);
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0);
    answer(program, SECCOMP_RET_KILL_PROCESS);
    load_low(program, argument);
    emit(program, BPF_JMP | BPF_JSET | BPF_K, 0, 1, ~mask);
    answer(program, SECCOMP_RET_KILL_PROCESS);
}

static void allow(filter *program, uint32_t number) { end(program, begin(program, number)); }

static void allow_on_socket(filter *program, uint32_t number, int socket_fd) {
    unsigned short block = begin(program, number);
    require_equal(program, 0, (uint32_t)socket_fd);
    end(program, block);
}

/* Standard error is closed. The C library writes its last words there before it aborts: they get the closed
   descriptor's own answer, so that the process dies of the abort and not, misleadingly, of the writing. */
static void allow_writing(filter *program, uint32_t number, int socket_fd) {
    unsigned short block = begin(program, number);
    load_low(program, 0);
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, STDERR_FILENO);
    answer(program, SECCOMP_RET_ERRNO | EBADF);
    require_equal(program, 0, (uint32_t)socket_fd);
    end(program, block);
}

static void build(filter *program, int socket_fd) {
    unsigned short block;

    load(program, offsetof(struct seccomp_data, arch));
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, RB_AUDIT_ARCH);
    answer(program, SECCOMP_RET_KILL_PROCESS);
    load(program, offsetof(struct seccomp_data, nr));
    emit(program, BPF_JMP | BPF_JGE | BPF_K, 0, 1, RB_X32_BIT);
    answer(program, SECCOMP_RET_KILL_PROCESS);

    /* The frames, first because they are the most. */
    allow_on_socket(program, SYS_read, socket_fd);
    allow_writing(program, SYS_write, socket_fd);
    allow_on_socket(program, SYS_recvfrom, socket_fd);
    block = begin(program, SYS_sendto);
    require_equal(program, 0, (uint32_t)socket_fd);
    require_bits_within(program, 4, 0); /* no address: only to whom the socket is connected */
    end(program, block);
    allow_on_socket(program, SYS_readv, socket_fd);
    allow_writing(program, SYS_writev, socket_fd);

    /* Memory: anonymous, private, at a place that the kernel chooses, never executable. */
    allow(program, SYS_brk);
    allow(program, SYS_munmap);
    block = begin(program, SYS_mmap);
    require_bits_within(program, 2, PROT_READ | PROT_WRITE);
    require_bits_within(program, 3, MAP_PRIVATE | MAP_ANONYMOUS);
    require_equal(program, 3, MAP_PRIVATE | MAP_ANONYMOUS);
    end(program, block);
    block = begin(program, SYS_mremap);
    require_equal(program, 3, MREMAP_MAYMOVE);
    end(program, block);
    block = begin(program, SYS_madvise);
    require_equal(program, 2, MADV_DONTNEED);
    end(program, block);

    /* The clocks, for machines whose clock the vDSO cannot read. Numbers above are devices. */
    block = begin(program, SYS_clock_gettime);
    require_below(program, 0, CLOCK_MONOTONIC_COARSE + 1);
    end(program, block);
    allow(program, SYS_gettimeofday);
#ifdef SYS_time
    allow(program, SYS_time);
#endif

    /* The signal that interrupts a script, and a call interrupted by it. */
    allow(program, SYS_rt_sigreturn);
    allow(program, SYS_rt_sigprocmask);
    allow(program, SYS_restart_syscall);

    /* abort: a signal to itself, and no other one. */
    allow(program, SYS_getpid);
    allow(program, SYS_gettid);
    block = begin(program, SYS_tgkill);
    require_equal(program, 0, (uint32_t)getpid());
    require_equal(program, 1, (uint32_t)gettid());
    require_equal(program, 2, SIGABRT);
    end(program, block);

    block = begin(program, SYS_futex);
    require_equal(program, 1, FUTEX_WAKE_PRIVATE);
    end(program, block);
    block = begin(program, SYS_prctl);
    require_equal(program, 0, PR_GET_SECCOMP);
    end(program, block);
    allow(program, SYS_exit_group);
    allow(program, SYS_exit);
    answer(program, SECCOMP_RET_KILL_PROCESS);
}

int rb_filter_install(int socket_fd) {
    filter program = {.count = 0};
    uint32_t action = SECCOMP_RET_KILL_PROCESS;
    /* Older kernels take the action and kill a thread only. */
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0) return errno;
    build(&program, socket_fd);
    if (program.count > sizeof program.code / sizeof *program.code) return E2BIG;
    struct sock_fprog installed = {.len = program.count, .filter = program.code};
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &installed);
    if (result > 0) return EDEADLK; /* the id of a thread that has a filter of its own */
    return result == 0 ? 0 : errno;
}

#else

int rb_filter_install(int socket_fd) {
    (void)socket_fd;
    return ENOSYS;
}

#endif
