. "$PAGE_REPOSITORY/Tests/DocumentationTests/Preparations/default.sh"
cp ~/runbook/scripts/runbooks/unlock-locked-users.lua unlock.lua
. "$PAGE_REPOSITORY/Tests/DocumentationTests/Preparations/undecided.sh"
# What the decision's call answered on the console.
(umask 077 && printf JBSWY3DPEHPK3PXP >seed.txt)
