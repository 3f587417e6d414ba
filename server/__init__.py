"""The shell: sockets, tasks, time, logs and settings."""
