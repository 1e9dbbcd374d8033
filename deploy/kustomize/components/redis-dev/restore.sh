#!/bin/sh
# restore.sh BACKUP [DATA]: puts a backup (redis-cli --rdb) in the place of everything that the running Redis holds, and ends Redis, which
# comes back with it: a snapshot may be the base of an append-only file.
set -eu
backup=$1
folder=${2:-/data}/appendonlydir
head -c 5 "$backup" | grep -q REDIS || { echo "$backup is no snapshot of Redis" >&2; exit 1; }
rm -rf "$folder.restored"
mkdir "$folder.restored"
cp "$backup" "$folder.restored/appendonly.aof.1.base.rdb"
echo 'file appendonly.aof.1.base.rdb seq 1 type b' >"$folder.restored/appendonly.aof.manifest"
rm -rf "$folder"
mv "$folder.restored" "$folder"
${REDIS_CLI:-redis-cli} shutdown nosave
