. "$PAGE_REPOSITORY/Tests/DocumentationTests/Preparations/default.sh"
# Something that stands in the log, and where checkpoints go.
runbook call users.get 7
mkdir -p /mnt/append-only
echo 'audit: { checkpoint: { file: /mnt/append-only/runbook.checkpoints } }' >>~/.config/runbook/config.yaml
