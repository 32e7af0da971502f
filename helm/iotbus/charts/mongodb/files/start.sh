# shellcheck shell=bash
# Starts a member. mongod wants its key readable by nobody else, which a mounted Secret cannot be.
set -eu
install -m 0400 /etc/iotbus/keyfile /run/mongodb/keyfile

# The image's entrypoint makes the root user in an empty volume before it starts mongod. Only the first member makes one: the others get it
# from the replica set, which takes no member that has data of its own.
case $HOSTNAME in
  *-0)
    export MONGO_INITDB_ROOT_USERNAME=root
    export MONGO_INITDB_ROOT_PASSWORD_FILE=/etc/iotbus/root-password
    ;;
esac

exec docker-entrypoint.sh mongod \
  --replSet rs0 --keyFile /run/mongodb/keyfile --bind_ip_all --nounixsocket --wiredTigerCacheSizeGB "$CACHE_GIGABYTES"
