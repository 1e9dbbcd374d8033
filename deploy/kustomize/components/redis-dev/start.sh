#!/bin/sh
# A cut-off end of the append-only file is repaired before every start, also when only the container starts again, which an
# init container would not notice: Redis 7.0 may otherwise complete half a script with foreign commands later.
set -eu
manifest=/data/appendonlydir/appendonly.aof.manifest
if [ -f "$manifest" ]; then echo y | redis-check-aof --fix "$manifest"; fi
exec redis-server /etc/redis/redis.conf
