# The reader stands in a clone, and has a configuration with the target lab, which is a simulated console.
. "$PAGE_REPOSITORY/Tests/DocumentationTests/Preparations/default.sh"
cd ~/runbook
printf '%s' "$PAGE_PASSWORD" >/run/secrets/console
chmod 600 /run/secrets/console
