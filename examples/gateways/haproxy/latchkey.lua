-- Asks Latchkey about a request and puts what it says into variables of the transaction.
-- Needs HAProxy 2.5 or later, built with Lua.

local VERIFY = 'http://127.0.0.1:3000/auth/verify'
-- HAProxy asks up to four times.
local TIMEOUT_MILLISECONDS = 500

local VARIABLES = {
  ['x-auth-user'] = 'txn.latchkey_user',
  ['x-auth-session'] = 'txn.latchkey_session',
  ['x-auth-client'] = 'txn.latchkey_client',
  ['x-auth-roles'] = 'txn.latchkey_roles',
  ['x-auth-permissions'] = 'txn.latchkey_permissions',
  ['x-auth-error'] = 'txn.latchkey_error',
  ['www-authenticate'] = 'txn.latchkey_challenge',
}

local function ask(txn)
  local authorization = txn.http:req_get_headers()['authorization']
  return core.httpclient():get({
    url = VERIFY .. (txn:get_var('txn.latchkey_demands') or ''),
    headers = authorization and { authorization = { authorization[0] } },
    timeout = TIMEOUT_MILLISECONDS,
  })
end

-- Whatever goes wrong leaves the status unset, which lets nobody through.
core.register_action('latchkey', { 'http-req' }, function(txn)
  local answer = ask(txn)
  for name, variable in pairs(VARIABLES) do
    local values = answer.headers and answer.headers[name]
    txn:set_var(variable, values and values[0] or '')
  end
  txn:set_var('txn.latchkey_status', answer.status)
end)
