# A private PostgreSQL for the demo and the tests; source this file (bash).
#
# PostgreSQL finds its lib and share folders relative to its own program, so a tree of links with georisk
# installed into it is a server of our own: nothing is written into the system's folders, no root is needed.
#
#   server_create DIR    builds the tree, installs georisk from the current checkout, makes a cluster
#   server_start DIR     starts it, listening on DIR/socket only (more settings: SERVER_OPTIONS)
#   server_stop DIR      stops it
# After server_create: PATH, PGHOST, PGPORT, PGUSER and PGDATABASE point to it.

server_user() {
    if [ "$(id -u)" != 0 ]; then id -un; elif getent passwd postgres >/dev/null; then echo postgres; else echo nobody; fi
}

# Runs as an unprivileged user: PostgreSQL refuses to be root.
server_as() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && setpriv --reuid "$(server_user)" --regid "$(id -g "$(server_user)")" --clear-groups -- "$@")
    else
        "$@"
    fi
}

# The system's PostgreSQL, asked before PATH changes.
server_bin=$(pg_config --bindir)
server_lib=$(pg_config --pkglibdir)
server_share=$(pg_config --sharedir)

server_environment() {
    local bin=$1/root$server_bin
    export PATH="$bin:$PATH" PGHOST=$1/socket PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
    unset PGSERVICE PGSERVICEFILE PGPASSWORD PGOPTIONS PGDATA
}

# Links the system's PostgreSQL into DIR/root, copying only the programs, and installs georisk there.
server_tree() {
    local dir=$1 bin=$server_bin lib=$server_lib share=$server_share
    mkdir -p "$dir/root$bin" "$dir/root$lib" "$dir/root$share/extension"
    cp "$bin"/* "$dir/root$bin/"
    cp -rs "$lib/." "$dir/root$lib/"
    cp -rs "$share/." "$dir/root$share/"
    find "$dir/root$lib" "$dir/root$share" -name 'georisk*' -delete
    make -s install DESTDIR="$dir/root" with_llvm=no ${SERVER_MAKE:-}
}

server_create() {
    local dir=$1
    mkdir -p "$dir/socket"
    server_tree "$dir" >"$dir/build.log" 2>&1 || { cat "$dir/build.log" >&2; return 1; }
    [ "$(id -u)" != 0 ] || chown -R "$(server_user)" "$dir"
    chmod 700 "$dir/socket"
    server_as "$dir/root$server_bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 \
        --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; return 1; }
    server_environment "$dir"
}

server_start() {
    local dir=$1
    server_as "$dir/root$server_bin/pg_ctl" start -w -t 60 -D "$dir/data" -l "$dir/server.log" \
        -o "-c listen_addresses='' -c unix_socket_directories='$dir/socket' -c fsync=off ${SERVER_OPTIONS:-}" \
        >"$dir/start.log" 2>&1 || { cat "$dir/start.log" "$dir/server.log" >&2; return 1; }
}

server_stop() {
    local dir=$1
    server_as "$dir/root$server_bin/pg_ctl" stop -w -m fast -D "$dir/data" >/dev/null
}
