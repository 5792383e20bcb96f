# A run was killed while the console was making a new two-factor seed, so that nobody knows whether there is one.
cat >~/new-seed.lua <<'END'
runbook { title = "Give user 7 a new seed", needs = { "twofa:write", "users:read" } }
log.info("begun", { login = users.get(7).login })
sleep(3)
twofa.regenerate(7)
END
until
    runbook run ~/new-seed.lua --yes 2>~/new-seed.log &
    run=$!
    until grep -q begun ~/new-seed.log; do sleep 0.05; done
    # It is not to answer any more.
    kill -STOP $simulator
    until runbook show last --calls | grep -qE 'twofa.regenerate|succeeded'; do sleep 0.05; done
    kill -KILL $run
    { wait $run || true; } 2>/dev/null
    kill -CONT $simulator
    runbook show last | grep -q '^running'
do :; done
rm ~/new-seed.log
unset run
