# A private PostgreSQL cluster with a PgBouncer before it, for one test process or one test of it.
# Arguments: folder of the server's programs, port of the server, port of the pooler; of a server that is to follow
# another: folder of that one's socket, and its port.
set -e
umask 077
bin="$1" port="$2" pooled="$3" leader="${4:-}" leads="${5:-}"
PATH="$PATH:/usr/sbin"
# In memory where there is room: hundreds of databases come and go.
root=/tmp
[ -d /dev/shm ] && [ -w /dev/shm ] && root=/dev/shm
dir="$(mktemp -d "$root/vanthu-pg.XXXXXX")"
failed() { cat "$dir/log" >&2; exit 1; }

if [ -n "$leader" ]; then
    "$bin/pg_basebackup" -D "$dir/data" -R -c fast -h "$leader" -p "$leads" -U vanthu >"$dir/log" 2>&1 || failed
else
    "$bin/initdb" -D "$dir/data" -A trust -U vanthu -E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=vi \
        -N >"$dir/log" 2>&1 || failed
fi
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

# In its file, so that a test may stop the server and start it again as it was.
cat >>"$dir/data/postgresql.conf" <<CONF
hba_file = '$dir/hba'
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$dir'
ssl = on
ssl_cert_file = '$dir/server.crt'
ssl_key_file = '$dir/server.key'
max_connections = 300
shared_buffers = 32MB
full_page_writes = off
autovacuum = off
max_wal_size = 256MB
CONF
"$bin/postgres" -D "$dir/data" >>"$dir/log" 2>&1 </dev/null &
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
# A test that fell may have left the server stopped.
server="$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null || true)"
[ -z "$server" ] || kill -CONT "$server" $(ps -o pid= --ppid "$server") 2>/dev/null || true
kill -INT $pooler || true
"$bin/pg_ctl" -D "$dir/data" -s -m fast stop >/dev/null 2>&1 || true
wait || true
rm -rf "$dir"
