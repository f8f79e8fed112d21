#!/usr/bin/env bash
# Everything that must pass before a change lands. Installs, where they are missing, the servers and
# tools the tests talk to (Debian and its kin), then checks format, lints and behaviour.
#
# No test skips itself: a missing server is a failure, so it is installed here, not there.
set -euo pipefail
cd "$(dirname "$0")"
# smtp-sink and postfix live in sbin, which a plain user's PATH leaves out.
export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# What the tests run -> the Debian package that brings it.
commands=(
  "cc build-essential"                # SQLite and the cryptography are compiled from C
  "smtp-sink postfix"                 # a real mail server, and Postfix's own sink
  "dovecot dovecot-imapd"             # a real mailbox for answers
  "saslpasswd2 sasl2-bin"             # accounts for SMTP AUTH
  "openssl openssl"                   # the test certificate authority, keys that sign mails
  "pgbouncer pgbouncer"               # a pooler in transaction mode before PostgreSQL
  "postgrey postgrey"                 # a real greylist
  "bindfs bindfs"                     # a file system that is not the kernel's own
  "python3 python3"                   # runs the verifier of DKIM signatures (python3-dkim)
  "chromium chromium"                 # the pages as people see them
  "chromedriver chromium-driver"
  "xmllint libxml2-utils"             # edXML as a strict reader sees it
  "systemd-analyze systemd"           # the unit and its hardening
  "runuser util-linux"                # servers that refuse to run as root
)
# Packages without a command of their own; the first two deliver to mailboxes that answer by themselves.
packages=(dovecot-lmtpd dovecot-sieve postgresql libsasl2-modules fonts-dejavu-core ca-certificates python3-dkim
  python3-nacl python3-icalendar python3-docx)

step() { printf '\n== %s\n' "$*"; }
fail() { printf 'test.sh: %s\n' "$*" >&2; exit 1; }

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }

missing_packages() {
  local line package
  for line in "${commands[@]}"; do
    command -v "${line% *}" >/dev/null || echo "${line#* }"
  done
  # Elsewhere than on Debian the commands above are all that can be looked for.
  command -v dpkg-query >/dev/null || return 0
  for package in "${packages[@]}"; do
    installed "$package" || echo "$package"
  done
}

install_missing() {
  local missing
  mapfile -t missing < <(missing_packages)
  if [ "${#missing[@]}" -eq 0 ]; then
    echo "all there"
    return
  fi
  command -v apt-get >/dev/null || fail "please install what these Debian packages bring: ${missing[*]}"
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
    fail "not root and no sudo; ask an administrator for: apt-get install ${missing[*]}"
  # "No configuration": the tests start Postfix themselves, in folders of their own; this host gets no mailer.
  echo 'postfix postfix/main_mailer_type select No configuration' | as_root debconf-set-selections
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
}

step "What the tests need"
install_missing
command -v cargo >/dev/null ||
  fail "cargo is missing: install Rust (the version is 'rust-version' in Cargo.toml), then run this again"
cargo --version

step "Format: cargo fmt --check"
cargo fmt --check

step "Lints: cargo clippy --all-targets -- -D warnings"
cargo clippy --locked --all-targets -- -D warnings

step "Tests: cargo test"
cargo test --locked

step "Tests above the store, over PostgreSQL"
VANTHU_TEST_STORE=postgres cargo test --locked --test it -- app:: polls::

step "All passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
