# For the commands of the pages, in a clone beside `npm start`: source it. It signs in an administrator ($TOKEN) and an
# account ($USER_TOKEN, $USER_ID), and has `mailed` and `totp`.
api=${api:-http://localhost:3000}
json='Content-Type: application/json'
export api
shell=$(dirname "${BASH_SOURCE[0]:-$0}")

# one member of the JSON on standard input
member() { node -p "JSON.parse(require('fs').readFileSync(0, 'utf8'))['$1']"; }
# the code of the newest mail to an address, or the token of its link: mailed ada@example.com recovery code
mailed() { node "$shell/mailed.mjs" "$@"; }
# what an authenticator app shows for a secret
totp() { node "$shell/totp.mjs" "$1"; }
# an access token of a new session: sign_in ada@example.com 'correct horse battery staple'
sign_in() {
  curl -sf -X POST $api/auth/login -H "$json" \
    -d "{\"email\":\"$1\",\"password\":\"$2\",\"delivery\":\"body\"}" | member accessToken
}

password='correct horse battery staple'
admin=${admin:-root@example.com} user=${user:-margaret@example.com}
TOKEN=$(sign_in $admin "$password" 2>/dev/null) || {
  echo "$password" | npm run --silent cli -- create-admin --email $admin >/dev/null
  TOKEN=$(sign_in $admin "$password")
}
USER_TOKEN=$(sign_in $user "$password" 2>/dev/null) || {
  curl -sf -X POST $api/auth/register -H "$json" -d "{\"email\":\"$user\",\"password\":\"$password\"}" >/dev/null
  USER_TOKEN=$(sign_in $user "$password")
}
USER_ID=$(curl -sf $api/auth/me -H "Authorization: Bearer $USER_TOKEN" | member userId)
