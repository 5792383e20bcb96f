/* Debian's Lua 5.4, as CRunbookVM sees it. No Swift target imports this module. */
#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>
