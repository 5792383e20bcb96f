/*
 * What a round trip over a socket pair costs: roundtrip threads|processes BYTES TRIPS
 *
 * One end writes so many bytes and reads them back from the other, both blocking. Prints the seconds that one takes.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static size_t size;

static void fail(const char *why) {
    fprintf(stderr, "roundtrip: %s\n", why);
    exit(1);
}

static void *echo(void *context) {
    int end = *(int *)context;
    char bytes[4096];
    for (;;) {
        ssize_t count = read(end, bytes, size);
        if (count <= 0) return NULL;
        if (write(end, bytes, (size_t)count) != count) return NULL;
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 4) fail("usage: roundtrip threads|processes BYTES TRIPS");
    int ends[2];
    long trips = atol(arguments[3]);
    size = (size_t)atol(arguments[2]);
    if (trips < 1 || size < 1 || size > 4096) fail("from 1 to 4096 bytes, and 1 trip or more");
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) fail("there is no socket pair");
    if (strcmp(arguments[1], "processes") == 0) {
        pid_t child = fork();
        if (child < 0) fail("there is no second process");
        if (child == 0) {
            close(ends[0]);
            echo(&ends[1]);
            _exit(0);
        }
        close(ends[1]);
    } else {
        pthread_t thread;
        if (pthread_create(&thread, NULL, echo, &ends[1]) != 0) fail("there is no second thread");
    }
    char bytes[4096] = "";
    double start = 0;
    for (long trip = -trips / 10; trip < trips; trip++) {
        if (trip == 0) start = now();
        if (write(ends[0], bytes, size) != (ssize_t)size) fail("the other end is gone");
        for (size_t got = 0; got < size;) {
            ssize_t more = read(ends[0], bytes + got, size - got);
            if (more <= 0) fail("the other end is gone");
            got += (size_t)more;
        }
    }
    printf("%.9g\n", (now() - start) / (double)trips);
    return 0;
}
