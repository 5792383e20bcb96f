import Glibc

// Gives the host one kind of work, so that scripts/counts can count what it takes:
//
//   count-calls WORK COUNT REPLY
//
// REPLY is a file with the JSON that calls are answered with, or the address of a console that answers them.

let arguments = CommandLine.arguments
guard arguments.count == 4, let work = Work(rawValue: arguments[1]), let count = Int(arguments[2]) else {
    print("usage: count-calls WORK COUNT REPLY")
    exit(64)
}
Task.detached {
    do {
        try await work.carryOut(count, reply: arguments[3])
        exit(0)
    } catch {
        print("count-calls: \(error)")
        exit(1)
    }
}
// Not by waiting for the task: Swift's runtime would then suspend the main thread by a system call that valgrind 3.19
// breaks down at (sigsuspend, with a mask in memory that cannot be written).
while true { sleep(1_000) }
