# A private PostgreSQL cluster with a PgBouncer before it, for one test process.
# Arguments: folder of the server's programs, port of the server, port of the pooler.
set -e
umask 077
bin="$1" port="$2" pooled="$3"
PATH="$PATH:/usr/sbin"
# In memory where there is room: hundreds of databases come and go.
root=/tmp
[ -d /dev/shm ] && [ -w /dev/shm ] && root=/dev/shm
dir="$(mktemp -d "$root/vanthu-pg.XXXXXX")"
failed() { cat "$dir/log" >&2; exit 1; }

"$bin/initdb" -D "$dir/data" -A trust -U vanthu -E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=vi \
    -N >"$dir/log" 2>&1 || failed
{
    echo 'hostssl all qua_mang 127.0.0.1/32 scram-sha-256'
    echo 'host    all qua_mang all          reject'
    cat "$dir/data/pg_hba.conf"
} >"$dir/hba"

certify() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "$@" >>"$dir/log" 2>&1 || failed
}
certify -keyout "$dir/ca.key" -out "$dir/ca.crt" -subj '/CN=CA thu'
certify -keyout "$dir/server.key" -out "$dir/server.crt" -subj /CN=127.0.0.1 -CA "$dir/ca.crt" -CAkey "$dir/ca.key" \
    -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=IP:127.0.0.1

"$bin/postgres" -D "$dir/data" -c hba_file="$dir/hba" -c listen_addresses=127.0.0.1 -c port="$port" \
    -c unix_socket_directories="$dir" -c ssl=on -c ssl_cert_file="$dir/server.crt" -c ssl_key_file="$dir/server.key" \
    -c max_connections=300 -c shared_buffers=32MB -c full_page_writes=off -c autovacuum=off -c max_wal_size=256MB \
    >>"$dir/log" 2>&1 </dev/null &
server=$!
until "$bin/pg_isready" -q -h "$dir" -p "$port"; do
    kill -0 $server || failed
    sleep 0.05
done

# Round robin, so that whatever leans on the session falls at once.
cat >"$dir/pgbouncer.ini" <<CONF
[databases]
* = host=$dir port=$port user=vanthu
[pgbouncer]
listen_port = $pooled
unix_socket_dir = $dir
auth_type = any
pool_mode = transaction
default_pool_size = 8
max_client_conn = 400
server_round_robin = 1
CONF
pgbouncer -q "$dir/pgbouncer.ini" >>"$dir/log" 2>&1 </dev/null &
pooler=$!
until [ -S "$dir/.s.PGSQL.$pooled" ]; do
    kill -0 $pooler || failed
    sleep 0.05
done

echo "$dir"
cat >/dev/null || true
kill -INT $pooler $server
wait $pooler $server || true
rm -rf "$dir"
