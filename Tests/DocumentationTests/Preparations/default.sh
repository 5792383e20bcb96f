# The reader has a clone in ~/runbook, and a configuration with the target lab, which is a simulated console.
git clone https://git.example.com/runbook.git ~/runbook
runbook simulate --port 0 --users 200 --json >"$PAGE_ROOT/simulator.json" 2>/dev/null &
simulator=$!
until [ -s "$PAGE_ROOT/simulator.json" ]; do sleep 0.05; done
mkdir -p ~/.config/runbook
(umask 077 && jq -rj .password "$PAGE_ROOT/simulator.json" >~/.config/runbook/lab.password)
(umask 077 && jq -rj .xpanse.standard.key "$PAGE_ROOT/simulator.json" >~/.config/runbook/lab.key)
url=$(jq -r .url "$PAGE_ROOT/simulator.json")
cat >~/.config/runbook/config.yaml <<END
default_target: lab
targets:
  lab:
    console: { url: "$url", user: admin, password: { file: ~/.config/runbook/lab.password } }
    xpanse: { url: "$url", key_id: 1, key: { file: ~/.config/runbook/lab.key }, key_type: standard }
END
unset url
