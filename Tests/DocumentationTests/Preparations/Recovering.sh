. "$PAGE_REPOSITORY/Tests/DocumentationTests/Preparations/default.sh"
. "$PAGE_REPOSITORY/Tests/DocumentationTests/Preparations/undecided.sh"
