/*
 * How quick the JSON codec is, held against lua-cjson in the same process on the same texts: pages of users as the
 * console answers them. Each round measures every contestant once, in turn, so that a change of the machine's speed
 * meets all of them; shown is the median of the rounds. Usage: json [rounds]
 */
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <lua.hpp>

#include "rb_buffer.h"
#include "rb_json.h"

namespace {

/* MARK: Texts */

/* A fixed sequence, so that every run measures the same texts. */
struct sequence {
    uint64_t state = 42;
    unsigned below(unsigned limit) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<unsigned>((state >> 33) % limit);
    }
};

void append_link(std::string &text, const std::string &path, const char *relation) {
    text += R"({"href":"https://console.example.com:3780/api/3/)" + path + R"(","rel":")" + relation + R"("})";
}

void append_user(std::string &text, unsigned id, sequence &random) {
    static const char *const given[] = {"Ada", "Zoë", "Linus", "Mária", "Ken", "Grace", "Jürgen", "Radia"};
    static const char *const family[] = {"Novák", "Smith", "O'Neill", "García", "Okafor", "Larsen", "Ito", "Dubois"};
    static const char *const roles[][3] = {
        {"global-admin", "Global Administrator", R"("all-permissions")"},
        {"security-manager", "Security Manager",
         R"("create-reports","manage-sites","manage-tags","manage-static-asset-groups","view-site-asset-data")"},
        {"site-admin", "Site Owner",
         R"("create-reports","manage-site-access","view-site-asset-data","assign-scan-engine")"},
        {"user", "User", R"("create-reports","view-asset-group-asset-data","view-site-asset-data")"},
        {"auditors", "External auditors", R"("view-site-asset-data")"},
    };
    const char *const *role = roles[random.below(5)];
    std::string first = given[random.below(8)], last = family[random.below(8)], number = std::to_string(id);
    bool external = random.below(4) == 0;
    text += R"({"authentication":{"external":)" + std::string(external ? "true" : "false") + R"(,"id":)" +
            (external ? "3" : "1") + R"(,"links":[)";
    append_link(text, external ? "authentication_sources/3" : "authentication_sources/1", "self");
    text += R"(],"name":")" + std::string(external ? "Corporate directory" : "Builtin Users") + R"(","type":")" +
            (external ? "ldap" : "normal") + R"("})";
    text += R"(,"email":"user)" + number + R"(@example.com","enabled":)" + (random.below(10) ? "true" : "false") +
            R"(,"id":)" + number + R"(,"links":[)";
    append_link(text, "users/" + number, "self");
    text += ',';
    append_link(text, "users/" + number + "/sites", "Sites");
    text += ',';
    append_link(text, "users/" + number + "/asset_groups", "Asset Groups");
    text += R"(],"locale":{"default":"en-us","reports":"en-us"},"locked":)";
    text += random.below(10) ? "false" : "true";
    text += R"(,"login":"user)" + number + R"(","name":")" + first + " " + last + R"(","role":{"allAssetGroups":)" +
            (random.below(2) ? "true" : "false") + R"(,"allSites":)" + (random.below(2) ? "true" : "false") +
            R"(,"id":")" + role[0] + R"(","name":")" + role[1] + R"(","privileges":[)" + role[2] +
            R"(],"superuser":false}})";
}

std::string page_of_users(unsigned count) {
    sequence random;
    std::string text = R"({"links":[)", size = std::to_string(count);
    append_link(text, "users?page=0&size=" + size + "&sort=id,asc", "self");
    text += R"(],"page":{"number":0,"size":)" + size + R"(,"totalPages":1,"totalResources":)" + size +
            R"(},"resources":[)";
    for (unsigned id = 1; id <= count; id++) {
        if (id > 1) text += ',';
        append_user(text, id, random);
    }
    return text + "]}";
}

/* MARK: Measuring */

[[noreturn]] void die(const char *what, const char *why) {
    std::fprintf(stderr, "bench-json: %s: %s\n", what, why);
    std::exit(1);
}

struct machine {
    lua_State *L = luaL_newstate();
    rb_json *codec = rb_json_new(nullptr);
    rb_buffer out = {};
    char error[RB_JSON_ERROR_MAX] = "";

    machine() {
        if (!L || !codec) die("cannot start", "not enough memory");
        luaL_openlibs(L);
        rb_json_open_may_raise(L);
        lua_getglobal(L, "require");
        lua_pushliteral(L, "cjson");
        if (lua_pcall(L, 1, 1, 0) != LUA_OK) die("cannot load lua-cjson", lua_tostring(L, -1));
        lua_getfield(L, -1, "decode");
        lua_setglobal(L, "cjson_decode");
        lua_getfield(L, -1, "encode");
        lua_setglobal(L, "cjson_encode");
        lua_pop(L, 1);
    }

    ~machine() {
        lua_close(L);
        rb_json_free(codec);
        rb_buffer_free(&out);
    }

    void decode(const std::string &text, unsigned flags) {
        if (!rb_json_decode_may_raise(L, codec, text.data(), text.size(), flags, error)) die("decode", error);
    }

    void encode() {
        rb_buffer_clear(&out);
        if (!rb_json_encode_may_raise(L, codec, -1, "page", 0, &out, error)) die("encode", error);
    }

    /* Calls one of lua-cjson's functions with the value at the stack's top. */
    void call(const char *function) {
        lua_getglobal(L, function);
        lua_pushvalue(L, -2);
        if (lua_pcall(L, 1, 1, 0) != LUA_OK) die(function, lua_tostring(L, -1));
    }
};

enum contestant { ours, ours_without_links, cjson, contestants };
enum task { decoding, decoding_and_collecting, encoding };

/* Seconds for one go. Whatever garbage there was before is collected first. */
double measure(machine &m, const std::string &text, task task, contestant who, int goes) {
    lua_State *L = m.L;
    int top = lua_gettop(L);
    if (task == encoding) {
        if (who == cjson) {
            lua_pushlstring(L, text.data(), text.size());
            m.call("cjson_decode");
        } else {
            m.decode(text, who == ours_without_links ? RB_JSON_DROP_LINKS : 0);
        }
    } else if (who == cjson) {
        lua_pushlstring(L, text.data(), text.size());
    }
    lua_gc(L, LUA_GCCOLLECT);
    int before = lua_gettop(L);
    auto start = std::chrono::steady_clock::now();
    for (int go = 0; go < goes; go++) {
        if (who == cjson) {
            m.call(task == encoding ? "cjson_encode" : "cjson_decode");
        } else if (task == encoding) {
            m.encode();
        } else {
            m.decode(text, who == ours_without_links ? RB_JSON_DROP_LINKS : 0);
        }
        lua_settop(L, before);
        if (task == decoding_and_collecting) lua_gc(L, LUA_GCCOLLECT);
    }
    std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    lua_settop(L, top);
    return taken.count() / goes;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void compare(machine &m, unsigned users, task task, const char *name, int rounds) {
    std::string text = page_of_users(users);
    int goes = std::max(1, static_cast<int>(10000 / users));
    std::vector<double> rates[contestants], ratios;
    for (int round = 0; round < rounds; round++) {
        double rate[contestants];
        for (int turn = 0; turn < contestants; turn++) {
            int who = (turn + round) % contestants; /* no contestant always comes after the same one */
            rate[who] = static_cast<double>(text.size()) / 1e6 /
                        measure(m, text, task, static_cast<contestant>(who), goes);
            rates[who].push_back(rate[who]);
        }
        ratios.push_back(rate[ours] / rate[cjson]);
    }
    std::printf("%-20s %6u %8.2f %10.0f %10.0f %7.2f %14.0f\n", name, users, static_cast<double>(text.size()) / 1e6,
                median(rates[ours]), median(rates[cjson]), median(ratios), median(rates[ours_without_links]));
}

} // namespace

int main(int count, char **arguments) {
    int rounds = count > 1 ? std::atoi(arguments[1]) : 15;
    if (rounds < 1) die("rounds", "a number from 1 on is due");
    std::printf("Medians of %d rounds, in MB of the whole text a second; \"ratio\" is codec to lua-cjson, both with "
                "all links.\n\n",
                rounds);
    std::printf("%-20s %6s %8s %10s %10s %7s %14s\n", "", "users", "MB", "codec", "lua-cjson", "ratio",
                "without links");
    for (unsigned users : {500u, 20000u}) {
        machine m;
        compare(m, users, decoding, "decode", rounds);
        compare(m, users, decoding_and_collecting, "decode and collect", rounds);
        compare(m, users, encoding, "encode", rounds);
    }
    return 0;
}
