. "$PAGE_REPOSITORY/Tests/DocumentationTests/Preparations/default.sh"
cp ~/runbook/scripts/runbooks/unlock-locked-users.lua .
# Whoever is on duty.
ln -s /bin/true /usr/local/bin/page-me
