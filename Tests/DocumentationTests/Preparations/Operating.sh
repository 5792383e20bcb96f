. "$PAGE_REPOSITORY/Tests/DocumentationTests/Preparations/default.sh"
# The console's password was asked for in the tutorial.
(umask 077 && printf '%s' "$PAGE_PASSWORD" >~/.config/runbook/prod.password)
