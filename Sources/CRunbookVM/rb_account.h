/* What one machine holds of memory, in Lua and beside it: what the memory limit counts. */
#ifndef RB_ACCOUNT_H
#define RB_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rb_account {
    uint64_t used, peak, limit; /* bytes */
    /* Gives up what is only kept for later; whether there was any. NULL if nothing is. */
    bool (*give_up)(void *context);
    void *context;
} rb_account;

/* Counts `bytes` more; false, and nothing is counted, if that would pass the limit. */
static inline bool rb_account_take(rb_account *account, uint64_t bytes) {
    if (bytes > account->limit || account->used > account->limit - bytes) return false;
    account->used += bytes;
    if (account->used > account->peak) account->peak = account->used;
    return true;
}

/* The same for whoever takes memory beside Lua's heap. */
static inline bool rb_account_take_any(rb_account *account, uint64_t bytes) {
    return rb_account_take(account, bytes) ||
           (account->give_up && account->give_up(account->context) && rb_account_take(account, bytes));
}

static inline void rb_account_give(rb_account *account, uint64_t bytes) { account->used -= bytes; }

#endif
