# shellcheck shell=sh
# Sends an event through Kong, and waits until Reporting tells it, through Kong too.
set -eu
device=helm-test-$(date +%s)
event=$(cat /proc/sys/kernel/random/uuid)

call() { # METHOD HOST PATH [curl's options]
  method=$1 host=$2 path=$3
  shift 3
  curl --silent --show-error --max-time 10 --request "$method" ${host:+--header "Host: $host"} \
    ${FORWARDED_PROTO:+--header "X-Forwarded-Proto: $FORWARDED_PROTO"} "$@" "$KONG$path"
}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

status=$(call GET "$REPORTING_HOST" /devices --output /dev/null --write-out '%{http_code}')
[ "$status" = 401 ] || fail "a request without a key was answered with $status, not with 401"

status=$(call POST "$API_HOST" /event/telemetry --header "apikey: $KEY" --header 'Content-Type: application/json' --output /tmp/answer --write-out '%{http_code}' \
  --data "{\"event_id\":\"$event\",\"device_id\":\"$device\",\"zone_id\":\"helm-test\",\"temperature\":21.5,\"humidity\":40}")
[ "$status" = 200 ] || fail "the event was answered with $status: $(cat /tmp/answer)"
echo "the event $event of $device was acknowledged"

give_up=$(($(date +%s) + DEADLINE))
until call GET "$REPORTING_HOST" "/devices/$device" --header "apikey: $KEY" --fail --output /tmp/answer 2>/tmp/error; do
  [ "$(date +%s)" -lt "$give_up" ] || fail "Reporting does not know $device after $DEADLINE s: $(cat /tmp/error)"
  sleep 1
done
grep -q 21.5 /tmp/answer || fail "Reporting knows $device, but not what it sent: $(cat /tmp/answer)"
echo "and came back: $(cat /tmp/answer)"
