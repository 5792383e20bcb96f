/*
 * What host and worker say to each other over their socket: frames of a header and a payload, all numbers little-endian.
 *
 *   header   u32 length of the payload, u8 type
 *
 * Host to worker
 *   I  u64 memory, u64 source, u64 log, u64 result, u32 tasks, u32 reserved (the limits), u64 seed,
 *      u32 whether it is a session, u32 reserved, then four texts, each u32 length and bytes: names to bind, prelude,
 *      script's name, script's source; a session has no script
 *   V  the limits as in I, u32 number, u32 kind (rb_statement_kind), then two texts: a statement's name and its source. The
 *      next one of a session, after Y; their numbers rise
 *   R  u32 id, u32 flags, u64 unix milliseconds, u64 run milliseconds, JSON: the reply to a call, which waits for it
 *   A  the same for a call that may not have been made when the host sends it: an answer given ahead
 *   N  the limits as in I: others from here on
 *   S  nothing: the host asks to be told once what it has sent so far is taken in and every task waits
 * Worker to host
 *   H  the confinement report as JSON: the worker is confined and waits for I
 *   C  records as rb_machine_take_output gives them
 *   F  u64 peak of memory, JSON result
 *   E  u64 peak of memory, JSON failure
 *   L  u64 peak of memory, JSON limit
 *   D  u64 peak of memory, u32 id: every task waits, and none for the answer to call `id`, which was given ahead: the
 *      script has diverged from the one that the answers are for
 *   W  nothing: the word that an S asks for, one for each; what the script put out before has been sent
 *   Y  nothing: a session's worker waits for V. After the prelude, and after the F, E or L of a statement with which the
 *      machine is not lost
 *   X  text: the worker cannot do its work (it could not be confined, or the host is out of step)
 *
 * A run is interrupted by a signal, SIGUSR1 when its time is up and SIGUSR2 when it is cancelled, sent with the number of
 * the statement that is meant, 0 for a run. The same once more: it should say where it stands, in whatever it is doing, and
 * end. A worker that no statement runs on takes no notice.
 *
 * The worker takes frames only while every task waits, in the order in which they were sent: what the script does depends on
 * that order, and not on when they come or how many of them come at once. F, E, L, D and X are the last it says; in a session
 * D and X are, and F, E and L are the last of a statement: what the host has sent for that one is taken up to V and dropped.
 */
#ifndef RB_FRAME_H
#define RB_FRAME_H

#define RB_FRAME_HEADER 5
#define RB_FRAME_MAX (256u * 1024 * 1024)

enum rb_frame {
    RB_FRAME_INIT = 'I',
    RB_FRAME_REPLY = 'R',
    RB_FRAME_AHEAD = 'A',
    RB_FRAME_NARROW = 'N',
    RB_FRAME_SYNCHRONIZE = 'S',
    RB_FRAME_STATEMENT = 'V',
    RB_FRAME_HELLO = 'H',
    RB_FRAME_CALLS = 'C',
    RB_FRAME_FINISHED = 'F',
    RB_FRAME_FAILED = 'E',
    RB_FRAME_LIMIT = 'L',
    RB_FRAME_DIVERGED = 'D',
    RB_FRAME_WAITING = 'W',
    RB_FRAME_READY = 'Y',
    RB_FRAME_BROKEN = 'X'
};

/* The descriptor of the worker's end of the socket. */
#define RB_WORKER_SOCKET 3

#endif
