# shellcheck shell=bash
# What `up`, `chaos` and the deploy tier of `test all` share: kubectl, waiting, and rushes of orders. Sourced, never run.

folder=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# A command, perhaps of several words.
read -ra kubectl <<<"${KUBECTL:-kubectl}"
k() { "${kubectl[@]}" --namespace quickbite "$@"; }

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }
die() {
  say "$@" >&2
  exit 1
}

# within SECONDS COMMAND…: until it succeeds.
within() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || die "no success in time: $*"
    sleep 0.5
  done
}

# The scripts that make the parts of the database visible to a person: sql DATABASE STATEMENT.
sql() { k exec postgres-0 -- psql --host=/tmp --username=postgres --no-psqlrc -At --dbname="$1" --command="$2"; }

available() { [[ $(k get "$1" -o 'jsonpath={.status.availableReplicas}') == "$2" ]]; }

# all_ready SECONDS: both stores, and two of each service.
all_ready() {
  local deadline=$((SECONDS + $1)) one
  for one in statefulset/postgres=1 statefulset/kafka=1 deployment/orders=2 deployment/inventory=2; do
    within $((deadline - SECONDS)) available "${one%=*}" "${one#*=}"
  done
}

# rush NAME ORDERS RATE [MORE]: begins one.
rush() {
  k delete job "rush-$1" --ignore-not-found --wait >/dev/null
  sed -e "s/@NAME@/$1/" -e "s/@ORDERS@/$2/" -e "s/@RATE@/$3/" -e "s/, @MORE@/${4:+, $4}/" "$folder/rush.yaml" |
    k apply --filename - >/dev/null
  within 60 taken "$1" 1
}

# taken NAME NUMBER: whether so many of its orders are in the database.
taken() { (($(sql quickbite_orders "SELECT count(*) FROM orders WHERE user_id = 'rush-$1'") >= $2)); }

# rush_holds NAME SECONDS: waits for its end, shows what it says, and fails where it does.
rush_holds() {
  local deadline=$((SECONDS + $2)) state=''
  until [[ $state == *Complete* || $state == *Failed* ]]; do
    ((SECONDS < deadline)) || { k logs "job/rush-$1" --tail=5; die "rush $1 does not end"; }
    sleep 1
    state=$(k get job "rush-$1" -o 'jsonpath={.status.conditions[?(@.status=="True")].type}' 2>/dev/null || true)
  done
  k logs --selector "job-name=rush-$1" --tail=20 | grep -v ' orders taken, ' | sed 's/^/    /'
  [[ $state == *Complete* ]] || die "rush $1 did not hold"
}

pods() { k get pods --selector "app.kubernetes.io/name=$1" --field-selector status.phase=Running -o 'jsonpath={.items[*].metadata.name}'; }

# gone POD…: at once, as if the node had been lost.
gone() { k delete pod --grace-period=0 --force "$@" >/dev/null 2>&1; }

kind_of() { case $1 in postgres | kafka) echo statefulset ;; *) echo deployment ;; esac; }
