#!/bin/sh
# Fetches Latchkey's public keys for verify-itself.cfg, and reloads HAProxy if they have changed since
# it was last reloaded, which keys.cfg.loaded tells. Run it before HAProxy starts and then every
# minute: a key is published for five minutes before it signs, and a revoked one is to be forgotten
# soon. If it fails, the former keys stay, and the next run tries again.
#
#   LATCHKEY   runs Latchkey's command line; by default "npm --prefix /opt/latchkey run --silent cli --"
#   RELOAD     what reloads HAProxy; by default "systemctl reload haproxy"
#   ALGORITHM  Latchkey's JWT_ALGORITHM, as in verify-itself.cfg: ES256 or RS256
set -eu
cd "$(dirname "$0")"

${LATCHKEY:-npm --prefix /opt/latchkey run --silent cli --} keys export --directory "$PWD/keys"

{
  echo "# Written by update-keys.sh."
  echo "defaults unnamed-defaults"
  echo "defaults latchkey-keys"
  echo "  mode http"
  count=0
  for key in keys/*.pem; do
    [ -e "$key" ] || continue
    kid=$(basename "$key" .pem)
    count=$((count + 1))
    echo "  http-request set-var(txn.signed) http_auth_bearer,jwt_verify(\"${ALGORITHM:-ES256}\",\"$PWD/$key\") if { http_auth_bearer,jwt_header_query('\$.kid') -m str -- $kid }"
  done
  echo "  http-request set-var(txn.latchkey_keys) int($count)"
} >keys.cfg.new

mv keys.cfg.new keys.cfg
if cmp -s keys.cfg keys.cfg.loaded; then exit; fi
${RELOAD:-systemctl reload haproxy}
cp keys.cfg keys.cfg.loaded
