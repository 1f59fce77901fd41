"""The benchmark: how much work a page costs, beside a yardstick measured in the same run."""
