/*
 * The seed of Lua's hashes. Lua draws it from the time and from addresses; where a table keeps its keys follows from it, hence
 * when the table grows, and hence what `#` says of one with holes: a script that is run again could do something else.
 * Here a new state gets the run's own seed.
 */
#ifndef RB_SEED_H
#define RB_SEED_H

#include <lua5.4/lua.h>
#include <stdint.h>

/* lua_newstate, with that seed. Where Lua's state is not as it is known here it keeps the seed that it has drawn. */
lua_State *rb_seed_newstate(lua_Alloc allocate, void *context, uint64_t seed);

#endif
