namespace splitlane {}
